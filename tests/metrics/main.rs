//! What the server counts of itself: `GET /metrics`, docs/METRICS.md.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]
#![expect(clippy::float_cmp, reason = "counts are whole numbers, which floats compare exactly")]

#[path = "../common/mod.rs"]
mod common;

mod bounded;
mod counting;
mod documented;
mod queues;
mod reading;
mod scrape;
