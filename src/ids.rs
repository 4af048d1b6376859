//! Floor 0 · `ids`: the identities of things. Each is its own type, so that one is never taken for another.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore as _;
use serde::{Deserialize, Serialize};

/// An account or a guest; given by the store, positive, never reused.
///
/// ```
/// use papo::{Member, UserId};
///
/// /// Two seats of one user, in two rooms or one after the other, are of one person.
/// fn same_person(one: &Member, other: &Member) -> bool {
///     one.user.id == other.user.id
/// }
///
/// assert!(UserId(1) > UserId::ROOM, "everyone but the room itself");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UserId(pub i64);

/// One sign-in: what a cookie or a token stands for. It is not a secret: it opens nothing by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LoginId(pub Arc<str>);

/// One open WebSocket. Unique as long as the server runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub u64);

/// One stay of one user in one room, numbered by the lobby and never reused while the server runs.
///
/// ```
/// use std::collections::BTreeMap;
///
/// use papo::{Member, SeatId};
///
/// /// How often each member of a room has waved; to be emptied in `on_leave`.
/// #[derive(Default)]
/// struct Waves(BTreeMap<SeatId, u32>);
///
/// fn waves(waves: &mut Waves, by: &Member) {
///     *waves.0.entry(by.seat).or_default() += 1;
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeatId(pub u64);

/// The name of a room in its canonical form (`Sala 1` is `sala-1`); made by [`crate::names::RoomName`] alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoomId(pub Arc<str>);

/// The identity of a room's log: a `seq` means something only together with it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Epoch(pub Arc<str>);

impl UserId {
    /// Who says what nobody said: the room itself. The store gives positive numbers alone.
    pub const ROOM: Self = Self(0);
}

impl LoginId {
    /// A new one, from 128 random bits.
    pub fn random() -> Self {
        Self(random_text::<16>().into())
    }
}

impl Epoch {
    /// A new one, from 64 random bits: two logs of one room never share it.
    pub fn random() -> Self {
        Self(random_text::<8>().into())
    }
}

/// `N` random bytes of the operating system as base64url text without padding.
pub fn random_text<const N: usize>() -> String {
    let mut bytes = [0_u8; N];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives random bytes, or nothing here is safe");
    URL_SAFE_NO_PAD.encode(bytes)
}

macro_rules! shown_as_its_value {
    ($($name:ident),*) => { $(
        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(out)
            }
        }
    )* };
}
shown_as_its_value!(UserId, LoginId, SessionId, SeatId, RoomId, Epoch);
