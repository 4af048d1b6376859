//! Floor 8 · `web/socket`: `GET /ws`. Everything is checked before the handshake is answered.

use actix_web::{HttpRequest, HttpResponse, web};

use crate::codes::{Close, Code};
use crate::link::Outbox;
use crate::lobby::{Connect, Refused};
use crate::session::{self, Admission, Doorway, Here};
use crate::web::context::Context;
use crate::web::guard::SignedIn;
use crate::web::origin::handshake_allowed;
use crate::web::problem::HttpError;

/// Opens a socket for whoever is signed in.
///
/// # Errors
/// 401 without a login, 403 from a foreign page, 429 and 503 when there are too many sockets.
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
    session::check_handshake(&request)
        .map_err(|status| HttpError::unreadable(status, "This is not a WebSocket handshake, version 13."))?;
    let outbox = request.conn_data::<Outbox>().cloned().ok_or_else(|| HttpError::from(Code::Internal))?;
    let address = context.peer_address(&request);
    let connect = Connect { login: login.clone(), worker: here.worker, address };
    let admitted = door.lobby.send(connect).await.map_err(|_| HttpError::from(Code::Internal))?;
    let door = door.get_ref().clone();
    let here = here.get_ref().clone();
    match admitted {
        Ok(admitted) => {
            let admission = Admission::new(door.lobby.clone(), admitted.session);
            session::upgrade(&request, payload, session::Entry { door, here, login, rooms: admitted.rooms, admission, outbox })
        }
        Err(Refused::UserHasTooMany) => session::turn_away(&request, Close::TooMany),
        Err(refused) => Err(HttpError::from(match refused {
            Refused::SignedOut => Code::Unauthenticated,
            Refused::AddressHasTooMany => Code::RateLimited,
            Refused::Full | Refused::Draining | Refused::UserHasTooMany => Code::Busy,
        })
        .into()),
    }
}
