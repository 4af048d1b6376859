//! Uploads: PROTOCOL section 2, and HARDENING 41–45 and 47.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

mod common;

use common::{Account, File, Reply, TestServer, multipart_type};
use serde_json::{Value, json};

/// The smallest picture there is: one pixel.
const PNG: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 0x0D, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 6, 0, 0, 0,
    0x1F, 0x15, 0xC4, 0x89, 0, 0, 0, 0x0D, b'I', b'D', b'A', b'T', 0x78, 0x9C, 0x63, 0xF8, 0xCF, 0xC0, 0xF0, 0x1F, 0, 5, 0, 1,
    0xFF, 0x89, 0x99, 0x3D, 0x1D, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82,
];
const GIF: &[u8] = b"GIF89a\x02\x00\x03\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x02\x00\x03\x00\x00\x02\x02\x84Q\x00;";
const ZIP: &[u8] = b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";

async fn uploads(papo: &TestServer, who: &Account, files: &[File]) -> Vec<Value> {
    let reply = papo.post("/api/uploads").by(who).files(files).await.is(201).json();
    reply.as_array().expect("an array, one entry a file").clone()
}

async fn upload(papo: &TestServer, who: &Account, file: File) -> Value {
    uploads(papo, who, &[file]).await.remove(0)
}

async fn fetch(papo: &TestServer, who: &Account, entry: &Value) -> Reply {
    papo.get(entry["url"].as_str().unwrap()).by(who).go().await.is(200)
}

/// Every file below the folder of the server, by its path.
fn stored(papo: &TestServer) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![papo.uploads()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

#[actix_web::test]
async fn an_upload_is_answered_with_one_entry_a_file_in_their_order() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let files = [
        File::new("foto.png", "image/png", PNG),
        File::new("tudo.zip", "application/zip", ZIP),
        File::new("anim.gif", "image/gif", GIF),
    ];
    let entries = uploads(&papo, &ana, &files).await;
    assert_eq!(entries.len(), 3);
    for (entry, (name, mime, kind, content)) in entries.iter().zip([
        ("foto.png", "image/png", "image", PNG),
        ("tudo.zip", "application/zip", "file", ZIP),
        ("anim.gif", "image/gif", "image", GIF),
    ]) {
        assert_eq!(
            (&entry["name"], &entry["mime"], &entry["kind"], &entry["bytes"]),
            (&json!(name), &json!(mime), &json!(kind), &json!(content.len())),
            "{entry}"
        );
        let stem = entry["url"].as_str().unwrap().strip_prefix("/static/").expect("an address under /static/");
        // 128 random bits are 22 characters of base64, 32 of hex.
        assert!(stem.len() >= 22 && stem.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)), "{stem}");
        assert_eq!(fetch(&papo, &ana, entry).await.body, content);
    }
    assert_eq!((&entries[0]["width"], &entries[0]["height"]), (&json!(1), &json!(1)));
    assert_eq!((&entries[2]["width"], &entries[2]["height"]), (&json!(2), &json!(3)));
    assert!(entries[1].get("width").is_none(), "{}", entries[1]);
}

