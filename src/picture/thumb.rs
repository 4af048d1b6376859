//! Floor 1 · `picture`: the thumbnail: small, upright, without a word about where it comes from.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ExtendedColorType, ImageDecoder as _, ImageEncoder, ImageFormat, ImageReader, Limits};

use super::{Clean, PIXELS_MAX};

/// Longest side of a thumbnail, in pixels: as wide as a message on a screen with two pixels a point.
pub const SIDE_MAX: u32 = 640;
/// A picture with no longer side and no more bytes than this is its own thumbnail.
pub const SMALL_BYTES: usize = 64 * 1024;
/// Most memory that decoding one picture may take: 40 megapixels with an alpha channel, and what a decoder needs besides.
const DECODE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Most passes over one picture. Encoders make about ten; a file of a megabyte can ask for a hundred thousand.
const PASSES_MAX: usize = 64;
/// A JPEG of several passes is kept whole as coefficients (16 bits each) until it is decoded: so many times its pixels in all.
const PASSES_FACTOR: u64 = 3;
/// Of 100. Below this, skies show steps.
const JPEG_QUALITY: u8 = 80;
/// Largest colour profile that goes along; those of phones have half a kilobyte.
const PROFILE_BYTES_MAX: usize = 4096;

/// A thumbnail.
#[derive(Debug)]
pub struct Thumb {
    /// The file.
    pub bytes: Vec<u8>,
    /// `jpg`, or `webp` if something shines through it.
    pub ending: &'static str,
}

impl Thumb {
    /// The type of a thumbnail whose name ends in `ending`.
    pub fn mime_of(ending: &str) -> &'static str {
        if ending == "webp" { "image/webp" } else { "image/jpeg" }
    }
}

/// See [`Clean::thumb`].
pub(super) fn thumb(picture: &Clean, mime: &str) -> Option<Thumb> {
    let mut reader = ImageReader::with_format(Cursor::new(&*picture.bytes), ImageFormat::from_mime_type(mime)?);
    reader.limits(limits(DECODE_BYTES_MAX));
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    let longest = width.max(height);
    if longest <= SIDE_MAX && picture.bytes.len() <= SMALL_BYTES {
        return None;
    }
    let factor = if picture.passes > 1 { PASSES_FACTOR } else { 1 };
    let needed = decoder.total_bytes().saturating_mul(factor);
    let left = DECODE_BYTES_MAX.checked_sub(needed)?;
    if picture.passes > PASSES_MAX || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return None;
    }
    decoder.set_limits(limits(left)).ok()?;
    let profile = decoder.icc_profile().ok().flatten().filter(|profile| is_for_screens(profile));
    let whole = DynamicImage::from_decoder(decoder).ok()?;
    let mut small = if longest > SIDE_MAX { whole.thumbnail(SIDE_MAX, SIDE_MAX) } else { whole };
    small.apply_orientation(picture.orientation);
    let thumb = encode(&small, profile)?;
    (thumb.bytes.len() < picture.bytes.len()).then_some(thumb)
}

fn limits(bytes_max: u64) -> Limits {
    let mut limits = Limits::default();
    limits.max_alloc = Some(bytes_max);
    limits
}

/// Whether it is a small profile of red, green and blue (ICC.1 §7.2.6): what was decoded from other colours is in these by now.
fn is_for_screens(profile: &[u8]) -> bool {
    profile.len() <= PROFILE_BYTES_MAX && profile.get(16..20) == Some(b"RGB ")
}

fn encode(image: &DynamicImage, profile: Option<Vec<u8>>) -> Option<Thumb> {
    let mut bytes = Vec::new();
    let rgba = image.to_rgba8();
    if rgba.pixels().any(|pixel| pixel.0[3] < u8::MAX) {
        let encoder = with_profile(WebPEncoder::new_lossless(&mut bytes), profile);
        encoder.write_image(&rgba, rgba.width(), rgba.height(), ExtendedColorType::Rgba8).ok()?;
        return Some(Thumb { bytes, ending: "webp" });
    }
    let rgb = image.to_rgb8();
    let encoder = with_profile(JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY), profile);
    encoder.write_image(&rgb, rgb.width(), rgb.height(), ExtendedColorType::Rgb8).ok()?;
    Some(Thumb { bytes, ending: "jpg" })
}

fn with_profile<E: ImageEncoder>(mut encoder: E, profile: Option<Vec<u8>>) -> E {
    if let Some(profile) = profile {
        // An encoder without a place for it does without.
        let _ = encoder.set_icc_profile(profile);
    }
    encoder
}
