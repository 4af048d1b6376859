//! Floor 2 · `store/log`: the log of every room: appended in batches, read in pages.

mod heads;
mod once;
mod when;
mod write;

use std::collections::HashMap;
use std::mem;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use crate::codes::Code;
use crate::ids::{RoomId, UserId};
use crate::room::command::{PAGE_BYTES_MAX, Page};
use crate::room::event::Once;
use crate::room::state::Logged;
use crate::store::{Store, StoreError};

pub use self::heads::Heads;
use self::heads::ask;
use self::once::{Earlier, Mark, earlier, mark, same_or_conflict};
use self::write::{Transaction, write};

/// An event that wants to be in the log of `room`.
#[derive(Debug)]
pub struct Append {
    /// Which log.
    pub room: RoomId,
    /// Who said it; [`UserId::ROOM`] if nobody did.
    pub author: UserId,
    /// The `type` of the event.
    pub kind: &'static str,
    /// Its own identity, unique everywhere.
    pub id: String,
    /// What makes it the same as another.
    pub once: Option<Once>,
    /// Its fields beside `type`, `room` and `seq`: a JSON object that is not empty.
    pub body: String,
    /// When it was said, in milliseconds since 1970.
    pub sent_at: i64,
    /// Names of the uploads it uses.
    pub uploads: Vec<String>,
    /// Whether it is not to be kept, but only asked for: it was refused, unless it was kept before.
    pub only_if_known: bool,
}

#[cfg(test)]
impl Append {
    /// A message that somebody says in `room`.
    pub(crate) fn for_tests(room: &str) -> Self {
        Self {
            room: RoomId(room.into()),
            author: UserId(1),
            kind: "message",
            id: crate::ids::random_text::<9>(),
            once: None,
            body: r#"{"text":"x"}"#.into(),
            sent_at: 1,
            uploads: Vec::new(),
            only_if_known: false,
        }
    }
}

/// What became of an [`Append`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is in the log at `seq`.
    New {
        /// Its position.
        seq: i64,
    },
    /// It was there already, under the same `client_id`.
    Duplicate {
        /// Where it was.
        seq: i64,
        /// When it was said the first time.
        sent_at: i64,
    },
    /// It is not kept.
    Refused(Code),
}

/// An event as it is kept.
#[derive(Clone, Debug)]
pub struct EventRow {
    /// Its position.
    pub seq: i64,
    /// When it was said.
    pub sent_at: i64,
    /// Its `type`.
    pub kind: String,
    /// Its other fields, as one JSON object.
    pub body: String,
}

impl EventRow {
    /// The event as clients of `room` read it.
    pub fn logged(&self, room: &RoomId) -> Logged {
        Logged::new(room, &self.kind, self.seq, self.sent_at, &self.body)
    }
}

impl Store {
    /// Keeps `batch` in one transaction: all of it is in the log when this returns, or none.
    /// The answers are in the order of the batch.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer or the commit fails; then nothing of the batch is to be shown.
    pub async fn append(&self, batch: &[Append]) -> Result<Vec<Kept>, StoreError> {
        let mut in_hand = self.heads.lock().await;
        let mut heads = mem::take(&mut *in_hand);
        let kept = self.append_at(batch, &mut heads).await?;
        *in_hand = heads;
        Ok(kept)
    }

    async fn append_at(&self, batch: &[Append], heads: &mut Heads) -> Result<Vec<Kept>, StoreError> {
        if batch.iter().any(|append| !append.uploads.is_empty()) {
            let mut work = self.begin().await?;
            let kept = keep(&mut work, batch, heads, Transaction::Open).await?;
            work.commit().await?;
            return Ok(kept);
        }
        let mut writer = self.writer.take().await?;
        match keep(&mut writer, batch, heads, Transaction::Whole).await {
            Ok(kept) => {
                writer.went_well();
                Ok(kept)
            }
            Err(error) => {
                // There may be nothing to take back: SQLite does it by itself when the disk is full.
                let _ = sqlx::query("rollback").execute(&mut *writer).await;
                Err(error)
            }
        }
    }

