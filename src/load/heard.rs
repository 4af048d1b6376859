//! Floor 9 · `load`: one line that a socket hears, read when it is the first of its kind; the rest are compared with it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// What a load test wants to know of an event, an `ok` or an `error`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Line<'a> {
    #[serde(rename = "type", borrow)]
    pub kind: Cow<'a, str>,
    /// A number in answers, a text in events.
    #[serde(borrow)]
    pub id: Option<&'a RawValue>,
    #[serde(borrow)]
    pub room: Cow<'a, str>,
    pub seq: Option<u64>,
    pub sent_at: i64,
    #[serde(borrow)]
    pub client_id: Cow<'a, str>,
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    #[serde(borrow)]
    pub code: Cow<'a, str>,
    #[serde(borrow)]
    pub message: Cow<'a, str>,
    pub duplicate: bool,
    #[serde(borrow)]
    pub epoch: Cow<'a, str>,
    pub head_seq: u64,
    #[serde(borrow)]
    pub mode: Cow<'a, str>,
    #[serde(borrow)]
    pub reason: Cow<'a, str>,
    pub more: bool,
    #[serde(borrow)]
    pub events: Vec<Logged<'a>>,
    #[serde(borrow)]
    pub members: Vec<Person<'a>>,
    #[serde(borrow)]
    pub member: Person<'a>,
    #[serde(borrow)]
    pub username: Cow<'a, str>,
}

impl Line<'_> {
    /// Which command it answers.
    pub fn answers(&self) -> Option<u64> {
        self.id?.get().parse().ok()
    }
}

/// As much of a line as every event has.
#[derive(Debug, Deserialize)]
pub struct Stub<'a> {
    #[serde(rename = "type", borrow)]
    pub kind: Cow<'a, str>,
    pub seq: Option<u64>,
}

/// An event of a page.
#[derive(Debug, Deserialize)]
pub struct Logged<'a> {
    pub seq: u64,
    #[serde(default)]
    pub sent_at: i64,
    #[serde(borrow, default)]
    pub client_id: Cow<'a, str>,
    #[serde(borrow, default)]
    pub text: Cow<'a, str>,
}

/// Somebody in a room.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Person<'a> {
    #[serde(borrow)]
    pub username: Cow<'a, str>,
}

/// Whether `line` is an event that no load test wants to know, and may be long.
pub fn is_of_no_interest(line: &[u8]) -> bool {
    [&b"{\"type\":\"rooms\""[..], b"{\"type\":\"typing\""].iter().any(|start| line.starts_with(start))
}

/// The people of a room as a number that is the same in whatever order they came: how many, and the sum of their names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct People {
    pub count: i64,
    sum: u64,
}

impl People {
    /// One more.
    pub fn come(&mut self, username: &str) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(number_of(username));
    }

    /// One less.
    pub fn go(&mut self, username: &str) {
        self.count -= 1;
        self.sum = self.sum.wrapping_sub(number_of(username));
    }
}

/// FNV-1a, stirred: sums of it are as good as different.
fn number_of(name: &str) -> u64 {
    let hash =
        name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    stirred(hash)
}

/// The bits of `number`, each depending on all (splitmix64): also good for masks, which need to be nothing but different.
pub fn stirred(number: u64) -> u64 {
    let once = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let twice = (once ^ (once >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    twice ^ (twice >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matters_is_read_and_the_rest_is_passed_over() {
        let line = r#"{"type":"message","room":"sala-1","seq":7,"id":"0192","client_id":"12","from":{"username":"ana"},"text":"o\u00ed","images":[],"sent_at":5}"#;
        let read: Line<'_> = serde_json::from_str(line).unwrap();
        assert_eq!(read.answers(), None, "the id of an event is a text");
        let answer: Line<'_> = serde_json::from_str(r#"{"type":"ok","id":12,"seq":7}"#).unwrap();
        assert_eq!((answer.answers(), answer.seq), (Some(12), Some(7)));
        assert_eq!(
            (&*read.kind, &*read.room, read.seq, &*read.client_id, &*read.text),
            ("message", "sala-1", Some(7), "12", "oí")
        );
        assert!(is_of_no_interest(br#"{"type":"rooms","rooms":[]}"#) && !is_of_no_interest(line.as_bytes()));
    }

    #[test]
    fn people_are_the_same_in_any_order_and_only_those() {
        let [mut one, mut other] = [People::default(); 2];
        for name in ["ana", "bia", "caio"] {
            one.come(name);
        }
        for name in ["caio", "x", "ana", "bia"] {
            other.come(name);
        }
        assert_ne!(one, other);
        other.go("x");
        assert_eq!(one, other);
        other.go("bia");
        other.come("bib");
        assert_ne!(one, other);
    }
}