#[actix_web::test]
async fn what_was_uploaded_travels_in_a_message_with_all_that_is_known_of_it() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let (mut ana, mut bia) = (papo.enter(&who, "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    let entries =
        uploads(&papo, &who, &[File::new("foto.png", "image/png", PNG), File::new("tudo.zip", "application/zip", ZIP)]).await;
    let (image, file) = (&entries[0], &entries[1]);
    let send = json!({"type": "send", "client_id": "a1", "text": "", "images": [image["url"]], "files": [file["url"]]});
    ana.does(send.clone()).await;
    let expected = json!({
        "type": "message", "text": "",
        "images": [{"url": image["url"], "name": "foto.png", "bytes": PNG.len(), "mime": "image/png", "width": 1, "height": 1}],
        "files": [{"url": file["url"], "name": "tudo.zip", "bytes": ZIP.len(), "mime": "application/zip"}],
    });
    let event = bia.hears(json!({"type": "message", "text": ""})).await;
    assert_eq!((&event["images"], &event["files"]), (&expected["images"], &expected["files"]));
    assert_eq!(ana.does(send.clone()).await["duplicate"], true);
    let mut other = send;
    other["files"] = json!([]);
    ana.is_refused(other, "conflict").await;
    // Who hears of it may fetch it.
    let caio = papo.register("caio").await;
    assert_eq!(fetch(&papo, &caio, image).await.body, PNG);
}

#[actix_web::test]
async fn one_sends_ones_own_uploads_alone() {
    let papo = TestServer::start().await;
    let (who, other) = (papo.register("ana").await, papo.register("bia").await);
    let mut ana = papo.enter(&who, "sala-1").await;
    let foreign = upload(&papo, &other, File::new("dela.png", "image/png", PNG)).await;
    let own = upload(&papo, &who, File::new("minha.png", "image/png", PNG)).await;
    for address in [foreign["url"].as_str().unwrap(), "/static/nada.png", "/static/", "/etc/passwd", "//mau.example/static/x.png"]
    {
        for field in ["images", "files"] {
            ana.is_refused(json!({"type": "send", "text": "oi", field: [address]}), "unknown_upload").await;
        }
    }
    ana.is_refused(json!({"type": "send", "text": "oi", "images": [own["url"], foreign["url"]]}), "unknown_upload").await;
    ana.does(json!({"type": "send", "text": "oi", "images": [own["url"]]})).await;
    assert_eq!(ana.says("dois").await["seq"], 2, "nothing of what was refused was kept");
}

#[actix_web::test]
async fn a_name_chooses_no_place() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let long = format!("{}.png", "a".repeat(10_000));
    let names: Vec<&[u8]> = vec![
        b"../../fora.png",
        b"..\\..\\fora.png",
        b"/etc/fora.png",
        b"C:\\fora.png",
        b"CON",
        b"NUL.txt",
        b".",
        b"..",
        b".htaccess",
        b"",
        b"a/b.png",
        b"nome\0.png",
        "a\u{202e}gnp.exe".as_bytes(),
        b"a%0d%0ab.txt",
        b"a%00.png",
        long.as_bytes(),
        b"igual.png",
        b"igual.png",
        b"\xff\xfe.png",
        "foto é.png".as_bytes(),
    ];
    let outside = |papo: &TestServer| {
        let mut names: Vec<_> = std::fs::read_dir(papo.dir()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = outside(&papo);
    let mut urls = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let content = format!("conteúdo {n}");
        let reply = papo.post("/api/uploads").by(&ana).files(&[File::new(name, "text/plain", &content)]).await;
        let shown = String::from_utf8_lossy(&name[..name.len().min(40)]).into_owned();
        assert!(reply.status == 201 || (400..500).contains(&reply.status), "{shown:?} {}", reply.status);
        if reply.status != 201 {
            continue;
        }
        let entry = &reply.json()[0];
        let name = entry["name"].as_str().unwrap();
        let bad = |c: char| c.is_control() || "/\\\u{202e}".contains(c);
        assert!(
            !name.is_empty() && name != "." && name != ".." && name.len() <= 255 && !name.contains(bad),
            "{shown:?} became {name:?}"
        );
        let fetched = fetch(&papo, &ana, entry).await;
        assert_eq!(fetched.text(), content, "{shown:?}");
        urls.push(entry["url"].as_str().unwrap().to_owned());
    }
    assert!(urls.len() >= 10, "most of them are only odd: {}", urls.len());
    let count = urls.len();
    urls.sort();
    urls.dedup();
    assert_eq!(urls.len(), count, "nothing is overwritten");
    assert_eq!(stored(&papo).len(), count, "nothing more, nothing elsewhere");
    assert_eq!(outside(&papo), before, "nothing outside");
}

#[actix_web::test]
async fn a_name_with_a_line_break_breaks_no_header() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    for name in ["a\r\nSet-Cookie: x=1\r\n.txt", "a\nb.txt", "a\"; filename=\"b.html", "é\u{2028}.txt"] {
        let reply = papo.post("/api/uploads").by(&ana).files(&[File::new(name, "text/plain", "oi")]).await;
        assert!(reply.status == 201 || (400..500).contains(&reply.status), "{name:?} {}", reply.status);
        if reply.status == 201 {
            let fetched = fetch(&papo, &ana, &reply.json()[0]).await;
            assert!(!fetched.headers.contains_key("set-cookie"), "{name:?}");
            assert!(fetched.header("content-disposition").starts_with("attachment"), "{name:?} {:?}", fetched.headers);
        }
    }
}

