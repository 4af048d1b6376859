//! Floor 1 · `link/stream`: how HTTP reads and writes a connection.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{Inner, Link, Phase, remember, wake};

impl Inner {
    pub(super) fn poll_read(&self, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        remember(&self.readers, context);
        let mut io = self.io.borrow_mut();
        let Some(io) = io.as_mut() else { return Poll::Ready(Ok(())) };
        let before = into.filled().len();
        let result = Pin::new(io).poll_read(context, into);
        if matches!(result, Poll::Ready(Ok(()))) && into.filled().len() == before {
            self.ended.set(true);
            wake(&self.closers);
        }
        result
    }
}

impl AsyncRead for Link {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.0.poll_read(context, into)
    }
}

impl AsyncWrite for Link {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.0.io.borrow_mut().as_mut() {
            Some(io) => Pin::new(io).poll_write(context, bytes),
            None => Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if !self.0.waiting.borrow().frames.is_empty() && self.0.phase.get() != Phase::Dead {
            remember(&self.0.closers, context);
            self.0.drain_later();
            return Poll::Pending;
        }
        self.0.shut_write();
        Poll::Ready(Ok(()))
    }
}
