//! Floor 9 · `numbers/rates`: how fast one may count: a user over all sockets, an address over HTTP. The chat's rate is left alone.

use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::http::Address;
use crate::{Outside, Rejection, UserId};

/// Commands of one user: eight clients that step twice a second, and as much again.
const SAID: Quota = Quota::per_second(at_least_one(32)).allow_burst(at_least_one(96));
/// Requests of one address: an office behind one, with a client each.
const ASKED: Quota = Quota::per_second(at_least_one(50)).allow_burst(at_least_one(200));
/// New names of one address.
const REGISTERED: Quota = Quota::per_hour(at_least_one(500));
/// With more keys than this the quiet ones are forgotten, of which there is nothing to remember.
const KEYS_MAX: usize = 10_000;

const fn at_least_one(count: u32) -> NonZeroU32 {
    match NonZeroU32::new(count) {
        Some(count) => count,
        None => panic!("a rate is at least one"),
    }
}

/// How fast everyone was lately.
pub(super) struct Rates {
    said: Rate<UserId>,
    asked: Rate<Address>,
    registered: Rate<Address>,
}

struct Rate<K: Hash + Eq + Clone>(RateLimiter<K, DashMapStateStore<K>, DefaultClock>);

impl Default for Rates {
    fn default() -> Self {
        Self { said: Rate::new(SAID), asked: Rate::new(ASKED), registered: Rate::new(REGISTERED) }
    }
}

impl Rates {
    /// `user` gives a command.
    ///
    /// # Errors
    /// [`Code::RateLimited`](crate::Code::RateLimited) if that was too fast.
    pub(super) fn say(outside: &Outside, user: UserId) -> Result<(), Rejection> {
        held(outside, |rates| rates.said.pay(&user))
    }

    /// `address` asks for something.
    ///
    /// # Errors
    /// As above.
    pub(super) fn ask(outside: &Outside, address: Address) -> Result<(), Rejection> {
        held(outside, |rates| rates.asked.pay(&address))
    }

    /// `address` asks for a name that nobody has.
    ///
    /// # Errors
    /// As above.
    pub(super) fn register(outside: &Outside, address: Address) -> Result<(), Rejection> {
        held(outside, |rates| rates.registered.pay(&address))
    }
}

fn held(outside: &Outside, pay: impl FnOnce(&Rates) -> Result<(), Duration>) -> Result<(), Rejection> {
    let rates = outside.shared::<Rates>().filter(|_| outside.has_limits());
    rates.map_or(Ok(()), |rates| pay(&rates).map_err(Rejection::too_fast))
}

impl<K: Hash + Eq + Clone> Rate<K> {
    fn new(quota: Quota) -> Self {
        Self(RateLimiter::dashmap(quota))
    }

    /// How long to wait, if it was too fast.
    fn pay(&self, key: &K) -> Result<(), Duration> {
        if self.0.len() > KEYS_MAX {
            self.0.retain_recent();
        }
        self.0.check_key(key).map_err(|wait| wait.wait_time_from(DefaultClock::default().now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_too_fast_waits_and_nobody_else() {
        let rate = Rate::new(SAID);
        let paid = (0..200).filter(|_| rate.pay(&UserId(1)).is_ok()).count();
        assert!((96..=98).contains(&paid), "{paid}");
        assert!(rate.pay(&UserId(1)).unwrap_err() <= Duration::from_millis(32));
        assert!(rate.pay(&UserId(2)).is_ok());
    }

    #[test]
    fn what_is_remembered_is_bounded_by_who_was_fast_lately() {
        let rate = Rate::new(Quota::per_second(at_least_one(1_000_000)));
        for user in 0..3 * i64::try_from(KEYS_MAX).unwrap() {
            rate.pay(&UserId(user)).unwrap();
        }
        assert!(rate.0.len() <= KEYS_MAX + 1, "{}", rate.0.len());
    }
}
