//! Floor 1 · `settings`: every setting, a documented field each. A flag wins over its variable, a variable over `.env`.

mod check;
mod guests;
mod metrics;
mod network;
mod origin;
mod sample;
mod shown;
mod traffic;

pub use check::unknown;
pub use guests::Guests;
pub use metrics::{Metrics, Readers};
pub use network::{Network, NetworkError};
pub use origin::{Origin, OriginError};
pub use sample::env_example;
pub use traffic::{Logged, TrafficLog};

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::builder::RangedU64ValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, CommandFactory as _, FromArgMatches as _, Parser, ValueEnum};
use secrecy::SecretString;

use crate::names::RoomName;
use crate::telemetry::{LogFormat, parse_level};

/// A chat people enjoy, and a message broker developers trust.
///
/// Papo needs nothing but its data folder: database, uploads and a key of its own are made at the first start.
/// Every setting is a flag and an environment variable; a file `.env` in the working folder is read too.
#[derive(Clone, Parser)]
#[command(name = "papo", version, max_term_width = 110)]
#[command(
    after_help = "PAPO_SECRET_KEY and PAPO_METRICS_TOKEN (environment only) hold the secrets themselves, instead of files with them."
)]
pub struct Settings {
    /// Where it can be reached.
    #[command(flatten, next_help_heading = "Address")]
    pub reach: Reach,
    /// Where it keeps things.
    #[command(flatten, next_help_heading = "Storage")]
    pub storage: Storage,
    /// How much one user, one address and everyone together may have.
    #[command(flatten, next_help_heading = "Limits")]
    pub bounds: Bounds,
    /// What people without an account may do.
    #[command(flatten, next_help_heading = "Guests")]
    pub guests: Guests,
    /// Which rooms are always there, by name, separated by commas
    #[arg(long, env = "PAPO_ROOMS", value_name = "NAMES", value_delimiter = ',', help_heading = "Rooms")]
    #[arg(default_value = "sala-1,sala-2,sala-3", value_parser = RoomName::titled_from_id)]
    pub rooms: Vec<RoomName>,
    /// How log records are written to standard error
    #[arg(long, env = "PAPO_LOG", value_enum, default_value = "text", help_heading = "Logs")]
    pub log: LogFormat,
    /// Which records are written: error, warn, info, debug or trace, or a list such as info,papo=debug
    #[arg(long, env = "PAPO_LOG_LEVEL", value_name = "LEVEL", default_value = "info", help_heading = "Logs", value_parser = parse_level)]
    pub log_level: String,
    /// Which messages are written down.
    #[command(flatten, next_help_heading = "Traffic log")]
    pub traffic: TrafficLog,
    /// Who may read what it counts of itself.
    #[command(flatten, next_help_heading = "Metrics")]
    pub metrics: Metrics,
    /// The key of cookies, from `PAPO_SECRET_KEY`: never a flag, because everyone on a machine sees flags.
    #[arg(skip)]
    pub secret_key: Option<SecretString>,
}

/// Where the server can be reached, and by which pages.
#[derive(Clone, Debug, Args)]
pub struct Reach {
    /// Where to listen, as address:port; port 0 picks a free one. With PORT alone it is 0.0.0.0:$PORT
    #[arg(long, env = "PAPO_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080", value_parser = check::listen_address)]
    pub listen: SocketAddr,
    /// How browsers reach this server, such as `https://papo.example`; with https, cookies travel by TLS alone
    #[arg(long, env = "PAPO_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<Origin>,
    /// Other sites whose pages may use this server, separated by commas [default: none]
    #[arg(long, env = "PAPO_ALLOWED_ORIGINS", value_name = "ORIGINS", value_delimiter = ',')]
    pub allowed_origins: Vec<Origin>,
    /// Proxies in front, as addresses or networks such as 10.0.0.0/8, separated by commas: what they say in X-Forwarded-For, -Proto and -Host counts [default: none]
    #[arg(long, env = "PAPO_TRUSTED_PROXIES", value_name = "ADDRESSES", value_delimiter = ',')]
    pub trusted_proxies: Vec<Network>,
    /// Threads that serve [default: all processors but one, which keeps what is said and looks at pictures]
    #[arg(long, env = "PAPO_WORKERS", value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub workers: Option<u16>,
}

