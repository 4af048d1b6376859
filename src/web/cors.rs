//! Floor 8 · `web/cors`: which pages of other sites may read our answers: those of the allow list, and without one nobody.

use actix_cors::Cors;
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HeaderName, RETRY_AFTER};

use crate::settings::{Origin, Settings};

/// How long browsers may remember what they were told, in seconds. Chromium takes no more than two hours.
const MAX_AGE_S: usize = 3600;

/// The answer to every page that asks, by name and never `*`, because it may come with a cookie.
pub fn cors(settings: &Settings) -> Cors {
    let allowed = settings.reach.allowed_origins.clone();
    Cors::default()
        .allowed_origin_fn(move |origin, _| {
            let origin = origin.to_str().ok().and_then(|origin| origin.parse::<Origin>().ok());
            origin.is_some_and(|origin| allowed.contains(&origin))
        })
        .allowed_methods([Method::GET, Method::HEAD, Method::POST, Method::PUT])
        .allowed_headers([
            ACCEPT,
            AUTHORIZATION,
            CACHE_CONTROL,
            CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("last-event-id"),
        ])
        .expose_headers([RETRY_AFTER])
        .supports_credentials()
        .max_age(MAX_AGE_S)
}
