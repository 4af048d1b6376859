//! Floor 7 · `poller/orders`: what a client without a socket asked, done in the order in which it came; each holds a credit until it is
//! answered.

use actix::prelude::*;
use tokio::sync::oneshot;

use super::tray::Reply;
use super::{Call, Entry, Poller, Seat, What};
use crate::clock::now_ms;
use crate::codes::{Close, Code, Rejection};
use crate::fanout::Place;
use crate::lobby::{Join, Leave};
use crate::metrics::{Kind, RECEIVE};
use crate::names::RoomName;
use crate::room::command::{Command as _, Prepared};
use crate::room::line::{Ask, Asker};
use crate::room::look::Look;
use crate::room::send::Send;
use crate::room::{Ready, Row};
use crate::session::prepare::{self, finish};

/// Most calls of one client that are under way at once; others wait with their connections. As many as commands of a socket.
const CREDITS_MAX: u32 = 64;

/// Something to do for a client.
pub(super) struct Order {
    room: RoomName,
    what: What,
    reply: oneshot::Sender<Reply>,
    /// Whether it has asked for a share of its user's seat already.
    has_asked: bool,
}

impl From<Call> for Order {
    fn from(Call { room, what, reply }: Call) -> Self {
        Self { room, what, reply, has_asked: false }
    }
}

impl Order {
    pub(super) fn refuse(self, why: Rejection) {
        // Whoever asked may have gone away.
        let _ = self.reply.send(Err(why));
    }
}

impl Poller {
    pub(super) fn queue(&mut self, order: Order, context: &mut Context<Self>) {
        self.orders.push_back(order);
        self.go_on(context);
    }

    /// Does what waits, as far as credit and order allow.
    pub(super) fn go_on(&mut self, context: &mut Context<Self>) {
        while self.may_start() {
            let Some(order) = self.orders.pop_front() else { break };
            // What nobody waits for any more is not begun.
            if !order.reply.is_closed() {
                self.start(order, context);
            }
        }
        if let Some(socket) = &self.socket {
            socket.wants_nudge(!self.orders.is_empty());
        }
    }

    fn under_way(&self) -> u32 {
        self.socket.as_ref().map_or(0, |socket| socket.in_flight())
    }

    fn may_start(&mut self) -> bool {
        if self.under_way() == 0 {
            self.alone = false;
            return true;
        }
        // Only what happens in the room it is in may be under way together.
        let inside = self
            .orders
            .front()
            .is_some_and(|order| matches!(order.what, What::Send(_) | What::Look(_)) && self.seat_in(&order.room).is_some());
        inside && !self.alone && self.under_way() < CREDITS_MAX
    }

    /// The seat in `room`, if it has one that is still its own as far as it knows.
    fn seat_in(&self, room: &RoomName) -> Option<&Seat> {
        let seat = self.seat.as_ref().filter(|seat| seat.id == *room.id() && seat.room.connected())?;
        self.socket.as_ref()?.is_in(room.id()).then_some(seat)
    }

    fn start(&mut self, order: Order, context: &mut Context<Self>) {
        if matches!(order.what, What::Join) {
            return self.join(&order.room, false, order.reply, context);
        }
        let Some(seat) = self.seat_in(&order.room) else { return self.share(order, context) };
        let (by, room) = (seat.number, seat.room.clone());
        match order.what {
            What::Leave => self.leave(order.reply, context),
            What::Send(text) => self.send(&text, order.room, order.reply, context),
            What::Look(from) => {
                let asker = self.asks(RECEIVE, false, order.reply);
                self.entry.door.metrics.mailboxes.rooms.post(&room, Look { by, asker, from });
            }
            What::Join => {}
        }
    }

    fn kind(&self, name: &str) -> Kind {
        self.entry.door.metrics.commands.kind(name)
    }

    /// Takes a credit and a number for a command called `name`, whose answer goes to `reply`.
    fn asks(&mut self, name: &str, alone: bool, reply: oneshot::Sender<Reply>) -> Asker {
        self.alone = alone;
        self.last_id += 1;
        // What is said from now on has this time or a later one, and may or may not be in the answer.
        self.tray.expects(self.last_id, now_ms() - 1, reply);
        if let Some(socket) = &self.socket {
            socket.takes_credit();
        }
        Asker { place: self.place(), id: Some(self.last_id), kind: self.kind(name) }
    }

