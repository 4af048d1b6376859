//! Floor 2 · `store`: the database: opened, guarded and asked. All SQL is here and in the files beside it.

pub mod guests;
pub mod keeper;
pub mod log;
pub mod logins;
pub mod looks;
mod open;
pub mod rooms;
mod shelf;
pub mod uploads;
pub mod users;
mod writer;

pub use open::SQLITE_VERSION_MIN;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{Any, AnyPool, Transaction};
use tokio::sync::{Mutex, mpsc};

use crate::made::Made;
use crate::settings::Settings;

use self::log::Heads;
use self::writer::Writer;

/// How long a caller waits for the database before it counts as down.
pub const STORE_TIMEOUT: Duration = Duration::from_secs(5);
/// Connections that read. Readers never wait for the writer (WAL), and more than this only compete for the disk.
const READERS_MAX: u32 = 4;

/// Why the server cannot start: one sentence for the operator.
///
/// ```
/// use papo::{App, Settings};
///
/// let folder = tempfile::tempdir()?;
/// let taken = std::net::TcpListener::bind("127.0.0.1:0")?;
/// let mut settings = Settings::for_tests(folder.path());
/// settings.reach.listen = taken.local_addr()?;
/// let error = actix::System::new().block_on(App::build(settings)).err().unwrap();
/// assert!(error.to_string().contains("another program uses this port"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StartError(pub String);

/// Why the database gave no answer, or not the one hoped for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It does not answer, or not within [`STORE_TIMEOUT`]; it may later.
    #[error("the database does not answer: {0}")]
    Down(#[source] sqlx::Error),
    /// Someone else has it.
    #[error("{0} is taken")]
    Conflict(Taken),
    /// More than this user may keep.
    #[error("the quota is used up")]
    Full,
    /// A row that this program would not have written.
    #[error("a row cannot be read: {0}")]
    Damaged(&'static str),
}

/// What belongs to someone else already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The user name.
    Username,
    /// Another user name that looks the same.
    LookAlike,
    /// The e-mail address.
    Email,
}

impl std::fmt::Display for Taken {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Username => "the user name",
            Self::LookAlike => "a user name that looks the same",
            Self::Email => "the e-mail address",
        })
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Down(error)
    }
}

/// The database; clones share its connections.
#[derive(Clone, Debug)]
pub struct Store {
    writer: Arc<Writer>,
    read: AnyPool,
    /// Where the logs end; who has it appends or removes.
    heads: Arc<Mutex<Heads>>,
    /// Changes that extensions wish for.
    wishes: mpsc::Sender<shelf::Wish>,
    /// Held as long as this process uses the database: a second server beside it would know nothing of the rooms of the first.
    lock: Arc<File>,
}

impl Store {
    /// Opens the database of `settings`; the first time, makes its folder (0700) and file (0600) and its tables.
    ///
    /// # Errors
    /// [`StartError`] with what the operator can do about it; nothing half-made is left behind.
    pub async fn open(settings: &Settings) -> Result<Self, StartError> {
        let store = open::open(settings).await?;
        if let Err(error) = store.note_heads_found().await {
            // Without a place on the disk people come in all the same, to read.
            tracing::warn!(%error, "could not note where the logs end");
        }
        let added = store.add_missing_looks().await;
        added.map_err(|error| StartError(format!("the user names of the database cannot be read: {error}")))?;
        Ok(store)
    }

    /// [`Store::open`] for a database that nobody else has open and nobody has used: no account, no event.
    ///
    /// # Errors
    /// [`StartError`] as there, and when it is in use or was used; it is left as it was then.
    pub async fn open_unused(settings: &Settings) -> Result<Self, StartError> {
        open::refuse_used(settings).await?;
        Self::open(settings).await
    }

    /// Copies the database of `settings` into the new file `to` (0600), as it is at one moment; a server may run on meanwhile.
    ///
    /// # Errors
    /// [`StartError`] with what the operator can do about it.
    pub async fn copy(settings: &Settings, to: &Path) -> Result<(), StartError> {
        open::copy(settings, to).await
    }

    /// Notes all files that [`Self::open`] may make.
    ///
    /// # Errors
    /// A sentence when the settings name no database that can be served.
    pub fn may_make(settings: &Settings, made: &mut Made) -> Result<(), StartError> {
        open::may_make(&settings.storage.database_file().map_err(StartError)?, made);
        Ok(())
    }

    /// Begins a transaction that writes. It waits for the one before; dropped without `commit` it changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Down`] if its turn does not come within [`STORE_TIMEOUT`].
    pub async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        self.writer.begin().await
    }

    /// The connections for reading.
    pub fn reader(&self) -> &AnyPool {
        &self.read
    }

    /// How many connections read just now, and how many wait for someone to.
    pub fn readers(&self) -> [usize; 2] {
        let (all, idle) = (self.read.size() as usize, self.read.num_idle());
        [all.saturating_sub(idle), idle]
    }

    /// Whether the database answers, for both reading and writing.
    pub async fn alive(&self) -> bool {
        let asked = async {
            sqlx::query("select count(*) from rooms").fetch_one(&self.read).await?;
            self.begin().await?.rollback().await?;
            Ok::<(), StoreError>(())
        };
        matches!(tokio::time::timeout(STORE_TIMEOUT, asked).await, Ok(Ok(())))
    }

    /// Lets the last transaction end and closes every connection.
    pub async fn close(&self) {
        if let Err(error) = self.note_heads_known().await {
            tracing::warn!(%error, "could not note where the logs end");
        }
        self.read.close().await;
        self.writer.close().await;
        // It is given up with the process at the latest.
        let _ = self.lock.unlock();
    }
}

#[cfg(test)]
mod tests;
