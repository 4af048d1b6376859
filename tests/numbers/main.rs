//! Even and odd numbers: over the socket, over plain HTTP, in the traffic log, and as an extension that any crate could be.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

#[path = "../common/mod.rs"]
mod common;

mod in_the_log;
mod over_http;
mod over_sockets;
#[expect(dead_code, reason = "it is here to be compiled")]
mod service;

/// What a crate sees of papo, which the service names as its own.
use papo::*;
