//! Floor 5 · `room/testing`: people, rooms and instants for tests of behaviours, and a way to kill and to question a room.

use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;

use crate::ids::{Epoch, RoomId, SeatId, UserId};
use crate::names::{Name, Username};
use crate::room::actor::Room;
use crate::room::command::Effect;
use crate::room::state::{Member, Moment, RoomState};
use crate::user::User;

/// The instant `seconds` after the room was opened.
pub fn moment(seconds: u64) -> Moment {
    Moment { wall_ms: 1_700_000_000_000 + i64::try_from(seconds).unwrap() * 1000, since_open: Duration::from_secs(seconds) }
}

/// Someone called `username` in seat `seat`.
pub fn member(username: &str, seat: u64) -> Member {
    let user = User {
        id: UserId(i64::try_from(seat).unwrap()),
        username: Username::parse(username).unwrap(),
        name: Name::parse(username).unwrap(),
        guest: false,
    };
    Member { seat: SeatId(seat), user: Arc::new(user), since: 0 }
}

/// An empty room where nothing was said.
pub fn room() -> RoomState {
    RoomState::new(RoomId("sala-1".into()), "Sala 1".into(), Epoch::random(), 0, Vec::new())
}

/// A room with these people in seats 1, 2, 3 …
pub fn room_of(usernames: &[&str]) -> RoomState {
    let mut room = room();
    for (seat, username) in (1..).zip(usernames) {
        room.members.insert(SeatId(seat), member(username, seat));
    }
    room
}

/// What is told by these effects: the `type` and the fields of each.
pub fn told(effects: Vec<Effect>) -> Vec<String> {
    let json = |effect| match effect {
        Effect::Tell(_, telling) => format!("{} {}", telling.kind, telling.fields.get()),
        other => panic!("not told: {other:?}"),
    };
    effects.into_iter().map(json).collect()
}

/// Panics, as a fault in an actor would.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Die;

impl Handler<Die> for Room {
    type Result = ();

    fn handle(&mut self, _: Die, _: &mut Self::Context) {
        panic!("on purpose");
    }
}

/// Who is in the room, and how many tabs of them hear it.
#[derive(Message)]
#[rtype(result = "(Vec<String>, usize)")]
pub struct WhoIsHere;

impl Handler<WhoIsHere> for Room {
    type Result = MessageResult<WhoIsHere>;

    fn handle(&mut self, _: WhoIsHere, _: &mut Self::Context) -> Self::Result {
        let names = self.core.state().members().map(|member| member.user.username.to_string()).collect();
        MessageResult((names, self.core.tabs.values().flatten().count()))
    }
}
