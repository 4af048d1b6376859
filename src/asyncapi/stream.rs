//! Floor 8 · `asyncapi`: the log of a room as Server-Sent Events: which messages go over a stream, and what it alone tells.

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::frame::{EXTENSION, Frame};
use crate::ids::Epoch;
use crate::room::command::Command as _;
use crate::room::pages::Reason;
use crate::room::typing::Typing;

const ABOUT: &str = "\
The log of a room as Server-Sent Events, for `Accept: text/event-stream`: one more tab of a user who sits in that room. The field \
`data` is one of these messages, `event` is its `type`, and durable events have an `id`, `<epoch>:<seq>`: whoever comes back with it as \
`Last-Event-ID` goes on from there. The first block has such a place and no data. A comment is sent after a silence.";

/// What follows does not go on from where the client was.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is written in one piece; this is how that is described")]
struct Reset {
    /// Why.
    reason: Reason,
    /// The identity of the log.
    #[schema(value_type = String)]
    epoch: Epoch,
    /// The newest place in it; 0 if nothing was ever said.
    head_seq: i64,
}

/// The stream ends.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is written in one piece; this is how that is described")]
struct Close {
    /// The close code of a socket that ends for the same reason.
    code: u16,
    /// The reason.
    reason: String,
}

/// What a stream alone tells.
pub(super) fn own() -> [Frame; 2] {
    let reset = Frame::new("", "reset", "What follows does not go on from where the client was: the newest page");
    let close = Frame::new("", "close", "The stream ends");
    [reset.named("StreamReset").with::<Reset>(), close.named("StreamClose").with::<Close>()]
}

/// Whether `event`, which a socket is told, goes over a stream, too: whatever the room says, and that the server goes down.
pub(super) fn tells(event: &Frame) -> bool {
    ["message", "member_joined", "member_left", Typing::NAME, "moved", "notice", EXTENSION].contains(&event.kind())
}

/// The channel of streams, which `messages` go over.
pub(super) fn channel(messages: &Map<String, Value>) -> Value {
    json!({
        "address": "/api/rooms/{id}/events", "description": ABOUT, "messages": messages, "servers": [{"$ref": "#/servers/http"}],
        "parameters": {"id": {"description": "The room, by its id or its name"}},
    })
}

/// How the stream of a description of HTTP is made up, which has no words of its own for it: each event that goes over it.
pub(super) fn schema(names: impl Iterator<Item = String>) -> Value {
    let events: Vec<Value> = names.map(|name| json!({"$ref": format!("#/components/schemas/{name}")})).collect();
    json!({"description": "The `data` of one event of a stream; `event` is its `type`.", "anyOf": events})
}
