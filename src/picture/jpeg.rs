//! Floor 1 · `picture`: what is taken out of a JPEG: every segment that is neither picture nor colour, and what follows its end.

use super::{Clean, exif_of, take, turned_by};

/// How the EXIF segment begins.
pub(super) const EXIF: &[u8] = b"Exif\0\0";

/// Start of image, end of image, start of scan: ITU T.81 table B.1.
const SOI: u8 = 0xd8;
const EOI: u8 = 0xd9;
const SOS: u8 = 0xda;
const APP1: u8 = 0xe1;
/// Longest JFIF header without a preview in it.
const JFIF_BYTES_MAX: usize = 14;

/// See [`super::clean`].
pub(super) fn clean(bytes: &[u8]) -> Option<Clean> {
    let mut rest = bytes.strip_prefix(&[0xff, SOI])?;
    let mut clean = Clean::new(vec![0xff, SOI]);
    clean.passes = 0;
    // A JFIF header stands before everything else.
    let mut exif_at = clean.bytes.len();
    let mut in_scan = false;
    loop {
        let at = next_marker(rest);
        let data = take(&mut rest, at).unwrap_or_default();
        // Outside of a scan nothing belongs between two segments.
        if in_scan {
            clean.bytes.extend_from_slice(data);
        }
        let Some(&[_, marker]) = take(&mut rest, 2) else { break };
        if marker == EOI {
            clean.bytes.extend_from_slice(&[0xff, EOI]);
            break;
        }
        let length = rest.first_chunk().map_or(0, |length| usize::from(u16::from_be_bytes(*length)));
        // A file that was cut off goes to where it goes.
        let segment = take(&mut rest, length.max(2)).unwrap_or_else(|| std::mem::take(&mut rest));
        let content = segment.get(2..).unwrap_or_default();
        in_scan = marker == SOS;
        clean.passes += usize::from(in_scan);
        if marker == APP1
            && let Some(orientation) = content.strip_prefix(EXIF).and_then(turned_by)
        {
            clean.orientation = orientation;
        }
        if stays(marker, content) {
            clean.bytes.extend_from_slice(&[0xff, marker]);
            clean.bytes.extend_from_slice(segment);
            if marker == 0xe0 {
                exif_at = clean.bytes.len();
            }
        }
    }
    if clean.passes == 0 {
        return None;
    }
    if clean.orientation != image::metadata::Orientation::NoTransforms {
        let exif = exif_of(clean.orientation);
        let length = u16::try_from(2 + EXIF.len() + exif.len()).expect("it is short");
        let segment = [&[0xff, APP1], &length.to_be_bytes()[..], EXIF, &exif].concat();
        clean.bytes.splice(exif_at..exif_at, segment);
    }
    Some(clean)
}

/// Where the next segment begins, or the end. Within a scan 0xff is followed by 0, or by a marker that belongs to the scan.
fn next_marker(rest: &[u8]) -> usize {
    let begins = |pair: &[u8]| pair[0] == 0xff && !matches!(pair[1], 0x00 | 0x01 | 0xd0..=0xd7 | 0xff);
    rest.windows(2).position(begins).unwrap_or(rest.len())
}

/// Whether it is needed to show the picture: JFIF header, colour profile, Adobe's note on colours, and what is not for applications.
fn stays(marker: u8, content: &[u8]) -> bool {
    match marker {
        0xe0 => content.starts_with(b"JFIF\0") && content.len() <= JFIF_BYTES_MAX,
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xee => content.starts_with(b"Adobe"),
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}
