//! Floor 7 · `session/prepare`: reads a command and fetches what it needs from outside, before its room hears of it. For every way
//! in: it knows no socket.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use crate::codes::{Code, Rejection};
use crate::metrics::{Metrics, Panicked};
use crate::outside::Outside;
use crate::room::command::Prepared;
use crate::room::{Ready, Row};
use crate::store::STORE_TIMEOUT;
use crate::telemetry::panic_text;
use crate::user::User;

/// What fetches it.
pub type Work = LocalBoxFuture<'static, Result<Box<dyn Ready>, Rejection>>;

/// Reads the command of `row` from the text of its frame. What it needs from outside is not fetched yet: [`finish`] does that.
///
/// # Errors
/// What the behaviour says of its fields; [`Code::Internal`] if it panics.
pub fn read(
    row: Row,
    text: &str,
    by: &Arc<User>,
    outside: &Outside,
    metrics: &Metrics,
) -> Result<Prepared<Box<dyn Ready>>, Rejection> {
    catch_unwind(AssertUnwindSafe(|| (row.read)(text, by, outside))).unwrap_or_else(|panic| Err(panicked(row, panic, metrics)))
}

/// Fetches what a command of `row` needs.
///
/// # Errors
/// What the behaviour says of what it finds; [`Code::Busy`] if that takes longer than [`STORE_TIMEOUT`]; [`Code::Internal`] if it
/// panics.
pub async fn finish(row: Row, work: Work, metrics: Arc<Metrics>) -> Result<Box<dyn Ready>, Rejection> {
    tokio::time::timeout(STORE_TIMEOUT, guarded(row, work, &metrics)).await.unwrap_or_else(|_| Err(Code::Busy.into()))
}

/// [`finish`] without a clock.
///
/// # Errors
/// As there, but for the time.
pub async fn guarded(row: Row, work: Work, metrics: &Metrics) -> Result<Box<dyn Ready>, Rejection> {
    AssertUnwindSafe(work).catch_unwind().await.unwrap_or_else(|panic| Err(panicked(row, panic, metrics)))
}

fn panicked(row: Row, panic: Box<dyn std::any::Any + Send>, metrics: &Metrics) -> Rejection {
    metrics.panicked(Panicked::Outside);
    tracing::error!(behaviour = row.name, reason = panic_text(panic), "a behaviour panicked outside of its room");
    Code::Internal.into()
}
