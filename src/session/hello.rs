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
        let manners = &self.door.manners;
        let may_attach = manners.guests.may_send_files(user.guest);
        let hello = Hello {
            r#type: "hello",
            user: HelloUser { username: user.username.as_str(), name: user.name.as_str(), guest: user.guest },
            session: self.admission.session,
            rooms: serde_json::from_str(&self.rooms).expect("the lobby lists rooms as JSON"),
            limits: HelloLimits {
                text_chars: MessageText::CHARS_MAX,
                files: if may_attach { manners.files_max } else { 0 },
                file_bytes: manners.file_bytes_max,
                frame_bytes: wire::FRAME_BYTES_MAX,
            },
            ping_ms: manners.ping_ms,
            version: env!("CARGO_PKG_VERSION"),
        };
        serde_json::to_string(&hello).expect("our own types have string keys")
    }
}
