//! Floor 8 · `web/polling`: rooms over plain HTTP, for clients that ask again and again.

mod bodies;

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use serde_json::json;

use crate::codes::{Code, Rejection};
use crate::door::{Doorway, Here};
use crate::link::Outbox;
use crate::lobby::RoomOf;
use crate::names::{ClientId, RoomName};
use crate::poller::Pollers;
use crate::poller::caller::Caller;
use crate::room::command::PAGE_DEFAULT;
use crate::room::pages::From;
use crate::user::Login;
use crate::web::context::Context;
use crate::web::guard::{SignedIn, Visitor};
use crate::web::guest;
use crate::web::problem::HttpError;

use self::bodies::{Joined, Joining, Kept, Leaving, Left, News, Reading, Saying, UserRooms};

/// Longest wait of one request for news; more counts as this. Protocol, "Rooms over plain HTTP".
pub const WAIT_MAX: Duration = Duration::from_secs(25);

impl FromRequest for Caller {
    type Error = HttpError;
    type Future = LocalBoxFuture<'static, Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, signed_in) = (request.clone(), SignedIn::from_request(request, payload));
        async move { caller(&request, signed_in.await?.0) }.boxed_local()
    }
}

fn caller(request: &HttpRequest, login: Login) -> Result<Caller, HttpError> {
    let context = request.app_data::<web::Data<Context>>().ok_or(Code::Internal)?;
    if context.is_draining() {
        return Err(Code::Busy.into());
    }
    let door = request.app_data::<web::Data<Doorway>>().ok_or(Code::Internal)?.get_ref().clone();
    let here = request.app_data::<web::Data<Here>>().ok_or(Code::Internal)?.get_ref().clone();
    let pollers = request.app_data::<web::Data<Pollers>>().ok_or(Code::Internal)?.get_ref().clone();
    let waits_max = context.settings.limits().then_some(context.settings.bounds.sockets_per_user_max);
    Ok(Caller { door, here, pollers, login, address: context.peer_address(request), waits_max })
}

/// Sits down in a room, which is opened if need be. The user leaves any other. Who is not signed in comes in as a guest, where guests are
/// let in.
///
/// # Errors
/// 400 `bad_room`; 401 without a login and without a name for a guest; 409 and 422 for a name that cannot be had; 429 for too many
/// sockets and polls, or guests; 503.
#[utoipa::path(
    post,
    path = "/join",
    tag = "polling",
    request_body = Joining,
    responses((status = 200, description = "Who is there, and where to go on from.", body = Joined)),
    extensions((
        "x-refusals" = json!([
            Code::BadRoom,
            Code::Unauthenticated,
            Code::NotInRoom,
            Code::UsernameTaken,
            Code::StaleSeat,
            Code::Invalid,
            Code::RateLimited,
            Code::Busy
        ])
    )),
    security((), ("token" = []), ("cookie" = []))
)]
pub async fn post_join(
    request: HttpRequest,
    Visitor(visitor): Visitor,
    context: web::Data<Context>,
    body: web::Json<Joining>,
) -> Result<HttpResponse, HttpError> {
    let room = room(&body.room)?;
    let (login, token) = match (visitor, &body.username) {
        (Some(login), _) => (login, None),
        (None, Some(username)) if context.settings.guests.allowed => {
            let (login, _, token) = guest::enter(&request, &context, username).await?;
            (login, Some(token))
        }
        (None, _) => return Err(Code::Unauthenticated.into()),
    };
    let caller = caller(&request, login)?;
    let (welcome, news) = caller.joins(&room).await?;
    Ok(HttpResponse::Ok().json(Joined::new(&caller.login.user.username, &welcome, &news, token)))
}

/// Gets up. The last one out closes a room that is not permanent.
///
/// # Errors
/// 403 `not_in_room` for who does not sit there.
#[utoipa::path(
    post,
    path = "/leave",
    tag = "polling",
    request_body = Leaving,
    responses((status = 200, description = "It was left.", body = Left)),
    extensions(("x-refusals" = json!([Code::BadRoom, Code::NotInRoom, Code::StaleSeat, Code::RateLimited, Code::Busy])))
)]
pub async fn post_leave(caller: Caller, body: web::Json<Leaving>) -> Result<HttpResponse, HttpError> {
    let room = room(&body.room)?;
    caller.leaves(&room).await?;
    Ok(HttpResponse::Ok().json(Left { room: &room.id().0 }))
}

/// Says something, as `send` does over a socket. It is kept when this is answered.
///
/// # Errors
/// As over a socket; 403 `not_in_room` for who does not sit there.
#[utoipa::path(
    post,
    path = "/send",
    tag = "polling",
    params((
        "Idempotency-Key" = Option<ClientId>,
        Header,
        description = "A `client_id` where the body has none; it may stand in quotes"
    )),
    request_body = Saying,
    responses((status = 201, description = "It is kept.", body = Kept)),
    extensions((
        "x-refusals" = json!([
            Code::BadRoom,
            Code::BadFrame,
            Code::NotInRoom,
            Code::StaleSeat,
            Code::Conflict,
            Code::Gone,
            Code::EmptyMessage,
            Code::TextTooLong,
            Code::UnknownUpload,
            Code::Rejected,
            Code::RateLimited,
            Code::Busy
        ])
    ))
)]
pub async fn post_send(caller: Caller, request: HttpRequest, body: web::Json<Saying>) -> Result<HttpResponse, HttpError> {
    let Saying { room: name, message, client_id, images, files } = body.into_inner();
    let room = room(&name)?;
    let client_id = client_id.or_else(|| idempotency_key(request.headers()));
    let command = json!({"type": "send", "text": message, "client_id": client_id, "images": images, "files": files});
    let answer = caller.sends(&room, &command.to_string()).await?;
    Ok(HttpResponse::Created().insert_header((CONTENT_TYPE, "application/json")).body(answer))
}

