//! What the black-box tests share: a server, people who use it, and what they hear. It knows `PROTOCOL.md`, not the code.
#![expect(dead_code, unused_imports, reason = "every test binary uses a part of this")]
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

mod client;
mod described;
mod frames;
mod house;
mod http;
mod log;
mod process;
mod raw;
mod schema;
mod server;

use std::time::{Duration, Instant};

pub use client::{Client, Greeting, has};
pub use frames::check_streamed;
pub use house::{Account, House, PASSWORD, registration};
pub use http::{File, Reply, Request, multipart, multipart_type};
pub use log::Log;
pub use process::{Process, binary, command, memory_kib, output_of, run};
pub use raw::{Frame, Raw, frame};
pub use server::TestServer;

/// How long a test waits for what it expects. Only a failure takes that long.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Waits until `holds` does.
pub async fn until(what: &str, deadline: Duration, mut holds: impl AsyncFnMut() -> bool) {
    let end = Instant::now() + deadline;
    while !holds().await {
        assert!(Instant::now() < end, "not within {deadline:?}: {what}");
        pause(20).await;
    }
}

/// Lets `ms` milliseconds pass: for rules that are about time.
pub async fn pause(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// What `future` gives, which must come before the [`DEADLINE`].
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let Ok(value) = tokio::time::timeout(DEADLINE, future).await else { panic!("not within {DEADLINE:?}: {what}") };
    value
}

/// Milliseconds since 1970, as this test sees them.
pub fn now_ms() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_millis()).unwrap()
}
