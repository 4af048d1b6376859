//! Floor 0 · `names`: what an account is made of: user name, shown name, e-mail address and password.

use std::sync::{Arc, LazyLock};

use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization as _;

use super::{NameError, folded, is_unseen, is_written_with, with_length, with_single_blanks, written_as_text};

/// The name someone signs in with, in NFKC: letters and digits of any script, `.`, `_` and `-`.
///
/// ```
/// use papo::Username;
///
/// let ana = Username::parse(" Ana.Silva ")?;
/// assert_eq!((ana.as_str(), ana.key()), ("Ana.Silva", "ana.silva".to_owned()));
/// assert!(Username::parse("a b").is_err());
/// # Ok::<(), papo::NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Username(Arc<str>);

/// The name others read, in NFC; several people may share one.
///
/// ```
/// use papo::Name;
///
/// assert_eq!(Name::parse("  Ana   Silva ")?.as_str(), "Ana Silva");
/// # Ok::<(), papo::NameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Name(Arc<str>);

/// An e-mail address as its owner writes it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Email(Arc<str>);

/// A password as it was typed, any characters. Its `Debug` shows nothing.
#[derive(Clone, Debug)]
pub struct Password(SecretString);

written_as_text!(Username, Name, Email);

impl Username {
    /// Fewest characters.
    pub const CHARS_MIN: usize = 2;
    /// Most characters.
    pub const CHARS_MAX: usize = 32;

    /// `text` as a user name, in NFKC and without blanks at its ends.
    ///
    /// # Errors
    /// [`NameError`] when the length or a character is not allowed, or there is no letter or digit.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text: String = text.trim().nfkc().collect();
        with_length(&text, Self::CHARS_MIN, Self::CHARS_MAX)?;
        let legal = is_written_with(&text, |c| matches!(c, '.' | '_' | '-'));
        if !legal || !text.contains(char::is_alphanumeric) {
            return Err(NameError::BadCharacters);
        }
        Ok(Self(text.into()))
    }

    /// The form that is unique among accounts: `Ana`, `ANA` and `ａｎａ` are one.
    pub fn key(&self) -> String {
        folded(&self.0)
    }
}

impl Name {
    /// Fewest characters.
    pub const CHARS_MIN: usize = 1;
    /// Most characters.
    pub const CHARS_MAX: usize = 64;

    /// `text` as a shown name, in NFC, with single blanks inside and none at its ends.
    ///
    /// # Errors
    /// [`NameError`] when the length is not allowed or a character cannot be seen.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text: String = with_single_blanks(text).nfc().collect();
        with_length(&text, Self::CHARS_MIN, Self::CHARS_MAX)?;
        let chars: Vec<char> = text.chars().collect();
        let seen = |at: usize| !is_unseen(chars[at]) || joins_pictures(&chars, at);
        if !(0..chars.len()).all(seen) {
            return Err(NameError::BadCharacters);
        }
        Ok(Self(text.into()))
    }
}

impl Email {
    /// Fewest characters: `a@b`.
    pub const CHARS_MIN: usize = 3;
    /// Most characters. RFC 5321 §4.5.3.1.3: a path has 256 octets, two of them are `<` and `>`.
    pub const CHARS_MAX: usize = 254;
    /// Most bytes before the `@`. RFC 5321 §4.5.3.1.1.
    const LOCAL_BYTES_MAX: usize = 64;
    /// Most bytes between two dots of a domain. RFC 1035 §2.3.4.
    const LABEL_BYTES_MAX: usize = 63;

    /// `text` as an e-mail address, without blanks at its ends.
    ///
    /// # Errors
    /// [`NameError::BadEmail`] when it is not `someone@somewhere`; `Required` and `TooLong` by its length.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        with_length(text, 1, Self::CHARS_MAX)?;
        let (local, domain) = text.split_once('@').ok_or(NameError::BadEmail)?;
        let legal_local = !local.is_empty()
            && local.len() <= Self::LOCAL_BYTES_MAX
            && is_written_with(local, |c| ".!#$%&'*+/=?^_`{|}~-".contains(c));
        let legal_label = |label: &str| {
            (1..=Self::LABEL_BYTES_MAX).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && is_written_with(label, |c| c == '-')
        };
        if !legal_local || !domain.split('.').all(legal_label) {
            return Err(NameError::BadEmail);
        }
        Ok(Self(text.into()))
    }

    /// The form that is unique among accounts.
    pub fn key(&self) -> String {
        folded(&self.0)
    }
}

impl Password {
    /// Fewest bytes.
    pub const BYTES_MIN: usize = 8;
    /// Most bytes: enough for any phrase, and a bound for the work of hashing.
    pub const BYTES_MAX: usize = 1024;

