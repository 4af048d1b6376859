//! Floor 6 · `lobby`: how many are here, and messages that were counted on their way.

use std::collections::HashSet;

use actix::prelude::*;

use super::{Connect, Disconnect, Join, Leave, Lobby, Refused};
use crate::metrics::{Crowd, counted};

/// How many sockets there are. App and health → Lobby, also as a sign of life.
#[derive(Message)]
#[rtype(result = "usize")]
pub struct CountSockets;

/// Who is here, in numbers. Web → Lobby.
#[derive(Message)]
#[rtype(result = "Crowd")]
pub struct Census;

impl Handler<CountSockets> for Lobby {
    type Result = usize;

    fn handle(&mut self, _: CountSockets, _: &mut Self::Context) -> usize {
        self.present.len()
    }
}

impl Handler<Census> for Lobby {
    type Result = MessageResult<Census>;

    fn handle(&mut self, _: Census, _: &mut Self::Context) -> Self::Result {
        let logins = self.present.values().map(|present| &present.login);
        let guests: HashSet<_> = logins.filter(|login| login.user.guest).map(|login| login.user.id).collect();
        let (rooms, open_rooms) = self.rooms.counts();
        let users = self.of_user.len();
        MessageResult(Crowd { users, guests: guests.len(), members: self.seats.count(), rooms, open_rooms })
    }
}

counted!(Lobby: Connect, Disconnect, Join, Leave);

impl Refused {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::SignedOut, Self::UserHasTooMany, Self::AddressHasTooMany, Self::Full, Self::Draining];

    /// As it is told to whoever watches the server.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::UserHasTooMany => "user",
            Self::AddressHasTooMany => "address",
            Self::Full => "full",
            Self::Draining => "draining",
        }
    }
}
