//! A copy of what a server keeps, made while it runs, and a server on that copy. PROTOCOL section 3.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::time::Duration;

use common::{Client, File, Greeting, Process, command, run};
use serde_json::json;

fn copies(papo: &Process, to: &str) -> std::process::Output {
    run(papo.dir(), &["backup", to])
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[actix_web::test]
async fn a_server_on_the_copy_has_all_that_anyone_had_seen() {
    let papo = Process::start(&[]);
    let ana = papo.register("ana").await;
    let mut socket = papo.enter(&ana, "sala-1").await;
    let image = fs::read("docs/screenshots/404-light.webp").unwrap();
    let files = [File::new("a.txt", "text/plain", "oi"), File::new("b.webp", "image/webp", &image)];
    let uploads = papo.post("/api/uploads").by(&ana).files(&files).await.is(201).json();
    let urls: Vec<_> = uploads.as_array().unwrap().iter().map(|upload| upload["url"].clone()).collect();
    socket.does(json!({"type": "send", "text": "olha", "images": [urls[1]], "files": [urls[0]]})).await;
    // Someone goes on talking while it is copied.
    let address = papo.addr;
    let greeting = Greeting::by(&ana);
    let talk = actix_web::rt::spawn(async move {
        let mut socket = Client::connect(address, &greeting).await.unwrap();
        socket.joins("sala-1").await;
        let mut said = Vec::new();
        loop {
            said.push(socket.says(&format!("{}", said.len())).await["seq"].as_i64().unwrap());
            common::pause(2).await;
        }
    });
    common::pause(100).await;
    let before = socket.does(json!({"type": "history", "limit": 1})).await["events"][0]["seq"].as_i64().unwrap();
    let copied = actix_web::rt::task::spawn_blocking({
        let dir = papo.dir().to_owned();
        move || run(&dir, &["backup", "copia"])
    });
    let copied = copied.await.unwrap();
    talk.abort();
    assert_eq!(copied.status.code(), Some(0), "{copied:?}");
    let told = String::from_utf8(copied.stdout).unwrap();
    assert!(told.contains("3 files"), "two uploads and a thumbnail: {told}");
    let copy = papo.dir().join("copia");
    for (path, expected) in [("", 0o700), ("data", 0o700), ("tmp", 0o700), ("data/papo.db", 0o600), ("data/secret.key", 0o600)] {
        assert_eq!(mode(&copy.join(path)), expected, "{path}");
    }
    let elsewhere = tempfile::tempdir().unwrap();
    fs::rename(copy.join("data"), elsewhere.path().join("data")).unwrap();
    fs::rename(copy.join("tmp"), elsewhere.path().join("tmp")).unwrap();
    let restored = Process::start_in(elsewhere, &[]);
    restored.get("/api/me").by_cookie(&ana).go().await.is(200);
    let mut socket = restored.enter(&ana, "sala-1").await;
    let newest = socket.does(json!({"type": "history", "limit": 1})).await["events"][0]["seq"].as_i64().unwrap();
    assert!(newest >= before, "{newest} {before}");
    let first = socket.does(json!({"type": "history", "after": 0, "limit": 1})).await;
    assert_eq!(first["events"][0]["text"], "olha");
    for (url, content) in [(&urls[0], b"oi".as_slice()), (&urls[1], &image)] {
        assert_eq!(restored.get(url.as_str().unwrap()).by(&ana).go().await.is(200).body.len(), content.len());
    }
    restored.get(uploads[1]["thumb"].as_str().unwrap()).by(&ana).go().await.is(200);
    socket.says("de volta").await;
}

#[actix_web::test]
async fn a_server_that_was_killed_can_be_copied_too() {
    let mut papo = Process::start(&[]);
    papo.join("ana", "sala-1").await.says("oi").await;
    papo.kill_9();
    assert_eq!(copies(&papo, "copia").status.code(), Some(0));
    papo.start_again();
    papo.get("/readyz").go().await.is(200);
    papo.sends_signal("TERM");
    papo.ends_within(Duration::from_secs(10)).await;
    let output = command(papo.dir()).args(["backup", "outra"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[actix_web::test]
async fn what_cannot_be_copied_is_refused_in_a_sentence_and_leaves_nothing() {
    let papo = Process::start(&[]);
    let refused = |output: std::process::Output, words: &str| {
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{error}");
        assert!(error.contains(words) && error.trim_end().lines().count() == 1, "{error}");
    };
    fs::create_dir(papo.dir().join("velha")).unwrap();
    fs::write(papo.dir().join("velha/cara.txt"), "x").unwrap();
    refused(copies(&papo, "velha"), "a new folder");
    assert_eq!(fs::read_dir(papo.dir().join("velha")).unwrap().count(), 1);
    refused(copies(&papo, "/proc/copia"), "/proc/copia");
    refused(copies(&papo, "stderr.log/copia"), "stderr.log/copia");
    let empty = tempfile::tempdir().unwrap();
    refused(run(empty.path(), &["backup", "copia"]), "there is no database");
    assert_eq!(fs::read_dir(empty.path()).unwrap().count(), 0);
    papo.get("/readyz").go().await.is(200);
}
