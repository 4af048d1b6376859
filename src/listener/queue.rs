//! Floor 7 · `listener/queue`: what waits for a stream until its connection takes it, within the limits of a socket.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

use tokio::sync::oneshot;

use crate::codes::{Close, Rejection};
use crate::fanout::Inbox;
use crate::link::{Frame, Full, Outbox, Waiting};
use crate::metrics::{Held, SessionKind};
use crate::wire::answered;

/// The answer to its join: the fields, a JSON object.
pub(super) type Welcome = Result<String, Rejection>;

/// The queue.
pub(super) struct Queue {
    outbox: Outbox,
    waiting: RefCell<Waiting>,
    /// The number of its join, and who waits for the answer.
    join: (i64, Cell<Option<oneshot::Sender<Welcome>>>),
    ended: Cell<Option<Close>>,
    reader: RefCell<Option<Waker>>,
}

/// What comes next.
pub(super) enum Next {
    /// This frame.
    Frame(Frame),
    /// The end.
    End(Close),
}

impl Queue {
    /// An empty one for the connection of `outbox`; `welcome` waits for the answer to command `join`.
    pub(super) fn new(outbox: Outbox, join: i64, welcome: oneshot::Sender<Welcome>) -> Self {
        Self {
            outbox,
            waiting: RefCell::default(),
            join: (join, Cell::new(Some(welcome))),
            ended: Cell::new(None),
            reader: RefCell::default(),
        }
    }

    /// What comes next, when it has come.
    pub(super) async fn next(&self) -> Next {
        poll_fn(|context| {
            if let Some(frame) = self.waiting.borrow_mut().take() {
                return Poll::Ready(Next::Frame(frame));
            }
            if let Some(close) = self.ended.get() {
                return Poll::Ready(Next::End(close));
            }
            *self.reader.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        })
        .await
    }

    fn wake(&self) {
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

impl Inbox for Queue {
    fn hears(&self, frame: &Frame) -> Result<(), Full> {
        if self.ended.get().is_some() {
            return Ok(());
        }
        let mut waiting = self.waiting.borrow_mut();
        waiting.make_room(frame.bytes.len())?;
        waiting.add(frame.clone());
        drop(waiting);
        self.wake();
        Ok(())
    }

    fn is_told(&self, frame: &Frame) -> Result<(), Full> {
        let (join, welcome) = &self.join;
        let answer = answered::objects(&frame.bytes).filter_map(answered::read).find(|answer| answer.id == *join);
        if let Some(answer) = answer
            && let Some(welcome) = welcome.take()
        {
            // Whoever asked may have gone away.
            let _ = welcome.send(answer.result);
        }
        // What stands beside the answer is heard like the rest: before it, it does not hear the room.
        self.hears(frame)
    }

    fn closes(&self, close: Close) {
        if self.ended.get().is_some() {
            return;
        }
        self.ended.set(Some(close));
        if let Some(welcome) = self.join.1.take() {
            let _ = welcome.send(Err(close.rejection()));
        }
        if close == Close::Slow {
            self.outbox.reset();
        } else {
            // A peer that does not read does not hear of the end either, and is not waited for.
            self.outbox.reset_soon();
        }
        self.wake();
    }

    fn kind(&self) -> SessionKind {
        SessionKind::Stream
    }

    fn waiting(&self) -> Held {
        let (frames, bytes) = self.waiting.borrow().held();
        Held { frames, bytes }
    }
}