/// Where the server keeps things, and how carefully.
#[derive(Clone, Args)]
pub struct Storage {
    /// The folder of the database and of the key
    #[arg(long, env = "PAPO_DATA_DIR", value_name = "FOLDER", default_value = "data")]
    pub data_dir: PathBuf,
    /// The folder of what people send in
    #[arg(long, env = "PAPO_UPLOADS_DIR", value_name = "FOLDER", default_value = "tmp")]
    pub uploads_dir: PathBuf,
    /// The database, as sqlite:FILE [default: papo.db in the data folder]
    #[arg(long, env = "PAPO_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// What a message must survive before it is shown: full a power cut, normal a crash of the server
    #[arg(long, env = "PAPO_SYNCHRONOUS", value_enum, default_value = "full")]
    pub synchronous: Synchronous,
    /// The file with the key of cookies, at least 64 bytes [default: secret.key in the data folder, made at the first start]
    #[arg(long, env = "PAPO_SECRET_KEY_FILE", value_name = "FILE")]
    pub secret_key_file: Option<PathBuf>,
}

/// How much one user, one address and everyone together may have.
#[derive(Clone, Debug, Args)]
pub struct Bounds {
    /// off lifts the rates and the counts per user and per address (load tests), never the sizes
    #[arg(long, env = "PAPO_LIMITS", value_enum, default_value = "on")]
    pub limits: Switch,
    /// A socket that is quiet for so long is asked whether it is there, in milliseconds; twice that ends it
    #[arg(long, env = "PAPO_PING_MS", value_name = "MS", default_value_t = 25_000, value_parser = clap::value_parser!(u64).range(100..=600_000))]
    pub ping_ms: u64,
    /// Sockets of one user
    #[arg(long, env = "PAPO_SOCKETS_PER_USER_MAX", value_name = "COUNT", default_value_t = 10, value_parser = at_least_one())]
    pub sockets_per_user_max: usize,
    /// Sockets of one address
    #[arg(long, env = "PAPO_SOCKETS_PER_ADDRESS_MAX", value_name = "COUNT", default_value_t = 100, value_parser = at_least_one())]
    pub sockets_per_address_max: usize,
    /// Sockets of everyone together
    #[arg(long, env = "PAPO_SOCKETS_MAX", value_name = "COUNT", default_value_t = 20_000, value_parser = at_least_one())]
    pub sockets_max: usize,
    /// Files of one upload
    #[arg(long, env = "PAPO_UPLOAD_FILES_MAX", value_name = "COUNT", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=64))]
    pub upload_files_max: u32,
    /// Bytes of one file (25 MiB)
    #[arg(long, env = "PAPO_UPLOAD_FILE_BYTES_MAX", value_name = "BYTES", default_value_t = 25 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(1..))]
    pub upload_file_bytes_max: u64,
    /// Bytes of all files of one user (1 GiB)
    #[arg(long, env = "PAPO_UPLOADS_PER_USER_BYTES_MAX", value_name = "BYTES", default_value_t = 1024 * 1024 * 1024)]
    pub uploads_per_user_bytes_max: u64,
    /// Uploads are refused when the disk has fewer bytes free than this (256 MiB)
    #[arg(long, env = "PAPO_DISK_FREE_BYTES_MIN", value_name = "BYTES", default_value_t = 256 * 1024 * 1024)]
    pub disk_free_bytes_min: u64,
}

/// Whether the limits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// They hold.
    On,
    /// They are lifted.
    Off,
}

/// What a commit waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Synchronous {
    /// Until the disk has it.
    Full,
    /// Until the operating system has it.
    Normal,
}

impl Settings {
    /// Reads `.env`, the environment and the flags of this process. To be called before any thread is started.
    ///
    /// # Errors
    /// What is wrong, ready to be printed; `--help` and `--version` come this way too.
    pub fn read() -> Result<Self, clap::Error> {
        Self::read_dotenv()?;
        Self::from_matches(&Self::command().try_get_matches()?)
    }

