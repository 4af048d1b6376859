//! Floor 4 · `fanout/tap`: what of one session goes into the traffic log.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::sync::Arc;

use crate::ids::SessionId;
use crate::traffic::{Dir, Entry, Message, Traffic, Via};
use crate::user::User;
use crate::wire::answered::objects;

/// What of one session goes into the traffic log: everything, or commands that ask for it and their answers.
pub struct Tap {
    /// Whether what goes out is of interest now: this alone is asked for every frame, and lies where the socket lies.
    listens: Cell<bool>,
    log: Box<Log>,
}

struct Log {
    traffic: Traffic,
    user: Arc<User>,
    session: SessionId,
    via: Via,
    /// Commands that are not answered yet, from the first on that is logged: their ids, and whether they are. Answers come in the
    /// order of the commands, so it is known whose an answer is even where a client gives one id twice.
    awaited: RefCell<VecDeque<(Option<i64>, bool)>>,
}

impl Tap {
    /// Writes what `user` says and hears in `session` into `traffic`; nothing if that is off.
    pub fn new(traffic: &Traffic, user: Arc<User>, session: SessionId, via: Via) -> Option<Self> {
        traffic.is_on().then(|| Self {
            listens: Cell::new(traffic.takes_all()),
            log: Box::new(Log { traffic: traffic.clone(), user, session, via, awaited: RefCell::default() }),
        })
    }

    /// A command came in; `logged` says whether it asks to be in the log.
    pub fn heard(&self, line: &str, logged: bool) {
        if logged || self.log.traffic.takes_all() {
            self.note(Dir::In, Message::Theirs(line));
        }
    }

    /// A command is begun that has this id; `under_way` are those before it that are not answered.
    pub fn begins(&self, id: Option<i64>, logged: bool, under_way: u32) {
        if self.log.traffic.takes_all() {
            return;
        }
        let mut awaited = self.log.awaited.borrow_mut();
        if under_way == 0 {
            awaited.clear();
        }
        // Whatever is begun later than one that is logged is needed to tell their answers apart.
        if logged || !awaited.is_empty() {
            awaited.push_back((id, logged));
        }
        self.listens.set(!awaited.is_empty());
    }

    /// A frame goes out.
    pub(super) fn is_told(&self, frame: &[u8]) {
        if self.listens.get() {
            for object in objects(frame).filter(|object| self.log.traffic.takes_all() || self.answers_logged(object)) {
                self.note(Dir::Out, Message::Ours(object));
            }
        }
    }

    /// This goes out, and not in a frame.
    pub fn tells(&self, object: &str) {
        if self.log.traffic.takes_all() {
            self.note(Dir::Out, Message::Ours(object));
        }
    }

    /// Whether `object` answers a command that is logged; that is no longer awaited then.
    fn answers_logged(&self, object: &str) -> bool {
        let Some(id) = answer(object).map(id_in) else { return false };
        let mut awaited = self.log.awaited.borrow_mut();
        // Without an id only what is refused is answered, so it need not be the first.
        let at = match id {
            Some(_) => awaited.iter().position(|(of, _)| *of == id),
            None => awaited.iter().position(|(of, logged)| of.is_none() && *logged),
        };
        let answered = at.and_then(|at| awaited.drain(..=at).next_back());
        self.listens.set(!awaited.is_empty());
        answered.is_some_and(|(_, logged)| logged)
    }

    fn note(&self, dir: Dir, message: Message<'_>) {
        let user = Some(self.log.user.username.as_str());
        self.log.traffic.note(&Entry { user, session: Some(self.log.session.0), via: self.log.via, dir, message });
    }
}

/// What follows the type in an answer of [`crate::wire`], if `object` is one.
fn answer(object: &str) -> Option<&str> {
    object.strip_prefix("{\"type\":\"ok\"").or_else(|| object.strip_prefix("{\"type\":\"error\""))
}

/// The id in what follows the type, if it has one.
fn id_in(rest: &str) -> Option<i64> {
    let id = rest.strip_prefix(",\"id\":")?;
    id[..id.find([',', '}'])?].parse().ok()
}
