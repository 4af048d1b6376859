//! Floor 1 · `limits`: how often an address may try: to sign in with a wrong password, to register, to come as a guest.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Failed sign-ins that one account, and one address, may have within [`FAILED_WITHIN`].
pub const FAILED_MAX: usize = 10;
/// How long a failed sign-in counts.
pub const FAILED_WITHIN: Duration = Duration::from_mins(5);
/// Accounts that one address may make within [`REGISTERED_WITHIN`].
pub const REGISTERED_MAX: usize = 200;
/// How long a registration counts.
pub const REGISTERED_WITHIN: Duration = Duration::from_hours(1);
/// Guests that one address may bring within [`GUESTS_WITHIN`]: a class of pupils behind one address, more than once.
pub const GUESTS_MAX: usize = 100;
/// How long a guest counts.
pub const GUESTS_WITHIN: Duration = Duration::from_mins(10);
/// Most names a counter remembers; past it, the ones that were quiet longest are forgotten.
const KEYS_MAX: usize = 20_000;
/// Characters of an account's name that are remembered: a name has at most 254.
const ACCOUNT_CHARS_MAX: usize = 254;

/// Where a try comes from: an IPv4 address, or the /64 network of an IPv6 address, which is what one customer gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Source(pub IpAddr);

impl From<IpAddr> for Source {
    fn from(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
            v4 @ IpAddr::V4(_) => v4,
        })
    }
}

/// The tries of everyone, shared by all threads.
#[derive(Debug)]
pub struct Tries {
    by_source: Counter<Source>,
    by_account: Counter<String>,
    by_both: Counter<(String, Source)>,
    registered: Counter<Source>,
    guests: Counter<Source>,
}

impl Default for Tries {
    fn default() -> Self {
        Self {
            by_source: Counter::new(FAILED_MAX, FAILED_WITHIN),
            by_account: Counter::new(FAILED_MAX, FAILED_WITHIN),
            by_both: Counter::new(1, FAILED_WITHIN),
            registered: Counter::new(REGISTERED_MAX, REGISTERED_WITHIN),
            guests: Counter::new(GUESTS_MAX, GUESTS_WITHIN),
        }
    }
}

impl Tries {
    /// How long `source` must wait before it may try to sign in to `account`; `None` if it need not.
    ///
    /// An account with too many failed tries is shut for those who made them, and for everyone else after one more
    /// failed try: its owner, who has the right password, still comes in from elsewhere.
    pub fn wait_to_sign_in(&self, account: &str, source: Source, now: Instant) -> Option<Duration> {
        let account = key_of(account);
        let of_source = self.by_source.wait(&source, now);
        let of_account = self.by_account.wait(&account, now);
        let of_account = of_account.filter(|_| self.by_both.wait(&(account, source), now).is_some());
        of_source.max(of_account)
    }

    /// `source` failed to sign in to `account`.
    pub fn failed(&self, account: &str, source: Source, now: Instant) {
        let account = key_of(account);
        self.by_source.add(source, now);
        self.by_account.add(account.clone(), now);
        self.by_both.add((account, source), now);
    }

    /// How long `source` must wait before it may make another account; `None` if it need not.
    pub fn wait_to_register(&self, source: Source, now: Instant) -> Option<Duration> {
        self.registered.wait(&source, now)
    }

    /// `source` made an account.
    pub fn registered(&self, source: Source, now: Instant) {
        self.registered.add(source, now);
    }

    /// How long `source` must wait before it may bring another guest; `None` if it need not.
    pub fn wait_to_come(&self, source: Source, now: Instant) -> Option<Duration> {
        self.guests.wait(&source, now)
    }

    /// `source` asked for the name of a guest.
    pub fn came(&self, source: Source, now: Instant) {
        self.guests.add(source, now);
    }
}

fn key_of(account: &str) -> String {
    account.trim().chars().take(ACCOUNT_CHARS_MAX).flat_map(char::to_lowercase).collect()
}

/// Counts what happened within a sliding window, for a bounded number of keys.
#[derive(Debug)]
struct Counter<K> {
    max: usize,
    within: Duration,
    times: Mutex<HashMap<K, VecDeque<Instant>>>,
}

