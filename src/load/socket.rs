//! Floor 9 · `load`: one WebSocket, without a thread or a task of its own: it is read when there is something to read.

use std::io::{self, ErrorKind, Read as _, Write as _};
use std::net::IpAddr;
use std::time::Duration;

use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use socket2::SockRef;

use super::frame::{self, Frame};
use super::heard::stirred;
use super::http::{self, Answer, Problem, Target};

/// Most that may wait to be sent, where a server reads slowly: more than all commands that may be under way.
const WAITING_BYTES_MAX: usize = 8 * 1024 * 1024;
/// The key of every handshake, and what it is answered with (RFC 6455, 1.3): nobody here has to be kept from anything.
const KEY: &str = "dGhlIHNhbXBsZSBub25jZQ==";
/// Most bytes of an answer to a handshake.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// The code of a connection that ended without one.
pub const ABNORMAL: u16 = 1006;

/// How a connection ended.
#[derive(Debug)]
pub enum Ended {
    /// It was not accepted.
    Refused { status: u16, problem: Problem },
    /// It was closed with this code and reason.
    Closed(u16, String),
    /// It ended without a word.
    Lost(io::Error),
    /// What came is not WebSocket.
    Broken(&'static str),
}

impl Ended {
    /// The close code that stands for it.
    pub fn code(&self) -> u16 {
        if let Self::Closed(code, _) = self { *code } else { ABNORMAL }
    }

    /// In words.
    pub fn says(&self) -> String {
        match self {
            Self::Refused { status, problem } => format!("refused with {status} {}", problem.code),
            Self::Closed(code, reason) => format!("closed with {code} {reason}").trim_end().to_owned(),
            Self::Lost(error) if error.kind() == ErrorKind::UnexpectedEof => "ended without a close frame".into(),
            Self::Lost(error) => format!("lost: {error}"),
            Self::Broken(what) => format!("not WebSocket: {what}"),
        }
    }
}

impl From<io::Error> for Ended {
    fn from(error: io::Error) -> Self {
        Self::Lost(error)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Connecting,
    Upgrading,
    Open,
}

/// One socket.
#[derive(Debug)]
pub struct Socket {
    stream: TcpStream,
    stage: Stage,
    /// What was read of a frame that is not whole.
    partial: Vec<u8>,
    /// The fragments of a message that is not whole.
    fragments: Vec<u8>,
    waiting: Vec<u8>,
    masks: u64,
    /// When it began to connect, in µs of the test.
    pub begun_us: u64,
}

impl Socket {
    /// Begins to connect, and will ask for a WebSocket with `token`.
    pub fn connect(
        target: &Target,
        from: Option<IpAddr>,
        token: &str,
        registry: &Registry,
        at: usize,
        begun_us: u64,
    ) -> io::Result<Self> {
        let socket = http::socket(target, from)?;
        socket.set_nonblocking(true)?;
        match socket.connect(&target.address.into()) {
            Err(error) if error.kind() != ErrorKind::WouldBlock && error.raw_os_error() != Some(IN_PROGRESS) => {
                return Err(error);
            }
            _ => {}
        }
        let mut stream = TcpStream::from_std(socket.into());
        registry.register(&mut stream, Token(at), Interest::READABLE | Interest::WRITABLE)?;
        let request = format!(
            "GET /ws HTTP/1.1\r\nHost: {}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
             Sec-WebSocket-Key: {KEY}\r\nAuthorization: Bearer {token}\r\n\r\n",
            target.authority
        );
        let (stage, waiting) = (Stage::Connecting, request.into_bytes());
        Ok(Self { stream, stage, partial: Vec::new(), fragments: Vec::new(), waiting, masks: at as u64, begun_us })
    }

    /// Sends a frame, at once or as soon as the connection takes it.
    pub fn send(&mut self, opcode: u8, payload: &[u8]) -> Result<(), Ended> {
        self.masks = self.masks.wrapping_add(1);
        let [a, b, c, d, ..] = stirred(self.masks).to_ne_bytes();
        let first = self.waiting.is_empty();
        frame::add(&mut self.waiting, opcode, payload, [a, b, c, d]);
        if first {
            return self.write();
        }
        if self.waiting.len() > WAITING_BYTES_MAX {
            return Err(Ended::Lost(io::Error::new(ErrorKind::TimedOut, "the server does not read")));
        }
        Ok(())
    }

