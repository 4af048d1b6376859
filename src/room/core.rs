//! Floor 4 · `room/core`: a room at work, without an actor around it: who hears it, its line, and what is ready to leave.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::codes::Code;
use crate::fanout::{Step, WorkerId};
use crate::ids::{RoomId, SeatId};
use crate::metrics::Kind;
use crate::room::command::Page;
use crate::room::hooks::Hooks;
use crate::room::line::{Ask, Asker, Awaited, Awaiting, Line, Out, Turn};
use crate::room::post::{Post, Tabs, Whom};
use crate::room::stamp;
use crate::room::state::{Logged, Member, Moment, RoomState};
use crate::store::log::{Append, Kept};

/// Everything that was added to what rooms do by themselves, in the order in which it is called.
pub type AllHooks = Arc<[Arc<dyn Hooks>]>;

/// A page of the log that memory does not hold.
pub struct Read {
    /// Whose command it answers.
    pub asker: Asker,
    /// What it is for.
    pub purpose: Purpose,
    /// Which page.
    pub wanted: Wanted,
}

/// What a page is for.
pub enum Purpose {
    /// To be read.
    History,
    /// To welcome a socket that joins with this seat.
    Welcome(SeatId, Ask),
    /// To tell a client without a socket what is new.
    Look,
}

/// Which page, as far as is known without the log.
#[derive(Clone, Copy)]
pub enum Wanted {
    /// This one.
    Page(Page),
    /// What was said after this time.
    Time(i64),
}

/// What is said of a behaviour that panicked.
pub const PANICKED: &str = "it panicked";

/// What became of a command: it was done, or refused with this code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// As what it counts.
    pub kind: Kind,
    /// Why not.
    pub refused: Option<Code>,
}

/// Something that an extension, or a behaviour of the house, could not do. It cost its caller an error at most.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The command or the hooks.
    pub behaviour: &'static str,
    /// What went wrong.
    pub what: &'static str,
    /// Why, for whoever wrote it.
    pub reason: String,
}

/// What leaves a room at once.
#[derive(Default)]
pub struct Leaving {
    /// For the journal.
    pub appends: Vec<Append>,
    /// For the worker threads.
    pub steps: Vec<(WorkerId, Vec<Step>)>,
    /// To be read from the log and given back to [`Core::page_read`].
    pub reads: Vec<Read>,
    /// For the log of the server.
    pub faults: Vec<Fault>,
    /// To be counted.
    pub outcomes: Vec<Outcome>,
}

/// One room. Commands, comings and goings are told to it together with the time; what comes of them leaves with [`Core::leave`].
pub struct Core {
    pub(super) id: RoomId,
    pub(super) hooks: AllHooks,
    pub(super) state: RoomState,
    /// The sockets that hear the room.
    pub(super) tabs: Tabs,
    /// The sockets that wait for their welcome: they hear nothing before it.
    pub(super) arriving: Tabs,
    /// Those who are here as far as everybody has been told.
    pub(super) roster: BTreeMap<SeatId, Member>,
    pub(super) line: Line,
    pub(super) post: Post,
    /// What was said and is not with the journal yet.
    drafts: Vec<Append>,
    /// How many events the journal has not answered.
    pub(super) awaited: usize,
    pub(super) reads: Vec<Read>,
    pub(super) faults: Vec<Fault>,
    pub(super) outcomes: Vec<Outcome>,
}

impl Core {
    /// A room with this state, in which nothing has happened yet.
    pub fn new(state: RoomState, hooks: AllHooks) -> Self {
        Self {
            id: state.id.clone(),
            hooks,
            state,
            tabs: Tabs::new(),
            arriving: Tabs::new(),
            roster: BTreeMap::new(),
            line: Line::default(),
            post: Post::default(),
            drafts: Vec::new(),
            awaited: 0,
            reads: Vec::new(),
            faults: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    /// The log was read: nothing happens in a room before.
    pub fn open(&mut self, state: RoomState, now: Moment) {
        self.state = state;
        let mut turn = Turn::of(None);
        self.call(&mut turn, None, now, |hooks, state| hooks.on_open(now, state));
        self.line.add(turn);
    }

    /// The room as plain data.
    pub fn state(&self) -> &RoomState {
        &self.state
    }

    /// Time passes.
    pub fn tick(&mut self, now: Moment) {
        let mut turn = Turn::of(None);
        self.call(&mut turn, None, now, |hooks, state| hooks.tick(now, state));
        if !turn.is_nothing() {
            self.line.add(turn);
        }
    }

    /// What the journal says of the oldest events it was given.
    pub fn settle(&mut self, kept: &[Kept]) {
        self.awaited = self.awaited.saturating_sub(kept.len());
        for kept in kept {
            let untold = self.line.settle(kept, |kind, seq, sent_at, body| Logged::new(&self.id, kind, seq, sent_at, body));
            self.faults.extend(untold.map(|code| Fault {
                behaviour: "a hook",
                what: "its event was not kept",
                reason: code.name().to_owned(),
            }));
        }
    }

    /// Empties the line as far as nothing waits for the journal, and gives out what is ready.
    pub fn leave(&mut self) -> Leaving {
        while let Some(mut turn) = self.line.next_ready() {
            let answer = turn.take_answer();
            for out in turn.outs {
                self.let_out(out, turn.asker.as_ref());
            }
            if let Some(asker) = turn.asker {
                self.answer(asker, answer);
            }
        }
        Leaving {
            appends: std::mem::take(&mut self.drafts),
            steps: self.post.take(&self.tabs).collect(),
            reads: std::mem::take(&mut self.reads),
            faults: std::mem::take(&mut self.faults),
            outcomes: std::mem::take(&mut self.outcomes),
        }
    }

    fn let_out(&mut self, out: Out, asker: Option<&Asker>) {
        match out {
            Out::Show(event, known) => {
                let json = event.json.clone();
                self.state.remember(event);
                let whom = asker.filter(|_| known).map_or(Whom::Everyone, |asker| Whom::AllButSession(asker.place.session));
                self.post.show(whom, json);
            }
            Out::Tell(whom, json, passing) => self.post.tell(whom, json, passing),
            Out::Enter(member) => {
                self.roster.insert(member.seat, member);
            }
            Out::Exit(seat, moved) => {
                self.roster.remove(&seat);
                for place in self.places(seat) {
                    if let Some((mover, json)) = &moved
                        && place != *mover
                    {
                        self.post.note(place, json.clone());
                    }
                    self.detach(seat, place);
                }
            }
            Out::Detach(seat, place) => self.detach(seat, place),
            // A turn is let out only when nothing of it is awaited.
            Out::Awaited(_) => {}
        }
    }

    /// Takes an event that wants to be in the log to those that go to the journal.
    pub(super) fn await_kept(&mut self, append: Append, awaiting: Awaiting) -> Out {
        self.awaited += 1;
        let (kind, body, sent_at) = (append.kind, append.body.clone(), append.sent_at);
        let out = Out::Awaited(Awaited { kind, body, sent_at, awaiting });
        self.drafts.push(append);
        out
    }

    /// What the house tells, of this room.
    pub(super) fn told(&self, whom: Whom, telling: &crate::room::event::Telling) -> Out {
        Out::Tell(whom, stamp::unsigned(telling, &self.state).into(), telling.passing)
    }
}
