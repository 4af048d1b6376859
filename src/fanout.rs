//! Floor 4 · `fanout`: one actor per worker thread. It holds the sockets of its thread and gives each frame to them in a plain loop.

mod sockets;
mod tap;
mod way;

use std::rc::Rc;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use actix::prelude::*;

use crate::codes::Close;
use crate::ids::{RoomId, SeatId, SessionId};
use crate::link::Frame;
use crate::metrics::{Mailbox, Thread, counted};
use crate::wire;

pub use self::sockets::{Socket, Sockets};
pub use self::tap::Tap;
pub use self::way::{Inbox, Way};

/// How often every socket of a thread is looked at for signs of life. One timer a thread, not one a socket.
const HEARTBEAT: Duration = Duration::from_secs(1);

/// A worker thread, by its place in [`FanOuts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkerId(pub usize);

/// Which socket to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The socket.
    pub session: SessionId,
    /// The thread it lives on.
    pub worker: WorkerId,
}

/// Something the session of a socket has to know. FanOut → Session.
#[derive(Clone, Copy, Debug, Message)]
#[rtype(result = "()")]
pub enum Nudge {
    /// Its commands were answered and it may give the next.
    Answered,
    /// Its socket is to be closed, or has been.
    Close(Close),
}

/// One step of what a room has for the sockets of one thread.
#[derive(Debug)]
pub enum Step {
    /// This socket hears the room from now on.
    Attach(SessionId, SeatId),
    /// This socket no longer hears the room.
    Detach(SessionId),
    /// Frames to give out.
    Give(Parcel),
}

/// Frames for the sockets of one room on one thread, encoded once.
#[derive(Clone, Debug, Default)]
pub struct Parcel {
    /// For every socket in the room that is not in `special`.
    pub shared: Vec<Frame>,
    /// For these sockets instead of `shared`.
    pub special: Vec<Special>,
    /// Whether there is something in `shared` that is in the log.
    pub news: bool,
}

/// What one socket hears that does not hear just what everyone hears.
#[derive(Clone, Debug)]
pub struct Special {
    /// Which.
    pub session: SessionId,
    /// What.
    pub frames: Vec<Frame>,
    /// What it still hears if it has gone elsewhere in the meantime: its answers alone. `None` if that is all there is anyway.
    pub elsewhere: Option<Vec<Frame>>,
    /// How many of its commands that answers.
    pub answered: u32,
}

/// What a room has for the sockets of this thread, in order. Room → FanOut.
///
/// The mailbox is not limited by itself: what a room sends comes from commands that hold credits of their sessions.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Deliver {
    /// From this room.
    pub room: RoomId,
    /// In this order.
    pub steps: Vec<Step>,
}

/// A frame for every socket of this thread. Lobby → FanOut.
#[derive(Clone, Message)]
#[rtype(result = "()")]
pub struct Announce(pub Frame);

/// Close these sockets of this thread; all of them if `sessions` is `None`. Lobby → FanOut.
#[derive(Message)]
#[rtype(result = "()")]
pub struct CloseSockets {
    /// Which.
    pub sessions: Option<Vec<SessionId>>,
    /// Why.
    pub close: Close,
}

/// How many sockets there are on this thread, and what waits for them. Web → FanOut.
#[derive(Message)]
#[rtype(result = "Thread")]
pub struct Census;

/// The actor of one worker thread.
pub struct FanOut {
    sockets: Rc<Sockets>,
    ping: Duration,
}

impl FanOut {
    /// The fan-out for `sockets`; one that has been quiet for `ping` is asked for a sign of life, and closed after twice that.
    pub fn new(sockets: Rc<Sockets>, ping: Duration) -> Self {
        Self { sockets, ping }
    }

    fn beat(&mut self, _: &mut Context<Self>) {
        let now = Instant::now();
        let mut silent = Vec::new();
        for socket in self.sockets.all.borrow().values() {
            if socket.told.replace(false) {
                socket.told_at.set(now);
            }
            let answers = socket.can_answer_pings();
            let quiet = if answers { now.saturating_duration_since(socket.heard.get()) } else { Duration::ZERO };
            if quiet >= self.ping * 2 {
                silent.push(socket.clone());
            } else if (quiet >= self.ping && !socket.asked.replace(true))
                || now.saturating_duration_since(socket.told_at.get()) >= self.ping
            {
                // Also where the client is the one who talks: it, too, must know whether the line stands.
                socket.tell(r#"{"type":"ping"}"#);
            }
        }
        for socket in silent {
            socket.close(Close::Silent);
        }
    }
}

impl Actor for FanOut {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        context.run_interval(HEARTBEAT.min(self.ping / 4), Self::beat);
    }
}

