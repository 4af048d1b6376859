//! Behind a proxy: whose word counts, and the proxies of `deploy/` at work. SECURITY, "What protects it"; DEPLOYING.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

#[path = "../common/mod.rs"]
mod common;
mod real;
mod trust;
