//! Floor 6 · `lobby`: who is here, by which login, and in which seat. It alone seats people and opens and closes rooms.

mod census;
mod guests;
mod reach;
mod rooms;
mod seats;

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;

use crate::codes::Close;
use crate::fanout::{CloseSockets, Place, WorkerId};
use crate::ids::{LoginId, SessionId, UserId};
use crate::limits::Source;
use crate::rates::SaidRates;
use crate::room::actor::Surroundings;
use crate::store::rooms::RoomRow;
use crate::user::Login;

pub use census::{Census, CountSockets};
pub use guests::{ARRIVAL, Claim, Dismiss, Expect};
pub use reach::Rooms;
pub use rooms::{CreateRoom, ListRooms, RoomList, RoomView};
pub use seats::{GRACE, Join, Leave, RoomOf, Seated, WhereIs};

/// How long a login that ended is remembered: a handshake under way with it takes less.
const ENDED_KEPT: Duration = Duration::from_secs(60);

/// How often those who have been slow enough are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(60);

/// How many sockets there may be.
#[derive(Clone, Copy, Debug)]
pub struct SocketLimits {
    /// Of one user.
    pub per_user: usize,
    /// From one address, or one /64 network of IPv6.
    pub per_address: usize,
}

/// A socket wants in. Web → Lobby; the answer is its number, and the rooms for its `hello`.
#[derive(Message)]
#[rtype(result = "Result<Admitted, Refused>")]
pub struct Connect {
    /// Whose it is.
    pub login: Login,
    /// The thread it lives on.
    pub worker: WorkerId,
    /// Where it comes from.
    pub address: IpAddr,
}

/// A socket that is in.
#[derive(Debug)]
pub struct Admitted {
    /// Its number.
    pub session: SessionId,
    /// `rooms[]` as JSON.
    pub rooms: Arc<str>,
}

/// Why a socket stays out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Its login has just ended.
    SignedOut,
    /// Its user has too many.
    UserHasTooMany,
    /// Its address has too many.
    AddressHasTooMany,
    /// There are too many.
    Full,
    /// The server is going down.
    Draining,
}

/// A socket is gone. Session → Lobby.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Disconnect {
    /// Which.
    pub session: SessionId,
    /// Why.
    pub why: Close,
    /// Whether it may come back: then its seat is kept for a while.
    pub may_return: bool,
}

/// This login has ended: close its sockets. Web → Lobby; answered when they have been told.
#[derive(Message)]
#[rtype(result = "()")]
pub struct SignOut {
    /// Which.
    pub login: LoginId,
    /// Whose it was.
    pub user: UserId,
}

/// The server goes down: close all sockets and let nobody in. App → Lobby; the answer is how many there were.
#[derive(Message)]
#[rtype(result = "usize")]
pub struct Drain;

struct Present {
    login: Login,
    place: Place,
    source: Source,
}

/// The lobby.
pub struct Lobby {
    around: Surroundings,
    limits: Option<SocketLimits>,
    sockets_max: usize,
    said: Option<Arc<SaidRates>>,
    present: HashMap<SessionId, Present>,
    of_user: HashMap<UserId, usize>,
    of_source: HashMap<Source, usize>,
    ended: VecDeque<(Instant, LoginId)>,
    draining: bool,
    next_session: u64,
    guests: guests::Guests,
    seats: seats::Seats,
    rooms: rooms::Rooms,
}

impl Lobby {
    /// A lobby for these rooms, which were read from the store. `limits` and `said` of `None` lift those of users and addresses.
    pub fn new(
        around: Surroundings,
        rooms: Vec<RoomRow>,
        limits: Option<SocketLimits>,
        sockets_max: usize,
        said: Option<Arc<SaidRates>>,
    ) -> Self {
        Self {
            around,
            limits,
            sockets_max,
            said,
            present: HashMap::new(),
            of_user: HashMap::new(),
            of_source: HashMap::new(),
            ended: VecDeque::new(),
            draining: false,
            next_session: 0,
            guests: guests::Guests::default(),
            seats: seats::Seats::default(),
            rooms: rooms::Rooms::new(rooms),
        }
    }

