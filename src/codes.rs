//! Floor 1 · `codes`: every error code and every close code, a row each. Clients switch on these, never on sentences.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What can go wrong with one command or one request. The name on the wire is stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Not a JSON object of the expected shape.
    BadFrame,
    /// A command nobody here knows.
    UnknownType,
    /// Larger than the limit that the sentence names.
    TooLarge,
    /// Nobody is signed in.
    Unauthenticated,
    /// Signed in, and still not allowed.
    Forbidden,
    /// Not the name of a room.
    BadRoom,
    /// The command needs a room, and the sender is in none.
    NotInRoom,
    /// The seat this command was given from is no longer theirs.
    StaleSeat,
    /// Nothing to send: no text and no attachment.
    EmptyMessage,
    /// More characters than a message may have.
    TextTooLong,
    /// An attachment that was never uploaded, or by someone else.
    UnknownUpload,
    /// The same `client_id` with other content.
    Conflict,
    /// Too fast; `retry_after_ms` tells how long to wait.
    RateLimited,
    /// More work waits than there is room for; try again.
    Busy,
    /// It was there, and is no more.
    Gone,
    /// Our fault.
    Internal,
    /// An extension said no.
    Rejected,
    /// Fields of a form or a JSON body are wrong; `errors` lists them. HTTP only.
    Invalid,
    /// User name or password do not match. HTTP only.
    BadCredentials,
    /// The user name belongs to someone. HTTP only.
    UsernameTaken,
    /// The e-mail address belongs to an account. HTTP only.
    EmailTaken,
    /// There is no such thing. HTTP only.
    NotFound,
    /// The path exists, but not with this method. HTTP only.
    MethodNotAllowed,
    /// The disk or the user's quota has no room for it. HTTP only.
    NoSpace,
}

impl Code {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::BadFrame,
        Self::UnknownType,
        Self::TooLarge,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::BadRoom,
        Self::NotInRoom,
        Self::StaleSeat,
        Self::EmptyMessage,
        Self::TextTooLong,
        Self::UnknownUpload,
        Self::Conflict,
        Self::RateLimited,
        Self::Busy,
        Self::Gone,
        Self::Internal,
        Self::Rejected,
        Self::Invalid,
        Self::BadCredentials,
        Self::UsernameTaken,
        Self::EmailTaken,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NoSpace,
    ];

    /// The one with this name on the wire.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.name() == name)
    }

    /// Its name on the wire, its HTTP status, whether the same command may succeed later, and a sentence.
    const fn row(self) -> (&'static str, u16, bool, &'static str) {
        match self {
            Self::BadFrame => ("bad_frame", 400, false, "This is not a command of this protocol."),
            Self::UnknownType => ("unknown_type", 400, false, "There is no such command."),
            Self::TooLarge => ("too_large", 413, false, "This is larger than allowed."),
            Self::Unauthenticated => ("unauthenticated", 401, false, "Sign in first."),
            Self::Forbidden => ("forbidden", 403, false, "This is not allowed."),
            Self::BadRoom => ("bad_room", 400, false, "A room name has 1 to 40 letters, digits, blanks, - or _."),
            Self::NotInRoom => ("not_in_room", 403, false, "Join a room first."),
            Self::StaleSeat => ("stale_seat", 409, false, "You have left this room in the meantime."),
            Self::EmptyMessage => ("empty_message", 422, false, "There is nothing to send."),
            Self::TextTooLong => ("text_too_long", 422, false, "The text is longer than allowed."),
            Self::UnknownUpload => ("unknown_upload", 422, false, "This is not a file that you uploaded."),
            Self::Conflict => ("conflict", 409, false, "This client_id was used for another message."),
            Self::RateLimited => ("rate_limited", 429, true, "Too fast; wait a moment."),
            Self::Busy => ("busy", 503, true, "The server is busy; try again."),
            Self::Gone => ("gone", 410, false, "This is no longer here."),
            Self::Internal => ("internal", 500, true, "Something went wrong on our side."),
            Self::Rejected => ("rejected", 422, false, "This was refused."),
            Self::Invalid => ("invalid", 422, false, "Some fields are not right."),
            Self::BadCredentials => ("bad_credentials", 401, false, "User name or password do not match."),
            Self::UsernameTaken => ("username_taken", 409, false, "This user name is taken."),
            Self::EmailTaken => ("email_taken", 409, false, "This e-mail address has an account already."),
            Self::NotFound => ("not_found", 404, false, "There is nothing here."),
            Self::MethodNotAllowed => ("method_not_allowed", 405, false, "This address does not answer this method."),
            Self::NoSpace => ("no_space", 507, true, "There is no room for this file."),
        }
    }

    /// Its stable name on the wire.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The HTTP status that goes with it.
    pub const fn status(self) -> u16 {
        self.row().1
    }

    /// Whether the same command may succeed later.
    pub const fn retry(self) -> bool {
        self.row().2
    }

    /// A sentence for people who read logs; it may change.
    pub const fn sentence(self) -> &'static str {
        self.row().3
    }
}

