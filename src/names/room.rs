//! Floor 0 · `names`: the name of a room, and the id that its spellings share.

use unicode_normalization::UnicodeNormalization as _;

use super::{NameError, is_written_with, with_length, with_single_blanks};
use crate::ids::RoomId;

/// The name of a room: letters and digits of any script, blanks, `-` and `_`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RoomName {
    title: std::sync::Arc<str>,
    id: RoomId,
}

impl RoomName {
    /// Most characters, of the title and of the id.
    pub const CHARS_MAX: usize = 40;

    /// `text` as the name of a room; its title is as typed, but for blanks at its ends and runs of them.
    ///
    /// # Errors
    /// [`NameError`] when the length or a character is not allowed.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let title: String = with_single_blanks(text).nfc().collect();
        with_length(&title, 1, Self::CHARS_MAX)?;
        // Lower case may need composing once more: İ becomes an i and a dot.
        let lower: String = title.nfkc().flat_map(char::to_lowercase).nfkc().collect();
        let id = with_single_blanks(&lower).replace(' ', "-");
        with_length(&id, 1, Self::CHARS_MAX)?;
        let legal = |c: char| matches!(c, ' ' | '-' | '_');
        if !is_written_with(&title, legal) || !is_written_with(&id, legal) {
            return Err(NameError::BadCharacters);
        }
        Ok(Self { title: title.into(), id: RoomId(id.into()) })
    }

    /// A name for people from a name in the settings: `sala-1` gets the title `Sala 1`.
    ///
    /// # Errors
    /// The same as [`RoomName::parse`].
    pub fn titled_from_id(text: &str) -> Result<Self, NameError> {
        let given = Self::parse(text)?;
        let mut chars = given.title.chars();
        let first = chars.next().map(char::to_uppercase);
        let title: String = first.into_iter().flatten().chain(chars).collect();
        let titled = Self::parse(&title.replace('-', " ")).unwrap_or_else(|_| given.clone());
        // A title that would belong to another room is not worth its looks.
        if titled.id == given.id { Ok(titled) } else { Ok(given) }
    }

    /// What the room is called in addresses and in the store.
    pub fn id(&self) -> &RoomId {
        &self.id
    }

    /// What people read.
    pub fn title(&self) -> &str {
        &self.title
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(text: &str) -> String {
        RoomName::parse(text).unwrap().id().to_string()
    }

    #[test]
    fn spellings_of_one_room_share_its_id() {
        assert_eq!(id("Sala 1"), "sala-1");
        assert_eq!(id("  SALA \u{a0} 1 "), "sala-1");
        assert_eq!(id("ｓａｌａ-1"), "sala-1");
        assert_eq!(id("Café do João_2"), "café-do-joão_2");
        assert_eq!(id("शिक्षा"), "शिक्षा");
        assert_eq!(RoomName::parse("sala-1").unwrap().title(), "sala-1");
    }

    #[test]
    fn a_room_of_the_settings_gets_a_title_for_people() {
        let title = |text| RoomName::titled_from_id(text).unwrap().title().to_owned();
        assert_eq!(title("sala-1"), "Sala 1");
        assert_eq!(title("Bate papo"), "Bate papo");
        assert_eq!(title("a--b"), "a--b");
        assert_eq!(title("-"), "-");
    }

    #[test]
    fn other_characters_and_lengths_are_refused() {
        assert_eq!(RoomName::parse(" "), Err(NameError::Required));
        assert_eq!(RoomName::parse(&"a".repeat(41)), Err(NameError::TooLong));
        for bad in ["a/b", "../etc", "a.b", "a\nb", "a\u{200b}b", "a%20b", "<b>", "🙂", "a\u{0}", "#1"] {
            assert_eq!(RoomName::parse(bad), Err(NameError::BadCharacters), "{bad:?}");
        }
    }

    proptest! {
        #[test]
        fn the_id_of_an_id_is_itself(text in "[\\p{L}\\p{N} _-]{1,40}") {
            if let Ok(room) = RoomName::parse(&text) {
                prop_assert_eq!(RoomName::parse(&room.id().0).map(|again| again.id().clone()), Ok(room.id().clone()));
            }
        }
    }
}