    /// `text` as a password, byte for byte.
    ///
    /// # Errors
    /// [`NameError::Required`], [`NameError::TooShort`] or [`NameError::TooLong`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        match text.len() {
            0 => Err(NameError::Required),
            bytes if bytes < Self::BYTES_MIN => Err(NameError::TooShort),
            bytes if bytes > Self::BYTES_MAX => Err(NameError::TooLong),
            _ => Ok(Self(text.into())),
        }
    }

    /// Whether it is one of the passwords that are tried first everywhere.
    pub fn is_too_common(&self) -> bool {
        static COMMON: LazyLock<Vec<&str>> = LazyLock::new(|| include_str!("../password/common.txt").lines().collect());
        let typed = self.expose().to_lowercase();
        COMMON.contains(&typed.as_str())
    }

    /// What was typed. For the hash function alone.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

/// Whether the joiner or selector at `at` belongs to a picture: 👩‍🚀 is two of them and a joiner.
fn joins_pictures(chars: &[char], at: usize) -> bool {
    let picture = |c: Option<&char>| {
        c.is_some_and(|c| matches!(c, '\u{2190}'..='\u{27ff}' | '\u{2900}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}'))
    };
    let before = at.checked_sub(1).and_then(|at| chars.get(at));
    match chars[at] {
        '\u{fe0f}' => picture(before),
        '\u{200d}' => (picture(before) || before == Some(&'\u{fe0f}')) && picture(chars.get(at + 1)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_letters_and_digits_of_any_script() {
        for good in ["ana", "joão.silva", "李小龙", "x_1", "हिन्दी", "Ab"] {
            assert_eq!(Username::parse(good).unwrap().as_str(), good);
        }
        assert_eq!(Username::parse(" ａｎａ ").unwrap().as_str(), "ana");
        for (bad, why) in [
            ("", NameError::Required),
            ("   ", NameError::Required),
            ("a", NameError::TooShort),
            (&"a".repeat(33), NameError::TooLong),
            ("..", NameError::BadCharacters),
            ("a b", NameError::BadCharacters),
            ("a\u{200b}b", NameError::BadCharacters),
            ("a\u{202e}b", NameError::BadCharacters),
            ("a\nb", NameError::BadCharacters),
            ("a\u{3164}", NameError::BadCharacters),
            ("\u{301}ab", NameError::BadCharacters),
            ("a@b", NameError::BadCharacters),
            ("<b>", NameError::BadCharacters),
        ] {
            assert_eq!(Username::parse(bad), Err(why), "{bad:?}");
        }
    }

    #[test]
    fn spellings_of_one_user_name_share_their_key() {
        let key = |text| Username::parse(text).unwrap().key();
        assert_eq!(key("JOÃO"), key("joa\u{303}o"));
        assert_eq!(key("Straße"), key("STRASSE"));
        assert_eq!(key("ΣΊΣΥΦΟΣ"), key("σίσυφος"));
        assert_ne!(key("ana"), key("anna"));
    }

    #[test]
    fn a_shown_name_has_single_blanks_and_nothing_unseen() {
        assert_eq!(Name::parse("  Ana \u{a0} Lima ").unwrap().as_str(), "Ana Lima");
        assert_eq!(Name::parse("Ana 👩\u{200d}🚀 ❤\u{fe0f}").unwrap().as_str(), "Ana 👩\u{200d}🚀 ❤\u{fe0f}");
        assert_eq!(Name::parse("<b>Ana</b>").unwrap().as_str(), "<b>Ana</b>");
        for bad in ["a\u{200d}b", "a\u{202e}b", "a\nb", "a\tb", "a\u{0}", "\u{feff}a", "a\u{2028}b"] {
            assert_eq!(Name::parse(bad), Err(NameError::BadCharacters), "{bad:?}");
        }
        assert_eq!(Name::parse("  "), Err(NameError::Required));
        assert_eq!(Name::parse(&"é".repeat(65)), Err(NameError::TooLong));
    }

    #[test]
    fn an_email_has_one_at_and_a_legal_domain() {
        for good in ["a@b", "Ana.Lima+x@exemplo.com.br", "ana@localhost", "josé@münchen.example"] {
            assert_eq!(Email::parse(&format!(" {good} ")).unwrap().as_str(), good);
        }
        for bad in ["ana", "a@@b", "a@b@c", "@b", "a@", "a b@c", "a@b..c", "a@-b", "a@b_c", "a@b\r\nc", "<a@b>", "a,b@c"] {
            assert_eq!(Email::parse(bad), Err(NameError::BadEmail), "{bad:?}");
        }
        assert_eq!(Email::parse(""), Err(NameError::Required));
        assert_eq!(Email::parse("Ana@B.c").unwrap().key(), Email::parse("ANA@b.C").unwrap().key());
    }

    #[test]
    fn a_password_is_kept_whole_and_never_shown() {
        assert_eq!(Password::parse(" sënha\u{0}🙂 ").unwrap().expose(), " sënha\u{0}🙂 ");
        assert_eq!(Password::parse("curta").unwrap_err(), NameError::TooShort);
        assert_eq!(Password::parse(&"a".repeat(1025)).unwrap_err(), NameError::TooLong);
        assert!(Password::parse("Password1").unwrap().is_too_common());
        assert!(!Password::parse("goiabada com queijo").unwrap().is_too_common());
        assert!(!format!("{:?}", Password::parse("goiabada com queijo").unwrap()).contains("goiabada"));
    }
}
