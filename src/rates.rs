//! Floor 2 · `rates`: how fast one may go: a user over all sockets, a socket for itself.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use crate::ids::UserId;

/// What a user may say: 10 a second, 30 at once, over all sockets and HTTP. HARDENING 23.
const SAID: Quota = quota(10, 30);
/// Frames of one socket, or calls of one client without a socket: 50 a second, four times that at once.
const FRAMES: Quota = quota(50, 200);
/// Bytes of one socket: 64 KiB a second, four times that at once.
const BYTES: Quota = quota(64 * 1024, 4 * 64 * 1024);

const fn quota(per_second: u32, burst: u32) -> Quota {
    match (NonZeroU32::new(per_second), NonZeroU32::new(burst)) {
        (Some(rate), Some(burst)) => Quota::per_second(rate).allow_burst(burst),
        _ => panic!("a rate is at least one"),
    }
}

/// What users said lately. One for the whole server.
pub struct SaidRates(RateLimiter<UserId, DashMapStateStore<UserId>, DefaultClock>);

impl Default for SaidRates {
    fn default() -> Self {
        Self(RateLimiter::dashmap(SAID))
    }
}

impl SaidRates {
    /// `user` says something.
    ///
    /// # Errors
    /// How long to wait, if that was too fast.
    pub fn say(&self, user: UserId) -> Result<(), Duration> {
        self.0.check_key(&user).map_err(|wait| wait.wait_time_from(DefaultClock::default().now()))
    }

    /// Forgets everyone who has been slow enough for a while; called now and then, it bounds the memory.
    pub fn forget_the_slow(&self) {
        self.0.retain_recent();
        self.0.shrink_to_fit();
    }
}

/// Calls of one client over plain HTTP lately: as many as frames of a socket.
pub struct CallRates(RateLimiter<NotKeyed, InMemoryState, DefaultClock>);

impl Default for CallRates {
    fn default() -> Self {
        Self(RateLimiter::direct(FRAMES))
    }
}

impl CallRates {
    /// One more call; how long to wait before trying again if that is too much by now.
    pub fn call(&self) -> Option<Duration> {
        self.0.check().err().map(|wait| wait.wait_time_from(DefaultClock::default().now()))
    }
}

/// What came in on one socket lately, and what of it is not paid for yet.
pub struct SocketRates {
    frames: RateLimiter<NotKeyed, InMemoryState, DefaultClock>,
    bytes: RateLimiter<NotKeyed, InMemoryState, DefaultClock>,
    owed_frames: u32,
    owed_bytes: u32,
}

impl Default for SocketRates {
    fn default() -> Self {
        Self { frames: RateLimiter::direct(FRAMES), bytes: RateLimiter::direct(BYTES), owed_frames: 0, owed_bytes: 0 }
    }
}

impl SocketRates {
    /// A frame of `bytes` came in.
    pub fn owe(&mut self, bytes: usize) {
        self.owed_frames += 1;
        self.owed_bytes = self.owed_bytes.saturating_add(u32::try_from(bytes).unwrap_or(u32::MAX)).min(BYTES.burst_size().get());
    }

    /// Pays for what came in; how long to wait before trying again if that is too much by now. Nothing more is to be read before
    /// all is paid.
    pub fn pay(&mut self) -> Option<Duration> {
        let waits = [pay(&self.frames, &mut self.owed_frames), pay(&self.bytes, &mut self.owed_bytes)];
        waits.into_iter().flatten().max()
    }
}

fn pay(rate: &RateLimiter<NotKeyed, InMemoryState, DefaultClock>, owed: &mut u32) -> Option<Duration> {
    let owes = NonZeroU32::new(*owed)?;
    if let Ok(Err(wait)) = rate.check_n(owes) {
        return Some(wait.wait_time_from(DefaultClock::default().now()));
    }
    // Paid; more than a burst is never owed, because nothing more is read before it is paid.
    *owed = 0;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_says_thirty_at_once_and_then_waits_and_others_do_not() {
        let rates = SaidRates::default();
        let said = (0..40).filter(|_| rates.say(UserId(1)).is_ok()).count();
        assert!((30..=31).contains(&said), "{said}");
        let wait = rates.say(UserId(1)).unwrap_err();
        assert!(wait <= Duration::from_millis(100), "{wait:?}");
        assert!(rates.say(UserId(2)).is_ok());
    }

    fn takes(rates: &mut SocketRates, bytes: usize) -> Option<Duration> {
        rates.owe(bytes);
        rates.pay()
    }

    #[test]
    fn a_socket_that_sends_too_much_is_read_more_slowly() {
        let mut rates = SocketRates::default();
        assert!((0..200).all(|_| takes(&mut rates, 10).is_none()));
        assert!(takes(&mut rates, 10).is_some());
        let mut rates = SocketRates::default();
        assert!((0..4).all(|_| takes(&mut rates, 64 * 1024).is_none()));
        assert!(takes(&mut rates, 64 * 1024).is_some());
    }

    #[test]
    fn what_had_to_wait_is_paid_for_afterwards() {
        let mut rates = SocketRates::default();
        assert!((0..200).all(|_| takes(&mut rates, 10).is_none()));
        let start = std::time::Instant::now();
        for _ in 0..10 {
            rates.owe(10);
            while let Some(wait) = rates.pay() {
                std::thread::yield_now();
                assert!(wait <= Duration::from_millis(21), "{wait:?}");
            }
        }
        assert!(start.elapsed() >= Duration::from_millis(170), "fifty a second, not a hundred: {:?}", start.elapsed());
    }
}
