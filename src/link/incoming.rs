//! Floor 1 · `link/incoming`: what comes in on a connection that has left HTTP. It keeps no buffer: thousands of sockets say nothing.

use std::io;
use std::mem::{self, MaybeUninit};
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::Stream;
use tokio::io::ReadBuf;

use super::Inner;

/// Most that is taken from the kernel at once; it stands on the stack.
const READ_BYTES_MAX: usize = 16 * 1024;

/// The bytes of one connection, as they come.
pub struct Incoming {
    inner: Rc<Inner>,
    read: Bytes,
}

impl Incoming {
    pub(super) fn new(inner: Rc<Inner>, read: Bytes) -> Self {
        Self { inner, read }
    }
}

impl Stream for Incoming {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if !self.read.is_empty() {
            return Poll::Ready(Some(Ok(mem::take(&mut self.read))));
        }
        let mut space = [MaybeUninit::uninit(); READ_BYTES_MAX];
        let mut buffer = ReadBuf::uninit(&mut space);
        Poll::Ready(match ready!(self.inner.poll_read(context, &mut buffer)) {
            Ok(()) if buffer.filled().is_empty() => None,
            Ok(()) => Some(Ok(Bytes::copy_from_slice(buffer.filled()))),
            Err(error) => Some(Err(error)),
        })
    }
}
