//! Floor 10 · `testing`: the tabs of people in a room under test: what each hears, as a fan-out would give it to its socket.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use crate::fanout::{Parcel, Step};
use crate::ids::{SeatId, SessionId};
use crate::link::Frame;
use crate::user::User;

/// A tab of someone in a [`TestRoom`](super::TestRoom), which hears what a socket would.
///
/// ```
/// use papo::testing::{Tab, TestRoom};
///
/// let mut room = TestRoom::new(papo::App::builder());
/// let tabs: Vec<Tab> = ["ana", "ana", "bia"].map(|name| room.join(name)).into();
/// assert_eq!(room.state().members().count(), 2, "two tabs of one user share a seat");
/// room.leave(tabs[0]);
/// room.leave(tabs[1]);
/// assert_eq!(room.hears(tabs[2]).last().unwrap()["type"], "member_left");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tab(pub(super) SessionId);

/// Why a command was refused, as its client reads it.
///
/// ```
/// use papo::testing::{Refusal, TestRoom};
///
/// let mut room = TestRoom::new(papo::App::builder());
/// let ana = room.join("ana");
/// let Refusal { code, message, retry_after_ms, .. } = room.says(ana, " ").unwrap_err();
/// assert_eq!((code.as_str(), message.as_str(), retry_after_ms), ("empty_message", "There is nothing to send.", None));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Refusal {
    /// What clients switch on, `rejected` for instance.
    pub code: String,
    /// The sentence.
    pub message: String,
    /// With `rate_limited`: how long to wait.
    pub retry_after_ms: Option<u64>,
}

/// What is known of a tab.
pub(super) struct Open {
    pub(super) user: Arc<User>,
    pub(super) seat: SeatId,
    /// Whether it was not left or lost.
    pub(super) in_room: bool,
    /// Whether it was welcomed, and hears the room since.
    hears: bool,
    pub(super) welcome: Value,
    heard: Vec<Value>,
    answers: Vec<Value>,
}

/// All tabs there were.
#[derive(Default)]
pub(super) struct Tabs(BTreeMap<SessionId, Open>);

impl Tabs {
    /// A tab of `user` in `seat`.
    pub(super) fn add(&mut self, user: Arc<User>, seat: SeatId) -> Tab {
        let tab = Tab(SessionId(self.0.len() as u64 + 1));
        let (heard, answers) = (Vec::new(), Vec::new());
        self.0.insert(tab.0, Open { user, seat, in_room: true, hears: false, welcome: Value::Null, heard, answers });
        tab
    }

    pub(super) fn get(&self, tab: Tab) -> &Open {
        self.0.get(&tab.0).expect("a tab is of the room that gave it")
    }

    pub(super) fn get_mut(&mut self, tab: Tab) -> &mut Open {
        self.0.get_mut(&tab.0).expect("a tab is of the room that gave it")
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Open> {
        self.0.values()
    }

    /// Nobody is in the room any more, and nobody was told.
    pub(super) fn are_lost(&mut self) {
        self.0.values_mut().for_each(|open| (open.in_room, open.hears) = (false, false));
    }

    /// What the fan-out of a thread does with its sockets.
    pub(super) fn take(&mut self, step: Step) {
        match step {
            Step::Attach(session, _) => self.get_mut(Tab(session)).hears = true,
            Step::Detach(session) => self.get_mut(Tab(session)).hears = false,
            Step::Give(parcel) => self.0.iter_mut().for_each(|(session, open)| open.give(*session, &parcel)),
        }
    }
}

impl Open {
    fn give(&mut self, session: SessionId, parcel: &Parcel) {
        let frames = match parcel.special.iter().find(|special| special.session == session) {
            Some(special) if !self.hears => special.elsewhere.as_ref().unwrap_or(&special.frames),
            Some(special) => &special.frames,
            None if self.hears => &parcel.shared,
            None => return,
        };
        for object in frames.iter().flat_map(objects) {
            if matches!(object["type"].as_str(), Some("ok" | "error")) {
                self.answers.push(object);
            } else {
                self.heard.push(object);
            }
        }
    }

    /// The events since the last time.
    pub(super) fn hears(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.heard)
    }

    /// An answer that did not come from the room.
    pub(super) fn is_answered(&mut self, answer: &str) {
        self.answers.push(serde_json::from_str(answer).expect("the server writes JSON"));
    }

    /// The answer to the last command.
    pub(super) fn answer(&mut self) -> Result<Value, Refusal> {
        let answer = self.answers.pop().expect("every command is answered");
        if answer["type"] == "ok" { Ok(answer) } else { Err(serde_json::from_value(answer).expect("an error has a code")) }
    }
}

/// The objects in a frame of the server, which is not masked (RFC 6455 §5.2).
fn objects(frame: &Frame) -> Vec<Value> {
    let header = match frame.bytes[1] {
        126 => 4,
        127 => 10,
        _ => 2,
    };
    let lines = frame.bytes[header..].split(|byte| *byte == b'\n');
    lines.map(|line| serde_json::from_slice(line).expect("the server writes JSON")).collect()
}
