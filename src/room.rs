//! Floor 5 · `room`: THE TABLE, one row a behaviour. To add one, write its file and its row here.

pub mod act;
pub mod actor;
pub mod answers;
pub mod command;
pub mod core;
pub mod event;
pub mod hooks;
pub mod line;
pub mod look;
pub mod members;
pub mod message;
pub mod pages;
pub mod post;
pub mod seats;
pub mod stamp;
pub mod state;
#[cfg(test)]
pub mod testing;

use std::sync::Arc;

use actix::Addr;
use futures_util::{FutureExt as _, TryFutureExt as _};

use crate::codes::Rejection;
use crate::ids::SeatId;
use crate::metrics::Mailbox;
use crate::outside::Outside;
use crate::room::act::Act;
use crate::room::command::{Command, Prepared};
use crate::room::core::Core;
use crate::room::hooks::Hooks;
use crate::room::line::Asker;
use crate::room::state::Moment;
use crate::user::User;
use crate::wire;

pub use crate::room::actor::Room;

// THE TABLE: the file of each behaviour and its row, in one place.
pub mod history;
pub mod send;
pub mod typing;

/// Everything a member may do in a room.
pub const COMMANDS: &[Row] = &[row::<send::Send>(), row::<typing::Typing>(), row::<history::History>()];

/// Everything that is called when something happens in a room.
pub fn house_hooks() -> Vec<Arc<dyn Hooks>> {
    vec![Arc::new(typing::Stop)]
}

/// A command with the way it takes from the socket to the room.
#[derive(Clone, Copy)]
pub struct Row {
    /// [`Command::NAME`].
    pub name: &'static str,
    /// [`Command::COUNTS`].
    pub counts: bool,
    /// [`Command::READS_LOG`].
    pub reads_log: bool,
    /// [`Command::LOGGED`].
    pub logged: bool,
    /// Reads its commands.
    pub read: Read,
}

/// Reads a command from the text of its frame, and says what it needs from outside.
pub type Read = fn(&str, &Arc<User>, &Outside) -> Result<Prepared<Box<dyn Ready>>, Rejection>;

/// The row of `C`.
pub const fn row<C: Command>() -> Row {
    Row { name: C::NAME, counts: C::COUNTS, reads_log: C::READS_LOG, logged: C::LOGGED, read: read::<C> }
}

fn read<C: Command>(text: &str, by: &Arc<User>, outside: &Outside) -> Result<Prepared<Box<dyn Ready>>, Rejection> {
    let boxed = |command: C| -> Box<dyn Ready> { Box::new(command) };
    Ok(match wire::fields::<C>(text)?.prepare(by, outside) {
        Prepared::Now(command) => Prepared::Now(boxed(command)),
        Prepared::Later(work) => Prepared::Later(work.map_ok(boxed).boxed_local()),
    })
}

/// A command that was read and can go to its room.
pub trait Ready {
    /// Off to `room`, where it waits in the `mailbox` of rooms: every command holds a credit of its session, and those are bounded.
    fn go(self: Box<Self>, room: &Addr<Room>, mailbox: &Mailbox, by: SeatId, asker: Asker);
    /// Done at once, in a room without an actor.
    fn act(self: Box<Self>, room: &mut Core, by: SeatId, asker: Asker, now: Moment);
}

impl<C: Command> Ready for C {
    fn go(self: Box<Self>, room: &Addr<Room>, mailbox: &Mailbox, by: SeatId, asker: Asker) {
        mailbox.post(room, Act { by, asker, command: *self });
    }

    fn act(self: Box<Self>, room: &mut Core, by: SeatId, asker: Asker, now: Moment) {
        room.act(Act { by, asker, command: *self }, now);
    }
}
