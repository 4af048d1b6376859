//! Floor 2 · `store/guests`: guests: made, counted, and made to give up their names.

use std::sync::Arc;

use sqlx::{Any, Transaction};

use super::users::Account;
use super::{Store, StoreError, looks};
use crate::ids::UserId;
use crate::names::{Name, Username};
use crate::user::User;

impl Store {
    /// Makes a guest, whose id is `id`, from [`super::users::new_id`]: a user without e-mail address and password.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the name or one that looks like it belongs to someone; nothing is made then.
    pub async fn create_guest(&self, id: UserId, username: &Username, now_ms: i64) -> Result<Account, StoreError> {
        let name = Name::parse(username.as_str()).map_err(|_| StoreError::Damaged("a user name that is no name"))?;
        let mut work = self.begin().await?;
        looks::refuse(&looks::holders(&mut *work, username).await?)?;
        sqlx::query(
            "insert into users (id, username, username_key, name, email, email_key, password_hash, created_at, guest)
             values ($1, $2, $3, $4, '', $5, '', $6, 1)",
        )
        .bind(id.0)
        .bind(username.to_string())
        .bind(username.key())
        .bind(name.to_string())
        .bind(no_text(id))
        .bind(now_ms)
        .execute(&mut *work)
        .await?;
        looks::add(&mut work, id, username).await?;
        work.commit().await?;
        let user = User { id, username: username.clone(), name, guest: true };
        Ok(Account { user: Arc::new(user), email: None, password_hash: String::new(), created_at: now_ms })
    }

    /// How many guests have a name.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn count_guests(&self) -> Result<usize, StoreError> {
        let count: i64 = sqlx::query_scalar("select count(*) from users where guest = 1").fetch_one(self.reader()).await?;
        Ok(usize::try_from(count).unwrap_or_default())
    }

    /// The guests who have a name, those who came first in front.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn guests(&self) -> Result<Vec<UserId>, StoreError> {
        let found: Vec<i64> =
            sqlx::query_scalar("select id from users where guest = 1 order by created_at").fetch_all(self.reader()).await?;
        Ok(found.into_iter().map(UserId).collect())
    }

    /// The guests without a sign-in that was used after `seen_ms`, but for those who came later than `made_ms`.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn idle_guests(&self, seen_ms: i64, made_ms: i64) -> Result<Vec<UserId>, StoreError> {
        let found: Vec<i64> = sqlx::query_scalar(
            "select id
               from users
              where guest = 1
                and created_at <= $1
                and not exists (select 1 from logins where logins.user_id = users.id and logins.seen_at > $2)",
        )
        .bind(made_ms)
        .bind(seen_ms)
        .fetch_all(self.reader())
        .await?;
        Ok(found.into_iter().map(UserId).collect())
    }

    /// Ends the sign-ins of `guests` and frees their names. What they said stays, and so do the files in it; whoever is no guest
    /// is left alone.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer; all of them are as they were then.
    pub async fn retire_guests(&self, guests: &[UserId]) -> Result<(), StoreError> {
        let mut work = self.begin().await?;
        for guest in guests {
            retire(&mut work, *guest).await?;
        }
        Ok(work.commit().await?)
    }
}

async fn retire(work: &mut Transaction<'static, Any>, guest: UserId) -> Result<(), StoreError> {
    // The sign-ins and the looks go with the row.
    let gone = sqlx::query(
        "delete from users
          where id = $1 and guest = 1 and not exists (select 1 from uploads where uploads.user_id = users.id)",
    )
    .bind(guest.0)
    .execute(&mut **work)
    .await?;
    if gone.rows_affected() > 0 {
        return Ok(());
    }
    let stays = sqlx::query("update users set guest = 2, username_key = $1 where id = $2 and guest = 1")
        .bind(no_text(guest))
        .bind(guest.0)
        .execute(&mut **work)
        .await?;
    if stays.rows_affected() > 0 {
        sqlx::query("delete from logins where user_id = $1").bind(guest.0).execute(&mut **work).await?;
        sqlx::query("delete from looks where user_id = $1").bind(guest.0).execute(&mut **work).await?;
    }
    Ok(())
}

/// What stands in a column whose texts are unique among accounts, for a guest who has none: no name and no address is like that.
fn no_text(guest: UserId) -> String {
    format!("~{guest}")
}
