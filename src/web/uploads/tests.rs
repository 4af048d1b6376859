//! Tests of `web/uploads` and `web/files`.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use actix_web::test::TestRequest;
use serde_json::Value;

use super::is_stored_name;
use crate::web::testing::{Answer, House, Person};

const GIF: &[u8] = b"GIF89a\x03\x00\x02\x00\x00\x00\x00;";

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend(b"\x08\x06\0\0\0\0\0\0\0");
    bytes
}

/// A part as a client sends it; `head` is what follows `form-data; `.
fn part(head: &str, bytes: &[u8]) -> Vec<u8> {
    let mut part = format!("--edge\r\nContent-Disposition: form-data; {head}\r\nContent-Type: image/png\r\n\r\n").into_bytes();
    part.extend_from_slice(bytes);
    part.extend_from_slice(b"\r\n");
    part
}

fn file(name: &str, bytes: &[u8]) -> Vec<u8> {
    part(&format!("name=\"files\"; filename=\"{name}\""), bytes)
}

async fn send(house: &House, person: &Person, parts: &[Vec<u8>]) -> Answer {
    let mut body = parts.concat();
    body.extend_from_slice(b"--edge--\r\n");
    send_raw(house, person, body).await
}

async fn send_raw(house: &House, person: &Person, body: Vec<u8>) -> Answer {
    let request = TestRequest::post().uri("/api/uploads").insert_header(("content-type", "multipart/form-data; boundary=edge"));
    house.ask(person.asks(request).set_payload(body)).await
}

fn in_folder(house: &House) -> Vec<PathBuf> {
    let dir = &house.context.settings.storage.uploads_dir;
    std::fs::read_dir(dir).map_or(Vec::new(), |files| files.map(|file| file.unwrap().path()).collect())
}

fn url(entry: &Value) -> String {
    entry["url"].as_str().unwrap().to_owned()
}

async fn fetch(house: &House, person: &Person, url: &str) -> Answer {
    house.ask(person.asks(TestRequest::get().uri(url))).await
}

#[actix_web::test]
async fn files_come_back_in_their_order_under_names_of_ours() {
    let house = House::new().await;
    let ana = house.sign_up("ana").await;
    let names = ["../../../evil.txt", "/etc/passwd", "CON", "a\u{202e}gnp.exe", "same.txt", "same.txt", "foto.png"];
    let bodies: Vec<Vec<u8>> = (0..names.len() - 1).map(|n| format!("text {n}").into_bytes()).chain([png(3, 2)]).collect();
    let parts: Vec<_> = names.iter().zip(&bodies).map(|(name, body)| file(name, body)).collect();
    let answer = send(&house, &ana, &parts).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let entries = answer.json();
    let entries = entries.as_array().unwrap();
    assert_eq!(entries.len(), names.len());
    let shown: Vec<_> = entries.iter().map(|entry| entry["name"].as_str().unwrap()).collect();
    assert_eq!(shown, ["evil.txt", "passwd", "CON", "agnp.exe", "same.txt", "same.txt", "foto.png"]);
    for (entry, body) in entries.iter().zip(&bodies) {
        assert!(is_stored_name(url(entry).strip_prefix("/static/").unwrap()));
        assert_eq!(fetch(&house, &ana, &url(entry)).await.bytes, *body);
    }
    assert_eq!((&entries[6]["kind"], &entries[6]["width"], &entries[6]["height"]), (&"image".into(), &3.into(), &2.into()));
    assert_eq!((&entries[0]["kind"], entries[0].get("width")), (&"file".into(), None));
    let files = in_folder(&house);
    assert_eq!(files.len(), names.len());
    assert!(files.iter().all(|file| std::fs::metadata(file).unwrap().permissions().mode() & 0o777 == 0o600));
    let outside: Vec<_> = std::fs::read_dir(house.dir.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(outside.len(), 2, "data and uploads alone: {outside:?}");
    let folder = std::fs::metadata(&house.context.settings.storage.uploads_dir).unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);
}

#[actix_web::test]
async fn a_long_or_encoded_name_is_only_shown() {
    let house = House::new().await;
    let ana = house.sign_up("ana").await;
    let encoded = part("name=\"files\"; filename*=UTF-8''S%C3%A3o%20Jo%C3%A3o%0D%0Ax.pdf", b"%PDF-1.4");
    let answer = send(&house, &ana, &[file(&format!("{}.txt", "x".repeat(10_000)), b"x"), encoded]).await.json();
    assert!(answer[0]["name"].as_str().unwrap().len() <= 255);
    assert_eq!(answer[1]["name"], "São Joãox.pdf");
    let download = fetch(&house, &ana, &url(&answer[1])).await;
    assert_eq!(
        download.header("content-disposition"),
        "attachment; filename=\"S_o Jo_ox.pdf\"; filename*=UTF-8''S%C3%A3o%20Jo%C3%A3ox.pdf"
    );
    assert_eq!(download.header("content-type"), "application/pdf");
}

