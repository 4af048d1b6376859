//! Tests of `picture`.

use image::codecs::gif::GifEncoder;
use image::{DynamicImage, Frame, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

use super::*;

const GPS: &[u8] = b"12.9714 S, 38.5014 W";
const JPEG: &str = "image/jpeg";

/// Left red, right blue, with noise, so that it has some bytes.
fn photo(width: u32, height: u32) -> DynamicImage {
    let pixel = |x: u32, y: u32| {
        let noise = u8::try_from((x * 7919 + y * 104_729) % 97).unwrap();
        if x < width / 2 { Rgb([255 - noise, noise, 0]) } else { Rgb([0, noise, 255 - noise]) }
    };
    RgbImage::from_fn(width, height, pixel).into()
}

fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// EXIF with an orientation, and with a place behind it.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = exif_of(Orientation::from_exif(orientation).unwrap()).to_vec();
    exif.extend_from_slice(GPS);
    exif
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap();
    [&[0xff, marker], &length.to_be_bytes()[..], content].concat()
}

fn chunk(kind: [u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&kind, content].concat();
    let length = u32::try_from(content.len()).unwrap();
    [&length.to_be_bytes()[..], &named, &crc32fast::hash(&named).to_be_bytes()].concat()
}

fn has(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|part| part == words)
}

/// The pixels of a file as a browser shows them.
fn upright(bytes: &[u8]) -> DynamicImage {
    let mut decoder = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format().unwrap().into_decoder().unwrap();
    let orientation = image::ImageDecoder::orientation(&mut decoder).unwrap();
    let mut image = DynamicImage::from_decoder(decoder).unwrap();
    image.apply_orientation(orientation);
    image
}

/// A JPEG of a camera: turned, with a place in every segment that can have one, and with a film behind its end.
fn from_a_camera(orientation: u8) -> (Vec<u8>, Vec<u8>) {
    let plain = file(&photo(1200, 800), ImageFormat::Jpeg);
    let said = [
        segment(0xe1, &[b"Exif\0\0", &exif(orientation)[..]].concat()),
        segment(0xe1, &[b"http://ns.adobe.com/xap/1.0/\0", GPS].concat()),
        segment(0xe2, &[b"MPF\0", GPS].concat()),
        segment(0xed, &[b"Photoshop 3.0\0", GPS].concat()),
        segment(0xfe, GPS),
    ];
    let profile = segment(0xe2, b"ICC_PROFILE\0\x01\x01 colours");
    let full = [&plain[..2], &said.concat(), &profile, &plain[2..], GPS].concat();
    let bare = [&plain[..2], &profile, &plain[2..]].concat();
    (full, bare)
}

#[test]
fn a_jpeg_loses_its_place_and_stays_upright() {
    let (full, bare) = from_a_camera(6);
    let clean = clean(&full, JPEG).unwrap();
    assert!(!has(&clean.bytes, GPS) && has(&clean.bytes, b"ICC_PROFILE\0"));
    assert!(clean.is_sideways());
    assert_eq!(clean.bytes.len(), bare.len() + 36, "the orientation alone is told");
    let shown = upright(&clean.bytes);
    assert_eq!((shown.width(), shown.height()), (800, 1200));
    assert_eq!(super::clean(&clean.bytes, JPEG).unwrap(), clean, "there is nothing more to take out");
}

#[test]
fn what_is_clean_stays_byte_for_byte() {
    let image = photo(60, 40);
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let plain = file(&image, format);
        assert_eq!(clean(&plain, format.to_mime_type()).unwrap().bytes, plain, "{format:?}");
    }
    let (full, bare) = from_a_camera(1);
    assert_eq!(clean(&full, JPEG).unwrap().bytes, bare);
}

