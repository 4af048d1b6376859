//! Floor 8 · `web/origin`: which pages may act through a browser: our own, and those of the allow list.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, ORIGIN};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, web};

use super::context::Context;
use super::forwarded::{Asked, asked};
use super::guard::bearer;
use super::problem::HttpError;
use crate::codes::Code;
use crate::settings::{Origin, Settings};

/// Whether a page from `origin` may use the server that was asked like this: it is our own page, or on the allow list.
/// Without an origin the answer is no.
pub fn origin_allowed(origin: Option<&str>, asked: Asked<'_>, settings: &Settings) -> bool {
    let Some(Ok(origin)) = origin.map(str::parse::<Origin>) else { return false };
    let reach = &settings.reach;
    reach.public_url.as_ref() == Some(&origin)
        || reach.allowed_origins.contains(&origin)
        || own_origin(asked, settings).as_ref() == Some(&origin)
}

/// Where our own pages come from when the server is asked like this.
fn own_origin(asked: Asked<'_>, settings: &Settings) -> Option<Origin> {
    let scheme = if asked.https { "https" } else { "http" };
    // The same spelling rules for both, so that a port the browser leaves out is not missed.
    let own = format!("{scheme}://{}", asked.host).parse::<Origin>().ok()?;
    // Browsers come to the public host in one way: a page of `http://` there may be anyone's who stands in between.
    let public = settings.reach.public_url.as_ref().filter(|public| public.authority() == own.authority());
    Some(public.cloned().unwrap_or(own))
}

/// Whether a WebSocket may be opened by `request`: with a token of its own, or from an allowed page.
/// A cookie alone proves nothing, because browsers send it along from any page.
pub fn handshake_allowed(request: &HttpRequest, settings: &Settings) -> bool {
    match page_of(request.headers()) {
        Page::Of(origin) => of_page(request, origin, settings),
        Page::Unclear => false,
        Page::None => bearer(request).is_some(),
    }
}

/// Whether `request` may be asked by a page from `origin`.
fn of_page(request: &HttpRequest, origin: &str, settings: &Settings) -> bool {
    let asked = asked(request, &settings.reach.trusted_proxies);
    let allowed = origin_allowed(Some(origin), asked, settings);
    if !allowed && !asked.https && origin_allowed(Some(origin), Asked { https: true, ..asked }, settings) {
        // Our own host, but not our scheme: most likely there is TLS in front, and nobody has said so.
        tracing::warn!(event = "OTHER_SCHEME", origin, "a page was refused; if it is from here, say --public-url {origin}");
    }
    allowed
}

/// Refuses every change that another site's page asks for.
///
/// # Errors
/// [`Code::Forbidden`] for those, and what comes from further inside.
pub async fn guard<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    if request.method().is_safe() || is_own(request.request()) {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let refusal = HttpError::because(Code::Forbidden, "This page may not do that here.");
    Ok(request.error_response(refusal))
}

fn is_own(request: &HttpRequest) -> bool {
    let Some(context) = request.app_data::<web::Data<Context>>() else { return false };
    let headers = request.headers();
    match page_of(headers) {
        Page::Of(origin) => of_page(request, origin, &context.settings),
        Page::Unclear => false,
        // No browser: programs send no `Origin`. A browser without one still says where the page is from.
        Page::None => headers.get("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none"),
    }
}

/// Which page a request says it comes from.
enum Page<'a> {
    /// It does not say.
    None,
    /// This one.
    Of(&'a str),
    /// More than one, or nothing that can be read.
    Unclear,
}

fn page_of(headers: &HeaderMap) -> Page<'_> {
    let mut values = headers.get_all(ORIGIN);
    match (values.next().map(|origin| origin.to_str()), values.next()) {
        (None, _) => Page::None,
        (Some(Ok(origin)), None) => Page::Of(origin),
        _ => Page::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn settings() -> Settings {
        let mut settings = Settings::for_tests(std::path::Path::new("nowhere"));
        settings.reach.public_url = Some("https://papo.example".parse().unwrap());
        settings.reach.allowed_origins = vec!["https://app.example".parse().unwrap()];
        settings
    }

    #[test]
    fn only_our_own_pages_and_the_allow_list_may_act() {
        let allowed = |origin, host| origin_allowed(origin, Asked { https: false, host }, &settings());
        assert!(allowed(Some("http://localhost:8080"), "localhost:8080"));
        assert!(allowed(Some("http://localhost"), "localhost:80"));
        assert!(allowed(Some("https://papo.example"), "10.0.0.1:8080"));
        assert!(allowed(Some("https://papo.example"), "papo.example"));
        assert!(allowed(Some("https://app.example"), "papo.example"));
        for (origin, host) in [
            (None, "papo.example"),
            (Some("null"), "papo.example"),
            (Some(""), ""),
            (Some("http://localhost:8081"), "localhost:8080"),
            (Some("https://papo.example.evil.example"), "papo.example"),
            (Some("https://evil.example/papo.example"), "papo.example"),
            (Some("http://app.example"), "papo.example"),
            (Some("https://papo.example@evil.example"), "papo.example"),
        ] {
            assert!(!allowed(origin, host), "{origin:?} {host}");
        }
    }

    #[test]
    fn our_own_page_comes_by_the_scheme_by_which_we_are_asked() {
        let allowed = |origin, https, host| origin_allowed(Some(origin), Asked { https, host }, &settings());
        assert!(allowed("https://chat.example", true, "chat.example:443"));
        assert!(!allowed("https://chat.example", false, "chat.example"));
        assert!(!allowed("http://chat.example", true, "chat.example"));
        // The public host has the scheme of the public address, whatever the proxy in front says or leaves out.
        assert!(allowed("https://papo.example", false, "papo.example"));
        assert!(!allowed("http://papo.example", false, "papo.example"));
    }

    #[test]
    fn a_handshake_needs_an_allowed_page_or_a_token() {
        let asks = |headers: &[(&'static str, &'static str)]| {
            let request = TestRequest::get().insert_header(("host", "localhost:1"));
            let request = headers.iter().fold(request, |request, header| request.append_header(*header));
            handshake_allowed(&request.to_http_request(), &settings())
        };
        assert!(asks(&[("origin", "http://localhost:1")]));
        assert!(asks(&[("authorization", "Bearer x")]));
        assert!(!asks(&[("cookie", "papo=x")]));
        assert!(!asks(&[("cookie", "papo=x"), ("authorization", "Basic x")]));
        assert!(!asks(&[("authorization", "Bearer x"), ("origin", "https://evil.example")]));
        assert!(!asks(&[("origin", "http://localhost:1"), ("origin", "https://evil.example")]));
    }
}
