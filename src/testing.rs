//! Floor 10 · `testing`: a room for tests of extensions: people, commands and a clock that stands, without a network.

mod going;
mod log;
mod tabs;
mod things;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use serde_json::{Value, json};

use crate::app::Builder;
use crate::codes::{Code, Rejection};
use crate::fanout::{Place, WorkerId};
use crate::ids::{SeatId, UserId};
use crate::metrics::{Kind, Metrics};
use crate::names::{Name, Username};
use crate::outside::Outside;
use crate::room::Row;
use crate::room::actor::TICK;
use crate::room::command::Prepared;
use crate::room::core::{AllHooks, Core, Leaving};
use crate::room::line::{Ask, Asker};
use crate::room::seats::Sit;
use crate::room::state::{Logged, Moment, RoomState};
use crate::session::ORDERS;
use crate::session::prepare::{guarded, read};
use crate::upload::{self, Attachment};
use crate::user::User;
use crate::wire;

use self::log::TestLog;
use self::tabs::Tabs;
use self::things::Things;

pub use self::tabs::{Refusal, Tab};

/// When the clock of a test stands at first: 14 November 2023, in milliseconds since 1970.
const START_MS: i64 = 1_700_000_000_000;

/// The one thread of a room under test.
const THREAD: WorkerId = WorkerId(0);

/// A room with everything that `builder` adds to it, for plain tests: nothing waits, nothing is sent, time stands until
/// [`TestRoom::pass`].
///
/// Commands, hooks, the order of what is told and who hears it are decided by the very code that serves people. Left out are
/// what is around a room: rates and sizes of frames, other rooms, slow sockets and a disk that fails.
///
/// A fault in an extension, a panic for instance, costs no more here than on a server. So that it is not overlooked, dropping a
/// room whose [`TestRoom::faults`] nobody asked for fails the test.
///
/// ```
/// use papo::testing::TestRoom;
/// use papo::{App, Command, Effect, Member, Moment, Rejection, RoomState, To};
/// use serde_json::json;
///
/// #[derive(serde::Deserialize)]
/// struct Wave {}
///
/// impl Command for Wave {
///     const NAME: &'static str = "arm.wave";
///
///     fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
///         Ok(vec![Effect::tell(To::Others, "arm.waved", &json!({}))])
///     }
/// }
///
/// let mut room = TestRoom::new(App::builder().command::<Wave>());
/// let (ana, bia) = (room.join("ana"), room.join("bia"));
/// room.does(ana, json!({"type": "arm.wave"})).unwrap();
/// let heard = room.hears(bia);
/// assert_eq!((&heard[0]["type"], &heard[0]["from"]["username"]), (&json!("arm.waved"), &json!("ana")));
/// assert_eq!(room.hears(ana)[0]["type"], "member_joined", "one does not hear one's own waving, but that bia came");
/// ```
///
/// What else there is to see of a room:
///
/// ```
/// # use papo::testing::TestRoom;
/// # use serde_json::json;
/// let mut room = TestRoom::new(papo::App::builder());
/// let ana = room.join("ana");
/// assert_eq!(room.welcome(ana)["head_seq"], 0);
/// let image = room.uploads(ana, "gato.png", "image/png");
/// room.does(ana, json!({"type": "send", "text": "Olhem!", "images": [image]})).unwrap();
/// assert_eq!(room.says(ana, " ").unwrap_err().code, "empty_message");
/// assert_eq!((&room.log()[0]["images"][0]["name"], room.state().head_seq()), (&json!("gato.png"), 1));
/// assert!(room.faults().is_empty());
/// ```
pub struct TestRoom {
    core: Core,
    commands: Arc<[Row]>,
    hooks: AllHooks,
    log: TestLog,
    /// How long it stands since the beginning, and since the room was opened.
    passed: Duration,
    since_open: Duration,
    next_tick: Option<Duration>,
    tabs: Tabs,
    /// The seats that somebody may come back to, until when.
    away: BTreeMap<SeatId, Duration>,
    seats: u64,
    things: Arc<Things>,
    outside: Outside,
    last_id: i64,
    faults: Vec<String>,
}

impl TestRoom {
    /// The room `Sala 1`, in which nobody is and nothing was said.
    ///
    /// # Panics
    /// If two commands have one name, for which a server would not start.
    pub fn new(builder: Builder) -> Self {
        let (commands, hooks) = builder.parts().unwrap_or_else(|error| panic!("{error}"));
        let (log, things) = (TestLog::new(), Arc::<Things>::default());
        let outside = Outside::new(things.clone(), builder.shared(), false);
        let mut room = Self {
            core: Core::new(log.state(), hooks.clone()),
            commands,
            hooks,
            log,
            passed: Duration::ZERO,
            since_open: Duration::ZERO,
            next_tick: None,
            tabs: Tabs::default(),
            away: BTreeMap::new(),
            seats: 0,
            things,
            outside,
            last_id: 0,
            faults: Vec::new(),
        };
        room.reopen();
        room
    }

    /// A tab of `username` joins; the first of a user takes a seat, and others of the same user share it.
    ///
    /// # Panics
    /// If nobody can have that user name.
    pub fn join(&mut self, username: &str) -> Tab {
        let known = self.tabs.all().find(|open| open.user.username.as_str() == username).map(|open| open.user.clone());
        let user = known.unwrap_or_else(|| self.user(username));
        let seat = self.core.state().members().find(|member| member.user.id == user.id).map(|member| member.seat);
        let seat = seat.unwrap_or_else(|| {
            self.seats += 1;
            SeatId(self.seats)
        });
        self.away.remove(&seat);
        let tab = self.tabs.add(user.clone(), seat);
        let (asker, now) = (self.asker(tab), self.now());
        self.core.sit(Sit { seat, user, since: now.wall_ms, tab: Some((asker, Ask { since: None, limit: None })) }, now);
        self.next_tick.get_or_insert(self.passed + TICK);
        self.go();
        let open = self.tabs.get_mut(tab);
        open.welcome = open.answer().expect("who joins is welcomed");
        tab
    }

