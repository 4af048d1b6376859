//! Floor 10 · `testing`: how people go and time passes in a room under test.

use std::time::Duration;

use super::{Tab, TestRoom};
use crate::lobby::GRACE;
use crate::room::actor::TICK;
use crate::room::core::Core;
use crate::room::members::Leaving;
use crate::room::seats::{LoseTab, Rise};

impl TestRoom {
    /// `tab` leaves; with the last tab of its user the seat is given up.
    ///
    /// ```
    /// # let mut room = papo::testing::TestRoom::new(papo::App::builder());
    /// let (ana, bia) = (room.join("ana"), room.join("bia"));
    /// room.leave(ana);
    /// assert_eq!(room.hears(bia)[0]["type"], "member_left");
    /// ```
    pub fn leave(&mut self, tab: Tab) {
        let (seat, asker, now) = (self.tabs.get(tab).seat, self.asker(tab), self.now());
        if self.lost(tab) {
            self.core.rise(Rise { seat, why: Leaving::Left, asker: Some(asker), mover: None }, now);
        } else {
            self.core.lose_tab(&LoseTab { seat, place: asker.place, asker: Some(asker) }, now);
        }
        self.go();
        self.stop_if_empty();
    }

    /// The socket of `tab` is lost. With the last of its user the seat is kept for three seconds, within which another may
    /// [`TestRoom::join`].
    ///
    /// ```
    /// # use std::time::Duration;
    /// # let mut room = papo::testing::TestRoom::new(papo::App::builder());
    /// let (ana, bia) = (room.join("ana"), room.join("bia"));
    /// room.loses_socket(ana);
    /// assert!(room.hears(bia).is_empty(), "perhaps it comes back");
    /// room.pass(Duration::from_secs(3));
    /// assert_eq!(room.hears(bia)[0]["reason"], "disconnected");
    /// ```
    pub fn loses_socket(&mut self, tab: Tab) {
        let (seat, place, now) = (self.tabs.get(tab).seat, self.asker(tab).place, self.now());
        if self.lost(tab) {
            self.away.insert(seat, self.passed + GRACE);
        }
        self.core.lose_tab(&LoseTab { seat, place, asker: None }, now);
        self.go();
    }

    /// Time passes: hooks hear of it, and seats that nobody came back to are given up.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # let mut room = papo::testing::TestRoom::new(papo::App::builder());
    /// # let (ana, bia) = (room.join("ana"), room.join("bia"));
    /// room.does(ana, serde_json::json!({"type": "typing", "active": true})).unwrap();
    /// room.pass(Duration::from_secs(6));
    /// assert_eq!(room.hears(bia)[1]["active"], false, "who types no more is no longer typing");
    /// ```
    pub fn pass(&mut self, time: Duration) {
        let end = self.passed + time;
        loop {
            let rise = self.away.iter().map(|(seat, at)| (*at, Some(*seat))).min();
            let tick = self.next_tick.map(|at| (at, None));
            let Some((at, seat)) = rise.into_iter().chain(tick).min().filter(|(at, _)| *at <= end) else { break };
            self.advance(at);
            let now = self.now();
            if let Some(seat) = seat {
                self.away.remove(&seat);
                self.core.rise(Rise { seat, why: Leaving::Disconnected, asker: None, mover: None }, now);
            } else {
                self.next_tick = Some(at + TICK);
                self.core.tick(now);
            }
            self.go();
            self.stop_if_empty();
        }
        self.advance(end);
    }

    /// The server is started anew: nobody is in the room, what was remembered of it is gone, and the log is there.
    ///
    /// ```
    /// # let mut room = papo::testing::TestRoom::new(papo::App::builder());
    /// let ana = room.join("ana");
    /// room.says(ana, "oi").unwrap();
    /// room.restart();
    /// assert_eq!((room.state().members().count(), room.log().len()), (0, 1));
    /// let ana = room.join("ana");
    /// assert_eq!(room.welcome(ana)["head_seq"], 1);
    /// ```
    pub fn restart(&mut self) {
        self.tabs.are_lost();
        self.away.clear();
        self.next_tick = None;
        self.since_open = Duration::ZERO;
        self.reopen();
    }

    pub(super) fn reopen(&mut self) {
        self.core = Core::new(self.log.state(), self.hooks.clone());
        let now = self.now();
        self.core.open(self.log.state(), now);
        self.go();
    }

    /// Takes `tab` out; whether it was the last of its seat.
    fn lost(&mut self, tab: Tab) -> bool {
        let open = self.tabs.get_mut(tab);
        assert!(std::mem::replace(&mut open.in_room, false), "this tab is in the room no more");
        let seat = open.seat;
        self.tabs.all().all(|open| open.seat != seat || !open.in_room)
    }

    fn stop_if_empty(&mut self) {
        if self.core.state().members().next().is_none() {
            self.next_tick = None;
        }
    }

    fn advance(&mut self, to: Duration) {
        self.since_open += to.saturating_sub(self.passed);
        self.passed = to;
    }
}
