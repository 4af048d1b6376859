//! Floor 4 · `room/actor`: the Room actor. It reads its log, keeps the time and sends what leaves; it names no behaviour.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;

use crate::clock::now_ms;
use crate::codes::{Code, Rejection};
use crate::fanout::{Deliver, FanOuts};
use crate::ids::{Epoch, RoomId};
use crate::journal::{Done, Inbox, Keep};
use crate::metrics::{Metrics, Panicked};
use crate::room::command::{Effect, PAGE_MAX, Page};
use crate::room::core::{AllHooks, Core, Fault, Leaving, Outcome, PANICKED, Purpose, Read, Wanted};
use crate::room::line::Asker;
use crate::room::pages::Found;
use crate::room::state::{Moment, RECENT_MAX, RoomState};
use crate::store::{Store, StoreError};

/// How often hooks hear that time passes, while somebody is in the room.
pub const TICK: Duration = Duration::from_millis(500);
/// How long to wait before reading the log again when the database did not answer.
const OPEN_AGAIN: Duration = Duration::from_millis(500);

/// What every room needs of the house.
#[derive(Clone)]
pub struct Surroundings {
    /// The logs.
    pub store: Store,
    /// Who writes them.
    pub journal: Inbox,
    /// The threads of the sockets.
    pub fanouts: FanOuts,
    /// What is called when something happens.
    pub hooks: AllHooks,
    /// What becomes of commands is counted here.
    pub metrics: Arc<Metrics>,
}

/// One room: an actor, for those who want to send it messages of their own. It is reached by [`Rooms`](crate::Rooms).
///
/// Within [`Self::perform`] a panic costs its caller an error. Outside of it, in the handler itself, it ends the actor: whoever
/// acts in the room then has to come back, and finds it opened again.
///
/// ```
/// use actix::{Context, Handler, Message};
/// use papo::{App, Effect, Rejection, Room, Settings};
/// use serde_json::json;
///
/// /// Tell everyone in the room. The answer is how many are in it.
/// #[derive(Message)]
/// #[rtype(result = "Result<usize, Rejection>")]
/// struct Announce(String);
///
/// impl Handler<Announce> for Room {
///     type Result = Result<usize, Rejection>;
///
///     fn handle(&mut self, Announce(text): Announce, context: &mut Context<Self>) -> Self::Result {
///         self.perform(context, |_, _| Ok(vec![Effect::append("news.announced", &json!({"text": text}))]))?;
///         Ok(self.state().members().count())
///     }
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let settings = Settings::for_tests(folder.path());
/// actix::System::new().block_on(async {
///     let app = App::build(settings).await?;
///     let (rooms, stopper) = (app.rooms(), app.stopper());
///     let running = actix::spawn(app.run());
///     let room = rooms.get("sala-1").await.ok_or("a room of the settings")?;
///     assert_eq!(room.send(Announce("chove".into())).await?, Ok(0));
///     stopper.stop().await;
///     Ok(running.await??)
/// })
/// # }
/// ```
pub struct Room {
    pub(super) core: Core,
    around: Surroundings,
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

/// Nobody will come any more: say what there is to say, and end. Lobby → Room; answered when it is with the journal.
#[derive(Message)]
#[rtype(result = "()")]
pub struct End;

/// A page of the log was read. Room → itself.
#[derive(Message)]
#[rtype(result = "()")]
struct PageRead {
    asker: Asker,
    purpose: Purpose,
    found: Result<(Page, Found), StoreError>,
}

impl Room {
    /// The room `id`; it reads its log, or begins one, when it is started.
    pub(crate) fn new(id: RoomId, title: String, permanent: bool, around: Surroundings) -> Self {
        let state = RoomState::new(id, title.as_str().into(), Epoch::random(), 0, Vec::new());
        let core = Core::new(state, around.hooks.clone());
        Self { core, around, title, permanent, opened: Instant::now(), flush_planned: false, clock: None }
    }

    /// The room as plain data.
    pub fn state(&self) -> &RoomState {
        self.core.state()
    }

