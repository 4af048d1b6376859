//! Floor 6 · `lobby/seats`: one seat a user. All tabs of a user in a room share it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use crate::clock::now_ms;
use crate::codes::Code;
use crate::fanout::Place;
use crate::ids::{RoomId, SeatId, UserId};
use crate::lobby::Lobby;
use crate::lobby::rooms::RoomView;
use crate::names::RoomName;
use crate::room::Room;
use crate::room::line::{Ask, Asker};
use crate::room::members::Leaving;
use crate::room::seats::{LoseTab, Rise, Sit};
use crate::user::User;
use crate::wire;

/// How long a seat without a socket is kept: a reload or a bad network comes back within it. Protocol, "Commands".
pub const GRACE: Duration = Duration::from_secs(3);

/// Join a room, leaving any other. Session → Lobby; the room answers the socket, and the session hears of its seat first.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Join {
    /// Which room; it is opened if need be.
    pub room: RoomName,
    /// For this socket.
    pub asker: Asker,
    /// What it wants to see.
    pub ask: Ask,
    /// Whether it only shares the seat that its user has in this room: without one it is refused, and nobody moves.
    pub sharing: bool,
    /// The session.
    pub session: Recipient<Seated>,
}

/// This is your seat, and where to send what you do in it. Lobby → Session.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Seated {
    /// The seat.
    pub seat: SeatId,
    /// The room.
    pub room: Addr<Room>,
}

/// Leave the room. Session → Lobby; the room answers the socket.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Leave(pub Asker);

/// In which room a user is. Web → Lobby.
#[derive(Message)]
#[rtype(result = "Option<RoomId>")]
pub struct WhereIs(pub UserId);

/// The same, as clients see a room in a list. Web → Lobby.
#[derive(Message)]
#[rtype(result = "Option<RoomView>")]
pub struct RoomOf(pub UserId);

struct Taken {
    seat: SeatId,
    user: Arc<User>,
    room: RoomId,
    since: i64,
    tabs: Vec<Place>,
    /// Runs while there is no tab.
    grace: Option<SpawnHandle>,
}

/// Who sits where.
#[derive(Default)]
pub(super) struct Seats {
    taken: HashMap<UserId, Taken>,
    last: u64,
}

impl Seats {
    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.taken.len()
    }

    /// Everyone in `room`.
    fn in_room<'a>(&'a self, room: &'a RoomId) -> impl Iterator<Item = &'a Taken> {
        self.taken.values().filter(move |taken| taken.room == *room)
    }
}

impl Lobby {
    pub(super) fn join(&mut self, join: Join, context: &mut Context<Self>) {
        let Join { room: name, asker, ask, session, .. } = join;
        // Whose command it is, is what the lobby knows of the socket, never what a client says.
        let Some(user) = self.present.get(&asker.place.session).map(|present| present.login.user.clone()) else { return };
        if self.seats.taken.get(&user.id).is_some_and(|taken| taken.room != *name.id()) {
            self.rise(user.id, Leaving::Moved(name.id().clone()), None, Some(asker.place), context);
        }
        let room = self.room(&name, context);
        let taken = self.seats.taken.entry(user.id).or_insert_with(|| {
            self.seats.last += 1;
            self.rooms.sat_down(name.id());
            tracing::info!(event = "JOIN", user = %user.username, room = %name.id());
            Taken {
                seat: SeatId(self.seats.last),
                user: user.clone(),
                room: name.id().clone(),
                since: now_ms(),
                tabs: Vec::new(),
                grace: None,
            }
        });
        if !taken.tabs.contains(&asker.place) {
            taken.tabs.push(asker.place);
        }
        if let Some(grace) = taken.grace.take() {
            context.cancel_future(grace);
        }
        let (seat, since) = (taken.seat, taken.since);
        session.do_send(Seated { seat, room: room.clone() });
        self.around.metrics.mailboxes.rooms.post(&room, Sit { seat, user, since, tab: Some((asker, ask)) });
        self.announce_rooms(context);
    }

    /// Whether the user of the one who joins has a seat in that room already.
    fn sits_in(&self, join: &Join) -> bool {
        let user = self.present.get(&join.asker.place.session).map(|present| present.login.user.id);
        let taken = user.and_then(|user| self.seats.taken.get(&user));
        taken.is_some_and(|taken| taken.room == *join.room.id())
    }

    fn leave(&mut self, asker: Asker, context: &mut Context<Self>) {
        let user = self.present.get(&asker.place.session).map(|present| present.login.user.id);
        let Some((user, last)) = user.and_then(|user| Some((user, self.give_up_tab(user, asker.place)?))) else {
            return self.refuse(asker, Code::NotInRoom);
        };
        if last {
            self.rise(user, Leaving::Left, Some(asker), None, context);
        } else {
            self.lose_tab(user, asker.place, Some(asker));
        }
    }

