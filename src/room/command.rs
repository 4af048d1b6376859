//! Floor 2 · `room/command`: what a member may do. A command is applied and answers with effects, which are values.

use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::codes::{Code, Rejection};
use crate::ids::SeatId;
use crate::outside::Outside;
use crate::room::event::{Draft, Telling, fields_of_answer, fields_of_event};
use crate::room::message::Message;
use crate::room::state::{Member, Moment, RoomState};
use crate::user::User;

/// One thing a member may do in a room.
///
/// It reads no clock, does no I/O and names no actor: it is tested with plain values. It keeps what it must remember on a shelf of
/// the room, [`RoomState::own`]. What happens without a command is for [`Hooks`](crate::room::hooks::Hooks).
///
/// ```
/// use std::sync::Arc;
///
/// use papo::testing::TestRoom;
/// use papo::{App, Command, Effect, Member, Message, Moment, Outside, Prepared, Rejection, RoomState, User};
/// use serde_json::json;
///
/// /// `{"type":"board.pin","text":"…"}`: one note for the board of the room.
/// #[derive(serde::Deserialize)]
/// struct Pin {
///     text: String,
///     #[serde(skip)]
///     note: Option<Message>,
/// }
///
/// impl Command for Pin {
///     const NAME: &'static str = "board.pin";
///     const LOGGED: bool = true;
///
///     // Nothing to be fetched: this is what it does by itself.
///     fn prepare(self, _: &Arc<User>, _: &Outside) -> Prepared<Self> {
///         Prepared::Now(self)
///     }
///
///     // A note is something said: whoever moderates sees it first.
///     fn message(&mut self) -> Result<Option<&mut Message>, Rejection> {
///         Ok(Some(self.note.insert(Message::from_text(&self.text)?)))
///     }
///
///     fn apply(self, by: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
///         let note = self.note.as_ref().map_or("", Message::text);
///         Ok(vec![Effect::append("board.pinned", &json!({"note": note, "people": room.members().count()}))])
///     }
/// }
///
/// let mut room = TestRoom::new(App::builder().command::<Pin>());
/// let ana = room.join("ana");
/// assert_eq!(room.does(ana, json!({"type": "board.pin", "text": "leite, pão"})).unwrap()["seq"], 1);
/// assert_eq!(room.log()[0]["note"], "leite, pão");
/// ```
pub trait Command: DeserializeOwned + Send + 'static {
    /// Its name on the wire: the `type` of the frame.
    const NAME: &'static str;

    /// Whether it counts as something said, for the rate of its user.
    const COUNTS: bool = true;

    /// Whether its answer may come out of line because the log has to be read first; nothing else of the same socket
    /// is under way meanwhile.
    const READS_LOG: bool = false;

    /// Whether what is said with it, both ways, goes into the traffic log unless that is off.
    const LOGGED: bool = false;

    /// `by` does this, now. What comes of it goes out in the order given; no answer among the effects means a plain `ok`.
    ///
    /// # Errors
    /// A [`Rejection`] is told to the sender alone; the room must be unchanged then.
    fn apply(self, by: &Member, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection>;

    /// Fetches what it needs from outside (a database, a service) before its room hears of it. `by` has given it and is in a
    /// room; what the same client says next waits meanwhile. It has a few seconds, then it is `busy`, and a panic costs its
    /// caller an `internal` error.
    fn prepare(self, _by: &Arc<User>, _outside: &Outside) -> Prepared<Self> {
        Prepared::Now(self)
    }

    /// The message that this command says, if it says one, once it has everything it needs: hooks see it before
    /// [`Self::apply`] and may change or refuse it.
    ///
    /// # Errors
    /// A [`Rejection`] is told to the sender alone.
    fn message(&mut self) -> Result<Option<&mut Message>, Rejection> {
        Ok(None)
    }
}

