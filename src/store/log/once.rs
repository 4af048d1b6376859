//! Floor 2 · `store/log/once`: a message that is said twice under one `client_id` is kept once.

use std::collections::HashMap;

use sqlx::{Any, AnyConnection, QueryBuilder, Row as _};

use super::write::{ROWS_MAX, values};
use super::{Append, Kept};
use crate::codes::Code;
use crate::ids::{RoomId, UserId};
use crate::store::StoreError;

/// A message that has a `client_id`, by what makes it the same: room, author, `client_id`.
pub(super) type Mark = (RoomId, UserId, String);

/// The message that came first.
pub(super) struct Earlier {
    pub(super) seq: i64,
    pub(super) sent_at: i64,
    pub(super) digest: String,
}

/// What makes `append` the same as another, if it has a `client_id`.
pub(super) fn mark(append: &Append) -> Option<Mark> {
    let client_id = append.once.as_ref()?.client_id.clone();
    Some((append.room.clone(), append.author, client_id))
}

/// What becomes of `append`, whose `client_id` was used before.
pub(super) fn same_or_conflict(append: &Append, earlier: &Earlier) -> Kept {
    if append.once.as_ref().is_some_and(|once| once.digest == earlier.digest) {
        Kept::Duplicate { seq: earlier.seq, sent_at: earlier.sent_at }
    } else {
        Kept::Refused(Code::Conflict)
    }
}

/// Those of `batch` that were kept before under their `client_id`.
pub(super) async fn earlier(work: &mut AnyConnection, batch: &[Append]) -> Result<HashMap<Mark, Earlier>, StoreError> {
    let asked: Vec<Mark> = batch.iter().filter_map(mark).collect();
    let mut known = HashMap::new();
    for asked in asked.chunks(ROWS_MAX) {
        let mut query = QueryBuilder::<Any>::new("with asked (room_id, author_id, client_id) as (");
        values(&mut query, asked, 3, |query, (room, author, client_id)| {
            query.push_bind(room.0.to_string()).push(", ").push_bind(author.0).push(", ").push_bind(client_id.clone());
        });
        query.push(
            ") select events.room_id, events.author_id, events.client_id, events.seq, events.sent_at, events.digest
                 from asked
                 join events on events.room_id = asked.room_id
                            and events.author_id = asked.author_id
                            and events.client_id = asked.client_id",
        );
        for row in query.build().fetch_all(&mut *work).await? {
            let mark = (RoomId(row.try_get::<String, _>(0)?.into()), UserId(row.try_get(1)?), row.try_get(2)?);
            known.insert(mark, Earlier { seq: row.try_get(3)?, sent_at: row.try_get(4)?, digest: row.try_get(5)? });
        }
    }
    Ok(known)
}
