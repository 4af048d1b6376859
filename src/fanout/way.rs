//! Floor 4 · `fanout/way`: where what a session hears goes: to its connection, or to someone who speaks plain HTTP.

use std::rc::Rc;

use crate::codes::Close;
use crate::link::{Frame, Full, Outbox};
use crate::metrics::{Held, SessionKind};

/// Where it goes.
pub enum Way {
    /// To a WebSocket.
    Link(Outbox),
    /// To someone who has none.
    Inbox(Rc<dyn Inbox>),
}

impl Way {
    /// By which way its session speaks.
    pub fn kind(&self) -> SessionKind {
        match self {
            Self::Link(_) => SessionKind::Socket,
            Self::Inbox(inbox) => inbox.kind(),
        }
    }

    /// Whether it takes frames.
    pub fn is_open(&self) -> bool {
        match self {
            Self::Link(outbox) => outbox.is_open(),
            Self::Inbox(_) => true,
        }
    }

    /// What waits on it.
    pub fn waiting(&self) -> Held {
        match self {
            Self::Link(outbox) => {
                let (frames, bytes) = outbox.held();
                Held { frames, bytes }
            }
            Self::Inbox(inbox) => inbox.waiting(),
        }
    }
}

/// Someone who has no WebSocket. Called in a plain loop over all who hear a room, on the thread of the session: it takes what it needs
/// and returns.
pub trait Inbox {
    /// Here is a frame that everyone in the room hears, or every session of this thread.
    ///
    /// # Errors
    /// [`Full`] if it takes no more; it is closed then.
    fn hears(&self, frame: &Frame) -> Result<(), Full>;

    /// Here is a frame for this session alone: answers to its commands, in their places between what the room says.
    ///
    /// # Errors
    /// As [`Self::hears`].
    fn is_told(&self, frame: &Frame) -> Result<(), Full> {
        self.hears(frame)
    }

    /// There is something new in the log of its room; it comes after the frame that tells what.
    fn has_news(&self) {}

    /// From now on it does not hear its room.
    fn is_out(&self) {}

    /// It ends.
    fn closes(&self, close: Close);

    /// By which way its client speaks.
    fn kind(&self) -> SessionKind;

    /// What waits for its client.
    fn waiting(&self) -> Held {
        Held::default()
    }
}
