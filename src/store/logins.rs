//! Floor 2 · `store/logins`: sign-ins, as actix-session keeps them and as tokens find them. Keys and tokens are here as
//! hashes alone: who steals the database can sign in as nobody.

use std::collections::HashMap;
use std::time::Duration;

use actix_session::storage::{LoadError, SaveError, SessionKey, SessionStore, UpdateError};
use actix_web::cookie::time;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::users::{Account, Columns};
use super::{Store, StoreError};
use crate::clock::now_ms;
use crate::ids::{LoginId, random_text};
use crate::user::Login;

/// A sign-in that nobody used for so long has ended.
pub const IDLE: Duration = Duration::from_hours(7 * 24);
/// A sign-in ends after so long, used or not.
pub const LASTING: Duration = Duration::from_hours(30 * 24);
/// How much `seen_at` may lag behind: a write for every read would cost more than it tells.
const SEEN_LAG: Duration = Duration::from_hours(1);

/// The keys of a session's state that make it a sign-in.
pub mod state {
    /// Our name of the sign-in, as JSON text.
    pub const SID: &str = "sid";
    /// Whose it is, as a JSON number.
    pub const USER: &str = "user";
    /// The hash of its token, as JSON text.
    pub const TOKEN_HASH: &str = "token_hash";
}

/// What `secret`, a session key or a token, is kept as: its SHA-256. It has 256 random bits, so it needs no salt.
pub fn hash_of(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()))
}

impl Store {
    /// The sign-in `sid` with its account, if it has not ended.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn login(&self, sid: &LoginId) -> Result<Option<(Login, Account)>, StoreError> {
        self.login_where(
            "select logins.sid, logins.seen_at, users.id, users.username, users.name, users.email, users.password_hash,
                    users.created_at, users.guest
               from logins
               join users on users.id = logins.user_id
              where logins.sid = $1 and logins.expires_at > $2 and logins.seen_at > $3",
            sid.to_string(),
        )
        .await
    }

    /// The sign-in that `token` stands for with its account, if it has not ended.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn login_by_token(&self, token: &str) -> Result<Option<(Login, Account)>, StoreError> {
        self.login_where(
            "select logins.sid, logins.seen_at, users.id, users.username, users.name, users.email, users.password_hash,
                    users.created_at, users.guest
               from logins
               join users on users.id = logins.user_id
              where logins.token_hash = $1 and logins.expires_at > $2 and logins.seen_at > $3",
            hash_of(token),
        )
        .await
    }

    /// Ends the sign-in `sid`: its cookie and its token are worth nothing from now on. Whether there was one.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer; the sign-in may go on then.
    pub async fn end_login(&self, sid: &LoginId) -> Result<bool, StoreError> {
        let mut work = self.begin().await?;
        let gone = sqlx::query("delete from logins where sid = $1").bind(sid.to_string()).execute(&mut *work).await?;
        work.commit().await?;
        Ok(gone.rows_affected() > 0)
    }

    /// Removes the sign-ins that have ended by themselves; how many.
    ///
    /// # Errors
    /// [`StoreError`] if the database does not answer.
    pub async fn purge_expired(&self, now_ms: i64) -> Result<u64, StoreError> {
        let mut work = self.begin().await?;
        let gone = sqlx::query("delete from logins where expires_at <= $1 or seen_at <= $2")
            .bind(now_ms)
            .bind(now_ms - ms(IDLE))
            .execute(&mut *work)
            .await?;
        work.commit().await?;
        Ok(gone.rows_affected())
    }

    async fn login_where(&self, statement: &'static str, key: String) -> Result<Option<(Login, Account)>, StoreError> {
        type Found = (String, i64, i64, String, String, String, String, i64, i64);
        let now = now_ms();
        let found: Option<Found> =
            sqlx::query_as(statement).bind(key).bind(now).bind(now - ms(IDLE)).fetch_optional(self.reader()).await?;
        let Some((sid, seen_at, id, username, name, email, password_hash, created_at, guest)) = found else { return Ok(None) };
        if now - seen_at > ms(SEEN_LAG) {
            self.seen(&sid, now).await?;
        }
        let columns: Columns = (id, username, name, email, password_hash, created_at, guest);
        let account = Account::from_columns(columns)?;
        Ok(Some((Login { id: LoginId(sid.into()), user: account.user.clone() }, account)))
    }

    async fn seen(&self, sid: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut work = self.begin().await?;
        sqlx::query("update logins set seen_at = $1 where sid = $2")
            .bind(now_ms)
            .bind(sid.to_owned())
            .execute(&mut *work)
            .await?;
        Ok(work.commit().await?)
    }
}

