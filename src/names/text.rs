//! Floor 0 · `names`: what clients send along: a message, the number they gave it, the name of a file.

use std::sync::Arc;

use super::{NameError, is_unseen, with_length, written_as_text};

/// What was said, byte for byte: neither trimmed nor normalised.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessageText(Arc<str>);

/// The mark a client gives a message, so that sending it again does not say it twice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ClientId(Arc<str>);

/// The name of an uploaded file as people see it. It never becomes the name of a file here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileName(Arc<str>);

written_as_text!(MessageText, ClientId, FileName);

impl MessageText {
    /// Most Unicode scalar values.
    pub const CHARS_MAX: usize = 4000;

    /// `text` as something said; it may be empty.
    ///
    /// # Errors
    /// [`NameError::TooLong`]; [`NameError::BadCharacters`] for a C0 control that is not a line end or a tab.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        with_length(text, 0, Self::CHARS_MAX)?;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            // A lone carriage return lets one line of a terminal overwrite another.
            let legal = matches!(c, '\n' | '\t') || c >= ' ' || (c == '\r' && chars.peek() == Some(&'\n'));
            if !legal {
                return Err(NameError::BadCharacters);
            }
        }
        Ok(Self(text.into()))
    }

    /// Whether there is nothing to see.
    pub fn is_blank(&self) -> bool {
        self.0.chars().all(|c| c.is_whitespace() || is_unseen(c))
    }
}

impl ClientId {
    /// Most characters.
    pub const CHARS_MAX: usize = 64;

    /// `text` as the mark of a message, as given.
    ///
    /// # Errors
    /// [`NameError`] when the length is not allowed or there is a control character.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        with_length(text, 1, Self::CHARS_MAX)?;
        if text.contains(char::is_control) {
            return Err(NameError::BadCharacters);
        }
        Ok(Self(text.into()))
    }
}

impl FileName {
    /// Most bytes, which is what file systems of clients allow.
    pub const BYTES_MAX: usize = 255;
    /// Longest ending that is kept when a name is cut, in bytes, with its dot.
    const ENDING_BYTES_MAX: usize = 17;

    /// What is left of `text` for showing: its last path component, without characters that deceive; at least `file`.
    pub fn parse(text: &str) -> Self {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let seen: String = last.chars().filter(|&c| !is_unseen(c)).collect();
        let cut = Self::cut(seen.trim());
        if cut.trim_matches('.').is_empty() { Self("file".into()) } else { Self(cut.into()) }
    }

    /// Its ending without the dot, or nothing.
    pub fn ending(&self) -> Option<&str> {
        let (stem, ending) = self.0.rsplit_once('.')?;
        (!stem.is_empty() && !ending.is_empty()).then_some(ending)
    }

    /// `name` in at most [`FileName::BYTES_MAX`] bytes, with its ending if that is a short one.
    fn cut(name: &str) -> String {
        if name.len() <= Self::BYTES_MAX {
            return name.to_owned();
        }
        let ending = name.rfind('.').map_or("", |dot| &name[dot..]);
        let ending = if ending.len() <= Self::ENDING_BYTES_MAX { ending } else { "" };
        let stem = name.floor_char_boundary(Self::BYTES_MAX - ending.len());
        format!("{}{ending}", &name[..stem])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_kept_byte_for_byte() {
        for text in ["", "  oi\r\n\t tudo\n ", "e\u{301}", "👩\u{200d}🚀\u{202e}<b>", "\u{7f}\u{85}", &"é".repeat(4000)] {
            assert_eq!(MessageText::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn control_characters_and_long_texts_are_refused() {
        assert_eq!(MessageText::parse(&"é".repeat(4001)), Err(NameError::TooLong));
        for bad in ["\0", "a\u{1b}[31m", "a\rb", "a\r", "\u{8}"] {
            assert_eq!(MessageText::parse(bad), Err(NameError::BadCharacters), "{bad:?}");
        }
    }

    #[test]
    fn blanks_and_unseen_characters_say_nothing() {
        assert!(MessageText::parse(" \n\t\u{a0}\u{200b}").unwrap().is_blank());
        assert!(!MessageText::parse(".").unwrap().is_blank());
    }

    #[test]
    fn a_client_id_is_short_and_printable() {
        assert!(ClientId::parse("7b1c-é").is_ok());
        assert_eq!(ClientId::parse(""), Err(NameError::Required));
        assert_eq!(ClientId::parse("a\n"), Err(NameError::BadCharacters));
        assert_eq!(ClientId::parse(&"a".repeat(65)), Err(NameError::TooLong));
    }

    #[test]
    fn a_file_name_is_only_a_name() {
        for (given, shown) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ana\\foto.png", "foto.png"),
            ("/abs", "abs"),
            ("a\0b\r\nc.txt", "abc.txt"),
            ("gpj.\u{202e}exe", "gpj.exe"),
            ("..", "file"),
            ("", "file"),
            ("dir/", "file"),
            ("CON", "CON"),
            (" São João.pdf ", "São João.pdf"),
        ] {
            assert_eq!(FileName::parse(given).as_str(), shown);
        }
    }

    #[test]
    fn a_long_file_name_keeps_its_ending() {
        let long = FileName::parse(&format!("{}.tar.gz", "é".repeat(5000)));
        assert!(long.as_str().len() <= FileName::BYTES_MAX);
        assert_eq!(long.ending(), Some("gz"));
        assert_eq!(FileName::parse(&"x".repeat(10_000)).as_str().len(), 255);
        assert_eq!(FileName::parse(".bashrc").ending(), None);
    }
}
