//! Floor 7 · `session/orders`: the commands of one socket, answered in their order. Each holds a credit until it is answered.

use actix::prelude::*;
use actix_web_actors::ws::WebsocketContext;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::codes::{Close, Code, Rejection};
use crate::door::Doorway;
use crate::lobby::{Join, Leave, ListRooms};
use crate::metrics::Kind;
use crate::names::RoomName;
use crate::room::command::Prepared;
use crate::room::line::{Ask, Asker};
use crate::room::pages::Since;
use crate::room::{Ready, Row};
use crate::session::Session;
use crate::session::prepare::{finish, read};
use crate::wire::{self, Head};

/// Most commands of one socket that are under way at once.
const CREDITS_MAX: u32 = 64;
/// When this many commands wait for credit, nothing more is read from the socket. One frame can still bring more.
const WAITING_MAX: usize = 64;

/// What a session answers without a room: no behaviour can have these names.
pub const ORDERS: &[&str] = &["ping", "join", "leave", "rooms"];

/// Something to do for a client.
pub(super) enum Order {
    /// A command whose head was read, with its text.
    Do(Head, String),
    /// What could not be read is answered in its turn.
    Refused(Option<i64>, Rejection),
}

/// Enter a room, leaving any other.
#[derive(Deserialize, ToSchema)]
pub struct JoinFields {
    /// The room, by its id or its name; it is opened if need be.
    #[schema(value_type = RoomName)]
    room: String,
    /// Where one's own copy of its log ends.
    since: Option<Since>,
    /// Most events; more than 200 counts as 200.
    #[schema(minimum = 1, default = 50)]
    limit: Option<i64>,
}