    /// Lets `act` look at the room, remember things in it and say what is to come of it, on behalf of the room itself: an event has
    /// no `from`. It leaves in the line of the room, like everything else.
    ///
    /// # Errors
    /// What `act` refuses, [`Code::Internal`] if it panics or its effects cannot be: then nothing comes of it.
    pub fn perform(
        &mut self,
        context: &mut Context<Self>,
        act: impl FnOnce(&mut RoomState, Moment) -> Result<Vec<Effect>, Rejection>,
    ) -> Result<(), Rejection> {
        let now = self.now();
        let performed = self.core.perform(act, now);
        self.plan_flush(context);
        performed
    }

    /// Now, as behaviours get to know it.
    pub(super) fn now(&self) -> Moment {
        Moment { wall_ms: now_ms(), since_open: self.opened.elapsed() }
    }

    /// Asks for a [`Flush`] behind everything that is in the mailbox already.
    pub(super) fn plan_flush(&mut self, context: &mut Context<Self>) {
        if !std::mem::replace(&mut self.flush_planned, true) {
            context.notify(Flush);
        }
    }

    fn flush(&mut self, context: &mut Context<Self>) {
        let Leaving { appends, steps, reads, faults, outcomes } = self.core.leave();
        for Outcome { kind, refused } in outcomes {
            self.around.metrics.commands.count(kind, refused);
        }
        for Fault { behaviour, what, reason } in faults {
            if what == PANICKED {
                self.around.metrics.panicked(Panicked::InRoom);
            }
            tracing::error!(room = %self.core.state().id, behaviour, reason, "{what}");
        }
        if !appends.is_empty() {
            self.around.journal.keep(Keep { appends, answer: context.address().recipient() });
        }
        for read in reads {
            self.read(read, context);
        }
        for (worker, steps) in steps {
            self.around.fanouts.deliver(worker, Deliver { room: self.core.state().id.clone(), steps });
        }
    }

    /// Reads the log; its result comes back as a message, so the order in which reads finish does not matter.
    fn read(&self, read: Read, context: &mut Context<Self>) {
        let Read { asker, purpose, wanted } = read;
        let (store, state) = (self.around.store.clone(), self.core.state());
        let (id, head_seq) = (state.id.clone(), state.head_seq);
        let work = async move {
            let page = match wanted {
                Wanted::Page(page) => page,
                Wanted::Time(ms) => Page::After(store.place_at(&id, head_seq, ms).await?, PAGE_MAX),
            };
            let (rows, more) = store.page(&id, page).await?;
            Ok((page, Found { events: rows.iter().map(|row| row.logged(&id)).collect(), more }))
        };
        context.spawn(work.into_actor(self).map(move |found, _, context| {
            context.notify(PageRead { asker, purpose, found });
        }));
    }

    /// Starts or stops the clock of the behaviours: an empty room needs none.
    pub(super) fn wind_clock(&mut self, context: &mut Context<Self>) {
        match (self.core.state().members.is_empty(), self.clock.take()) {
            (false, None) => self.clock = Some(context.run_interval(TICK, Self::tick)),
            (true, Some(clock)) => {
                context.cancel_future(clock);
            }
            (_, clock) => self.clock = clock,
        }
    }

    fn tick(&mut self, context: &mut Context<Self>) {
        let now = self.now();
        self.core.tick(now);
        self.plan_flush(context);
    }
}

impl Actor for Room {
    type Context = Context<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        let (store, id) = (self.around.store.clone(), self.core.state().id.clone());
        let (title, permanent) = (self.title.clone(), self.permanent);
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
        context.wait(work.into_actor(self).map(|state, room, context| {
            let now = room.now();
            room.core.open(state, now);
            room.plan_flush(context);
        }));
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
        self.core.settle(&kept);
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

impl Handler<End> for Room {
    type Result = ();

    fn handle(&mut self, _: End, context: &mut Self::Context) {
        self.flush(context);
        context.stop();
    }
}

impl Handler<PageRead> for Room {
    type Result = ();

    fn handle(&mut self, PageRead { asker, purpose, found }: PageRead, context: &mut Self::Context) {
        let found = found.map_err(|error| {
            tracing::error!(room = %self.core.state().id, %error, "could not read a page of the log");
            Code::Busy.into()
        });
        self.core.page_read(asker, purpose, found);
        self.plan_flush(context);
    }
}
