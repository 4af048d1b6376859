//! Floor 8 · `web/pages`: the pages, drawn on the server. The forms work without JavaScript.

mod docs;
mod extension;
mod forms;
mod reader;
mod sentences;

pub use docs::get_docs;
pub use extension::{Page, asset};
pub use forms::{form_guest, form_login, form_register};
pub use reader::Reader;

use actix_web::http::header::LOCATION;
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::context::Context;
use super::guard::{Member, Visitor};
use super::problem::HttpError;
use crate::assets;
use crate::codes::Code;
use crate::i18n::Locale;
use crate::names::RoomName;

/// The cookie with the room someone was in last.
const ROOM_COOKIE: &str = "papo_room";
/// Characters of a room's id that an address shows as they are.
const PATH_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');

/// Signing in.
#[derive(Template)]
#[template(path = "login.html")]
struct LoginPage<'a> {
    t: Locale,
    build: &'a str,
    theme: &'a str,
    form: LoginForm,
    /// The way in as a guest; where there is none, nothing tells of it.
    guest: Option<GuestForm>,
}

/// What was filled in to sign in, and what is wrong with it.
#[derive(Clone, Debug, Default)]
struct LoginForm {
    login: String,
    next: String,
    error: String,
}

impl LoginPage<'_> {
    fn guest_failed(&self) -> bool {
        self.guest.as_ref().is_some_and(|guest| !guest.error.is_empty())
    }
}

/// What was filled in to come in as a guest, and what is wrong with it.
#[derive(Clone, Debug, Default)]
struct GuestForm {
    username: String,
    error: String,
}

/// Making an account.
#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage<'a> {
    t: Locale,
    build: &'a str,
    theme: &'a str,
    form: RegisterForm,
}

/// What was filled in to get an account, and what is wrong with it by field; `form` is the whole of it.
#[derive(Clone, Debug, Default)]
struct RegisterForm {
    name: String,
    username: String,
    email: String,
    next: String,
    errors: Vec<(String, String)>,
}

impl RegisterForm {
    fn error(&self, field: &str) -> &str {
        self.errors.iter().find(|(name, _)| name == field).map_or("", |(_, sentence)| sentence)
    }
}

/// A room.
#[derive(Template)]
#[template(path = "chat.html")]
struct ChatPage<'a> {
    t: Locale,
    build: &'a str,
    theme: &'a str,
    username: String,
    name: String,
    /// Since when they are a guest, in milliseconds, if they are one.
    guest: Option<i64>,
    /// Files that a message of theirs may have.
    files: u32,
    room: String,
    version: &'a str,
}

/// What went wrong.
#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    t: Locale,
    build: &'a str,
    theme: &'a str,
    status: u16,
    title: String,
    text: String,
}

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Next {
    next: String,
}

/// `GET /`: to the room one was in last, or to the first one; visitors sign in.
pub async fn get_home(request: HttpRequest, context: web::Data<Context>, Visitor(login): Visitor) -> HttpResponse {
    if login.is_none() {
        return to("/login");
    }
    let kept = request.cookie(ROOM_COOKIE).and_then(|cookie| {
        let name = percent_encoding::percent_decode_str(cookie.value()).decode_utf8().ok()?;
        RoomName::parse(&name).ok()
    });
    match kept.as_ref().or(context.settings.rooms.first()) {
        Some(room) => to(&room_path(room)),
        None => error_page(&request, &Code::NotFound.into()),
    }
}

/// `GET /login`.
pub async fn get_login(
    reader: Reader,
    context: web::Data<Context>,
    Visitor(login): Visitor,
    next: web::Query<Next>,
) -> HttpResponse {
    if login.is_some() {
        return to(safe_next(&next.next));
    }
    let form = LoginForm { next: safe_next_or_none(&next.next), ..LoginForm::default() };
    login_page(&reader, &context, 200, form, GuestForm::default())
}

/// `GET /guest`: where the form of guests leads to is no page of its own; a reload, or another language, finds the form again.
pub async fn get_guest(request: HttpRequest, context: web::Data<Context>) -> HttpResponse {
    if !context.settings.guests.allowed {
        return error_page(&request, &Code::NotFound.into());
    }
    match request.query_string() {
        "" => to("/login"),
        query => to(&format!("/login?{query}")),
    }
}

fn login_page(reader: &Reader, context: &Context, status: u16, form: LoginForm, guest: GuestForm) -> HttpResponse {
    let guest = context.settings.guests.allowed.then_some(guest);
    reader.page(status, &LoginPage { t: reader.t, build: assets::build(), theme: reader.theme, form, guest })
}

