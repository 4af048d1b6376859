//! Floor 9 · `load`: how far one socket has heard its room, and what it missed.

use std::ops::RangeInclusive;

/// How an event came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Came {
    /// It was the next one.
    Next,
    /// Something before it has not come.
    AfterGap,
    /// It had been missed, and something after it came first.
    Late,
    /// It had come before.
    Again,
}

/// The place of a socket in the log of its room.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The `seq` that comes next; 0 before the first join.
    next: u64,
    /// What is missing before that, in order.
    missing: Vec<RangeInclusive<u64>>,
}

impl Place {
    /// It joined a room whose newest event is `head`, and wants what comes after.
    pub fn at(head: u64) -> Self {
        Self { next: head + 1, missing: Vec::new() }
    }

    /// The `seq` that it waits for, once it has joined.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// It heard the event it waited for.
    pub fn step(&mut self) {
        self.next += 1;
    }

    /// It heard `seq`.
    pub fn heard(&mut self, seq: u64) -> Came {
        if seq == self.next {
            self.next += 1;
            return Came::Next;
        }
        if seq > self.next {
            self.missing.push(self.next..=seq - 1);
            self.next = seq + 1;
            return Came::AfterGap;
        }
        if self.take(seq) { Came::Late } else { Came::Again }
    }

    /// Everything up to `head` is to come on pages of the log; what is live begins after that.
    pub fn skip_to(&mut self, head: u64) {
        if self.next <= head {
            self.missing.push(self.next..=head);
            self.next = head + 1;
        }
    }

    /// It read `seq` on a page of the log; whether it was missing.
    pub fn read(&mut self, seq: u64) -> bool {
        self.take(seq)
    }

    /// What is missing now that the room has said everything up to `head`.
    pub fn missed(&self, head: u64) -> Vec<RangeInclusive<u64>> {
        let rest = (self.next..=head).clone();
        let rest = (self.next > 0 && !rest.is_empty()).then_some(rest);
        self.missing.iter().cloned().chain(rest).collect()
    }

    /// What is missing in the midst.
    pub fn gaps(&self) -> &[RangeInclusive<u64>] {
        &self.missing
    }

    fn take(&mut self, seq: u64) -> bool {
        let Some(at) = self.missing.iter().position(|range| range.contains(&seq)) else { return false };
        let range = self.missing.remove(at);
        let parts = [*range.start()..=seq - 1, seq + 1..=*range.end()];
        for part in parts.into_iter().rev().filter(|part| !part.is_empty()) {
            self.missing.insert(at, part);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(seqs: &[u64]) -> (Vec<Came>, Place) {
        let mut place = Place::at(10);
        let came = seqs.iter().map(|seq| place.heard(*seq)).collect();
        (came, place)
    }

    #[test]
    fn one_after_the_other_is_in_order() {
        let (came, place) = heard(&[11, 12, 13]);
        assert_eq!(came, [Came::Next; 3]);
        assert_eq!(place.missed(13), []);
        assert_eq!(place.missed(15), [14..=15]);
        assert_eq!(Place::default().missed(15), [], "who never joined misses nothing");
    }

    #[test]
    fn what_does_not_come_is_missed() {
        let (came, place) = heard(&[11, 14, 16]);
        assert_eq!(came, [Came::Next, Came::AfterGap, Came::AfterGap]);
        assert_eq!(place.missed(16), [12..=13, 15..=15]);
    }

    #[test]
    fn what_comes_late_is_not_missed_and_what_comes_again_is_told() {
        let (came, place) = heard(&[13, 12, 12, 13, 9]);
        assert_eq!(came, [Came::AfterGap, Came::Late, Came::Again, Came::Again, Came::Again]);
        assert_eq!(place.missed(13), [11..=11]);
    }

    #[test]
    fn pages_fill_what_was_skipped_while_live_events_come() {
        let (_, mut place) = heard(&[11]);
        place.skip_to(14);
        assert_eq!(place.heard(15), Came::Next);
        assert!([12, 13].iter().all(|seq| place.read(*seq)));
        assert_eq!(place.missed(15), [14..=14]);
        assert!(!place.read(13));
        place.skip_to(15);
        assert_eq!(place.missed(15), [14..=14], "there is nothing to skip");
    }
}
