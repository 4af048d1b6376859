//! Floor 1 · `metrics/flow`: what goes through one worker thread. Each has counters of its own, so that threads do not take them from each
//! other; they are added up when somebody asks.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;

use super::found::Label;
use super::histogram::Histogram;

/// Sizes of frames: a short answer, a message, a long one, a full frame, and pages of the log.
const FRAME_BOUNDS: &[u64] = &[64, 128, 256, 512, 1024, 4096, 16_384, 65_536, 262_144];

/// By which way a session speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A WebSocket.
    Socket,
    /// Plain HTTP, again and again.
    Poller,
    /// Server-Sent Events.
    Stream,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Socket, Self::Poller, Self::Stream];

    /// As it is told.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Socket => "socket",
            Self::Poller => "poller",
            Self::Stream => "stream",
        }
    }
}

/// What goes through one worker thread.
#[derive(Debug)]
pub struct Flow {
    /// Sessions that began, in the order of [`Kind::ALL`].
    opened: [Counter; Kind::ALL.len()],
    /// Frames given to sessions.
    pub(super) deliveries: Counter,
    /// Their bytes.
    pub(super) delivery_bytes: Counter,
    frames_in: Histogram,
    frames_out: Histogram,
}

impl Default for Flow {
    fn default() -> Self {
        Self {
            opened: Default::default(),
            deliveries: Counter::default(),
            delivery_bytes: Counter::default(),
            frames_in: Histogram::of_counts(FRAME_BOUNDS),
            frames_out: Histogram::of_counts(FRAME_BOUNDS),
        }
    }
}

impl Flow {
    /// A session began.
    pub fn opened(&self, kind: Kind) {
        self.opened[kind as usize].inc();
    }

    /// A frame of so many bytes came from a client.
    pub fn came_in(&self, bytes: usize) {
        self.frames_in.count(bytes as u64);
    }

    /// Frames, of which these are the sizes, were each given to so many sessions.
    pub fn given(&self, sizes: impl Iterator<Item = usize>, sessions: usize) {
        if sessions == 0 {
            return;
        }
        let (mut frames, mut bytes) = (0, 0);
        for size in sizes {
            self.frames_out.count_many(size as u64, sessions as u64);
            frames += 1;
            bytes += size as u64;
        }
        self.deliveries.inc_by(frames * sessions as u64);
        self.delivery_bytes.inc_by(bytes * sessions as u64);
    }

    /// Counts all that `other` has counted.
    pub(super) fn add(&self, other: &Self) {
        for (own, others) in self.opened.iter().zip(&other.opened) {
            own.inc_by(others.get());
        }
        self.deliveries.inc_by(other.deliveries.get());
        self.delivery_bytes.inc_by(other.delivery_bytes.get());
        self.frames_in.add(&other.frames_in);
        self.frames_out.add(&other.frames_out);
    }

    /// Sessions that began.
    pub(super) fn openings(&self) -> Family<Label, Counter> {
        let family = Family::<Label, Counter>::default();
        for (kind, count) in Kind::ALL.into_iter().zip(&self.opened) {
            family.get_or_create(&[("kind", kind.name())]).inc_by(count.get());
        }
        family
    }

    /// Sizes of frames.
    pub(super) fn sizes(&self) -> Family<Label, Histogram> {
        let family: Family<Label, Histogram> = Family::new_with_constructor(|| Histogram::of_counts(FRAME_BOUNDS));
        for (direction, sizes) in [("in", &self.frames_in), ("out", &self.frames_out)] {
            family.get_or_create(&[("direction", direction)]).add(sizes);
        }
        family
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_many_get_counts_for_each_of_them() {
        let (one, all) = (Flow::default(), Flow::default());
        one.given([100, 50].into_iter(), 3);
        one.given([7].into_iter(), 0);
        all.add(&one);
        all.add(&one);
        assert_eq!((all.deliveries.get(), all.delivery_bytes.get()), (12, 900));
    }
}
