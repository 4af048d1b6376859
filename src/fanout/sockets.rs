//! Floor 4 · `fanout/sockets`: the sessions of one thread, by number and by room, and how a frame is given to them.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::hint::black_box;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

use actix::Recipient;

use super::tap::Tap;
use super::way::Way;
use super::{Nudge, Parcel};
use crate::codes::Close;
use crate::ids::{RoomId, SessionId};
use crate::link::{Frame, Full, dropped_here};
use crate::metrics::{Flow, Thread};
use crate::wire;

/// So many sockets are looked at before the first of them is given a frame. More would be forgotten again meanwhile.
const AHEAD: usize = 8;

/// One socket of this thread, or what stands in for it, shared between its session and the fan-out.
///
/// What every message of the room needs stands in front, in one line of the cache.
#[repr(C, align(64))]
pub struct Socket {
    way: Way,
    tap: Option<Tap>,
    skipped: Cell<bool>,
    /// Whether it was told something since the last beat; and below, when that was before.
    pub(super) told: Cell<bool>,
    pub(super) asked: Cell<bool>,
    /// Whose.
    pub id: SessionId,
    session: Recipient<Nudge>,
    in_flight: Cell<u32>,
    wants_nudge: Cell<bool>,
    pub(super) room: RefCell<Option<RoomId>>,
    index: Cell<usize>,
    pub(super) heard: Cell<Instant>,
    pub(super) told_at: Cell<Instant>,
}

const _: () = assert!(std::mem::offset_of!(Socket, id) <= 64, "one line of the cache");

impl Socket {
    /// A socket that is in no room yet. `tap` writes down what it is told.
    pub fn new(id: SessionId, way: Way, tap: Option<Tap>, session: Recipient<Nudge>) -> Self {
        Self {
            way,
            tap,
            skipped: Cell::new(false),
            told: Cell::new(true),
            asked: Cell::new(false),
            id,
            session,
            in_flight: Cell::new(0),
            wants_nudge: Cell::new(false),
            room: RefCell::default(),
            index: Cell::new(0),
            heard: Cell::new(Instant::now()),
            told_at: Cell::new(Instant::now()),
        }
    }

    /// How many of its commands are not answered yet.
    pub fn in_flight(&self) -> u32 {
        self.in_flight.get()
    }

    /// One more command is on its way: it holds this credit until it is answered.
    pub fn takes_credit(&self) {
        self.in_flight.set(self.in_flight.get() + 1);
    }

    /// A command was answered by the session itself.
    pub fn gives_credit(&self) {
        self.in_flight.set(self.in_flight.get().saturating_sub(1));
    }

    /// Whether the session has to know when a command was answered: it has more to give.
    pub fn wants_nudge(&self, wants: bool) {
        self.wants_nudge.set(wants);
    }

    /// Whether it hears `room`.
    pub fn is_in(&self, room: &RoomId) -> bool {
        self.room.borrow().as_ref() == Some(room)
    }

    /// Whether its client is to be asked for signs of life. Who has no socket has a lease, or is written to until that fails.
    pub(super) fn can_answer_pings(&self) -> bool {
        matches!(self.way, Way::Link(_))
    }

    /// What writes down what its client says.
    pub fn tap(&self) -> Option<&Tap> {
        self.tap.as_ref()
    }

    /// Something came from the client.
    pub fn was_heard(&self) {
        self.heard.set(Instant::now());
        self.asked.set(false);
    }

    /// Sends one object, outside of any room.
    pub fn tell(&self, object: &str) {
        for bytes in wire::text_frames([object]) {
            self.push(&Frame { bytes, passing: false });
        }
    }

    /// Says why, and closes. A peer that does not read is cut off after a grace; see [`Outbox::close`].
    pub fn close(&self, close: Close) {
        match &self.way {
            Way::Link(outbox) if close == Close::Slow => outbox.cut(wire::close_frame(close)),
            Way::Link(outbox) => outbox.close(wire::close_frame(close)),
            Way::Inbox(inbox) => inbox.closes(close),
        }
        self.session.do_send(Nudge::Close(close));
    }

    pub(super) fn push(&self, frame: &Frame) {
        self.is_told(frame);
        let taken = match &self.way {
            Way::Link(outbox) => outbox.push(frame),
            Way::Inbox(inbox) => inbox.hears(frame),
        };
        if taken == Err(Full) {
            self.close(Close::Slow);
        }
    }

    /// The same for what it alone is told.
    fn push_own(&self, frame: &Frame) {
        match &self.way {
            Way::Link(_) => self.push(frame),
            Way::Inbox(inbox) => {
                self.is_told(frame);
                if inbox.is_told(frame) == Err(Full) {
                    self.close(Close::Slow);
                }
            }
        }
    }

