//! Floor 8 · `web/pages`: who reads a page: in which language, in the light or in the dark.

use actix_web::cookie::{Cookie, SameSite, time};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::ACCEPT_LANGUAGE;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use askama::Template;
use futures_util::future::{Ready, ready};

use crate::i18n::Locale;
use crate::web::context::Context;
use crate::web::problem::HttpError;

/// The cookie with the language someone chose.
const LANG_COOKIE: &str = "papo_lang";
/// The cookie with the theme someone chose.
const THEME_COOKIE: &str = "papo_theme";
/// How long a choice is kept, in days.
const KEPT_DAYS: i64 = 365;

/// Who reads a page.
///
/// ```
/// use actix_web::HttpResponse;
/// use papo::http::{Page, Reader, SignedIn};
///
/// /// A page of nothing but its frame, in the language and the theme of its reader.
/// async fn get_empty(reader: Reader, SignedIn(login): SignedIn) -> HttpResponse {
///     Page { title: "Vazio".into(), ..Page::default() }.answer(&reader, &login.user)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// Their language.
    #[doc(hidden)]
    pub t: Locale,
    #[doc(hidden)]
    /// `light`, `dark`, or nothing for what their system says.
    pub theme: &'static str,
    /// Whether they asked for the language just now, so that it is to be kept.
    chose: bool,
    https: bool,
}

impl Reader {
    /// The reader of the answer to `request`.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let asked = request.query_string().split('&').find_map(|pair| pair.strip_prefix("lang="));
        let cookie = request.cookie(LANG_COOKIE);
        let accept = request.headers().get(ACCEPT_LANGUAGE).and_then(|accept| accept.to_str().ok());
        let theme = match request.cookie(THEME_COOKIE).as_ref().map(Cookie::value) {
            Some("light") => "light",
            Some("dark") => "dark",
            _ => "",
        };
        Self {
            t: Locale::choose(asked, cookie.as_ref().map(Cookie::value), accept),
            theme,
            chose: asked.and_then(Locale::named).is_some(),
            https: request.app_data::<web::Data<Context>>().is_some_and(|context| context.settings.is_https()),
        }
    }

    /// The language of `request`, if it says anything about that.
    pub(crate) fn asked_for(request: &HttpRequest) -> Option<Locale> {
        let says = request.headers().contains_key(ACCEPT_LANGUAGE) || request.cookie(LANG_COOKIE).is_some();
        says.then(|| Self::of(request).t)
    }

    /// `page` as the answer; a language that was just chosen goes into a cookie.
    pub(crate) fn page(&self, status: u16, page: &impl Template) -> HttpResponse {
        let Ok(text) = page.render() else { return HttpResponse::InternalServerError().finish() };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = HttpResponse::build(status);
        answer.content_type("text/html; charset=utf-8").insert_header(("vary", "Accept-Language, Cookie"));
        if self.chose {
            // The page reads it too, so it is not `HttpOnly`; it is no secret.
            let cookie = Cookie::build(LANG_COOKIE, self.t.lang())
                .path("/")
                .same_site(SameSite::Lax)
                .secure(self.https)
                .max_age(time::Duration::days(KEPT_DAYS));
            answer.cookie(cookie.finish());
        }
        answer.body(text)
    }
}

impl FromRequest for Reader {
    type Error = HttpError;
    type Future = Ready<Result<Self, HttpError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}
