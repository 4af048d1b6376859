//! Floor 1 · `picture`: a picture that comes in loses what tells of places and devices, and gets a thumbnail.

mod chunks;
mod gif;
mod jpeg;
mod thumb;

pub use thumb::{SIDE_MAX, SMALL_BYTES, Thumb};

use std::sync::Arc;

use image::metadata::Orientation;
use tokio::sync::Semaphore;

/// Most pixels of a picture that is shown and decoded. A small file can claim to be larger than any memory.
pub const PIXELS_MAX: u64 = 40_000_000;
/// Most pictures that are worked on at once: each may take a quarter of a gigabyte.
pub const AT_ONCE_MAX: usize = 4;

/// A picture without what others need not know.
#[derive(Debug, PartialEq)]
pub struct Clean {
    /// The file as it may be shown. Its pixels are those that came in, bit by bit.
    pub bytes: Vec<u8>,
    /// How to turn the pixels to see them upright; the file tells it, too.
    pub orientation: Orientation,
    /// How often a decoder goes over all of it: a JPEG has as many passes as it says.
    passes: usize,
}

impl Clean {
    fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, orientation: Orientation::NoTransforms, passes: 1 }
    }

    /// Whether width and height change places when it is upright.
    pub fn is_sideways(&self) -> bool {
        use Orientation::{Rotate90, Rotate90FlipH, Rotate270, Rotate270FlipH};
        matches!(self.orientation, Rotate90 | Rotate90FlipH | Rotate270 | Rotate270FlipH)
    }

    /// A copy with [`SIDE_MAX`] pixels on its longest side, or fewer where it has fewer; of an animation the first frame. `None`
    /// when it is small already, broken, too large to decode, or when the copy would be larger.
    ///
    /// It costs time and memory: to be asked for [in turn](Pictures::in_turn).
    pub fn thumb(&self, mime: &str) -> Option<Thumb> {
        // Decoders of foreign bytes may panic; that costs the thumbnail, not the picture.
        std::panic::catch_unwind(|| thumb::thumb(self, mime)).ok().flatten()
    }
}

/// `bytes` without EXIF, XMP, IPTC, comments and whatever follows the picture; orientation and colour profile stay. `None` for a
/// file of another type than `mime`, and for one that no viewer takes for a picture.
pub fn clean(bytes: &[u8], mime: &str) -> Option<Clean> {
    match mime {
        "image/jpeg" => jpeg::clean(bytes),
        "image/png" => chunks::clean_png(bytes),
        "image/webp" => chunks::clean_webp(bytes),
        "image/gif" => gif::clean(bytes),
        _ => None,
    }
}

/// The place where pictures are worked on; clones share its queue.
#[derive(Clone, Debug)]
pub struct Pictures {
    turns: Arc<Semaphore>,
}

impl Default for Pictures {
    /// As many at once as there are cores, and not more than [`AT_ONCE_MAX`].
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self { turns: Arc::new(Semaphore::new(cores.min(AT_ONCE_MAX))) }
    }
}

impl Pictures {
    /// Does `work` on a blocking thread when it is its turn. `None` if it panics.
    pub async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let turn = self.turns.clone().acquire_owned().await.ok()?;
        // The turn goes along with the work: a client that goes away does not make room for one more.
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(turn);
            done
        });
        done.await.ok()
    }
}

/// EXIF that tells the orientation and nothing else: big-endian, one directory of one entry (TIFF 6.0 §2, EXIF 2.3 §4.6.4).
fn exif_of(orientation: Orientation) -> [u8; 26] {
    let mut exif = *b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\0\0\0\0\0\0\0";
    exif[19] = orientation.to_exif();
    exif
}

/// The orientation that `exif` tells, if it is another than upright.
fn turned_by(exif: &[u8]) -> Option<Orientation> {
    // Some writers of WebP put the mark of a JPEG segment in front.
    let exif = exif.strip_prefix(jpeg::EXIF).unwrap_or(exif);
    Orientation::from_exif_chunk(exif).filter(|orientation| *orientation != Orientation::NoTransforms)
}

/// Takes `count` bytes off the front of `rest`, if it has so many.
fn take<'a>(rest: &mut &'a [u8], count: usize) -> Option<&'a [u8]> {
    let (taken, left) = rest.split_at_checked(count)?;
    *rest = left;
    Some(taken)
}

#[cfg(test)]
mod tests;
