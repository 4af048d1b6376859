//! Floor 9 · `load`: what is known of one room: which message stands where, and its newest lines as they came.

use std::collections::BTreeMap;

/// Bytes of lines that are kept of all rooms together, to know them again when the next socket hears them.
const LINES_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Bytes of a line besides its text.
const LINE_BYTES: usize = 320;
/// Events of all rooms together whose place is known: who hears an older one for the first time is believed.
const PLACES_MAX: usize = 1_000_000;

/// One event, as whoever heard it first told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The number of the message; `None` for what others said.
    pub message: Option<u64>,
    /// Its identity, as the events of a message tell it and an `ok` does not.
    pub print: Option<u64>,
    pub sent_at: Option<i64>,
}

/// A line that may come again.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    seq: u64,
    pub line: Vec<u8>,
    /// When the message was sent, in µs of the test.
    pub sent_us: u64,
}

/// A room of the test.
#[derive(Debug)]
pub struct Room {
    pub name: String,
    /// The identity of its log.
    pub epoch: String,
    /// The newest `seq` that anybody heard of.
    pub head: u64,
    known: BTreeMap<u64, Known>,
    known_max: usize,
    kept: Vec<Kept>,
}

impl Room {
    /// One of `rooms` rooms in which texts have `bytes` bytes.
    pub fn new(name: String, rooms: usize, bytes: usize) -> Self {
        let kept = (LINES_BYTES_MAX / rooms / (bytes + LINE_BYTES)).clamp(4, 4096);
        let known_max = (PLACES_MAX / rooms).clamp(256, 65_536);
        Self { name, epoch: String::new(), head: 0, known: BTreeMap::new(), known_max, kept: vec![Kept::default(); kept] }
    }

    /// The line of `seq`, if somebody heard it lately.
    pub fn kept(&self, seq: u64) -> Option<&Kept> {
        let kept = &self.kept[self.slot(seq)];
        (kept.seq == seq).then_some(kept)
    }

    /// Keeps the line of `seq`, in the place of an older one.
    pub fn keep(&mut self, seq: u64, line: &[u8], sent_us: u64) {
        let slot = self.slot(seq);
        let kept = &mut self.kept[slot];
        kept.seq = seq;
        kept.sent_us = sent_us;
        kept.line.clear();
        kept.line.extend_from_slice(line);
    }

    /// Somebody heard that `event` stands at `seq`; what is wrong with that.
    pub fn stands(&mut self, seq: u64, event: Known) -> Option<String> {
        self.head = self.head.max(seq);
        let time = |known: Option<&Known>| known.and_then(|known| known.sent_at);
        let before = time(self.known.get(&(seq - 1)));
        if let (Some(before), Some(at)) = (before, event.sent_at)
            && at < before
        {
            return Some(format!("was sent at {at}, before the event in front of it, {before}"));
        }
        match self.known.get_mut(&seq) {
            None => {
                self.known.insert(seq, event);
                if self.known.len() > self.known_max {
                    self.known.pop_first();
                }
                None
            }
            Some(known) if known.message != event.message => {
                Some(format!("is {} for one and {} for another", named(known.message), named(event.message)))
            }
            Some(known) if known.print.is_some() && event.print.is_some() && known.print != event.print => {
                Some("has two identities".into())
            }
            Some(known) => {
                known.print = known.print.or(event.print);
                None
            }
        }
    }

    fn slot(&self, seq: u64) -> usize {
        // A count of lines is small, and so is what is left of a division by it.
        usize::try_from(seq % self.kept.len() as u64).expect("it is below a length")
    }
}

fn named(message: Option<u64>) -> String {
    message.map_or_else(|| "something else".into(), |message| format!("message {message}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(message: u64, print: Option<u64>, sent_at: i64) -> Known {
        Known { message: Some(message), print, sent_at: Some(sent_at) }
    }

    #[test]
    fn everyone_has_to_hear_the_same_event_at_a_place() {
        let mut room = Room::new("a".into(), 1, 100);
        assert_eq!(room.stands(1, event(7, None, 5)), None);
        assert_eq!(room.stands(1, event(7, Some(1), 5)), None);
        assert!(room.stands(1, event(7, Some(2), 5)).unwrap().contains("two identities"));
        assert!(room.stands(1, event(8, Some(1), 5)).unwrap().contains("message 7 for one and message 8 for another"));
        assert_eq!(room.head, 1);
    }

    #[test]
    fn time_never_goes_back() {
        let mut room = Room::new("a".into(), 1, 100);
        assert_eq!(room.stands(1, event(1, None, 5)), None);
        assert_eq!(room.stands(2, event(2, None, 5)), None);
        assert!(room.stands(3, event(3, None, 4)).is_some());
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut room = Room::new("a".into(), 4096, 4000);
        for seq in 1..=1000 {
            assert_eq!(room.stands(seq, event(seq, None, 0)), None);
            room.keep(seq, b"line", seq);
        }
        assert_eq!((room.known.len(), room.kept.len()), (256, 4));
        assert_eq!(room.kept(1000).map(|kept| kept.sent_us), Some(1000));
        assert!(room.kept(996).is_none() && room.kept(1001).is_none());
    }
}
