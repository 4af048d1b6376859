//! Floor 9 · `load`: holds what every socket hears against what the protocol promises. It knows no network and no clock.

mod joins;
mod said;

use std::collections::{BTreeMap, VecDeque};

use super::breach::{Breach, Breaches};
use super::figures::Figures;
use super::heard::{self, Line, People, Stub};
use super::place::Place;
use super::room::{Known, Room};
use super::sent::{FIRST, Sent};

/// Commands of a socket that are no messages.
pub const JOIN: u64 = 1;
pub const LEAVE: u64 = 2;
pub const PAGE: u64 = 3;
/// Bytes of a line that are shown where it is not understood.
const SHOWN_BYTES: usize = 120;

/// What a socket has to do about what it heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It may join.
    Hello,
    /// It is in its room.
    Joined,
    /// There is more in the log after this `seq`.
    ReadOn(u64),
    /// It has left its room.
    Left,
    /// It has to say that it is there.
    Ping,
    /// It may not join, and why.
    Refused(String),
}

/// One socket, as the check sees it.
#[derive(Debug, Default)]
pub struct Seat {
    pub user: String,
    pub room: usize,
    place: Place,
    /// Whether it is in the room and hears it.
    live: bool,
    /// Whether the server ended it.
    cut: bool,
    people: People,
    /// Messages without an answer, in the order in which they were sent.
    pub pending: VecDeque<u64>,
}

/// All rooms and sockets of a test.
pub struct Check {
    pub rooms: Vec<Room>,
    pub seats: Vec<Seat>,
    pub sent: Sent,
    pub breaches: Breaches,
    /// Messages that were refused, by code.
    pub refused: BTreeMap<String, u64>,
    pub figures: Figures,
}

impl Check {
    /// A socket for each of `users`, with its room; `bytes` in each message.
    pub fn new(names: Vec<String>, users: Vec<(String, usize)>, bytes: usize) -> Self {
        let count = names.len();
        let rooms = names.into_iter().map(|name| Room::new(name, count, bytes)).collect();
        let seats = users.into_iter().map(|(user, room)| Seat { user, room, ..Seat::default() }).collect();
        let (sent, figures) = (Sent::new(bytes), Figures::default());
        Self { rooms, seats, sent, breaches: Breaches::default(), refused: BTreeMap::new(), figures }
    }

    /// Socket `at` says something new: its number.
    pub fn says(&mut self, at: usize, now_us: u64) -> u64 {
        let number = self.sent.add(now_us);
        self.seats[at].pending.push_back(number);
        self.figures.sent += 1;
        number
    }

