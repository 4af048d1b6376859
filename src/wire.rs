//! Floor 1 · `wire`: frames as they are on the socket. What is read is checked here; what is sent is encoded here, once.

pub mod answered;

use bytes::{BufMut as _, Bytes, BytesMut};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::codes::{Close, Code, Rejection};

/// Largest frame, and largest message put together from fragments, that a client may send. Protocol, section 1.
pub const FRAME_BYTES_MAX: usize = 64 * 1024;
/// Largest frame the server joins several objects into; a single object may be larger.
pub const BATCH_BYTES_MAX: usize = 64 * 1024;

/// First byte of an unfragmented frame of this kind (RFC 6455 §5.2).
const TEXT: u8 = 0x81;
const CLOSE: u8 = 0x88;
const PONG: u8 = 0x8A;

/// The head of a command: what everyone needs to know before its fields are read.
#[derive(Debug, PartialEq, Eq)]
pub struct Head {
    /// The `type`.
    pub kind: String,
    /// Chosen by the client; its answer carries it.
    pub id: Option<i64>,
}

/// A command that could not be read, and its `id` if that could.
#[derive(Debug, PartialEq, Eq)]
pub struct Unread {
    /// Where it could be read.
    pub id: Option<i64>,
    /// What to answer.
    pub rejection: Rejection,
}

/// Reads `type` and `id` of one object.
///
/// # Errors
/// [`Code::BadFrame`] if `text` is not an object with a string `type` and, if any, an integer `id`.
pub fn head(text: &str) -> Result<Head, Unread> {
    #[derive(Deserialize)]
    struct Fields {
        r#type: String,
        id: Option<i64>,
    }
    match object(text).and_then(|text| serde_json::from_str::<Fields>(text).ok()) {
        Some(Fields { r#type, id }) => Ok(Head { kind: r#type, id }),
        None => Err(Unread { id: id_alone(text), rejection: Code::BadFrame.into() }),
    }
}

/// `text` if it can be an object: an array would be taken for its fields in their order.
fn object(text: &str) -> Option<&str> {
    text.trim_start().starts_with('{').then_some(text)
}

fn id_alone(text: &str) -> Option<i64> {
    #[derive(Deserialize)]
    struct IdAlone {
        id: i64,
    }
    serde_json::from_str::<IdAlone>(object(text)?).ok().map(|found| found.id)
}

/// Reads the fields of a command whose head is known.
///
/// # Errors
/// [`Code::BadFrame`] with a sentence that says which field is missing or wrong.
pub fn fields<'a, T: Deserialize<'a>>(text: &'a str) -> Result<T, Rejection> {
    serde_json::from_str(text).map_err(|error| Rejection::because(Code::BadFrame, error.to_string()))
}

/// The answer to a command that succeeded: `fields` is a JSON object that joins `type` and `id`.
pub fn ok(id: i64, fields: Option<&RawValue>) -> String {
    let head = format!("{{\"type\":\"ok\",\"id\":{id}");
    match fields {
        None => head + "}",
        Some(fields) => followed_by(head, fields.get()),
    }
}

/// `head`, the beginning of a JSON object that has a field, followed by the fields of the JSON object `fields`.
pub fn followed_by(mut head: String, fields: &str) -> String {
    if fields != "{}" {
        head.push(',');
    }
    head.push_str(&fields[1..]);
    head
}

/// An event that is not kept: `fields` is a JSON object that joins `type` and `room`.
pub fn event(kind: &str, room: &str, fields: &str) -> String {
    // A room's id has letters, digits, `-` and `_` alone: nothing to escape.
    followed_by(format!("{{\"type\":\"{kind}\",\"room\":\"{room}\""), fields)
}

/// Why a command was refused.
#[derive(Serialize, ToSchema)]
pub struct Error<'a> {
    r#type: &'static str,
    /// Of the command, where it had one that could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    id: Option<i64>,
    /// What clients switch on.
    code: Code,
    /// A sentence for people; it may change.
    message: &'a str,
    /// Whether the same command may succeed later.
    retry: bool,
    /// How long to wait before trying again, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    retry_after_ms: Option<u64>,
}

/// The answer to a command that was refused.
pub fn error(id: Option<i64>, rejection: &Rejection) -> String {
    let error = Error {
        r#type: "error",
        id,
        code: rejection.code,
        message: rejection.sentence(),
        retry: rejection.code.retry(),
        retry_after_ms: rejection.retry_after_ms(),
    };
    serde_json::to_string(&error).expect("our own types have string keys and no failing serialiser")
}

/// A durable event: `body` is a JSON object that joins `type`, `room` and `seq`.
pub fn durable(kind: &str, room: &str, seq: i64, body: &str) -> String {
    // A room's id has letters, digits, `-` and `_` alone: nothing to escape.
    format!("{{\"type\":\"{kind}\",\"room\":\"{room}\",\"seq\":{seq},{}", &body[1..])
}

/// `objects` joined by line feeds, as text frames; each holds as many as [`BATCH_BYTES_MAX`] allows.
pub fn text_frames<'a>(objects: impl IntoIterator<Item = &'a str>) -> Vec<Bytes> {
    let mut frames = Vec::new();
    let mut batch: Vec<&str> = Vec::new();
    let mut bytes = 0;
    for object in objects {
        if !batch.is_empty() && bytes + object.len() + 1 > BATCH_BYTES_MAX {
            frames.push(text_frame(&batch, bytes));
            batch.clear();
            bytes = 0;
        }
        bytes += object.len() + usize::from(!batch.is_empty());
        batch.push(object);
    }
    if !batch.is_empty() {
        frames.push(text_frame(&batch, bytes));
    }
    frames
}