    /// Answers a command that reaches no room.
    fn refuse(&self, asker: Asker, code: Code) {
        self.around.metrics.commands.count(asker.kind, Some(code));
        self.around.fanouts.answer(asker.place, Some(&wire::error(asker.id, &code.into())));
    }

    /// A socket was lost: its seat is kept for a while, if it may come back.
    pub(super) fn lose_socket(&mut self, user: UserId, place: Place, may_return: bool, context: &mut Context<Self>) {
        let Some(last) = self.give_up_tab(user, place) else { return };
        if last && !may_return {
            return self.rise(user, Leaving::Disconnected, None, None, context);
        }
        self.lose_tab(user, place, None);
        if last && let Some(taken) = self.seats.taken.get_mut(&user) {
            taken.grace = Some(context.run_later(GRACE, move |lobby, context| {
                lobby.rise(user, Leaving::Disconnected, None, None, context);
            }));
        }
    }

    /// A socket was signed out: its seat is not kept.
    pub(super) fn sign_out_socket(&mut self, user: UserId, place: Place, context: &mut Context<Self>) {
        match self.give_up_tab(user, place) {
            Some(true) => self.rise(user, Leaving::SignedOut, None, None, context),
            Some(false) => self.lose_tab(user, place, None),
            None => {}
        }
    }

    /// Takes `place` off the tabs of its seat; whether it was the last. `None` if it had no seat.
    fn give_up_tab(&mut self, user: UserId, place: Place) -> Option<bool> {
        let tabs = &mut self.seats.taken.get_mut(&user)?.tabs;
        let index = tabs.iter().position(|tab| *tab == place)?;
        tabs.swap_remove(index);
        Some(tabs.is_empty())
    }

    fn lose_tab(&self, user: UserId, place: Place, asker: Option<Asker>) {
        if let Some(taken) = self.seats.taken.get(&user)
            && let Some(room) = self.rooms.address(&taken.room)
        {
            self.around.metrics.mailboxes.rooms.post(room, LoseTab { seat: taken.seat, place, asker });
        }
    }

    pub(super) fn rise(
        &mut self,
        user: UserId,
        why: Leaving,
        asker: Option<Asker>,
        mover: Option<Place>,
        context: &mut Context<Self>,
    ) {
        let Some(taken) = self.seats.taken.remove(&user) else { return };
        tracing::info!(event = "LEAVE", user = %taken.user.username, room = %taken.room, reason = why.word());
        if let Some(grace) = taken.grace {
            context.cancel_future(grace);
        }
        if let Some(room) = self.rooms.address(&taken.room) {
            self.around.metrics.mailboxes.rooms.post(room, Rise { seat: taken.seat, why, asker, mover });
        }
        self.got_up(&taken.room, context);
        self.announce_rooms(context);
    }

    pub(super) fn is_seated(&self, user: UserId) -> bool {
        self.seats.taken.contains_key(&user)
    }

    /// Seats everyone of `id` again: its actor had died, and this is a new one.
    pub(super) fn seat_again(&self, id: &RoomId, room: &Addr<Room>) {
        for taken in self.seats.in_room(id) {
            room.do_send(Sit { seat: taken.seat, user: taken.user.clone(), since: taken.since, tab: None });
            for place in &taken.tabs {
                room.do_send(crate::room::seats::TabAgain { seat: taken.seat, place: *place });
            }
        }
    }
}

impl Handler<Join> for Lobby {
    type Result = ();

    fn handle(&mut self, join: Join, context: &mut Self::Context) {
        if join.sharing && !self.sits_in(&join) {
            return self.refuse(join.asker, Code::NotInRoom);
        }
        match self.rooms.admit(join) {
            Ok(Some(join)) => self.join(join, context),
            // It waits until the old room of that name is gone.
            Ok(None) => {}
            Err((asker, code)) => self.refuse(asker, code),
        }
    }
}

impl Handler<Leave> for Lobby {
    type Result = ();

    fn handle(&mut self, Leave(asker): Leave, context: &mut Self::Context) {
        self.leave(asker, context);
    }
}

impl Handler<WhereIs> for Lobby {
    type Result = Option<RoomId>;

    fn handle(&mut self, WhereIs(user): WhereIs, _: &mut Self::Context) -> Self::Result {
        self.seats.taken.get(&user).map(|taken| taken.room.clone())
    }
}

impl Handler<RoomOf> for Lobby {
    type Result = Option<RoomView>;

    fn handle(&mut self, RoomOf(user): RoomOf, _: &mut Self::Context) -> Self::Result {
        let taken = self.seats.taken.get(&user)?;
        self.rooms.view(&taken.room)
    }
}
