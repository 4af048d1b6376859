//! Floor 6 · `lobby/guests`: which guests are present: nobody takes the name of one who is, anybody that of one who is not.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use actix::prelude::*;

use crate::ids::UserId;
use crate::lobby::seats::GRACE;
use crate::lobby::{ENDED_KEPT, Lobby};
use crate::room::members::Leaving;

/// How long a guest who was made keeps the name without ever having had a socket. Thousands may be made first and connected then.
pub const ARRIVAL: Duration = Duration::from_secs(60);

/// These guests count as present for so long, although they have no socket yet. Web and app → Lobby.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Expect {
    /// Who.
    pub guests: Vec<UserId>,
    /// From now on; nothing ends it.
    pub lasting: Duration,
}

/// Somebody else wants the name that these guests have. Web → Lobby; `true` when none of them is present: from then on they get no
/// socket, so they are gone for good. `false` when one is, and nothing has changed then.
#[derive(Message)]
#[rtype(result = "bool")]
pub struct Claim(pub Vec<UserId>);

/// Take leave of those guests who are not present. Web and janitor → Lobby; the answer is who they are: they get no socket any more.
#[derive(Message)]
#[rtype(result = "Vec<UserId>")]
pub struct Dismiss {
    /// Of these.
    pub guests: Vec<UserId>,
    /// At most so many, the first in front.
    pub most: usize,
}

/// What the lobby knows of guests beside their sockets. Both lists are swept with [`Lobby::forget_old_guests`].
#[derive(Default)]
pub(super) struct Guests {
    /// Whose name is kept although they have no socket, and until when.
    held: HashMap<UserId, Instant>,
    /// Who is gone for good, and since when: a handshake under way with a sign-in of theirs is refused.
    dismissed: HashMap<UserId, Instant>,
}

impl Guests {
    pub(super) fn is_dismissed(&self, user: UserId) -> bool {
        self.dismissed.contains_key(&user)
    }

    /// Has a socket: its name is kept for that reason from now on.
    pub(super) fn came(&mut self, user: UserId) {
        self.held.remove(&user);
    }
}

impl Lobby {
    /// Whoever has a socket or a seat is present, or had a socket a moment ago, or was made just now.
    fn is_present(&self, guest: UserId, now: Instant) -> bool {
        self.of_user.contains_key(&guest)
            || self.is_seated(guest)
            || self.guests.held.get(&guest).is_some_and(|until| *until > now)
    }

    /// A guest lost a socket and may come back: after the last one the name is kept as long as a seat is.
    pub(super) fn guest_lost_socket(&mut self, guest: UserId) {
        if !self.of_user.contains_key(&guest) {
            self.guests.held.insert(guest, Instant::now() + GRACE);
        }
    }

    /// A sign-in of `user` has ended: who has no socket left keeps neither name nor seat.
    pub(super) fn guest_signed_out(&mut self, user: UserId, context: &mut Context<Self>) {
        if !self.of_user.contains_key(&user) && self.guests.held.remove(&user).is_some() {
            self.rise(user, Leaving::SignedOut, None, None, context);
        }
    }

    fn dismiss(&mut self, guest: UserId, now: Instant) {
        self.guests.held.remove(&guest);
        self.guests.dismissed.insert(guest, now);
    }

    /// Forgets what no longer matters.
    pub(super) fn forget_old_guests(&mut self) {
        let now = Instant::now();
        self.guests.held.retain(|_, until| *until > now);
        self.guests.dismissed.retain(|_, since| now.duration_since(*since) < ENDED_KEPT);
    }
}

impl Handler<Expect> for Lobby {
    type Result = ();

    fn handle(&mut self, Expect { guests, lasting }: Expect, _: &mut Self::Context) {
        let until = Instant::now() + lasting;
        self.guests.held.extend(guests.into_iter().map(|guest| (guest, until)));
    }
}

impl Handler<Claim> for Lobby {
    type Result = bool;

    fn handle(&mut self, Claim(guests): Claim, _: &mut Self::Context) -> bool {
        let now = Instant::now();
        if guests.iter().any(|guest| self.is_present(*guest, now)) {
            return false;
        }
        for guest in guests {
            self.dismiss(guest, now);
        }
        true
    }
}

impl Handler<Dismiss> for Lobby {
    type Result = Vec<UserId>;

    fn handle(&mut self, Dismiss { guests, most }: Dismiss, _: &mut Self::Context) -> Vec<UserId> {
        let now = Instant::now();
        let gone: Vec<UserId> = guests.into_iter().filter(|guest| !self.is_present(*guest, now)).take(most).collect();
        for guest in &gone {
            self.dismiss(*guest, now);
        }
        gone
    }
}