#[actix_web::test]
async fn what_could_run_in_a_browser_is_a_download_in_a_box() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let html = "<!doctype html><script>alert(document.domain)</script>";
    let svg = "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    for (name, mime, content) in [
        ("a.html", "text/html", html),
        ("a.svg", "image/svg+xml", svg),
        ("b.svg", "image/png", svg),
        ("a.xml", "text/xml", "<?xml version=\"1.0\"?><a/>"),
        ("a.xhtml", "application/xhtml+xml", html),
        ("a.js", "text/javascript", "alert(1)"),
        ("a.pdf", "application/pdf", "%PDF-1.4\n1 0 obj"),
        ("a.png", "image/png", html),
        ("a.htm.png", "text/html", html),
        ("a.jpg", "image/jpeg", "GIF8 not quite"),
        ("sem", "text/html", html),
    ] {
        let entry = upload(&papo, &ana, File::new(name, mime, content)).await;
        assert_eq!(entry["kind"], "file", "{name} {entry}");
        let reply = fetch(&papo, &ana, &entry).await;
        assert!(reply.header("content-disposition").starts_with("attachment"), "{name} {:?}", reply.headers);
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{name}");
        let csp = reply.header("content-security-policy");
        assert!(csp.contains("sandbox") && csp.contains("default-src 'none'"), "{name} {csp}");
        let mime = reply.header("content-type");
        assert!(!mime.starts_with("image/") || !mime.contains("svg"), "{name} {mime}");
        assert_eq!(reply.text(), content);
    }
}

#[actix_web::test]
async fn the_content_decides_what_an_image_is() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let disguised = upload(&papo, &ana, File::new("notas.txt", "text/plain", PNG)).await;
    assert_eq!((&disguised["kind"], &disguised["mime"]), (&json!("image"), &json!("image/png")));
    let reply = fetch(&papo, &ana, &disguised).await;
    assert_eq!(reply.header("content-type"), "image/png");
    assert!(!reply.header("content-disposition").starts_with("attachment"), "{:?}", reply.headers);
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    let cut = upload(&papo, &ana, File::new("cortada.png", "image/png", &PNG[..12])).await;
    assert_eq!(cut["kind"], "file", "an image that cannot be measured is none: {cut}");
}

#[actix_web::test]
async fn an_image_of_too_many_pixels_is_not_shown_as_one() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let mut bomb = PNG.to_vec();
    bomb[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    let reply = papo.post("/api/uploads").by(&ana).files(&[File::new("bomba.png", "image/png", bomb)]).await;
    assert!((400..500).contains(&reply.status) || reply.json()[0]["kind"] == "file", "{} {}", reply.status, reply.text());
}

