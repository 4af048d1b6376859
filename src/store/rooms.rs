//! Floor 2 · `store/rooms`: which rooms there are, and where their logs stand.

use crate::ids::{Epoch, RoomId, UserId};
use crate::store::{Store, StoreError};

/// A room as it is kept.
#[derive(Clone, Debug)]
pub struct RoomRow {
    /// Its canonical name.
    pub id: RoomId,
    /// Its name as people read it.
    pub title: String,
    /// Whether it stays when it is empty.
    pub permanent: bool,
    /// The identity of its log.
    pub epoch: Epoch,
    /// The newest position in its log.
    pub head_seq: i64,
}

type Columns = (String, String, i64, String, i64);

impl RoomRow {
    fn from_columns((id, title, permanent, epoch, head_seq): Columns) -> Self {
        Self { id: RoomId(id.into()), title, permanent: permanent != 0, epoch: Epoch(epoch.into()), head_seq }
    }
}

impl Store {
    /// Every room, in the order they were made.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn rooms(&self) -> Result<Vec<RoomRow>, StoreError> {
        let rows: Vec<Columns> = sqlx::query_as(
            "select id, title, permanent, epoch,
                    (select coalesce(max(seq), rooms.head_seq) from events where room_id = rooms.id and seq > rooms.head_seq)
               from rooms
              order by created_at, id",
        )
        .fetch_all(self.reader())
        .await?;
        Ok(rows.into_iter().map(RoomRow::from_columns).collect())
    }

    /// The room `id`, if there is one.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn room(&self, id: &RoomId) -> Result<Option<RoomRow>, StoreError> {
        let row: Option<Columns> = sqlx::query_as(
            "select id, title, permanent, epoch,
                    (select coalesce(max(seq), rooms.head_seq) from events where room_id = rooms.id and seq > rooms.head_seq)
               from rooms
              where id = $1",
        )
        .bind(id.0.to_string())
        .fetch_optional(self.reader())
        .await?;
        Ok(row.map(RoomRow::from_columns))
    }

    /// The room `id`: as it is, or made now with a new log. A room that was there keeps its title; `permanent` is
    /// only ever switched on.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer; nothing is made then.
    pub async fn open_room(
        &self,
        id: &RoomId,
        title: &str,
        permanent: bool,
        by: Option<UserId>,
        now_ms: i64,
    ) -> Result<RoomRow, StoreError> {
        let mut work = self.begin().await?;
        // What is left of a room that somebody has removed by hand belongs to no log.
        sqlx::query("delete from events where room_id = $1 and not exists (select 1 from rooms where id = $1)")
            .bind(&*id.0)
            .execute(&mut *work)
            .await?;
        let columns: Columns = sqlx::query_as(
            "insert into rooms (id, title, permanent, created_by, created_at, epoch, head_seq)
             values ($1, $2, $3, $4, $5, $6, 0)
             on conflict (id) do update
                set permanent = case when excluded.permanent > rooms.permanent then excluded.permanent else rooms.permanent end
             returning id, title, permanent, epoch,
                       (select coalesce(max(seq), rooms.head_seq) from events where room_id = rooms.id and seq > rooms.head_seq)",
        )
        .bind(&*id.0)
        .bind(title)
        .bind(i64::from(permanent))
        .bind(by.map(|user| user.0))
        .bind(now_ms)
        .bind(&*Epoch::random().0)
        .fetch_one(&mut *work)
        .await?;
        work.commit().await?;
        Ok(RoomRow::from_columns(columns))
    }

    /// Removes a room that is not permanent, log and all. Files that were sent in it stay their owner's, within the quota.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer; the room is still there then.
    pub async fn remove_room(&self, id: &RoomId) -> Result<(), StoreError> {
        let mut heads = self.heads.lock().await;
        heads.remove(id);
        let mut work = self.begin().await?;
        let gone = sqlx::query("delete from rooms where id = $1 and permanent = 0").bind(&*id.0).execute(&mut *work).await?;
        if gone.rows_affected() > 0 {
            sqlx::query("delete from events where room_id = $1").bind(&*id.0).execute(&mut *work).await?;
        }
        work.commit().await?;
        Ok(())
    }
}
