//! Floor 2 · `store/log/heads`: where the logs end. No other process writes them, so this one need not ask before every batch.
//!
//! A log ends at its newest event, or at the `head_seq` of its room where that is further: it is noted when the store is opened and
//! closed, so that no place is given twice when somebody has deleted the newest event.

use std::collections::{HashMap, HashSet};

use sqlx::{Any, AnyConnection, QueryBuilder, Row as _};

use super::Append;
use super::write::{ROWS_MAX, values};
use crate::ids::RoomId;
use crate::store::{Store, StoreError};

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
            ") select rooms.id,
                     (select coalesce(max(seq), rooms.head_seq) from events where room_id = rooms.id and seq > rooms.head_seq)
                 from asked
                 join rooms on rooms.id = asked.room_id",
        );
        for row in query.build().fetch_all(&mut *work).await? {
            heads.insert(RoomId(row.try_get::<String, _>(0)?.into()), row.try_get(1)?);
        }
    }
    Ok(())
}

impl Store {
    /// Notes where the logs end, as the database has it.
    pub(in crate::store) async fn note_heads_found(&self) -> Result<(), StoreError> {
        let mut work = self.begin().await?;
        sqlx::query(
            "update rooms
                set head_seq = (select max(seq) from events where room_id = rooms.id)
              where exists (select 1 from events where room_id = rooms.id and seq > rooms.head_seq)",
        )
        .execute(&mut *work)
        .await?;
        Ok(work.commit().await?)
    }

    /// Notes where the logs end, as this process has written them.
    pub(in crate::store) async fn note_heads_known(&self) -> Result<(), StoreError> {
        let heads = self.heads.lock().await;
        let known: Vec<(&RoomId, &i64)> = heads.iter().collect();
        let mut work = self.begin().await?;
        for known in known.chunks(ROWS_MAX) {
            let mut query = QueryBuilder::<Any>::new("with known (room_id, head_seq) as (");
            values(&mut query, known, 2, |query, (room, head)| {
                query.push_bind(room.0.to_string()).push(", ").push_bind(**head);
            });
            query.push(
                ") update rooms
                      set head_seq = known.head_seq
                     from known
                    where rooms.id = known.room_id and rooms.head_seq < known.head_seq",
            );
            query.build().execute(&mut *work).await?;
        }
        Ok(work.commit().await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::command::Page;
    use crate::settings::Settings;
    use crate::store::log::Kept;

    async fn says(store: &Store) -> i64 {
        let kept = store.append(&[Append::for_tests("a")]).await.unwrap();
        let [Kept::New { seq }] = kept[..] else { panic!("{kept:?}") };
        seq
    }

    async fn loses_its_newest_event(store: &Store) {
        let newest = "delete from events where seq = (select max(seq) from events)";
        sqlx::query(newest).execute(store.reader()).await.unwrap();
    }

    #[actix_web::test]
    async fn no_place_is_given_twice_where_somebody_has_deleted_the_newest_event() {
        let dir = tempfile::tempdir().unwrap();
        let open = async || Store::open(&Settings::for_tests(dir.path())).await.unwrap();
        let head = async |store: &Store| store.room(&RoomId("a".into())).await.unwrap().unwrap().head_seq;

        let store = open().await;
        store.open_room(&RoomId("a".into()), "A", true, None, 0).await.unwrap();
        assert_eq!([says(&store).await, says(&store).await], [1, 2]);
        // While the server runs, and it ends as it should.
        loses_its_newest_event(&store).await;
        assert_eq!(says(&store).await, 3);
        loses_its_newest_event(&store).await;
        store.close().await;
        let store = open().await;
        assert_eq!((head(&store).await, says(&store).await), (3, 4));
        // It does not end, but begins.
        drop(store);
        let store = open().await;
        loses_its_newest_event(&store).await;
        assert_eq!((head(&store).await, says(&store).await), (4, 5));
    }

    #[actix_web::test]
    async fn what_is_left_of_a_room_that_was_removed_by_hand_is_not_in_the_log_of_the_next_one() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::for_tests(dir.path())).await.unwrap();
        let room = RoomId("a".into());
        store.open_room(&room, "A", true, None, 0).await.unwrap();
        assert_eq!(says(&store).await, 1);
        sqlx::query("delete from rooms").execute(store.reader()).await.unwrap();
        assert_eq!(store.open_room(&room, "A", true, None, 0).await.unwrap().head_seq, 0);
        let (events, _) = store.page(&room, Page::Before(None, 9)).await.unwrap();
        assert!(events.is_empty(), "{events:?}");
    }
}
