//! Floor 4 · `room/actor`: the Room actor. It reads its log, keeps the line and sends what is ready; it names no behaviour.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;

use crate::clock::now_ms;
use crate::fanout::{Deliver, FanOuts};
use crate::ids::{Epoch, RoomId, SeatId};
use crate::journal::{Done, Journal, Keep};
use crate::room::command::{Behaviour, Page};
use crate::room::line::{Asker, Line, Out, Turn};
use crate::room::post::{Post, Tabs, Whom};
use crate::room::state::{Logged, Member, Moment, RECENT_MAX, RoomState};
use crate::store::log::Append;
use crate::store::{Store, StoreError};

/// How often behaviours hear that time passes, while somebody is in the room.
const TICK: Duration = Duration::from_millis(500);
/// How long to wait before reading the log again when the database did not answer.
const OPEN_AGAIN: Duration = Duration::from_millis(500);

/// What every room needs of the house.
#[derive(Clone)]
pub struct Surroundings {
    /// The logs.
    pub store: Store,
    /// Who writes them.
    pub journal: Addr<Journal>,
    /// The threads of the sockets.
    pub fanouts: FanOuts,
    /// What members may do.
    pub behaviours: Arc<[Behaviour]>,
}

/// One room.
pub struct Room {
    pub(super) id: RoomId,
    pub(super) around: Surroundings,
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
    pub(super) drafts: Vec<Append>,
    /// How many events the journal has not answered.
    pub(super) awaited: usize,
    title: String,
    permanent: bool,
    opened: Instant,
    flush_planned: bool,
    clock: Option<SpawnHandle>,
}

/// Empty the line and send what is ready. Room → itself, once for all that came in the meantime.
#[derive(Message)]
#[rtype(result = "()")]
struct Flush;

impl Room {
    /// The room `id`; it reads its log, or begins one, when it is started.
    pub fn new(id: RoomId, title: String, permanent: bool, around: Surroundings) -> Self {
        Self {
            state: RoomState::new(id.clone(), title.as_str().into(), Epoch::random(), 0, Vec::new()),
            id,
            around,
            tabs: Tabs::new(),
            arriving: Tabs::new(),
            roster: BTreeMap::new(),
            line: Line::default(),
            post: Post::default(),
            drafts: Vec::new(),
            awaited: 0,
            title,
            permanent,
            opened: Instant::now(),
            flush_planned: false,
            clock: None,
        }
    }

    /// Now, as behaviours get to know it.
    pub(super) fn now(&self) -> Moment {
        Moment { wall_ms: now_ms(), since_open: self.opened.elapsed() }
    }

    /// Adds to the line what comes of a command, to leave together with all that is in the mailbox already.
    pub(super) fn add(&mut self, turn: Turn, context: &mut Context<Self>) {
        self.line.add(turn);
        self.plan_flush(context);
    }

    /// Asks for a [`Flush`] behind everything that is in the mailbox already.
    pub(super) fn plan_flush(&mut self, context: &mut Context<Self>) {
        if !std::mem::replace(&mut self.flush_planned, true) {
            context.notify(Flush);
        }
    }

    fn flush(&mut self, context: &mut Context<Self>) {
        if !self.drafts.is_empty() {
            let appends = std::mem::take(&mut self.drafts);
            self.around.journal.do_send(Keep { appends, answer: context.address().recipient() });
        }
        while let Some(turn) = self.line.next_ready() {
            for out in turn.outs {
                self.let_out(out, turn.asker.as_ref());
            }
            if let Some(asker) = turn.asker {
                self.answer(asker, turn.answer, context);
            }
        }
        for (worker, steps) in self.post.take(&self.tabs) {
            if let Some(fanout) = self.around.fanouts.of(worker) {
                fanout.do_send(Deliver { room: self.id.clone(), steps });
            }
        }
    }

    fn let_out(&mut self, out: Out, asker: Option<&Asker>) {
        match out {
            Out::Show(event) => {
                let json = event.json.clone();
                self.state.remember(event);
                let whom = asker.map_or(Whom::Everyone, |asker| Whom::AllButSession(asker.place.session));
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
            Out::Awaited(..) => {}
        }
    }

    /// Starts or stops the clock of the behaviours: an empty room needs none.
    pub(super) fn wind_clock(&mut self, context: &mut Context<Self>) {
        match (self.state.members.is_empty(), self.clock.take()) {
            (false, None) => self.clock = Some(context.run_interval(TICK, Self::tick)),
            (true, Some(clock)) => {
                context.cancel_future(clock);
            }
            (_, clock) => self.clock = clock,
        }
    }

    fn tick(&mut self, context: &mut Context<Self>) {
        let now = self.now();
        let outs = self.hooks(None, |behaviour, state| (behaviour.tick)(now, state));
        if !outs.is_empty() {
            self.add(Turn::of(outs), context);
        }
    }
}

impl Actor for Room {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        let (store, id, title, permanent) = (self.around.store.clone(), self.id.clone(), self.title.clone(), self.permanent);
        let work = async move {
            loop {
                match open(&store, &id, &title, permanent).await {
                    Ok(state) => return state,
                    Err(error) => tracing::error!(room = %id, %error, "could not read the log of a room"),
                }
                tokio::time::sleep(OPEN_AGAIN).await;
            }
        };
        // Nobody is served before the log is read.
        context.wait(work.into_actor(self).map(|state, room, _| room.state = state));
    }
}

async fn open(store: &Store, id: &RoomId, title: &str, permanent: bool) -> Result<RoomState, StoreError> {
    // A room that is there is only read: people come in also when the disk takes nothing more.
    let row = match store.room(id).await? {
        Some(row) => row,
        None => store.open_room(id, title, permanent, None, now_ms()).await?,
    };
    let (rows, _) = store.page(id, Page::Before(None, RECENT_MAX)).await?;
    let recent = rows.iter().map(|row| row.logged(id)).collect();
    Ok(RoomState::new(row.id, row.title.into(), row.epoch, row.head_seq, recent))
}

impl Handler<Done> for Room {
    type Result = ();

    fn handle(&mut self, Done(kept): Done, context: &mut Self::Context) {
        self.awaited = self.awaited.saturating_sub(kept.len());
        for kept in &kept {
            self.line.settle(kept, |kind, seq, sent_at, body| Logged::new(&self.id, kind, seq, sent_at, body));
        }
        self.plan_flush(context);
    }
}

impl Handler<Flush> for Room {
    type Result = ();

    fn handle(&mut self, _: Flush, context: &mut Self::Context) {
        self.flush_planned = false;
        self.flush(context);
    }
}
