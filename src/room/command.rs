//! Floor 2 · `room/command`: what a behaviour is. It takes a command and answers with effects, which are values.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::{RawValue, to_raw_value};

use crate::codes::{Code, Rejection};
use crate::ids::SeatId;
use crate::room::state::{Member, Moment, RoomState};
use crate::upload::Attachment;

/// One thing a member may do in a room.
///
/// A behaviour reads no clock, does no I/O and names no actor: it is tested with plain values. It keeps what it must remember
/// on its own shelf of the room, [`RoomState::own`].
pub trait Command: DeserializeOwned + Send + 'static {
    /// Its name on the wire: the `type` of the frame.
    const NAME: &'static str;

    /// Whether it counts as something said, for the rate of its user.
    const COUNTS: bool = true;

    /// Whether its answer may come out of line because the log has to be read first; nothing else of the same socket
    /// is under way meanwhile.
    const READS_LOG: bool = false;

    /// `by` does this, now. What comes of it goes out in the order given; no answer among the effects means a plain `ok`.
    ///
    /// # Errors
    /// A [`Rejection`] is told to the sender alone; the room must be unchanged then.
    fn apply(self, by: &Member, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection>;

    /// The addresses of uploads this command speaks of. They are looked up before the room hears of it.
    fn uploads(&self) -> Vec<&str> {
        Vec::new()
    }

    /// Receives what was found for [`Self::uploads`], in that order.
    fn attach(&mut self, _found: Vec<Attachment>) {}

    /// Time passes; called a few times a second while somebody is in the room.
    fn tick(_now: Moment, _room: &mut RoomState) -> Vec<Effect> {
        Vec::new()
    }

    /// `member` said something that is about to be kept, by whatever command.
    fn spoke(_member: &Member, _room: &mut RoomState) -> Vec<Effect> {
        Vec::new()
    }

    /// `member` has lost their last socket, or is giving up their seat: what they were doing, they do no more.
    fn gone(_member: &Member, _room: &mut RoomState) -> Vec<Effect> {
        Vec::new()
    }

    /// A field for the answer to `join`: its name, and its value for `member`.
    fn welcome(_member: &Member, _room: &RoomState) -> Option<(&'static str, Box<RawValue>)> {
        None
    }
}

/// A behaviour without its commands: what the room calls when something happens.
#[derive(Clone, Copy)]
pub struct Behaviour {
    /// [`Command::NAME`].
    pub name: &'static str,
    /// [`Command::COUNTS`].
    pub counts: bool,
    /// [`Command::READS_LOG`].
    pub reads_log: bool,
    /// [`Command::tick`].
    pub tick: fn(Moment, &mut RoomState) -> Vec<Effect>,
    /// [`Command::spoke`].
    pub spoke: fn(&Member, &mut RoomState) -> Vec<Effect>,
    /// [`Command::gone`].
    pub gone: fn(&Member, &mut RoomState) -> Vec<Effect>,
    /// [`Command::welcome`].
    pub welcome: fn(&Member, &RoomState) -> Option<(&'static str, Box<RawValue>)>,
}

impl Behaviour {
    /// The hooks of `C`.
    pub const fn of<C: Command>() -> Self {
        Self {
            name: C::NAME,
            counts: C::COUNTS,
            reads_log: C::READS_LOG,
            tick: C::tick,
            spoke: C::spoke,
            gone: C::gone,
            welcome: C::welcome,
        }
    }
}

/// What comes of a command. Nothing happens until the actor does it.
#[derive(Debug)]
pub enum Effect {
    /// Keep this event in the log, then show it to everyone; the sender is answered with its `seq`.
    Append(Draft),
    /// Tell somebody something that is not kept.
    Tell(To, Telling),
    /// Answer the sender with these fields beside `ok`: a JSON object.
    Answer(Box<RawValue>),
    /// Answer the sender with a page of the log.
    Page(Page),
}

/// Whom to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    /// Every socket in the room.
    Everyone,
    /// Everyone but the seat that gave the command.
    Others,
    /// Everyone but this seat.
    AllBut(SeatId),
    /// The seat that gave the command, all of its tabs.
    Seat,
}

/// Something to tell that is not kept: an event as one JSON object.
#[derive(Debug)]
pub struct Telling {
    /// The whole event.
    pub json: Box<RawValue>,
    /// Whether a socket that is behind may miss it: it tells something that is soon told again.
    pub passing: bool,
}

/// An event that wants to be in the log. The transaction that keeps it gives it its `seq`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The `type` of the event.
    pub kind: &'static str,
    /// Its own identity, unique everywhere.
    pub id: String,
    /// The client's name for it: said twice, kept once.
    pub client_id: Option<String>,
    /// What the client said, so that another content under the same `client_id` is seen.
    pub digest: String,
    /// Its fields beside `type`, `room` and `seq`: a JSON object that is not empty.
    pub body: String,
    /// When it was said, in milliseconds since 1970.
    pub sent_at: i64,
    /// Names of the uploads it uses, which are kept from now on.
    pub uploads: Vec<String>,
}

/// Which part of the log. Both bounds are exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The newest events before this `seq` (of all, if `None`).
    Before(Option<i64>, usize),
    /// The oldest events after this `seq`.
    After(i64, usize),
}

/// Most events in one page; a larger `limit` counts as this. Protocol, "Commands".
pub const PAGE_MAX: usize = 200;
/// Largest page in bytes: what may wait for one socket is 1 MiB, and something must still fit behind the page.
pub const PAGE_BYTES_MAX: usize = 512 * 1024;
/// How many events come without a `limit`. Protocol, `join`.
pub const PAGE_DEFAULT: usize = 50;

/// The `limit` a client asked for, within 1 and [`PAGE_MAX`].
///
/// # Errors
/// [`Code::BadFrame`] for 0 or less.
pub fn page_limit(asked: Option<i64>) -> Result<usize, Rejection> {
    match asked {
        None => Ok(PAGE_DEFAULT),
        Some(limit) if limit < 1 => Err(Rejection::because(Code::BadFrame, "limit must be at least 1.")),
        Some(limit) => Ok(usize::try_from(limit).unwrap_or(PAGE_MAX).min(PAGE_MAX)),
    }
}

/// `value` as JSON text.
pub fn json<T: Serialize + ?Sized>(value: &T) -> Box<RawValue> {
    to_raw_value(value).expect("our own types have string keys and no failing serialiser")
}

impl Telling {
    /// An event that must arrive.
    pub fn event(value: &impl Serialize) -> Self {
        Self { json: json(value), passing: false }
    }

    /// An event that a socket which is behind may miss.
    pub fn passing(value: &impl Serialize) -> Self {
        Self { json: json(value), passing: true }
    }
}
