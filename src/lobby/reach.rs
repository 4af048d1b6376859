//! Floor 6 · `lobby`: how a room is reached by code that sits in none.

use actix::prelude::*;

use super::Lobby;
use crate::names::RoomName;
use crate::room::Room;

/// The rooms of a server, for code that sits in none: a task, a route, another actor. [`App::rooms`](crate::app::App::rooms) and
/// [`Builder::on_start`](crate::app::Builder::on_start) give it.
///
/// ```
/// use papo::{App, Settings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let settings = Settings::for_tests(folder.path());
/// actix::System::new().block_on(async {
///     let app = App::build(settings).await?;
///     let (rooms, stopper) = (app.rooms(), app.stopper());
///     let running = actix::spawn(app.run());
///     assert!(rooms.get("Sala 1").await.is_some(), "names are as people write them");
///     assert!(rooms.get("quintal").await.is_none(), "nobody is in it, and nobody has made it");
///     stopper.stop().await;
///     Ok(running.await??)
/// })
/// # }
/// ```
#[derive(Clone)]
pub struct Rooms(Addr<Lobby>);

/// The actor of this room. Rooms → Lobby; `None` if there is no such room.
#[derive(Message)]
#[rtype(result = "Option<Addr<Room>>")]
struct Reach(RoomName);

impl Rooms {
    /// Those that `lobby` knows.
    pub(crate) fn new(lobby: Addr<Lobby>) -> Self {
        Self(lobby)
    }

    /// The actor of the room that people call `name`, as it is now: opened if nobody is in it, and opened again if it has died.
    /// `None` if there is no such room: one that stays can be made by `POST /api/rooms` or `--room`, and any other is there only
    /// while somebody is in it.
    ///
    /// Keep the name, not the address: that of a room which has gone answers no more, also when a new one has its name.
    pub async fn get(&self, name: &str) -> Option<Addr<Room>> {
        self.0.send(Reach(RoomName::parse(name).ok()?)).await.ok()?
    }
}

impl Handler<Reach> for Lobby {
    type Result = Option<Addr<Room>>;

    fn handle(&mut self, Reach(name): Reach, context: &mut Self::Context) -> Self::Result {
        self.rooms.stands(name.id()).then(|| self.room(&name, context))
    }
}
