//! Floor 1 · `password`: hashing off the async threads, few at once, with equal time for users nobody knows.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use tokio::sync::Semaphore;

use crate::ids::random_text;
use crate::names::Password;

/// Memory of one hash, in KiB; with [`PASSES`] and [`LANES`] the least that OWASP recommends for argon2id.
pub const MEMORY_KIB: u32 = 19_456;
/// How often the memory is gone over.
pub const PASSES: u32 = 2;
/// How many threads one hash takes.
pub const LANES: u32 = 1;
/// How many may wait for their turn: more than a second or two of waiting helps nobody.
pub const WAITING_MAX: usize = 64;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Too many wait already; try again in a moment.
    #[error("too many sign-ins at once")]
    Busy,
    /// The hash function or the kept hash is broken.
    #[error("the password could not be hashed")]
    Broken,
}

/// The place where passwords are hashed; clones share its queue.
#[derive(Clone, Debug)]
pub struct Passwords {
    turns: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    /// A hash that no password has, for users nobody knows.
    decoy: Arc<str>,
}

impl Passwords {
    /// A place with `at_once` hashes at a time; as many as cores are plenty.
    pub fn new(at_once: usize) -> Self {
        Self { turns: Arc::new(Semaphore::new(at_once.max(1))), waiting: Arc::default(), decoy: decoy().into() }
    }

    /// The hash of `password` with a new salt; its parameters are kept in it.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when more than [`WAITING_MAX`] wait.
    pub async fn hash(&self, password: &Password) -> Result<String, PasswordError> {
        let password = password.clone();
        self.in_turn(move || hash(password.expose().as_bytes())).await?
    }

    /// Whether `password` is the one of `kept`.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when more than [`WAITING_MAX`] wait; [`PasswordError::Broken`] when `kept` is no hash.
    pub async fn verify(&self, password: &Password, kept: &str) -> Result<bool, PasswordError> {
        let (password, kept) = (password.clone(), kept.to_owned());
        self.in_turn(move || {
            let kept = PasswordHash::new(&kept).map_err(|_| PasswordError::Broken)?;
            Ok(Argon2::default().verify_password(password.expose().as_bytes(), &kept).is_ok())
        })
        .await?
    }

    /// Takes as long as [`Passwords::verify`], for a user nobody knows.
    ///
    /// # Errors
    /// [`PasswordError::Busy`] when more than [`WAITING_MAX`] wait.
    pub async fn verify_unknown(&self, password: &Password) -> Result<(), PasswordError> {
        self.verify(password, &self.decoy).await.map(|_| ())
    }

    /// Does `work` on a blocking thread when it is its turn.
    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let turn = if let Ok(turn) = self.turns.clone().try_acquire_owned() {
            turn
        } else {
            let _place = Place::take(&self.waiting)?;
            self.turns.clone().acquire_owned().await.map_err(|_| PasswordError::Broken)?
        };
        // The turn goes along with the work: a client that goes away does not make room for one more.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.map_err(|_| PasswordError::Broken)
    }
}

/// Whether `kept` was made with weaker parameters than ours, so that it should be made anew at the next sign-in.
pub fn needs_rehash(kept: &str) -> bool {
    let Ok(kept) = PasswordHash::new(kept) else { return true };
    let Ok(params) = Params::try_from(&kept) else { return true };
    kept.algorithm.as_str() != Algorithm::Argon2id.as_ref()
        || params.m_cost() < MEMORY_KIB
        || params.t_cost() < PASSES
        || params.p_cost() < LANES
}

fn hash(password: &[u8]) -> Result<String, PasswordError> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|_| PasswordError::Broken)?;
    let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = hasher.hash_password(password).map_err(|_| PasswordError::Broken)?;
    Ok(hash.to_string())
}

/// The hash of nothing: random bytes in the form of a hash with our parameters. Hashing something for it would leave the memory
/// of a hash behind in a server that nobody has signed in to yet.
fn decoy() -> String {
    // The alphabet of this form has no `-` and no `_`.
    let random = |text: String| text.replace(['-', '_'], "A");
    let (salt, output) = (random(random_text::<16>()), random(random_text::<32>()));
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${output}")
}

/// A place in the queue, given up when dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(waiting: &Arc<AtomicUsize>) -> Result<Self, PasswordError> {
        let place = Self(waiting.clone());
        if waiting.fetch_add(1, Ordering::Relaxed) < WAITING_MAX { Ok(place) } else { Err(PasswordError::Busy) }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use futures_util::future::join_all;

    use super::*;

    fn password(text: &str) -> Password {
        Password::parse(text).unwrap()
    }

    #[actix_web::test]
    async fn only_the_same_password_matches_and_no_byte_is_cut() {
        let passwords = Passwords::new(2);
        let long = "ã".repeat(512);
        let kept = passwords.hash(&password(&long)).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(passwords.verify(&password(&long), &kept).await.unwrap());
        assert!(!passwords.verify(&password(&long[..1022]), &kept).await.unwrap());
        assert!(!needs_rehash(&kept));
        assert!(needs_rehash(&kept.replace("m=19456", "m=9216")));
        assert!(needs_rehash("plain"));
        assert_eq!(passwords.verify(&password(&long), "plain").await, Err(PasswordError::Broken));
    }

    #[actix_web::test]
    async fn a_user_nobody_knows_takes_as_long_as_another() {
        let passwords = Passwords::new(1);
        let (right, wrong) = (password("goiabada com queijo"), password("queijo com goiabada"));
        let kept = passwords.hash(&right).await.unwrap();
        let (mut known, mut unknown) = (Vec::new(), Vec::new());
        for _ in 0..9 {
            let start = Instant::now();
            passwords.verify(&wrong, &kept).await.unwrap();
            known.push(start.elapsed());
            let start = Instant::now();
            passwords.verify_unknown(&wrong).await.unwrap();
            unknown.push(start.elapsed());
        }
        let median = |mut times: Vec<Duration>| {
            times.sort();
            times[times.len() / 2].as_secs_f64()
        };
        let ratio = median(known) / median(unknown);
        // The rule is a tenth; other tests run beside this one, so it looks only for a shortcut.
        assert!((0.5..2.0).contains(&ratio), "{ratio}");
    }

    #[actix_web::test]
    async fn the_queue_is_bounded_and_empties_again() {
        let passwords = Passwords::new(1);
        let typed = password("goiabada com queijo");
        let answers = join_all((0..WAITING_MAX + 4).map(|_| passwords.verify_unknown(&typed))).await;
        let busy = answers.iter().filter(|answer| **answer == Err(PasswordError::Busy)).count();
        assert!((1..=3).contains(&busy), "{busy}");
        assert_eq!(passwords.verify_unknown(&typed).await, Ok(()));
        assert_eq!(passwords.waiting.load(Ordering::Relaxed), 0);
    }
}
