//! Floor 4 · `room/look`: what a client without a socket asks again and again: what is new, and where the log ends.

use actix::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::codes::Code;
use crate::ids::SeatId;
use crate::metrics::counted;
use crate::room::actor::Room;
use crate::room::core::Core;
use crate::room::event::json;
use crate::room::line::{Answer, Asker, Turn};
use crate::room::pages::{From, goes_on};
use crate::room::state::Logged;

/// Tell the one who sits here what is new. Poller → Room; it waits in the line like every command, so that all that was said before it
/// is in the answer.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Look {
    /// From this seat.
    pub by: SeatId,
    /// For this session.
    pub asker: Asker,
    /// What it has already.
    pub from: From,
}

#[derive(Serialize)]
struct Fields<'a> {
    epoch: &'a str,
    head_seq: i64,
    /// If there are newer ones than `events`: the time with which to go on.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<i64>,
    /// When the last of `events` was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_sent_at: Option<i64>,
    events: Vec<&'a RawValue>,
}

impl Core {
    fn look(&mut self, by: SeatId, asker: Asker, from: From) {
        let mut turn = Turn::of(Some(asker));
        turn.answer =
            if self.state.members.contains_key(&by) { Answer::Look(from) } else { Answer::Refused(Code::NotInRoom.into()) };
        self.line.add(turn);
    }

    pub(super) fn answer_look(&mut self, asker: Asker, mut events: Vec<Logged>) {
        let until = goes_on(&mut events, &self.state);
        let fields = json(&Fields {
            epoch: &self.state.epoch.0,
            head_seq: self.state.head_seq,
            last_sent_at: events.last().map(|event| event.sent_at),
            until,
            events: events.iter().map(|event| &*event.json).collect(),
        });
        self.say_ok(asker, Some(&fields));
    }
}

counted!(Room: Look);

impl Handler<Look> for Room {
    type Result = ();

    fn handle(&mut self, Look { by, asker, from }: Look, context: &mut Self::Context) {
        self.core.look(by, asker, from);
        self.plan_flush(context);
    }
}
