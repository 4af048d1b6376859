//! Floor 8 · `web/account`: what is said of accounts, in requests and in answers.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::names::{Email, Name, Password, Username};
use crate::store::users::Account;
use crate::user::User;

/// What someone says of themselves to get an account.
#[derive(Clone, Default, Deserialize, ToSchema)]
pub struct Registration {
    /// The name others read.
    #[serde(default)]
    #[schema(value_type = Name, required = true)]
    pub name: String,
    /// The name to sign in with.
    #[serde(default)]
    #[schema(value_type = Username, required = true)]
    pub username: String,
    /// The address to sign in with, too.
    #[serde(default)]
    #[schema(value_type = Email, required = true)]
    pub email: String,
    /// The password, as typed.
    #[serde(default)]
    #[schema(value_type = Password, required = true)]
    pub password: String,
    /// Where to go then; forms alone have it.
    #[serde(default)]
    #[schema(ignore)]
    pub next: String,
}

/// What someone says to sign in.
#[derive(Clone, Default, Deserialize, ToSchema)]
pub struct Credentials {
    /// A user name or an e-mail address.
    #[serde(default)]
    #[schema(required = true)]
    pub login: String,
    /// The password, as typed.
    #[serde(default)]
    #[schema(required = true, format = Password)]
    pub password: String,
    /// Where to go then; forms alone have it.
    #[serde(default)]
    #[schema(ignore)]
    pub next: String,
}

/// An account, or a guest, as its owner and other members see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Profile<'a> {
    #[schema(value_type = String)]
    username: &'a Username,
    #[schema(value_type = String)]
    name: &'a Name,
    /// Guests have none.
    #[schema(value_type = Option<String>)]
    email: Option<&'a Email>,
    /// Whether they are here without an account.
    guest: bool,
    /// When the account was made, in milliseconds since 1970.
    since: i64,
}

/// A new login.
#[derive(Serialize, ToSchema)]
pub struct Welcome<'a> {
    /// Whose it is.
    user: Profile<'a>,
    /// The secret for `Authorization: Bearer`. It is told this once.
    token: String,
}

impl<'a> Welcome<'a> {
    pub(in crate::web) fn new(account: &'a Account, token: String) -> Self {
        Self { user: account.into(), token }
    }
}

impl<'a> From<&'a Account> for Profile<'a> {
    fn from(account: &'a Account) -> Self {
        let User { username, name, guest, .. } = &*account.user;
        Self { username, name, email: account.email.as_ref(), guest: *guest, since: account.created_at }
    }
}
