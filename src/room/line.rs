//! Floor 4 · `room/line`: the one line in which everything leaves a room. Who waits for the journal holds up those behind.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::codes::{Code, Rejection};
use crate::fanout::Place;
use crate::ids::SeatId;
use crate::metrics::Kind;
use crate::room::command::Page;
use crate::room::pages::{From, Since};
use crate::room::post::Whom;
use crate::room::state::{Logged, Member};
use crate::store::log::Kept;
use crate::wire;

/// Whose command it was, and how to answer it.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// Which socket.
    pub place: Place,
    /// The `id` of the command; without it, only errors are told.
    pub id: Option<i64>,
    /// As what it counts.
    pub kind: Kind,
}

/// What a joining socket asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Where its copy of the log ends.
    pub since: Option<Since>,
    /// How many events it wants at most.
    pub limit: Option<i64>,
}

/// An event that is with the journal.
pub struct Awaited {
    /// Its `type`.
    pub kind: &'static str,
    /// Its fields.
    pub body: String,
    /// When it was said.
    pub sent_at: i64,
    /// What becomes of its turn.
    pub awaiting: Awaiting,
}

/// What becomes of a turn when the journal has answered.
pub struct Awaiting {
    /// Whether the socket that gave the command knows the event already.
    pub known: bool,
    /// Whether it is what the command asked for; otherwise a hook did.
    pub asked: bool,
    /// Why it is refused, unless it was kept before.
    pub refusal: Option<Rejection>,
}

/// Something that leaves the room.
pub enum Out {
    /// An event that is with the journal.
    Awaited(Awaited),
    /// An event that is kept and may be shown; not to the socket that gave the command, if that knows it already.
    Show(Logged, bool),
    /// Something that is not kept.
    Tell(Whom, Arc<RawValue>, bool),
    /// This member is on the list of those who are here.
    Enter(Member),
    /// This seat is off the list, and its tabs no longer hear the room; all but one of them are told this before.
    Exit(SeatId, Option<(Place, Arc<RawValue>)>),
    /// This tab no longer hears the room.
    Detach(SeatId, Place),
}

/// How a command is answered when its turn has come.
pub enum Answer {
    /// `ok`.
    Plain,
    /// `ok` with these fields.
    Fields(Box<RawValue>),
    /// `error`.
    Refused(Rejection),
    /// A page of the log.
    Page(Page),
    /// What a client without a socket asked for.
    Look(From),
    /// The welcome of a socket that joins with this seat.
    Welcome(SeatId, Ask),
}

/// All that comes of one command, or of one call of hooks.
pub struct Turn {
    /// Who gave it, if anybody.
    pub asker: Option<Asker>,
    /// What it does, in order.
    pub outs: Vec<Out>,
    /// Its answer, after all that.
    pub answer: Answer,
    /// How many events of it are still with the journal.
    pub awaited: usize,
    /// The place of the last event that its command has kept, as fields of the answer.
    sent: Option<String>,
}

impl Turn {
    /// The turn of a command, or one that nobody asked for.
    pub fn of(asker: Option<Asker>) -> Self {
        Self { asker, outs: Vec::new(), answer: Answer::Plain, awaited: 0, sent: None }
    }

    /// Whether nothing comes of it.
    pub fn is_nothing(&self) -> bool {
        self.asker.is_none() && self.outs.is_empty()
    }

    /// Its answer: what was kept, and what the command adds to it.
    pub fn take_answer(&mut self) -> Answer {
        let answer = std::mem::replace(&mut self.answer, Answer::Plain);
        match (self.sent.take(), answer) {
            (Some(sent), Answer::Plain) => Answer::Fields(object(sent + "}")),
            (Some(sent), Answer::Fields(fields)) => Answer::Fields(object(wire::followed_by(sent, fields.get()))),
            (_, answer) => answer,
        }
    }
}

fn object(text: String) -> Box<RawValue> {
    RawValue::from_string(text).expect("numbers and fixed names before the fields of an object are an object")
}

/// The line.
#[derive(Default)]
pub struct Line {
    turns: VecDeque<Turn>,
    settled: usize,
}

impl Line {
    /// Joins the line at its end.
    pub fn add(&mut self, turn: Turn) {
        self.turns.push_back(turn);
    }

    /// The next turn that waits for nothing.
    pub fn next_ready(&mut self) -> Option<Turn> {
        if self.turns.front()?.awaited > 0 {
            return None;
        }
        self.settled = self.settled.saturating_sub(1);
        self.turns.pop_front()
    }

    /// What the journal says of the oldest event it was given; `event` makes the text of an event from its parts. The code, if
    /// it is not kept and nobody is told, because a hook wanted it.
    pub fn settle(&mut self, kept: &Kept, event: impl FnOnce(&str, i64, i64, &str) -> Logged) -> Option<Code> {
        while self.turns.get(self.settled).is_some_and(|turn| turn.awaited == 0) {
            self.settled += 1;
        }
        let turn = self.turns.get_mut(self.settled)?;
        let index = turn.outs.iter().position(|out| matches!(out, Out::Awaited(_)))?;
        turn.awaited -= 1;
        let Out::Awaited(Awaited { kind, body, sent_at, awaiting }) = turn.outs.remove(index) else { return None };
        let sent = match kept {
            Kept::New { seq } => {
                turn.outs.insert(index, Out::Show(event(kind, *seq, sent_at, &body), awaiting.known));
                sent(*seq, sent_at, false)
            }
            Kept::Duplicate { seq, sent_at } => sent(*seq, *sent_at, true),
            Kept::Refused(code) if awaiting.asked => {
                let refusal = awaiting.refusal.filter(|_| *code == Code::Rejected);
                turn.answer = Answer::Refused(refusal.unwrap_or_else(|| (*code).into()));
                return None;
            }
            Kept::Refused(code) => return Some(*code),
        };
        if awaiting.asked {
            turn.sent = Some(sent);
        }
        None
    }
}

