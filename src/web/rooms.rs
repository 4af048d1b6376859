//! Floor 8 · `web/rooms`: the rooms and their logs over plain HTTP.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::codes::Code;
use crate::lobby::{CreateRoom, ListRooms, WhereIs};
use crate::names::RoomName;
use crate::room::history;
use crate::room::state::Logged;
use crate::session::Doorway;
use crate::web::guard::SignedIn;
use crate::web::problem::HttpError;

/// Body of `POST /api/rooms`.
#[derive(Deserialize)]
pub struct NewRoom {
    title: String,
}

/// Query of `GET /api/rooms/{id}/events`.
#[derive(Deserialize)]
pub struct Bounds {
    before: Option<i64>,
    after: Option<i64>,
    limit: Option<i64>,
}

#[derive(Serialize)]
struct Events<'a> {
    events: Vec<&'a RawValue>,
    more: bool,
}

/// `GET /api/rooms`: every room.
///
/// # Errors
/// 401 without a login.
pub async fn get_rooms(_: SignedIn, door: web::Data<Doorway>) -> Result<HttpResponse, HttpError> {
    let rooms = door.lobby.send(ListRooms).await.map_err(|_| Code::Internal)?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "application/json")).body(format!("{{\"rooms\":{rooms}}}")))
}

/// `POST /api/rooms`: a room that stays: 201, or 200 if it was there.
///
/// # Errors
/// 400 `bad_room` for a name that is none, 403 for guests, 429 for someone who makes too many, 503 when there are too many.
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

/// `GET /api/rooms/{id}/events`: a page of the log, for those who are in the room.
///
/// # Errors
/// 403 `not_in_room` for everyone else, 400 for bounds that make no sense.
pub async fn get_events(
    SignedIn(login): SignedIn,
    id: web::Path<String>,
    bounds: web::Query<Bounds>,
    door: web::Data<Doorway>,
) -> Result<HttpResponse, HttpError> {
    let name = RoomName::parse(&id).map_err(|_| Code::BadRoom)?;
    let here = door.lobby.send(WhereIs(login.user.id)).await.map_err(|_| Code::Internal)?;
    if here.as_ref() != Some(name.id()) {
        return Err(Code::NotInRoom.into());
    }
    let page = history::page(bounds.before, bounds.after, bounds.limit)?;
    let (rows, more) = door.store.page(name.id(), page).await?;
    let events: Vec<Logged> = rows.iter().map(|row| row.logged(name.id())).collect();
    Ok(HttpResponse::Ok().json(Events { events: events.iter().map(|event| &*event.json).collect(), more }))
}
