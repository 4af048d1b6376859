//! Floor 8 · `web/context`: what every handler may need, built once and shared by all threads.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix::Addr;
use actix_web::HttpRequest;
use actix_web::cookie::Key;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

use crate::limits::Tries;
use crate::lobby::Lobby;
use crate::metrics::Metrics;
use crate::password::Passwords;
use crate::picture::Pictures;
use crate::settings::Settings;
use crate::store::Store;
use crate::web::forwarded;

/// What every handler may need; clones share everything.
#[derive(Clone)]
pub struct Context {
    /// How this server is set up.
    pub settings: Arc<Settings>,
    /// The database.
    pub store: Store,
    /// Where passwords are hashed.
    pub passwords: Passwords,
    /// Where pictures are cleaned and made small.
    pub pictures: Pictures,
    /// Who is where.
    pub lobby: Addr<Lobby>,
    /// Who tried what how often.
    pub tries: Arc<Tries>,
    /// Set once the server is going down.
    pub draining: Arc<AtomicBool>,
    /// What happens is counted here.
    pub metrics: Arc<Metrics>,
    /// What opens `/metrics` from elsewhere.
    pub(super) metrics_token: Option<SecretString>,
    /// What cookies are sealed with.
    pub(super) key: Key,
}

impl Context {
    /// Everything handlers need. `secrets` come from [`crate::secret`]; `draining` is set by whoever takes the server down.
    pub fn new(
        settings: Settings,
        store: Store,
        lobby: Addr<Lobby>,
        draining: Arc<AtomicBool>,
        metrics: Arc<Metrics>,
        (secret, metrics_token): (&SecretSlice<u8>, Option<SecretString>),
    ) -> Self {
        let key = Key::from(secret.expose_secret());
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            settings: Arc::new(settings),
            store,
            passwords: Passwords::new(cores),
            pictures: Pictures::default(),
            lobby,
            tries: Arc::default(),
            draining,
            metrics,
            metrics_token,
            key,
        }
    }

    /// Where `request` comes from, by which limits count and records speak: the peer, or whom a trusted proxy names.
    pub fn peer_address(&self, request: &HttpRequest) -> IpAddr {
        forwarded::client(request, &self.settings.reach.trusted_proxies)
    }

    /// Whether the server is going down.
    pub fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }
}
