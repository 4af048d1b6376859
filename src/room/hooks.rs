//! Floor 2 · `room/hooks`: what a room calls when something happens in it.

use serde_json::Value;

use crate::codes::Rejection;
use crate::room::command::Effect;
use crate::room::message::Message;
use crate::room::state::{Member, Moment, RoomState};

/// What a room calls when something happens in it, for those who implement it and were added with
/// [`Builder::hooks`](crate::app::Builder::hooks), in the order in which they were added.
///
/// One value serves all rooms: it holds settings. What is to be remembered of one room stands on the shelf of that room,
/// [`RoomState::own`]. Like a [`Command`](crate::room::command::Command), a hook reads no clock and does no I/O.
///
/// Effects come from the room itself: an event of theirs has no `from`. [`To::Others`](crate::room::command::To::Others) and
/// [`To::Seat`](crate::room::command::To::Seat) speak of the member the hook is about. Nobody asked, so there is nobody to
/// answer: what is refused or cannot be done is a line in the log of the server. A panic is, too, and ends nothing but the call.
///
/// ```
/// use std::time::Duration;
///
/// use papo::testing::TestRoom;
/// use papo::{App, Code, Effect, Hooks, Member, Message, Moment, Rejection, RoomState, To};
/// use serde_json::{Value, json};
///
/// type Done = Result<Vec<Effect>, Rejection>;
///
/// /// A doorman, who goes home after an hour.
/// struct Doorman;
///
/// /// What he remembers of one room.
/// #[derive(Default)]
/// struct Book {
///     visits: usize,
///     is_closed: bool,
/// }
///
/// impl Hooks for Doorman {
///     fn name(&self) -> &'static str {
///         "doorman"
///     }
///
///     fn on_open(&self, _: Moment, room: &mut RoomState) -> Done {
///         let visits = room.recent().filter(|event| event.kind() == "door.opened").count();
///         room.own::<Book>().visits = visits;
///         Ok(Vec::new())
///     }
///
///     fn before_message(&self, message: &mut Message, _: &Member, _: Moment, room: &mut RoomState) -> Done {
///         if room.own::<Book>().is_closed {
///             return Err(Rejection::because(Code::Rejected, "Shh."));
///         }
///         let calm = message.text().to_lowercase();
///         message.rewrite(&calm)?;
///         Ok(Vec::new())
///     }
///
///     fn on_join(&self, member: &Member, _: Moment, room: &mut RoomState) -> Done {
///         room.own::<Book>().visits += 1;
///         Ok(vec![Effect::append("door.opened", &json!({"for": member.username()}))])
///     }
///
///     fn on_away(&self, member: &Member, _: Moment, _: &mut RoomState) -> Done {
///         Ok(vec![Effect::tell(To::Others, "door.ajar", &json!({"for": member.username()}))])
///     }
///
///     fn on_leave(&self, member: &Member, _: Moment, _: &mut RoomState) -> Done {
///         Ok(vec![Effect::tell(To::Others, "door.shut", &json!({"after": member.username()}))])
///     }
///
///     fn tick(&self, now: Moment, room: &mut RoomState) -> Done {
///         room.own::<Book>().is_closed = now.since_open >= Duration::from_secs(3600);
///         Ok(Vec::new())
///     }
///
///     fn welcome(&self, _: &Member, room: &RoomState) -> Option<(&'static str, Value)> {
///         Some(("visits", room.peek::<Book>()?.visits.into()))
///     }
/// }
///
/// let mut room = TestRoom::new(App::builder().hooks(Doorman));
/// let (ana, bia) = (room.join("ana"), room.join("bia"));
/// assert_eq!(room.welcome(bia)["visits"], 2);
/// room.says(ana, "OLÁ").unwrap();
/// assert_eq!(room.log()[2]["text"], "olá");
/// room.loses_socket(bia);
/// room.pass(Duration::from_secs(3600));
/// assert_eq!(room.says(ana, "oi").unwrap_err().message, "Shh.");
/// let heard: Vec<_> = room.hears(ana).iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect();
/// assert_eq!(heard[heard.len() - 3..], ["door.ajar", "door.shut", "member_left"]);
/// ```
pub trait Hooks: Send + Sync + 'static {
    /// What the log of the server calls it.
    fn name(&self) -> &'static str {
        std::any::type_name::<Self>()
    }

    /// The room was opened: by the first who came, or again after a restart or a fault. Its shelves are empty and nobody is
    /// in it yet; the newest of its log is in [`RoomState::recent`].
    fn on_open(&self, _now: Moment, _room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(Vec::new())
    }

    /// `by` is about to say `message`, which may be changed. What this tells leaves ahead of the message, also if another
    /// hook refuses it.
    ///
    /// A client that got no answer repeats a message; the log keeps it once, but hooks see it again.
    ///
    /// # Errors
    /// A [`Rejection`] refuses the message; it is told to the sender alone. A panic refuses it with `internal`.
    fn before_message(
        &self,
        _message: &mut Message,
        _by: &Member,
        _now: Moment,
        _room: &mut RoomState,
    ) -> Result<Vec<Effect>, Rejection> {
        Ok(Vec::new())
    }

    /// `member` has sat down; once a seat, not a tab. What this tells leaves behind the welcome.
    fn on_join(&self, _member: &Member, _now: Moment, _room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(Vec::new())
    }

    /// `member` has lost their last socket. The seat is kept for a moment: they come back, or leave.
    fn on_away(&self, _member: &Member, _now: Moment, _room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(Vec::new())
    }

    /// `member` is giving up their seat. What this tells leaves ahead of `member_left`.
    fn on_leave(&self, _member: &Member, _now: Moment, _room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(Vec::new())
    }

    /// Time passes: every half second while somebody is in the room.
    fn tick(&self, _now: Moment, _room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(Vec::new())
    }

    /// A field for the answer to `join`: its name, and its value for `member`, of 64 KiB at most.
    fn welcome(&self, _member: &Member, _room: &RoomState) -> Option<(&'static str, Value)> {
        None
    }
}
