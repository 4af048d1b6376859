//! Floor 2 · `store`: the way from settings to an open database, and what is said when there is none.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Arc;

use sqlx::any::AnyPoolOptions;
use sqlx::migrate::MigrateError;
use sqlx::{AnyConnection, AnyPool, Connection as _, Executor as _};

use super::writer::Writer;
use super::{READERS_MAX, STORE_TIMEOUT, StartError, Store, shelf};
use crate::folder;
use crate::made::Made;
use crate::settings::{Settings, Synchronous};

/// Oldest SQLite that may serve: before it, a checkpoint could lose a commit of the write-ahead log.
pub const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!();

pub(super) async fn open(settings: &Settings) -> Result<Store, StartError> {
    let path = settings.storage.database_file().map_err(StartError)?;
    let path = std::path::absolute(&path).map_err(|error| unusable(&path, &error))?;
    let made = make(&path).map_err(|error| unusable(&path, &error))?;
    let lock = lock(&path)?;
    let store = connect(&path, settings.storage.synchronous, lock).await;
    if store.is_ok() {
        made.keep();
    }
    store
}

/// Takes the database for this process alone. The kernel gives it back when the process ends, however it ends.
fn lock(path: &Path) -> Result<File, StartError> {
    let mut beside = path.to_owned().into_os_string();
    beside.push(".lock");
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&beside);
    let file = file.map_err(|error| unusable(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StartError(format!("the database {} is used by another server", path.display()))),
        Err(TryLockError::Error(error)) => Err(unusable(path, &error)),
    }
}

/// An error if another program has the database open, or if anybody has used it.
pub(super) async fn refuse_used(settings: &Settings) -> Result<(), StartError> {
    let path = settings.storage.database_file().map_err(StartError)?;
    let path = std::path::absolute(&path).map_err(|error| unusable(&path, &error))?;
    if !path.exists() {
        return Ok(());
    }
    sqlx::any::install_default_drivers();
    let refused = |error: sqlx::Error| refusal(&path, &error);
    let mut first = AnyConnection::connect(&url_of(&path)).await.map_err(refused)?;
    let unused = look_for_use(&mut first, &path).await;
    let closed = first.close().await.map_err(refused);
    unused.and(closed)
}

pub(super) async fn copy(settings: &Settings, to: &Path) -> Result<(), StartError> {
    let path = settings.storage.database_file().map_err(StartError)?;
    let path = std::path::absolute(&path).map_err(|error| unusable(&path, &error))?;
    if !path.exists() {
        return Err(StartError(format!("there is no database {}", path.display())));
    }
    // SQLite would make it readable by everyone, and takes an empty file for none.
    make_file(to).map_err(|error| unusable(to, &error))?;
    sqlx::any::install_default_drivers();
    let refused = |error: sqlx::Error| refusal(&path, &error);
    let mut source = AnyConnection::connect(&url_of(&path)).await.map_err(refused)?;
    source.execute("pragma busy_timeout = 5000").await.map_err(refused)?;
    let copied = sqlx::query("vacuum into $1").bind(to.to_string_lossy().into_owned()).execute(&mut source).await;
    let closed = source.close().await;
    copied.and(closed).map_err(refused)
}

async fn look_for_use(first: &mut AnyConnection, path: &Path) -> Result<(), StartError> {
    let refused = |error: sqlx::Error| refusal(path, &error);
    first.execute("pragma busy_timeout = 0").await.map_err(refused)?;
    // Only who is alone may leave the write-ahead log, and a server keeps it open for as long as it runs.
    first.execute("pragma journal_mode = delete").await.map_err(refused)?;
    first.execute("pragma journal_mode = wal").await.map_err(refused)?;
    let tables: i64 = sqlx::query_scalar("select count(*) from sqlite_schema where name in ('users', 'events')")
        .fetch_one(&mut *first)
        .await
        .map_err(refused)?;
    if tables < 2 {
        return Ok(());
    }
    let used: i64 = sqlx::query_scalar("select (select count(*) from users) + (select count(*) from events)")
        .fetch_one(&mut *first)
        .await
        .map_err(refused)?;
    if used > 0 {
        return Err(StartError(format!(
            "the database {} is not empty: a demonstration goes into a new data folder alone",
            path.display()
        )));
    }
    Ok(())
}

