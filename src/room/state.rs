//! Floor 2 · `room/state`: a room as plain data. No clock, no network, no database: time and facts come in as arguments.

use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;
use utoipa::openapi::schema::{Object, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use crate::ids::{Epoch, RoomId, SeatId};
use crate::user::User;
use crate::wire;

/// How many of the newest events a room holds in memory; older ones come from the log. Protocol, "Rooms over plain HTTP".
pub const RECENT_MAX: usize = 50;

/// An instant, as a behaviour gets to know it.
///
/// ```
/// use std::time::Duration;
///
/// use papo::Moment;
///
/// /// Whether what began at `since` is over; the clock of people may jump meanwhile.
/// fn is_over(since: Moment, now: Moment) -> bool {
///     now.since_open - since.since_open >= Duration::from_secs(60)
/// }
///
/// let since = Moment { wall_ms: 1_700_000_000_000, since_open: Duration::from_secs(5) };
/// assert!(!is_over(since, since));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Milliseconds since 1970, for people to read. It may jump when the clock is set.
    pub wall_ms: i64,
    /// Time since the room was opened, for timers. It never jumps.
    pub since_open: Duration,
}

/// A user in a seat.
///
/// ```
/// use papo::Member;
///
/// fn greeting(member: &Member) -> String {
///     format!("{} (@{})", member.name(), member.username())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Member {
    /// The seat, shared by all tabs of this user in this room.
    pub seat: SeatId,
    /// Who sits in it.
    pub user: Arc<User>,
    /// When they sat down, in milliseconds since 1970.
    pub since: i64,
}

/// A member as clients see them.
#[derive(Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView<'a> {
    /// The name they sign in with; unique.
    username: &'a str,
    /// The name others read.
    name: &'a str,
    /// Whether they are here without an account.
    guest: bool,
    /// When they sat down, in milliseconds since 1970.
    since: i64,
}

impl Member {
    /// The name they sign in with, shown as `@username`; unique.
    pub fn username(&self) -> &str {
        self.user.username.as_str()
    }

    /// The name others read.
    pub fn name(&self) -> &str {
        self.user.name.as_str()
    }

    /// What others are told of this member.
    pub(crate) fn view(&self) -> MemberView<'_> {
        MemberView { username: self.username(), name: self.name(), guest: self.user.guest, since: self.since }
    }
}

/// A durable event: its place in the log and its text as clients read it.
///
/// ```
/// let mut room = papo::testing::TestRoom::new(papo::App::builder());
/// let ana = room.join("ana");
/// room.says(ana, "oi").unwrap();
/// let event = room.state().recent().next().unwrap();
/// assert_eq!((event.seq(), event.kind(), &event.value()["text"]), (1, "message", &"oi".into()));
/// ```
#[derive(Clone, Debug)]
pub struct Logged {
    pub(crate) seq: i64,
    pub(crate) sent_at: i64,
    /// The whole event as one JSON object, encoded once and shared.
    pub(crate) json: Arc<RawValue>,
}

impl PartialSchema for Logged {
    /// Any object: which events there are is for those to say who know the behaviours.
    fn schema() -> RefOr<Schema> {
        Object::with_type(Type::Object).into()
    }
}

impl ToSchema for Logged {
    fn name() -> Cow<'static, str> {
        "DurableEvent".into()
    }
}

impl Logged {
    /// The event of `room` at `seq`, of its parts as they are kept: `body` is a JSON object.
    pub(crate) fn new(room: &RoomId, kind: &str, seq: i64, sent_at: i64, body: &str) -> Self {
        let text = wire::durable(kind, &room.0, seq, body);
        Self { seq, sent_at, json: RawValue::from_string(text).expect("a body is kept as a JSON object").into() }
    }

    /// Its position, 1, 2, 3 … without holes.
    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// Its `type`, which comes first in its text.
    pub fn kind(&self) -> &str {
        self.json.get().strip_prefix("{\"type\":\"").and_then(|rest| rest.split('"').next()).unwrap_or_default()
    }

    /// All of it, as clients read it.
    pub fn value(&self) -> Value {
        serde_json::from_str(self.json.get()).unwrap_or_default()
    }
}

