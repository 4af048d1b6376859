//! Floor 8 · `web`: THE ROUTE TABLE, and what every request passes on its way to it.

pub mod account;
pub mod assets;
pub mod at;
pub mod context;
pub mod cors;
pub mod files;
pub mod follow;
pub mod forwarded;
pub mod guard;
pub mod guest;
pub mod headers;
pub mod health;
mod measure;
pub mod metrics;
pub mod openapi;
pub mod origin;
pub mod pages;
pub mod policy;
pub mod polling;
pub mod problem;
mod record;
mod refusals;
pub mod rooms;
pub mod socket;
pub mod uploads;
pub mod usernames;

pub use context::Context;

use actix_identity::IdentityMiddleware;
use actix_identity::config::LogoutBehavior;
use actix_session::SessionMiddleware;
use actix_session::config::{CookieContentSecurity, PersistentSession};
use actix_web::body::BoxBody;
use actix_web::cookie::SameSite;
use actix_web::cookie::time::Duration;
use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::error::{JsonPayloadError, UrlencodedError};
use actix_web::http::StatusCode;
use actix_web::middleware::{Compress, Condition, from_fn};
use actix_web::{App, Error, web};

use self::at::at;
use self::problem::{HttpError, not_found};
use crate::codes::Code;
use crate::store::logins::{LASTING, LoginStore};

/// Most bytes of a JSON body or a form: larger than anything that has a use, and the same as a frame.
const BODY_BYTES_MAX: usize = 64 * 1024;

/// The whole application. `more` adds the routes of the actors to those that know who is asking.
pub fn app(
    context: web::Data<Context>,
    more: impl FnOnce(&mut web::ServiceConfig),
) -> App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>> {
    let sessions = session_middleware(&context);
    let cors = Condition::new(!context.settings.reach.allowed_origins.is_empty(), cors::cors(&context.settings));
    // The last one listed is the first one passed.
    App::new()
        .app_data(context)
        .configure(extractors)
        .configure(open)
        .service(
            web::scope("")
                .wrap(IdentityMiddleware::builder().logout_behavior(LogoutBehavior::PurgeSession).build())
                .wrap(sessions)
                .configure(configure)
                .configure(more)
                .default_service(web::to(not_found)),
        )
        .default_service(web::to(not_found))
        .wrap(from_fn(origin::guard))
        .wrap(Compress::default())
        .wrap(cors)
        .wrap(from_fn(headers::finish))
        .wrap(from_fn(measure::measure))
}

/// The routes that know who is asking.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes
        .service(at("/").get(pages::get_home))
        .service(at("/login").get(pages::get_login).post(pages::form_login))
        .service(at("/guest").get(pages::get_guest).post(pages::form_guest))
        .service(at("/register").get(pages::get_register).post(pages::form_register))
        .service(at("/rooms/{id}").get(pages::get_room))
        .service(at("/api/docs").get(pages::get_docs))
        .service(at("/api/register").post(account::post_register))
        .service(at("/api/login").post(account::post_login))
        .service(at("/api/guest").post(guest::post_guest))
        .service(at("/api/logout").post(account::post_logout))
        .service(at("/api/openapi.json").get(openapi::get_openapi))
        .service(at("/api/me").get(account::get_me))
        .service(at("/api/users/{username}").get(account::get_user))
        .service(at("/api/uploads").post(uploads::post_uploads))
        .service(at("/static/{name}").get(files::get_file))
        .service(at("/ws").get(socket::get_socket))
        .service(at("/api/rooms").get(rooms::get_rooms).post(rooms::post_rooms))
        .service(at("/api/rooms/{id}/events").get(rooms::get_events).logged_whole())
        .service(at("/join").post(polling::post_join).logged_whole())
        .service(at("/leave").post(polling::post_leave).logged_whole())
        .service(at("/send").post(polling::post_send).logged_whole())
        .service(at("/receive").get(polling::get_receive).logged_whole())
        .service(at("/user_rooms").get(polling::get_user_rooms).logged_whole());
}

/// The routes that need not know who is asking, and so read no session.
fn open(routes: &mut web::ServiceConfig) {
    routes
        .service(at("/healthz").get(health::get_healthz))
        .service(at("/readyz").get(health::get_readyz))
        .service(at("/metrics").get(metrics::get_metrics))
        .service(at("/favicon.ico").get(assets::get_favicon))
        .service(at("/assets/{build}/{path:.*}").get(assets::get_asset));
}

/// Sessions in the store, found by a sealed cookie.
pub fn session_middleware(context: &Context) -> SessionMiddleware<LoginStore> {
    let https = context.settings.is_https();
    // The prefix makes browsers hold that the cookie came by TLS, from this very host.
    let name = if https { "__Host-papo" } else { "papo" };
    let lasting = Duration::seconds(i64::try_from(LASTING.as_secs()).unwrap_or(i64::MAX));
    SessionMiddleware::builder(LoginStore(context.store.clone()), context.key.clone())
        .cookie_name(name.to_owned())
        .cookie_secure(https)
        .cookie_http_only(true)
        .cookie_same_site(SameSite::Lax)
        .cookie_path("/".to_owned())
        .cookie_content_security(CookieContentSecurity::Private)
        .session_lifecycle(PersistentSession::default().session_ttl(lasting))
        .build()
}

/// How bodies and addresses are read, and what is said when they cannot be.
fn extractors(app: &mut web::ServiceConfig) {
    let json = web::JsonConfig::default().limit(BODY_BYTES_MAX).error_handler(|error, _| {
        let status = match error {
            JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => return too_large(),
            JsonPayloadError::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::BAD_REQUEST,
        };
        HttpError::unreadable(status, "This is not the JSON object that was expected.").into()
    });
    let form = web::FormConfig::default().limit(BODY_BYTES_MAX).error_handler(|error, _| {
        let status = match error {
            UrlencodedError::Overflow { .. } => return too_large(),
            UrlencodedError::ContentType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            _ => StatusCode::BAD_REQUEST,
        };
        HttpError::unreadable(status, "This is not the form that was expected.").into()
    });
    let query = web::QueryConfig::default()
        .error_handler(|_, _| HttpError::unreadable(StatusCode::BAD_REQUEST, "The query of this address cannot be read.").into());
    // An address that cannot be read leads nowhere.
    let path = web::PathConfig::default().error_handler(|_, _| HttpError::from(Code::NotFound).into());
    app.app_data(json).app_data(form).app_data(query).app_data(path).app_data(web::PayloadConfig::new(BODY_BYTES_MAX));
}

fn too_large() -> Error {
    HttpError::because(Code::TooLarge, format!("A body may have {BODY_BYTES_MAX} bytes.")).into()
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
