//! Sockets by themselves: PROTOCOL section 1 and HARDENING 1, 15, 18, 19, 21, 23, 25–27, 56.

#[path = "../common/mod.rs"]
mod common;

mod ending;
mod frames;
mod handshake;
mod pace;
mod slow;
