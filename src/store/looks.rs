//! Floor 2 · `store/looks`: what the user names that are in use look like, so that no other name is taken for one of them.

use sqlx::{Any, Executor, Transaction};

use super::{Store, StoreError, Taken};
use crate::ids::UserId;
use crate::names::Username;

/// Names whose looks are added in one transaction at the start.
const BATCH_NAMES: i64 = 1000;

/// Someone because of whom a user name is not free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub user: UserId,
    /// Whether it is a guest, whose name is free again when nobody uses it.
    pub guest: bool,
    /// Whether their name is the same, and does not only look like it.
    pub same: bool,
}

/// An error if there is anyone because of whom a name is not free.
pub(super) fn refuse(holders: &[Holder]) -> Result<(), StoreError> {
    match holders.iter().any(|holder| holder.same) {
        true => Err(StoreError::Conflict(Taken::Username)),
        false if holders.is_empty() => Ok(()),
        false => Err(StoreError::Conflict(Taken::LookAlike)),
    }
}

/// Everyone whose name is `username` or looks like it. Who has the very name may come twice.
pub(super) async fn holders<'e>(from: impl Executor<'e, Database = Any>, username: &Username) -> Result<Vec<Holder>, StoreError> {
    let [small, capitals, written] = three(username);
    let found: Vec<(i64, i64, i64)> = sqlx::query_as(
        "select id, guest, cast(1 as bigint)
           from users
          where username_key = $1
          union
         select users.id, users.guest, cast(0 as bigint)
           from looks
           join users on users.id = looks.user_id
          where looks.look in ($2, $3, $4)",
    )
    .bind(username.key())
    .bind(small)
    .bind(capitals)
    .bind(written)
    .fetch_all(from)
    .await?;
    let holder = |(id, guest, same)| Holder { user: UserId(id), guest: guest != 0, same: same != 0 };
    Ok(found.into_iter().map(holder).collect())
}

/// The looks of `username` for a statement that takes three; where there are fewer, the first comes again.
fn three(username: &Username) -> [String; 3] {
    let looks: Vec<String> = username.looks().into_iter().collect();
    std::array::from_fn(|at| looks.get(at).unwrap_or(&looks[0]).clone())
}

/// Notes what the name of `user` looks like.
pub(super) async fn add(work: &mut Transaction<'static, Any>, user: UserId, username: &Username) -> Result<(), StoreError> {
    let [small, capitals, written] = three(username);
    // One statement, because thousands of guests are made in a row. Looks that are the same are kept once.
    sqlx::query(
        "insert into looks (look, user_id)
         values ($1, $4), ($2, $4), ($3, $4)
             on conflict do nothing",
    )
    .bind(small)
    .bind(capitals)
    .bind(written)
    .bind(user.0)
    .execute(&mut **work)
    .await?;
    Ok(())
}

impl Store {
    /// Everyone whose name is `username` or looks like it. Who has the very name may come twice.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn holders_of(&self, username: &Username) -> Result<Vec<Holder>, StoreError> {
        holders(self.reader(), username).await
    }

    /// Adds the looks of the names that have none: those from before looks were kept.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer, or a name cannot be read.
    pub(super) async fn add_missing_looks(&self) -> Result<(), StoreError> {
        loop {
            let mut work = self.begin().await?;
            let without: Vec<(i64, String)> = sqlx::query_as(
                "select id, username
                   from users
                  where guest < 2 and not exists (select 1 from looks where looks.user_id = users.id)
                  limit $1",
            )
            .bind(BATCH_NAMES)
            .fetch_all(&mut *work)
            .await?;
            if without.is_empty() {
                return Ok(());
            }
            for (id, username) in without {
                let username = Username::parse(&username).map_err(|_| StoreError::Damaged("users.username"))?;
                add(&mut work, UserId(id), &username).await?;
            }
            work.commit().await?;
        }
    }
}
