//! Floor 1 · `link/ending`: how a connection ends: after its last frame, at once, or because its peer has gone.

use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use socket2::SockRef;

use super::waiting::Frame;
use super::{CLOSE_GRACE, Inner, Outbox, Phase, remember, wake};

impl Outbox {
    /// Returns when the peer has shut its side, or the connection is gone. To be waited for where the connection is read, as by what
    /// answers its requests.
    pub async fn peer_is_gone(&self) {
        poll_fn(|context| {
            if self.0.ended.get() || self.0.phase.get() == Phase::Dead {
                return Poll::Ready(());
            }
            remember(&self.0.closers, context);
            Poll::Pending
        })
        .await;
    }

    /// Takes the connection down at once, whatever still waits.
    pub fn reset(&self) {
        self.0.abort();
    }

    /// The same after [`CLOSE_GRACE`].
    pub fn reset_soon(&self) {
        self.0.abort_later();
    }
}

impl Inner {
    pub(super) fn close(self: &Rc<Self>, last: Bytes, drop_waiting: bool) {
        if matches!(self.phase.get(), Phase::Closing | Phase::Dead) {
            return;
        }
        let mut waiting = self.waiting.borrow_mut();
        if drop_waiting {
            waiting.keep_only_half_written();
        }
        waiting.add(Frame { bytes: last, passing: false });
        drop(waiting);
        let was_open = self.phase.replace(Phase::Closing) == Phase::Open;
        if was_open {
            self.drain_later();
        }
        self.abort_later();
    }

    pub(super) fn abort_later(self: &Rc<Self>) {
        let inner = self.clone();
        tokio::task::spawn_local(async move {
            tokio::time::sleep(CLOSE_GRACE).await;
            inner.abort();
        });
    }

    /// Takes the connection down at once: with a linger of zero the kernel drops what it holds and sends a reset.
    pub(super) fn abort(&self) {
        self.phase.set(Phase::Dead);
        self.waiting.take();
        if let Some(io) = self.io.take() {
            let _ = SockRef::from(&io).set_linger(Some(Duration::ZERO));
        }
        wake(&self.readers);
        wake(&self.writers);
        wake(&self.closers);
    }
}