    /// Ends the connection as a network does that fails.
    pub fn cut(self) {
        // Where it does not work, it ends a little more politely.
        let _ = SockRef::from(&self.stream).set_linger(Some(Duration::ZERO));
    }

    /// The connection takes something.
    pub fn write(&mut self) -> Result<(), Ended> {
        if self.stage == Stage::Connecting {
            if let Some(error) = self.stream.take_error()? {
                return Err(error.into());
            }
            match self.stream.peer_addr() {
                Ok(_) => self.stage = Stage::Upgrading,
                Err(error) if error.kind() == ErrorKind::NotConnected => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
        let mut written = 0;
        while written < self.waiting.len() {
            match self.stream.write(&self.waiting[written..]) {
                Ok(length) => written += length,
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.waiting.drain(..written);
        Ok(())
    }

    /// The connection has something; each message in it goes to `hear`. All of it is read if it `ends`.
    pub fn read(&mut self, scratch: &mut [u8], ends: bool, hear: &mut dyn FnMut(&[u8])) -> Result<(), Ended> {
        loop {
            match self.stream.read(scratch) {
                Ok(0) => return Err(Ended::Lost(ErrorKind::UnexpectedEof.into())),
                Ok(length) => {
                    self.take(&scratch[..length], hear)?;
                    // Less than there was place for is all that there was.
                    if length < scratch.len() && !ends {
                        return Ok(());
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(()),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn take(&mut self, bytes: &[u8], hear: &mut dyn FnMut(&[u8])) -> Result<(), Ended> {
        if self.partial.is_empty() {
            let used = self.parts(bytes, hear)?;
            self.partial.extend_from_slice(&bytes[used..]);
            return Ok(());
        }
        let mut partial = std::mem::take(&mut self.partial);
        partial.extend_from_slice(bytes);
        let used = self.parts(&partial, hear)?;
        partial.drain(..used);
        // Ten thousand sockets need no place for what they do not have.
        self.partial = if partial.is_empty() { Vec::new() } else { partial };
        Ok(())
    }

    /// Reads all that is whole; how many bytes that were.
    fn parts(&mut self, bytes: &[u8], hear: &mut dyn FnMut(&[u8])) -> Result<usize, Ended> {
        let mut used = 0;
        if self.stage != Stage::Open {
            match self.handshake(bytes)? {
                Some(length) => used = length,
                None => return Ok(0),
            }
        }
        while let Some(frame) = frame::first(&bytes[used..]).map_err(Ended::Broken)? {
            used += frame.length;
            self.frame(&frame, hear)?;
        }
        Ok(used)
    }

    fn frame(&mut self, frame: &Frame<'_>, hear: &mut dyn FnMut(&[u8])) -> Result<(), Ended> {
        match frame.opcode {
            frame::TEXT if !self.fragments.is_empty() => return Err(Ended::Broken("a message within another")),
            frame::TEXT if frame.last => hear(frame.payload),
            frame::TEXT | frame::CONTINUATION => {
                self.fragments.extend_from_slice(frame.payload);
                if frame.last {
                    hear(&std::mem::take(&mut self.fragments));
                }
            }
            frame::PING => self.send(frame::PONG, frame.payload)?,
            frame::CLOSE => {
                let code = frame.payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code));
                let reason = String::from_utf8_lossy(frame.payload.get(2..).unwrap_or_default()).into_owned();
                return Err(Ended::Closed(code, reason));
            }
            _ => {}
        }
        Ok(())
    }

    /// The length of the answer to the handshake, if all of it is there.
    fn handshake(&mut self, bytes: &[u8]) -> Result<Option<usize>, Ended> {
        let Some(head) = http::head(bytes)? else {
            return if bytes.len() > ANSWER_BYTES_MAX { Err(Ended::Broken("an answer without an end")) } else { Ok(None) };
        };
        if head.status == 101 {
            self.stage = Stage::Open;
            return Ok(Some(head.length));
        }
        let Some(body) = bytes.get(head.length..head.length + head.body_length) else { return Ok(None) };
        let answer = Answer { status: head.status, body: body.to_vec() };
        Err(Ended::Refused { status: answer.status, problem: answer.problem() })
    }
}

/// `EINPROGRESS`: what a connect answers that goes on.
const IN_PROGRESS: i32 = rustix::io::Errno::INPROGRESS.raw_os_error();
