//! Floor 1 · `packed`: files of the front end, compressed once and as well as can be, off the async threads, and kept.

use std::collections::HashMap;
use std::io;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use brotli::enc::BrotliEncoderParams;
use brotli::enc::backward_references::BrotliEncoderMode;
use bytes::Bytes;
use tokio::sync::{OnceCell, Semaphore};

use crate::assets::Asset;

/// Most files that are compressed at once: the first visitor of a server shall not hold up the second.
pub const AT_ONCE_MAX: usize = 2;
/// The best that brotli can do (RFC 7932 names no levels; the encoder has 0 to 11).
const BROTLI_QUALITY: i32 = 11;
/// Brotli looks back over a window of two to this power, in bytes; RFC 7932 §9.1 allows 10 to 24.
const WINDOW_LEAST: u32 = 10;
/// See [`WINDOW_LEAST`]. A window larger than the file takes memory, and makes nothing smaller.
const WINDOW_MOST: u32 = 24;

/// A way to make a file smaller that browsers can undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Coding {
    /// RFC 7932. Browsers take it over TLS and from this machine.
    Brotli,
    /// RFC 1952, which everybody takes.
    Gzip,
}

type Once = Arc<OnceCell<Option<Bytes>>>;

/// Content and coding → result. There are no more contents than files in the binary; a debug build adds one with each change.
static KEPT: LazyLock<Mutex<HashMap<(String, Coding), Once>>> = LazyLock::new(Mutex::default);
static TURNS: Semaphore = Semaphore::const_new(AT_ONCE_MAX);

/// `asset` in `coding`. The first who asks waits some 20 ms for a file of 5 kB. `None` if it cannot be made smaller.
pub async fn packed(asset: &Asset, coding: Coding) -> Option<Bytes> {
    let once = {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        kept.entry((asset.hash.clone(), coding)).or_default().clone()
    };
    let pack_it = async || {
        let _turn = TURNS.acquire().await.ok()?;
        let bytes = asset.bytes.clone();
        tokio::task::spawn_blocking(move || pack(&bytes, coding)).await.ok()?
    };
    once.get_or_init(pack_it).await.clone()
}

/// `bytes` in `coding`, if that is smaller.
fn pack(bytes: &[u8], coding: Coding) -> Option<Bytes> {
    let mut smaller = Vec::new();
    match coding {
        Coding::Brotli => brotli(bytes, &mut smaller),
        Coding::Gzip => zopfli::compress(zopfli::Options::default(), zopfli::Format::Gzip, bytes, &mut smaller),
    }
    .ok()?;
    (smaller.len() < bytes.len()).then(|| smaller.into())
}

fn brotli(mut bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
    // The window is 16 bytes smaller than its name says.
    let window = (bytes.len() + 16).next_power_of_two().ilog2().clamp(WINDOW_LEAST, WINDOW_MOST);
    let params = BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: window.cast_signed(),
        mode: BrotliEncoderMode::BROTLI_MODE_TEXT,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut bytes, out, &params).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::asset;

    const FILES: [&str; 4] = ["css/tokens.css", "i18n/chat/pt-BR.ftl", "js/store/rooms.js", "img/icons.svg"];

    #[test]
    fn what_is_packed_comes_out_as_it_went_in() {
        for path in FILES {
            let file = asset(path).unwrap();
            let mut out = Vec::new();
            brotli::BrotliDecompress(&mut &pack(&file.bytes, Coding::Brotli).unwrap()[..], &mut out).unwrap();
            assert_eq!(out, file.bytes, "{path}");
            let gzip = pack(&file.bytes, Coding::Gzip).unwrap();
            let mut out = Vec::new();
            io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&gzip[..]), &mut out).unwrap();
            assert_eq!(out, file.bytes, "{path}");
        }
    }

    #[test]
    fn it_is_smaller_than_what_is_compressed_in_passing() {
        for path in FILES {
            let file = asset(path).unwrap();
            let mut best = flate2::read::GzEncoder::new(&file.bytes[..], flate2::Compression::best());
            let mut gzip = Vec::new();
            io::Read::read_to_end(&mut best, &mut gzip).unwrap();
            let ours = pack(&file.bytes, Coding::Gzip).unwrap().len();
            assert!(ours < gzip.len(), "{path}: {ours}, {}", gzip.len());
            assert!(pack(&file.bytes, Coding::Brotli).unwrap().len() < ours, "{path}");
        }
    }

    #[test]
    fn what_cannot_be_smaller_stays_as_it_is() {
        for bytes in [&b""[..], b"x", b"\x89PNG"] {
            assert_eq!((pack(bytes, Coding::Brotli), pack(bytes, Coding::Gzip)), (None, None));
        }
    }

    #[tokio::test]
    async fn a_file_is_packed_once() {
        let file = asset("css/gate.css").unwrap();
        let (one, other) = (packed(&file, Coding::Gzip).await.unwrap(), packed(&file, Coding::Gzip).await.unwrap());
        assert_eq!(one.as_ptr(), other.as_ptr());
    }
}
