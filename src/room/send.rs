//! Floor 3 · `room/send`: say something. It is kept first, then shown to everyone, once.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::codes::{Code, Rejection};
use crate::names::{ClientId, MessageText};
use crate::outside::Outside;
use crate::room::command::{Command, Effect, Prepared};
use crate::room::event::{Draft, Once, json};
use crate::room::message::{Message, refused_text};
use crate::room::state::{Member, Moment, RoomState};
use crate::upload::{self, Attachment};
use crate::user::User;

/// Most attachments of one message, images and files together: as many as one upload may bring.
pub const ATTACHMENTS_MAX: usize = 10;

/// `{"type":"send","text":"oi!","client_id":"…","images":["/static/…"],"files":[]}`
#[derive(Deserialize, ToSchema)]
pub struct Send {
    /// Whoever says the same again under it has said it once.
    #[schema(value_type = Option<ClientId>)]
    client_id: Option<String>,
    #[serde(default)]
    #[schema(value_type = MessageText)]
    text: String,
    /// Addresses of images that oneself has uploaded.
    #[serde(default)]
    #[schema(max_items = 10)]
    images: Vec<String>,
    /// Addresses of files that oneself has uploaded; with the images ten at most.
    #[serde(default)]
    #[schema(max_items = 10)]
    files: Vec<String>,
    #[serde(skip)]
    found: Vec<Attachment>,
    #[serde(skip)]
    message: Option<Message>,
}

/// What is said.
#[derive(Serialize, ToSchema)]
pub(crate) struct Fields<'a> {
    #[schema(value_type = MessageText)]
    text: &'a str,
    images: &'a [Attachment],
    files: &'a [Attachment],
}

impl Command for Send {
    const NAME: &'static str = "send";

    fn prepare(mut self, by: &Arc<User>, outside: &Outside) -> Prepared<Self> {
        if !(1..=ATTACHMENTS_MAX).contains(&self.addresses().count()) {
            return Prepared::Now(self);
        }
        let (user, outside) = (by.id, outside.clone());
        Prepared::later(async move {
            self.found = outside.uploads(user, self.addresses()).await?;
            Ok(self)
        })
    }

    fn message(&mut self) -> Result<Option<&mut Message>, Rejection> {
        self.message = Some(self.checked()?);
        Ok(self.message.as_mut())
    }

    fn apply(mut self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let message = match self.message.take() {
            Some(message) => message,
            None => self.checked()?,
        };
        if message.is_empty() {
            return Err(Code::EmptyMessage.into());
        }
        let (images, files) = (message.images(), message.files());
        let stored = images.iter().chain(files).filter_map(|attachment| upload::stored_name(&attachment.url));
        let draft = Draft {
            kind: "message",
            fields: json(&Fields { text: message.text(), images, files }),
            uploads: stored.map(str::to_owned).collect(),
            once: message.once().cloned(),
            known: !message.is_changed(),
        };
        Ok(vec![Effect::Append(draft)])
    }
}

impl Send {
    /// What was found at its addresses, images first, in their order.
    pub fn attach(&mut self, found: Vec<Attachment>) {
        self.found = found;
    }

    fn addresses(&self) -> impl Iterator<Item = &String> {
        self.images.iter().chain(&self.files)
    }

    /// What is said, if it may be.
    fn checked(&mut self) -> Result<Message, Rejection> {
        let client_id = self.client_id.as_deref().map(ClientId::parse).transpose();
        let client_id = client_id.map_err(|_| Rejection::because(Code::BadFrame, "client_id must have 1 to 64 characters."))?;
        let text = MessageText::parse(&self.text).map_err(refused_text)?;
        let asked = self.images.len() + self.files.len();
        if text.is_blank() && asked == 0 {
            return Err(Code::EmptyMessage.into());
        }
        if asked > ATTACHMENTS_MAX {
            return Err(Rejection::because(Code::TooLarge, format!("A message has at most {ATTACHMENTS_MAX} attachments.")));
        }
        if self.found.len() != asked {
            return Err(Code::UnknownUpload.into());
        }
        let files = self.found.split_off(self.images.len());
        let images = std::mem::take(&mut self.found);
        if images.iter().any(|image| image.kind != upload::Kind::Image) {
            return Err(Rejection::because(Code::UnknownUpload, "One of the images is not an image."));
        }
        // What the client said, whatever becomes of it: a retry is the same message.
        let once = client_id.map(|client_id| Once {
            client_id: client_id.as_str().to_owned(),
            digest: digest(&self.text, &self.images, &self.files),
        });
        Ok(Message::new(text, images, files).marked(once))
    }
}

