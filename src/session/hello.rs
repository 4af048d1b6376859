//! Floor 7 · `session/hello`: the first thing a socket is told.

use std::mem;

use serde::Serialize;
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::Entry;
use crate::ids::SessionId;
use crate::lobby::RoomView;
use crate::names::MessageText;
use crate::wire;

/// The first thing a socket is told.
#[derive(Serialize, ToSchema)]
pub struct Hello<'a> {
    r#type: &'static str,
    /// Oneself.
    user: HelloUser<'a>,
    /// The number of this socket.
    #[schema(value_type = u64)]
    session: SessionId,
    /// All rooms.
    #[schema(value_type = Vec<RoomView>)]
    rooms: &'a RawValue,
    limits: HelloLimits,
    /// Who is quiet for so long is asked for a sign of life, in milliseconds; after twice that the socket is closed.
    ping_ms: u64,
    /// Of the server.
    version: &'static str,
}

/// Oneself.
#[derive(Serialize, ToSchema)]
struct HelloUser<'a> {
    username: &'a str,
    name: &'a str,
    /// Whether one is here without an account.
    guest: bool,
}

/// How much one may send.
#[derive(Serialize, ToSchema)]
struct HelloLimits {
    /// Characters of a message.
    text_chars: usize,
    /// Files of an upload; 0 where one may send none.
    files: usize,
    /// Bytes of a file.
    file_bytes: u64,
    /// Bytes of a frame.
    frame_bytes: usize,
}

impl Entry {
    /// `hello` as one JSON object. What only it needs goes with it.
    pub(super) fn hello(&mut self) -> String {
        let rooms = mem::take(&mut self.rooms);
        let user = &self.login.user;
        let manners = &self.door.manners;
        let may_attach = manners.guests.may_send_files(user.guest);
        let hello = Hello {
            r#type: "hello",
            user: HelloUser { username: user.username.as_str(), name: user.name.as_str(), guest: user.guest },
            session: self.admission.session,
            rooms: serde_json::from_str(&rooms).expect("the lobby lists rooms as JSON"),
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