/// Sessions of actix-session, kept in the store. A session that is not a sign-in leaves no trace.
#[derive(Clone, Debug)]
pub struct LoginStore(pub Store);

type State = HashMap<String, String>;

impl LoginStore {
    async fn find(&self, key: &SessionKey) -> Result<Option<State>, anyhow::Error> {
        let now = now_ms();
        let found: Option<(String,)> = sqlx::query_as(
            "select state
               from logins
              where key_hash = $1 and expires_at > $2 and seen_at > $3",
        )
        .bind(hash_of(key.as_ref()))
        .bind(now)
        .bind(now - ms(IDLE))
        .fetch_optional(self.0.reader())
        .await?;
        Ok(found.map(|(state,)| serde_json::from_str(&state)).transpose()?)
    }

    async fn keep(&self, key: &str, state: &State) -> Result<(), anyhow::Error> {
        let Some((sid, user, token_hash)) = sign_in(state) else { return Ok(()) };
        let now = now_ms();
        let mut work = self.0.begin().await?;
        sqlx::query(
            "insert into logins (key_hash, sid, token_hash, user_id, state, created_at, seen_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $6, $7)",
        )
        .bind(hash_of(key))
        .bind(sid)
        .bind(token_hash)
        .bind(user)
        .bind(serde_json::to_string(state)?)
        .bind(now)
        .bind(now + ms(LASTING))
        .execute(&mut *work)
        .await?;
        Ok(work.commit().await?)
    }

    async fn change(&self, key: &SessionKey, state: &State) -> Result<(), anyhow::Error> {
        let Some((sid, user, token_hash)) = sign_in(state) else { return self.remove(key).await };
        let mut work = self.0.begin().await?;
        // Never an insert: a request that overlaps a sign-out must not bring the sign-in back.
        sqlx::query("update logins set sid = $1, token_hash = $2, user_id = $3, state = $4 where key_hash = $5")
            .bind(sid)
            .bind(token_hash)
            .bind(user)
            .bind(serde_json::to_string(state)?)
            .bind(hash_of(key.as_ref()))
            .execute(&mut *work)
            .await?;
        Ok(work.commit().await?)
    }

    async fn remove(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        let mut work = self.0.begin().await?;
        sqlx::query("delete from logins where key_hash = $1").bind(hash_of(key.as_ref())).execute(&mut *work).await?;
        Ok(work.commit().await?)
    }
}

impl SessionStore for LoginStore {
    async fn load(&self, key: &SessionKey) -> Result<Option<State>, LoadError> {
        self.find(key).await.map_err(LoadError::Other)
    }

    async fn save(&self, state: State, _: &time::Duration) -> Result<SessionKey, SaveError> {
        let key = random_text::<32>();
        self.keep(&key, &state).await.map_err(SaveError::Other)?;
        key.try_into().map_err(|_| SaveError::Other(anyhow::anyhow!("a session key of 43 bytes is too long")))
    }

    async fn update(&self, key: SessionKey, state: State, _: &time::Duration) -> Result<SessionKey, UpdateError> {
        self.change(&key, &state).await.map_err(UpdateError::Other)?;
        Ok(key)
    }

    async fn update_ttl(&self, _: &SessionKey, _: &time::Duration) -> Result<(), anyhow::Error> {
        // `login_where` moves `seen_at`, for cookies and tokens alike, at most once in [`SEEN_LAG`].
        Ok(())
    }

    async fn delete(&self, key: &SessionKey) -> Result<(), anyhow::Error> {
        self.remove(key).await
    }
}

/// What makes `state` a sign-in: its name, its user and the hash of its token.
fn sign_in(state: &State) -> Option<(String, i64, String)> {
    let sid = serde_json::from_str(state.get(state::SID)?).ok()?;
    let user = serde_json::from_str(state.get(state::USER)?).ok()?;
    let token_hash = serde_json::from_str(state.get(state::TOKEN_HASH)?).ok()?;
    Some((sid, user, token_hash))
}

/// `time` in milliseconds; the constants of this file are far from the limit.
fn ms(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
