//! Floor 7 · `poller/pollers`: the pollers of all threads, one a login, and how long each is waited for.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use actix::Addr;
use tokio::sync::oneshot;

use super::tray::{Bell, Reply};
use super::{Call, Poller, What};
use crate::codes::Close;
use crate::fanout::Nudge;
use crate::ids::LoginId;
use crate::metrics::Mailbox;
use crate::names::RoomName;
use crate::rates::CallRates;

/// A poller that was not called for so long is gone. Protocol, "Rooms over plain HTTP".
pub const LEASE: Duration = Duration::from_secs(30);

/// The pollers of this server; clones share them.
#[derive(Clone, Default)]
pub struct Pollers(Arc<Mutex<HashMap<LoginId, Line>>>);

/// The way to one poller, from whatever thread.
#[derive(Clone)]
pub struct Line {
    pub(super) address: Addr<Poller>,
    pub(super) mailbox: Mailbox,
    pub(super) bell: Bell,
    pub(super) pulse: Arc<Pulse>,
}

/// The calls of one client: how many are under way, when the last one ended, how fast they come.
pub struct Pulse {
    beat: Mutex<Beat>,
    rates: Option<CallRates>,
}

struct Beat {
    calls: usize,
    waits: usize,
    last: Instant,
}

/// One call that is under way. As long as it is, its poller has no lease to lose.
pub struct OnCall {
    line: Line,
    waits: bool,
}

impl Pollers {
    /// A call to the poller of `login`; `start` starts one if there is none, and it may be `None` for who is not to have one.
    pub fn call(&self, login: &LoginId, start: impl FnOnce() -> Option<Line>) -> Option<OnCall> {
        let mut lines = self.lock();
        let line = if let Some(line) = lines.get(login) {
            line.clone()
        } else {
            let line = start()?;
            lines.insert(login.clone(), line.clone());
            line
        };
        line.pulse.lock().calls += 1;
        Some(OnCall { line, waits: false })
    }

    /// Takes the poller of `login` out if its lease is over; otherwise, how long it still has at least.
    pub(super) fn expire(&self, login: &LoginId, pulse: &Arc<Pulse>) -> Result<(), Duration> {
        let mut lines = self.lock();
        let left = pulse.left();
        if left.is_zero() {
            // Under the lock of all lines: nobody can have begun a call in between.
            remove(&mut lines, login, pulse);
            return Ok(());
        }
        Err(left)
    }

    /// This poller is gone.
    pub(super) fn forget(&self, login: &LoginId, pulse: &Arc<Pulse>) {
        remove(&mut self.lock(), login, pulse);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<LoginId, Line>> {
        // A line is never half-written, so it is good even after a panic elsewhere.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn remove(lines: &mut HashMap<LoginId, Line>, login: &LoginId, pulse: &Arc<Pulse>) {
    // Another may have taken its place.
    if lines.get(login).is_some_and(|line| Arc::ptr_eq(&line.pulse, pulse)) {
        lines.remove(login);
    }
}

impl Pulse {
    pub(super) fn new(limited: bool) -> Self {
        Self { beat: Mutex::new(Beat { calls: 0, waits: 0, last: Instant::now() }), rates: limited.then(CallRates::default) }
    }

    fn left(&self) -> Duration {
        let beat = self.lock();
        if beat.calls > 0 { LEASE } else { LEASE.saturating_sub(beat.last.elapsed()) }
    }

    fn lock(&self) -> MutexGuard<'_, Beat> {
        self.beat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OnCall {
    /// Gives this to the poller; `None` if it has just ended.
    pub async fn asks(&self, room: &RoomName, what: What) -> Option<Reply> {
        let (reply, answer) = oneshot::channel();
        self.line.mailbox.post(&self.line.address, Call { room: room.clone(), what, reply });
        answer.await.ok()
    }

    /// Its bell, which has not rung since now.
    pub fn bell(&self) -> Bell {
        let mut bell = self.line.bell.clone();
        bell.mark_unchanged();
        bell
    }

    /// How long to wait before anything is asked, because too much was asked lately.
    pub fn too_fast(&self) -> Option<Duration> {
        self.line.pulse.rates.as_ref()?.call()
    }

    /// It is about to wait for news, as one of at most `most` of its login. Whether it may.
    pub fn may_wait(&mut self, most: Option<usize>) -> bool {
        let mut beat = self.line.pulse.lock();
        if !self.waits && most.is_none_or(|most| beat.waits < most) {
            beat.waits += 1;
            self.waits = true;
        }
        self.waits
    }

    /// The poller does not answer: whoever comes next gets another.
    pub fn give_up(&self) {
        self.line.address.do_send(Nudge::Close(Close::Error));
    }
}

impl Drop for OnCall {
    fn drop(&mut self) {
        let mut beat = self.line.pulse.lock();
        beat.calls -= 1;
        beat.waits -= usize::from(self.waits);
        beat.last = Instant::now();
    }
}
