//! Floor 1 · `wire/answered`: answers read back out of our own frames, for those who are here without a WebSocket.

use std::time::Duration;

use serde::Deserialize;

use crate::codes::{Code, Rejection};

/// An answer to a command.
#[derive(Debug, PartialEq, Eq)]
pub struct Answered {
    /// The command.
    pub id: i64,
    /// The fields of its `ok`, a JSON object; or why it was refused.
    pub result: Result<String, Rejection>,
}

/// The objects in a frame that [`super::text_frames`] has made.
pub fn objects(frame: &[u8]) -> impl Iterator<Item = &str> {
    let header = match frame.get(1) {
        Some(126) => 4,
        Some(127) => 10,
        _ => 2,
    };
    let text = frame.get(header..).and_then(|payload| std::str::from_utf8(payload).ok());
    text.unwrap_or_default().split('\n')
}

/// `object` as an answer, if it is one that [`super::ok`] or [`super::error`] has made for a command with an `id`.
pub fn read(object: &str) -> Option<Answered> {
    if let Some(rest) = object.strip_prefix(r#"{"type":"ok","id":"#) {
        let end = rest.find([',', '}'])?;
        let fields = rest[end..].trim_start_matches(',');
        let fields = if fields == "}" { "{}".to_owned() } else { format!("{{{fields}") };
        return Some(Answered { id: rest[..end].parse().ok()?, result: Ok(fields) });
    }
    if !object.starts_with(r#"{"type":"error","id":"#) {
        return None;
    }
    let Refused { id, code, message, retry_after_ms } = serde_json::from_str(object).ok()?;
    let code = Code::named(&code).unwrap_or(Code::Internal);
    let detail = Some(message).filter(|message| message != code.sentence());
    Some(Answered { id, result: Err(Rejection { code, detail, retry_after: retry_after_ms.map(Duration::from_millis) }) })
}

#[derive(Deserialize)]
struct Refused {
    id: i64,
    code: String,
    message: String,
    retry_after_ms: Option<u64>,
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;
    use crate::wire;

    #[test]
    fn answers_are_read_as_they_were_written() {
        let fields = RawValue::from_string(r#"{"seq":43,"sent_at":5}"#.into()).unwrap();
        let ok = |object: String| read(&object).unwrap();
        assert_eq!(ok(wire::ok(-7, Some(&fields))), Answered { id: -7, result: Ok(r#"{"seq":43,"sent_at":5}"#.into()) });
        assert_eq!(ok(wire::ok(2, None)), Answered { id: 2, result: Ok("{}".into()) });
        for rejection in [
            Code::NotInRoom.into(),
            Rejection::because(Code::BadFrame, "no \"such\" field\n"),
            Rejection::too_fast(Duration::from_millis(250)),
        ] {
            assert_eq!(ok(wire::error(Some(3), &rejection)), Answered { id: 3, result: Err(rejection) });
        }
        for other in [&*wire::error(None, &Code::Busy.into()), r#"{"type":"typing"}"#, "", "{}"] {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn a_frame_gives_back_the_objects_that_were_put_into_it() {
        for object in ["{}".to_owned(), "x".repeat(200), "á".repeat(40_000)] {
            let frame = &wire::text_frames([object.as_str(), "{}"])[0];
            assert_eq!(objects(frame).next(), Some(object.as_str()));
        }
        assert_eq!(objects(&wire::text_frames(["a", "b"])[0]).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(objects(b"").collect::<Vec<_>>(), [""]);
    }
}
