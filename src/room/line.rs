//! Floor 4 · `room/line`: the one line in which everything leaves a room. Who waits for the journal holds up those behind.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::value::RawValue;

use crate::codes::Rejection;
use crate::fanout::Place;
use crate::ids::SeatId;
use crate::room::command::Page;
use crate::room::pages::{From, Since};
use crate::room::post::Whom;
use crate::room::state::{Logged, Member};
use crate::store::log::Kept;

/// Whose command it was, and how to answer it.
#[derive(Clone, Copy, Debug)]
pub struct Asker {
    /// Which socket.
    pub place: Place,
    /// The `id` of the command; without it, only errors are told.
    pub id: Option<i64>,
}

/// What a joining socket asks for.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Where its copy of the log ends.
    pub since: Option<Since>,
    /// How many events it wants at most.
    pub limit: Option<i64>,
}

/// Something that leaves the room.
pub enum Out {
    /// An event that is with the journal: its `type`, its fields, when it was said.
    Awaited(&'static str, String, i64),
    /// An event that is kept and may be shown.
    Show(Logged),
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

/// All that comes of one command.
pub struct Turn {
    /// Who gave it, if anybody.
    pub asker: Option<Asker>,
    /// What it does, in order.
    pub outs: Vec<Out>,
    /// Its answer, after all that.
    pub answer: Answer,
    /// How many events of it are still with the journal.
    pub awaited: usize,
}

impl Turn {
    /// A turn without a command behind it.
    pub fn of(outs: Vec<Out>) -> Self {
        Self { asker: None, outs, answer: Answer::Plain, awaited: 0 }
    }
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

    /// What the journal says of the oldest event it was given; `event` makes the text of an event from its parts.
    pub fn settle(&mut self, kept: &Kept, event: impl FnOnce(&str, i64, i64, &str) -> Logged) {
        while self.turns.get(self.settled).is_some_and(|turn| turn.awaited == 0) {
            self.settled += 1;
        }
        let Some(turn) = self.turns.get_mut(self.settled) else { return };
        let Some(index) = turn.outs.iter().position(|out| matches!(out, Out::Awaited(..))) else { return };
        turn.awaited -= 1;
        let Out::Awaited(kind, body, sent_at) = turn.outs.remove(index) else { return };
        match kept {
            Kept::New { seq } => {
                turn.outs.insert(index, Out::Show(event(kind, *seq, sent_at, &body)));
                turn.answer = Answer::Fields(sent(*seq, sent_at, false));
            }
            Kept::Duplicate { seq, sent_at } => turn.answer = Answer::Fields(sent(*seq, *sent_at, true)),
            Kept::Refused(code) => turn.answer = Answer::Refused((*code).into()),
        }
    }
}

fn sent(seq: i64, sent_at: i64, duplicate: bool) -> Box<RawValue> {
    let duplicate = if duplicate { ",\"duplicate\":true" } else { "" };
    RawValue::from_string(format!("{{\"seq\":{seq},\"sent_at\":{sent_at}{duplicate}}}"))
        .expect("numbers and fixed names are JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::Code;

    fn awaiting() -> Turn {
        Turn { asker: None, outs: vec![Out::Awaited("message", "{}".into(), 5)], answer: Answer::Plain, awaited: 1 }
    }

    fn event(_: &str, seq: i64, sent_at: i64, _: &str) -> Logged {
        Logged { seq, sent_at, json: RawValue::from_string("{}".into()).unwrap().into() }
    }

    fn shown(turn: &Turn) -> Vec<i64> {
        turn.outs.iter().filter_map(|out| if let Out::Show(event) = out { Some(event.seq) } else { None }).collect()
    }

    #[test]
    fn nobody_overtakes_someone_who_waits_for_the_journal() {
        let mut line = Line::default();
        line.add(awaiting());
        line.add(Turn::of(Vec::new()));
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
            line.add(Turn::of(Vec::new()));
        }
        line.settle(&Kept::New { seq: 1 }, event);
        line.settle(&Kept::Duplicate { seq: 9, sent_at: 4 }, event);
        line.settle(&Kept::Refused(Code::Busy), event);
        let turns: Vec<Turn> = std::iter::from_fn(|| line.next_ready()).collect();
        assert_eq!(turns.len(), 6);
        assert_eq!(shown(&turns[0]), [1]);
        assert!(matches!(&turns[2].answer, Answer::Fields(json) if json.get() == r#"{"seq":9,"sent_at":4,"duplicate":true}"#));
        assert!(turns[2].outs.is_empty() && matches!(&turns[4].answer, Answer::Refused(no) if no.code == Code::Busy));
    }
}