/// What makes two messages the same: the text and the addresses, in their order. 128 bits are enough to tell them apart.
fn digest(text: &str, images: &[String], files: &[String]) -> String {
    let said = serde_json::to_vec(&(text, images, files)).expect("strings serialise");
    URL_SAFE_NO_PAD.encode(&Sha256::digest(said)[..16])
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::room::testing::{member, moment, room};

    fn say(frame: Value) -> Result<Vec<Effect>, Rejection> {
        let send: Send = serde_json::from_value(frame).unwrap();
        send.apply(&member("ana", 1), moment(5), &mut room())
    }

    fn draft(frame: Value) -> Draft {
        draft_of(say(frame))
    }

    fn draft_of(effects: Result<Vec<Effect>, Rejection>) -> Draft {
        match effects.unwrap().remove(0) {
            Effect::Append(draft) => draft,
            other => panic!("not an append: {other:?}"),
        }
    }

    #[test]
    fn what_was_said_is_kept_byte_for_byte() {
        let draft = draft(json!({"text": " olá \n👋🏽", "from": {"username": "bia"}}));
        let fields: Value = serde_json::from_str(draft.fields.get()).unwrap();
        assert_eq!(fields, json!({"text": " olá \n👋🏽", "images": [], "files": []}));
        assert!(draft.known && draft.once.is_none());
    }

    #[test]
    fn nothing_or_blanks_alone_is_not_a_message() {
        for text in ["", "  \n\t "] {
            assert_eq!(say(json!({"text": text})).unwrap_err().code, Code::EmptyMessage);
        }
    }

    #[test]
    fn a_text_has_at_most_four_thousand_characters() {
        assert!(say(json!({"text": "á".repeat(4000)})).is_ok());
        assert_eq!(say(json!({"text": "á".repeat(4001)})).unwrap_err().code, Code::TextTooLong);
    }

    #[test]
    fn a_client_id_has_one_to_sixty_four_characters() {
        assert!(say(json!({"text": "x", "client_id": "c".repeat(64)})).is_ok());
        for bad in [String::new(), "c".repeat(65)] {
            assert_eq!(say(json!({"text": "x", "client_id": bad})).unwrap_err().code, Code::BadFrame);
        }
    }

    #[test]
    fn an_attachment_that_was_not_found_is_refused() {
        let refused = say(json!({"text": "x", "images": ["/static/nope.png"]})).unwrap_err();
        assert_eq!(refused.code, Code::UnknownUpload);
    }

    #[test]
    fn the_same_content_has_the_same_digest_and_other_content_another() {
        let digest = |text| draft(json!({"text": text, "client_id": "c"})).once.unwrap().digest;
        assert_eq!(digest("oi"), digest("oi"));
        assert_ne!(digest("oi"), digest("oi!"));
    }

    #[test]
    fn a_message_that_was_changed_is_still_what_the_client_said() {
        let frame = json!({"text": "droga", "client_id": "c"});
        let mut send: Send = serde_json::from_value(frame.clone()).unwrap();
        send.message().unwrap().unwrap().rewrite("*****").unwrap();
        let changed = draft_of(send.apply(&member("ana", 1), moment(5), &mut room()));
        assert!(changed.fields.get().contains("*****") && !changed.known);
        assert_eq!(changed.once, draft(frame).once);
    }

    #[test]
    fn a_message_of_which_nothing_is_left_is_refused() {
        let mut send: Send = serde_json::from_value(json!({"text": "droga"})).unwrap();
        send.message().unwrap().unwrap().rewrite(" ").unwrap();
        let refused = send.apply(&member("ana", 1), moment(5), &mut room()).unwrap_err();
        assert_eq!(refused.code, Code::EmptyMessage);
    }
}
