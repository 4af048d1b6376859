//! Floor 8 · `web/at`: a row of the route table: an address, and what answers each of its methods.

use std::future::ready;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::http::Method;
use actix_web::http::header::{ALLOW, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route, guard as only, web};

use super::problem::HttpError;
use super::record;
use crate::codes::Code;

/// An address with its methods; any other method, also one nobody has heard of, is refused and told these (RFC 9110 §15.5.6).
///
/// ```
/// use actix_web::{HttpResponse, web};
/// use papo::http::{At, at};
///
/// async fn get_coin(user: web::Path<String>) -> HttpResponse {
///     HttpResponse::Ok().json(user.into_inner())
/// }
///
/// async fn post_coin() -> HttpResponse {
///     HttpResponse::Created().finish()
/// }
///
/// async fn put_coin() -> HttpResponse {
///     HttpResponse::NoContent().finish()
/// }
///
/// /// Programs read it in the traffic log, too.
/// fn coins() -> At {
///     at("/coins/{user}").get(get_coin).post(post_coin).put(put_coin).logged()
/// }
///
/// let builder = papo::App::builder().routes(|routes| {
///     routes.service(coins());
/// });
/// ```
pub struct At {
    resource: Resource,
    methods: Vec<Method>,
    logged: Logged,
}

/// What of an address goes into the traffic log.
enum Logged {
    Nothing,
    /// Always, unless the log is off.
    Short,
    /// With bodies and all, where everything is logged.
    Whole,
}

/// The address `path`, which answers no method yet.
///
/// ```
/// use actix_web::HttpResponse;
/// use papo::http::at;
///
/// let builder = papo::App::builder().routes(|routes| {
///     routes.service(at("/hello").get(async || HttpResponse::Ok().body("Olá!")));
/// });
/// ```
pub fn at(path: &str) -> At {
    At { resource: web::resource(path), methods: Vec::new(), logged: Logged::Nothing }
}

impl At {
    /// `GET`, and `HEAD` with it.
    #[must_use]
    pub fn get<F: Handler<Args>, Args: FromRequest + 'static>(self, handler: F) -> Self
    where
        F::Output: Responder + 'static,
    {
        self.on(&[Method::GET, Method::HEAD], web::route().guard(only::Any(only::Get()).or(only::Head())).to(handler))
    }

    /// `POST`.
    #[must_use]
    pub fn post<F: Handler<Args>, Args: FromRequest + 'static>(self, handler: F) -> Self
    where
        F::Output: Responder + 'static,
    {
        self.on(&[Method::POST], web::post().to(handler))
    }

    /// `PUT`.
    #[must_use]
    pub fn put<F: Handler<Args>, Args: FromRequest + 'static>(self, handler: F) -> Self
    where
        F::Output: Responder + 'static,
    {
        self.on(&[Method::PUT], web::put().to(handler))
    }

    /// What is asked and answered here goes into the traffic log unless that is off.
    #[must_use]
    pub fn logged(mut self) -> Self {
        self.logged = Logged::Short;
        self
    }

    /// Where clients talk: with `--traffic-log all`, what is asked and answered here is in the log whole.
    #[must_use]
    pub(crate) fn logged_whole(mut self) -> Self {
        self.logged = Logged::Whole;
        self
    }

    fn on(mut self, methods: &[Method], route: Route) -> Self {
        self.methods.extend_from_slice(methods);
        self.resource = self.resource.route(route);
        self
    }
}

impl HttpServiceFactory for At {
    fn register(self, app: &mut AppService) {
        let allow = self.methods.iter().map(Method::as_str).collect::<Vec<_>>().join(", ");
        let refuse = move || ready(not_allowed(&allow));
        let resource = self.resource.default_service(web::to(refuse));
        match self.logged {
            Logged::Nothing => resource.register(app),
            Logged::Short => resource.wrap(from_fn(record::record)).register(app),
            Logged::Whole => resource.wrap(from_fn(record::record_whole)).register(app),
        }
    }
}

fn not_allowed(allow: &str) -> HttpResponse {
    let mut answer = HttpResponse::from_error(HttpError::from(Code::MethodNotAllowed));
    answer.headers_mut().insert(ALLOW, HeaderValue::from_str(allow).expect("methods are made of letters"));
    answer
}
