//! Floor 8 · `web/record`: writes what is asked and answered over plain HTTP into the traffic log, at the addresses that ask for it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, web};
use bytes::BytesMut;
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::BODY_BYTES_MAX;
use super::guard::Visitor;
use crate::door::Doorway;
use crate::names::Username;
use crate::traffic::{Dir, Entry, Message, Traffic, Via};

/// Largest answer that is written down where not everything is; of a larger one its size is.
const ANSWER_BYTES_MAX: usize = 16 * 1024;
/// What an answer to a new guest has beside all that others may know.
const SECRET: &str = "token";

#[derive(Default, Serialize)]
struct Asked<'a> {
    method: &'a str,
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_event_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
    /// The body, if it is no JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    /// The size of a body that is no text; or what came of one that is too large.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
}

#[derive(Serialize)]
struct Answered<'a> {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Cow<'a, RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
}

/// One request of somebody, as it is written down.
struct Record {
    traffic: Traffic,
    user: Option<String>,
    answer_bytes_max: usize,
}

/// Lets a request pass, and writes it and its answer down: whose it is, method, path, status and answer; no header and no query.
///
/// # Errors
/// Those of what is behind it.
pub async fn record<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(traffic) = traffic(&request).filter(Traffic::is_on) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    // Whoever is not signed in is who they say they are.
    let user = username(&mut request).await.or_else(|| request.match_info().get("user").map(str::to_owned));
    let record = Record { traffic, user, answer_bytes_max: ANSWER_BYTES_MAX };
    record.is_asked(&Asked { method: request.method().as_str(), path: request.path(), ..Asked::default() });
    Ok(record.is_answered(next.call(request).await?))
}

/// The same where everything is written down, and nothing otherwise: with query, body, and the place a stream has come to.
///
/// # Errors
/// As there.
pub async fn record_whole<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let Some(traffic) = traffic(&request).filter(Traffic::takes_all) else {
        return Ok(next.call(request).await?.map_into_boxed_body());
    };
    let body = body(&mut request).await;
    let user = username(&mut request).await.or_else(|| wanted_username(&body));
    let record = Record { traffic, user, answer_bytes_max: usize::MAX };
    let is_whole = body.len() <= BODY_BYTES_MAX;
    let text = std::str::from_utf8(&body).ok().filter(|text| is_whole && !text.is_empty());
    let json = text.and_then(|text| serde_json::from_str(text).ok());
    record.is_asked(&Asked {
        method: request.method().as_str(),
        path: request.path(),
        query: Some(request.query_string()).filter(|query| !query.is_empty()),
        last_event_id: request.headers().get("last-event-id").and_then(|id| id.to_str().ok()),
        body: json,
        text: text.filter(|_| json.is_none()),
        bytes: Some(body.len()).filter(|bytes| *bytes > 0 && text.is_none()),
    });
    Ok(record.is_answered(next.call(request).await?))
}

impl Record {
    fn is_asked(&self, asked: &Asked<'_>) {
        self.note(Dir::In, asked);
    }

    fn is_answered<B: MessageBody + 'static>(&self, response: ServiceResponse<B>) -> ServiceResponse<BoxBody> {
        let (request, response) = response.into_parts();
        let (head, body) = response.into_parts();
        let status = head.status().as_u16();
        let body = match body.try_into_bytes() {
            Ok(bytes) => {
                let shown = (bytes.len() <= self.answer_bytes_max).then(|| without_secret(&bytes)).flatten();
                let size = shown.is_none().then_some(bytes.len());
                self.note(Dir::Out, &Answered { status, body: shown, bytes: size });
                BoxBody::new(bytes)
            }
            // A stream tells itself what it tells.
            Err(body) => {
                self.note(Dir::Out, &Answered { status, body: None, bytes: None });
                BoxBody::new(body)
            }
        };
        ServiceResponse::new(request, head.set_body(body))
    }

    fn note(&self, dir: Dir, message: &impl Serialize) {
        let message = serde_json::to_string(message).expect("our own types have string keys");
        let user = self.user.as_deref();
        self.traffic.note(&Entry { user, session: None, via: Via::Http, dir, message: Message::Ours(&message) });
    }
}

fn traffic(request: &ServiceRequest) -> Option<Traffic> {
    request.app_data::<web::Data<Doorway>>().map(|door| door.traffic.clone())
}

/// Who is signed in.
async fn username(request: &mut ServiceRequest) -> Option<String> {
    let Visitor(login) = request.extract::<Visitor>().await.ok()?;
    Some(login?.user.username.to_string())
}

/// The name that a guest asks for who is not here yet.
fn wanted_username(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Wanted {
        username: String,
    }
    let Wanted { username } = serde_json::from_slice(body).ok()?;
    Some(Username::parse(&username).ok()?.to_string())
}

/// The body of `request`, which still has it; of one that is too large, a part that is too large.
async fn body(request: &mut ServiceRequest) -> BytesMut {
    let mut payload = request.take_payload().fuse();
    let (mut body, mut broken) = (BytesMut::new(), None);
    while body.len() <= BODY_BYTES_MAX && broken.is_none() {
        match payload.next().await {
            Some(Ok(bytes)) => body.extend_from_slice(&bytes),
            Some(Err(error)) => broken = Some(error),
            None => break,
        }
    }
    let read = (!body.is_empty()).then(|| Ok(body.clone().freeze()));
    let again = stream::iter(read.into_iter().chain(broken.map(Err))).chain(payload);
    request.set_payload(Payload::Stream { payload: again.boxed_local() });
    body
}

/// An answer without what opens the door to its reader.
fn without_secret(answer: &[u8]) -> Option<Cow<'_, RawValue>> {
    let json: &RawValue = serde_json::from_slice(answer).ok()?;
    let Ok(mut fields) = serde_json::from_str::<BTreeMap<Cow<'_, str>, &RawValue>>(json.get()) else {
        return Some(Cow::Borrowed(json));
    };
    if fields.remove(SECRET).is_none() {
        return Some(Cow::Borrowed(json));
    }
    to_raw_value(&fields).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(answer: &str) -> Option<String> {
        without_secret(answer.as_bytes()).map(|json| json.get().to_owned())
    }

    #[test]
    fn an_answer_is_written_down_without_the_token_in_it() {
        assert_eq!(
            shown(r#"{"room":"r","token":"s3cret","members":[{"token":1}]}"#).unwrap(),
            r#"{"members":[{"token":1}],"room":"r"}"#
        );
        assert_eq!(shown(r#"{"room":"r","a\tb":1,"\u0074oken":"s3cret"}"#).unwrap(), r#"{"a\tb":1,"room":"r"}"#);
        for whole in [r#"{"room":"r"}"#, "[1]", r#""token""#] {
            assert_eq!(shown(whole).as_deref(), Some(whole));
        }
        assert_eq!(shown("<html>"), None);
    }
}