    /// A page of the log of `room`, oldest first, and whether there is more in that direction. It is cut at [`PAGE_BYTES_MAX`]
    /// at its far end.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn page(&self, room: &RoomId, page: Page) -> Result<(Vec<EventRow>, bool), StoreError> {
        let (statement, bound, limit) = match page {
            Page::Before(before, limit) => (
                "select seq, sent_at, kind, body
                   from events
                  where room_id = $1 and seq < $2
                  order by seq desc
                  limit $3",
                before.unwrap_or(i64::MAX),
                limit,
            ),
            Page::After(after, limit) => (
                "select seq, sent_at, kind, body
                   from events
                  where room_id = $1 and seq > $2
                  order by seq
                  limit $3",
                after,
                limit,
            ),
        };
        // One more than asked for tells whether there is more.
        let rows: Vec<AnyRow> = sqlx::query(statement)
            .bind(&*room.0)
            .bind(bound)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1)
            .fetch_all(self.reader())
            .await?;
        let found = rows.len();
        let mut events = Vec::with_capacity(limit.min(found));
        let mut bytes = 0;
        for row in rows.into_iter().take(limit) {
            let event = EventRow { seq: row.try_get(0)?, sent_at: row.try_get(1)?, kind: row.try_get(2)?, body: row.try_get(3)? };
            bytes += event.body.len();
            if bytes > PAGE_BYTES_MAX && !events.is_empty() {
                break;
            }
            events.push(event);
        }
        let more = events.len() < found;
        if matches!(page, Page::Before(..)) {
            events.reverse();
        }
        Ok((events, more))
    }
}

/// Keeps what of `batch` is new; the answers are in its order.
async fn keep(
    work: &mut AnyConnection,
    batch: &[Append],
    heads: &mut Heads,
    transaction: Transaction,
) -> Result<Vec<Kept>, StoreError> {
    let mut known = earlier(work, batch).await?;
    let mut kept: Vec<Option<Kept>> = batch.iter().map(|_| None).collect();
    let mut fresh: Vec<usize> = Vec::with_capacity(batch.len());
    // Where a client_id comes twice within this batch, the second is a duplicate of the first.
    let mut repeats: Vec<(usize, usize)> = Vec::new();
    let mut first_of: HashMap<Mark, usize> = HashMap::new();
    for (index, append) in batch.iter().enumerate() {
        let Some(mark) = mark(append) else {
            fresh.push(index);
            continue;
        };
        if let Some(earlier) = known.remove(&mark) {
            kept[index] = Some(same_or_conflict(append, &earlier));
            known.insert(mark, earlier);
        } else if let Some(first) = first_of.get(&mark) {
            repeats.push((index, *first));
        } else if append.only_if_known {
            kept[index] = Some(Kept::Refused(Code::Rejected));
        } else {
            first_of.insert(mark, index);
            fresh.push(index);
        }
    }
    claim_uploads(work, batch, &mut fresh, &mut kept).await?;
    let rows: Vec<&Append> = fresh.iter().map(|index| &batch[*index]).collect();
    ask(work, &rows, heads).await?;
    for (index, seq) in fresh.into_iter().zip(write(work, &rows, heads, transaction).await?) {
        // The room may have been removed in the meantime.
        kept[index] = Some(seq.map_or(Kept::Refused(Code::Gone), |seq| Kept::New { seq }));
    }
    for (index, first) in repeats {
        kept[index] = Some(match &kept[first] {
            Some(Kept::New { seq }) => {
                let first = &batch[first];
                let digest = first.once.as_ref().map(|once| once.digest.clone()).unwrap_or_default();
                let earlier = Earlier { seq: *seq, sent_at: first.sent_at, digest };
                same_or_conflict(&batch[index], &earlier)
            }
            Some(other) => other.clone(),
            None => Kept::Refused(Code::Internal),
        });
    }
    Ok(kept.into_iter().map(|kept| kept.unwrap_or(Kept::Refused(Code::Internal))).collect())
}

/// Marks the uploads of `fresh` as used by their owner; a message whose upload is not there any more is refused.
async fn claim_uploads(
    work: &mut AnyConnection,
    batch: &[Append],
    fresh: &mut Vec<usize>,
    kept: &mut [Option<Kept>],
) -> Result<(), StoreError> {
    let mut refused = Vec::new();
    for &index in fresh.iter() {
        let Append { author, sent_at, uploads, .. } = &batch[index];
        for name in uploads {
            let claimed = sqlx::query("update uploads set used_at = $1 where name = $2 and user_id = $3")
                .bind(*sent_at)
                .bind(name.clone())
                .bind(author.0)
                .execute(&mut *work)
                .await?;
            if claimed.rows_affected() == 0 {
                refused.push(index);
                kept[index] = Some(Kept::Refused(Code::UnknownUpload));
            }
        }
    }
    fresh.retain(|index| !refused.contains(index));
    Ok(())
}
