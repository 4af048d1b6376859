//! Floor 8 · `web/metrics`: `GET /metrics`, and who may read it.

mod gather;

use actix_web::http::header::{ACCEPT, CONTENT_ENCODING, HeaderMap, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use secrecy::{ExposeSecret as _, SecretString};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::context::Context;
use super::guard::bearer;
use super::problem::HttpError;
use crate::codes::Code;
use crate::settings::Readers;

pub use self::gather::Watched;

/// The format that every tool reads.
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";
/// The newer one, for whoever asks for it.
const OPENMETRICS: &str = "application/openmetrics-text";
/// What proxies write into a request that they pass on.
const OF_PROXIES: [&str; 7] =
    ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-port", "x-real-ip", "via"];

/// What the server counts of itself, for Prometheus; `docs/METRICS.md` tells what it means. Read by whoever connects from the machine
/// itself, or brings the token of `--metrics-token-file`.
///
/// # Errors
/// 401 for a token that is not good, or where one would help; 403 for whoever comes from elsewhere; 404 where it is off.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "server",
    responses((
        status = 200,
        description = "The text format of Prometheus (0.0.4); OpenMetrics 1.0 for whoever accepts it.",
        content((String = "text/plain"), (String = "application/openmetrics-text"))
    )),
    security((), ("metrics" = [])),
    extensions(("x-refusals" = json!([Code::Unauthenticated, Code::Forbidden, Code::NotFound])))
)]
pub async fn get_metrics(
    request: HttpRequest,
    context: web::Data<Context>,
    watched: web::Data<Watched>,
) -> Result<HttpResponse, HttpError> {
    let readers = context.settings.metrics.readers;
    may_read(readers, context.metrics_token.as_ref(), bearer(&request), is_local(&request))?;
    let found = watched.gather(&context).await;
    let is_openmetrics = wants_openmetrics(request.headers());
    let format = if is_openmetrics { format!("{OPENMETRICS}; version=1.0.0; charset=utf-8") } else { PROMETHEUS.to_owned() };
    Ok(HttpResponse::Ok()
        .content_type(format)
        .insert_header((VARY, "accept"))
        // Compressed it would cost the server more than the network saves.
        .insert_header((CONTENT_ENCODING, "identity"))
        .body(context.metrics.text(&found, is_openmetrics)))
}

fn may_read(readers: Readers, token: Option<&SecretString>, given: Option<&str>, is_local: bool) -> Result<(), Code> {
    match (readers, token, given) {
        (Readers::Off, ..) => Err(Code::NotFound),
        (Readers::All, ..) => Ok(()),
        (Readers::Local, Some(token), Some(given)) => is_same(token, given).then_some(()).ok_or(Code::Unauthenticated),
        (Readers::Local, ..) if is_local => Ok(()),
        (Readers::Local, Some(_), None) => Err(Code::Unauthenticated),
        (Readers::Local, None, _) => Err(Code::Forbidden),
    }
}

/// How long it takes tells nothing of where they differ, nor how long the secret is.
fn is_same(secret: &SecretString, given: &str) -> bool {
    let digest = |text: &str| Sha256::digest(text.as_bytes());
    digest(secret.expose_secret()).ct_eq(&digest(given)).into()
}

/// Whether it comes from this machine, and not by way of a proxy on it: whatever that says of its client, it is no tool of this machine.
fn is_local(request: &HttpRequest) -> bool {
    let from_here = request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    from_here && !OF_PROXIES.iter().any(|name| request.headers().contains_key(*name))
}

fn wants_openmetrics(headers: &HeaderMap) -> bool {
    headers.get_all(ACCEPT).filter_map(|accept| accept.to_str().ok()).any(|accept| accept.contains(OPENMETRICS))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn who_is_on_the_machine_or_has_the_token_may_read() {
        let token = SecretString::from("goiabada-com-queijo");
        let (good, bad) = (Some("goiabada-com-queijo"), Some("goiabada-com-queij"));
        let local = |token, given, is_local| may_read(Readers::Local, token, given, is_local);
        assert_eq!(local(None, None, true), Ok(()));
        assert_eq!(local(None, None, false), Err(Code::Forbidden));
        assert_eq!(local(None, good, false), Err(Code::Forbidden));
        assert_eq!(local(None, good, true), Ok(()), "there is no token to hold it against");
        assert_eq!(local(Some(&token), None, true), Ok(()));
        assert_eq!(local(Some(&token), None, false), Err(Code::Unauthenticated));
        assert_eq!(local(Some(&token), good, false), Ok(()));
        for given in [bad, Some(""), Some("goiabada-com-queijo!")] {
            assert_eq!(local(Some(&token), given, false), Err(Code::Unauthenticated));
            assert_eq!(local(Some(&token), given, true), Err(Code::Unauthenticated), "whoever sends one means it");
        }
        assert_eq!(may_read(Readers::All, Some(&token), bad, false), Ok(()));
        assert_eq!(may_read(Readers::Off, Some(&token), good, true), Err(Code::NotFound));
    }

    #[test]
    fn what_came_by_way_of_a_proxy_is_not_local() {
        let from = |peer: &str| TestRequest::get().peer_addr(peer.parse().unwrap());
        for peer in ["127.0.0.1:9", "127.8.8.8:9", "[::1]:9", "[::ffff:127.0.0.1]:9"] {
            assert!(is_local(&from(peer).to_http_request()), "{peer}");
        }
        for peer in ["192.0.2.1:9", "[::ffff:192.0.2.1]:9", "[2001:db8::1]:9", "0.0.0.0:9"] {
            assert!(!is_local(&from(peer).to_http_request()), "{peer}");
        }
        assert!(!is_local(&TestRequest::get().to_http_request()), "nobody knows whence");
        for name in OF_PROXIES {
            assert!(!is_local(&from("127.0.0.1:9").insert_header((name, "127.0.0.1")).to_http_request()), "{name}");
        }
    }

    #[test]
    fn openmetrics_is_for_whoever_asks_for_it() {
        let asks =
            |accept: &str| wants_openmetrics(TestRequest::get().insert_header((ACCEPT, accept)).to_http_request().headers());
        assert!(asks("application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
        assert!(!asks("*/*") && !asks("text/plain") && !asks("text/html,application/xhtml+xml"));
    }
}
