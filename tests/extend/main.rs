//! Rooms extended by a crate that is not this one: commands and hooks of one's own, and what their faults cost.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

#[path = "../common/mod.rs"]
mod common;

mod actor;
mod bot;
mod commands;
mod faults;
mod hooks;
mod kit;
mod outside;
mod tutorial;