/// Where an event is kept.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is written by hand, before the fields of a command; this is how that is described")]
pub(crate) struct KeptAt {
    /// Its place in the log.
    seq: i64,
    /// When it was said, in milliseconds since 1970.
    sent_at: i64,
    /// It was said before, under the same `client_id`.
    #[schema(nullable = false)]
    duplicate: Option<bool>,
}

/// The beginning of an object that says where an event is kept.
fn sent(seq: i64, sent_at: i64, duplicate: bool) -> String {
    let duplicate = if duplicate { ",\"duplicate\":true" } else { "" };
    format!("{{\"seq\":{seq},\"sent_at\":{sent_at}{duplicate}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fanout::WorkerId;
    use crate::ids::SessionId;

    fn awaited(asked: bool) -> Out {
        let awaiting = Awaiting { known: true, asked, refusal: None };
        Out::Awaited(Awaited { kind: "message", body: "{}".into(), sent_at: 5, awaiting })
    }

    fn turn(outs: Vec<Out>) -> Turn {
        let place = Place { session: SessionId(1), worker: WorkerId(0) };
        Turn { awaited: outs.len(), outs, ..Turn::of(Some(Asker { place, id: Some(1), kind: Kind::UNKNOWN })) }
    }

    fn awaiting() -> Turn {
        turn(vec![awaited(true)])
    }

    fn event(_: &str, seq: i64, sent_at: i64, _: &str) -> Logged {
        Logged { seq, sent_at, json: RawValue::from_string("{}".into()).unwrap().into() }
    }

    fn shown(turn: &Turn) -> Vec<i64> {
        turn.outs.iter().filter_map(|out| if let Out::Show(event, _) = out { Some(event.seq) } else { None }).collect()
    }

    fn fields(turn: &mut Turn) -> String {
        match turn.take_answer() {
            Answer::Fields(fields) => fields.get().to_owned(),
            Answer::Plain => String::new(),
            Answer::Refused(no) => no.code.name().to_owned(),
            _ => panic!("an answer without fields"),
        }
    }

    #[test]
    fn nobody_overtakes_someone_who_waits_for_the_journal() {
        let mut line = Line::default();
        line.add(awaiting());
        line.add(Turn::of(None));
        line.add(awaiting());
        assert!(line.next_ready().is_none());
        line.settle(&Kept::New { seq: 1 }, event);
        assert_eq!(shown(&line.next_ready().unwrap()), [1]);
        assert!(line.next_ready().unwrap().outs.is_empty());
        assert!(line.next_ready().is_none());
        line.settle(&Kept::New { seq: 2 }, event);
        assert_eq!(shown(&line.next_ready().unwrap()), [2]);
    }

    #[test]
    fn several_results_at_once_go_to_those_who_wait_in_their_order() {
        let mut line = Line::default();
        for _ in 0..3 {
            line.add(awaiting());
            line.add(Turn::of(None));
        }
        line.settle(&Kept::New { seq: 1 }, event);
        line.settle(&Kept::Duplicate { seq: 9, sent_at: 4 }, event);
        line.settle(&Kept::Refused(Code::Busy), event);
        let mut turns: Vec<Turn> = std::iter::from_fn(|| line.next_ready()).collect();
        assert_eq!(turns.len(), 6);
        assert_eq!(shown(&turns[0]), [1]);
        assert_eq!(fields(&mut turns[2]), r#"{"seq":9,"sent_at":4,"duplicate":true}"#);
        assert_eq!((turns[4].outs.len(), fields(&mut turns[4]).as_str()), (0, "busy"));
    }

    #[test]
    fn an_answer_says_what_the_command_has_kept_beside_what_it_adds() {
        let mut line = Line::default();
        let added = RawValue::from_string(r#"{"poll":7}"#.into()).unwrap();
        line.add(Turn { answer: Answer::Fields(added), ..turn(vec![awaited(false), awaited(true), awaited(false)]) });
        for seq in 1..=3 {
            assert_eq!(line.settle(&Kept::New { seq }, event), None);
        }
        let mut turn = line.next_ready().unwrap();
        assert_eq!(shown(&turn), [1, 2, 3]);
        assert_eq!(fields(&mut turn), r#"{"seq":2,"sent_at":5,"poll":7}"#, "what a hook has kept is not what was asked for");
    }

    #[test]
    fn what_is_not_kept_refuses_the_command_or_is_told_to_who_writes_it_down() {
        let mut line = Line::default();
        line.add(turn(vec![awaited(true), awaited(true), awaited(false)]));
        assert_eq!(line.settle(&Kept::Refused(Code::Gone), event), None);
        assert_eq!(line.settle(&Kept::New { seq: 1 }, event), None);
        assert_eq!(line.settle(&Kept::Refused(Code::Busy), event), Some(Code::Busy));
        assert_eq!(fields(&mut line.next_ready().unwrap()), "gone", "a part that is kept makes no success of it");
    }
}
