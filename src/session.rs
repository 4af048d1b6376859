//! Floor 7 · `session`: the Session actor, one a socket. The only file that names `actix_web_actors`.

mod frames;
mod hello;
mod orders;
pub mod prepare;

use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use actix::prelude::*;
use actix_http::ws::{Message as Incoming, ProtocolError};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION};
use actix_web::{Error, HttpRequest, HttpResponse, web::Payload};
use actix_web_actors::ws::{self, WebsocketContext};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::stream;

use crate::codes::{Close, Code};
use crate::fanout::{Nudge, Place, Socket, Tap, Way};
use crate::ids::SeatId;
use crate::link::{Frame, Outbox};
use crate::lobby::Seated;
use crate::metrics::Kind;
use crate::rates::SocketRates;
use crate::room::Room;
use crate::session::frames::{Frames, Gate, NOT_UTF8};
use crate::traffic::Via;
use crate::user::Login;
use crate::wire;

pub use self::hello::Hello;
pub use self::orders::{JoinFields, ORDERS};
pub use crate::door::{Admission, Doorway, Here, Manners};

/// After this many frames in a row that are not of this protocol, the socket is closed. Protocol, "Errors and closes".
const BAD_IN_ROW_MAX: u32 = 20;

/// One socket.
pub struct Session {
    entry: Entry,
    gate: Rc<Gate>,
    socket: Option<Rc<Socket>>,
    seat: Option<(SeatId, Addr<Room>)>,
    waiting: VecDeque<orders::Order>,
    /// Whether what is under way allows nothing beside it.
    alone: bool,
    bad_in_row: u32,
    ended: bool,
}

/// All that a session begins with.
pub struct Entry {
    /// What it needs of the house.
    pub door: Doorway,
    /// Its thread.
    pub here: Here,
    /// Whose it is.
    pub login: Login,
    /// `rooms[]` as JSON, for its `hello`.
    pub rooms: Arc<str>,
    /// Its place in the lobby.
    pub admission: Admission,
    /// Its way out.
    pub outbox: Outbox,
}

/// Whether `request` is a handshake (RFC 6455 §4.2.1); otherwise the status to refuse it with.
///
/// # Errors
/// 426 for another version of the protocol, 400 for everything else.
pub fn check_handshake(request: &HttpRequest) -> Result<(), StatusCode> {
    let headers = request.headers();
    let of_key = |key: &HeaderValue| STANDARD.decode(key.as_bytes()).is_ok_and(|key| key.len() == 16);
    match ws::handshake(request) {
        Err(ws::HandshakeError::UnsupportedVersion) => Err(StatusCode::UPGRADE_REQUIRED),
        Err(_) => Err(StatusCode::BAD_REQUEST),
        Ok(_) if headers.get(SEC_WEBSOCKET_VERSION).is_some_and(|version| version != "13") => Err(StatusCode::UPGRADE_REQUIRED),
        Ok(_) if !headers.get(SEC_WEBSOCKET_KEY).is_some_and(of_key) => Err(StatusCode::BAD_REQUEST),
        Ok(_) if headers.get_all(SEC_WEBSOCKET_KEY).count() > 1 => Err(StatusCode::BAD_REQUEST),
        Ok(_) => Ok(()),
    }
}

/// Answers the handshake and starts the session on this connection.
///
/// # Errors
/// If this is not a WebSocket handshake.
pub fn upgrade(request: &HttpRequest, payload: Payload, entry: Entry) -> Result<HttpResponse, Error> {
    let mut response = ws::handshake(request)?;
    let gate = Rc::new(Gate::default());
    let frames = Frames::new(payload, gate.clone(), entry.door.said.is_some().then(SocketRates::default));
    let session =
        Session { entry, gate, socket: None, seat: None, waiting: VecDeque::new(), alone: false, bad_in_row: 0, ended: false };
    // The crate's own reader buffers without bound: it gets nothing, and ours is added in its place.
    let body = WebsocketContext::with_factory(stream::pending(), |context| {
        context.add_stream(frames);
        session
    });
    Ok(response.streaming(body))
}

