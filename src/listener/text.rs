//! Floor 7 · `listener/text`: what is heard in a room, as Server-Sent Events (HTML Standard, "Server-sent events").

use std::fmt::Write as _;

use serde::Deserialize;

use crate::codes::Close;
use crate::ids::Epoch;
use crate::room::pages::{Reason, Since};

/// How long a browser waits before it comes back, in milliseconds.
const RETRY_MS: u32 = 2000;

/// The place that a client has come to: `<epoch>:<seq>`. What is neither is no place in any log, and so one of another log.
pub fn last_event_id(text: &str) -> Since {
    let parts = text.trim().rsplit_once(':').and_then(|(epoch, seq)| Some((epoch, seq.parse().ok()?)));
    let (epoch, seq) = parts.unwrap_or_default();
    Since { epoch: Some(Epoch(epoch.into())), seq }
}

/// The beginning: when to come back, and from where on what follows goes.
pub(super) fn beginning(epoch: &Epoch, seq: i64) -> String {
    format!("retry: {RETRY_MS}\nid: {epoch}:{seq}\n\n")
}

/// What follows does not go on from where the client was.
pub(super) fn reset(reason: Reason, epoch: &Epoch, head_seq: i64) -> String {
    let data = serde_json::json!({"type": "reset", "reason": reason, "epoch": epoch, "head_seq": head_seq});
    format!("event: reset\ndata: {data}\n\n")
}

/// A durable event, with its place.
pub(super) fn durable(out: &mut String, epoch: &Epoch, seq: i64, kind: &str, json: &str) {
    // Writing to a string cannot fail.
    let _ = write!(out, "id: {epoch}:{seq}\nevent: {kind}\ndata: {json}\n\n");
}

/// The end, in the words of a socket.
pub(super) fn end(close: Close) -> String {
    let (code, reason) = close.row();
    let data = serde_json::json!({"type": "close", "code": code, "reason": reason});
    format!("event: close\ndata: {data}\n\n")
}

/// Adds one object that a room has told to `out`. Whether the stream goes on after it.
pub(super) fn object(out: &mut String, epoch: &Epoch, json: &str) -> bool {
    #[derive(Deserialize)]
    struct Head<'a> {
        r#type: &'a str,
        seq: Option<i64>,
    }
    let Ok(Head { r#type: kind, seq }) = serde_json::from_str(json) else { return true };
    match (kind, seq) {
        // Its join was answered; other rooms are not what it follows.
        ("ok" | "error" | "rooms", _) => {}
        // A sign of life, which is nothing to be told.
        ("ping", _) => out.push_str(":\n\n"),
        (kind, Some(seq)) => durable(out, epoch, seq, kind, json),
        (kind, None) => {
            let _ = write!(out, "event: {kind}\ndata: {json}\n\n");
        }
    }
    // Its user is in another room now.
    kind != "moved"
}

/// The objects in what goes out.
pub(super) fn objects(text: &str) -> impl Iterator<Item = &str> {
    text.split('\n').filter_map(|line| line.strip_prefix("data: "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch() -> Epoch {
        Epoch("k3-_".into())
    }

    fn said(json: &str) -> (String, bool) {
        let mut out = String::new();
        let goes_on = object(&mut out, &epoch(), json);
        (out, goes_on)
    }

    #[test]
    fn durable_events_have_a_place_and_what_passes_by_has_none() {
        let message = r#"{"type":"message","room":"r","seq":7,"text":"a\nb"}"#;
        assert_eq!(said(message), (format!("id: k3-_:7\nevent: message\ndata: {message}\n\n"), true));
        let typing = r#"{"type":"typing","username":"ana"}"#;
        assert_eq!(said(typing), (format!("event: typing\ndata: {typing}\n\n"), true));
        for quiet in [r#"{"type":"ok","id":1,"seq":7}"#, r#"{"type":"rooms","rooms":[]}"#, "", "nonsense"] {
            assert_eq!(said(quiet), (String::new(), true), "{quiet}");
        }
        assert_eq!(said(r#"{"type":"ping"}"#), (":\n\n".into(), true));
        assert!(!said(r#"{"type":"moved","from":"a","to":"b"}"#).1);
    }

    #[test]
    fn what_goes_out_gives_back_the_objects_in_it() {
        let mut out = beginning(&epoch(), 6);
        assert_eq!(objects(&out).count(), 0);
        let message = r#"{"type":"message","seq":7,"text":"a\ndata: b"}"#;
        object(&mut out, &epoch(), message);
        object(&mut out, &epoch(), r#"{"type":"ping"}"#);
        object(&mut out, &epoch(), r#"{"type":"typing"}"#);
        assert_eq!(objects(&out).collect::<Vec<_>>(), [message, r#"{"type":"typing"}"#]);
    }

    #[test]
    fn a_place_is_read_as_it_was_written_and_nonsense_is_a_place_in_another_log() {
        assert_eq!(last_event_id(" k3-_:7 "), Since { epoch: Some(epoch()), seq: 7 });
        for nonsense in ["", "7", "k3-_:", "k3-_:x", ":", "k3-_:99999999999999999999"] {
            assert_eq!(last_event_id(nonsense), Since { epoch: Some(Epoch("".into())), seq: 0 }, "{nonsense}");
        }
    }

    #[test]
    fn the_end_is_told_in_the_words_of_a_socket() {
        let told = end(Close::SignedOut);
        let data = told.strip_prefix("event: close\ndata: ").and_then(|data| data.strip_suffix("\n\n")).unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data, serde_json::json!({"type": "close", "code": 4501, "reason": "signed out"}));
    }
}