/// What a room is and who is in it.
///
/// ```
/// use papo::testing::TestRoom;
/// use papo::{App, Effect, Hooks, Member, Moment, Rejection, RoomState};
///
/// /// How many people have ever come.
/// #[derive(Default)]
/// struct Visits(usize);
///
/// struct Count;
///
/// impl Hooks for Count {
///     fn on_join(&self, _: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
///         room.own::<Visits>().0 += 1;
///         Ok(Vec::new())
///     }
/// }
///
/// let mut room = TestRoom::new(App::builder().hooks(Count));
/// let ana = room.join("ana");
/// room.says(ana, "oi").unwrap();
/// let state = room.state();
/// assert_eq!((state.id(), state.title(), state.head_seq()), ("sala-1", "Sala 1", 1));
/// assert_eq!(state.peek::<Visits>().unwrap().0, 1);
/// let member = state.members().next().unwrap();
/// assert_eq!(state.member(member.seat).unwrap().username(), "ana");
/// assert_eq!(state.recent().next_back().unwrap().kind(), "message");
/// ```
pub struct RoomState {
    pub(crate) id: RoomId,
    pub(crate) title: Arc<str>,
    /// The identity of its log.
    pub(crate) epoch: Epoch,
    pub(crate) head_seq: i64,
    pub(crate) members: BTreeMap<SeatId, Member>,
    recent: VecDeque<Logged>,
    shelves: HashMap<TypeId, Box<dyn Any + Send>>,
}

impl RoomState {
    /// A room nobody is in, whose log ends with `recent` (oldest first, no more than [`RECENT_MAX`] are kept).
    pub(crate) fn new(id: RoomId, title: Arc<str>, epoch: Epoch, head_seq: i64, recent: Vec<Logged>) -> Self {
        let mut room = Self {
            id,
            title,
            epoch,
            head_seq,
            members: BTreeMap::new(),
            recent: VecDeque::with_capacity(RECENT_MAX),
            shelves: HashMap::new(),
        };
        for event in recent {
            room.remember(event);
        }
        room
    }

    /// Its canonical name: `Sala 1` is `sala-1`.
    pub fn id(&self) -> &str {
        &self.id.0
    }

    /// Its name as people read it.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The newest position in its log that was shown; 0 when nothing was ever said.
    pub fn head_seq(&self) -> i64 {
        self.head_seq
    }

    /// Who is here, in the order in which they came.
    pub fn members(&self) -> impl Iterator<Item = &Member> {
        self.members.values()
    }

    /// Who sits in `seat`, if anybody does.
    pub fn member(&self, seat: SeatId) -> Option<&Member> {
        self.members.get(&seat)
    }

    /// The newest events of its log, oldest first, at most [`RECENT_MAX`].
    pub fn recent(&self) -> impl DoubleEndedIterator<Item = &Logged> {
        self.recent.iter()
    }

    /// What a behaviour remembers of this room, by its type `T`: made when first asked for, out of sight of the others.
    ///
    /// It lives as long as the room is open in memory: it is gone when the room goes, and when the server restarts. The log
    /// stays; [`Hooks::on_open`](crate::room::hooks::Hooks::on_open) is the place to read from it again.
    pub fn own<T: Default + Send + 'static>(&mut self) -> &mut T {
        self.shelves
            .entry(TypeId::of::<T>())
            .or_insert_with(|| Box::new(T::default()))
            .downcast_mut()
            .expect("a shelf holds the type it is keyed by")
    }

    /// What [`RoomState::own`] keeps of type `T`, if it was ever asked for.
    pub fn peek<T: Send + 'static>(&self) -> Option<&T> {
        self.shelves.get(&TypeId::of::<T>())?.downcast_ref()
    }

    /// Takes in an event that was kept.
    pub(crate) fn remember(&mut self, event: Logged) {
        self.head_seq = self.head_seq.max(event.seq);
        if self.recent.len() == RECENT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back(event);
    }

    /// All events after `seq`, oldest first; `None` if memory does not reach back that far.
    pub(crate) fn after(&self, seq: i64) -> Option<Vec<Logged>> {
        if seq >= self.head_seq {
            return Some(Vec::new());
        }
        let oldest = self.recent.front()?.seq;
        (oldest <= seq + 1).then(|| self.recent.iter().filter(|event| event.seq > seq).cloned().collect())
    }

    /// The newest `seq` that was said at `ms` or before, 0 if nothing was; `None` if memory does not reach back that far.
    pub(crate) fn place_at(&self, ms: i64) -> Option<i64> {
        let said = self.recent.iter().rev().find(|event| event.sent_at <= ms);
        let reaches_back = self.recent.front().map_or(self.head_seq == 0, |oldest| oldest.seq == 1);
        said.map(|event| event.seq).or(reaches_back.then_some(0))
    }

    /// When the newest event was said.
    pub(crate) fn last_sent_at(&self) -> Option<i64> {
        self.recent.back().map(|event| event.sent_at)
    }
}

#[cfg(test)]
mod tests;
