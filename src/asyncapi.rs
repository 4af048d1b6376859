//! Floor 8 · `asyncapi`: the description of the socket: what clients say, what they are answered, and what they are told; of streams, too.

mod frame;
mod numbers;
mod stream;

use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use self::frame::Frame;
use crate::ids::RoomId;
use crate::lobby::RoomList;
use crate::room::answers::WelcomeFields;
use crate::room::command::Command as _;
use crate::room::history::History;
use crate::room::line::KeptAt;
use crate::room::members::{Joined, Left, Moved};
use crate::room::pages::PageView;
use crate::room::send::{self, Send};
use crate::room::stamp::Stamp;
use crate::room::state::Logged;
use crate::room::typing::{self, Typing};
use crate::session::{Hello, JoinFields};
use crate::wire::Error;

const ABOUT: &str = "\
The WebSocket of the chat. `docs/PROTOCOL.md` says the same in words, and the rules that clients may rely on.

A text frame, in either direction, carries one or more JSON objects separated by line feeds; each is one of these messages. The \
commands of one socket are answered in their order: one with an `id` with exactly one `ok` or `error` that carries it, one without \
with errors alone. Unknown fields are ignored, and so are events of a `type` that one does not know.";

/// What the log of a room may hold.
const KEPT: [&str; 2] = ["MessageEvent", "KeptEvent"];

/// The whole description, in the order in which it is read.
#[derive(Serialize)]
pub struct Document {
    asyncapi: &'static str,
    info: Value,
    #[serde(rename = "defaultContentType")]
    default_content_type: &'static str,
    servers: Value,
    channels: Value,
    operations: Value,
    components: Value,
}

/// What every command has besides its `type`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a head is read apart from the fields; this is how it is described")]
struct Numbered {
    /// Chosen by the client; the answer carries it.
    id: Option<i64>,
}

/// What every answer has besides its `type`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a head is written apart from the fields; this is how it is described")]
struct Answers {
    /// Of the command.
    id: i64,
}

/// What every event of a room has besides its `type`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a head is written apart from the fields; this is how it is described")]
struct OfRoom {
    /// The id of the room.
    #[schema(value_type = String)]
    room: RoomId,
}

/// What every durable event has besides.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a head is written apart from the fields; this is how it is described")]
struct OfLog {
    /// Its place in the log of the room: 1, 2, 3 … without holes.
    seq: i64,
}

/// The server is about to do something.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is written in one piece; this is how that is described")]
struct Notice {
    /// `draining`: it is going down.
    #[schema(pattern = "^draining$")]
    kind: String,
}

fn command(kind: &'static str, says: &'static str) -> Frame {
    Frame::new("Command", kind, says).with::<Numbered>().open()
}

fn ok(of: &'static str, says: &'static str) -> Frame {
    Frame::ok(of, says).with::<Answers>()
}

/// What clients say, each with what it is answered.
fn commands() -> Vec<(Frame, Frame)> {
    let mut commands = vec![
        (
            command("join", "Enter a room, leaving any other").with::<JoinFields>(),
            ok("join", "The room, and what was said in it; extensions add fields")
                .with::<WelcomeFields>()
                .with::<PageView>()
                .with::<typing::Welcome>()
                .open(),
        ),
        (command("leave", "Leave the room with this tab"), ok("leave", "One has left")),
        (command(Send::NAME, "Say something").with::<Send>(), ok(Send::NAME, "It is kept").with::<KeptAt>()),
        (command(Typing::NAME, "Tell that one is, or is no longer, writing").with::<Typing>(), ok(Typing::NAME, "It is known")),
        (command(History::NAME, "Read a page of the log").with::<History>(), ok(History::NAME, "A page").with::<PageView>()),
        (command("rooms", "Ask which rooms there are"), ok("rooms", "All rooms").with::<RoomList>()),
        (command("ping", "Show that one is there"), ok("ping", "So is the server")),
        (
            command(frame::EXTENSION, "What an extension of the server understands"),
            ok(frame::EXTENSION, "With `seq` and `sent_at` where it has kept an event, and with fields of its own")
                .with::<KeptAt>()
                .optional()
                .open(),
        ),
    ];
    commands.extend(numbers::commands());
    commands
}

/// What clients are told.
fn events() -> Vec<Frame> {
    let event = |kind: &'static str, says| Frame::new("Event", kind, says);
    let in_room = |kind: &'static str, says| event(kind, says).with::<OfRoom>();
    let message = in_room("message", "Somebody has said something; kept in the log");
    let kept = "An event of an extension that is kept in the log, with fields of its own";
    let told = "An event of an extension that is not kept, with fields of its own";
    vec![
        event("hello", "The first thing a socket is told").with::<Hello>(),
        message.with::<OfLog>().with::<Stamp>().required("id").required("from").with::<send::Fields>(),
        in_room("member_joined", "Somebody has come").with::<Joined>(),
        in_room("member_left", "Somebody has left").with::<Left>(),
        in_room(Typing::NAME, "Somebody is writing, or has stopped").with::<typing::Fields>(),
        in_room("moved", "One has joined another room with another tab").with::<Moved>(),
        event("rooms", "All rooms, when something has changed; at most once a second").with::<RoomList>(),
        event("notice", "The server is about to close all sockets").with::<Notice>(),
        event("ping", "Show that you are there: answer `ping`, or say anything"),
        in_room(frame::EXTENSION, kept).named("KeptEvent").with::<OfLog>().with::<Stamp>().required("id").open(),
        in_room(frame::EXTENSION, told).named("ToldEvent").with::<Stamp>().open(),
    ]
}