    fn may_enter(&self, connect: &Connect) -> Result<(), Refused> {
        if self.draining {
            return Err(Refused::Draining);
        }
        let ended = self.ended.iter().any(|(_, login)| *login == connect.login.id);
        if ended || self.guests.is_dismissed(connect.login.user.id) {
            return Err(Refused::SignedOut);
        }
        if self.present.len() >= self.sockets_max {
            return Err(Refused::Full);
        }
        let Some(limits) = self.limits else { return Ok(()) };
        let count = |map: Option<&usize>| map.copied().unwrap_or_default();
        if count(self.of_user.get(&connect.login.user.id)) >= limits.per_user {
            return Err(Refused::UserHasTooMany);
        }
        if count(self.of_source.get(&connect.address.into())) >= limits.per_address {
            return Err(Refused::AddressHasTooMany);
        }
        Ok(())
    }

    fn take_out(&mut self, session: SessionId) -> Option<Present> {
        let present = self.present.remove(&session)?;
        count_down(&mut self.of_user, present.login.user.id);
        count_down(&mut self.of_source, present.source);
        Some(present)
    }

    fn close(&self, places: &[Place], close: Close) {
        let mut by_worker: HashMap<usize, Vec<SessionId>> = HashMap::new();
        for place in places {
            by_worker.entry(place.worker.0).or_default().push(place.session);
        }
        for (worker, sessions) in by_worker {
            if let Some(fanout) = self.around.fanouts.of(WorkerId(worker)) {
                fanout.do_send(CloseSockets { sessions: Some(sessions), close });
            }
        }
    }
}

fn count_down<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: K) {
    if let std::collections::hash_map::Entry::Occupied(mut entry) = counts.entry(key) {
        *entry.get_mut() -= 1;
        if *entry.get() == 0 {
            entry.remove();
        }
    }
}

impl Actor for Lobby {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        Self::close_empty_rooms_later(context);
        context.run_interval(FORGET_EVERY, |lobby, _| {
            if let Some(said) = &lobby.said {
                said.forget_the_slow();
            }
            lobby.forget_old_guests();
        });
    }
}

impl Handler<Connect> for Lobby {
    type Result = Result<Admitted, Refused>;

    fn handle(&mut self, connect: Connect, _: &mut Self::Context) -> Self::Result {
        self.may_enter(&connect).inspect_err(|refused| self.around.metrics.refused(refused.reason()))?;
        self.next_session += 1;
        let session = SessionId(self.next_session);
        let Connect { login, worker, address } = connect;
        tracing::info!(event = "CONNECT", user = %login.user.username, session = session.0, %address);
        *self.of_user.entry(login.user.id).or_default() += 1;
        let source = Source::from(address);
        *self.of_source.entry(source).or_default() += 1;
        self.guests.came(login.user.id);
        self.present.insert(session, Present { login, place: Place { session, worker }, source });
        Ok(Admitted { session, rooms: self.rooms.listed() })
    }
}

impl Handler<Disconnect> for Lobby {
    type Result = ();

    fn handle(&mut self, Disconnect { session, why, may_return }: Disconnect, context: &mut Self::Context) {
        let Some(present) = self.take_out(session) else { return };
        self.around.metrics.closed(why);
        let (_, reason) = why.row();
        tracing::info!(event = "DISCONNECT", user = %present.login.user.username, session = session.0, reason);
        self.lose_socket(present.login.user.id, present.place, may_return, context);
        if present.login.user.guest && may_return {
            self.guest_lost_socket(present.login.user.id);
        }
    }
}

impl Handler<SignOut> for Lobby {
    type Result = ();

    fn handle(&mut self, SignOut { login, user }: SignOut, context: &mut Self::Context) {
        let now = Instant::now();
        self.ended.retain(|(at, _)| now.duration_since(*at) < ENDED_KEPT);
        self.ended.push_back((now, login.clone()));
        let of_login = |present: &&Present| present.login.id == login;
        let places: Vec<Place> = self.present.values().filter(of_login).map(|present| present.place).collect();
        self.close(&places, Close::SignedOut);
        for place in places {
            if let Some(present) = self.take_out(place.session) {
                self.around.metrics.closed(Close::SignedOut);
                tracing::info!(event = "DISCONNECT", user = %present.login.user.username, session = place.session.0, reason = "signed out");
                self.sign_out_socket(present.login.user.id, place, context);
            }
        }
        self.guest_signed_out(user, context);
    }
}

impl Handler<Drain> for Lobby {
    type Result = usize;

    fn handle(&mut self, _: Drain, _: &mut Self::Context) -> usize {
        self.draining = true;
        for fanout in self.around.fanouts.all() {
            fanout.do_send(CloseSockets { sessions: None, close: Close::Restart });
        }
        self.present.len()
    }
}

#[cfg(test)]
pub(crate) mod tests;
