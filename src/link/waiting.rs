//! Floor 1 · `link/waiting`: what waits for one socket, within its limits.

use std::cell::Cell;
use std::collections::VecDeque;
use std::io::IoSlice;

use bytes::{Buf as _, Bytes};

/// Most frames that wait for one socket. Protocol, "Slow consumers".
pub const WAITING_FRAMES_MAX: usize = 256;
/// Most bytes that wait for one socket. Protocol, "Slow consumers".
pub const WAITING_BYTES_MAX: usize = 1024 * 1024;
/// Frames given to one `writev`.
pub(super) const SLICES_MAX: usize = 32;

thread_local! {
    static DROPPED: Cell<u64> = const { Cell::new(0) };
}

/// How many passing frames this thread has dropped so far. Sockets stay on their thread.
pub fn dropped_here() -> u64 {
    DROPPED.get()
}

/// One encoded WebSocket frame, shared by everyone who gets it.
#[derive(Clone, Debug)]
pub struct Frame {
    /// Header and payload, ready for the wire.
    pub bytes: Bytes,
    /// Whether it may be dropped when the outbox is full: it tells something that is soon told again.
    pub passing: bool,
}

/// More waits for this socket than [`WAITING_FRAMES_MAX`] or [`WAITING_BYTES_MAX`] allow.
#[derive(Debug, PartialEq, Eq)]
pub struct Full;

/// The frames that the kernel has not taken, oldest first.
#[derive(Default)]
pub struct Waiting {
    pub(super) frames: VecDeque<Frame>,
    pub(super) bytes: usize,
    /// Whether the front frame has been written in part.
    pub(super) half_written: bool,
}

impl Waiting {
    /// At the end.
    pub fn add(&mut self, frame: Frame) {
        self.bytes += frame.bytes.len();
        self.frames.push_back(frame);
    }

    /// Drops passing frames if `more` bytes in one more frame would be too much.
    ///
    /// # Errors
    /// [`Full`] if that does not help.
    pub fn make_room(&mut self, more: usize) -> Result<(), Full> {
        let full = |waiting: &Self| waiting.frames.len() >= WAITING_FRAMES_MAX || waiting.bytes + more > WAITING_BYTES_MAX;
        if full(self) {
            let before = self.frames.len();
            let mut begun = self.half_written;
            self.frames.retain(|frame| std::mem::take(&mut begun) || !frame.passing);
            self.bytes = self.frames.iter().map(|frame| frame.bytes.len()).sum();
            DROPPED.set(DROPPED.get() + (before - self.frames.len()) as u64);
        }
        // A single answer may be larger than the limit (a page of long messages); it is taken when nothing else waits.
        if full(self) && !self.frames.is_empty() { Err(Full) } else { Ok(()) }
    }

    /// How many frames wait, and their bytes.
    pub fn held(&self) -> (usize, usize) {
        (self.frames.len(), self.bytes)
    }

    /// Takes the oldest.
    pub fn take(&mut self) -> Option<Frame> {
        let frame = self.frames.pop_front()?;
        self.bytes -= frame.bytes.len();
        Some(frame)
    }

    /// Drops everything but a frame that has begun to leave.
    pub(super) fn keep_only_half_written(&mut self) {
        self.frames.truncate(usize::from(self.half_written));
        self.bytes = self.frames.iter().map(|frame| frame.bytes.len()).sum();
    }

    /// The kernel took `count` bytes.
    pub(super) fn written(&mut self, mut count: usize) {
        self.bytes -= count;
        while let Some(front) = self.frames.front_mut() {
            if count < front.bytes.len() {
                front.bytes.advance(count);
                self.half_written |= count > 0;
                return;
            }
            count -= front.bytes.len();
            self.frames.pop_front();
            self.half_written = false;
        }
    }

    /// Drops everything.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The oldest frames as slices for one `writev`, and how many.
    pub(super) fn slices(&self) -> ([IoSlice<'_>; SLICES_MAX], usize) {
        let mut slices = [IoSlice::new(&[]); SLICES_MAX];
        for (slice, frame) in slices.iter_mut().zip(&self.frames) {
            *slice = IoSlice::new(&frame.bytes);
        }
        (slices, self.frames.len().min(SLICES_MAX))
    }
}