#[test]
fn a_thumbnail_is_small_upright_and_says_nothing() {
    let (full, _) = from_a_camera(6);
    let thumb = clean(&full, JPEG).unwrap().thumb(JPEG).unwrap();
    assert_eq!(thumb.ending, "jpg");
    let shown = upright(&thumb.bytes);
    assert_eq!((shown.width(), shown.height()), (427, SIDE_MAX));
    // A quarter turn to the right brings the red half to the top.
    let (top, bottom) = (shown.to_rgb8()[(200, 50)], shown.to_rgb8()[(200, 600)]);
    assert!(top.0[0] > 130 && top.0[2] < 100 && bottom.0[2] > 130 && bottom.0[0] < 100, "{top:?} {bottom:?}");
    assert!(thumb.bytes.len() < full.len() && !has(&thumb.bytes, b"Exif") && !has(&thumb.bytes, GPS));
}

#[test]
fn a_png_loses_its_texts_and_what_was_cut_away() {
    let plain = file(&photo(60, 40), ImageFormat::Png);
    let text = [&b"Comment\0"[..], GPS].concat();
    let said =
        [chunk(*b"tEXt", &text), chunk(*b"iTXt", GPS), chunk(*b"zTXt", GPS), chunk(*b"eXIf", &exif(1)), chunk(*b"tIME", b"noon")];
    let full = [&plain[..33], &said.concat(), &plain[33..], GPS].concat();
    assert_eq!(clean(&full, "image/png").unwrap().bytes, plain);
    let turned = [&plain[..33], &chunk(*b"eXIf", &exif(8)), &plain[33..]].concat();
    let turned = clean(&turned, "image/png").unwrap();
    assert!(turned.is_sideways() && !has(&turned.bytes, GPS));
    assert_eq!(upright(&turned.bytes).width(), 40);
}

#[test]
fn a_webp_loses_its_place_and_stays_upright() {
    let plain = file(&photo(60, 40), ImageFormat::WebP);
    let part = |kind: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len()).unwrap();
        [&kind[..], &length.to_le_bytes(), content, if length % 2 == 0 { b"" } else { b"\0" }].concat()
    };
    let head = part(b"VP8X", &[WITH_BOTH, 0, 0, 0, 59, 0, 0, 39, 0, 0]);
    let inside = [b"WEBP", &head[..], &plain[12..], &part(b"EXIF", &exif(6)), &part(b"XMP ", GPS), &part(b"GPS ", GPS)].concat();
    let full = [b"RIFF", &u32::try_from(inside.len()).unwrap().to_le_bytes()[..], &inside, GPS].concat();
    let clean = clean(&full, "image/webp").unwrap();
    assert!(!has(&clean.bytes, GPS) && clean.is_sideways());
    assert_eq!(clean.bytes[20], 0x08, "EXIF, no XMP");
    assert_eq!(upright(&clean.bytes).width(), 40);
}

/// The flags of EXIF and XMP.
const WITH_BOTH: u8 = 0x0c;

#[test]
fn a_gif_loses_its_comments_and_keeps_its_frames() {
    let mut plain = Vec::new();
    let frame = |colour| Frame::new(RgbaImage::from_pixel(900, 300, Rgba([colour, 0, 0, 255])));
    let mut encoder = GifEncoder::new(&mut plain);
    encoder.set_repeat(image::codecs::gif::Repeat::Infinite).unwrap();
    encoder.encode_frames([frame(255), frame(0)]).unwrap();
    drop(encoder);
    assert_eq!(clean(&plain, "image/gif").unwrap().bytes, plain);
    let comment = [&[0x21, 0xfe, u8::try_from(GPS.len()).unwrap()], GPS, &[0]].concat();
    let xmp = [b"\x21\xff\x0bXMP DataXMP\x14", GPS, &[0]].concat();
    let end = plain.len() - 1;
    let full = [&plain[..end], &comment, &xmp, &plain[end..], GPS].concat();
    let clean = clean(&full, "image/gif").unwrap();
    assert_eq!(clean.bytes, plain);
    let padded = Clean { bytes: [&clean.bytes[..], &vec![0; SMALL_BYTES]].concat(), ..clean };
    let thumb = upright(&padded.thumb("image/gif").unwrap().bytes);
    assert_eq!((thumb.width(), thumb.height()), (640, 213));
    assert!(thumb.to_rgb8()[(300, 100)].0[0] > 200, "the first frame");
}

