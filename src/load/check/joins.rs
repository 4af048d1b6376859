//! Floor 9 · `load`: what a socket is told when it joins, what it reads of the log, and what is missing in the end.

use std::collections::{BTreeMap, BTreeSet};

use super::super::breach::Breach;
use super::super::heard::{Line, Logged, People};
use super::super::place::Place;
use super::{Check, Seat, Told};

impl Check {
    /// Socket `at` is in its room.
    pub(super) fn joined(&mut self, at: usize, read: &Line<'_>, told: &mut Vec<Told>) {
        let seat = &mut self.seats[at];
        let room = &mut self.rooms[seat.room];
        let user = &seat.user;
        if room.name != read.room {
            return self.breaches.add(Breach::Protocol, 1, || format!("{user} wanted {} and is in {}", room.name, read.room));
        }
        if room.epoch.is_empty() {
            room.epoch = read.epoch.to_string();
        }
        room.head = room.head.max(read.head_seq);
        seat.people = People::default();
        read.members.iter().for_each(|member| seat.people.come(&member.username));
        seat.live = true;
        told.push(Told::Joined);
        let resumes = seat.place.next() > 0;
        if room.epoch != read.epoch || (resumes && read.mode != "resumed") {
            let reason = if read.reason.is_empty() { "another log" } else { &*read.reason };
            self.breaches.add(Breach::Lost, 1, || format!("{user} could not resume {}: {reason}", room.name));
            room.epoch = read.epoch.to_string();
            seat.place = Place::at(read.head_seq);
        } else if resumes {
            seat.place.skip_to(read.head_seq);
            self.page(at, &read.events, read.more, told);
        } else {
            seat.place = Place::at(read.head_seq);
        }
    }

    /// Socket `at` reads a page of what it missed.
    pub(super) fn page(&mut self, at: usize, events: &[Logged<'_>], more: bool, told: &mut Vec<Told>) {
        let room = self.seats[at].room;
        let mut before = 0;
        for event in events {
            self.said(at, event.seq, (&event.client_id, &event.text), None, event.sent_at);
            let Seat { place, user, .. } = &mut self.seats[at];
            let name = &self.rooms[room].name;
            if event.seq <= before {
                self.breaches
                    .add(Breach::Disordered, 1, || format!("{name} seq {} on a page of {user} after {before}", event.seq));
            }
            if place.read(event.seq) {
                self.figures.caught_up += 1;
            } else {
                self.breaches.add(Breach::Doubled, 1, || format!("{name} seq {} on a page of {user}, who had it", event.seq));
            }
            before = event.seq;
        }
        if more && before > 0 {
            told.push(Told::ReadOn(before));
        }
    }

    /// The end: whatever is still missing, unanswered or unknown is a promise that was broken.
    pub fn conclude(&mut self) {
        let mut missing: BTreeMap<(usize, u64, u64), Vec<usize>> = BTreeMap::new();
        for (at, seat) in self.seats.iter().enumerate() {
            for range in seat.place.missed(self.rooms[seat.room].head) {
                missing.entry((seat.room, *range.start(), *range.end())).or_default().push(at);
            }
        }
        for ((room, from, to), who) in missing {
            let (room, user) = (&self.rooms[room].name, &self.seats[who[0]].user);
            let seqs = if from == to { from.to_string() } else { format!("{from}–{to}") };
            let others = match who.len() - 1 {
                0 => String::new(),
                others => format!(" and {others} more"),
            };
            let count = (to - from + 1) * who.len() as u64;
            self.breaches.add(Breach::Lost, count, || format!("{room} seq {seqs}: missed by {user}{others}"));
        }
        for Seat { user, room, pending, .. } in &self.seats {
            for number in pending {
                let room = &self.rooms[*room].name;
                self.breaches.add(Breach::Unanswered, 1, || format!("message {number} of {user} in {room}"));
            }
        }
        for other in self.other_people() {
            self.breaches.add(Breach::Members, 1, || other);
        }
    }

    /// Sockets in a room that do not know who is there, in a sentence each: all have to know the same people.
    pub(super) fn other_people(&self) -> Vec<String> {
        let live = || self.seats.iter().filter(|seat| seat.live);
        let mut there: Vec<BTreeSet<&str>> = vec![BTreeSet::new(); self.rooms.len()];
        live().for_each(|seat| {
            there[seat.room].insert(&seat.user);
        });
        let of = |names: BTreeSet<&str>| {
            names.iter().fold(People::default(), |mut people, name| {
                people.come(name);
                people
            })
        };
        let there: Vec<People> = there.into_iter().map(of).collect();
        let others = live().filter(|seat| seat.people != there[seat.room]);
        others
            .map(|seat| {
                let (Seat { user, .. }, told, there) = (seat, seat.people.count, there[seat.room].count);
                let room = &self.rooms[seat.room].name;
                if told == there {
                    format!("{user} in {room} was told {told} members, others than those who are there")
                } else {
                    format!("{user} in {room} was told {told} members, and {there} are there")
                }
            })
            .collect()
    }

    /// How many sockets are in their rooms.
    pub fn live(&self) -> usize {
        self.seats.iter().filter(|seat| seat.live).count()
    }

    /// Whether socket `at` has ever been in its room.
    pub fn has_joined(&self, at: usize) -> bool {
        self.seats[at].place.next() > 0
    }

    /// How many events are missing in the midst of what sockets heard: as it looks by now.
    pub fn missing_now(&self) -> u64 {
        let gaps = self.seats.iter().filter(|seat| !seat.cut).flat_map(|seat| seat.place.gaps());
        gaps.map(|gap| gap.end() - gap.start() + 1).sum()
    }
}
