//! What comes over HTTP, held against the description that the server publishes: nothing may come that it does not tell of.

use std::sync::LazyLock;

use serde_json::Value;

use super::http::Reply;
use super::schema::{Document, escaped};

/// Where browsers find pages and the front end; these are not described.
const FOR_BROWSERS: [&str; 8] = ["/login", "/guest", "/register", "/rooms/", "/assets/", "/favicon.ico", "/api/docs", "/numbers"];

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| Document::new(papo::App::description()));

/// Fails if `reply` to this request is not described.
pub fn check(method: &str, path: &str, wants_page: bool, reply: &Reply) {
    let path = path.split('?').next().unwrap_or_default();
    if path == "/" || FOR_BROWSERS.iter().any(|page| path.starts_with(page)) || (wants_page && !path.starts_with("/api/")) {
        return;
    }
    if let Err(fault) = described(method, path, reply) {
        panic!(
            "{method} {path} → {} {:?} {}\nis not described in /api/openapi.json: {fault}",
            reply.status,
            reply.headers,
            reply.text()
        );
    }
}

fn described(method: &str, path: &str, reply: &Reply) -> Result<(), String> {
    if method == "OPTIONS" && [200, 400].contains(&reply.status) {
        // A preflight is answered, or refused, before there is a route.
        return Ok(());
    }
    let head = method == "HEAD";
    let Some(template) = template(path) else { return refused(reply, &[404, 403], head) };
    let item = format!("/paths/{}", escaped(template));
    let operation = format!("{item}/{}", if head { "get".to_owned() } else { method.to_lowercase() });
    if DOCUMENT.at(&operation).is_none() {
        let known = reply.status != 405 || !reply.header("allow").is_empty();
        return refused(reply, &[405, 403], head).and(known.then_some(()).ok_or("405 without Allow".to_owned()));
    }
    let at = format!("{operation}/responses/{}", reply.status);
    let response = DOCUMENT.at(&at).ok_or("it has no such status")?;
    for name in response["headers"].as_object().into_iter().flat_map(|headers| headers.keys()) {
        if !reply.headers.contains_key(name) {
            return Err(format!("there is no {name}"));
        }
    }
    let Some(contents) = response["content"].as_object().filter(|_| !head) else {
        return if reply.body.is_empty() { Ok(()) } else { Err("there is a body".to_owned()) };
    };
    let mime = reply.header("content-type").split(';').next().unwrap_or_default();
    let content = [mime, "*/*"].into_iter().find(|mime| contents.contains_key(*mime));
    let content = content.ok_or_else(|| format!("it is not of type {mime:?}"))?;
    let schema = format!("{at}/content/{}/schema", escaped(content));
    match DOCUMENT.at(&schema) {
        Some(_) => fault(&schema, mime, reply),
        None => Ok(()),
    }
}

/// What is said of an address or a method that there is not.
fn refused(reply: &Reply, statuses: &[u16], head: bool) -> Result<(), String> {
    if !statuses.contains(&reply.status) {
        return Err(format!("there is no such address or method, so it should be one of {statuses:?}"));
    }
    if head { Ok(()) } else { fault("/components/schemas/Problem", "application/problem+json", reply) }
}

fn fault(schema: &str, mime: &str, reply: &Reply) -> Result<(), String> {
    let body = if mime.starts_with("text/") || mime.ends_with("-text") { Value::from(reply.text()) } else { reply.json() };
    DOCUMENT.fault(schema, &body).map_or(Ok(()), Err)
}

/// The address of the description that `path` is one of.
fn template(path: &str) -> Option<&'static str> {
    let paths = DOCUMENT.at("/paths")?.as_object()?.keys();
    let fits = |template: &&String| {
        let (parts, own) = (path.split('/'), template.split('/'));
        parts.clone().count() == own.clone().count() && parts.zip(own).all(|(part, own)| part == own || own.starts_with('{'))
    };
    let mut fitting: Vec<&String> = paths.filter(fits).collect();
    // `/api/rooms/{id}` fits `/api/rooms/new` too; what is said in full is meant first.
    fitting.sort_by_key(|template| template.matches('{').count());
    fitting.first().map(|template| template.as_str())
}
