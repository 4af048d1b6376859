//! Rooms over the socket: PROTOCOL section 1, its commands, its events and the rules that clients may rely on.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]
#![expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "seconds and counts of a test are small")]

#[path = "../common/mod.rs"]
mod common;

mod messages;
mod once;
mod opening;
mod resume;
mod seats;
mod typing;