    /// Puts the variables of `.env`, if there is one in the working folder, into the environment; it overrides none.
    ///
    /// # Errors
    /// A sentence when the file is there and cannot be read.
    pub(crate) fn read_dotenv() -> Result<(), clap::Error> {
        match dotenvy::from_path(".env") {
            Err(error) if error.not_found() => Ok(()),
            Err(dotenvy::Error::Io(error)) => Err(wrong(format!("the file .env cannot be read: {error}"))),
            // The line itself may hold a secret, so the sentence does not repeat it.
            Err(_) => Err(wrong("the file .env has a line that is not NAME=value")),
            Ok(()) => Ok(()),
        }
    }

    /// The settings within what the command line said; for a command line of which they are a part.
    ///
    /// # Errors
    /// What is wrong, ready to be printed.
    pub(crate) fn from_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut settings = Self::from_arg_matches(matches)?;
        if matches.value_source("listen") == Some(ValueSource::DefaultValue)
            && let Ok(port) = std::env::var("PORT")
        {
            settings.reach.listen = listen_on(&port)?;
        }
        if let Some(room) = check::named_twice(&settings.rooms) {
            return Err(wrong(format!("the room {} is named twice in --rooms", room.id())));
        }
        settings.storage.secret_key_file = settings.storage.secret_key_file.or_else(check::credential);
        settings.secret_key = std::env::var("PAPO_SECRET_KEY").ok().filter(|key| !key.is_empty()).map(SecretString::from);
        // What is no text is no token either, and stops the start instead of being passed over.
        let token = std::env::var_os("PAPO_METRICS_TOKEN").filter(|token| !token.is_empty());
        settings.metrics.token = token.map(|token| token.to_string_lossy().into_owned().into());
        Ok(settings)
    }

    /// The defaults, with a free port and with everything inside `dir`.
    ///
    /// # Panics
    /// Never: the defaults are legal.
    pub fn for_tests(dir: &Path) -> Self {
        let mut settings = Self::parse_from(["papo", "--listen", "127.0.0.1:0", "--disk-free-bytes-min", "0"]);
        settings.storage.data_dir = dir.join("data");
        settings.storage.uploads_dir = dir.join("uploads");
        settings
    }

    /// Whether rates and counts are held.
    pub(crate) fn limits(&self) -> bool {
        self.bounds.limits == Switch::On
    }

    /// Whether browsers come by TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.reach.public_url.as_ref().is_some_and(Origin::is_https)
    }

    /// How many threads serve. One processor is left to the journal, the database and the hashes: threads that take turns on a
    /// processor cost more than they do.
    pub(crate) fn workers(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.reach.workers.map_or(cores.saturating_sub(1).max(1), usize::from)
    }
}

impl Storage {
    /// The file of the database.
    ///
    /// # Errors
    /// A sentence when the address names another kind of database, or no file.
    pub fn database_file(&self) -> Result<PathBuf, String> {
        let Some(url) = &self.database_url else { return Ok(self.data_dir.join("papo.db")) };
        let file = url.strip_prefix("sqlite:").map(|rest| rest.strip_prefix("//").unwrap_or(rest));
        match file {
            Some(file) if !file.is_empty() && !file.contains(['?', '#']) && file != ":memory:" => Ok(file.into()),
            Some(_) => Err("the database address must name a file: sqlite:FILE".into()),
            // The address may hold a password, so the sentence shows only its scheme.
            None => {
                let scheme = url.split(':').next().unwrap_or_default();
                Err(format!("a database of kind {scheme:?} is not served by this version: use sqlite:FILE"))
            }
        }
    }
}

fn listen_on(port: &str) -> Result<SocketAddr, clap::Error> {
    let number = port.parse::<u16>();
    let port = number.map_err(|_| wrong(format!("the variable PORT must be a number from 0 to 65535, and is {port:?}")))?;
    Ok((Ipv4Addr::UNSPECIFIED, port).into())
}

fn wrong(sentence: impl fmt::Display) -> clap::Error {
    clap::Error::raw(clap::error::ErrorKind::InvalidValue, format!("{sentence}\n"))
}

fn at_least_one() -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..)
}

#[cfg(test)]
mod tests;