    fn is_told(&self, frame: &Frame) {
        self.told.set(true);
        if let Some(tap) = &self.tap {
            tap.is_told(&frame.bytes);
        }
    }

    fn has_news(&self) {
        if let Way::Inbox(inbox) = &self.way {
            inbox.has_news();
        }
    }

    pub(super) fn answered(&self, count: u32) {
        if count > 0 {
            self.in_flight.set(self.in_flight.get().saturating_sub(count));
            if self.wants_nudge.replace(false) {
                self.session.do_send(Nudge::Answered);
            }
        }
    }
}

/// The sessions of one thread: by number, and by room.
#[derive(Default)]
pub struct Sockets {
    pub(super) all: RefCell<HashMap<SessionId, Rc<Socket>>>,
    rooms: RefCell<HashMap<RoomId, Vec<Rc<Socket>>>>,
    /// What goes through this thread is counted here.
    pub flow: Arc<Flow>,
}

impl Sockets {
    /// None yet; what goes through them counts in `flow`.
    pub fn new(flow: Arc<Flow>) -> Self {
        Self { flow, ..Self::default() }
    }

    /// Takes in a socket of this thread.
    pub fn add(&self, socket: Rc<Socket>) {
        self.flow.opened(socket.way.kind());
        self.all.borrow_mut().insert(socket.id, socket);
    }

    /// Lets go of a socket.
    pub fn remove(&self, id: SessionId) {
        if let Some(socket) = self.all.borrow_mut().remove(&id) {
            self.detach(&socket);
        }
    }

    pub(super) fn get(&self, id: SessionId) -> Option<Rc<Socket>> {
        self.all.borrow().get(&id).cloned()
    }

    /// How many there are, and what waits for them.
    pub(super) fn census(&self) -> Thread {
        let mut thread = Thread { dropped: dropped_here(), ..Thread::default() };
        for socket in self.all.borrow().values() {
            thread.sessions[socket.way.kind() as usize] += 1;
            let held = socket.way.waiting();
            thread.behind += usize::from(held.frames > 0);
            thread.waiting.frames += held.frames;
            thread.waiting.bytes += held.bytes;
        }
        thread
    }

    pub(super) fn attach(&self, socket: &Rc<Socket>, room: &RoomId) {
        // Whatever another room still has under way for this socket comes too late.
        self.detach(socket);
        let mut rooms = self.rooms.borrow_mut();
        let members = rooms.entry(room.clone()).or_default();
        socket.index.set(members.len());
        members.push(socket.clone());
        socket.room.replace(Some(room.clone()));
    }

    pub(super) fn detach(&self, socket: &Rc<Socket>) {
        let Some(room) = socket.room.take() else { return };
        if let Way::Inbox(inbox) = &socket.way {
            inbox.is_out();
        }
        let mut rooms = self.rooms.borrow_mut();
        let Some(members) = rooms.get_mut(&room) else { return };
        let index = socket.index.get();
        members.swap_remove(index);
        if let Some(moved) = members.get(index) {
            moved.index.set(index);
        }
        if members.is_empty() {
            rooms.remove(&room);
        }
    }

    pub(super) fn give(&self, room: &RoomId, parcel: &Parcel) {
        let mut special = Vec::with_capacity(parcel.special.len());
        let mut special_here = 0;
        for of_one in &parcel.special {
            let Some(socket) = self.get(of_one.session) else { continue };
            socket.skipped.set(true);
            let here = socket.is_in(room);
            let frames = of_one.elsewhere.as_ref().filter(|_| !here).unwrap_or(&of_one.frames);
            for frame in frames {
                socket.push_own(frame);
            }
            self.flow.given(frames.iter().map(|frame| frame.bytes.len()), 1);
            special_here += usize::from(here);
            if parcel.news && here {
                socket.has_news();
            }
            socket.answered(of_one.answered);
            special.push(socket);
        }
        if !parcel.shared.is_empty()
            && let Some(members) = self.rooms.borrow().get(room)
        {
            for members in members.chunks(AHEAD) {
                // Looked at together, their places in memory are fetched together; one after the other, each would be waited for.
                black_box(members.iter().filter(|socket| socket.way.is_open()).count());
                for socket in members.iter().filter(|socket| !socket.skipped.get()) {
                    for frame in &parcel.shared {
                        socket.push(frame);
                    }
                    if parcel.news {
                        socket.has_news();
                    }
                }
            }
            // All at once: one more addition for each of them would be seen.
            self.flow.given(parcel.shared.iter().map(|frame| frame.bytes.len()), members.len().saturating_sub(special_here));
        }
        for socket in special {
            socket.skipped.set(false);
        }
    }
}