impl<K: Eq + Hash + Clone> Counter<K> {
    fn new(max: usize, within: Duration) -> Self {
        Self { max, within, times: Mutex::default() }
    }

    /// How long until `key` has fewer than the most; `None` if it has.
    fn wait(&self, key: &K, now: Instant) -> Option<Duration> {
        let times = self.lock();
        let times = times.get(key)?;
        let counting = times.iter().filter(|&&time| now.duration_since(time) < self.within).count();
        if counting < self.max {
            return None;
        }
        // When this one stops counting there is a place again.
        let next = times.iter().rev().nth(self.max - 1)?;
        Some(self.within.saturating_sub(now.duration_since(*next)))
    }

    fn add(&self, key: K, now: Instant) {
        let mut all = self.lock();
        if all.len() >= KEYS_MAX && !all.contains_key(&key) {
            self.make_room(&mut all, now);
        }
        let times = all.entry(key).or_default();
        times.push_back(now);
        if times.len() > self.max {
            times.pop_front();
        }
    }

    fn make_room(&self, all: &mut HashMap<K, VecDeque<Instant>>, now: Instant) {
        let newest = |times: &VecDeque<Instant>| times.back().copied();
        all.retain(|_, times| newest(times).is_some_and(|time| now.duration_since(time) < self.within));
        if all.len() < KEYS_MAX {
            return;
        }
        // A tenth at once, so that this is not done again for every new key.
        let mut order: Vec<Instant> = all.values().filter_map(newest).collect();
        let (_, &mut quiet, _) = order.select_nth_unstable(KEYS_MAX / 10);
        let mut spare = KEYS_MAX / 10;
        all.retain(|_, times| {
            let goes = spare > 0 && newest(times).is_none_or(|time| time <= quiet);
            spare -= usize::from(goes);
            !goes
        });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<K, VecDeque<Instant>>> {
        // A count is never half-written, so it is good even after a panic elsewhere.
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(last: u8) -> Source {
        IpAddr::from([10, 0, 0, last]).into()
    }

    #[test]
    fn ten_failed_tries_shut_an_address_for_a_while() {
        let (tries, start) = (Tries::default(), Instant::now());
        for n in 0..10 {
            assert_eq!(tries.wait_to_sign_in("ana", source(1), start), None);
            tries.failed(&format!("user{n}"), source(1), start);
        }
        let wait = tries.wait_to_sign_in("ana", source(1), start + Duration::from_mins(1));
        assert_eq!(wait, Some(FAILED_WITHIN.checked_sub(Duration::from_mins(1)).unwrap()));
        assert_eq!(tries.wait_to_sign_in("ana", source(2), start), None);
        assert_eq!(tries.wait_to_sign_in("ana", source(1), start + FAILED_WITHIN), None);
    }

    #[test]
    fn an_account_under_attack_stays_open_to_its_owner_elsewhere() {
        let (tries, start) = (Tries::default(), Instant::now());
        for n in 0..10 {
            tries.failed("Ana", source(n), start);
        }
        assert!(tries.wait_to_sign_in("ana ", source(3), start).is_some());
        assert_eq!(tries.wait_to_sign_in("ana", source(99), start), None);
        tries.failed("ana", source(99), start);
        assert!(tries.wait_to_sign_in("ana", source(99), start).is_some());
        assert_eq!(tries.wait_to_sign_in("bia", source(99), start), None);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_are_one_source() {
        let of = |text: &str| Source::from(text.parse::<IpAddr>().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:10.0.0.1"), source(1));
    }

    #[test]
    fn a_counter_forgets_the_quiet_rather_than_grow() {
        let (counter, start) = (Counter::new(1, FAILED_WITHIN), Instant::now());
        for key in 0..KEYS_MAX + 10 {
            counter.add(key, start + Duration::from_micros(key as u64));
        }
        assert!(counter.lock().len() <= KEYS_MAX);
        let now = start + Duration::from_secs(1);
        assert!(counter.wait(&0, now).is_none());
        assert!(counter.wait(&(KEYS_MAX + 9), now).is_some());
    }
}
