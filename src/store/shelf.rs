//! Floor 2 · `store/shelf`: changes of what extensions keep, by shelf and key. All that wait go into one transaction, because each
//! commit is a wait for the disk that the journal has to sit out, too.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use sqlx::{Any, Transaction};
use tokio::sync::{mpsc, oneshot};

use crate::codes::{Code, Rejection};
use crate::outside::Change;
use crate::store::StoreError;
use crate::store::writer::Writer;
use crate::telemetry::panic_text;

/// Most changes that wait for their transaction; beyond that they are `busy`.
const WAITING_MAX: usize = 4096;
/// Most changes of one transaction: some 20 ms of work, so that the journal does not wait long for its own.
const BATCH_MAX: usize = 256;

/// A change that waits.
pub(super) struct Wish {
    pub(super) shelf: &'static str,
    pub(super) key: String,
    pub(super) keys_max: usize,
    pub(super) change: Change,
    pub(super) answer: oneshot::Sender<Result<Option<String>, Rejection>>,
}

/// The value under a key of a shelf.
pub(super) const VALUE: &str = "select value from shelves where shelf = $1 and key = $2";

/// The queue of changes.
pub(super) fn queue() -> (mpsc::Sender<Wish>, mpsc::Receiver<Wish>) {
    mpsc::channel(WAITING_MAX)
}

/// Makes the changes that come in, in their order, until nobody can send any.
pub(super) async fn grant(writer: Arc<Writer>, mut wishes: mpsc::Receiver<Wish>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    while wishes.recv_many(&mut batch, BATCH_MAX).await > 0 {
        let (changes, answers): (Vec<_>, Vec<_>) =
            batch.drain(..).map(|wish| ((wish.shelf, wish.key, wish.keys_max, wish.change), wish.answer)).unzip();
        let changed = async {
            let mut work = writer.begin().await?;
            let mut changed = Vec::with_capacity(changes.len());
            for (shelf, key, keys_max, change) in changes {
                changed.push(apply(&mut work, shelf, &key, keys_max, change).await?);
            }
            work.commit().await?;
            Ok::<_, StoreError>(changed)
        };
        let changed = changed.await.unwrap_or_else(|error| {
            tracing::error!(%error, changes = answers.len(), "could not change what extensions keep");
            answers.iter().map(|_| Err(Code::Busy.into())).collect()
        });
        for (answer, changed) in answers.into_iter().zip(changed) {
            // Who asked may have gone in the meantime.
            let _ = answer.send(changed);
        }
    }
}

/// Makes one change; what it says itself is in the inner result.
async fn apply(
    work: &mut Transaction<'static, Any>,
    shelf: &str,
    key: &str,
    keys_max: usize,
    change: Change,
) -> Result<Result<Option<String>, Rejection>, StoreError> {
    let old: Option<String> = sqlx::query_scalar(VALUE).bind(shelf).bind(key).fetch_optional(&mut **work).await?;
    let new = catch_unwind(AssertUnwindSafe(|| change(old.as_deref()))).unwrap_or_else(|panic| {
        tracing::error!(shelf, key, reason = panic_text(panic), "a change of an extension panicked");
        Err(Code::Internal.into())
    });
    match &new {
        Err(_) => {}
        Ok(new) if *new == old => {}
        Ok(None) => {
            sqlx::query("delete from shelves where shelf = $1 and key = $2").bind(shelf).bind(key).execute(&mut **work).await?;
        }
        Ok(Some(new)) => {
            if old.is_none() && is_full(work, shelf, keys_max).await? {
                return Ok(Err(Rejection::because(Code::TooLarge, format!("There are {keys_max} of these already."))));
            }
            sqlx::query(
                "insert into shelves (shelf, key, value)
                 values ($1, $2, $3)
                 on conflict (shelf, key) do update
                    set value = excluded.value",
            )
            .bind(shelf)
            .bind(key)
            .bind(new)
            .execute(&mut **work)
            .await?;
        }
    }
    Ok(new)
}

async fn is_full(work: &mut Transaction<'static, Any>, shelf: &str, keys_max: usize) -> Result<bool, StoreError> {
    let count: i64 =
        sqlx::query_scalar("select count(*) from shelves where shelf = $1").bind(shelf).fetch_one(&mut **work).await?;
    Ok(usize::try_from(count).unwrap_or(0) >= keys_max)
}