/// Why one command was refused: told to the one who gave it, to nobody else.
///
/// ```
/// use std::time::Duration;
///
/// use papo::{Code, Rejection};
///
/// let why = Rejection::because(Code::Rejected, "Not before ten o'clock.");
/// assert_eq!(why.sentence(), "Not before ten o'clock.");
/// assert_eq!(Rejection::from(Code::Rejected).sentence(), Code::Rejected.sentence());
/// assert_eq!(Rejection::too_fast(Duration::from_secs(2)).retry_after_ms(), Some(2000));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// What clients switch on.
    pub code: Code,
    /// A sentence that says more than the code's own, where there is more to say.
    pub detail: Option<String>,
    /// With [`Code::RateLimited`]: how long to wait.
    pub retry_after: Option<Duration>,
}

impl Rejection {
    /// A rejection that says more than its code.
    pub fn because(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: Some(detail.into()), retry_after: None }
    }

    /// Too fast: wait for `wait`.
    pub fn too_fast(wait: Duration) -> Self {
        Self { code: Code::RateLimited, detail: None, retry_after: Some(wait) }
    }

    /// The sentence to show.
    pub fn sentence(&self) -> &str {
        self.detail.as_deref().unwrap_or(self.code.sentence())
    }

    /// How long to wait, in whole milliseconds, never 0.
    pub fn retry_after_ms(&self) -> Option<u64> {
        let wait = self.retry_after?;
        Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1))
    }
}

impl From<Code> for Rejection {
    fn from(code: Code) -> Self {
        Self { code, detail: None, retry_after: None }
    }
}

/// Why the server closes a socket. The number tells the client whether to come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Close {
    /// The peer closed first.
    Normal,
    /// The frame layer was violated (RFC 6455 §7.4.1).
    Protocol,
    /// A text frame that is not UTF-8.
    NotUtf8,
    /// A frame or message over the limit.
    TooBig,
    /// The server is restarting.
    Restart,
    /// Nothing heard for twice the ping interval.
    Silent,
    /// The socket does not read what it is sent.
    Slow,
    /// Our fault.
    Error,
    /// Not this protocol: too many bad frames in a row.
    NotThisProtocol,
    /// Signed out, or the account was removed.
    SignedOut,
    /// Too many sockets for this user.
    TooMany,
}

impl Close {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Normal,
        Self::Protocol,
        Self::NotUtf8,
        Self::TooBig,
        Self::Restart,
        Self::Silent,
        Self::Slow,
        Self::Error,
        Self::NotThisProtocol,
        Self::SignedOut,
        Self::TooMany,
    ];

    /// What someone is told who has no socket that could be closed.
    pub fn rejection(self) -> Rejection {
        let code = match self {
            Self::SignedOut => Code::Unauthenticated,
            Self::Restart => Code::Busy,
            // It has left, or was not heard from for too long.
            Self::Normal | Self::Silent => Code::NotInRoom,
            _ => Code::Internal,
        };
        code.into()
    }

    /// The close code and the reason, which is also the word in the log.
    pub const fn row(self) -> (u16, &'static str) {
        match self {
            Self::Normal => (1000, "closed"),
            Self::Protocol => (1002, "protocol error"),
            Self::NotUtf8 => (1007, "not utf-8"),
            Self::TooBig => (1009, "too large"),
            Self::Restart => (1012, "restarting"),
            Self::Silent => (4001, "silent"),
            Self::Slow => (4008, "slow consumer"),
            Self::Error => (4009, "server error"),
            Self::NotThisProtocol => (4500, "not this protocol"),
            Self::SignedOut => (4501, "signed out"),
            Self::TooMany => (4503, "too many sockets"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_close_code_is_left_out() {
        assert!(Close::ALL.into_iter().enumerate().all(|(place, close)| close as usize == place));
        assert_eq!(Close::ALL.last(), Some(&Close::TooMany));
    }

    #[test]
    fn every_code_is_found_by_its_name() {
        for (place, code) in Code::ALL.into_iter().enumerate() {
            // The last one of the type stands at the end: none is left out.
            assert_eq!((code as usize, Code::named(code.name())), (place, Some(code)));
        }
        assert_eq!(Code::ALL.last(), Some(&Code::NoSpace));
        assert_eq!(Code::named("nope"), None);
    }
}
