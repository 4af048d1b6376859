//! Floor 8 · `web/socket`: `GET /ws`. Everything is checked before the handshake is answered.

use actix_web::http::StatusCode;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};

use crate::codes::{Close, Code};
use crate::link::Upgraded;
use crate::lobby::{Connect, Refused};
use crate::session::{self, Admission, Doorway, Here};
use crate::web::context::Context;
use crate::web::guard::SignedIn;
use crate::web::origin::handshake_allowed;
use crate::web::problem::{HttpError, PROBLEM_JSON, Problem};

/// Opens the WebSocket of the chat. What is said on it is described in `docs/asyncapi.yaml`.
///
/// # Errors
/// 401 without a login, 403 from a foreign page, 429 and 503 when there are too many sockets.
#[utoipa::path(
    get,
    path = "/ws",
    tag = "rooms",
    params(
        ("Connection" = String, Header, description = "`Upgrade`", pattern = "^[Uu]pgrade$"),
        ("Upgrade" = String, Header, description = "`websocket`", pattern = "^websocket$"),
        ("Sec-WebSocket-Version" = String, Header, description = "`13`", pattern = "^13$"),
        ("Sec-WebSocket-Key" = String, Header, description = "16 random bytes in base64", pattern = "^[A-Za-z0-9+/]{21}[AQgw]==$"),
    ),
    responses(
        (status = 101, description = "The handshake is answered; frames follow. Too many sockets of one user are closed with 4503."),
        (status = 400, description = "`invalid`: This is not a WebSocket handshake.", body = Problem, content_type = PROBLEM_JSON),
        (status = 426, description = "`invalid`: This is not version 13.", body = Problem, content_type = PROBLEM_JSON),
    ),
    extensions(("x-refusals" = json!([Code::Forbidden, Code::RateLimited, Code::Busy])))
)]
pub async fn get_socket(
    request: HttpRequest,
    payload: web::Payload,
    SignedIn(login): SignedIn,
    context: web::Data<Context>,
    door: web::Data<Doorway>,
    here: web::Data<Here>,
) -> Result<HttpResponse, actix_web::Error> {
    if !handshake_allowed(&request, &context.settings) {
        return Err(HttpError::from(Code::Forbidden).into());
    }
    if context.is_draining() {
        return Err(HttpError::from(Code::Busy).into());
    }
    let upgraded = request.extensions().get::<Upgraded>().map(|Upgraded(outbox)| outbox.clone());
    let outbox = session::check_handshake(&request)
        .and_then(|()| upgraded.ok_or(StatusCode::BAD_REQUEST))
        .map_err(|status| HttpError::unreadable(status, "This is not a WebSocket handshake, version 13."))?;
    let address = context.peer_address(&request);
    let connect = Connect { login: login.clone(), worker: here.worker, address };
    let admitted = door.metrics.mailboxes.lobby.ask(&door.lobby, connect).await.map_err(|_| HttpError::from(Code::Internal))?;
    let door = door.get_ref().clone();
    let here = here.get_ref().clone();
    match admitted {
        Ok(admitted) => {
            let admission = Admission::new(&door, admitted.session);
            session::upgrade(&request, payload, session::Entry { door, here, login, rooms: admitted.rooms, admission, outbox })
        }
        Err(Refused::UserHasTooMany) => {
            door.metrics.closed(Close::TooMany);
            session::turn_away(&request, Close::TooMany)
        }
        Err(refused) => Err(HttpError::from(match refused {
            Refused::SignedOut => Code::Unauthenticated,
            Refused::AddressHasTooMany => Code::RateLimited,
            Refused::Full | Refused::Draining | Refused::UserHasTooMany => Code::Busy,
        })
        .into()),
    }
}
