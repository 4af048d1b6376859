//! Rooms over the socket: PROTOCOL section 1, its commands, its events and the rules that clients may rely on.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

#[path = "../common/mod.rs"]
mod common;

mod churn;
mod messages;
mod once;
mod opening;
mod resume;
mod seats;
mod typing;