/// A command that has what it needs, or is about to.
///
/// ```
/// use std::sync::Arc;
///
/// use papo::{Code, Command, Effect, Member, Moment, Outside, Prepared, Rejection, RoomState, User};
///
/// #[derive(serde::Deserialize)]
/// struct Weather {
///     city: String,
///     #[serde(skip)]
///     degrees: i64,
/// }
///
/// impl Command for Weather {
///     const NAME: &'static str = "weather.ask";
///
///     fn prepare(mut self, _: &Arc<User>, outside: &Outside) -> Prepared<Self> {
///         let known = outside.shelf("weather");
///         Prepared::later(async move {
///             self.degrees = known.get(&self.city).await?.ok_or(Code::NotFound)?;
///             Ok(self)
///         })
///     }
///
///     fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
///         Ok(vec![Effect::answer(&serde_json::json!({"degrees": self.degrees}))])
///     }
/// }
/// # let mut room = papo::testing::TestRoom::new(papo::App::builder().command::<Weather>());
/// # let ana = room.join("ana");
/// # let asked = room.does(ana, serde_json::json!({"type": "weather.ask", "city": "Recife"}));
/// # assert_eq!(asked.unwrap_err().code, "not_found");
/// ```
pub enum Prepared<C> {
    /// It needs nothing, or nothing more.
    Now(C),
    /// It has to wait for this; a rejection is told to the sender, and the room never hears of it.
    Later(LocalBoxFuture<'static, Result<C, Rejection>>),
}

impl<C> Prepared<C> {
    /// It has what it needs when `work` is done. Nothing is to happen before `work` is polled.
    pub fn later(work: impl Future<Output = Result<C, Rejection>> + 'static) -> Self {
        Self::Later(work.boxed_local())
    }
}

/// What comes of a command or a hook. Nothing happens until the room does it.
///
/// ```
/// use papo::{Effect, To};
/// use serde_json::json;
///
/// let effects = vec![
///     Effect::append("game.won", &json!({"by": "ana"})),                 // in the log, for everyone
///     Effect::tell(To::Others, "game.cheered", &json!({})),              // passing by
///     Effect::tell_passing(To::Everyone, "game.clock", &json!({"s": 9})), // the next one says it again
///     Effect::answer(&json!({"points": 3})),                             // for who gave the command
/// ];
/// # assert_eq!(effects.len(), 4);
/// ```
#[derive(Debug)]
pub enum Effect {
    #[doc(hidden)]
    /// Keep this event in the log, then show it to everyone; the sender is answered with its `seq`.
    Append(Draft),
    #[doc(hidden)]
    /// Tell somebody something that is not kept.
    Tell(To, Telling),
    #[doc(hidden)]
    /// Answer the sender with these fields beside `ok`: a JSON object.
    Answer(Box<RawValue>),
    #[doc(hidden)]
    /// Answer the sender with a page of the log.
    Page(Page),
    #[doc(hidden)]
    /// What was asked for cannot be: refuse the command, or write it into the log of the server if nobody asked.
    Fault(Rejection),
}

impl Effect {
    /// Keep an event in the log, then show it to everyone: `{"type":kind,"room","seq","id","from","sent_at",…fields}`.
    ///
    /// A command that keeps an event is answered with its `seq` and `sent_at`. What a hook keeps comes from the room itself,
    /// without `from`. An event is unknown to clients that were not made for it, which ignore it. A `kind` without a dot,
    /// fields that are not a JSON object or more than [`EVENT_BYTES_MAX`](crate::room::event::EVENT_BYTES_MAX) refuse the
    /// command.
    pub fn append(kind: &'static str, fields: &impl Serialize) -> Self {
        let draft = |fields| Self::Append(Draft { kind, fields, once: None, uploads: Vec::new(), known: false });
        fields_of_event(kind, fields).map_or_else(Self::Fault, draft)
    }

    /// Tell somebody something that is not kept: `{"type":kind,"room","from","sent_at",…fields}`, bounded as with
    /// [`Self::append`].
    pub fn tell(to: To, kind: &'static str, fields: &impl Serialize) -> Self {
        let telling = |fields| Self::Tell(to, Telling { kind, fields, passing: false, signed: true });
        fields_of_event(kind, fields).map_or_else(Self::Fault, telling)
    }

    /// As [`Self::tell`], for what is soon told again: a socket that is behind may miss it.
    pub fn tell_passing(to: To, kind: &'static str, fields: &impl Serialize) -> Self {
        let telling = |fields| Self::Tell(to, Telling { kind, fields, passing: true, signed: true });
        fields_of_event(kind, fields).map_or_else(Self::Fault, telling)
    }

    /// Answer the sender with these fields, a JSON object, beside `ok`.
    pub fn answer(fields: &impl Serialize) -> Self {
        fields_of_answer(fields).map_or_else(Self::Fault, Self::Answer)
    }
}

/// Whom to tell.
///
/// ```
/// use papo::{Effect, Member, To};
/// use serde_json::json;
///
/// fn whispers(to: &Member) -> Effect {
///     Effect::tell(To::AllBut(to.seat), "ear.pricked", &json!({"whose": to.username()}))
/// }
/// ```
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
