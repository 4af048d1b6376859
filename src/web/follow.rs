//! Floor 8 · `web/follow`: the log of a room as Server-Sent Events: what was missed, then everything as it is said.

use actix_web::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};
use actix_web::{HttpRequest, HttpResponse, web};

use crate::codes::{Code, Rejection};
use crate::door::{Admission, Doorway, Here};
use crate::link::Outbox;
use crate::listener::{self, last_event_id};
use crate::lobby::Connect;
use crate::names::RoomName;
use crate::poller::refusal;
use crate::room::command::{PAGE_MAX, page_limit};
use crate::room::line::Ask;
use crate::room::pages::Since;
use crate::user::Login;
use crate::web::context::Context;
use crate::web::problem::HttpError;

/// The media type of Server-Sent Events.
pub const EVENT_STREAM: &str = "text/event-stream";

/// Whether `request` asks for a stream and not for a page.
pub fn wants_stream(request: &HttpRequest) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|part| part.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(EVENT_STREAM))
}

/// What the client of `headers` has already: the place it has come to, or the one it begins with.
fn ask(headers: &HeaderMap, before: Option<i64>, after: Option<i64>, limit: Option<i64>) -> Result<Ask, Rejection> {
    if before.is_some() {
        return Err(Rejection::because(Code::BadFrame, "A stream goes forward: give after, not before."));
    }
    page_limit(limit)?;
    // Whoever comes back says where it was, and still asks with the address it began with.
    let place = headers.get("last-event-id").map(|id| last_event_id(id.to_str().unwrap_or_default()));
    let since = place.or(after.map(|seq| Since { epoch: None, seq }));
    let limit = if since.is_some() { i64::try_from(PAGE_MAX).ok() } else { limit };
    Ok(Ask { since, limit })
}

/// Follows `room`, in which `login` must sit already.
///
/// # Errors
/// 403 `not_in_room` for everyone else; 401, 429 and 503 as for a socket.
pub async fn follow(
    request: &HttpRequest,
    login: Login,
    room: RoomName,
    (before, after, limit): (Option<i64>, Option<i64>, Option<i64>),
) -> Result<HttpResponse, HttpError> {
    let ask = ask(request.headers(), before, after, limit)?;
    let context = request.app_data::<web::Data<Context>>().ok_or(Code::Internal)?;
    let door = request.app_data::<web::Data<Doorway>>().ok_or(Code::Internal)?.get_ref().clone();
    let here = request.app_data::<web::Data<Here>>().ok_or(Code::Internal)?.get_ref().clone();
    let outbox = request.conn_data::<Outbox>().cloned().ok_or(Code::Internal)?;
    if context.is_draining() {
        return Err(Code::Busy.into());
    }
    let user = login.user.clone();
    let connect = Connect { login, worker: here.worker, address: context.peer_address(request) };
    let admitted = door.metrics.mailboxes.lobby.ask(&door.lobby, connect).await.map_err(|_| Code::Internal)?.map_err(refusal)?;
    let admission = Admission::new(&door, admitted.session);
    let body = listener::follow(listener::Entry { door, here, admission, user, outbox }, room, ask).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream; charset=utf-8"))
        // Whoever compresses or buffers would keep back what is to be heard at once; the first of these goes no further than our own
        // middleware.
        .insert_header((CONTENT_ENCODING, "identity"))
        .insert_header(("x-accel-buffering", "no"))
        .force_close()
        .streaming(body.into_stream()))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;
    use crate::ids::Epoch;

    fn asked(id: Option<&'static str>, before: Option<i64>, after: Option<i64>, limit: Option<i64>) -> Result<Ask, Rejection> {
        let request = id.into_iter().fold(TestRequest::get(), |request, id| request.insert_header(("last-event-id", id)));
        ask(request.to_http_request().headers(), before, after, limit)
    }

    #[test]
    fn whoever_comes_back_goes_on_from_where_it_was() {
        let since = |id, after| asked(id, None, after, None).unwrap().since;
        let at = |epoch: Option<&str>, seq| Some(Since { epoch: epoch.map(|epoch| Epoch(epoch.into())), seq });
        assert_eq!(since(Some("e:7"), Some(3)), at(Some("e"), 7));
        assert_eq!(since(None, Some(3)), at(None, 3));
        assert_eq!(since(None, None), None);
        assert_eq!(asked(None, Some(3), None, None).unwrap_err().code, Code::BadFrame);
        assert_eq!(asked(None, None, None, Some(0)).unwrap_err().code, Code::BadFrame);
        assert_eq!(asked(None, None, None, Some(7)).unwrap().limit, Some(7));
    }

    #[test]
    fn a_stream_is_asked_for_by_its_type() {
        let wants = |accept: &'static str| wants_stream(&TestRequest::get().insert_header((ACCEPT, accept)).to_http_request());
        assert!(wants("text/event-stream") && wants("application/json, Text/Event-Stream;q=0.5"));
        assert!(!wants("*/*") && !wants("text/html") && !wants_stream(&TestRequest::get().to_http_request()));
    }
}