#[actix_web::test]
async fn nothing_that_was_sent_in_runs_in_our_origin() {
    let house = House::new().await;
    let ana = house.sign_up("ana").await;
    let script = b"<script>alert(1)</script>".as_slice();
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".as_slice();
    let parts = [
        file("a.html", b"<!doctype html><script>alert(1)</script>"),
        file("a.svg", svg),
        file("a.png", script),
        file("a.js", b"alert(1)"),
        file("a.xml", b"<?xml version=\"1.0\"?><a/>"),
        file("a.pdf", b"%PDF-1.4"),
        file("a.txt", script),
    ];
    for entry in send(&house, &ana, &parts).await.json().as_array().unwrap() {
        assert_eq!(entry["kind"], "file", "{entry}");
        let answer = fetch(&house, &ana, &url(entry)).await;
        assert!(answer.header("content-disposition").starts_with("attachment; "), "{entry}");
        assert_eq!(answer.header("content-security-policy"), "sandbox; default-src 'none'");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(
            ["application/octet-stream", "application/pdf", "text/plain; charset=utf-8"].contains(&answer.header("content-type")),
            "{entry}"
        );
    }
}

#[actix_web::test]
async fn magic_bytes_decide_what_an_image_is() {
    let house = House::new().await;
    let ana = house.sign_up("ana").await;
    let parts = [
        file("a.html", GIF),
        file("fake.png", b"no image"),
        file("cut.png", &png(3, 2)[..12]),
        file("huge.png", &png(100_000, 100_000)),
        file("none.png", &png(0, 5)),
    ];
    let entries = send(&house, &ana, &parts).await.json();
    assert_eq!(
        (&entries[0]["kind"], &entries[0]["mime"], &entries[0]["width"]),
        (&"image".into(), &"image/gif".into(), &3.into())
    );
    assert_eq!(url(&entries[0]).rsplit('.').next(), Some("gif"));
    for n in 1..5 {
        assert_eq!(entries[n]["kind"], "file", "{}", entries[n]);
    }
    let shown = fetch(&house, &ana, &url(&entries[0])).await;
    assert!(shown.header("content-disposition").starts_with("inline; "));
    assert_eq!(shown.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(shown.header("content-security-policy"), "sandbox; default-src 'none'");
    let range = ana.asks(TestRequest::get().uri(&url(&entries[0]))).insert_header(("range", "bytes=0-2"));
    let range = house.ask(range).await;
    assert_eq!((range.status, &*range.bytes), (206, b"GIF".as_slice()));
}

#[actix_web::test]
async fn a_request_that_goes_too_far_leaves_nothing_behind() {
    let house = House::with(|settings| {
        settings.bounds.upload_file_bytes_max = 1000;
        settings.bounds.upload_files_max = 3;
        settings.bounds.uploads_per_user_bytes_max = 2500;
    })
    .await;
    let ana = house.sign_up("ana").await;
    let small = file("a.txt", b"x");
    let large = file("a.txt", &[b'x'; 1001]);
    let full = file("a.txt", &[b'x'; 1000]);
    let other = part("name=\"other\"", b"x");
    for (parts, status, code) in [
        (vec![small.clone(), large], 413, "too_large"),
        (vec![small.clone(); 4], 413, "too_large"),
        (vec![full.clone(); 3], 413, "too_large"),
        (vec![other.clone(); 65], 413, "too_large"),
        (vec![small.clone(), part("name=\"other\"", &[b'x'; 70_000])], 413, "too_large"),
        (vec![other.clone()], 422, "invalid"),
        (vec![], 422, "invalid"),
    ] {
        let answer = send(&house, &ana, &parts).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{} parts", parts.len());
        assert!(in_folder(&house).is_empty());
    }
    let mut cut = small.clone();
    cut.extend_from_slice(&file("b.txt", b"begun")[..80]);
    assert_eq!(send_raw(&house, &ana, cut).await.status, 400);
    assert!(in_folder(&house).is_empty());
    assert_eq!(send(&house, &ana, &[full.clone(), full.clone()]).await.status, 201);
    assert_eq!(send(&house, &ana, &[full]).await.code(), "too_large");
    assert_eq!(in_folder(&house).len(), 2);
    let mut fill = vec![other; 63];
    fill.push(small);
    assert_eq!(send(&house, &ana, &fill).await.status, 201);
}

#[actix_web::test]
async fn a_low_disk_takes_no_more() {
    let house = House::with(|settings| settings.bounds.disk_free_bytes_min = u64::MAX).await;
    let ana = house.sign_up("ana").await;
    let answer = send(&house, &ana, &[file("a.txt", b"x")]).await;
    assert_eq!((answer.status, answer.code().as_str()), (507, "no_space"));
    assert!(in_folder(&house).is_empty());
}

#[actix_web::test]
async fn a_client_that_goes_away_leaves_no_partial_file() {
    use actix_web::FromRequest as _;
    use futures_util::StreamExt as _;
    let house = House::new().await;
    house.sign_up("ana").await;
    let login = house.context.store.user_by_login("ana").await.unwrap().unwrap();
    let login = crate::user::Login { id: crate::ids::LoginId::random(), user: login.user };
    let begun = file("a.txt", &vec![b'x'; 100_000]);
    let (request, _) = TestRequest::post().insert_header(("content-type", "multipart/form-data; boundary=edge")).to_http_parts();
    let stream = futures_util::stream::iter([Ok(actix_web::web::Bytes::from(begun))]).chain(futures_util::stream::pending());
    let mut payload = actix_web::dev::Payload::Stream { payload: stream.boxed_local() };
    let parts = actix_multipart::Multipart::from_request(&request, &mut payload).await.unwrap();
    let upload = super::post_uploads(house.context.clone(), crate::web::guard::SignedIn(login), parts);
    let waited = tokio::time::timeout(std::time::Duration::from_millis(200), upload).await;
    assert!(waited.is_err(), "the upload ended by itself");
    assert!(in_folder(&house).is_empty());
}

#[actix_web::test]
async fn a_file_is_for_those_who_are_signed_in_and_no_link_is_followed() {
    let house = House::new().await;
    let (ana, bia) = (house.sign_up("ana").await, house.sign_up("bia").await);
    let url = url(&send(&house, &ana, &[file("a.txt", b"secret")]).await.json()[0]);
    assert_eq!(house.get(&url).await.code(), "unauthenticated");
    assert_eq!(fetch(&house, &bia, &url).await.text(), "secret");
    let dir = &house.context.settings.storage.uploads_dir;
    let name = url.strip_prefix("/static/").unwrap();
    for bad in [
        "/static/..%2Fdata%2Fsecret.key",
        "/static/%2Fetc%2Fpasswd",
        "/static/.partial-x",
        "/static/x.png",
        &url.to_uppercase(),
        &format!("{url}%00"),
    ] {
        assert_eq!(fetch(&house, &ana, bad).await.status, 404, "{bad}");
    }
    std::fs::write(dir.join("00000000000000000000000000000000.txt"), "not in the store").unwrap();
    assert_eq!(fetch(&house, &ana, "/static/00000000000000000000000000000000.txt").await.status, 404);
    std::fs::remove_file(dir.join(name)).unwrap();
    std::os::unix::fs::symlink(house.dir.path().join("data/secret.key"), dir.join(name)).unwrap();
    assert_eq!(fetch(&house, &ana, &url).await.status, 404);
}

#[actix_web::test]
async fn the_janitor_takes_unused_files_with_their_rows() {
    let house = House::new().await;
    let ana = house.sign_up("ana").await;
    let entries = send(&house, &ana, &[file("used.txt", b"x"), file("unused.txt", b"y")]).await.json();
    let used = url(&entries[0]).trim_start_matches("/static/").to_owned();
    let dir = house.context.settings.storage.uploads_dir.clone();
    let partial = dir.join(".partial-old");
    std::fs::write(&partial, "").unwrap();
    let old = std::time::SystemTime::now() - std::time::Duration::from_hours(25);
    std::fs::File::options().write(true).open(&partial).unwrap().set_modified(old).unwrap();
    std::fs::write(dir.join(".partial-new"), "").unwrap();
    sqlx::query("update uploads set used_at = 1 where name = $1")
        .bind(used.clone())
        .execute(house.context.store.reader())
        .await
        .unwrap();
    let store = &house.context.store;
    crate::janitor::clean(store, &dir, crate::clock::now_ms()).await.unwrap();
    assert_eq!(in_folder(&house).len(), 3);
    crate::janitor::clean(store, &dir, crate::clock::now_ms() + 25 * 3600 * 1000).await.unwrap();
    let mut left: Vec<_> =
        in_folder(&house).iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect();
    left.sort();
    assert_eq!(left, [".partial-new".to_owned(), used]);
    assert_eq!(fetch(&house, &ana, &url(&entries[1])).await.status, 404);
}
