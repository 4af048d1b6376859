//! Floor 1 · `link`: one TCP connection. HTTP reads and writes through [`Link`]; once it is a WebSocket, frames leave through its [`Outbox`].
//!
//! Until the handshake is answered, HTTP writes every byte through [`Link`]; from then on a frame goes straight to the kernel, without a
//! queue, a task or a poll in between. What the kernel does not take waits in the outbox, which is bounded. The fence against readers
//! that do not read stands here, outside of every actor.

mod ending;
mod incoming;
mod stream;
mod waiting;

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::io;
use std::mem;
use std::net::{Shutdown, SocketAddr};
use std::rc::Rc;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use bytes::Bytes;
use socket2::SockRef;
use tokio::net::TcpStream;

pub use self::incoming::Incoming;
pub use self::waiting::{Frame, Full, WAITING_BYTES_MAX, WAITING_FRAMES_MAX, Waiting, dropped_here};

/// How long a closed socket may take to read its close frame; then the connection is reset.
pub const CLOSE_GRACE: Duration = Duration::from_secs(5);
/// How long the kernel waits for a peer to take what was sent, also while its window is closed (`TCP_USER_TIMEOUT`).
pub const PEER_TIMEOUT: Duration = Duration::from_secs(30);
/// What the kernel may hold for one socket: enough for a burst at loopback speed, small beside thousands of sockets.
const KERNEL_BUFFER_BYTES: usize = 256 * 1024;

/// The connection as HTTP sees it. Dropping it closes the connection.
pub struct Link(Rc<Inner>);

/// The way out to one socket: bounded, in order, never blocking.
#[derive(Clone)]
pub struct Outbox(Rc<Inner>);

/// The outbox of a connection that has left HTTP, as its request carries it: only such a one can become a WebSocket.
pub struct Upgraded(pub Outbox);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Plain HTTP: frames wait.
    Http,
    /// Frames may be written straight to the kernel.
    Open,
    /// The close frame is the last to leave.
    Closing,
    /// There is no connection any more.
    Dead,
}

/// What a frame needs that the kernel takes at once stands in front, in one line of the cache: when the next message comes, the kernel's
/// own data of a thousand sockets has swept it out.
#[repr(C, align(64))]
struct Inner {
    phase: Cell<Phase>,
    /// Whether a task waits for the kernel to take more. As long as frames wait in an open phase, one does.
    draining: Cell<bool>,
    io: RefCell<Option<TcpStream>>,
    waiting: RefCell<Waiting>,
    /// Whether the write side is to be shut once everything has left.
    hang_up: Cell<bool>,
    /// Whether the peer has shut its side.
    ended: Cell<bool>,
    /// Who reads and the drain task, to be woken when the connection is taken away from under them.
    readers: RefCell<Option<Waker>>,
    writers: RefCell<Option<Waker>>,
    closers: RefCell<Option<Waker>>,
}

impl Link {
    /// Takes over a fresh connection and sets its options.
    pub fn new(io: TcpStream) -> Self {
        let options = SockRef::from(&io);
        // Each of these only makes things better; a kernel that refuses one still has a working connection.
        let _ = io.set_nodelay(true);
        let _ = options.set_tcp_user_timeout(Some(PEER_TIMEOUT));
        let _ = options.set_send_buffer_size(KERNEL_BUFFER_BYTES);
        Self(Rc::new(Inner {
            phase: Cell::new(Phase::Http),
            draining: Cell::new(false),
            io: RefCell::new(Some(io)),
            waiting: RefCell::default(),
            hang_up: Cell::new(false),
            ended: Cell::new(false),
            readers: RefCell::default(),
            writers: RefCell::default(),
            closers: RefCell::default(),
        }))
    }

    /// The other end, if the connection still stands.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.0.io.borrow().as_ref()?.peer_addr().ok()
    }

    /// Another handle to the same connection, for the one who will send frames.
    pub fn outbox(&self) -> Outbox {
        Outbox(self.0.clone())
    }

    /// Another handle to the same connection, for the one who reads on without HTTP; `read` is what was read too much.
    pub fn incoming(&self, read: Bytes) -> Incoming {
        Incoming::new(self.0.clone(), read)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        // Closed, and the peer has not closed in turn: what the kernel still holds would keep the connection for minutes.
        let stuck = self.0.phase.replace(Phase::Dead) == Phase::Closing && !self.0.ended.get();
        if let Some(io) = self.0.io.take().filter(|_| stuck) {
            let _ = SockRef::from(&io).set_linger(Some(Duration::ZERO));
        }
        self.0.waiting.take();
        wake(&self.0.writers);
    }
}

impl Outbox {
    /// From now on this is a WebSocket: the handshake's answer has left, and HTTP writes nothing after it.
    pub fn open(&self) {
        if self.0.phase.get() == Phase::Http {
            self.0.phase.set(Phase::Open);
            self.0.drain_later();
        }
    }

