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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Milliseconds since 1970, for people to read. It may jump when the clock is set.
    pub wall_ms: i64,
    /// Time since the room was opened, for timers. It never jumps.
    pub since_open: Duration,
}

/// A user in a seat.
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
    pub fn view(&self) -> MemberView<'_> {
        MemberView { username: self.username(), name: self.name(), guest: self.user.guest, since: self.since }
    }
}

/// A durable event: its place in the log and its text as clients read it.
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
    pub fn new(room: &RoomId, kind: &str, seq: i64, sent_at: i64, body: &str) -> Self {
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
    pub fn new(id: RoomId, title: Arc<str>, epoch: Epoch, head_seq: i64, recent: Vec<Logged>) -> Self {
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
    pub fn remember(&mut self, event: Logged) {
        self.head_seq = self.head_seq.max(event.seq);
        if self.recent.len() == RECENT_MAX {
            self.recent.pop_front();
        }
        self.recent.push_back(event);
    }

    /// The newest `limit` events, oldest first; `None` if memory does not reach back that far.
    pub fn newest(&self, limit: usize) -> Option<Vec<Logged>> {
        let from = self.head_seq - i64::try_from(limit).unwrap_or(i64::MAX);
        self.after(from.max(0))
    }

    /// All events after `seq`, oldest first; `None` if memory does not reach back that far.
    pub fn after(&self, seq: i64) -> Option<Vec<Logged>> {
        if seq >= self.head_seq {
            return Some(Vec::new());
        }
        let oldest = self.recent.front()?.seq;
        (oldest <= seq + 1).then(|| self.recent.iter().filter(|event| event.seq > seq).cloned().collect())
    }

    /// The newest `seq` that was said at `ms` or before, 0 if nothing was; `None` if memory does not reach back that far.
    pub fn place_at(&self, ms: i64) -> Option<i64> {
        let said = self.recent.iter().rev().find(|event| event.sent_at <= ms);
        let reaches_back = self.recent.front().map_or(self.head_seq == 0, |oldest| oldest.seq == 1);
        said.map(|event| event.seq).or(reaches_back.then_some(0))
    }

    /// When the newest event was said.
    pub fn last_sent_at(&self) -> Option<i64> {
        self.recent.back().map(|event| event.sent_at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(seq: i64) -> Logged {
        let json = RawValue::from_string(format!("{{\"seq\":{seq}}}")).expect("valid json");
        Logged { seq, sent_at: seq * 10, json: json.into() }
    }

    fn room_with(count: i64) -> RoomState {
        let events = (1..=count).map(event).collect();
        RoomState::new(RoomId("r".into()), "R".into(), Epoch::random(), count, events)
    }

    fn seqs(events: Option<Vec<Logged>>) -> Option<Vec<i64>> {
        Some(events?.iter().map(|event| event.seq).collect())
    }

    #[test]
    fn memory_holds_the_newest_events_and_says_when_it_does_not_reach_back() {
        let room = room_with(60);
        assert_eq!(room.head_seq, 60);
        assert_eq!(seqs(room.after(57)), Some(vec![58, 59, 60]));
        assert_eq!(seqs(room.after(60)), Some(vec![]));
        assert_eq!(seqs(room.after(10)).map(|s| s.len()), Some(50));
        assert_eq!(seqs(room.after(9)), None);
        assert_eq!(seqs(room.newest(2)), Some(vec![59, 60]));
        assert_eq!(seqs(room.newest(51)), None);
    }

    #[test]
    fn a_room_where_nothing_was_said_has_nothing_to_tell() {
        let room = room_with(0);
        assert_eq!(seqs(room.newest(50)), Some(vec![]));
        assert_eq!(seqs(room.after(0)), Some(vec![]));
    }

    #[test]
    fn memory_knows_what_was_said_by_when_as_far_as_it_reaches() {
        let long = room_with(60);
        assert_eq!(long.place_at(i64::MAX), Some(60));
        assert_eq!(long.place_at(589), Some(58));
        assert_eq!(long.place_at(110), Some(11));
        assert_eq!(long.place_at(109), None);
        assert_eq!(long.last_sent_at(), Some(600));
        let short = room_with(3);
        assert_eq!((short.place_at(9), short.place_at(i64::MIN)), (Some(0), Some(0)));
        assert_eq!((room_with(0).place_at(5), room_with(0).last_sent_at()), (Some(0), None));
    }

    #[test]
    fn a_shelf_is_seen_by_its_owner_alone() {
        #[derive(Default)]
        struct Mine(u8);
        #[derive(Default)]
        struct Yours(u8);
        let mut room = room_with(0);
        assert!(room.peek::<Mine>().is_none());
        room.own::<Mine>().0 = 7;
        assert_eq!(room.own::<Yours>().0, 0);
        assert_eq!(room.peek::<Mine>().map(|mine| mine.0), Some(7));
    }
}
