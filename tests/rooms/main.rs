//! Rooms over the socket: PROTOCOL section 1, its commands, its events and the rules that clients may rely on.

#[path = "../common/mod.rs"]
mod common;

mod messages;
mod once;
mod opening;
mod resume;
mod seats;
mod typing;