#[test]
fn what_shines_through_still_does() {
    let glass = |x: u32, y: u32| Rgba([200, 100, 0, u8::try_from((x * y) % 200).unwrap()]);
    let png = file(&RgbaImage::from_fn(1000, 500, glass).into(), ImageFormat::Png);
    let thumb = clean(&png, "image/png").unwrap().thumb("image/png").unwrap();
    assert_eq!((thumb.ending, Thumb::mime_of(thumb.ending)), ("webp", "image/webp"));
    let shown = upright(&thumb.bytes);
    assert_eq!((shown.width(), shown.height()), (640, 320));
    assert!(shown.to_rgba8().pixels().any(|pixel| pixel.0[3] < 200));
}

#[test]
fn a_small_picture_is_its_own_thumbnail_and_none_is_enlarged() {
    let small = clean(&file(&photo(60, 40), ImageFormat::Png), "image/png").unwrap();
    assert!(small.thumb("image/png").is_none());
    assert!(clean(b"BM no such picture", "image/png").is_none());
    let random = |x: u32, y: u32| (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(2_246_822_519)).rotate_left(x ^ y);
    let noise = RgbImage::from_fn(400, 300, |x, y| Rgb(*random(x, y).to_be_bytes().first_chunk().unwrap()));
    let heavy = clean(&file(&noise.into(), ImageFormat::Png), "image/png").unwrap();
    assert!(heavy.bytes.len() > SMALL_BYTES);
    assert_eq!(upright(&heavy.thumb("image/png").unwrap().bytes).width(), 400);
}

#[test]
fn a_bomb_is_not_decoded() {
    let mut bomb = file(&photo(700, 500), ImageFormat::Png);
    bomb[16..24].copy_from_slice(&[0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10]);
    let crc = crc32fast::hash(&bomb[12..29]).to_be_bytes();
    bomb[29..33].copy_from_slice(&crc);
    let bomb = clean(&bomb, "image/png").unwrap();
    assert!(bomb.thumb("image/png").is_none(), "a hundred megapixels");
    let (full, _) = from_a_camera(1);
    let slow = Clean { passes: 65, ..clean(&full, JPEG).unwrap() };
    assert!(slow.thumb(JPEG).is_none(), "a JPEG of many passes");
}

#[test]
fn a_broken_picture_has_no_thumbnail() {
    let (full, _) = from_a_camera(6);
    let mut broken = full[..full.len() / 3].to_vec();
    let half = broken.len() / 2;
    broken[half..].fill(0xff);
    // Decoders of JPEG make the best of it; none of them may panic.
    let _ = clean(&broken, JPEG).unwrap().thumb(JPEG);
    let png = file(&photo(900, 700), ImageFormat::Png);
    let cut = clean(&png[..png.len() / 2], "image/png").unwrap();
    assert_eq!(cut.bytes, png[..png.len() / 2]);
    assert!(cut.thumb("image/png").is_none());
    assert!(clean(&png[..20], "image/png").is_none() && clean(b"\xff\xd8\xff\xe0", JPEG).is_none());
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), cut in 0_usize..4000, at in 0_usize..4000) {
        let (full, _) = from_a_camera_once();
        for (mime, head) in [(JPEG, &b"\xff\xd8"[..]), ("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR"), ("image/webp", b"RIFF\xff\0\0\0WEBP"), ("image/gif", b"GIF89a")] {
            let _ = clean(&[head, &bytes].concat(), mime);
        }
        let mut broken = full[..full.len().min(cut)].to_vec();
        let at = at.min(broken.len());
        broken.splice(at..at, bytes);
        if let Some(once) = clean(&broken, JPEG) {
            prop_assert_eq!(clean(&once.bytes, JPEG).map(|twice| twice.bytes), Some(once.bytes));
        }
    }
}

fn from_a_camera_once() -> &'static (Vec<u8>, Vec<u8>) {
    static MADE: std::sync::OnceLock<(Vec<u8>, Vec<u8>)> = std::sync::OnceLock::new();
    MADE.get_or_init(|| from_a_camera(6))
}
