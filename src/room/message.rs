//! Floor 2 · `room/message`: something that is about to be said, as hooks get to see and to change it.

use crate::codes::{Code, Rejection};
use crate::names::{MessageText, NameError};
use crate::room::event::Once;
use crate::upload::Attachment;

/// Something a member is about to say. [`Hooks::before_message`](crate::room::hooks::Hooks::before_message) sees it.
///
/// ```
/// use papo::{Message, Rejection};
///
/// /// What a hook may do with a message.
/// fn milder(message: &mut Message) -> Result<(), Rejection> {
///     message.rewrite(&message.text().replace("droga", "*****"))?;
///     message.keep_attachments(|attachment| attachment.bytes < 1_000_000);
///     Ok(())
/// }
///
/// let mut message = Message::from_text("que droga")?;
/// milder(&mut message)?;
/// assert_eq!(message.text(), "que *****");
/// assert!(message.is_changed() && !message.is_empty());
/// assert!(message.images().is_empty() && message.files().is_empty());
/// # Ok::<(), Rejection>(())
/// ```
#[derive(Clone, Debug)]
pub struct Message {
    text: MessageText,
    images: Vec<Attachment>,
    files: Vec<Attachment>,
    changed: bool,
    once: Option<Once>,
}

impl Message {
    /// A message of `text` alone, for a command of one's own that says it: see
    /// [`Command::message`](crate::room::command::Command::message).
    ///
    /// # Errors
    /// As [`Self::rewrite`].
    pub fn from_text(text: &str) -> Result<Self, Rejection> {
        Ok(Self::new(MessageText::parse(text).map_err(refused_text)?, Vec::new(), Vec::new()))
    }

    /// What was said, as it came.
    pub(crate) fn new(text: MessageText, images: Vec<Attachment>, files: Vec<Attachment>) -> Self {
        Self { text, images, files, changed: false, once: None }
    }

    /// What makes it the same as another: it is known by this whatever becomes of it.
    pub(crate) fn marked(self, once: Option<Once>) -> Self {
        Self { once, ..self }
    }

    /// See [`Message::marked`].
    pub(crate) fn once(&self) -> Option<&Once> {
        self.once.as_ref()
    }

    /// What was said; empty if there are only attachments.
    pub fn text(&self) -> &str {
        self.text.as_str()
    }

    /// The pictures that come with it.
    pub fn images(&self) -> &[Attachment] {
        &self.images
    }

    /// The other files that come with it.
    pub fn files(&self) -> &[Attachment] {
        &self.files
    }

    /// Puts `text` in the place of what was said. It passes the same checks as a text from a client.
    ///
    /// # Errors
    /// [`Code::TextTooLong`], or [`Code::BadFrame`] for control characters; then nothing is changed.
    pub fn rewrite(&mut self, text: &str) -> Result<(), Rejection> {
        if text != self.text() {
            self.text = MessageText::parse(text).map_err(refused_text)?;
            self.changed = true;
        }
        Ok(())
    }

    /// Takes out the images and files that `keep` says no to. Others cannot be put in: each belongs to the one who speaks.
    pub fn keep_attachments(&mut self, mut keep: impl FnMut(&Attachment) -> bool) {
        let before = self.images.len() + self.files.len();
        self.images.retain(&mut keep);
        self.files.retain(&mut keep);
        self.changed |= self.images.len() + self.files.len() < before;
    }

    /// Whether there is nothing to see in it.
    pub fn is_empty(&self) -> bool {
        self.text.is_blank() && self.images.is_empty() && self.files.is_empty()
    }

    /// Whether it is no longer what the client said.
    pub fn is_changed(&self) -> bool {
        self.changed
    }
}

/// What a client is told of a text that cannot be said.
pub fn refused_text(error: NameError) -> Rejection {
    match error {
        NameError::TooLong => Code::TextTooLong.into(),
        _ => Rejection::because(Code::BadFrame, "The text has control characters that are not allowed."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upload::Kind;

    fn said(text: &str) -> Message {
        let image = Attachment {
            url: "/static/a.png".into(),
            name: "a.png".into(),
            bytes: 1,
            mime: "image/png".into(),
            kind: Kind::Image,
            width: None,
            height: None,
            thumb: None,
        };
        Message::new(MessageText::parse(text).unwrap(), vec![image], Vec::new())
    }

    #[test]
    fn a_changed_text_passes_the_checks_of_a_text_from_a_client() {
        let mut message = said("oi");
        assert_eq!(message.rewrite(&"á".repeat(4001)).unwrap_err().code, Code::TextTooLong);
        assert_eq!(message.rewrite("\u{7}").unwrap_err().code, Code::BadFrame);
        assert!(message.text() == "oi" && !message.is_changed());
        message.rewrite("oi").unwrap();
        assert!(!message.is_changed(), "the same text is no change");
        message.rewrite("olá").unwrap();
        assert!(message.text() == "olá" && message.is_changed());
    }

    #[test]
    fn attachments_are_taken_out_and_a_message_without_anything_is_empty() {
        let mut message = said(" ");
        message.keep_attachments(|_| true);
        assert!(!message.is_empty() && !message.is_changed());
        message.keep_attachments(|attachment| attachment.mime != "image/png");
        assert!(message.is_empty() && message.is_changed());
    }
}