    /// The answer to the join of `tab`.
    pub fn welcome(&self, tab: Tab) -> &Value {
        &self.tabs.get(tab).welcome
    }

    /// `tab` gives a command as it would be on the wire, and gets the answer as it would be on the wire.
    ///
    /// # Errors
    /// The [`Refusal`].
    ///
    /// # Panics
    /// For `join`, `leave`, `rooms` and `ping`, which are not for a room.
    pub fn does(&mut self, tab: Tab, command: Value) -> Result<Value, Refusal> {
        let asker = self.asker(tab);
        let mut command = command;
        if let Some(fields) = command.as_object_mut() {
            fields.insert("id".into(), asker.id.into());
        }
        if let Err(rejection) = self.start(tab, &command.to_string(), asker) {
            self.tabs.get_mut(tab).is_answered(&wire::error(asker.id, &rejection));
        }
        self.go();
        self.tabs.get_mut(tab).answer()
    }

    /// `tab` says `text`, which all hooks see first.
    ///
    /// # Errors
    /// The [`Refusal`].
    pub fn says(&mut self, tab: Tab, text: &str) -> Result<Value, Refusal> {
        self.does(tab, json!({"type": "send", "text": text}))
    }

    /// The user of `tab` has sent in a file; its address, for `images` if `mime` is that of a picture, or else for `files`.
    pub fn uploads(&mut self, tab: Tab, name: &str, mime: &str) -> String {
        let is_image = mime.starts_with("image/");
        let attachment = Attachment {
            url: String::new(),
            name: name.to_owned(),
            bytes: 1000,
            mime: mime.to_owned(),
            kind: if is_image { upload::Kind::Image } else { upload::Kind::File },
            width: is_image.then_some(64),
            height: is_image.then_some(64),
            thumb: None,
        };
        self.things.upload(self.tabs.get(tab).user.id, attachment).url
    }

    /// All events that `tab` has heard since the last time, oldest first.
    pub fn hears(&mut self, tab: Tab) -> Vec<Value> {
        self.tabs.get_mut(tab).hears()
    }

    /// The durable events of the room, oldest first, as clients read them.
    pub fn log(&self) -> Vec<Value> {
        self.log.events().iter().map(Logged::value).collect()
    }

    /// What the room remembers: who is in it, and what extensions keep in it ([`RoomState::peek`]).
    pub fn state(&self) -> &RoomState {
        self.core.state()
    }

    /// What the log of a server would say of faults in extensions, since the last time.
    pub fn faults(&mut self) -> Vec<String> {
        std::mem::take(&mut self.faults)
    }

    /// Reads a command and hands it to the room, as a session does.
    fn start(&mut self, tab: Tab, text: &str, asker: Asker) -> Result<(), Rejection> {
        let head = wire::head(text).map_err(|unread| unread.rejection)?;
        assert!(!ORDERS.contains(&head.kind.as_str()), "{:?} is not for a room: use a method of TestRoom", head.kind);
        let open = self.tabs.get(tab);
        if !open.in_room {
            return Err(Code::NotInRoom.into());
        }
        let row = self.commands.iter().find(|row| row.name == head.kind).ok_or(Code::UnknownType)?;
        let ready = match read(*row, text, &open.user, &self.outside, &Metrics::default())? {
            Prepared::Now(ready) => ready,
            // Shelves and uploads are at hand here. Whatever else it waits for does not come.
            Prepared::Later(work) => guarded(*row, work, &Metrics::default()).now_or_never().ok_or(Code::Busy)??,
        };
        let (seat, now) = (open.seat, self.now());
        ready.act(&mut self.core, seat, asker, now);
        Ok(())
    }

    /// Gives out all that leaves the room, and keeps what is to be kept, until there is nothing more.
    fn go(&mut self) {
        loop {
            let Leaving { appends, steps, reads, faults, .. } = self.core.leave();
            self.faults.extend(faults.iter().map(|fault| format!("{}: {}: {}", fault.behaviour, fault.what, fault.reason)));
            steps.into_iter().flat_map(|(_, steps)| steps).for_each(|step| self.tabs.take(step));
            if appends.is_empty() && reads.is_empty() {
                return;
            }
            let kept = self.log.keep(appends);
            self.core.settle(&kept);
            for read in reads {
                let found = self.log.page(read.wanted);
                self.core.page_read(read.asker, read.purpose, Ok(found));
            }
        }
    }

    fn now(&self) -> Moment {
        Moment { wall_ms: START_MS + i64::try_from(self.passed.as_millis()).unwrap_or(i64::MAX), since_open: self.since_open }
    }

    fn asker(&mut self, tab: Tab) -> Asker {
        self.last_id += 1;
        Asker { place: Place { session: tab.0, worker: THREAD }, id: Some(self.last_id), kind: Kind::UNKNOWN }
    }

    fn user(&self, username: &str) -> Arc<User> {
        Arc::new(User {
            id: UserId(i64::try_from(self.seats).unwrap_or(i64::MAX - 1) + 1),
            username: Username::parse(username).unwrap_or_else(|error| panic!("{username:?} is no user name: {error}")),
            name: Name::parse(username).unwrap_or_else(|error| panic!("{username:?} is no name: {error}")),
            guest: false,
        })
    }
}

impl Drop for TestRoom {
    fn drop(&mut self) {
        assert!(self.faults.is_empty() || std::thread::panicking(), "faults that the test did not ask for: {:#?}", self.faults);
    }
}

#[cfg(test)]
mod tests;
