//! A client's copy of the log of a room, folded from what it was told; it does not forgive a hole, a double or a wrong order.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// A message as far as everyone must agree about it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Said {
    pub by: String,
    pub client_id: Option<String>,
    pub text: String,
}

/// The copy.
#[derive(Clone, Debug, Default)]
pub struct Log {
    room: String,
    epoch: String,
    said: BTreeMap<i64, Said>,
    /// The `seq` of the next live event; `None` outside of a room.
    next: Option<i64>,
}

impl Log {
    /// What to send as `since`, if there is anything to go on from.
    ///
    /// It is the end of the unbroken stretch that ends newest: a client that never saw a hole sends its newest `seq`.
    pub fn since(&self) -> Option<Value> {
        (!self.epoch.is_empty()).then(|| json!({"epoch": self.epoch, "seq": self.newest()}))
    }

    pub fn newest(&self) -> i64 {
        self.said.keys().next_back().copied().unwrap_or_default()
    }

    pub fn room(&self) -> &str {
        &self.room
    }

    pub fn epoch(&self) -> &str {
        &self.epoch
    }

    pub fn seqs(&self) -> Vec<i64> {
        self.said.keys().copied().collect()
    }

    pub fn texts(&self) -> Vec<&str> {
        self.said.values().map(|said| said.text.as_str()).collect()
    }

    pub fn said(&self) -> impl Iterator<Item = (i64, &Said)> {
        self.said.iter().map(|(seq, said)| (*seq, said))
    }

    /// All of it, from 1 on without a hole.
    pub fn whole(&self) -> Vec<Said> {
        let hole = (1..=self.newest()).find(|seq| !self.said.contains_key(seq));
        assert_eq!(hole, None, "the log has holes, up to {}", self.newest());
        self.said.values().cloned().collect()
    }

    /// The `seq` after which something is missing up to the newest that is known of.
    pub fn hole(&self) -> Option<i64> {
        let head = self.next.map_or(0, |next| next - 1).max(self.newest());
        (1..=head).find(|seq| !self.said.contains_key(seq)).map(|seq| seq - 1)
    }

    /// It is `other`, whole and event by event.
    #[track_caller]
    pub fn agrees_with(&self, other: &Self) {
        let (own, other) = (self.whole(), other.whole());
        if let Some(at) = (0..own.len().max(other.len())).find(|&at| own.get(at) != other.get(at)) {
            panic!(
                "the logs differ at seq {}: {:?} and {:?}; they have {} and {} events",
                at + 1,
                own.get(at),
                other.get(at),
                own.len(),
                other.len()
            );
        }
    }

    /// The answer to `join`, which asked with `since`.
    pub fn welcomed(&mut self, answer: &Value, since: Option<&Value>) {
        let (room, epoch) = (text(answer, "room"), text(answer, "epoch"));
        if room != self.room || epoch != self.epoch {
            *self = Self { room, epoch, ..Self::default() };
        }
        let head = number(answer, "head_seq");
        let events = answer["events"].as_array().expect("a join answers events[]");
        let seqs = unbroken(events);
        let more = answer["more"].as_bool().expect("a join answers more");
        match answer["mode"].as_str() {
            Some("resumed") => {
                let since = since.expect("resumed only with since")["seq"].as_i64().unwrap();
                assert!(answer.get("reason").is_none(), "a resume has no reason: {answer}");
                let first = seqs.first().copied().unwrap_or(since + 1);
                assert_eq!(first, since + 1, "a resume goes on after since: {answer}");
                let last = seqs.last().copied().unwrap_or(since);
                assert_eq!(more, last < head, "more says whether events up to head_seq are missing: {answer}");
            }
            Some("snapshot") => {
                assert!(answer["reason"].is_string(), "a snapshot has a reason: {answer}");
                assert_eq!(seqs.last().copied().unwrap_or_default(), head, "a snapshot is the newest page: {answer}");
                assert_eq!(more, seqs.first().is_some_and(|first| *first > 1), "more says whether there are older: {answer}");
            }
            mode => panic!("{mode:?} is no mode of a join"),
        }
        self.add_all(events);
        self.next = Some(head + 1);
    }

    /// The answer to `history`.
    pub fn read(&mut self, answer: &Value) {
        let events = answer["events"].as_array().expect("history answers events[]");
        unbroken(events);
        self.add_all(events);
    }

    /// A durable event came.
    pub fn heard(&mut self, event: &Value) {
        assert_eq!(text(event, "room"), self.room, "an event of a room one is not in: {event}");
        assert_eq!(Some(number(event, "seq")), self.next, "the next event has the next seq: {event}");
        assert!(event["sent_at"].is_i64() && event["id"].is_string(), "{event}");
        self.live(number(event, "seq"), said(event));
    }

    /// One's own message was answered with `ok`.
    pub fn sent(&mut self, by: &str, command: &Value, answer: &Value) {
        let seq = number(answer, "seq");
        let client_id = command["client_id"].as_str().map(str::to_owned);
        let said = Said { by: by.to_owned(), client_id, text: text(command, "text") };
        assert!(answer["sent_at"].is_i64(), "{answer}");
        if self.next == Some(seq + 1) && answer["duplicate"] != true {
            assert!(self.said.contains_key(&seq), "a message that was changed comes as an event before its ok: {answer}");
        } else if answer["duplicate"] == true {
            let next = self.next.expect("one sends in a room");
            assert!(seq < next, "a duplicate answers a seq one was shown or that is older: {answer}");
            self.said.entry(seq).or_insert_with(|| said.clone());
            assert_eq!(self.said[&seq], said, "a duplicate answers the seq of that very message");
        } else {
            assert_eq!(Some(seq), self.next, "one's own message comes in its place: {answer}");
            self.live(seq, said);
        }
    }

    /// Whether one is in the room.
    pub fn is_live(&self) -> bool {
        self.next.is_some()
    }

    /// Out of the room.
    pub fn left(&mut self) {
        self.next = None;
    }

    fn live(&mut self, seq: i64, said: Said) {
        let double = self.said.insert(seq, said);
        assert_eq!(double, None, "seq {seq} came twice");
        self.next = Some(seq + 1);
    }

    fn add_all(&mut self, events: &[Value]) {
        for event in events {
            assert_eq!(text(event, "room"), self.room, "{event}");
            let (seq, said) = (number(event, "seq"), said(event));
            let known = self.said.entry(seq).or_insert_with(|| said.clone());
            assert_eq!(*known, said, "seq {seq} is one message for ever");
        }
    }
}

fn said(event: &Value) -> Said {
    if event["type"] != "message" {
        // Of an extension: all that everyone must agree about is that it is the same.
        let by = event["from"]["username"].as_str().unwrap_or_default().to_owned();
        return Said { by, client_id: None, text: event.to_string() };
    }
    let by = event["from"]["username"].as_str().expect("a message has an author").to_owned();
    Said { by, client_id: event["client_id"].as_str().map(str::to_owned), text: text(event, "text") }
}

/// The `seq`s of a page, which has no hole and is oldest first.
fn unbroken(events: &[Value]) -> Vec<i64> {
    let seqs: Vec<i64> = events.iter().map(|event| number(event, "seq")).collect();
    assert!(seqs.windows(2).all(|pair| pair[0] + 1 == pair[1]), "a page is in order and has no hole: {seqs:?}");
    seqs
}

fn number(of: &Value, field: &str) -> i64 {
    of[field].as_i64().unwrap_or_else(|| panic!("{field} is a number in {of}"))
}

fn text(of: &Value, field: &str) -> String {
    of[field].as_str().unwrap_or_else(|| panic!("{field} is text in {of}")).to_owned()
}
