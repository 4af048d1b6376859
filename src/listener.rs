//! Floor 7 · `listener`: the Listener actor, one a stream of Server-Sent Events: a session that hears a room and says nothing.

mod body;
mod queue;
mod text;

use std::rc::Rc;
use std::sync::Arc;

use actix::prelude::*;
use tokio::sync::oneshot;

use crate::codes::{Close, Code, Rejection};
use crate::door::{Admission, Doorway, Here};
use crate::fanout::{Nudge, Place, Socket, Tap, Way};
use crate::link::Outbox;
use crate::lobby::{Join, Seated};
use crate::names::RoomName;
use crate::room::line::{Ask, Asker};
use crate::traffic::Via;
use crate::user::User;

use self::queue::Queue;

pub use self::body::Body;
pub use self::text::last_event_id;

/// The number of the one command that a listener gives: its join.
const JOIN: i64 = 1;

/// One stream.
pub struct Listener {
    here: Here,
    admission: Admission,
}

/// All that a listener begins with.
pub struct Entry {
    /// What it needs of the house.
    pub door: Doorway,
    /// Its thread.
    pub here: Here,
    /// Its place in the lobby.
    pub admission: Admission,
    /// Whose it is.
    pub user: Arc<User>,
    /// Its connection.
    pub outbox: Outbox,
}

/// The hold that an answer has on its listener: dropped, for whatever reason, it ends it.
struct Hold(Addr<Listener>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.do_send(Nudge::Close(Close::Normal));
    }
}

/// Begins to follow `room`, in which the user must sit already, from where `ask` has it: the body of the answer.
///
/// # Errors
/// [`Code::NotInRoom`] for whoever does not sit there, and why the room could not be read.
pub async fn follow(entry: Entry, room: RoomName, ask: Ask) -> Result<Body, Rejection> {
    let Entry { door, here, admission, user, outbox } = entry;
    let tap = Tap::new(&door.traffic, user, admission.session, Via::Http);
    let place = Place { session: admission.session, worker: here.worker };
    let (welcome, welcomed) = oneshot::channel();
    let queue = Rc::new(Queue::new(outbox.clone(), JOIN, welcome));
    let listener = Listener::create(|context| {
        here.sockets.add(Rc::new(Socket::new(place.session, Way::Inbox(queue.clone()), None, context.address().recipient())));
        Listener { here, admission }
    });
    let hold = Hold(listener.clone());
    let asker = Asker { place, id: Some(JOIN), kind: door.metrics.commands.kind("join") };
    let join = Join { room: room.clone(), asker, ask, sharing: true, session: listener.recipient() };
    door.metrics.mailboxes.lobby.post(&door.lobby, join);
    // It is dropped without an answer when the server goes down, or the login ends, meanwhile.
    let welcome = welcomed.await.unwrap_or(Err(Code::Busy.into()))?;
    Body::new(&welcome, room.id().clone(), door.store, queue, outbox, tap, hold)
}

impl Actor for Listener {
    type Context = Context<Self>;
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.here.sockets.remove(self.admission.session);
    }
}

impl Handler<Nudge> for Listener {
    type Result = ();

    fn handle(&mut self, nudge: Nudge, context: &mut Self::Context) {
        match nudge {
            Nudge::Answered => {}
            Nudge::Close(why) => {
                self.admission.ends(why);
                context.stop();
            }
        }
    }
}

impl Handler<Seated> for Listener {
    type Result = ();

    /// It does nothing in its seat.
    fn handle(&mut self, _: Seated, _: &mut Self::Context) {}
}
