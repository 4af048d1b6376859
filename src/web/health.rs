//! Floor 8 · `web/health`: for whoever watches the server: is it alive, and can it serve?

use std::time::Duration;

use actix_web::http::header::ContentType;
use actix_web::{HttpResponse, web};

use super::context::Context;
use super::problem::HttpError;
use crate::codes::Code;
use crate::lobby::CountSockets;

/// A lobby that takes longer than this has too much to do for anybody new.
const LOBBY_TIMEOUT: Duration = Duration::from_secs(2);

/// Answers as long as the process does.
#[utoipa::path(get, path = "/healthz", tag = "server", responses((status = 200, description = "`ok`", body = String)), security(()))]
pub async fn get_healthz() -> &'static str {
    "ok"
}

/// Tells whether the server takes work: its database answers, and it is not going down.
///
/// # Errors
/// 503 otherwise.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "server",
    responses((status = 200, description = "`ok`", body = String)),
    security(()),
    extensions(("x-refusals" = json!([Code::Busy])))
)]
pub async fn get_readyz(context: web::Data<Context>) -> Result<HttpResponse, HttpError> {
    if context.is_draining() {
        return Err(HttpError::because(Code::Busy, "The server is going down."));
    }
    if !context.store.alive().await {
        return Err(HttpError::because(Code::Busy, "The database does not answer."));
    }
    let lobby = tokio::time::timeout(LOBBY_TIMEOUT, context.lobby.send(CountSockets)).await;
    if !matches!(lobby, Ok(Ok(_))) {
        return Err(HttpError::because(Code::Busy, "The lobby does not answer."));
    }
    Ok(HttpResponse::Ok().content_type(ContentType::plaintext()).body("ok"))
}
