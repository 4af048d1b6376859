//! Floor 7 · `session/frames`: what comes in on a socket, as messages. It reads only when no whole frame is buffered, and only as
//! fast as it is allowed to: a flood waits in the network, not in memory.

use std::cell::{Cell, RefCell};
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};

use actix_http::ws::{Codec, Frame, Item, Message, ProtocolError};
use actix_web::web::Payload;
use bytes::{Bytes, BytesMut};
use bytestring::ByteString;
use futures_util::Stream;
use tokio::time::{Sleep, sleep};
use tokio_util::codec::Decoder as _;

use crate::rates::SocketRates;
use crate::wire::FRAME_BYTES_MAX;

/// Most fragments of one message. HARDENING 20.
const FRAGMENTS_MAX: usize = 64;
/// What an [`io::Error`] in a [`ProtocolError`] says of text that is not UTF-8 (RFC 6455 §8.1: close 1007).
pub(super) const NOT_UTF8: io::ErrorKind = io::ErrorKind::InvalidData;

/// Whether the session takes more; shared by the session, which sets it, and the frames, which obey.
#[derive(Default)]
pub(super) struct Gate {
    closed: Cell<bool>,
    reader: RefCell<Option<Waker>>,
}

impl Gate {
    /// Lets frames in, or holds them up.
    pub(super) fn set(&self, open: bool) {
        self.closed.set(!open);
        if open && let Some(reader) = self.reader.take() {
            reader.wake();
        }
    }
}

/// The messages of one socket. After the first error there are no more.
pub(super) struct Frames {
    payload: Payload,
    buffer: BytesMut,
    codec: Codec,
    fragments: Option<Fragments>,
    rates: Option<SocketRates>,
    pause: Option<Pin<Box<Sleep>>>,
    gate: Rc<Gate>,
    ended: bool,
}

struct Fragments {
    text: bool,
    count: usize,
    bytes: BytesMut,
}

impl Frames {
    /// The messages in `payload`, held up by `gate`; `rates` of `None` lifts the rates.
    pub(super) fn new(payload: Payload, gate: Rc<Gate>, rates: Option<SocketRates>) -> Self {
        let codec = Codec::new().max_size(FRAME_BYTES_MAX);
        Self { payload, buffer: BytesMut::new(), codec, fragments: None, rates, pause: None, gate, ended: false }
    }

    /// A frame as a message; `None` if more of it is to come.
    fn message(&mut self, frame: Frame) -> Result<Option<Message>, ProtocolError> {
        Ok(Some(match frame {
            Frame::Text(bytes) => Message::Text(text(bytes)?),
            Frame::Binary(bytes) => Message::Binary(bytes),
            Frame::Ping(bytes) => Message::Ping(bytes),
            Frame::Pong(bytes) => Message::Pong(bytes),
            Frame::Close(reason) => Message::Close(reason),
            Frame::Continuation(item) => return self.fragment(item),
        }))
    }

    fn fragment(&mut self, item: Item) -> Result<Option<Message>, ProtocolError> {
        let (bytes, last) = match item {
            Item::FirstText(bytes) | Item::FirstBinary(bytes) if self.fragments.is_some() => {
                drop(bytes);
                return Err(ProtocolError::ContinuationStarted);
            }
            Item::FirstText(bytes) => {
                self.fragments = Some(Fragments { text: true, count: 0, bytes: BytesMut::new() });
                (bytes, false)
            }
            Item::FirstBinary(bytes) => {
                self.fragments = Some(Fragments { text: false, count: 0, bytes: BytesMut::new() });
                (bytes, false)
            }
            Item::Continue(bytes) => (bytes, false),
            Item::Last(bytes) => (bytes, true),
        };
        let Some(fragments) = &mut self.fragments else { return Err(ProtocolError::ContinuationNotStarted) };
        fragments.count += 1;
        if fragments.bytes.len() + bytes.len() > FRAME_BYTES_MAX || fragments.count > FRAGMENTS_MAX {
            return Err(ProtocolError::Overflow);
        }
        fragments.bytes.extend_from_slice(&bytes);
        if !last {
            return Ok(None);
        }
        let Some(Fragments { text: is_text, bytes, .. }) = self.fragments.take() else { return Ok(None) };
        let bytes = bytes.freeze();
        Ok(Some(if is_text { Message::Text(text(bytes)?) } else { Message::Binary(bytes) }))
    }
}

fn text(bytes: Bytes) -> Result<ByteString, ProtocolError> {
    ByteString::try_from(bytes).map_err(|_| ProtocolError::Io(NOT_UTF8.into()))
}

/// Refuses a frame by its header (RFC 6455 §5.2), before any more of it is read: the codec looks at the length when it has all of it,
/// and takes reserved bits for text that is not UTF-8.
fn check_header(buffer: &[u8]) -> Result<(), ProtocolError> {
    let Some([first, second]) = buffer.first_chunk() else { return Ok(()) };
    if first & 0x70 != 0 {
        return Err(ProtocolError::InvalidOpcode(*first));
    }
    let length = match second & 0x7F {
        126 => buffer[2..].first_chunk().map(|bytes| u64::from(u16::from_be_bytes(*bytes))),
        127 => buffer[2..].first_chunk().map(|bytes| u64::from_be_bytes(*bytes)),
        short => Some(u64::from(short)),
    };
    match length {
        Some(length) if length > FRAME_BYTES_MAX as u64 => Err(ProtocolError::Overflow),
        _ => Ok(()),
    }
}

impl Stream for Frames {
    type Item = Result<Message, ProtocolError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        while !this.ended {
            if this.gate.closed.get() {
                *this.gate.reader.borrow_mut() = Some(context.waker().clone());
                return Poll::Pending;
            }
            if let Some(pause) = &mut this.pause {
                ready!(pause.as_mut().poll(context));
                this.pause = None;
            }
            if let Some(wait) = this.rates.as_mut().and_then(SocketRates::pay) {
                this.pause = Some(Box::pin(sleep(wait)));
                continue;
            }
            let before = this.buffer.len();
            match check_header(&this.buffer).and_then(|()| this.codec.decode(&mut this.buffer)) {
                Ok(Some(frame)) => {
                    if let Some(rates) = &mut this.rates {
                        rates.owe(before - this.buffer.len());
                    }
                    match this.message(frame) {
                        Ok(None) => {}
                        Ok(Some(message)) => return Poll::Ready(Some(Ok(message))),
                        Err(error) => {
                            this.ended = true;
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                }
                // Nothing is kept between two frames: most sockets say nothing most of the time.
                Ok(None) if this.buffer.is_empty() && this.buffer.capacity() > 0 => this.buffer = BytesMut::new(),
                Ok(None) => match ready!(Pin::new(&mut this.payload).poll_next(context)) {
                    Some(Ok(chunk)) if this.buffer.is_empty() => this.buffer = chunk.into(),
                    Some(Ok(chunk)) => this.buffer.extend_from_slice(&chunk),
                    Some(Err(_)) | None => this.ended = true,
                },
                Err(error) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
        Poll::Ready(None)
    }
}
