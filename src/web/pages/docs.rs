//! Floor 8 · `web/pages`: the page of the API, for everyone: the description tells no secrets.

use actix_web::HttpResponse;
use askama::Template;

use super::Reader;
use crate::assets;
use crate::i18n::Locale;
use crate::web::guard::Visitor;
use crate::web::openapi;

/// The API, to read and to try.
#[derive(Template)]
#[template(path = "docs.html")]
struct DocsPage<'a> {
    t: Locale,
    build: &'a str,
    theme: &'a str,
    api: &'a str,
    username: String,
}

/// `GET /api/docs`.
pub async fn get_docs(reader: Reader, Visitor(login): Visitor) -> HttpResponse {
    let username = login.map(|login| login.user.username.to_string()).unwrap_or_default();
    reader.page(200, &DocsPage { t: reader.t, build: assets::build(), theme: reader.theme, api: openapi::PATH, username })
}