/// Answers the handshake only to say why there is no session: a browser cannot see the status of a failed one.
///
/// # Errors
/// If this is not a WebSocket handshake.
pub fn turn_away(request: &HttpRequest, close: Close) -> Result<HttpResponse, Error> {
    let last = wire::close_frame(close);
    Ok(ws::handshake(request)?.streaming(stream::iter([Ok::<_, Error>(last)])))
}

impl Session {
    fn place(&self) -> Place {
        Place { session: self.entry.admission.session, worker: self.entry.here.worker }
    }

    fn tell(&self, object: &str) {
        if let Some(socket) = &self.socket {
            socket.tell(object);
        }
    }

    fn count(&self, kind: Kind, refused: Option<Code>) {
        self.entry.door.metrics.commands.count(kind, refused);
    }

    /// One frame that is not of this protocol.
    fn bad(&mut self) {
        self.bad_in_row += 1;
        if self.bad_in_row >= BAD_IN_ROW_MAX
            && let Some(socket) = &self.socket
        {
            socket.close(Close::NotThisProtocol);
        }
    }

    /// The socket is closed, or is about to be: nothing is accepted any more.
    fn end(&mut self, why: Close, context: &mut WebsocketContext<Self>) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        self.entry.admission.ends(why);
        self.waiting.clear();
        self.entry.outbox.hang_up();
        context.stop();
    }

    fn broken(&mut self, error: &ProtocolError) {
        let close = match error {
            ProtocolError::Overflow => Close::TooBig,
            ProtocolError::Io(error) if error.kind() == NOT_UTF8 => Close::NotUtf8,
            _ => Close::Protocol,
        };
        if let Some(socket) = &self.socket {
            socket.close(close);
        }
    }
}

impl Actor for Session {
    type Context = WebsocketContext<Self>;

    fn started(&mut self, context: &mut Self::Context) {
        self.entry.outbox.open();
        let session = self.entry.admission.session;
        let tap = Tap::new(&self.entry.door.traffic, self.entry.login.user.clone(), session, Via::Socket);
        let way = Way::Link(self.entry.outbox.clone());
        let socket = Rc::new(Socket::new(session, way, tap, context.address().recipient()));
        socket.tell(&self.entry.hello());
        self.entry.here.sockets.add(socket.clone());
        self.socket = Some(socket);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.entry.here.sockets.remove(self.entry.admission.session);
    }
}

impl StreamHandler<Result<Incoming, ProtocolError>> for Session {
    fn handle(&mut self, item: Result<Incoming, ProtocolError>, context: &mut Self::Context) {
        if self.ended {
            return;
        }
        if let Some(socket) = &self.socket {
            socket.was_heard();
        }
        match item {
            Ok(Incoming::Text(text)) => {
                self.entry.here.sockets.flow.came_in(text.len());
                self.hear(&text, context);
            }
            Ok(Incoming::Ping(payload)) => {
                let pong = Frame { bytes: wire::pong_frame(&payload), passing: true };
                // A peer that pings and does not read is found out by what else it is sent.
                let _ = self.entry.outbox.push(&pong);
            }
            Ok(Incoming::Binary(_)) => {
                self.count(Kind::UNKNOWN, Some(Code::BadFrame));
                self.queue(orders::Order::Refused(None, Code::BadFrame.into()), context);
                self.bad();
            }
            Ok(Incoming::Close(_)) => {
                self.entry.outbox.close(wire::close_frame(Close::Normal));
                self.end(Close::Normal, context);
            }
            Ok(Incoming::Pong(_) | Incoming::Continuation(_) | Incoming::Nop) => {}
            Err(error) => self.broken(&error),
        }
    }

    /// The connection is gone.
    fn finished(&mut self, context: &mut Self::Context) {
        self.end(Close::Normal, context);
    }
}

impl Handler<Nudge> for Session {
    type Result = ();

    fn handle(&mut self, nudge: Nudge, context: &mut Self::Context) {
        match nudge {
            Nudge::Answered => self.go_on(context),
            Nudge::Close(why) => self.end(why, context),
        }
    }
}

impl Handler<Seated> for Session {
    type Result = ();

    fn handle(&mut self, Seated { seat, room }: Seated, _: &mut Self::Context) {
        self.seat = Some((seat, room));
    }
}