impl Session {
    /// Takes in a frame: one or more objects separated by line feeds.
    pub(super) fn hear(&mut self, text: &str, context: &mut WebsocketContext<Self>) {
        for line in text.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
            let head = wire::head(line);
            if let Some(tap) = self.socket.as_ref().and_then(|socket| socket.tap()) {
                tap.heard(line, head.as_ref().is_ok_and(|head| self.is_logged(head)));
            }
            match head {
                Ok(head) => {
                    self.bad_in_row = 0;
                    self.waiting.push_back(Order::Do(head, line.to_owned()));
                }
                Err(unread) => {
                    self.count(Kind::UNKNOWN, Some(unread.rejection.code));
                    self.waiting.push_back(Order::Refused(unread.id, unread.rejection));
                    self.bad();
                }
            }
        }
        self.go_on(context);
    }

    pub(super) fn queue(&mut self, order: Order, context: &mut WebsocketContext<Self>) {
        self.waiting.push_back(order);
        self.go_on(context);
    }

    /// Does what waits, as far as credit and order allow.
    pub(super) fn go_on(&mut self, context: &mut WebsocketContext<Self>) {
        while !self.ended && self.may_start() {
            let Some(order) = self.waiting.pop_front() else { break };
            self.start(order, context);
        }
        self.gate.set(self.waiting.len() < WAITING_MAX);
        if let Some(socket) = &self.socket {
            socket.wants_nudge(!self.waiting.is_empty());
        }
    }

    fn may_start(&mut self) -> bool {
        let under_way = self.socket.as_ref().map_or(0, |socket| socket.in_flight());
        if under_way == 0 {
            self.alone = false;
            return true;
        }
        let Some(Order::Do(head, _)) = self.waiting.front() else { return false };
        // Only what leaves its room in line may be under way together; everything else waits until all is answered.
        let in_line = self.row(&head.kind).is_some_and(|row| !row.reads_log) && self.seat.is_some();
        in_line && !self.alone && under_way < CREDITS_MAX
    }

    fn row(&self, kind: &str) -> Option<&Row> {
        self.entry.door.commands.iter().find(|row| row.name == kind)
    }

    fn is_logged(&self, head: &Head) -> bool {
        self.row(&head.kind).is_some_and(|row| row.logged)
    }

    fn start(&mut self, order: Order, context: &mut WebsocketContext<Self>) {
        let (head, text) = match order {
            Order::Refused(id, rejection) => return self.tell(&wire::error(id, &rejection)),
            Order::Do(head, text) => (head, text),
        };
        if let Some(socket) = &self.socket
            && let Some(tap) = socket.tap()
        {
            tap.begins(head.id, self.is_logged(&head), socket.in_flight());
        }
        let asker = Asker { place: self.place(), id: head.id, kind: self.entry.door.metrics.commands.kind(&head.kind) };
        let result = match head.kind.as_str() {
            "ping" => {
                self.say_ok(asker, None);
                Ok(())
            }
            "join" => self.join(&text, asker, context),
            "leave" => self.leave(asker),
            "rooms" => {
                self.list_rooms(asker, context);
                Ok(())
            }
            kind => match self.row(kind).copied() {
                Some(row) => self.act(row, &text, asker, context),
                None => Err(Code::UnknownType.into()),
            },
        };
        if let Err(rejection) = result {
            self.refuse(asker, rejection);
        }
    }

    /// Answers a command that went nowhere, behind those that are under way.
    fn refuse(&mut self, asker: Asker, rejection: Rejection) {
        let Asker { id, kind, .. } = asker;
        self.count(kind, Some(rejection.code));
        if self.socket.as_ref().is_some_and(|socket| socket.in_flight() > 0) {
            self.waiting.push_front(Order::Refused(id, rejection));
            return;
        }
        self.tell(&wire::error(id, &rejection));
    }

    fn say_ok(&self, asker: Asker, fields: Option<&serde_json::value::RawValue>) {
        self.count(asker.kind, None);
        if let Some(id) = asker.id {
            self.tell(&wire::ok(id, fields));
        }
    }

    fn say_no(&self, asker: Asker, code: Code) {
        self.count(asker.kind, Some(code));
        self.tell(&wire::error(asker.id, &code.into()));
    }

    fn takes_credit(&mut self, alone: bool) {
        self.alone = alone;
        if let Some(socket) = &self.socket {
            socket.takes_credit();
        }
    }

    fn join(&mut self, text: &str, asker: Asker, context: &mut WebsocketContext<Self>) -> Result<(), Rejection> {
        let JoinFields { room, since, limit } = wire::fields(text)?;
        let room = RoomName::parse(&room).map_err(|_| Code::BadRoom)?;
        crate::room::command::page_limit(limit)?;
        self.takes_credit(true);
        let join = Join { room, asker, ask: Ask { since, limit }, sharing: false, session: context.address().recipient() };
        self.entry.door.metrics.mailboxes.lobby.post(&self.entry.door.lobby, join);
        Ok(())
    }

    fn leave(&mut self, asker: Asker) -> Result<(), Rejection> {
        if self.seat.take().is_none() {
            return Err(Code::NotInRoom.into());
        }
        self.takes_credit(true);
        self.entry.door.metrics.mailboxes.lobby.post(&self.entry.door.lobby, Leave(asker));
        Ok(())
    }

    fn list_rooms(&mut self, asker: Asker, context: &mut WebsocketContext<Self>) {
        self.takes_credit(true);
        let rooms = self.entry.door.lobby.send(ListRooms).into_actor(self);
        context.spawn(rooms.map(move |rooms, session, context| {
            let fields =
                rooms.ok().and_then(|rooms| serde_json::value::RawValue::from_string(format!("{{\"rooms\":{rooms}}}")).ok());
            match fields {
                Some(fields) => session.say_ok(asker, Some(&fields)),
                None => session.say_no(asker, Code::Internal),
            }
            session.gives_credit(context);
        }));
    }

    fn gives_credit(&mut self, context: &mut WebsocketContext<Self>) {
        self.release();
        self.go_on(context);
    }

    fn release(&self) {
        if let Some(socket) = &self.socket {
            socket.gives_credit();
        }
    }

    fn act(&mut self, row: Row, text: &str, asker: Asker, context: &mut WebsocketContext<Self>) -> Result<(), Rejection> {
        if self.seat.is_none() {
            return Err(Code::NotInRoom.into());
        }
        let Doorway { outside, metrics, .. } = &self.entry.door;
        let prepared = read(row, text, &self.entry.login.user, outside, metrics)?;
        if let Some(said) = self.entry.door.said.as_ref().filter(|_| row.counts) {
            said.say(self.entry.login.user.id).map_err(Rejection::too_fast)?;
        }
        match prepared {
            Prepared::Now(ready) => {
                self.takes_credit(row.reads_log);
                self.go(ready, asker, context);
            }
            Prepared::Later(work) => {
                // What comes behind it waits, so that nothing overtakes it.
                self.takes_credit(true);
                let finished = finish(row, work, self.entry.door.metrics.clone()).into_actor(self);
                context.spawn(finished.map(move |prepared, session, context| session.prepared(prepared, asker, context)));
            }
        }
        Ok(())
    }

    fn prepared(&mut self, prepared: Result<Box<dyn Ready>, Rejection>, asker: Asker, context: &mut WebsocketContext<Self>) {
        match prepared {
            Ok(ready) => self.go(ready, asker, context),
            Err(rejection) => {
                self.release();
                self.refuse(asker, rejection);
                self.go_on(context);
            }
        }
    }

    /// Off to the room. If that has died, the socket is closed: who comes back and joins finds it opened again.
    fn go(&mut self, ready: Box<dyn Ready>, asker: Asker, context: &mut WebsocketContext<Self>) {
        match &self.seat {
            Some((seat, room)) if room.connected() => {
                ready.go(room, &self.entry.door.metrics.mailboxes.rooms, *seat, asker);
            }
            Some(_) => {
                if let Some(socket) = &self.socket {
                    socket.close(Close::Error);
                }
            }
            None => {
                self.say_no(asker, Code::NotInRoom);
                self.gives_credit(context);
            }
        }
    }
}
