//! Papo: a self-hosted real-time chat and message broker, and a library to extend it. See `ARCHITECTURE.md` for the map.

#[doc(hidden)]
pub mod app;
#[doc(hidden)]
pub mod assets;
#[doc(hidden)]
pub mod asyncapi;
#[doc(hidden)]
pub mod backup;
#[doc(hidden)]
pub mod bare;
#[doc(hidden)]
pub mod clock;
#[doc(hidden)]
pub mod codes;
#[doc(hidden)]
pub mod door;
#[doc(hidden)]
pub mod fanout;
#[doc(hidden)]
pub mod folder;
#[doc(hidden)]
pub mod health;
#[doc(hidden)]
pub mod i18n;
#[doc(hidden)]
pub mod ids;
#[doc(hidden)]
pub mod janitor;
#[doc(hidden)]
pub mod journal;
#[doc(hidden)]
pub mod limits;
#[doc(hidden)]
pub mod link;
#[doc(hidden)]
pub mod listener;
#[doc(hidden)]
pub mod lobby;
#[doc(hidden)]
pub mod log;
#[doc(hidden)]
pub mod made;
#[doc(hidden)]
pub mod names;
#[doc(hidden)]
pub mod numbers;
#[doc(hidden)]
pub mod open_files;
#[doc(hidden)]
pub mod outside;
#[doc(hidden)]
pub mod packed;
#[doc(hidden)]
pub mod password;
#[doc(hidden)]
pub mod picture;
#[doc(hidden)]
pub mod poller;
#[doc(hidden)]
pub mod program;
#[doc(hidden)]
pub mod rates;
#[doc(hidden)]
pub mod room;
#[doc(hidden)]
pub mod secret;
#[doc(hidden)]
pub mod seed;
#[doc(hidden)]
pub mod session;
#[doc(hidden)]
pub mod settings;
#[doc(hidden)]
pub mod store;
#[doc(hidden)]
pub mod telemetry;
pub mod testing;
#[doc(hidden)]
pub mod traffic;
#[doc(hidden)]
pub mod upload;
#[doc(hidden)]
pub mod user;
#[doc(hidden)]
pub mod web;
#[doc(hidden)]
pub mod wire;

/// What routes of an extension are made of; [`Builder::routes`] adds them.
pub mod http {
    pub use crate::web::at::{At, at};
    pub use crate::web::guard::{Address, SignedIn, Visitor};
    pub use crate::web::pages::{Page, Reader, asset, to_login};
    pub use crate::web::problem::HttpError;
}

pub use app::{App, Builder, Stopper};
pub use codes::{Code, Rejection};
pub use ids::{SeatId, UserId};
pub use lobby::Rooms;
pub use outside::{Outside, Shelf};
pub use program::run;
pub use room::Room;
pub use room::command::{Command, Effect, Prepared, To};
pub use room::hooks::Hooks;
pub use room::message::Message;
pub use room::state::{Logged, Member, Moment, RoomState};
pub use settings::Settings;
pub use store::StartError;
pub use upload::Attachment;
pub use user::User;

/// What the tutorial shows is compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../docs/EXTENDING.md")]
struct Extending;
