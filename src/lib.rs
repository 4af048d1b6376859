//! Papo: a self-hosted real-time chat and message broker, and a library to extend it. See `ARCHITECTURE.md` for the map.
//!
//! A crate of your own adds what members may do ([`Command`]), what happens by itself ([`Hooks`]), [routes](http) and messages to
//! the actor of a [`Room`], and is a whole server with [`run`]. `docs/EXTENDING.md` takes you there in twenty minutes, and
//! [`testing`] is a room for your tests.
//!
//! ```
//! use papo::testing::TestRoom;
//! use papo::{App, Builder, Command, Effect, Member, Moment, Rejection, RoomState};
//! use serde_json::json;
//!
//! /// `{"type":"coin.toss"}`
//! #[derive(serde::Deserialize)]
//! struct Toss {}
//!
//! impl Command for Toss {
//!     const NAME: &'static str = "coin.toss";
//!
//!     fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
//!         Ok(vec![Effect::append("coin.tossed", &json!({"heads": rand::random::<bool>()}))])
//!     }
//! }
//!
//! fn coins() -> Builder {
//!     App::builder().command::<Toss>()
//! }
//!
//! // The program: fn main() -> std::process::ExitCode { papo::run(coins()) }
//! let mut room = TestRoom::new(coins());
//! let (ana, bia) = (room.join("ana"), room.join("bia"));
//! room.does(ana, json!({"type": "coin.toss"})).unwrap();
//! assert!(room.hears(bia)[0]["heads"].is_boolean());
//! ```

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
pub mod load;
#[doc(hidden)]
pub mod lobby;
#[doc(hidden)]
pub mod log;
#[doc(hidden)]
pub mod made;
#[doc(hidden)]
pub mod metrics;
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
pub mod process;
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
///
/// ```
/// use actix_web::{HttpResponse, web};
/// use papo::http::{HttpError, SignedIn, at};
/// use papo::{Code, Outside};
///
/// /// `GET /coins`: how many one has.
/// async fn get_coins(SignedIn(login): SignedIn, outside: web::Data<Outside>) -> Result<HttpResponse, HttpError> {
///     let coins: Option<i64> = outside.shelf("coins").get(login.user.username.as_str()).await?;
///     Ok(HttpResponse::Ok().json(coins.ok_or(Code::NotFound)?))
/// }
///
/// let builder = papo::App::builder().routes(|routes| {
///     routes.service(at("/coins").get(get_coins));
/// });
/// ```
pub mod http {
    pub use crate::user::Login;
    pub use crate::web::at::{At, at};
    pub use crate::web::guard::{Address, SignedIn, Visitor};
    pub use crate::web::pages::{Page, Reader, asset, to_login};
    pub use crate::web::problem::HttpError;
}

pub use app::{App, Builder, Stopper};
// Sentences of these go into `--help` and the descriptions of the protocol: their examples stand here.
/// What clients switch on.
///
/// ```
/// use papo::Code;
///
/// let code = Code::named("rate_limited").unwrap();
/// assert_eq!((code, code.name(), code.status()), (Code::RateLimited, "rate_limited", 429));
/// assert!(code.retry() && !code.sentence().is_empty() && Code::ALL.contains(&code));
/// ```
pub use codes::Code;
pub use codes::Rejection;
pub use ids::{SeatId, UserId};
pub use lobby::Rooms;
pub use names::{Name, NameError, Username};
pub use outside::{Outside, Shelf};
pub use program::run;
pub use room::Room;
pub use room::command::{Command, Effect, Prepared, To};
pub use room::hooks::Hooks;
pub use room::message::Message;
pub use room::state::{Logged, Member, Moment, RoomState};
/// All settings, with their defaults, from flags and variables as `--help` and `.env.example` tell.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let mut settings = papo::Settings::for_tests(folder.path());
/// settings.guests.allowed = true;
/// settings.bounds.sockets_max = 100;
/// // And then `App::builder().build(settings)`. `papo::run` reads them by itself, any other program with `papo::Settings::read()`.
/// # Ok::<(), std::io::Error>(())
/// ```
pub use settings::Settings;
pub use store::StartError;
/// A file that comes with a message.
///
/// ```
/// use papo::{Attachment, Code, Message, Rejection};
///
/// fn no_videos(message: &Message) -> Result<(), Rejection> {
///     let is_video = |file: &Attachment| file.mime.starts_with("video/");
///     if message.files().iter().any(is_video) {
///         return Err(Rejection::because(Code::Rejected, "No videos here, please."));
///     }
///     Ok(())
/// }
/// # assert!(no_videos(&Message::from_text("oi").unwrap()).is_ok());
/// ```
pub use upload::Attachment;
pub use user::User;