    /// The command with which socket `at` joins, and resumes where it has been before.
    pub fn join(&self, at: usize) -> String {
        let seat = &self.seats[at];
        let room = &self.rooms[seat.room];
        let since = seat
            .place
            .next()
            .checked_sub(1)
            .map(|seq| format!(r#","since":{{"epoch":"{}","seq":{seq}}},"limit":200"#, room.epoch));
        format!(r#"{{"type":"join","id":{JOIN},"room":"{}"{}}}"#, room.name, since.unwrap_or_default())
    }

    /// Socket `at` is out of its room: it left, or its connection ended.
    pub fn away(&mut self, at: usize) {
        self.seats[at].live = false;
    }

    /// The server ended socket `at`, which will not come back.
    pub fn cut(&mut self, at: usize, how: &str) {
        let seat = &mut self.seats[at];
        (seat.live, seat.cut) = (false, true);
        let room = &self.rooms[seat.room].name;
        self.breaches.add(Breach::Cut, 1, || format!("{} in {room}: {how}", seat.user));
    }

    /// Whether everything has come that is known of: what was sent is answered, every socket is at the end of its room and knows
    /// who is there.
    pub fn is_settled(&self) -> bool {
        let mut staying = self.seats.iter().filter(|seat| !seat.cut);
        let came = |seat: &Seat| {
            let missing = !seat.place.missed(self.rooms[seat.room].head).is_empty();
            seat.live && seat.pending.is_empty() && !missing
        };
        staying.all(came) && self.other_people().is_empty()
    }

    /// Socket `at` heard a frame of text.
    pub fn hears(&mut self, at: usize, text: &[u8], now_us: u64, told: &mut Vec<Told>) {
        let mut rest = text;
        while !rest.is_empty() {
            let length = self.hears_again(at, rest, now_us).unwrap_or_else(|| {
                let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                self.hears_line(at, &rest[..length], now_us, told);
                length
            });
            rest = rest.get(length + 1..).unwrap_or_default();
        }
    }

    /// The length of the first line if it is, byte for byte, what others heard at the place where this socket is. Nearly all are:
    /// what the line says was read with the first of them.
    fn hears_again(&mut self, at: usize, rest: &[u8], now_us: u64) -> Option<usize> {
        let seat = self.seats.get_mut(at).filter(|seat| seat.live)?;
        let kept = self.rooms[seat.room].kept(seat.place.next())?;
        let length = kept.line.len();
        let same = rest.starts_with(&kept.line) && matches!(rest.get(length), None | Some(b'\n'));
        same.then(|| {
            seat.place.step();
            self.figures.delivered(now_us.saturating_sub(kept.sent_us));
            length
        })
    }

    fn hears_line(&mut self, at: usize, line: &[u8], now_us: u64, told: &mut Vec<Told>) {
        if line.trim_ascii().is_empty() || heard::is_of_no_interest(line) {
            return;
        }
        let Ok(read) = serde_json::from_slice::<Line<'_>>(line) else {
            return self.hears_stranger(at, line);
        };
        match &*read.kind {
            "message" => self.message(at, &read, line, now_us),
            "ok" => self.ok(at, &read, now_us, told),
            "error" => self.error(at, &read, told),
            "member_joined" => self.seats[at].people.come(&read.member.username),
            "member_left" => self.seats[at].people.go(&read.username),
            "ping" => told.push(Told::Ping),
            "hello" => told.push(Told::Hello),
            "rooms" | "typing" | "notice" | "moved" => {}
            _ => self.hears_stranger(at, line),
        }
    }

    /// An event of an extension has a place like any other; anything else nobody knows.
    fn hears_stranger(&mut self, at: usize, line: &[u8]) {
        match serde_json::from_slice::<Stub<'_>>(line) {
            Ok(stub) if stub.kind.contains('.') => {
                if let Some(seq) = stub.seq {
                    self.stands(at, seq, Known { message: None, print: None, sent_at: None });
                    self.arrives(at, seq);
                }
            }
            _ => {
                let shown = String::from_utf8_lossy(&line[..line.len().min(SHOWN_BYTES)]).into_owned();
                self.breaches.add(Breach::Protocol, 1, || shown);
            }
        }
    }

    fn ok(&mut self, at: usize, read: &Line<'_>, now_us: u64, told: &mut Vec<Told>) {
        match read.answers() {
            Some(JOIN) => self.joined(at, read, told),
            Some(LEAVE) => told.push(Told::Left),
            Some(PAGE) => self.page(at, read.events.as_slice(), read.more, told),
            Some(number) if number >= FIRST => self.answered(at, number, read, now_us),
            _ => self.breaches.add(Breach::Protocol, 1, || "an ok that answers nothing".into()),
        }
    }

    fn error(&mut self, at: usize, read: &Line<'_>, told: &mut Vec<Told>) {
        match read.answers() {
            Some(JOIN) => told.push(Told::Refused(format!("{}: {}", read.code, read.message))),
            Some(number) if number >= FIRST => {
                self.settle(at, number);
                *self.refused.entry(read.code.clone().into_owned()).or_default() += 1;
                if !matches!(&*read.code, "rate_limited" | "busy") {
                    let user = &self.seats[at].user;
                    self.breaches
                        .add(Breach::Protocol, 1, || format!("message {number} of {user}: {}, {}", read.code, read.message));
                }
            }
            _ => {
                let user = &self.seats[at].user;
                self.breaches.add(Breach::Protocol, 1, || format!("{user}: {}, {}", read.code, read.message));
            }
        }
    }
}

#[cfg(test)]
mod tests;