/// `GET /register`.
pub async fn get_register(reader: Reader, Visitor(login): Visitor, next: web::Query<Next>) -> HttpResponse {
    if login.is_some() {
        return to(safe_next(&next.next));
    }
    let form = RegisterForm { next: safe_next_or_none(&next.next), ..RegisterForm::default() };
    reader.page(200, &RegisterPage { t: reader.t, build: assets::build(), theme: reader.theme, form })
}

/// `GET /rooms/{id}`.
pub async fn get_room(
    request: HttpRequest,
    reader: Reader,
    context: web::Data<Context>,
    member: Result<Member, HttpError>,
    id: web::Path<String>,
) -> HttpResponse {
    let account = match member {
        Ok(Member(_, account)) => account,
        Err(error) if error.code == Code::Unauthenticated => return to_login(&request),
        Err(error) => return error_page(&request, &error),
    };
    let Ok(room) = RoomName::parse(&id) else {
        let (title, text) = (reader.t.get("room-bad-title"), reader.t.get("room-bad-text"));
        let page = ErrorPage { t: reader.t, build: assets::build(), theme: reader.theme, status: 404, title, text };
        return reader.page(404, &page);
    };
    if *room.id().0 != **id {
        return to(&room_path(&room));
    }
    let may_attach = context.settings.guests.may_send_files(account.user.guest);
    let page = ChatPage {
        t: reader.t,
        build: assets::build(),
        theme: reader.theme,
        username: account.user.username.to_string(),
        name: account.user.name.to_string(),
        guest: account.user.guest.then_some(account.created_at),
        files: if may_attach { context.settings.bounds.upload_files_max } else { 0 },
        room: room.id().to_string(),
        version: env!("CARGO_PKG_VERSION"),
    };
    reader.page(200, &page)
}

/// `error` for people.
pub fn error_page(request: &HttpRequest, error: &HttpError) -> HttpResponse {
    error_page_for(&Reader::of(request), error)
}

/// `error` for this reader.
pub fn error_page_for(reader: &Reader, error: &HttpError) -> HttpResponse {
    let status = error.status.as_u16();
    // There are sentences for these; any other status is told by its kind.
    let told = match status {
        400 | 403 | 404 | 413 | 429 | 500 | 503 => status,
        405 => 404,
        507 => 413,
        400..500 => 400,
        _ => 500,
    };
    let title = reader.t.get(&format!("error-{told}-title"));
    let text = reader.t.get(&format!("error-{told}-text"));
    let mut answer =
        reader.page(status, &ErrorPage { t: reader.t, build: assets::build(), theme: reader.theme, status, title, text });
    if let Some(seconds) = error.retry_after_s() {
        answer.headers_mut().insert(actix_web::http::header::RETRY_AFTER, seconds.into());
    }
    answer
}

/// `error` in the language of those who say which one is theirs; programs that say none get it as it is.
pub fn in_words_of(request: &HttpRequest, error: &HttpError) -> HttpError {
    match Reader::asked_for(request) {
        Some(t) => sentences::translated(t, error),
        None => error.clone(),
    }
}

/// To the page for signing in, and back here then.
///
/// ```
/// let request = actix_web::test::TestRequest::with_uri("/game?level=2").to_http_request();
/// let answer = papo::http::to_login(&request);
/// assert_eq!(answer.status(), 303);
/// assert_eq!(answer.headers().get("location").unwrap(), "/login?next=%2Fgame%3Flevel%3D2");
/// ```
pub fn to_login(request: &HttpRequest) -> HttpResponse {
    let here = request.uri().path_and_query().map_or("/", |here| here.as_str());
    to(&format!("/login?next={}", utf8_percent_encode(here, NON_ALPHANUMERIC)))
}

/// 303 to `path` of this server.
fn to(path: &str) -> HttpResponse {
    let path = utf8_percent_encode(path, CONTROLS).to_string();
    HttpResponse::SeeOther().insert_header((LOCATION, path)).finish()
}

fn room_path(room: &RoomName) -> String {
    format!("/rooms/{}", utf8_percent_encode(&room.id().0, PATH_SEGMENT))
}

/// `next` if it is a path of this server, otherwise the start page. `//host` and `/\host` are other servers to browsers.
fn safe_next(next: &str) -> &str {
    let own = next.starts_with('/') && !next[1..].starts_with(['/', '\\']) && !next.contains(char::is_control);
    if own { next } else { "/" }
}

fn safe_next_or_none(next: &str) -> String {
    if safe_next(next) == next { next.to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests;
