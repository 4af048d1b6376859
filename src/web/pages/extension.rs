//! Floor 8 · `web/pages`: pages of extensions, in the frame of the house: its theme, its language, its policy.

use actix_web::HttpResponse;
use askama::Template;

use super::Reader;
use crate::assets;
use crate::i18n::Locale;
use crate::user::User;

/// A page of an extension for someone who is signed in.
///
/// The frame brings the head with theme and language, the styles of the house and an empty `<div id="app">`, whose `data-username`,
/// `data-name`, `data-guest`, `data-lang` and `data-build` tell scripts who reads and in which language. The policy of the house
/// holds: no script and no style within the page, and nothing from another origin.
///
/// ```
/// use actix_web::{HttpRequest, HttpResponse};
/// use papo::http::{Page, Reader, Visitor, asset, at, to_login};
///
/// async fn get_game(request: HttpRequest, reader: Reader, Visitor(login): Visitor) -> HttpResponse {
///     let Some(login) = login else { return to_login(&request) };
///     let page = Page {
///         title: "Jogo".into(),
///         styles: vec![asset("css/forms.css")],
///         scripts: vec!["/game.js".into()],
///     };
///     page.answer(&reader, &login.user)
/// }
///
/// let builder = papo::App::builder().routes(|routes| {
///     routes.service(at("/game").get(get_game));
/// });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// Its title, before that of the house.
    pub title: String,
    /// Addresses of style sheets on this server.
    pub styles: Vec<String>,
    /// Addresses of modules on this server.
    pub scripts: Vec<String>,
}

#[derive(Template)]
#[template(path = "extension.html")]
struct ExtensionPage<'a> {
    t: Locale,
    build: &'a str,
    theme: &'a str,
    title: &'a str,
    styles: &'a [String],
    scripts: &'a [String],
    user: &'a User,
}

impl Page {
    /// The page as `reader` gets it, who is `user`.
    pub fn answer(&self, reader: &Reader, user: &User) -> HttpResponse {
        let Self { title, styles, scripts } = self;
        reader
            .page(200, &ExtensionPage { t: reader.t, build: assets::build(), theme: reader.theme, title, styles, scripts, user })
    }
}

/// The address of a file of the house's own front end, `css/forms.css` for instance. It changes with every build.
///
/// ```
/// assert!(papo::http::asset("css/forms.css").ends_with("/css/forms.css"));
/// ```
pub fn asset(path: &str) -> String {
    format!("/assets/{}/{path}", assets::build())
}