async fn connect(path: &Path, synchronous: Synchronous, lock: File) -> Result<Store, StartError> {
    sqlx::any::install_default_drivers();
    let url = url_of(path);
    // A pool tries again and again what fails at once here, and would tell us only that it gave up.
    let mut first = AnyConnection::connect(&url).await.map_err(|error| refusal(path, &error))?;
    let prepared = prepare(&mut first, path, synchronous).await;
    let closed = first.close().await.map_err(|error| refusal(path, &error));
    prepared.and(closed)?;
    let writer = Arc::new(Writer::new(pool(&url, 1, synchronous).await.map_err(|error| refusal(path, &error))?));
    let read = pool(&url, READERS_MAX, synchronous).await.map_err(|error| refusal(path, &error))?;
    let (wishes, waiting) = shelf::queue();
    // It ends with the last clone of the store.
    tokio::spawn(shelf::grant(writer.clone(), waiting));
    Ok(Store { writer, read, heads: Arc::default(), wishes, lock: Arc::new(lock) })
}

/// Checks the version of the database and brings its tables up to date.
async fn prepare(first: &mut AnyConnection, path: &Path, synchronous: Synchronous) -> Result<(), StartError> {
    let refused = |error: sqlx::Error| refusal(path, &error);
    set_up(first, synchronous).await.map_err(refused)?;
    let version: String = sqlx::query_scalar("select sqlite_version()").fetch_one(&mut *first).await.map_err(refused)?;
    if !is_new_enough(&version) {
        let (major, minor, least) = SQLITE_VERSION_MIN;
        return Err(StartError(format!("SQLite {version} is too old: {major}.{minor}.{least} or newer is needed")));
    }
    MIGRATIONS.run(first).await.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => refused(error),
        MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_) => {
            StartError(format!("the database {} was made by another version of papo", path.display()))
        }
        other => StartError(format!("the tables of {} cannot be made: {other}", path.display())),
    })
}

async fn pool(url: &str, connections_max: u32, synchronous: Synchronous) -> Result<AnyPool, sqlx::Error> {
    AnyPoolOptions::new()
        .max_connections(connections_max)
        .min_connections(1)
        .acquire_timeout(STORE_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(move |connection, _| Box::pin(set_up(connection, synchronous)))
        .connect(url)
        .await
}

async fn set_up(connection: &mut AnyConnection, synchronous: Synchronous) -> Result<(), sqlx::Error> {
    connection.execute("pragma busy_timeout = 5000").await?;
    connection.execute("pragma journal_mode = wal").await?;
    // The same pages are written again and again: the more of them come together, the less goes into the main file. 16 MiB.
    connection.execute("pragma wal_autocheckpoint = 4096").await?;
    connection.execute("pragma foreign_keys = on").await?;
    let synchronous = match synchronous {
        Synchronous::Full => "pragma synchronous = full",
        Synchronous::Normal => "pragma synchronous = normal",
    };
    connection.execute(synchronous).await?;
    Ok(())
}

/// Notes the files of a database at `path`: its own, those that SQLite puts beside it, and the lock.
pub(super) fn may_make(path: &Path, made: &mut Made) {
    for ending in ["", "-wal", "-shm", "-journal", ".lock"] {
        let mut file = path.to_owned().into_os_string();
        file.push(ending);
        made.may_make_file(Path::new(&file));
    }
}

/// Notes what is about to be made, then makes the folder (0700) and the file (0600).
fn make(path: &Path) -> std::io::Result<Made> {
    let mut made = Made::default();
    may_make(path, &mut made);
    if let Some(dir) = path.parent() {
        folder::make_private(dir)?;
    }
    // SQLite gives its side files the mode of the main file, and would make that one readable by everyone.
    match make_file(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            OpenOptions::new().read(true).write(true).open(path).map(|_| made)
        }
        made_now => made_now.map(|()| made),
    }
}

fn make_file(path: &Path) -> std::io::Result<()> {
    OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path).map(drop)
}

fn unusable(path: &Path, error: &std::io::Error) -> StartError {
    StartError(format!("the database {} cannot be used: {error}", path.display()))
}

fn refusal(path: &Path, error: &sqlx::Error) -> StartError {
    let path = path.display();
    let text = error.to_string();
    let sentence = if text.contains("not a database") || text.contains("malformed") {
        format!("the database {path} is damaged: put a backup in its place, or move it away to start anew")
    } else if text.contains("readonly") || text.contains("unable to open") {
        format!("the database {path} cannot be written: check who owns the file and its folder")
    } else if text.contains("locked") || matches!(error, sqlx::Error::PoolTimedOut) {
        format!("the database {path} is held by another program")
    } else {
        format!("the database {path} cannot be opened: {text}")
    };
    StartError(sentence)
}

/// The address of `path` for the driver, which undoes percent signs.
fn url_of(path: &Path) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt as _;
    let mut url = "sqlite://".to_owned();
    for &byte in path.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
            url.push(byte.into());
        } else {
            // Writing to a string does not fail.
            let _ = write!(url, "%{byte:02X}");
        }
    }
    url
}

fn is_new_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next()) >= SQLITE_VERSION_MIN
}
