//! Floor 8 · `web/rooms`: the rooms and their logs over plain HTTP.

use actix_web::http::Method;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use crate::codes::Code;
use crate::lobby::{CreateRoom, ListRooms, RoomList, RoomView, WhereIs};
use crate::names::RoomName;
use crate::room::history;
use crate::room::pages::{Found, PageView};
use crate::session::Doorway;
use crate::web::follow::{follow, wants_stream};
use crate::web::guard::SignedIn;
use crate::web::problem::HttpError;

/// A room to be made.
#[derive(Deserialize, ToSchema)]
pub struct NewRoom {
    /// Its name as people read it; its id is made of that.
    #[schema(value_type = RoomName)]
    title: String,
}

/// Which part of the log.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Bounds {
    /// Only events before this `seq`, the newest of them.
    #[param(nullable = false)]
    before: Option<i64>,
    /// Only events after this `seq`, the oldest of them. Not together with `before`.
    #[param(nullable = false)]
    after: Option<i64>,
    /// Most events; more than 200 counts as 200.
    #[param(nullable = false, minimum = 1, default = 50)]
    limit: Option<i64>,
}

/// Lists every room.
///
/// # Errors
/// 401 without a login.
#[utoipa::path(
    get,
    path = "/api/rooms",
    tag = "rooms",
    responses((status = 200, description = "All rooms.", body = RoomList)),
    extensions(("x-refusals" = json!([Code::Busy])))
)]
pub async fn get_rooms(_: SignedIn, door: web::Data<Doorway>) -> Result<HttpResponse, HttpError> {
    let rooms = door.lobby.send(ListRooms).await.map_err(|_| Code::Internal)?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(format!("{{\"rooms\":{rooms}}}")))
}

/// Makes a room that stays when it is empty.
///
/// # Errors
/// 400 `bad_room` for a name that is none, 403 for guests, 429 for someone who makes too many, 503 when there are too many.
#[utoipa::path(
    post,
    path = "/api/rooms",
    tag = "rooms",
    request_body = NewRoom,
    responses(
        (
            status = 201,
            description = "It was made.",
            body = RoomView,
            links(("its log" = (operation_id = "get_events", parameters(("id" = "$response.body#/id"))))),
        ),
        (status = 200, description = "It was there, and stays from now on.", body = RoomView),
    ),
    extensions(("x-refusals" = json!([Code::BadRoom, Code::Forbidden, Code::RateLimited, Code::Busy])))
)]
pub async fn post_rooms(
    SignedIn(login): SignedIn,
    body: web::Json<NewRoom>,
    door: web::Data<Doorway>,
) -> Result<HttpResponse, HttpError> {
    let name = RoomName::parse(&body.title).map_err(|_| Code::BadRoom)?;
    // Nobody could ever be asked what it is for. A room that goes away again is opened by joining it.
    if login.user.guest {
        return Err(HttpError::because(Code::Forbidden, "Guests may not make rooms that stay."));
    }
    if let Some(said) = &door.said {
        said.say(login.user.id).map_err(crate::codes::Rejection::too_fast)?;
    }
    let (room, made) = door.lobby.send(CreateRoom { name, by: login.user.id }).await.map_err(|_| Code::Internal)??;
    let mut answer = if made { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(room))
}

/// Reads a page of the log of a room, for those who are in it; or follows it, where the answer may be `text/event-stream`.
///
/// # Errors
/// 403 `not_in_room` for everyone else, 400 for bounds that make no sense.
#[utoipa::path(
    get,
    path = "/api/rooms/{id}/events",
    tag = "rooms",
    params(
        ("id" = RoomName, Path, description = "The room, by its id or its name"),
        Bounds,
        ("Last-Event-ID" = Option<String>, Header, description = "Of a stream: the place it has come to, `<epoch>:<seq>`")
    ),
    responses((
        status = 200,
        description = "A page: the newest without `before` and `after`. Or a stream, which goes on from there: the `data` of each event is a `StreamEvent`, `event` its `type`, and durable ones have an `id`, `<epoch>:<seq>`.",
        content((PageView = "application/json"), (String = "text/event-stream"))
    )),
    extensions(("x-refusals" = json!([Code::BadRoom, Code::BadFrame, Code::NotInRoom, Code::StaleSeat, Code::RateLimited, Code::Busy])))
)]
pub async fn get_events(
    request: HttpRequest,
    SignedIn(login): SignedIn,
    id: web::Path<String>,
    bounds: web::Query<Bounds>,
    door: web::Data<Doorway>,
) -> Result<HttpResponse, HttpError> {
    let name = RoomName::parse(&id).map_err(|_| Code::BadRoom)?;
    if wants_stream(&request) && request.method() == Method::GET {
        return follow(&request, login, name, (bounds.before, bounds.after, bounds.limit)).await;
    }
    let here = door.lobby.send(WhereIs(login.user.id)).await.map_err(|_| Code::Internal)?;
    if here.as_ref() != Some(name.id()) {
        return Err(Code::NotInRoom.into());
    }
    let page = history::page(bounds.before, bounds.after, bounds.limit)?;
    let (rows, more) = door.store.page(name.id(), page).await?;
    let found = Found { events: rows.iter().map(|row| row.logged(name.id())).collect(), more };
    Ok(HttpResponse::Ok().json(found.view()))
}