fn text_frame(objects: &[&str], bytes: usize) -> Bytes {
    let mut frame = frame_of(TEXT, bytes);
    for (index, object) in objects.iter().enumerate() {
        if index > 0 {
            frame.put_u8(b'\n');
        }
        frame.put_slice(object.as_bytes());
    }
    frame.freeze()
}

/// The last frame of a socket.
pub fn close_frame(close: Close) -> Bytes {
    let (code, reason) = close.row();
    let mut frame = frame_of(CLOSE, 2 + reason.len());
    frame.put_u16(code);
    frame.put_slice(reason.as_bytes());
    frame.freeze()
}

/// The answer to a ping: the same payload back (RFC 6455 §5.5.3).
pub fn pong_frame(payload: &[u8]) -> Bytes {
    let mut frame = frame_of(PONG, payload.len());
    frame.put_slice(payload);
    frame.freeze()
}

/// A buffer with the header of an unmasked frame of `length` bytes (RFC 6455 §5.2).
fn frame_of(first: u8, length: usize) -> BytesMut {
    let mut frame = BytesMut::with_capacity(length + 10);
    frame.put_u8(first);
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ 0..=125), _) => frame.put_u8(short),
        (_, Ok(medium)) => {
            frame.put_u8(126);
            frame.put_u16(medium);
        }
        _ => {
            frame.put_u8(127);
            frame.put_u64(length as u64);
        }
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_needs_a_type_and_an_integer_id_if_any() {
        assert_eq!(head(r#"{"type":"ping"}"#), Ok(Head { kind: "ping".into(), id: None }));
        assert_eq!(head(r#"{"id":7,"type":"ping","x":[1]}"#), Ok(Head { kind: "ping".into(), id: Some(7) }));
        for bad in ["", "[]", "[\"ping\",7]", "7", r#"{"type":7}"#, r#"{"id":1.5,"type":"ping"}"#, "{", "\u{0}"] {
            assert_eq!(head(bad).unwrap_err().rejection.code, Code::BadFrame, "{bad}");
        }
        assert_eq!(head(r#"{"id":9}"#).unwrap_err().id, Some(9));
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!(r#"{{"type":"send","text":{}1{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
        assert_eq!(fields::<serde_json::Value>(&deep).unwrap_err().code, Code::BadFrame);
    }

    #[test]
    fn an_answer_carries_its_fields_beside_type_and_id() {
        let fields = RawValue::from_string(r#"{"seq":43}"#.into()).unwrap();
        assert_eq!(ok(2, Some(&fields)), r#"{"type":"ok","id":2,"seq":43}"#);
        assert_eq!(ok(2, None), r#"{"type":"ok","id":2}"#);
        let none = RawValue::from_string("{}".into()).unwrap();
        assert_eq!(ok(2, Some(&none)), r#"{"type":"ok","id":2}"#);
    }

    #[test]
    fn a_refusal_says_whether_to_try_again_and_when() {
        let slow = error(Some(3), &Rejection::too_fast(std::time::Duration::from_millis(250)));
        assert_eq!(
            slow,
            r#"{"type":"error","id":3,"code":"rate_limited","message":"Too fast; wait a moment.","retry":true,"retry_after_ms":250}"#
        );
        assert_eq!(
            error(None, &Code::NotInRoom.into()),
            r#"{"type":"error","code":"not_in_room","message":"Join a room first.","retry":false}"#
        );
    }

    #[test]
    fn frame_lengths_are_written_as_rfc_6455_says() {
        let header = |length: usize| frame_of(TEXT, length).to_vec();
        assert_eq!(header(125), [0x81, 125]);
        assert_eq!(header(126), [0x81, 126, 0, 126]);
        assert_eq!(header(65535), [0x81, 126, 0xFF, 0xFF]);
        assert_eq!(header(65536), [0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0]);
    }

    #[test]
    fn many_objects_share_a_frame_until_it_is_full() {
        let big = "x".repeat(BATCH_BYTES_MAX - 3);
        let frames = text_frames(["a", "b", big.as_str(), "c"]);
        assert_eq!(frames.len(), 2);
        assert_eq!(&frames[0][..], b"\x81\x03a\nb");
        assert!(frames[1].ends_with(b"x\nc"));
        assert!(text_frames([]).is_empty());
    }
}
