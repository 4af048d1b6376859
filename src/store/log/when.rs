//! Floor 2 · `store/log/when`: which place in a log belongs to a time, without an index that every message would have to pay for.

use crate::ids::RoomId;
use crate::store::{Store, StoreError};

impl Store {
    /// The newest `seq` of `room`, up to `head`, that was said at `ms` or before; 0 if nothing was.
    ///
    /// The times of a log never fall, so halving finds it: of a log of a million, twenty rows are read.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn place_at(&self, room: &RoomId, head: i64, ms: i64) -> Result<i64, StoreError> {
        // What is at `low` was said by then, what is at `high` was not.
        let (mut low, mut high) = (0, head + 1);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            let sent_at: Option<(i64,)> = sqlx::query_as("select sent_at from events where room_id = $1 and seq = $2")
                .bind(room.0.to_string())
                .bind(middle)
                .fetch_optional(self.reader())
                .await?;
            // What is no longer kept was said before everything that is.
            if sent_at.is_none_or(|(at,)| at <= ms) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use crate::store::log::Append;

    async fn say(store: &Store, room: &RoomId, sent_at: i64, id: usize) {
        let append = Append { room: room.clone(), id: id.to_string(), sent_at, ..Append::for_tests("") };
        store.append(&[append]).await.unwrap();
    }

    #[actix_web::test]
    async fn a_time_leads_to_the_newest_event_that_was_said_by_then() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::for_tests(dir.path())).await.unwrap();
        let room = RoomId("sala-1".into());
        store.open_room(&room, "Sala 1", true, None, 0).await.unwrap();
        assert_eq!(store.place_at(&room, 0, 5).await.unwrap(), 0);
        for (id, sent_at) in [10, 20, 20, 20, 30].into_iter().enumerate() {
            say(&store, &room, sent_at, id).await;
        }
        for (ms, place) in [(i64::MIN, 0), (9, 0), (10, 1), (19, 1), (20, 4), (29, 4), (30, 5), (i64::MAX, 5)] {
            assert_eq!(store.place_at(&room, 5, ms).await.unwrap(), place, "{ms}");
        }
        assert_eq!(store.place_at(&room, 3, i64::MAX).await.unwrap(), 3, "what is not shown yet does not count");
    }
}
