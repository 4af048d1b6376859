//! Pictures: PROTOCOL section 2, "Uploads": what is taken out of them, and their thumbnails.

mod common;

use common::{Account, File, Reply, TestServer};
use image::{DynamicImage, ImageFormat, Rgb, RgbImage, RgbaImage};
use papo::settings::Settings;
use papo::store::Store;
use serde_json::{Value, json};

const PLACE: &[u8] = b"S 12 58 17, W 38 30 05";

async fn upload(papo: &TestServer, who: &Account, name: &str, content: impl AsRef<[u8]>) -> Value {
    papo.post("/api/uploads").by(who).files(&[File::new(name, "image/png", content)]).await.is(201).json()[0].clone()
}

async fn fetch(papo: &TestServer, who: &Account, address: &Value) -> Reply {
    papo.get(address.as_str().expect("an address")).by(who).go().await.is(200)
}

fn has(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|part| part == words)
}

fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("a picture can be written");
    bytes.into_inner()
}

/// Red on the left, blue on the right, and noise in both.
fn photo(width: u32, height: u32) -> DynamicImage {
    let pixel = |x: u32, y: u32| {
        let noise = ((x * 7919 + y * 104_729) % 97) as u8;
        if x < width / 2 { Rgb([255 - noise, noise, 0]) } else { Rgb([0, noise, 255 - noise]) }
    };
    RgbImage::from_fn(width, height, pixel).into()
}

/// A JPEG as a telephone makes it: 1200 × 800 pixels to be turned to the right, and the place where it was taken.
fn taken_upright() -> Vec<u8> {
    let plain = file(&photo(1200, 800), ImageFormat::Jpeg);
    // One entry of orientation 6, and one that leads to a directory of GPS (0x8825), whose latitude is a text here.
    let mut exif =
        b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\x25\x88\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(PLACE);
    let length = u16::try_from(exif.len() + 2).expect("it is short").to_be_bytes();
    [&plain[..2], b"\xff\xe1", &length, &exif, &plain[2..]].concat()
}

fn decoded(reply: &Reply) -> DynamicImage {
    image::load_from_memory(&reply.body).expect("a picture")
}

/// Names in the folder of uploads.
fn stored(papo: &TestServer) -> usize {
    std::fs::read_dir(papo.uploads()).map_or(0, Iterator::count)
}

#[actix_web::test]
async fn a_photograph_is_shown_upright_without_the_place_where_it_was_taken() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let photograph = taken_upright();
    let entry = upload(&papo, &ana, "praia.jpg", &photograph).await;
    assert_eq!((&entry["width"], &entry["height"], &entry["mime"]), (&json!(800), &json!(1200), &json!("image/jpeg")));
    let whole = fetch(&papo, &ana, &entry["url"]).await;
    assert!(has(&photograph, PLACE) && !has(&whole.body, PLACE));
    assert!(has(&whole.body, b"\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06"), "its orientation is still told");
    assert_eq!(entry["bytes"], whole.body.len());
    assert_eq!(decoded(&whole), image::load_from_memory(&photograph).unwrap(), "no pixel has changed");
    let thumb = fetch(&papo, &ana, &entry["thumb"]).await;
    let small = decoded(&thumb).to_rgb8();
    assert_eq!((small.width(), small.height()), (427, 640));
    assert!(small[(200, 50)].0[0] > 130 && small[(200, 600)].0[2] > 130, "what was left is above");
    assert!(!has(&thumb.body, PLACE) && !has(&thumb.body, b"Exif") && thumb.body.len() < whole.body.len());
}

#[actix_web::test]
async fn a_thumbnail_is_told_in_the_message_and_served_like_its_picture() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let (mut ana, mut bia) = (papo.enter(&who, "sala-1").await, papo.join("bia", "sala-1").await);
    let entry = upload(&papo, &who, "praia.jpg", taken_upright()).await;
    ana.does(json!({"type": "send", "text": "", "images": [entry["url"]]})).await;
    let event = bia.hears(json!({"type": "message"})).await;
    assert_eq!(event["images"][0]["thumb"], entry["thumb"]);
    let address = entry["thumb"].as_str().unwrap();
    ana.is_refused(json!({"type": "send", "text": "", "images": [address]}), "unknown_upload").await;
    papo.get(address).go().await.refuses(401, "unauthenticated");
    let (whole, thumb) = (fetch(&papo, &who, &entry["url"]).await, fetch(&papo, &who, &entry["thumb"]).await);
    for header in ["content-type", "cache-control", "content-security-policy", "x-content-type-options", "content-disposition"] {
        assert_eq!(thumb.header(header), whole.header(header), "{header}");
    }
}

