//! Rooms over plain HTTP: PROTOCOL section 2, "Rooms over plain HTTP", HARDENING 23 and 40.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

#[path = "../common/mod.rs"]
mod common;

mod cors;
mod curl;
mod ending;
mod follower;
mod guests;
mod in_the_log;
mod poller;
mod reading;
mod seats;
mod sending;
mod streams;
mod thousands;
mod waiting;
