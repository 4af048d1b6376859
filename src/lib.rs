//! Papo: a self-hosted real-time chat and message broker. See `ARCHITECTURE.md` for the map.

pub mod app;
pub mod assets;
pub mod clock;
pub mod codes;
pub mod fanout;
pub mod i18n;
pub mod ids;
pub mod janitor;
pub mod journal;
pub mod limits;
pub mod link;
pub mod lobby;
pub mod made;
pub mod names;
pub mod password;
pub mod rates;
pub mod room;
pub mod secret;
pub mod session;
pub mod settings;
pub mod store;
pub mod telemetry;
pub mod upload;
pub mod user;
pub mod web;
pub mod wire;
