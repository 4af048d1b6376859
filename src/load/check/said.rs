//! Floor 9 · `load`: what is said: each message at one place, the same for all, and an answer for whoever said it.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::super::breach::Breach;
use super::super::heard::Line;
use super::super::place::Came;
use super::super::room::Known;
use super::{Check, Seat};

impl Check {
    pub(super) fn message(&mut self, at: usize, read: &Line<'_>, line: &[u8], now_us: u64) {
        let room = self.seats[at].room;
        if self.rooms[room].name != read.room {
            let Seat { user, .. } = &self.seats[at];
            return self
                .breaches
                .add(Breach::Protocol, 1, || format!("{user} heard a message of {}, where it is not", read.room));
        }
        let Some(seq) = read.seq.filter(|seq| *seq > 0) else {
            return self.breaches.add(Breach::Protocol, 1, || "a message without a seq".into());
        };
        let print = read.id.map(|id| print_of(id.get()));
        let sent_us = self.said(at, seq, (&read.client_id, &read.text), print, read.sent_at);
        if self.arrives(at, seq)
            && let Some(sent_us) = sent_us
        {
            self.figures.delivered(now_us.saturating_sub(sent_us));
            self.rooms[room].keep(seq, line, sent_us);
        }
    }

    /// What `seq` is, as socket `at` heard it: `client_id` and text; when it was sent, if it is a message of this test.
    pub(super) fn said(
        &mut self,
        at: usize,
        seq: u64,
        (client_id, text): (&str, &str),
        print: Option<u64>,
        sent_at: i64,
    ) -> Option<u64> {
        let room = self.seats[at].room;
        let number = client_id.parse::<u64>().ok();
        let message = number.and_then(|number| self.sent.get(number));
        let sent_us = message.as_ref().map(|message| message.sent_us);
        let message = number.filter(|_| sent_us.is_some());
        self.stands(at, seq, Known { message, print, sent_at: Some(sent_at) });
        if let Some(number) = message {
            self.stands_once(room, number, seq);
            if !self.sent.said(number, text) {
                let (room, user) = (&self.rooms[room].name, &self.seats[at].user);
                self.breaches.add(Breach::Altered, 1, || format!("{room} seq {seq}, message {number}, as {user} heard it"));
            }
        }
        sent_us
    }

    /// Message `number` stands at `seq`, and nowhere else.
    fn stands_once(&mut self, room: usize, number: u64, seq: u64) {
        let Some(message) = self.sent.get(number) else { return };
        if message.seq == 0 {
            message.seq = seq;
        } else if message.seq != seq {
            let (room, first) = (&self.rooms[room].name, message.seq);
            self.breaches
                .add(Breach::Doubled, 1, || format!("{room}: message {number} was kept as seq {first} and as seq {seq}"));
        }
    }

    pub(super) fn stands(&mut self, at: usize, seq: u64, event: Known) {
        let seat = &self.seats[at];
        let room = &mut self.rooms[seat.room];
        if let Some(wrong) = room.stands(seq, event) {
            self.breaches.add(Breach::Disordered, 1, || format!("{} seq {seq} {wrong}, as {} heard it", room.name, seat.user));
        }
    }

    /// Socket `at` heard `seq`, live; whether that was at its place.
    pub(super) fn arrives(&mut self, at: usize, seq: u64) -> bool {
        let seat = &mut self.seats[at];
        let next = seat.place.next();
        let came = seat.place.heard(seq);
        let (room, user) = (&self.rooms[seat.room].name, &seat.user);
        match came {
            // What a gap lacks is told at the end, when it has not come late.
            Came::Next | Came::AfterGap => return true,
            Came::Late => {
                self.breaches.add(Breach::Disordered, 1, || format!("{room} seq {seq} came to {user} after seq {}", next - 1));
            }
            Came::Again => self.breaches.add(Breach::Doubled, 1, || format!("{room} seq {seq} came to {user} again")),
        }
        false
    }

    pub(super) fn answered(&mut self, at: usize, number: u64, read: &Line<'_>, now_us: u64) {
        if !self.settle(at, number) {
            return;
        }
        let Some(seq) = read.seq.filter(|seq| *seq > 0) else {
            return self.breaches.add(Breach::Protocol, 1, || format!("an ok of message {number} without a seq"));
        };
        let room = self.seats[at].room;
        self.stands_once(room, number, seq);
        if let Some(message) = self.sent.get(number) {
            let us = now_us.saturating_sub(message.sent_us);
            self.figures.answers.saturating_record(us.max(1));
        }
        // What was repeated stands where it stood: it has been heard, on a page or live.
        if !read.duplicate {
            self.stands(at, seq, Known { message: Some(number), print: None, sent_at: Some(read.sent_at) });
            self.arrives(at, seq);
        }
    }

    /// Message `number` of socket `at` has its answer; whether it was the one that is due.
    pub(super) fn settle(&mut self, at: usize, number: u64) -> bool {
        if let Some(message) = self.sent.get(number) {
            message.settled = true;
        }
        let Seat { pending, user, .. } = &mut self.seats[at];
        let place = pending.iter().position(|pending| *pending == number);
        match place {
            None => self.breaches.add(Breach::Protocol, 1, || format!("{user} was answered on message {number} again")),
            Some(place) => {
                pending.remove(place);
                if place > 0 {
                    self.breaches
                        .add(Breach::Disordered, 1, || format!("{user} was answered on message {number} before {}", pending[0]));
                }
            }
        }
        place.is_some()
    }
}

fn print_of(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
}