#[actix_web::test]
async fn too_large_a_file_or_too_many_of_them_are_refused_and_nothing_is_kept() {
    let papo = TestServer::with(|settings| {
        settings.bounds.upload_file_bytes_max = 1000;
        settings.bounds.upload_files_max = 3;
    })
    .await;
    let ana = papo.register("ana").await;
    let of_size = |bytes: usize| File::new("a.bin", "application/octet-stream", vec![b'x'; bytes]);
    assert_eq!(upload(&papo, &ana, of_size(1000)).await["bytes"], 1000);
    papo.post("/api/uploads").by(&ana).files(&[of_size(1001)]).await.refuses(413, "too_large");
    papo.post("/api/uploads").by(&ana).files(&[of_size(5), of_size(2000)]).await.refuses(413, "too_large");
    papo.post("/api/uploads").by(&ana).files(&vec![of_size(5); 4]).await.refuses(413, "too_large");
    papo.post("/api/uploads").by(&ana).files(&[of_size(200_000)]).await.refuses(413, "too_large");
    assert_eq!(stored(&papo).len(), 1, "{:?}", stored(&papo));
    assert_eq!(uploads(&papo, &ana, &vec![of_size(5); 3]).await.len(), 3);
}

#[actix_web::test]
async fn the_files_of_one_user_have_a_quota_of_their_own() {
    let papo = TestServer::with(|settings| settings.bounds.uploads_per_user_bytes_max = 1000).await;
    let (ana, bia) = (papo.register("ana").await, papo.register("bia").await);
    let of_size = |bytes: usize| File::new("a.bin", "application/octet-stream", vec![b'x'; bytes]);
    upload(&papo, &ana, of_size(800)).await;
    let reply = papo.post("/api/uploads").by(&ana).files(&[of_size(300)]).await;
    assert!([413, 507].contains(&reply.status), "{}", reply.status);
    assert_eq!(stored(&papo).len(), 1);
    upload(&papo, &ana, of_size(100)).await;
    upload(&papo, &bia, of_size(800)).await;
}

#[actix_web::test]
async fn a_disk_that_is_nearly_full_takes_no_files() {
    let papo = TestServer::with(|settings| settings.bounds.disk_free_bytes_min = u64::MAX / 2).await;
    let ana = papo.register("ana").await;
    papo.post("/api/uploads").by(&ana).files(&[File::new("a.txt", "text/plain", "oi")]).await.is(507);
    assert_eq!(stored(&papo).len(), 0);
    papo.enter(&ana, "sala-1").await.says("mas falar posso").await;
}

#[actix_web::test]
async fn a_body_that_is_no_upload_is_refused_and_nothing_is_kept() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let post = || papo.post("/api/uploads").by(&ana);
    let part = |head: &str, content: &str| format!("--papo-test-boundary-5f0c\r\n{head}\r\n\r\n{content}\r\n");
    let end = "--papo-test-boundary-5f0c--\r\n";
    let file = part("Content-Disposition: form-data; name=\"files\"; filename=\"a.txt\"", "oi");
    let many = part("Content-Disposition: form-data; name=\"files\"; filename=\"a.txt\"", "").repeat(30_000);
    let nameless = part("Content-Disposition: form-data; name=\"outra\"", "").repeat(65);
    for (why, reply) in [
        ("no multipart", post().body("text/plain", "oi").go().await),
        ("no boundary", post().body("multipart/form-data", file.clone() + end).go().await),
        ("nothing in it", post().body(&multipart_type(), end).go().await),
        ("cut off", post().body(&multipart_type(), file.clone()).go().await),
        ("cut off within a file", post().body(&multipart_type(), file[..file.len() - 3].to_owned()).go().await),
        ("30,000 empty parts", post().body(&multipart_type(), many + end).go().await),
        ("65 parts of no file", post().body(&multipart_type(), nameless + end).go().await),
        (
            "a head without end",
            post().body(&multipart_type(), part(&format!("X: {}", "x".repeat(1 << 20)), "oi") + end).go().await,
        ),
    ] {
        assert!((400..500).contains(&reply.status), "{why}: {} {}", reply.status, reply.text());
        assert!(reply.json()["code"].is_string(), "{why}: {}", reply.text());
    }
    assert_eq!(stored(&papo).len(), 0, "{:?}", stored(&papo));
    upload(&papo, &ana, File::new("a.txt", "text/plain", "oi")).await;
}

