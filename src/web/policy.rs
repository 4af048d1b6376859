//! Floor 8 · `web/policy`: what every answer tells browsers about what they may do with it.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

/// Nothing but what comes from our own origin, and no script or style within a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; \
     font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";

/// On every answer that does not bring its own.
const ALWAYS: [(&str, &str); 5] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
];
/// Two years, which is what browsers ask of those who want to be remembered.
const HSTS: &str = "max-age=63072000; includeSubDomains";

/// Gives an answer the headers that it does not bring itself.
pub(super) fn add(headers: &mut HeaderMap, https: bool) {
    let mut add = |name: &'static str, value: &'static str| {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    for (name, value) in ALWAYS {
        add(name, value);
    }
    add("cache-control", "no-store");
    if https {
        add("strict-transport-security", HSTS);
    }
}
