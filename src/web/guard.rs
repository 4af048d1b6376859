//! Floor 8 · `web/guard`: who is asking. Every check reads the store, so a sign-in that has ended opens nothing.

use std::net::IpAddr;

use actix_identity::Identity;
use actix_session::SessionExt as _;
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest, web};
use futures_util::FutureExt as _;
use futures_util::future::{LocalBoxFuture, Ready, ready};

use super::context::Context;
use super::problem::HttpError;
use crate::codes::Code;
use crate::ids::LoginId;
use crate::limits::Source;
use crate::store::logins::state;
use crate::store::users::Account;
use crate::user::Login;

/// Someone who is signed in, by cookie or by token; everyone else gets 401.
///
/// ```
/// use actix_web::HttpResponse;
/// use papo::http::SignedIn;
///
/// async fn get_name(SignedIn(login): SignedIn) -> HttpResponse {
///     HttpResponse::Ok().body(login.user.username.to_string())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct SignedIn(pub Login);

/// Someone who may be signed in.
///
/// ```
/// use actix_web::HttpResponse;
/// use papo::http::Visitor;
///
/// async fn get_name(Visitor(login): Visitor) -> HttpResponse {
///     HttpResponse::Ok().body(login.map_or("ninguém".to_owned(), |login| login.user.username.to_string()))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Visitor(pub Option<Login>);

/// Someone who is signed in, with their account.
#[derive(Clone, Debug)]
pub struct Member(pub Login, pub Account);

impl FromRequest for SignedIn {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { Ok(Self(who(&request).await?.ok_or(Code::Unauthenticated)?.0)) }.boxed_local()
    }
}

impl FromRequest for Visitor {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move { Ok(Self(who(&request).await?.map(|(login, _)| login))) }.boxed_local()
    }
}

impl FromRequest for Member {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        async move {
            let (login, account) = who(&request).await?.ok_or(Code::Unauthenticated)?;
            Ok(Self(login, account))
        }
        .boxed_local()
    }
}

/// Where a request comes from, for counting: an IPv4 address, or the /64 network of an IPv6 address, which is what one customer
/// gets. Behind a trusted proxy it is whom that names.
///
/// ```
/// use std::collections::BTreeMap;
/// use std::sync::Mutex;
///
/// use papo::http::{Address, HttpError};
/// use papo::Code;
///
/// /// How often each address has asked; a server forgets them after a while.
/// #[derive(Default)]
/// struct Asked(Mutex<BTreeMap<Address, u32>>);
///
/// fn counts(asked: &Asked, from: Address) -> Result<(), HttpError> {
///     let mut asked = asked.0.lock().map_err(|_| Code::Internal)?;
///     let count = asked.entry(from).or_default();
///     *count += 1;
///     if *count > 100 { Err(Code::RateLimited.into()) } else { Ok(()) }
/// }
/// # let (asked, from) = (Asked::default(), Address([127, 0, 0, 1].into()));
/// # assert!((0..100).all(|_| counts(&asked, from).is_ok()) && counts(&asked, from).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Address(pub IpAddr);

impl FromRequest for Address {
    type Error = HttpError;
    type Future = Ready<Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let context = request.app_data::<web::Data<Context>>();
        ready(context.map(|context| Self(Source::from(context.peer_address(request)).0)).ok_or(Code::Internal.into()))
    }
}

/// Who is asking; found once for each request.
async fn who(request: &HttpRequest) -> Result<Option<(Login, Account)>, HttpError> {
    if let Some(Known(who)) = request.extensions().get() {
        return Ok(who.clone());
    }
    let who = find(request).await?;
    request.extensions_mut().insert(Known(who.clone()));
    Ok(who)
}

#[derive(Clone)]
struct Known(Option<(Login, Account)>);

async fn find(request: &HttpRequest) -> Result<Option<(Login, Account)>, HttpError> {
    let context = request.app_data::<web::Data<Context>>().ok_or(Code::Internal)?;
    // A token that is not good is an error and no reason to look at the cookie: whoever sends one means it.
    if let Some(token) = bearer(request) {
        return match context.store.login_by_token(token).await? {
            Some(found) => Ok(Some(found)),
            None => Err(Code::Unauthenticated.into()),
        };
    }
    let Ok(identity) = Identity::extract(request).await else { return Ok(None) };
    let Ok(Some(sid)) = request.get_session().get::<LoginId>(state::SID) else { return Ok(None) };
    let found = context.store.login(&sid).await?;
    Ok(found.filter(|(login, _)| identity.id().is_ok_and(|id| id == login.user.id.to_string())))
}

/// The token that `request` brings: whoever says `Bearer` means a token, also where none follows. What is no text is the empty one,
/// which nobody has.
pub fn bearer(request: &HttpRequest) -> Option<&str> {
    let value = request.headers().get(AUTHORIZATION)?.as_bytes().trim_ascii();
    let (scheme, token) = value.split_at(value.iter().position(u8::is_ascii_whitespace).unwrap_or(value.len()));
    scheme.eq_ignore_ascii_case(b"bearer").then(|| std::str::from_utf8(token).unwrap_or_default().trim())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn whoever_says_bearer_means_a_token_whatever_follows() {
        let brings = |value: &[u8]| {
            let request = TestRequest::get().insert_header((AUTHORIZATION, HeaderValue::from_bytes(value).unwrap()));
            bearer(&request.to_http_request()).map(str::to_owned)
        };
        for (value, token) in [
            (&b"Bearer goiabada"[..], Some("goiabada")),
            (b" bearer   goiabada ", Some("goiabada")),
            (b"BEARER\tgoiabada", Some("goiabada")),
            (b"Bearer", Some("")),
            (b"Bearer \xff\xfe", Some("")),
            ("Bearer pão".as_bytes(), Some("pão")),
            (b"Basic goiabada", None),
            (b"Bearergoiabada", None),
            (b"\xff\xfe", None),
            (b"", None),
        ] {
            assert_eq!(brings(value).as_deref(), token, "{value:?}");
        }
    }
}
