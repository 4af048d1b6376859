//! What goes over sockets, held against the description of the socket: no frame may come that it does not tell of.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{LazyLock, Mutex};

use serde_json::Value;

use super::schema::Document;

static DOCUMENT: LazyLock<Document> = LazyLock::new(|| {
    let text = serde_json::to_value(papo::asyncapi::document()).expect("the description is JSON");
    Document::new(&text)
});

/// Servers with behaviours that are not of the house.
static EXTENDED: Mutex<BTreeSet<SocketAddr>> = Mutex::new(BTreeSet::new());

/// The server at `addr` has behaviours of a test's own: it may tell and understand more than is described.
pub fn extended(addr: SocketAddr) {
    EXTENDED.lock().expect("nobody panics while holding it").insert(addr);
}

/// An event of the server at `addr` is described.
pub fn check_event(addr: SocketAddr, event: &Value) {
    static KINDS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| kinds("Event"));
    let kind = event["type"].as_str().unwrap_or_default();
    let name = match KINDS.get(kind) {
        Some(name) => name,
        None if is_extended(addr) => {
            if event.get("seq").is_some() {
                "KeptEvent"
            } else {
                "ToldEvent"
            }
        }
        None => panic!("{event}\nis an event that docs/asyncapi.yaml does not tell of: add it to src/asyncapi.rs"),
    };
    check(name, event);
}

/// What goes over a stream is described.
pub fn check_streamed(data: &Value) {
    let messages = DOCUMENT.at("/channels/stream/messages").and_then(Value::as_object).expect("there are streams");
    let told = messages.keys().any(|name| DOCUMENT.fault(&schema(name), data).is_none());
    assert!(told, "{data}\nis nothing that docs/asyncapi.yaml says a stream tells: see src/asyncapi/stream.rs");
}

/// The answer to `command` is described, and what it says of the command agrees with what is described.
pub fn check_answer(addr: SocketAddr, command: &Value, answer: &Value) {
    static KINDS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| kinds("Command"));
    let kind = command["type"].as_str().unwrap_or_default();
    let name = KINDS.get(kind).map(String::as_str).or(is_extended(addr).then_some("ExtensionCommand"));
    if answer["type"] == "error" {
        check("Error", answer);
        let fault = name.and_then(|name| DOCUMENT.fault(&schema(name), command));
        // The other codes are about what is meant, not about its shape.
        assert!(answer["code"] != "bad_frame" || fault.is_some(), "{command} → {answer}\nyet docs/asyncapi.yaml allows it");
        return;
    }
    let name = name.unwrap_or_else(|| panic!("{command} → {answer}\nis a command that docs/asyncapi.yaml does not tell of"));
    check(name, command);
    check(&name.replace("Command", "Ok"), answer);
}

/// An object of the server at `addr`, whatever it is, is described.
pub fn check_any(addr: SocketAddr, object: &Value) {
    match object["type"].as_str() {
        Some("error") => check("Error", object),
        Some("ok") => assert!(object["id"].is_i64(), "{object} has no id"),
        _ => check_event(addr, object),
    }
}

fn check(name: &str, object: &Value) {
    if let Some(fault) = DOCUMENT.fault(&schema(name), object) {
        panic!("{object}\nis no {name} as docs/asyncapi.yaml has it: {fault}");
    }
}

fn schema(name: &str) -> String {
    format!("/components/schemas/{name}")
}

fn is_extended(addr: SocketAddr) -> bool {
    EXTENDED.lock().expect("nobody panics while holding it").contains(&addr)
}

/// The names of the schemas of a family by the `type` they are for.
fn kinds(family: &str) -> BTreeMap<String, String> {
    let schemas = DOCUMENT.at("/components/schemas").and_then(Value::as_object).expect("there are schemas");
    let of_family = schemas.iter().filter(|(name, _)| name.ends_with(family));
    of_family
        .filter_map(|(name, schema)| Some((schema["properties"]["type"]["const"].as_str()?.to_owned(), name.clone())))
        .collect()
}
