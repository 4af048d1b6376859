//! Floor 7 · `poller`: the Poller actor, one a login: a session like any other whose transport is plain HTTP. Its client comes and goes; it
//! stays for a while after the last call.

pub mod caller;
mod orders;
mod pollers;
mod tray;

use std::collections::VecDeque;
use std::net::IpAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix::prelude::*;
use tokio::sync::oneshot;

use crate::codes::{Close, Code, Rejection};
use crate::door::{Admission, Doorway, Here};
use crate::fanout::{Inbox as _, Nudge, Socket, Way};
use crate::ids::{RoomId, SeatId};
use crate::lobby::{Connect, Refused, Seated};
use crate::metrics::Queued;
use crate::names::RoomName;
use crate::room::Room;
use crate::room::pages::From;
use crate::user::Login;

use self::orders::Order;
use self::tray::Tray;

pub use self::pollers::{LEASE, Line, OnCall, Pollers};
pub use self::tray::{Bell, Reply, Told};

/// What a client asks over plain HTTP. Web → Poller; whoever waits for the reply may go away meanwhile.
///
/// The mailbox is not limited by itself: each of these is a request that somebody's connection waits for.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Call {
    /// In this room.
    pub room: RoomName,
    /// What.
    pub what: What,
    /// For whom.
    pub reply: oneshot::Sender<Reply>,
}

/// What is asked.
#[derive(Debug)]
pub enum What {
    /// Sit down in the room, leaving any other.
    Join,
    /// Get up.
    Leave,
    /// Say this: a `send` as it is over a socket.
    Send(String),
    /// Tell me what is new.
    Look(From),
}

/// One client without a socket.
pub struct Poller {
    entry: Entry,
    pulse: Arc<pollers::Pulse>,
    tray: Rc<Tray>,
    socket: Option<Rc<Socket>>,
    admission: Option<Admission>,
    /// Why it was not let in.
    refused: Option<Rejection>,
    seat: Option<Seat>,
    /// The room of the join that is under way.
    joining: Option<RoomId>,
    orders: VecDeque<Order>,
    /// Whether what is under way allows nothing beside it.
    alone: bool,
    last_id: i64,
}

/// All that a poller begins with.
pub struct Entry {
    /// What it needs of the house.
    pub door: Doorway,
    /// Its thread.
    pub here: Here,
    /// Whose it is.
    pub login: Login,
    /// Where its first call came from.
    pub address: IpAddr,
    /// Where it is to be found.
    pub pollers: Pollers,
}

/// Where it sits.
struct Seat {
    number: SeatId,
    room: Addr<Room>,
    id: RoomId,
}

/// Everybody who had asked was told that it was not let in. Poller → itself.
#[derive(Message)]
#[rtype(result = "()")]
struct End;

impl Poller {
    /// Starts one on this thread, and the way to it.
    pub fn begin(entry: Entry) -> Line {
        let (tray, bell) = Tray::new();
        let pulse = Arc::new(pollers::Pulse::new(entry.door.said.is_some()));
        let mailbox = entry.door.metrics.mailboxes.pollers.clone();
        let poller = Self {
            entry,
            pulse: pulse.clone(),
            tray: Rc::new(tray),
            socket: None,
            admission: None,
            refused: None,
            seat: None,
            joining: None,
            orders: VecDeque::new(),
            alone: false,
            last_id: 0,
        };
        Line { address: poller.start(), mailbox, bell, pulse }
    }

    fn come_in(&mut self, admission: Admission, context: &mut Context<Self>) {
        let socket = Rc::new(Socket::new(admission.session, Way::Inbox(self.tray.clone()), None, context.address().recipient()));
        self.entry.here.sockets.add(socket.clone());
        self.socket = Some(socket);
        self.admission = Some(admission);
        Self::watch_lease(LEASE, context);
    }

    /// Whoever has asked already is told why; whoever asks from now on begins anew.
    fn stay_out(&mut self, why: Rejection, context: &mut Context<Self>) {
        self.entry.pollers.forget(&self.entry.login.id, &self.pulse);
        self.refused = Some(why);
        context.notify(End);
    }

    fn watch_lease(left: Duration, context: &mut Context<Self>) {
        context.run_later(left, |poller, context| match poller.entry.pollers.expire(&poller.entry.login.id, &poller.pulse) {
            Ok(()) => {
                if let Some(admission) = &mut poller.admission {
                    // The lease was the time in which it might have come back.
                    admission.does_not_return();
                }
                poller.end(Close::Silent, context);
            }
            Err(left) => Self::watch_lease(left, context),
        });
    }

    /// It is over. Who calls again gets another poller.
    fn end(&mut self, why: Close, context: &mut Context<Self>) {
        self.entry.pollers.forget(&self.entry.login.id, &self.pulse);
        self.tray.closes(why);
        for order in self.orders.drain(..) {
            order.refuse(why.rejection());
        }
        if let Some(admission) = &mut self.admission {
            admission.ends(why);
        }
        context.stop();
    }
}

/// Why someone without a socket was not let in, as they are told.
pub fn refusal(refused: Refused) -> Rejection {
    match refused {
        Refused::SignedOut => Code::Unauthenticated.into(),
        Refused::UserHasTooMany => Rejection::because(Code::RateLimited, "This user has too many sockets, polls and streams."),
        Refused::AddressHasTooMany => {
            Rejection::because(Code::RateLimited, "This address has too many sockets, polls and streams.")
        }
        Refused::Full | Refused::Draining => Code::Busy.into(),
    }
}

impl Actor for Poller {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        let Entry { door, here, login, address, .. } = &self.entry;
        let connect = Connect { login: login.clone(), worker: here.worker, address: *address };
        let admitted = door.metrics.mailboxes.lobby.ask(&door.lobby, connect);
        // Nothing that was asked is looked at before it is in.
        context.wait(admitted.into_actor(self).map(move |admitted, poller, context| match admitted {
            Ok(Ok(admitted)) => poller.come_in(Admission::new(&poller.entry.door, admitted.session), context),
            Ok(Err(refused)) => poller.stay_out(refusal(refused), context),
            Err(_) => poller.stay_out(Code::Internal.into(), context),
        }));
    }
}

impl Drop for Poller {
    fn drop(&mut self) {
        self.entry.pollers.forget(&self.entry.login.id, &self.pulse);
        if let Some(admission) = &self.admission {
            self.entry.here.sockets.remove(admission.session);
        }
    }
}

impl Handler<Queued<Call>> for Poller {
    type Result = ();

    fn handle(&mut self, call: Queued<Call>, context: &mut Self::Context) {
        let call = call.open();
        match &self.refused {
            Some(why) => Order::from(call).refuse(why.clone()),
            None => self.queue(Order::from(call), context),
        }
    }
}

impl Handler<End> for Poller {
    type Result = ();

    fn handle(&mut self, _: End, context: &mut Self::Context) {
        context.stop();
    }
}

impl Handler<Nudge> for Poller {
    type Result = ();

    fn handle(&mut self, nudge: Nudge, context: &mut Self::Context) {
        match nudge {
            Nudge::Answered => self.go_on(context),
            Nudge::Close(why) => self.end(why, context),
        }
    }
}

impl Handler<Seated> for Poller {
    type Result = ();

    fn handle(&mut self, Seated { seat, room }: Seated, _: &mut Self::Context) {
        // One join is under way at a time, so this is the seat in its room.
        self.seat = self.joining.take().map(|id| Seat { number: seat, room, id });
    }
}
