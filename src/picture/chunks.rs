//! Floor 1 · `picture`: what is taken out of a PNG and of a WebP: every chunk that is neither picture nor colour.

use image::metadata::Orientation;

use super::{Clean, exif_of, take, turned_by};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The chunks of a PNG that decide what it looks like, animations among them (PNG 3rd edition §11.3).
const SHOWN_IN_PNG: [&[u8; 4]; 20] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"cICP", b"mDCV", b"cLLI", b"bKGD",
    b"pHYs", b"sPLT", b"hIST", b"acTL", b"fcTL", b"fdAT",
];
/// Signature and first chunk of a PNG.
const PNG_HEAD_BYTES: usize = 33;
/// The chunks of a WebP that decide what it looks like (RFC 9649 §2).
const SHOWN_IN_WEBP: [&[u8; 4]; 7] = [b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// Bits in the head of a WebP that tell of EXIF and XMP.
const WEBP_EXIF: u8 = 0x08;
const WEBP_XMP: u8 = 0x04;

/// See [`super::clean`].
pub(super) fn clean_png(bytes: &[u8]) -> Option<Clean> {
    let mut rest = bytes.strip_prefix(PNG)?;
    if !rest.starts_with(b"\0\0\0\x0dIHDR") || bytes.len() < PNG_HEAD_BYTES {
        return None;
    }
    let mut clean = Clean::new(PNG.to_vec());
    // What comes behind the end is no part of the picture: editors have left there what was cut away.
    let mut ended = false;
    while !ended && let Some((length, kind)) = head(rest) {
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        // Length, kind and checksum; a file that was cut off goes to where it goes.
        let chunk = take(&mut rest, length.saturating_add(12)).unwrap_or_else(|| std::mem::take(&mut rest));
        if kind == *b"eXIf" {
            let exif = chunk.get(8..chunk.len().saturating_sub(4)).unwrap_or_default();
            clean.orientation = turned_by(exif).unwrap_or(clean.orientation);
        }
        if SHOWN_IN_PNG.contains(&&kind) {
            clean.bytes.extend_from_slice(chunk);
        }
        ended = kind == *b"IEND";
    }
    if clean.orientation != Orientation::NoTransforms {
        let exif = exif_of(clean.orientation);
        let length = u32::try_from(exif.len()).expect("it is short");
        let named = [&b"eXIf"[..], &exif].concat();
        let chunk = [&length.to_be_bytes()[..], &named, &crc32fast::hash(&named).to_be_bytes()].concat();
        clean.bytes.splice(PNG_HEAD_BYTES..PNG_HEAD_BYTES, chunk);
    }
    Some(clean)
}

/// See [`super::clean`].
pub(super) fn clean_webp(bytes: &[u8]) -> Option<Clean> {
    let mut rest = bytes.strip_prefix(b"RIFF")?;
    let said = take(&mut rest, 4)?.first_chunk().map_or(0, |size| u32::from_le_bytes(*size));
    let said = usize::try_from(said).unwrap_or(usize::MAX);
    rest = &rest[..rest.len().min(said)];
    rest = rest.strip_prefix(b"WEBP")?;
    let mut clean = Clean::new(b"RIFF\0\0\0\0WEBP".to_vec());
    let mut flags_at = None;
    while let Some((kind, length)) = head(rest) {
        let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
        let padded = length.saturating_add(8).saturating_add(length % 2);
        let chunk = take(&mut rest, padded).unwrap_or_else(|| std::mem::take(&mut rest));
        match &kind {
            b"EXIF" => clean.orientation = turned_by(&chunk[8..]).unwrap_or(clean.orientation),
            b"VP8X" => flags_at = Some(clean.bytes.len() + 8),
            _ => {}
        }
        if SHOWN_IN_WEBP.contains(&&kind) {
            clean.bytes.extend_from_slice(chunk);
        }
    }
    match flags_at.and_then(|at| clean.bytes.get_mut(at)) {
        Some(flags) if clean.orientation != Orientation::NoTransforms => *flags = *flags & !WEBP_XMP | WEBP_EXIF,
        Some(flags) => *flags &= !(WEBP_XMP | WEBP_EXIF),
        // Without these bits no viewer looks for EXIF.
        None => clean.orientation = Orientation::NoTransforms,
    }
    if clean.orientation != Orientation::NoTransforms {
        let exif = exif_of(clean.orientation);
        let length = u32::try_from(exif.len()).expect("it is short");
        clean.bytes.extend([&b"EXIF"[..], &length.to_le_bytes(), &exif].concat());
    }
    let size = u32::try_from(clean.bytes.len() - 8).ok()?;
    clean.bytes[4..8].copy_from_slice(&size.to_le_bytes());
    Some(clean)
}

/// The first two words of a chunk.
fn head(rest: &[u8]) -> Option<([u8; 4], [u8; 4])> {
    Some((*rest.first_chunk()?, *rest.get(4..)?.first_chunk()?))
}
