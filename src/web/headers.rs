//! Floor 8 · `web/headers`: the last thing an answer passes: it gets its headers, and errors become pages for people.

use std::mem;
use std::panic::AssertUnwindSafe;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, CONTENT_ENCODING, HeaderMap, HeaderName};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, ResponseError, web};
use futures_util::FutureExt as _;

use super::context::Context;
use super::pages::{self, Reader};
use super::policy;
use super::problem::{BUSY, HttpError};
use crate::codes::Code;
use crate::metrics::Panicked;
use crate::telemetry::panic_text;

/// What the way back has added to an error by the time it becomes a problem or a page.
const KEPT: [&str; 7] = [
    "set-cookie",
    "allow",
    "vary",
    "content-range",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-expose-headers",
];

/// Gives back what was set aside for more headers than came: 5 KiB, which thousands of polls would hold while they wait.
fn pack(headers: &mut HeaderMap) {
    let came = mem::take(headers);
    *headers = HeaderMap::with_capacity(came.len_keys());
    came.into_iter().for_each(|(name, value)| headers.append(name, value));
}

/// Gives every answer its headers; an error becomes a problem, or a page for those who asked for one.
///
/// # Errors
/// Where a middleware failed before there was an answer: it becomes one on the way out, with its headers.
pub async fn finish<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.path() == "/receive" {
        pack(request.headers_mut());
    }
    let https = request.app_data::<web::Data<Context>>().is_some_and(|context| context.settings.is_https());
    // Whoever fails without an answer takes the request along, so it is asked before.
    let reader = wants_page(request.request()).then(|| Reader::of(request.request()));
    let metrics = request.app_data::<web::Data<Context>>().map(|context| context.metrics.clone());
    let called = AssertUnwindSafe(next.call(request)).catch_unwind().await.unwrap_or_else(|panic| {
        metrics.inspect(|metrics| metrics.panicked(Panicked::InRoute));
        tracing::error!(event = "ROUTE_PANICKED", reason = panic_text(panic), "what answers an address panicked");
        Err(HttpError::from(Code::Internal).into())
    });
    let answer = match called {
        Ok(answer) => answer.map_into_boxed_body(),
        Err(error) => {
            let error = error.as_error().cloned().unwrap_or_else(|| {
                // Sessions alone fail like this, and only when the store does; for them that is a 500.
                tracing::error!(event = "SESSION_FAILED", %error, "a session could not be read or kept");
                HttpError { retry_after: Some(BUSY), ..Code::Busy.into() }
            });
            return Err(Unanswered { error, reader, https }.into());
        }
    };
    let refused = answer.status().is_client_error() || answer.status().is_server_error();
    let mut answer = match answer.response().error().map(ours) {
        Some(error) => shown(answer, &error),
        // A library that refuses without a word.
        None if refused && answer.response().body().size().is_eof() => {
            let error = HttpError::from_status(answer.status());
            shown(answer, &error)
        }
        None => answer,
    };
    if answer.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding == "identity") {
        // It has kept the compressor away, which is all it is for (RFC 9110 §8.4.1).
        answer.headers_mut().remove(CONTENT_ENCODING);
    }
    policy::add(answer.headers_mut(), https);
    Ok(answer)
}

/// The error of a middleware, and for whom it is to be shown as a page.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
struct Unanswered {
    error: HttpError,
    reader: Option<Reader>,
    https: bool,
}

impl ResponseError for Unanswered {
    fn status_code(&self) -> StatusCode {
        self.error.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = match &self.reader {
            Some(reader) => pages::error_page_for(reader, &self.error),
            None => self.error.error_response(),
        };
        policy::add(answer.headers_mut(), self.https);
        answer
    }
}

/// `error` as one of ours; what a library says stays in the log.
fn ours(error: &actix_web::Error) -> HttpError {
    if let Some(error) = error.as_error::<HttpError>() {
        return error.clone();
    }
    let status = error.as_response_error().status_code();
    if status.is_server_error() {
        tracing::error!(event = "REQUEST_FAILED", status = status.as_u16(), %error, "a request failed");
    }
    HttpError::from_status(status)
}

/// `error` in the form that the one who asked can read.
fn shown(answer: ServiceResponse<BoxBody>, error: &HttpError) -> ServiceResponse<BoxBody> {
    let (request, old) = answer.into_parts();
    let page = wants_page(&request).then(|| {
        if error.status == StatusCode::UNAUTHORIZED {
            return pages::to_login(&request);
        }
        pages::error_page(&request, error)
    });
    let mut fresh = page.unwrap_or_else(|| pages::in_words_of(&request, error).error_response());
    for name in KEPT.map(HeaderName::from_static) {
        for value in old.headers().get_all(&name) {
            fresh.headers_mut().append(name.clone(), value.clone());
        }
    }
    ServiceResponse::new(request, fresh)
}

fn wants_page(request: &HttpRequest) -> bool {
    let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let for_programs =
        ["/api/", "/ws", "/assets/", "/healthz", "/readyz", "/metrics", "/join", "/leave", "/send", "/receive", "/user_rooms"];
    accept.contains("text/html")
        && !for_programs.iter().any(|path| request.path().starts_with(path))
        && request.content_type() != "application/json"
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{COOKIE, HeaderValue};

    use super::*;

    #[test]
    fn packed_headers_are_the_same_in_less_room() {
        let mut headers = HeaderMap::with_capacity(100);
        headers.append(COOKIE, HeaderValue::from_static("a=1"));
        headers.append(ACCEPT, HeaderValue::from_static("*/*"));
        headers.append(COOKIE, HeaderValue::from_static("b=2"));
        let (before, room) = (headers.clone(), headers.capacity());
        pack(&mut headers);
        assert!(headers.capacity() < room);
        assert!(headers.get_all(COOKIE).eq(before.get_all(COOKIE)) && headers.get(ACCEPT) == before.get(ACCEPT));
        assert_eq!(headers.len(), 3);
    }
}
