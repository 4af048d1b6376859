//! Floor 3 · `room/stamp`: what the room itself writes into an event: who, when, and an identity of its own.

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;
use uuid::{NoContext, Timestamp, Uuid};

use crate::ids::UserId;
use crate::names::ClientId;
use crate::room::event::{Draft, Once, Telling, json};
use crate::room::state::{Member, Moment, RoomState};
use crate::store::log::Append;
use crate::wire;

/// What the last event of a room must not be older than.
#[derive(Default)]
struct LastSaid {
    at: i64,
}

/// Who said it.
#[derive(Serialize, ToSchema)]
#[schema(as = Author)]
struct From<'a> {
    username: &'a str,
    name: &'a str,
    /// Said of guests alone: the next one who has the name may be somebody else, and the message stays.
    #[serde(skip_serializing_if = "is_account")]
    guest: bool,
}

/// Who said an event, and when.
#[derive(Serialize, ToSchema)]
pub(crate) struct Stamp<'a> {
    /// Its own identity, unique everywhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid")]
    id: Option<&'a str>,
    /// As its author's client has chosen it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<ClientId>)]
    client_id: Option<&'a str>,
    /// Missing where the room itself says something.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    from: Option<From<'a>>,
    /// When it was said, in milliseconds since 1970; it does not fall from one event of a room to the next.
    sent_at: i64,
}

impl<'a> From<'a> {
    fn of(by: Option<&'a Member>) -> Option<Self> {
        by.map(|by| From { username: by.username(), name: by.name(), guest: by.user.guest })
    }
}

/// `draft` as an entry of the log, said now by `by`, or by the room itself.
pub fn kept(draft: Draft, by: Option<&Member>, now: Moment, room: &mut RoomState) -> Append {
    let sent_at = said_now(room, now);
    let id = identity(sent_at);
    let client_id = draft.once.as_ref().map(|once| once.client_id.as_str());
    let stamp = Stamp { id: Some(&id), client_id, from: From::of(by), sent_at };
    let body = with(&stamp, &draft.fields);
    Append {
        room: room.id.clone(),
        author: by.map_or(UserId::ROOM, |by| by.user.id),
        kind: draft.kind,
        id,
        once: draft.once,
        body,
        sent_at,
        uploads: draft.uploads,
        only_if_known: false,
    }
}

/// Whether `by` has said this before: the question to the log, which keeps nothing.
pub fn asked(once: Once, by: &Member, room: &RoomState) -> Append {
    let (id, body, uploads) = (String::new(), String::new(), Vec::new());
    let (room, author) = (room.id.clone(), by.user.id);
    Append { room, author, kind: "message", id, once: Some(once), body, sent_at: 0, uploads, only_if_known: true }
}

/// `telling` as an event of this room, told now by `by`, or by the room itself.
pub fn told(telling: &Telling, by: Option<&Member>, now: Moment, room: &mut RoomState) -> Box<RawValue> {
    if !telling.signed {
        return unsigned(telling, room);
    }
    let stamp = Stamp { id: None, client_id: None, from: From::of(by), sent_at: said_now(room, now) };
    event(telling.kind, room, &with(&stamp, &telling.fields))
}

/// `telling` as an event of this room, which says itself what there is to say.
pub fn unsigned(telling: &Telling, room: &RoomState) -> Box<RawValue> {
    event(telling.kind, room, telling.fields.get())
}

fn event(kind: &str, room: &RoomState, fields: &str) -> Box<RawValue> {
    RawValue::from_string(wire::event(kind, &room.id.0, fields)).expect("the fields of an event are a JSON object")
}

/// The fields of `stamp`, then `fields`, as one JSON object.
fn with(stamp: &Stamp<'_>, fields: &RawValue) -> String {
    let mut head = String::from(Box::<str>::from(json(stamp)));
    head.pop();
    wire::followed_by(head, fields.get())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes what it skips by reference")]
fn is_account(guest: &bool) -> bool {
    !guest
}

/// The time of an event: now, but never before the event in front of it, whatever the clock does.
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::room::event::fields_of_event;
    use crate::room::state::Logged;
    use crate::room::testing::{member, moment, room};

    fn draft(fields: &Value) -> Draft {
        let fields = fields_of_event("dice.rolled", fields).unwrap();
        Draft { kind: "dice.rolled", fields, once: None, uploads: Vec::new(), known: false }
    }

    fn body(append: &Append) -> Value {
        serde_json::from_str(&append.body).unwrap()
    }

    #[test]
    fn an_event_says_who_and_when_beside_its_own_fields() {
        let ana = member("ana", 1);
        let append = kept(draft(&json!({"face": 4})), Some(&ana), moment(5), &mut room());
        let from = json!({"username": "ana", "name": "ana"});
        assert_eq!(body(&append), json!({"id": append.id, "from": from, "sent_at": append.sent_at, "face": 4}));
        assert_eq!(append.author, ana.user.id);
    }

    #[test]
    fn what_nobody_said_comes_from_the_room_itself() {
        let append = kept(draft(&json!({})), None, moment(5), &mut room());
        assert_eq!(append.author, UserId::ROOM);
        assert_eq!(body(&append), json!({"id": append.id, "sent_at": append.sent_at}));
    }

    #[test]
    fn a_telling_is_signed_only_where_its_author_did_not_say_all_himself() {
        let mut telling = Telling::event("dice.rolled", &json!({"face": 4}));
        let text = told(&telling, Some(&member("ana", 1)), moment(5), &mut room());
        assert_eq!(text.get(), r#"{"type":"dice.rolled","room":"sala-1","face":4}"#);
        telling.signed = true;
        let text = told(&telling, Some(&member("ana", 1)), moment(5), &mut room());
        let event: Value = serde_json::from_str(text.get()).unwrap();
        assert_eq!((&event["from"]["username"], &event["face"]), (&json!("ana"), &json!(4)));
        assert_eq!(event["sent_at"], moment(5).wall_ms);
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
