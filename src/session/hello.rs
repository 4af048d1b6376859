//! Floor 7 · `session/hello`: the first thing a socket is told.

use serde::Serialize;
use serde_json::value::RawValue;

use super::Entry;
use crate::ids::SessionId;
use crate::names::MessageText;
use crate::wire;

#[derive(Serialize)]
struct Hello<'a> {
    r#type: &'static str,
    user: HelloUser<'a>,
    session: SessionId,
    rooms: &'a RawValue,
    limits: HelloLimits,
    ping_ms: u64,
    version: &'static str,
}

#[derive(Serialize)]
struct HelloUser<'a> {
    username: &'a str,
    name: &'a str,
    guest: bool,
}

#[derive(Serialize)]
struct HelloLimits {
    text_chars: usize,
    files: usize,
    file_bytes: u64,
    frame_bytes: usize,
}

impl Entry {
    /// `hello` as one JSON object.
    pub(super) fn hello(&self) -> String {
        let user = &self.login.user;
        let hello = Hello {
            r#type: "hello",
            user: HelloUser { username: user.username.as_str(), name: user.name.as_str(), guest: user.guest },
            session: self.admission.session,
            rooms: serde_json::from_str(&self.rooms).expect("the lobby lists rooms as JSON"),
            limits: HelloLimits {
                text_chars: MessageText::CHARS_MAX,
                files: self.door.manners.files_max,
                file_bytes: self.door.manners.file_bytes_max,
                frame_bytes: wire::FRAME_BYTES_MAX,
            },
            ping_ms: self.door.manners.ping_ms,
            version: env!("CARGO_PKG_VERSION"),
        };
        serde_json::to_string(&hello).expect("our own types have string keys")
    }
}
