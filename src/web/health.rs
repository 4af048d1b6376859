//! Floor 8 · `web/health`: for whoever watches the server: is it alive, and can it serve?

use actix_web::{HttpResponse, web};

use super::context::Context;
use super::problem::HttpError;
use crate::codes::Code;

/// `GET /healthz`: the process answers.
pub async fn get_healthz() -> &'static str {
    "ok"
}

/// `GET /readyz`: the server takes work: its database answers, and it is not going down.
///
/// # Errors
/// 503 otherwise.
pub async fn get_readyz(context: web::Data<Context>) -> Result<HttpResponse, HttpError> {
    if context.is_draining() {
        return Err(HttpError::because(Code::Busy, "The server is going down."));
    }
    if !context.store.alive().await {
        return Err(HttpError::because(Code::Busy, "The database does not answer."));
    }
    if !context.lobby.connected() {
        return Err(HttpError::because(Code::Busy, "The lobby does not answer."));
    }
    Ok(HttpResponse::Ok().body("ok"))
}
