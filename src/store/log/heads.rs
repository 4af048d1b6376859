//! Floor 2 · `store/log/heads`: where the logs end. No other process writes them, so this one need not ask before every batch.

use std::collections::{HashMap, HashSet};

use sqlx::{Any, AnyConnection, QueryBuilder, Row as _};

use super::Append;
use super::write::{ROWS_MAX, values};
use crate::ids::RoomId;
use crate::store::StoreError;

/// The newest place in the log of each room that something was said in; as many as there are rooms, because one that is removed goes.
///
/// Who writes has them in hand, and puts them back when all went well. Otherwise nobody knows what the database has, and it is asked
/// anew.
pub type Heads = HashMap<RoomId, i64>;

/// Adds those of `rows` that are not known. A room that is not there gets none.
pub(super) async fn ask(work: &mut AnyConnection, rows: &[&Append], heads: &mut Heads) -> Result<(), StoreError> {
    let unknown: HashSet<&RoomId> = rows.iter().map(|append| &append.room).filter(|room| !heads.contains_key(*room)).collect();
    let unknown: Vec<&RoomId> = unknown.into_iter().collect();
    for unknown in unknown.chunks(ROWS_MAX) {
        let mut query = QueryBuilder::<Any>::new("with asked (room_id) as (");
        values(&mut query, unknown, 1, |query, room| {
            query.push_bind(room.0.to_string());
        });
        query.push(
            ") select rooms.id, (select coalesce(max(seq), 0) from events where events.room_id = rooms.id)
                 from asked
                 join rooms on rooms.id = asked.room_id",
        );
        for row in query.build().fetch_all(&mut *work).await? {
            heads.insert(RoomId(row.try_get::<String, _>(0)?.into()), row.try_get(1)?);
        }
    }
    Ok(())
}
