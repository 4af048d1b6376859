//! Floor 2 · `store/writer`: the one connection that writes. The log keeps it in hand between one batch and the next, unless somebody
//! else wants it: the pool asks every connection that comes back whether it is well, which is a trip to the thread of the database.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Transaction};
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout;

use super::{STORE_TIMEOUT, StoreError};

/// The connection that writes, and who is next.
#[derive(Debug)]
pub struct Writer {
    /// Of one connection: SQLite has one writer, and waiting in our queue is fairer than its retries.
    pool: AnyPool,
    held: Mutex<Option<PoolConnection<Any>>>,
    /// How many wait for it to be put down.
    wanted: AtomicUsize,
}

/// The connection in the hand of the log. Dropped, it is put down, unless all [went well](Self::went_well) and nobody waits.
pub(super) struct Held<'a> {
    slot: MutexGuard<'a, Option<PoolConnection<Any>>>,
    connection: Option<PoolConnection<Any>>,
    wanted: &'a AtomicUsize,
}

struct Wants<'a>(&'a AtomicUsize);

impl Drop for Wants<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Writer {
    pub(super) fn new(pool: AnyPool) -> Self {
        Self { pool, held: Mutex::default(), wanted: AtomicUsize::default() }
    }

    /// Begins a transaction. It waits for the one before; dropped without `commit` it changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Down`] if its turn does not come within [`STORE_TIMEOUT`].
    pub(super) async fn begin(&self) -> Result<Transaction<'static, Any>, StoreError> {
        self.wanted.fetch_add(1, Ordering::Relaxed);
        let _wants = Wants(&self.wanted);
        self.put_down().await?;
        // A transaction that reads first and writes later can fail half-way; this one has the lock from the start.
        match self.pool.begin_with("begin immediate").await {
            // SQLite itself rolls back when the disk is full or fails, and the driver goes on counting a transaction that is none:
            // the connection would refuse every other one. Another takes its place.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.pool.acquire().await?.close().await?;
                Ok(self.pool.begin_with("begin immediate").await?)
            }
            begun => Ok(begun?),
        }
    }

    /// The connection, for texts that are transactions by themselves.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub(super) async fn take(&self) -> Result<Held<'_>, StoreError> {
        let mut slot = timeout(STORE_TIMEOUT, self.held.lock()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        let connection = match slot.take() {
            Some(connection) => connection,
            None => self.pool.acquire().await?,
        };
        Ok(Held { slot, connection: Some(connection), wanted: &self.wanted })
    }

    /// Closes the connection when the last transaction has ended.
    pub(super) async fn close(&self) {
        // Where it is not put down in time, the pool waits for whoever has it.
        let _ = self.put_down().await;
        self.pool.close().await;
    }

    async fn put_down(&self) -> Result<(), StoreError> {
        let mut slot = timeout(STORE_TIMEOUT, self.held.lock()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
        drop(slot.take());
        Ok(())
    }
}

impl Held<'_> {
    /// The connection is as it was: it may stay in hand.
    pub(super) fn went_well(mut self) {
        if self.wanted.load(Ordering::Relaxed) == 0 {
            *self.slot = self.connection.take();
        }
    }
}

impl Deref for Held<'_> {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        self.connection.as_ref().expect("it is there until it is put down")
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        self.connection.as_mut().expect("it is there until it is put down")
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use sqlx::Executor as _;
    use sqlx::any::AnyPoolOptions;

    use super::*;

    async fn writer(dir: &tempfile::TempDir) -> Writer {
        sqlx::any::install_default_drivers();
        let url = format!("sqlite://{}?mode=rwc", dir.path().join("a.db").display());
        let writer = Writer::new(AnyPoolOptions::new().max_connections(1).connect(&url).await.unwrap());
        writer.take().await.unwrap().execute("create table said (n integer)").await.unwrap();
        writer
    }

    #[actix_web::test]
    async fn the_log_keeps_the_connection_in_hand_until_somebody_else_wants_it() {
        let dir = tempfile::tempdir().unwrap();
        let writer = writer(&dir).await;
        for _ in 0..2 {
            let mut held = writer.take().await.unwrap();
            held.execute("insert into said values (1)").await.unwrap();
            held.went_well();
            assert!(writer.held.lock().await.is_some());
        }
        writer.begin().await.unwrap().commit().await.unwrap();
        assert!(writer.held.lock().await.is_none());
        drop(writer.take().await.unwrap());
        assert!(writer.held.lock().await.is_none(), "what did not go well is looked at before it is used again");
        writer.take().await.unwrap().went_well();
        writer.close().await;
        assert!(writer.begin().await.is_err());
    }

    #[actix_web::test]
    async fn everybody_gets_their_turn() {
        let dir = tempfile::tempdir().unwrap();
        let writer = writer(&dir).await;
        let logs = join_all((0..50).map(async |_| {
            let mut held = writer.take().await.unwrap();
            held.execute("insert into said values (1)").await.unwrap();
            held.went_well();
        }));
        let others = join_all((0..50).map(async |_| {
            let mut work = writer.begin().await.unwrap();
            work.execute("insert into said values (2)").await.unwrap();
            work.commit().await.unwrap();
        }));
        tokio::join!(logs, others);
        let mut held = writer.take().await.unwrap();
        let count: i64 = sqlx::query_scalar("select count(*) from said").fetch_one(&mut *held).await.unwrap();
        assert_eq!(count, 100);
    }
}
