//! Floor 4 · `room/seats`: who sits down and who gets up. Only the lobby says so, and each room hears it in order.

use std::sync::Arc;

use actix::prelude::*;

use crate::fanout::Place;
use crate::ids::SeatId;
use crate::room::actor::Room;
use crate::room::line::{Answer, Ask, Asker, Out, Turn};
use crate::room::members::{self, Leaving};
use crate::room::post::{Tabs, Whom};
use crate::room::state::Member;
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

impl Room {
    /// All sockets of `seat`, also those that wait for their welcome.
    pub(super) fn places(&self, seat: SeatId) -> Vec<Place> {
        let of = |tabs: &Tabs| tabs.get(&seat).cloned().unwrap_or_default();
        [of(&self.tabs), of(&self.arriving)].concat()
    }

    /// Lets `place` hear the room from here on.
    pub(super) fn attach(&mut self, seat: SeatId, place: Place) {
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

    fn sit(&mut self, sit: Sit) -> Turn {
        let Sit { seat, user, since, tab } = sit;
        let mut turn = Turn::of(Vec::new());
        if !self.state.members.contains_key(&seat) {
            let member = Member { seat, user, since };
            // Told only where it is news: a seat that is put back was never seen to leave.
            if tab.is_some() {
                let joined = members::joined(&member, &self.state);
                turn.outs.push(Out::Tell(Whom::AllBut(seat), joined.json.into(), joined.passing));
            }
            turn.outs.push(Out::Enter(member.clone()));
            self.state.members.insert(seat, member);
        }
        if let Some((asker, ask)) = tab {
            if !self.places(seat).contains(&asker.place) {
                self.arriving.entry(seat).or_default().push(asker.place);
            }
            turn.asker = Some(asker);
            turn.answer = Answer::Welcome(seat, ask);
        }
        turn
    }

    fn rise(&mut self, rise: Rise) -> Turn {
        let Rise { seat, why, asker, mover } = rise;
        let mut turn = Turn::of(Vec::new());
        turn.asker = asker;
        if let Some(member) = self.state.members.get(&seat).cloned() {
            turn.outs = self.hooks(Some(seat), |behaviour, state| (behaviour.gone)(&member, state));
            self.state.members.remove(&seat);
            let moved = match (&why, mover) {
                (Leaving::Moved(to), Some(mover)) => Some((mover, members::moved(to, &self.state).json.into())),
                _ => None,
            };
            let left = members::left(&member, &why, &self.state);
            turn.outs.push(Out::Exit(seat, moved));
            turn.outs.push(Out::Tell(Whom::AllBut(seat), left.json.into(), left.passing));
        }
        turn
    }

    fn lose_tab(&mut self, lost: &LoseTab) -> Turn {
        let mut turn = Turn::of(Vec::new());
        turn.asker = lost.asker;
        let is_last = self.places(lost.seat) == [lost.place];
        if let Some(member) = self.state.members.get(&lost.seat).cloned().filter(|_| is_last) {
            turn.outs = self.hooks(Some(lost.seat), |behaviour, state| (behaviour.gone)(&member, state));
        }
        turn.outs.push(Out::Detach(lost.seat, lost.place));
        turn
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

impl Handler<Sit> for Room {
    type Result = ();

    fn handle(&mut self, sit: Sit, context: &mut Self::Context) {
        let turn = self.sit(sit);
        self.wind_clock(context);
        self.add(turn, context);
    }
}

impl Handler<TabAgain> for Room {
    type Result = ();

    fn handle(&mut self, tab: TabAgain, context: &mut Self::Context) {
        self.attach(tab.seat, tab.place);
        self.plan_flush(context);
    }
}

impl Handler<Rise> for Room {
    type Result = ();

    fn handle(&mut self, rise: Rise, context: &mut Self::Context) {
        let turn = self.rise(rise);
        self.wind_clock(context);
        self.add(turn, context);
    }
}

impl Handler<LoseTab> for Room {
    type Result = ();

    fn handle(&mut self, lost: LoseTab, context: &mut Self::Context) {
        let turn = self.lose_tab(&lost);
        self.add(turn, context);
    }
}
