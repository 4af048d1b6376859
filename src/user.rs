//! Floor 1 · `user`: who someone is, and by which login they are here.

use std::sync::Arc;

use crate::ids::{LoginId, UserId};
use crate::names::{Name, Username};

/// Someone who can sit in a room: an account or a guest.
///
/// ```
/// use papo::User;
///
/// fn shown(user: &User) -> String {
///     format!("{} (@{}){}", user.name, user.username, if user.guest { ", a guest" } else { "" })
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// Given by the store.
    pub id: UserId,
    /// The name they sign in with, shown as `@username`; unique.
    pub username: Username,
    /// The name others read.
    pub name: Name,
    /// Whether they are here without an account.
    pub guest: bool,
}

/// A user together with the sign-in that vouches for them.
///
/// ```
/// use actix_web::HttpResponse;
/// use papo::http::{Login, SignedIn};
///
/// async fn get_greeting(SignedIn(login): SignedIn) -> HttpResponse {
///     let Login { user, .. } = login;
///     HttpResponse::Ok().body(format!("Olá, {}!", user.name))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Login {
    /// Which sign-in: ending it ends its sockets.
    #[doc(hidden)]
    pub id: LoginId,
    /// Who signed in.
    pub user: Arc<User>,
}
