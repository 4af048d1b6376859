//! Floor 3 · `room/send`: say something. It is kept first, then shown to everyone, once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::{NoContext, Timestamp, Uuid};

use crate::codes::{Code, Rejection};
use crate::names::{ClientId, MessageText, NameError};
use crate::room::command::{Command, Draft, Effect};
use crate::room::state::{Member, Moment, RoomState};
use crate::upload::{self, Attachment};

/// Most attachments of one message, images and files together: as many as one upload may bring.
pub const ATTACHMENTS_MAX: usize = 10;

/// `{"type":"send","text":"oi!","client_id":"…","images":["/static/…"],"files":[]}`
#[derive(Deserialize)]
pub struct Send {
    client_id: Option<String>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    images: Vec<String>,
    #[serde(default)]
    files: Vec<String>,
    #[serde(skip)]
    found: Vec<Attachment>,
}

/// What the last message of a room must not be older than.
#[derive(Default)]
struct LastSaid {
    at: i64,
}

#[derive(Serialize)]
struct Author<'a> {
    username: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'a str>,
    from: Author<'a>,
    text: &'a str,
    images: &'a [Attachment],
    files: &'a [Attachment],
    sent_at: i64,
}

impl Command for Send {
    const NAME: &'static str = "send";

    fn uploads(&self) -> Vec<&str> {
        self.images.iter().chain(&self.files).map(String::as_str).collect()
    }

    fn attach(&mut self, found: Vec<Attachment>) {
        self.found = found;
    }

    fn apply(self, by: &Member, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let client_id = self
            .client_id
            .as_deref()
            .map(ClientId::parse)
            .transpose()
            .map_err(|_| Rejection::because(Code::BadFrame, "client_id must have 1 to 64 characters."))?;
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
        let (images, files) = self.found.split_at(self.images.len());
        if images.iter().any(|image| image.kind != upload::Kind::Image) {
            return Err(Rejection::because(Code::UnknownUpload, "One of the images is not an image."));
        }
        let sent_at = said_now(room, now);
        let id = identity(sent_at);
        let body = Body {
            id: &id,
            client_id: client_id.as_ref().map(ClientId::as_str),
            from: Author { username: by.user.username.as_str(), name: by.user.name.as_str() },
            text: text.as_str(),
            images,
            files,
            sent_at,
        };
        let draft = Draft {
            kind: "message",
            body: serde_json::to_string(&body).expect("our own types have string keys and no failing serialiser"),
            digest: digest(text.as_str(), &self.images, &self.files),
            client_id: client_id.map(|id| id.as_str().to_owned()),
            uploads: self.uploads().into_iter().filter_map(upload::stored_name).map(str::to_owned).collect(),
            id,
            sent_at,
        };
        Ok(vec![Effect::Append(draft)])
    }
}

fn refused_text(error: NameError) -> Rejection {
    match error {
        NameError::TooLong => Code::TextTooLong.into(),
        _ => Rejection::because(Code::BadFrame, "The text has control characters that are not allowed."),
    }
}

/// The time of a message: now, but never before the message in front of it, whatever the clock does.
fn said_now(room: &mut RoomState, now: Moment) -> i64 {
    let shown = room.last_sent_at().unwrap_or_default();
    let last = room.own::<LastSaid>();
    last.at = last.at.max(shown).max(now.wall_ms);
    last.at
}

/// An identity that sorts by time: a UUID version 7 of `sent_at` (RFC 9562 §5.7).
fn identity(sent_at: i64) -> String {
    let ms = u64::try_from(sent_at).unwrap_or_default();
    let nanos = u32::try_from(ms % 1000 * 1_000_000).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(NoContext, ms / 1000, nanos)).to_string()
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
    use crate::room::state::Logged;
    use crate::room::testing::{member, moment, room};

    fn say(frame: Value) -> Result<Vec<Effect>, Rejection> {
        let send: Send = serde_json::from_value(frame).unwrap();
        send.apply(&member("ana", 1), moment(5), &mut room())
    }

    fn draft(frame: Value) -> Draft {
        match say(frame).unwrap().remove(0) {
            Effect::Append(draft) => draft,
            other => panic!("not an append: {other:?}"),
        }
    }

    #[test]
    fn what_was_said_is_kept_byte_for_byte_under_the_senders_own_name() {
        let draft = draft(json!({"text": " olá \n👋🏽", "from": {"username": "bia"}}));
        let body: Value = serde_json::from_str(&draft.body).unwrap();
        assert_eq!(body["text"], " olá \n👋🏽");
        assert_eq!(body["from"]["username"], "ana");
        assert_eq!(body["sent_at"], draft.sent_at);
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
        let first = draft(json!({"text": "oi"})).digest;
        assert_eq!(first, draft(json!({"text": "oi"})).digest);
        assert_ne!(first, draft(json!({"text": "oi!"})).digest);
    }

    #[test]
    fn time_in_a_room_never_goes_back() {
        let mut room = room();
        assert_eq!(said_now(&mut room, moment(1000)), said_now(&mut room, moment(0)));
    }

    #[test]
    fn nor_does_it_when_the_room_is_opened_again_by_a_clock_that_was_set_back() {
        let mut room = room();
        let ahead = moment(5000).wall_ms;
        room.remember(Logged::new(&room.id.clone(), "message", 1, ahead, r#"{"text":"x"}"#));
        assert_eq!(said_now(&mut room, moment(0)), ahead);
    }
}