    fn place(&self) -> Place {
        let session = self.admission.as_ref().expect("nothing is done before it is let in").session;
        Place { session, worker: self.entry.here.worker }
    }

    fn join(&mut self, room: &RoomName, sharing: bool, reply: oneshot::Sender<Reply>, context: &mut Context<Self>) {
        self.joining = Some(room.id().clone());
        let asker = self.asks("join", true, reply);
        let ask = Ask { since: None, limit: Some(1) };
        let session = context.address().recipient();
        let join = Join { room: room.clone(), asker, ask, sharing, session };
        self.entry.door.metrics.mailboxes.lobby.post(&self.entry.door.lobby, join);
    }

    /// The user may sit in that room with a tab, or may have come back to it: then this is one more tab of the seat.
    fn share(&mut self, mut order: Order, context: &mut Context<Self>) {
        if std::mem::replace(&mut order.has_asked, true) {
            return order.refuse(Code::NotInRoom.into());
        }
        let (reply, answer) = oneshot::channel();
        self.join(&order.room, true, reply, context);
        context.spawn(answer.into_actor(self).map(|answer, poller, context| {
            match answer {
                Ok(Ok(_)) => poller.orders.push_front(order),
                Ok(Err(why)) => order.refuse(why),
                // It is ending, and whoever waits is told.
                Err(_) => return,
            }
            poller.go_on(context);
            if poller.seat.is_none() && poller.orders.is_empty() && poller.under_way() == 0 {
                // It never sat anywhere: it was not worth a place.
                poller.end(Close::Normal, context);
            }
        }));
    }

    fn send(&mut self, text: &str, room: RoomName, reply: oneshot::Sender<Reply>, context: &mut Context<Self>) {
        let (row, prepared) = match self.read(text) {
            Ok(read) => read,
            // Whoever asked may have gone away.
            Err(why) => {
                self.entry.door.metrics.commands.count(self.kind(Send::NAME), Some(why.code));
                return drop(reply.send(Err(why)));
            }
        };
        let asker = self.asks(Send::NAME, false, reply);
        match prepared {
            Prepared::Now(ready) => self.go(ready, &room, asker),
            Prepared::Later(work) => {
                context.spawn(finish(row, work, self.entry.door.metrics.clone()).into_actor(self).map(
                    move |prepared, poller, context| {
                        match prepared {
                            Ok(ready) => poller.go(ready, &room, asker),
                            Err(why) => poller.takes_back(asker, why),
                        }
                        poller.go_on(context);
                    },
                ));
            }
        }
    }

    fn read(&self, text: &str) -> Result<(Row, Prepared<Box<dyn Ready>>), Rejection> {
        let Entry { door, login, .. } = &self.entry;
        let row = *door.commands.iter().find(|row| row.name == Send::NAME).ok_or(Code::UnknownType)?;
        let prepared = prepare::read(row, text, &login.user, &door.outside, &door.metrics)?;
        if let Some(said) = &door.said {
            said.say(login.user.id).map_err(Rejection::too_fast)?;
        }
        Ok((row, prepared))
    }

    /// Off to the room, unless it has left that meanwhile.
    fn go(&mut self, ready: Box<dyn Ready>, room: &RoomName, asker: Asker) {
        match self.seat_in(room) {
            Some(seat) => ready.go(&seat.room, &self.entry.door.metrics.mailboxes.rooms, seat.number, asker),
            None => self.takes_back(asker, Code::NotInRoom.into()),
        }
    }

    /// A command that goes nowhere is answered here.
    fn takes_back(&self, asker: Asker, why: Rejection) {
        self.entry.door.metrics.commands.count(asker.kind, Some(why.code));
        if let Some(id) = asker.id {
            self.tray.settles(id, Err(why));
        }
        if let Some(socket) = &self.socket {
            socket.gives_credit();
        }
    }

    fn leave(&mut self, reply: oneshot::Sender<Reply>, context: &mut Context<Self>) {
        let (left, answer) = oneshot::channel();
        let asker = self.asks("leave", true, left);
        self.seat = None;
        self.entry.door.metrics.mailboxes.lobby.post(&self.entry.door.lobby, Leave(asker));
        context.spawn(answer.into_actor(self).map(|answer, poller, context| {
            let _ = reply.send(answer.unwrap_or(Err(Code::Internal.into())));
            poller.end(Close::Normal, context);
        }));
    }
}
