//! Floor 0 · `names`: names and texts, parsed once where they enter; whoever holds one need not check it again.

mod look;
mod people;
mod room;
mod schema;
mod text;

pub use people::{Email, Name, Password, Username};
pub use room::RoomName;
pub use text::{ClientId, FileName, MessageText};

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What is wrong with a name or a text. The code goes to the client, which has a sentence for it.
///
/// ```
/// use papo::{NameError, Username};
///
/// let error = Username::parse("x").unwrap_err();
/// assert_eq!((error, error.code()), (NameError::TooShort, "too_short"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NameError {
    /// There is nothing, or nothing but blanks.
    #[error("nothing was given")]
    Required,
    /// Shorter than the rule allows.
    #[error("it is too short")]
    TooShort,
    /// Longer than the rule allows.
    #[error("it is too long")]
    TooLong,
    /// A character that this kind of name may not have.
    #[error("it has a character that cannot be used here")]
    BadCharacters,
    /// Not of the form `someone@somewhere`.
    #[error("it is not an e-mail address")]
    BadEmail,
}

impl NameError {
    /// Its stable name on the wire.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::TooShort => "too_short",
            Self::TooLong => "too_long",
            Self::BadCharacters => "bad_characters",
            Self::BadEmail => "bad_email",
        }
    }
}

/// The form under which two spellings of one name meet: compatibility characters, upper and lower case are one.
fn folded(text: &str) -> String {
    // By way of upper case, because that is where ß and SS, ς and σ, ı and i come together.
    let upper = text.nfkc().flat_map(char::to_uppercase);
    upper.flat_map(char::to_lowercase).nfkc().collect()
}

/// Whether every character is a letter, a digit, a mark on one of them, or one that `also` allows.
fn is_written_with(text: &str, also: impl Fn(char) -> bool) -> bool {
    let mut after_letter = false;
    text.chars().all(|c| {
        // Hindi and many other scripts need marks; alone, or where they cannot be seen, they only deceive.
        let letter = c.is_alphanumeric() || (after_letter && is_combining_mark(c));
        after_letter = letter;
        !is_unseen(c) && (letter || also(c))
    })
}

/// A character that shows nothing or turns the writing around: controls, zero-width and filler characters, bidi marks.
fn is_unseen(c: char) -> bool {
    // The list is Unicode's `Default_Ignorable_Code_Point` with the line separators, annotations and the empty Braille cell.
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

/// `text` without blanks at its ends, and with one blank for every run of them inside.
fn with_single_blanks(text: &str) -> String {
    // A line end is not a blank: what is not visible as one stays, and is refused later.
    let words = text.split(|c: char| c.is_whitespace() && !is_unseen(c));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `text`, if it has `min` to `max` characters.
fn with_length(text: &str, min: usize, max: usize) -> Result<(), NameError> {
    let chars = text.chars().count();
    if chars == 0 && min > 0 {
        return Err(NameError::Required);
    }
    if chars < min {
        return Err(NameError::TooShort);
    }
    if chars > max { Err(NameError::TooLong) } else { Ok(()) }
}

/// What every such type has: its text, `Display`, and a JSON string.
macro_rules! written_as_text {
    ($($name:ident),*) => { $(
        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
                out.serialize_str(self.as_str())
            }
        }
    )* };
}
use written_as_text;