#[actix_web::test]
async fn an_upload_that_breaks_off_leaves_nothing_behind() {
    use tokio::io::AsyncWriteExt as _;
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let mut stream = tokio::net::TcpStream::connect(papo.addr).await.unwrap();
    let head = format!(
        "POST /api/uploads HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nContent-Type: {}\r\nContent-Length: 9000000\r\n\r\n",
        papo.addr,
        ana.token,
        multipart_type()
    );
    let body = "--papo-test-boundary-5f0c\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.bin\"\r\n\r\n"
        .to_owned()
        + &"x".repeat(500_000);
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    common::pause(300).await;
    drop(stream);
    common::until("the part is removed", common::DEADLINE, async || stored(&papo).is_empty()).await;
}

#[actix_web::test]
async fn files_are_for_those_who_are_signed_in() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let entry = upload(&papo, &ana, File::new("foto.png", "image/png", PNG)).await;
    let url = entry["url"].as_str().unwrap();
    let reply = papo.get(url).go().await.is(401);
    assert!(!reply.body.windows(4).any(|part| part == b"\x89PNG"));
    papo.get(url).by_cookie(&ana).go().await.is(200);
    papo.post("/api/uploads").files(&[File::new("a.txt", "text/plain", "oi")]).await.is(401);
    let cached = papo.get(url).by(&ana).go().await.is(200);
    assert!(!cached.header("cache-control").contains("public"), "{:?}", cached.headers);
    papo.sign_out(&ana).await;
    papo.get(url).by(&ana).go().await.is(401);
}

#[actix_web::test]
async fn the_folder_is_no_shelf_to_look_through() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let entry = upload(&papo, &ana, File::new("foto.png", "image/png", PNG)).await;
    std::fs::write(papo.uploads().join(".escondido"), "segredo").unwrap();
    std::fs::write(papo.dir().join("fora.txt"), "segredo").unwrap();
    std::os::unix::fs::symlink(papo.dir().join("fora.txt"), papo.uploads().join("0192aaaaaaaaaaaaaaaaaaaaaaaaaaaa.txt")).unwrap();
    std::os::unix::fs::symlink(papo.dir(), papo.uploads().join("0192bbbbbbbbbbbbbbbbbbbbbbbbbbbb")).unwrap();
    for path in [
        "/static/",
        "/static",
        "/static/.",
        "/static/..",
        "/static/.escondido",
        "/static/%2eescondido",
        "/static/../fora.txt",
        "/static/..%2ffora.txt",
        "/static/%2e%2e/fora.txt",
        "/static/..%5cfora.txt",
        "/static//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/%00",
        "/static/0192aaaaaaaaaaaaaaaaaaaaaaaaaaaa.txt",
        "/static/0192bbbbbbbbbbbbbbbbbbbbbbbbbbbb/fora.txt",
        "/static/0192bbbbbbbbbbbbbbbbbbbbbbbbbbbb",
    ] {
        let reply = papo.get(path).by(&ana).go().await;
        assert!((400..500).contains(&reply.status), "{path} {} {}", reply.status, reply.text());
        assert!(!reply.text().contains("segredo"), "{path}");
    }
    fetch(&papo, &ana, &entry).await;
}

#[actix_web::test]
async fn a_part_of_a_file_can_be_asked_for() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let entry = upload(&papo, &ana, File::new("a.txt", "text/plain", "0123456789")).await;
    let url = entry["url"].as_str().unwrap();
    assert_eq!(papo.get(url).by(&ana).with("Range", "bytes=2-4").go().await.is(206).text(), "234");
    let reply = papo.get(url).by(&ana).with("Range", "bytes=90-99").go().await;
    assert!(reply.status == 416 || reply.status == 200, "{}", reply.status);
}

#[actix_web::test]
async fn files_survive_a_restart() {
    let mut papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let entry = upload(&papo, &who, File::new("foto.png", "image/png", PNG)).await;
    papo.restart().await;
    assert_eq!(fetch(&papo, &who, &entry).await.body, PNG);
    let mut ana = papo.enter(&who, "sala-1").await;
    ana.does(json!({"type": "send", "text": "", "images": [entry["url"]]})).await;
}
