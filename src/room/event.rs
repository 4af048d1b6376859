//! Floor 2 · `room/event`: what members are told: a draft that is to be kept, or a telling that is not.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::codes::{Code, Rejection};

/// Largest event or answer of an extension, in bytes: as large as a command may be. What may wait for a socket is 1 MiB.
pub const EVENT_BYTES_MAX: usize = 64 * 1024;
/// Longest `type` of an event of an extension.
const KIND_BYTES_MAX: usize = 64;
/// What the room itself writes into an event.
const IN_EVENTS: &[&str] = &["type", "room", "seq", "id", "client_id", "from", "sent_at"];
/// What the house writes into an answer.
const IN_ANSWERS: &[&str] = &["type", "id", "seq", "sent_at", "duplicate"];

/// An event that wants to be in the log. The room adds who and when, and the transaction that keeps it adds its `seq`.
#[derive(Debug)]
pub struct Draft {
    /// The `type` of the event.
    pub kind: &'static str,
    /// Its own fields: a JSON object.
    pub fields: Box<RawValue>,
    /// What makes it the same as another, if the client gave it a mark.
    pub once: Option<Once>,
    /// Names of the uploads it uses, which are kept from now on.
    pub uploads: Vec<String>,
    /// Whether the socket that gave the command knows it already: its `ok` then stands in the place of the event.
    pub known: bool,
}

/// Said twice, kept once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Once {
    /// The client's mark.
    pub client_id: String,
    /// What the client said, so that another content under the same mark is seen.
    pub digest: String,
}

/// Something to tell that is not kept.
#[derive(Debug)]
pub struct Telling {
    /// The `type` of the event.
    pub kind: &'static str,
    /// Its own fields: a JSON object.
    pub fields: Box<RawValue>,
    /// Whether a socket that is behind may miss it: it tells something that is soon told again.
    pub passing: bool,
    /// Whether the room adds who and when.
    pub signed: bool,
}

impl Telling {
    /// An event of the house that must arrive.
    pub fn event(kind: &'static str, fields: &impl Serialize) -> Self {
        Self { kind, fields: json(fields), passing: false, signed: false }
    }

    /// An event of the house that a socket which is behind may miss.
    pub fn passing(kind: &'static str, fields: &impl Serialize) -> Self {
        Self { passing: true, ..Self::event(kind, fields) }
    }
}

/// `value` as JSON text.
pub fn json<T: Serialize + ?Sized>(value: &T) -> Box<RawValue> {
    to_raw_value(value).expect("our own types have string keys and no failing serialiser")
}

/// What an extension gives as the fields of its event `kind`.
///
/// # Errors
/// [`Code::Internal`], with a sentence for its author, if the `type` is not its own or the fields are not an object without
/// the names that the room writes; [`Code::TooLarge`] beyond [`EVENT_BYTES_MAX`].
pub fn fields_of_event(kind: &str, fields: &impl Serialize) -> Result<Box<RawValue>, Rejection> {
    if !is_namespaced(kind) {
        let what =
            format!("the type of an event is like \"dice.rolled\": small letters, digits, _ and at least one dot, not {kind:?}");
        return Err(Rejection::because(Code::Internal, what));
    }
    fields_of(kind, fields, IN_EVENTS)
}

/// What an extension gives as the fields of an answer.
///
/// # Errors
/// As [`fields_of_event`].
pub fn fields_of_answer(fields: &impl Serialize) -> Result<Box<RawValue>, Rejection> {
    fields_of("an answer", fields, IN_ANSWERS)
}

fn fields_of(what: &str, fields: &impl Serialize, taken: &[&str]) -> Result<Box<RawValue>, Rejection> {
    let unfit = |why: String| Rejection::because(Code::Internal, format!("{what}: {why}"));
    let mut fields = to_raw_value(fields).map_err(|error| unfit(format!("its fields are not JSON: {error}")))?;
    if fields.get().contains('\n') {
        // Between the objects of a frame a line feed stands for their end.
        let value: Value = serde_json::from_str(fields.get()).map_err(|error| unfit(error.to_string()))?;
        fields = json(&value);
    }
    if fields.get().len() > EVENT_BYTES_MAX {
        return Err(Rejection::because(Code::TooLarge, format!("{what} has at most {} KiB.", EVENT_BYTES_MAX / 1024)));
    }
    let names: BTreeMap<String, &RawValue> =
        serde_json::from_str(fields.get()).map_err(|_| unfit("its fields must be a JSON object".into()))?;
    match taken.iter().find(|name| names.contains_key(**name)) {
        Some(name) => Err(unfit(format!("{name:?} is written by the room itself"))),
        None => Ok(fields),
    }
}

/// Whether `kind` can be none of the protocol's own: `dice.rolled`.
pub fn is_namespaced(kind: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    kind.len() <= KIND_BYTES_MAX && kind.contains('.') && kind.split('.').all(part)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_of_an_extension_has_a_namespace() {
        for good in ["dice.rolled", "poll.v2.closed", "x.y_z"] {
            assert!(is_namespaced(good), "{good}");
        }
        let long = format!("dice.{}", "x".repeat(60));
        for bad in ["message", "dice", "dice.", ".rolled", "Dice.rolled", "dice rolled.x", "dice.\"", "", &long] {
            assert_eq!(fields_of_event(bad, &json!({})).unwrap_err().code, Code::Internal, "{bad}");
        }
    }

    #[test]
    fn its_fields_are_an_object_that_leaves_to_the_room_what_the_room_writes() {
        for bad in
            [json!(7), json!([1]), json!("x"), json!(null), json!({"seq": 7}), json!({"from": "bia"}), json!({"type": "message"})]
        {
            let refused = fields_of_event("dice.rolled", &bad).unwrap_err();
            assert!(refused.code == Code::Internal && refused.detail.is_some(), "{bad}");
        }
        assert_eq!(fields_of_event("dice.rolled", &json!({"face": 4})).unwrap().get(), r#"{"face":4}"#);
        assert_eq!(fields_of_answer(&json!({"duplicate": 4})).unwrap_err().code, Code::Internal);
        let keys_of_numbers = std::collections::HashMap::from([((1, 2), 3)]);
        assert_eq!(fields_of_answer(&keys_of_numbers).unwrap_err().code, Code::Internal);
    }

    #[test]
    fn an_event_is_no_larger_than_a_command() {
        let of = |bytes: usize| fields_of_event("dice.rolled", &json!({"x": "y".repeat(bytes)}));
        assert!(of(EVENT_BYTES_MAX - 8).is_ok());
        assert_eq!(of(EVENT_BYTES_MAX - 7).unwrap_err().code, Code::TooLarge);
    }

    #[test]
    fn a_line_feed_that_ends_objects_is_not_within_one() {
        let pretty: Box<RawValue> = RawValue::from_string("{\n  \"face\": 4\n}".into()).unwrap();
        assert_eq!(fields_of_event("dice.rolled", &pretty).unwrap().get(), r#"{"face":4}"#);
    }
}