impl Handler<Deliver> for FanOut {
    type Result = ();

    fn handle(&mut self, deliver: Deliver, _: &mut Self::Context) {
        for step in deliver.steps {
            match step {
                Step::Attach(id, _) => {
                    if let Some(socket) = self.sockets.get(id) {
                        self.sockets.attach(&socket, &deliver.room);
                    }
                }
                Step::Detach(id) => {
                    let here = |socket: &Rc<Socket>| socket.room.borrow().as_ref() == Some(&deliver.room);
                    if let Some(socket) = self.sockets.get(id).filter(here) {
                        self.sockets.detach(&socket);
                    }
                }
                Step::Give(parcel) => self.sockets.give(&deliver.room, &parcel),
            }
        }
    }
}

impl Handler<Announce> for FanOut {
    type Result = ();

    fn handle(&mut self, Announce(frame): Announce, _: &mut Self::Context) {
        let all: Vec<Rc<Socket>> = self.sockets.all.borrow().values().cloned().collect();
        self.sockets.flow.given([frame.bytes.len()].into_iter(), all.len());
        for socket in all {
            socket.push(&frame);
        }
    }
}

impl Handler<Census> for FanOut {
    type Result = MessageResult<Census>;

    fn handle(&mut self, _: Census, _: &mut Self::Context) -> Self::Result {
        MessageResult(self.sockets.census())
    }
}

counted!(FanOut: Deliver, Announce);

impl Handler<CloseSockets> for FanOut {
    type Result = ();

    fn handle(&mut self, asked: CloseSockets, _: &mut Self::Context) {
        let sockets: Vec<Rc<Socket>> = match asked.sessions {
            Some(sessions) => sessions.into_iter().filter_map(|id| self.sockets.get(id)).collect(),
            None => self.sockets.all.borrow().values().cloned().collect(),
        };
        for socket in sockets {
            if asked.close == Close::Restart {
                socket.tell(r#"{"type":"notice","kind":"draining"}"#);
            }
            socket.close(asked.close);
        }
    }
}

/// Every worker thread: its fan-out, and where actors can be started on it.
#[derive(Clone, Default)]
pub struct FanOuts {
    threads: Arc<RwLock<Vec<(Addr<FanOut>, ArbiterHandle)>>>,
    /// What waits for any of them is counted here.
    mailbox: Mailbox,
}

impl FanOuts {
    /// None yet; what waits for them counts in `mailbox`.
    pub fn new(mailbox: Mailbox) -> Self {
        Self { mailbox, ..Self::default() }
    }

    /// Takes in the fan-out of the current thread.
    pub fn register(&self, fanout: Addr<FanOut>) -> WorkerId {
        let mut all = self.threads.write().expect("nobody panics while registering");
        all.push((fanout, Arbiter::current()));
        WorkerId(all.len() - 1)
    }

    /// The fan-out of this thread.
    pub fn of(&self, worker: WorkerId) -> Option<Addr<FanOut>> {
        let all = self.threads.read().expect("nobody panics while registering");
        all.get(worker.0).map(|(fanout, _)| fanout.clone())
    }

    /// Gives this to the fan-out of this thread.
    pub fn deliver(&self, worker: WorkerId, deliver: Deliver) {
        if let Some(fanout) = self.of(worker) {
            self.mailbox.post(&fanout, deliver);
        }
    }

    /// Gives this frame to every socket.
    pub fn announce(&self, frame: &Frame) {
        for fanout in self.all() {
            self.mailbox.post(&fanout, Announce(frame.clone()));
        }
    }

    /// All fan-outs.
    pub fn all(&self) -> Vec<Addr<FanOut>> {
        let all = self.threads.read().expect("nobody panics while registering");
        all.iter().map(|(fanout, _)| fanout.clone()).collect()
    }

    /// The thread whose turn it is for actor number `n`, so that actors spread evenly.
    pub fn arbiter(&self, n: usize) -> Option<ArbiterHandle> {
        let all = self.threads.read().expect("nobody panics while registering");
        let count = all.len();
        (count > 0).then(|| all[n % count].1.clone())
    }

    /// Answers one command of one socket, outside of any room.
    pub fn answer(&self, place: Place, object: Option<&str>) {
        let frames = wire::text_frames(object).into_iter().map(|bytes| Frame { bytes, passing: false }).collect();
        let parcel = Parcel {
            special: vec![Special { session: place.session, frames, elsewhere: None, answered: 1 }],
            ..Parcel::default()
        };
        self.deliver(place.worker, Deliver { room: RoomId("".into()), steps: vec![Step::Give(parcel)] });
    }
}