#[actix_web::test]
async fn a_drawing_loses_its_texts_and_stays_transparent() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let glass = |x: u32, y: u32| image::Rgba([200, 100, 0, ((x * y) % 200) as u8]);
    let plain = file(&RgbaImage::from_fn(1000, 500, glass).into(), ImageFormat::Png);
    // `tEXt` with a checksum that is wrong, which no viewer minds.
    let text = [&u32::try_from(PLACE.len()).unwrap().to_be_bytes()[..], b"tEXt", PLACE, b"\0\0\0\0"].concat();
    let entry = upload(&papo, &ana, "vidro.png", [&plain[..33], &text, &plain[33..]].concat()).await;
    assert_eq!(fetch(&papo, &ana, &entry["url"]).await.body, plain);
    let thumb = fetch(&papo, &ana, &entry["thumb"]).await;
    assert_eq!(thumb.header("content-type"), "image/webp");
    assert!(thumb.header("content-disposition").contains("vidro.webp"), "{:?}", thumb.headers);
    let thumb = decoded(&thumb);
    assert_eq!((thumb.width(), thumb.height()), (640, 320));
    assert!(thumb.to_rgba8().pixels().any(|pixel| pixel.0[3] < 200));
}

#[actix_web::test]
async fn an_animation_stays_one_and_its_thumbnail_is_its_first_frame() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let mut moving = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new_with_speed(&mut moving, 30);
    for _ in 0..3 {
        encoder.encode_frame(image::Frame::new(photo(900, 600).to_rgba8())).unwrap();
    }
    drop(encoder);
    let entry = upload(&papo, &ana, "dança.gif", &moving).await;
    assert_eq!(fetch(&papo, &ana, &entry["url"]).await.body, moving);
    let thumb = decoded(&fetch(&papo, &ana, &entry["thumb"]).await);
    assert_eq!((thumb.width(), thumb.height()), (640, 427));
}

#[actix_web::test]
async fn what_is_small_is_shown_as_it_is() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let entry = upload(&papo, &ana, "selo.png", file(&photo(64, 64), ImageFormat::Png)).await;
    assert_eq!((&entry["kind"], entry.get("thumb")), (&json!("image"), None));
    assert_eq!(stored(&papo), 1);
}

#[actix_web::test]
async fn a_broken_picture_is_kept_without_a_thumbnail() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let png = file(&photo(900, 700), ImageFormat::Png);
    let mut noise = png.clone();
    noise[60..].fill(0x5a);
    let mut bomb = png.clone();
    bomb[16..24].copy_from_slice(&[0, 0, 0x27, 0x10, 0, 0, 0x27, 0x10]);
    for (name, content, kind) in
        [("meia.png", &png[..png.len() / 2], "image"), ("ruído.png", &noise, "image"), ("bomba.png", &bomb, "file")]
    {
        let entry = upload(&papo, &ana, name, content).await;
        assert_eq!((&entry["kind"], entry.get("thumb")), (&json!(kind), None), "{name}");
        assert_eq!(fetch(&papo, &ana, &entry["url"]).await.status, 200, "{name}");
    }
}

#[actix_web::test]
async fn a_thumbnail_counts_for_its_user() {
    let photograph = taken_upright();
    let room = photograph.len() as u64 + 1000;
    let papo = TestServer::with(|settings| settings.bounds.uploads_per_user_bytes_max = room).await;
    let ana = papo.register("ana").await;
    papo.post("/api/uploads").by(&ana).files(&[File::new("a.jpg", "image/jpeg", &photograph)]).await.refuses(413, "too_large");
    assert_eq!(stored(&papo), 0);
}

#[actix_web::test]
async fn the_janitor_takes_a_thumbnail_with_its_picture() {
    let mut papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut ana = papo.enter(&who, "sala-1").await;
    let (used, unused) =
        (upload(&papo, &who, "a.jpg", taken_upright()).await, upload(&papo, &who, "b.jpg", taken_upright()).await);
    ana.does(json!({"type": "send", "text": "", "images": [used["url"]]})).await;
    assert_eq!(stored(&papo), 4);
    drop(ana);
    // A database has one server at a time.
    papo.stop();
    let store = Store::open(&Settings::for_tests(papo.dir())).await.unwrap();
    papo::janitor::clean(&store, &papo.uploads(), common::now_ms() + 25 * 3600 * 1000).await.unwrap();
    store.close().await;
    assert_eq!(stored(&papo), 2);
    papo.restart().await;
    fetch(&papo, &who, &used["thumb"]).await;
    papo.get(unused["thumb"].as_str().unwrap()).by(&who).go().await.is(404);
}
