//! Floor 8 · `web/polling`: what is said of rooms over plain HTTP, in requests and in answers.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

use crate::ids::Epoch;
use crate::lobby::RoomView;
use crate::names::{ClientId, MessageText, RoomName, Username};
use crate::poller::caller::{News as Looked, Welcome};
use crate::room::state::{Logged, MemberView};

/// Which room to join.
#[derive(Deserialize, ToSchema)]
pub struct Joining {
    /// For guests who are not here yet: the name they want. Who is signed in has one.
    #[schema(value_type = Option<Username>, nullable = false)]
    pub(super) username: Option<String>,
    /// The room, by its id or its name.
    #[schema(value_type = RoomName)]
    pub(super) room: String,
}

/// Which room to leave.
#[derive(Deserialize, ToSchema)]
pub struct Leaving {
    /// The room, by its id or its name.
    #[schema(value_type = RoomName)]
    pub(super) room: String,
}

/// What to say, and where.
#[derive(Deserialize, ToSchema)]
pub struct Saying {
    /// The room, by its id or its name.
    #[schema(value_type = RoomName)]
    pub(super) room: String,
    /// The text; it may be missing where there is an attachment.
    #[serde(default)]
    #[schema(value_type = MessageText, required = false)]
    pub(super) message: String,
    /// Its name for this message; `Idempotency-Key` stands in for it.
    #[schema(value_type = Option<ClientId>, nullable = false)]
    pub(super) client_id: Option<String>,
    /// Addresses of uploaded pictures.
    #[serde(default)]
    #[schema(required = false)]
    pub(super) images: Vec<String>,
    /// Addresses of other uploads.
    #[serde(default)]
    #[schema(required = false)]
    pub(super) files: Vec<String>,
}

/// What to read.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Reading {
    /// The room, by its id or its name.
    #[param(value_type = RoomName)]
    pub(super) room: String,
    /// Only what was said after this time, in milliseconds since 1970: the `now` of the answer before.
    #[param(nullable = false)]
    pub(super) since: Option<i64>,
    /// Only events after this `seq`. Not together with `since`.
    #[param(nullable = false)]
    pub(super) after: Option<i64>,
    /// How long to wait for something new, in seconds; more than 25 counts as 25.
    #[param(nullable = false, minimum = 0)]
    pub(super) wait: Option<f64>,
}

/// A room that one has joined.
#[derive(Serialize, ToSchema)]
pub struct Joined<'a> {
    /// Its id.
    room: &'a str,
    /// Its name as people read it.
    title: &'a str,
    /// Who has joined.
    #[schema(value_type = String)]
    username: &'a Username,
    /// Who is there.
    #[schema(value_type = Vec<MemberView>)]
    members: &'a RawValue,
    /// The identity of its log.
    #[schema(value_type = String)]
    epoch: &'a Epoch,
    /// The newest place in its log.
    head_seq: i64,
    /// What to ask for as `since`, to hear everything that is said from now on.
    now: i64,
    /// The secret for `Authorization: Bearer`, for guests who came in with this call. It is told this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    token: Option<String>,
}

/// A room that one has left.
#[derive(Serialize, ToSchema)]
pub struct Left<'a> {
    /// Its id.
    pub(super) room: &'a str,
}

/// A message that is kept.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a room answers with text; this is how that is described")]
pub struct Kept {
    /// Its place in the log.
    seq: i64,
    /// When it was said, in milliseconds since 1970.
    sent_at: i64,
    /// Whether it was there already, under the same `client_id`.
    #[schema(nullable = false)]
    duplicate: Option<bool>,
}

/// What is new in a room.
#[derive(Serialize, ToSchema)]
pub struct News {
    /// Durable events, oldest first.
    #[schema(value_type = Vec<Logged>)]
    messages: Box<RawValue>,
    /// The identity of the log: another one when the room was opened anew.
    #[schema(value_type = String)]
    epoch: Epoch,
    /// The newest place in the log.
    head_seq: i64,
    /// Whether there are newer ones: ask again at once.
    more: bool,
    /// What to ask for as `since` to go on from here.
    now: i64,
}

/// The rooms one is in: one at most.
#[derive(Serialize, ToSchema)]
pub struct UserRooms {
    /// They.
    pub(super) rooms: Vec<RoomView>,
}

impl<'a> Joined<'a> {
    pub(super) fn new(username: &'a Username, welcome: &'a Welcome, at: &'a Looked, token: Option<String>) -> Self {
        let Welcome { room, title, members } = welcome;
        Self { room, title, username, members, epoch: &at.epoch, head_seq: at.head_seq, now: at.now, token }
    }
}

impl From<Looked> for News {
    fn from(Looked { messages, epoch, head_seq, more, now }: Looked) -> Self {
        Self { messages, epoch, head_seq, more, now }
    }
}
