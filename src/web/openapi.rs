//! Floor 8 · `web/openapi`: the description of every route for programs, gathered from where the handlers are.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse, web};
use serde_json::{Value, json};
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{HttpMethod, OpenApi};
use utoipa::{Modify, OpenApi as _};

use super::follow::EVENT_STREAM;
use super::problem::Problem;
use super::{account, files, guest, health, metrics, polling, refusals, rooms, socket, uploads};
use crate::asyncapi;

/// Where the description is served.
pub const PATH: &str = "/api/openapi.json";

const ABOUT: &str = "\
Rooms, accounts, files and history over plain HTTP. The socket is described in `docs/asyncapi.yaml`, both in words in \
`docs/PROTOCOL.md`.

Sign in with `POST /api/register` or `POST /api/login` and send the `token` along as `Authorization: Bearer <token>`; browsers \
have a cookie. Every `GET` answers `HEAD`, too. An address that does not answer a method says 405 with `Allow`. Errors are \
`application/problem+json` (RFC 9457): switch on `code`. Times are milliseconds since 1970. Unknown fields are ignored.";

/// The beginning of a stream.
const EXAMPLE: &str = "\
retry: 2000
id: k3f9tQ0xYzE:42

event: typing
data: {\"type\":\"typing\",\"room\":\"sala-1\",\"username\":\"ana\",\"active\":true}

";

/// All that programs may ask for. Pages and the files of the front end are for browsers, and are left out.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Papo", description = ABOUT),
    servers((url = "/", description = "This server")),
    paths(
        account::post_register,
        account::post_login,
        guest::post_guest,
        account::post_logout,
        account::get_me,
        account::get_user,
        rooms::get_rooms,
        rooms::post_rooms,
        rooms::get_events,
        socket::get_socket,
        polling::post_join,
        polling::post_leave,
        polling::post_send,
        polling::get_receive,
        polling::get_user_rooms,
        uploads::post_uploads,
        files::get_file,
        health::get_healthz,
        health::get_readyz,
        metrics::get_metrics,
        get_openapi,
    ),
    components(schemas(Problem)),
    security(("token" = []), ("cookie" = [])),
    tags(
        (name = "accounts", description = "Who one is"),
        (name = "rooms", description = "Where people talk"),
        (name = "polling", description = "Rooms for clients that know nothing but HTTP"),
        (name = "uploads", description = "Pictures and files"),
        (name = "server", description = "For whoever watches the server"),
    ),
    modifiers(&Rules),
)]
struct Routes;

/// The description, built once.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| document_with([]));
    &DOCUMENT
}

/// The description together with those of routes that were added; to these, too, the rules of the house apply.
pub fn document_with(added: impl IntoIterator<Item = OpenApi>) -> Value {
    let mut api = Routes::openapi();
    for mut more in added {
        Rules.modify(&mut more);
        api.merge(more);
    }
    let mut document = serde_json::to_value(api).expect("a description has string keys");
    every_header_is_there(&mut document);
    let schemas = document["components"]["schemas"].as_object_mut().expect("there are schemas");
    schemas.extend(asyncapi::streamed());
    every_stream_has_events(&mut document);
    document
}

/// A description as it is served.
#[derive(Clone)]
pub struct Text(web::Bytes);

impl From<&Value> for Text {
    fn from(document: &Value) -> Self {
        Self(document.to_string().into())
    }
}

fn values(of: &mut Value) -> impl Iterator<Item = &mut Value> {
    of.as_object_mut().into_iter().flat_map(|map| map.values_mut())
}

/// What is told of a header of an answer holds for every such answer; the types of the library cannot say so.
fn every_header_is_there(document: &mut Value) {
    for operation in values(&mut document["paths"]).flat_map(values) {
        for response in values(&mut operation["responses"]) {
            if let Some(headers) = response.get_mut("headers") {
                values(headers).for_each(|header| header["required"] = true.into());
            }
        }
    }
}

/// What the data of a stream is. Version 3.1 of the format knows only its text; 3.2 has `itemSchema` for it.
fn every_stream_has_events(document: &mut Value) {
    for operation in values(&mut document["paths"]).flat_map(values) {
        for response in values(&mut operation["responses"]) {
            if let Some(stream) = response.get_mut("content").and_then(|content| content.get_mut(EVENT_STREAM)) {
                stream["x-item-schema"] = json!({"$ref": "#/components/schemas/StreamEvent"});
                stream["example"] = EXAMPLE.into();
            }
        }
    }
}

/// This description.
#[utoipa::path(
    get,
    path = PATH,
    tag = "server",
    responses((status = 200, description = "OpenAPI 3.1.", body = Object)),
    security(()),
)]
pub async fn get_openapi(request: HttpRequest) -> HttpResponse {
    static HOUSE: LazyLock<Text> = LazyLock::new(|| document().into());
    let Text(text) = request.app_data::<web::Data<Text>>().map_or(&*HOUSE, |text| &***text);
    HttpResponse::Ok().content_type("application/json").body(text.clone())
}

/// What holds for every route.
struct Rules;

impl Modify for Rules {
    fn modify(&self, api: &mut OpenApi) {
        let components = api.components.get_or_insert_default();
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("The `token` of a login"));
        components.add_security_scheme("token", SecurityScheme::Http(token.build()));
        let metrics = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some("The token of `--metrics-token-file`"));
        components.add_security_scheme("metrics", SecurityScheme::Http(metrics.build()));
        let cookie = ApiKeyValue::with_description("papo", "For browsers; on a server with TLS its name is `__Host-papo`");
        components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
        for item in api.paths.paths.values_mut() {
            for (method, operation) in operations(item) {
                // `security(())` says that nobody need sign in.
                let for_everyone = operation.security.is_some();
                refusals::describe(operation, &method, for_everyone);
                shorten(operation);
            }
        }
    }
}

/// The operations of one address.
fn operations(item: &mut PathItem) -> impl Iterator<Item = (HttpMethod, &mut Operation)> {
    [(HttpMethod::Get, item.get.as_mut()), (HttpMethod::Post, item.post.as_mut()), (HttpMethod::Put, item.put.as_mut())]
        .into_iter()
        .filter_map(|(method, operation)| Some((method, operation?)))
}

/// The errors that a comment lists for those who read the code are responses here.
fn shorten(operation: &mut Operation) {
    let text = operation.description.take().unwrap_or_default();
    let text = text.split("# Errors").next().unwrap_or_default().trim();
    operation.description = (!text.is_empty()).then(|| text.to_owned());
}
