//! Floor 2 · `store/users`: accounts, and guests beside them: made, found, given a new password hash.

use std::sync::Arc;

use super::{Store, StoreError, Taken, looks};
use crate::ids::UserId;
use crate::names::{Email, Name, Username};
use crate::user::User;

/// Largest id: JavaScript reads integers exactly up to here.
const ID_MAX: i64 = (1 << 53) - 1;

/// The id of someone new. Random, so that it is not given again when the newest user is removed, and tells nothing.
pub fn new_id() -> UserId {
    UserId(rand::random_range(1..=ID_MAX))
}

/// What a new account is made of.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The name to sign in with.
    pub username: Username,
    /// The name others read.
    pub name: Name,
    /// The address to sign in with, too.
    pub email: Email,
    /// What [`crate::password::Passwords::hash`] made of the password.
    pub password_hash: String,
}

/// An account, or a guest, as it is kept.
#[derive(Clone)]
pub struct Account {
    /// Who it is.
    pub user: Arc<User>,
    /// Their e-mail address; guests have none.
    pub email: Option<Email>,
    /// What their password is checked against; nothing for guests, who are never asked for one.
    pub password_hash: String,
    /// When the account was made, or the guest came, in milliseconds.
    pub created_at: i64,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Account").field("user", &self.user).finish_non_exhaustive()
    }
}

pub(super) type Columns = (i64, String, String, String, String, i64, i64);

impl Account {
    pub(super) fn from_columns(
        (id, username, name, email, password_hash, created_at, guest): Columns,
    ) -> Result<Self, StoreError> {
        let user = User {
            id: UserId(id),
            username: Username::parse(&username).map_err(|_| StoreError::Damaged("users.username"))?,
            name: Name::parse(&name).map_err(|_| StoreError::Damaged("users.name"))?,
            guest: guest != 0,
        };
        let email = match &*email {
            "" if user.guest => None,
            email => Some(Email::parse(email).map_err(|_| StoreError::Damaged("users.email"))?),
        };
        Ok(Self { user: Arc::new(user), email, password_hash, created_at })
    }
}

impl Store {
    /// Makes an account.
    ///
    /// # Errors
    /// [`StoreError::Conflict`] when the address, the user name or one that looks like it belongs to someone; nothing is made then.
    pub async fn create_user(&self, new: &NewUser, now_ms: i64) -> Result<Account, StoreError> {
        let mut work = self.begin().await?;
        // SQLite does not name the constraint that failed, so we look first; the transaction holds the only pen.
        let holders = looks::holders(&mut *work, &new.username).await?;
        let (guests, accounts): (Vec<_>, Vec<_>) = holders.into_iter().partition(|holder| holder.guest);
        looks::refuse(&accounts)?;
        let taken: Option<(i64,)> =
            sqlx::query_as("select 1 from users where email_key = $1").bind(new.email.key()).fetch_optional(&mut *work).await?;
        if taken.is_some() {
            return Err(StoreError::Conflict(Taken::Email));
        }
        // Last, so that whoever hears of a guest knows that nothing else is in the way.
        looks::refuse(&guests)?;
        let id = new_id().0;
        sqlx::query(
            "insert into users (id, username, username_key, name, email, email_key, password_hash, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(id)
        .bind(new.username.to_string())
        .bind(new.username.key())
        .bind(new.name.to_string())
        .bind(new.email.to_string())
        .bind(new.email.key())
        .bind(new.password_hash.clone())
        .bind(now_ms)
        .execute(&mut *work)
        .await?;
        looks::add(&mut work, UserId(id), &new.username).await?;
        work.commit().await?;
        let user = User { id: UserId(id), username: new.username.clone(), name: new.name.clone(), guest: false };
        let (email, password_hash) = (Some(new.email.clone()), new.password_hash.clone());
        Ok(Account { user: Arc::new(user), email, password_hash, created_at: now_ms })
    }

    /// The account that `login` means, a user name or an e-mail address; `None` also for a text that can be neither, and for guests.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn user_by_login(&self, login: &str) -> Result<Option<Account>, StoreError> {
        // No user name has an @, so one text never means two accounts. A text that is neither is looked for all the
        // same: an unknown user must not be known by a quicker answer.
        let (column, key) = match (Username::parse(login), Email::parse(login)) {
            (Ok(username), _) => ("username_key", username.key()),
            (_, Ok(email)) => ("email_key", email.key()),
            _ => ("username_key", String::new()),
        };
        Ok(self.user_where(column, key).await?.filter(|account| !account.user.guest))
    }

    /// The account, or the guest, with this user name, in any spelling of it.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn user_by_username(&self, username: &Username) -> Result<Option<Account>, StoreError> {
        self.user_where("username_key", username.key()).await
    }

    /// The account with this id.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn user_by_id(&self, id: UserId) -> Result<Option<Account>, StoreError> {
        let found: Option<Columns> = sqlx::query_as(
            "select id, username, name, email, password_hash, created_at, guest
               from users
              where id = $1",
        )
        .bind(id.0)
        .fetch_optional(self.reader())
        .await?;
        found.map(Account::from_columns).transpose()
    }

    /// Keeps another hash of the password of `user`.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn update_password(&self, user: UserId, password_hash: &str) -> Result<(), StoreError> {
        let mut work = self.begin().await?;
        sqlx::query("update users set password_hash = $1 where id = $2")
            .bind(password_hash.to_owned())
            .bind(user.0)
            .execute(&mut *work)
            .await?;
        Ok(work.commit().await?)
    }

    async fn user_where(&self, column: &'static str, key: String) -> Result<Option<Account>, StoreError> {
        let statement = match column {
            "email_key" => {
                "select id, username, name, email, password_hash, created_at, guest
                   from users
                  where email_key = $1"
            }
            _ => {
                "select id, username, name, email, password_hash, created_at, guest
                   from users
                  where username_key = $1"
            }
        };
        let found: Option<Columns> = sqlx::query_as(statement).bind(key).fetch_optional(self.reader()).await?;
        found.map(Account::from_columns).transpose()
    }
}
