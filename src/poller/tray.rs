//! Floor 7 · `poller/tray`: what comes in for a client without a socket: answers by their number, and a bell for everything else. Nothing
//! piles up in it between two calls.

use std::cell::RefCell;
use std::collections::HashMap;

use tokio::sync::{oneshot, watch};

use crate::codes::{Close, Rejection};
use crate::fanout::Inbox;
use crate::link::{Frame, Full};
use crate::metrics::SessionKind;
use crate::wire::answered;

/// What a room answered.
#[derive(Debug)]
pub struct Told {
    /// The fields of its `ok`, a JSON object.
    pub fields: String,
    /// When it was asked, in milliseconds since 1970, less one: all that it had heard by then is in the answer.
    pub asked_at: i64,
}

/// The answer to one call.
pub type Reply = Result<Told, Rejection>;

/// Rings when there may be something new. What it tells is why there will never be: the session has ended.
pub type Bell = watch::Receiver<Option<Close>>;

/// The tray of one client.
pub(super) struct Tray {
    asked: RefCell<HashMap<i64, Asked>>,
    bell: watch::Sender<Option<Close>>,
}

struct Asked {
    at: i64,
    reply: oneshot::Sender<Reply>,
}

impl Tray {
    /// An empty tray and its bell.
    pub(super) fn new() -> (Self, Bell) {
        let (bell, rings) = watch::channel(None);
        (Self { asked: RefCell::default(), bell }, rings)
    }

    /// Command `id` was given at `at`, and `reply` waits for what comes of it.
    pub(super) fn expects(&self, id: i64, at: i64, reply: oneshot::Sender<Reply>) {
        self.asked.borrow_mut().insert(id, Asked { at, reply });
    }

    /// What comes of command `id` is this.
    pub(super) fn settles(&self, id: i64, result: Result<String, Rejection>) {
        if let Some(Asked { at, reply }) = self.asked.borrow_mut().remove(&id) {
            // Whoever asked may have gone away.
            let _ = reply.send(result.map(|fields| Told { fields, asked_at: at }));
        }
    }

    fn ring(&self) {
        self.bell.send_modify(|_| ());
    }
}

impl Inbox for Tray {
    fn hears(&self, _: &Frame) -> Result<(), Full> {
        Ok(())
    }

    fn is_told(&self, frame: &Frame) -> Result<(), Full> {
        for answer in answered::objects(&frame.bytes).filter_map(answered::read) {
            self.settles(answer.id, answer.result);
        }
        Ok(())
    }

    fn has_news(&self) {
        self.ring();
    }

    fn is_out(&self) {
        self.ring();
    }

    fn closes(&self, close: Close) {
        self.bell.send_if_modified(|ended| ended.is_none() && ended.replace(close).is_none());
        for (_, Asked { reply, .. }) in self.asked.borrow_mut().drain() {
            let _ = reply.send(Err(close.rejection()));
        }
    }

    fn kind(&self) -> SessionKind {
        SessionKind::Poller
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Code;
    use crate::wire;

    fn frame(objects: &[&str]) -> Frame {
        Frame { bytes: wire::text_frames(objects.iter().copied()).remove(0), passing: false }
    }

    #[test]
    fn each_call_gets_its_own_answer_and_nothing_else_stays() {
        let (tray, _bell) = Tray::new();
        let (one, mut first) = oneshot::channel();
        let (two, mut second) = oneshot::channel();
        tray.expects(1, 10, one);
        tray.expects(2, 20, two);
        let refused = wire::error(Some(2), &Code::NotInRoom.into());
        tray.is_told(&frame(&[r#"{"type":"message","seq":1}"#, &wire::ok(1, None), &refused])).unwrap();
        let Told { fields, asked_at } = first.try_recv().unwrap().unwrap();
        assert_eq!((fields.as_str(), asked_at), ("{}", 10));
        assert_eq!(second.try_recv().unwrap().unwrap_err().code, Code::NotInRoom);
        assert!(tray.asked.borrow().is_empty());
        tray.hears(&frame(&[r#"{"type":"message","seq":2}"#])).unwrap();
        assert!(tray.asked.borrow().is_empty());
    }

    #[test]
    fn the_bell_rings_for_news_and_tells_why_it_is_over_once() {
        let (tray, mut bell) = Tray::new();
        bell.mark_unchanged();
        tray.hears(&frame(&["{}"])).unwrap();
        assert!(!bell.has_changed().unwrap(), "what is not in the log rings no bell");
        tray.has_news();
        assert!(bell.has_changed().unwrap());
        let (reply, mut answer) = oneshot::channel();
        tray.expects(1, 0, reply);
        tray.closes(Close::SignedOut);
        tray.closes(Close::Normal);
        assert_eq!(*bell.borrow_and_update(), Some(Close::SignedOut));
        assert_eq!(answer.try_recv().unwrap().unwrap_err().code, Code::Unauthenticated);
    }
}
