//! Floor 8 · `web/guest`: coming in as a guest, with a user name and nothing else.

use std::time::{Duration, Instant};

use actix_web::{HttpRequest, HttpResponse, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::account::{Welcome, sign_in};
use super::context::Context;
use super::problem::{FieldError, HttpError};
use super::usernames;
use crate::clock::now_ms;
use crate::codes::Code;
use crate::limits::Source;
use crate::lobby::{ARRIVAL, Dismiss, Expect};
use crate::names::Username;
use crate::store::users::{Account, new_id};
use crate::user::Login;

/// Guests who may have names, for each socket there may be: as many as are here, and as many again who have gone and may come back.
const PER_SOCKET: usize = 2;
/// Guests who have gone and lose their names at once when there are too many: whoever comes then waits for it.
const DISMISSED_AT_ONCE: usize = 200;
/// How long to stay away when all guests are present.
const FULL: Duration = Duration::from_secs(10);

/// What someone says to come in as a guest.
#[derive(Clone, Default, Deserialize, ToSchema)]
pub struct Arrival {
    /// The name they want, shown to others, too.
    #[serde(default)]
    #[schema(value_type = Username, required = true)]
    pub username: String,
    /// Where to go then; forms alone have it.
    #[serde(default)]
    #[schema(ignore)]
    pub next: String,
}

/// Lets somebody in as a guest, where the settings do.
///
/// # Errors
/// Those of [`enter`].
#[utoipa::path(
    post,
    path = "/api/guest",
    tag = "accounts",
    request_body = Arrival,
    responses((
        status = 201,
        description = "The guest is in, and this is their login.",
        body = Welcome,
        headers(("Set-Cookie" = String, description = "The same login for a browser")),
    )),
    security(()),
    extensions(("x-refusals" = json!([Code::NotFound, Code::Invalid, Code::UsernameTaken, Code::RateLimited, Code::Busy])))
)]
pub async fn post_guest(
    request: HttpRequest,
    context: web::Data<Context>,
    body: Result<web::Json<Arrival>, actix_web::Error>,
) -> Result<HttpResponse, actix_web::Error> {
    // Where there are no guests there is nothing here, whatever is sent.
    if !context.settings.guests.allowed {
        return Err(HttpError::from(Code::NotFound).into());
    }
    let (_, account, token) = enter(&request, &context, &body?.username).await?;
    Ok(HttpResponse::Created().json(Welcome::new(&account, token)))
}

/// Lets somebody in as a guest with the name `username`: a new user, signed in with a fresh session, whose cookie goes out with the
/// answer to `request`; the login, the guest and the token of the login. The name is theirs as long as they are present: they have
/// [`ARRIVAL`] to open a session, and as long as a seat is kept to come back when they have lost it.
///
/// # Errors
/// 404 where guests are not let in, 422 with what is wrong with the name, 409 `username_taken` for a name that somebody has or that
/// looks like one, 429 when their address brings too many, 503 when there are too many.
pub async fn enter(request: &HttpRequest, context: &Context, username: &str) -> Result<(Login, Account, String), HttpError> {
    if !context.settings.guests.allowed {
        return Err(Code::NotFound.into());
    }
    let username = Username::parse(username).map_err(|error| HttpError::fields(vec![FieldError::new("username", error)]))?;
    let address = context.peer_address(request);
    if context.settings.limits() {
        let (source, now) = (Source::from(address), Instant::now());
        if let Some(wait) = context.tries.wait_to_come(source, now) {
            return Err(HttpError::too_fast(wait));
        }
        // Whatever comes of it: nobody finds out at leisure which names are taken.
        context.tries.came(source, now);
    }
    make_room(context).await?;
    usernames::free(context, &username).await?;
    let id = new_id();
    // First of all, so that nobody who finds the name in the store finds a guest who is not present.
    context.lobby.send(Expect { guests: vec![id], lasting: ARRIVAL }).await.map_err(|_| Code::Internal)?;
    let guest = context.store.create_guest(id, &username, now_ms()).await?;
    tracing::info!(event = "GUEST", user = %guest.user.username, %address, "a new guest");
    let (login, token) = sign_in(request, context, &guest).await?;
    Ok((login, guest, token))
}

/// Takes leave of some guests who are not present when there are as many as there may be.
async fn make_room(context: &Context) -> Result<(), HttpError> {
    let most = context.settings.bounds.sockets_max.saturating_mul(PER_SOCKET);
    if context.store.count_guests().await? < most {
        return Ok(());
    }
    let guests = context.store.guests().await?;
    let gone = context.lobby.send(Dismiss { guests, most: DISMISSED_AT_ONCE }).await.map_err(|_| Code::Internal)?;
    if gone.is_empty() {
        return Err(HttpError { retry_after: Some(FULL), ..HttpError::because(Code::Busy, "There are too many guests.") });
    }
    Ok(context.store.retire_guests(&gone).await?)
}

#[cfg(test)]
mod tests;