/// The description.
pub fn document() -> Document {
    let (commands, events) = (commands(), events());
    let error = Frame::new("Answer", "error", "A command was refused").named("Error").with::<Error>();
    let own = stream::own();
    let answers = commands.iter().map(|(_, ok)| ok);
    let frames: Vec<&Frame> = commands.iter().map(|(command, _)| command).chain(answers).chain([&error]).chain(&events).collect();
    let streamed: Vec<&Frame> = events.iter().filter(|event| stream::tells(event)).chain(&own).collect();
    let to = |place: &str, frame: &Frame| json!({"$ref": format!("#/{place}/{}", frame.name())});
    let channel = json!({"$ref": "#/channels/socket"});
    let in_channel = |frame: &Frame| to("channels/socket/messages", frame);

    let mut operations = Map::new();
    for (command, ok) in &commands {
        let reply = json!({"channel": channel, "messages": [in_channel(ok), in_channel(&error)]});
        let operation = json!({
            "action": "receive", "summary": command.says(), "channel": channel, "messages": [in_channel(command)], "reply": reply,
        });
        operations.insert(command.name().trim_end_matches("Command").to_lowercase(), operation);
    }
    let told: Vec<Value> = events.iter().map(in_channel).collect();
    let says = "Told without being asked";
    operations.insert("events".to_owned(), json!({"action": "send", "summary": says, "channel": channel, "messages": told}));

    let told: Vec<Value> = streamed.iter().map(|frame| to("channels/stream/messages", frame)).collect();
    let (says, channel) = ("Told over a stream", json!({"$ref": "#/channels/stream"}));
    let over_http = json!({"http": {"method": "GET", "bindingVersion": "0.3.0"}});
    operations.insert(
        "stream".to_owned(),
        json!({"action": "send", "summary": says, "channel": channel, "messages": told, "bindings": over_http}),
    );

    let all: Vec<&Frame> = frames.iter().copied().chain(&own).collect();
    let by_name = |frames: &[&Frame], make: &dyn Fn(&Frame) -> Value| -> Map<String, Value> {
        frames.iter().map(|frame| (frame.name().to_owned(), make(frame))).collect()
    };
    let security = json!([{"$ref": "#/components/securitySchemes/token"}, {"$ref": "#/components/securitySchemes/cookie"}]);
    Document {
        asyncapi: "3.0.0",
        info: json!({
            "title": "Papo", "version": env!("CARGO_PKG_VERSION"), "description": ABOUT, "license": {"name": env!("CARGO_PKG_LICENSE")},
        }),
        default_content_type: "application/json",
        servers: json!({
            "here": {
                "host": "localhost:8080", "protocol": "ws", "description": "A server of one's own; with TLS in front it is wss",
                "security": security,
            },
            "http": {
                "host": "localhost:8080", "protocol": "http", "description": "The same; with TLS in front it is https",
                "security": security,
            },
        }),
        channels: json!({
            "socket": {
                "address": "/ws", "description": "One socket: one tab of a user", "servers": [{"$ref": "#/servers/here"}],
                "messages": by_name(&frames, &|frame| to("components/messages", frame)),
                "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
            },
            "stream": stream::channel(&by_name(&streamed, &|frame| to("components/messages", frame))),
        }),
        operations: operations.into(),
        components: json!({
            "messages": by_name(&all, &|frame| frame.message()),
            "schemas": schemas(&all),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "The token of a login"},
                "cookie": {"type": "httpApiKey", "in": "cookie", "name": "papo", "description": "For browsers, from allowed pages"},
            },
        }),
    }
}

/// All schemas: of the frames, and of what is in them.
fn schemas(frames: &[&Frame]) -> Map<String, Value> {
    let mut schemas: Map<String, Value> = frames.iter().flat_map(|frame| frame.parts()).collect();
    schemas.extend(frames.iter().map(|frame| (frame.name().to_owned(), frame.payload())));
    let kept = KEPT.map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    let logged = json!({"description": "An event that is kept in the log of its room.", "anyOf": kept});
    schemas.insert(Logged::name().into_owned(), logged);
    schemas
}

/// The events that go over a stream, what is in them, and all of them as `StreamEvent`; those that are kept are what pages hold.
pub fn streamed() -> Map<String, Value> {
    let streamed: Vec<Frame> = events().into_iter().filter(stream::tells).chain(stream::own()).collect();
    let mut schemas = schemas(&streamed.iter().collect::<Vec<_>>());
    schemas.insert("StreamEvent".to_owned(), stream::schema(streamed.iter().map(|frame| frame.name().to_owned())));
    schemas
}

#[cfg(test)]
mod tests;