    /// Sends `frame`, now if the kernel takes it, or when it does. After [`Self::close`] it is dropped.
    ///
    /// # Errors
    /// [`Full`] if too much waits already, also after every passing frame was dropped; the frame was not taken.
    pub fn push(&self, frame: &Frame) -> Result<(), Full> {
        if self.is_open() { self.0.push(frame) } else { Ok(()) }
    }

    /// Sends `last` after what waits and takes no frame after it; the connection is reset after [`CLOSE_GRACE`] at the latest.
    pub fn close(&self, last: Bytes) {
        self.0.close(last, false);
    }

    /// The same for a peer that does not read: what waits is dropped, but for a frame that has begun to leave.
    pub fn cut(&self, last: Bytes) {
        self.0.close(last, true);
    }

    /// Shuts the write side as soon as everything has left: the closing handshake is complete.
    pub fn hang_up(&self) {
        self.0.hang_up.set(true);
        self.0.settle();
    }

    /// Whether it takes frames: it is not closed.
    pub fn is_open(&self) -> bool {
        matches!(self.0.phase.get(), Phase::Open | Phase::Http)
    }

    /// How many frames wait, and their bytes.
    pub fn held(&self) -> (usize, usize) {
        self.0.waiting.borrow().held()
    }

    /// How many bytes wait.
    pub fn waiting_bytes(&self) -> usize {
        self.0.waiting.borrow().bytes
    }
}

impl Inner {
    fn push(self: &Rc<Self>, frame: &Frame) -> Result<(), Full> {
        if self.phase.get() == Phase::Open && !self.draining.get() {
            // Asked without tokio, which would first look whether it has heard that the kernel takes more.
            let written = match self.io.borrow().as_ref().map(|io| SockRef::from(io).send(&frame.bytes)) {
                Some(Ok(written)) => written,
                Some(Err(error)) if error.kind() == io::ErrorKind::WouldBlock => 0,
                // Who reads sees the same error, and ends the session.
                Some(Err(_)) | None => return Ok(()),
            };
            if written == frame.bytes.len() {
                return Ok(());
            }
            let mut waiting = self.waiting.borrow_mut();
            waiting.half_written = written > 0;
            waiting.add(Frame { bytes: frame.bytes.slice(written..), passing: frame.passing });
            drop(waiting);
            self.drain_later();
            return Ok(());
        }
        let mut waiting = self.waiting.borrow_mut();
        waiting.make_room(frame.bytes.len())?;
        waiting.add(frame.clone());
        Ok(())
    }

    /// Starts the one task that writes what waits as the kernel takes it.
    fn drain_later(self: &Rc<Self>) {
        if self.waiting.borrow().frames.is_empty() {
            return self.settle();
        }
        if self.draining.replace(true) {
            return;
        }
        let inner = self.clone();
        tokio::task::spawn_local(async move {
            poll_fn(|context| inner.poll_drain(context)).await;
            inner.draining.set(false);
            inner.settle();
        });
    }

    fn poll_drain(&self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let io = self.io.borrow();
            let mut waiting = self.waiting.borrow_mut();
            let Some(io) = io.as_ref() else { return Poll::Ready(()) };
            if waiting.frames.is_empty() {
                return Poll::Ready(());
            }
            let (slices, count) = waiting.slices();
            let result = io.try_write_vectored(&slices[..count]);
            match result {
                Ok(written) => waiting.written(written),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    remember(&self.writers, context);
                    if ready!(io.poll_write_ready(context)).is_err() {
                        return Poll::Ready(());
                    }
                }
                Err(_) => {
                    waiting.clear();
                    return Poll::Ready(());
                }
            }
        }
    }

    /// Does what waited for the outbox to be empty.
    fn settle(&self) {
        if !self.waiting.borrow().frames.is_empty() {
            return;
        }
        if self.hang_up.get() && self.phase.get() != Phase::Http {
            self.shut_write();
        }
        wake(&self.closers);
    }

    fn shut_write(&self) {
        if let Some(io) = self.io.borrow().as_ref() {
            // It fails where the peer was faster, which is as good.
            let _ = SockRef::from(io).shutdown(Shutdown::Write);
        }
    }
}

const _: () = assert!(mem::offset_of!(Inner, io) + size_of::<RefCell<Option<TcpStream>>>() <= 64, "one line of the cache");

fn wake(waker: &RefCell<Option<Waker>>) {
    if let Some(waker) = waker.take() {
        waker.wake();
    }
}

fn remember(slot: &RefCell<Option<Waker>>, context: &Context<'_>) {
    let mut slot = slot.borrow_mut();
    if slot.as_ref().is_none_or(|waker| !waker.will_wake(context.waker())) {
        *slot = Some(context.waker().clone());
    }
}

#[cfg(test)]
mod tests;
