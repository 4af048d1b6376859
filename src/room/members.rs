//! Floor 3 · `room/members`: what the others are told when someone comes, goes, or moves to another room.

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::ids::RoomId;
use crate::room::event::Telling;
use crate::room::state::{Member, MemberView, RoomState};

/// Why a seat was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Leaving {
    /// They said so.
    Left,
    /// They joined this other room.
    Moved(RoomId),
    /// Their last socket was lost and did not come back in time.
    Disconnected,
    /// They signed out.
    SignedOut,
}

impl Leaving {
    /// Its word on the wire.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Moved(_) => "moved",
            Self::Disconnected => "disconnected",
            Self::SignedOut => "signed_out",
        }
    }
}

/// Somebody has come.
#[derive(Serialize, ToSchema)]
pub(crate) struct Joined<'a> {
    member: MemberView<'a>,
}

/// Somebody has left.
#[derive(Serialize, ToSchema)]
pub(crate) struct Left<'a> {
    username: &'a str,
    #[schema(schema_with = reasons)]
    reason: &'static str,
}

/// One has joined another room with another tab.
#[derive(Serialize, ToSchema)]
pub(crate) struct Moved<'a> {
    /// The room one was in.
    from: &'a str,
    /// The room one is in now.
    to: &'a str,
}

fn reasons() -> Object {
    let moved = Leaving::Moved(RoomId("".into()));
    let all = [Leaving::Left, moved, Leaving::Disconnected, Leaving::SignedOut];
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(all.iter().map(Leaving::word))).build()
}

/// Told to the other members when `member` sat down.
pub fn joined(member: &Member) -> Telling {
    Telling::event("member_joined", &Joined { member: member.view() })
}

/// Told to the members that remain when `member` gave up the seat.
pub fn left(member: &Member, why: &Leaving) -> Telling {
    Telling::event("member_left", &Left { username: member.username(), reason: why.word() })
}

/// Told to the tabs that stayed behind when their user went on to room `to`.
pub fn moved(to: &RoomId, room: &RoomState) -> Telling {
    Telling::event("moved", &Moved { from: &room.id.0, to: &to.0 })
}