/// Reads what is new in a room: at once or, with `wait`, as soon as something is. Without `since` and `after`, the newest 50.
///
/// # Errors
/// 400 for a query that makes no sense, 401, 403 `not_in_room`, 429 for too many that wait, 503 when the server goes down meanwhile.
#[utoipa::path(
    get,
    path = "/receive",
    tag = "polling",
    params(Reading),
    responses((status = 200, description = "What is new, which may be nothing.", body = News)),
    extensions(("x-refusals" = json!([Code::BadRoom, Code::BadFrame, Code::NotInRoom, Code::StaleSeat, Code::RateLimited, Code::Busy])))
)]
pub async fn get_receive(caller: Caller, request: HttpRequest, query: web::Query<Reading>) -> Result<HttpResponse, HttpError> {
    let room = room(&query.room)?;
    let (from, wait) = (from(&query)?, wait(query.wait)?);
    let outbox = request.conn_data::<Outbox>().cloned();
    let gone = async move {
        match outbox {
            Some(outbox) => outbox.peer_is_gone().await,
            None => std::future::pending().await,
        }
    };
    let news = caller.receives(&room, from, wait, gone).await?;
    Ok(HttpResponse::Ok().json(News::from(news)))
}

/// Lists the rooms this user is in: one at most.
///
/// # Errors
/// 401 without a login.
#[utoipa::path(
    get,
    path = "/user_rooms",
    tag = "polling",
    responses((status = 200, description = "The rooms.", body = UserRooms)),
    extensions(("x-refusals" = json!([Code::Busy])))
)]
pub async fn get_user_rooms(caller: Caller) -> Result<HttpResponse, HttpError> {
    caller.touches();
    let room = caller.door.lobby.send(RoomOf(caller.login.user.id)).await.map_err(|_| Code::Internal)?;
    Ok(HttpResponse::Ok().json(UserRooms { rooms: room.into_iter().collect() }))
}

fn room(name: &str) -> Result<RoomName, Code> {
    RoomName::parse(name).map_err(|_| Code::BadRoom)
}

/// The name that a program gives its request, so that it is done once, however often it is repeated; with or without the quotes of a
/// structured field (draft-ietf-httpapi-idempotency-key-header).
fn idempotency_key(headers: &HeaderMap) -> Option<String> {
    let key = headers.get("idempotency-key")?.to_str().ok()?.trim();
    let bare = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')).unwrap_or(key);
    Some(bare.to_owned())
}

fn from(asked: &Reading) -> Result<From, Rejection> {
    match (asked.since, asked.after) {
        (Some(_), Some(_)) => Err(Rejection::because(Code::BadFrame, "Give since or after, not both.")),
        (Some(ms), None) => Ok(From::Time(ms)),
        (None, Some(seq)) => Ok(From::Seq(seq)),
        (None, None) => Ok(From::Newest(PAGE_DEFAULT)),
    }
}

fn wait(asked: Option<f64>) -> Result<Duration, Rejection> {
    let seconds = asked.unwrap_or_default();
    if !(seconds.is_finite() && seconds >= 0.0) {
        return Err(Rejection::because(Code::BadFrame, "wait is a number of seconds."));
    }
    Ok(Duration::try_from_secs_f64(seconds).map_or(WAIT_MAX, |wait| wait.min(WAIT_MAX)))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_wait_is_at_most_what_a_request_may_take() {
        for (asked, wait_ms) in
            [(None, 0), (Some(0.25), 250), (Some(25.0), 25_000), (Some(26.0), 25_000), (Some(f64::MAX), 25_000)]
        {
            assert_eq!(wait(asked), Ok(Duration::from_millis(wait_ms)), "{asked:?}");
        }
        for bad in [-1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(wait(Some(bad)).unwrap_err().code, Code::BadFrame, "{bad}");
        }
    }

    #[test]
    fn one_goes_on_by_time_or_by_place_and_never_by_both() {
        let asked = |since, after| from(&Reading { room: String::new(), since, after, wait: None });
        assert_eq!(asked(Some(5), None), Ok(From::Time(5)));
        assert_eq!(asked(None, Some(i64::MAX)), Ok(From::Seq(i64::MAX)));
        assert_eq!(asked(None, None), Ok(From::Newest(50)));
        assert_eq!(asked(Some(5), Some(5)).unwrap_err().code, Code::BadFrame);
    }

    #[test]
    fn a_key_may_stand_in_quotes() {
        let key = |value: &'static str| {
            idempotency_key(TestRequest::get().insert_header(("idempotency-key", value)).to_http_request().headers())
        };
        assert_eq!(key("abc").as_deref(), Some("abc"));
        assert_eq!(key(" \"abc\" ").as_deref(), Some("abc"));
        assert_eq!(key("\"").as_deref(), Some("\""));
        assert_eq!(idempotency_key(TestRequest::get().to_http_request().headers()), None);
    }
}
