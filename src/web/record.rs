//! Floor 8 · `web/record`: writes what is asked and answered over plain HTTP into the traffic log, at the addresses that ask for it.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{Error, web};
use serde::Serialize;
use serde_json::value::RawValue;

use super::guard::Visitor;
use crate::door::Doorway;
use crate::traffic::{Dir, Entry, Message, Traffic, Via};

/// Largest body that is written down; of a larger one its size is.
const BODY_BYTES_MAX: usize = 16 * 1024;

#[derive(Serialize)]
struct Asked<'a> {
    method: &'a str,
    path: &'a str,
}

#[derive(Serialize)]
struct Answered<'a> {
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<usize>,
}

/// Lets a request pass, and writes it and its answer down: whose it is, method, path, status and body; no header and no query.
///
/// # Errors
/// Those of what is behind it.
pub async fn record<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let traffic = request.app_data::<web::Data<Doorway>>().map(|door| door.traffic.clone()).filter(Traffic::is_on);
    let Some(traffic) = traffic else { return Ok(next.call(request).await?.map_into_boxed_body()) };
    // Whoever is not signed in is who they say they are.
    let login = request.extract::<Visitor>().await.ok().and_then(|Visitor(login)| login);
    let user = match login {
        Some(login) => Some(login.user.username.to_string()),
        None => request.match_info().get("user").map(str::to_owned),
    };
    let note = |dir, message: &str| {
        traffic.note(&Entry { user: user.as_deref(), session: None, via: Via::Http, dir, message: Message::Ours(message) });
    };
    note(Dir::In, &json(&Asked { method: request.method().as_str(), path: request.path() }));
    let (request, response) = next.call(request).await?.into_parts();
    let (head, body) = response.into_parts();
    let status = head.status().as_u16();
    let body = match body.try_into_bytes() {
        Ok(bytes) => {
            let shown = (bytes.len() <= BODY_BYTES_MAX).then(|| serde_json::from_slice(&bytes).ok()).flatten();
            let size = shown.is_none().then_some(bytes.len());
            note(Dir::Out, &json(&Answered { status, body: shown, bytes: size }));
            BoxBody::new(bytes)
        }
        Err(body) => {
            note(Dir::Out, &json(&Answered { status, body: None, bytes: None }));
            BoxBody::new(body)
        }
    };
    Ok(ServiceResponse::new(request, head.set_body(body)))
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("our own types have string keys")
}
