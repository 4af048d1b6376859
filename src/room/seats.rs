//! Floor 4 · `room/seats`: who sits down and who gets up. Only the lobby says so, and each room hears it in order.

use std::sync::Arc;

use actix::prelude::*;

use crate::fanout::Place;
use crate::ids::SeatId;
use crate::metrics::counted;
use crate::room::actor::Room;
use crate::room::core::Core;
use crate::room::line::{Answer, Ask, Asker, Out, Turn};
use crate::room::members::{self, Leaving};
use crate::room::post::{Tabs, Whom};
use crate::room::stamp::unsigned;
use crate::room::state::{Member, Moment};
use crate::user::User;

/// This socket joins with this seat, which may be new. Lobby → Room; the socket gets the welcome.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Sit {
    /// The seat.
    pub seat: SeatId,
    /// Whose it is.
    pub user: Arc<User>,
    /// When it was given, in milliseconds since 1970.
    pub since: i64,
    /// The socket, and the command to answer; `None` puts a seat back that a room lost with its actor.
    pub tab: Option<(Asker, Ask)>,
}

/// This tab hears the room as before; its room had died. Lobby → Room.
#[derive(Message)]
#[rtype(result = "()")]
pub struct TabAgain {
    /// The seat.
    pub seat: SeatId,
    /// The tab.
    pub place: Place,
}

/// This seat is given up, with all of its tabs. Lobby → Room.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Rise {
    /// The seat.
    pub seat: SeatId,
    /// Why.
    pub why: Leaving,
    /// The command to answer, if it was one.
    pub asker: Option<Asker>,
    /// The tab that moved on and needs not be told.
    pub mover: Option<Place>,
}

/// This tab is gone, its seat stays. Lobby → Room.
#[derive(Message)]
#[rtype(result = "()")]
pub struct LoseTab {
    /// The seat.
    pub seat: SeatId,
    /// The tab.
    pub place: Place,
    /// The command to answer, if it was one.
    pub asker: Option<Asker>,
}

impl Core {
    /// All sockets of `seat`, also those that wait for their welcome.
    pub(super) fn places(&self, seat: SeatId) -> Vec<Place> {
        let of = |tabs: &Tabs| tabs.get(&seat).cloned().unwrap_or_default();
        [of(&self.tabs), of(&self.arriving)].concat()
    }

    /// Lets `place` hear the room from here on.
    pub fn attach(&mut self, seat: SeatId, place: Place) {
        self.post.attach(place, seat, &self.tabs);
        take_out(&mut self.arriving, seat, place);
        let tabs = self.tabs.entry(seat).or_default();
        if !tabs.contains(&place) {
            tabs.push(place);
        }
    }

    /// Lets `place` hear no more of the room.
    pub(super) fn detach(&mut self, seat: SeatId, place: Place) {
        self.post.detach(place, &self.tabs);
        take_out(&mut self.tabs, seat, place);
        take_out(&mut self.arriving, seat, place);
    }

    /// A socket joins.
    pub fn sit(&mut self, sit: Sit, now: Moment) {
        let Sit { seat, user, since, tab } = sit;
        let member = Member { seat, user, since };
        let is_new = !self.state.members.contains_key(&seat);
        // News only where it is told: a seat that is put back was never seen to leave.
        let is_news = is_new && tab.is_some();
        let mut turn = Turn::of(None);
        if is_news {
            turn.outs.push(self.told(Whom::AllBut(seat), &members::joined(&member)));
        }
        if is_new {
            turn.outs.push(Out::Enter(member.clone()));
            self.state.members.insert(seat, member.clone());
        }
        if let Some((asker, ask)) = tab {
            if !self.places(seat).contains(&asker.place) {
                self.arriving.entry(seat).or_default().push(asker.place);
            }
            turn.asker = Some(asker);
            turn.answer = Answer::Welcome(seat, ask);
        }
        self.line.add(turn);
        if is_news {
            // A turn of its own, so that the newcomer hears it, too.
            let mut turn = Turn::of(None);
            self.call(&mut turn, Some(seat), now, |hooks, state| hooks.on_join(&member, now, state));
            self.line.add(turn);
        }
    }

    /// A seat is given up.
    pub fn rise(&mut self, rise: Rise, now: Moment) {
        let Rise { seat, why, asker, mover } = rise;
        let mut turn = Turn::of(asker);
        if let Some(member) = self.state.members.get(&seat).cloned() {
            self.call(&mut turn, Some(seat), now, |hooks, state| hooks.on_leave(&member, now, state));
            self.state.members.remove(&seat);
            let moved = match (&why, mover) {
                (Leaving::Moved(to), Some(mover)) => {
                    Some((mover, unsigned(&members::moved(to, &self.state), &self.state).into()))
                }
                _ => None,
            };
            turn.outs.push(Out::Exit(seat, moved));
            turn.outs.push(self.told(Whom::AllBut(seat), &members::left(&member, &why)));
        }
        self.line.add(turn);
    }

    /// A socket is gone, or has left while others of its seat stay.
    pub fn lose_tab(&mut self, lost: &LoseTab, now: Moment) {
        let mut turn = Turn::of(lost.asker);
        let is_last = self.places(lost.seat) == [lost.place];
        if let Some(member) = self.state.members.get(&lost.seat).cloned().filter(|_| is_last) {
            self.call(&mut turn, Some(lost.seat), now, |hooks, state| hooks.on_away(&member, now, state));
        }
        turn.outs.push(Out::Detach(lost.seat, lost.place));
        self.line.add(turn);
    }
}

fn take_out(tabs: &mut Tabs, seat: SeatId, place: Place) {
    if let Some(of_seat) = tabs.get_mut(&seat) {
        of_seat.retain(|tab| *tab != place);
        if of_seat.is_empty() {
            tabs.remove(&seat);
        }
    }
}

counted!(Room: Sit, Rise, LoseTab);

impl Handler<Sit> for Room {
    type Result = ();

    fn handle(&mut self, sit: Sit, context: &mut Self::Context) {
        let now = self.now();
        self.core.sit(sit, now);
        self.wind_clock(context);
        self.plan_flush(context);
    }
}

impl Handler<TabAgain> for Room {
    type Result = ();

    fn handle(&mut self, tab: TabAgain, context: &mut Self::Context) {
        self.core.attach(tab.seat, tab.place);
        self.plan_flush(context);
    }
}

impl Handler<Rise> for Room {
    type Result = ();

    fn handle(&mut self, rise: Rise, context: &mut Self::Context) {
        let now = self.now();
        self.core.rise(rise, now);
        self.wind_clock(context);
        self.plan_flush(context);
    }
}

impl Handler<LoseTab> for Room {
    type Result = ();

    fn handle(&mut self, lost: LoseTab, context: &mut Self::Context) {
        let now = self.now();
        self.core.lose_tab(&lost, now);
        self.plan_flush(context);
    }
}
