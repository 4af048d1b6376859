//! Rooms extended by a crate that is not this one: commands and hooks of one's own, and what their faults cost.

#[path = "../common/mod.rs"]
mod common;

mod commands;
mod faults;
mod hooks;
