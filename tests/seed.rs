//! `papo seed-demo`: PROTOCOL section 3. It fills an empty server, and no other.

mod common;

use std::path::Path;
use std::process::Output;

use common::{Account, Process, run};
use serde_json::{Value, json};

fn contents(dir: &Path) -> Vec<String> {
    let read = std::fs::read_dir(dir).expect("the folder is there");
    let mut names: Vec<_> =
        read.map(|entry| entry.expect("it can be listed").file_name().into_string().expect("a plain name")).collect();
    names.sort();
    names
}

#[track_caller]
fn refused(output: &Output, words: &str) {
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!((output.status.code(), &*out), (Some(2), ""), "{error}");
    assert!(error.trim_end().lines().count() == 1 && error.contains(words), "{words:?} in {error}");
}

#[actix_web::test]
async fn it_fills_an_empty_server_which_then_serves_it() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &["seed-demo"]);
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(told.contains("demo-papo") && told.contains("ana, bruno"), "{told}");
    let papo = Process::start_in(dir, &[]);
    let reply = papo.post("/api/login").json(json!({"login": "ana", "password": "demo-papo"})).await.is(200);
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    let ana = Account { username: "ana".into(), token, cookie: reply.cookie() };
    let rooms = papo.get("/api/rooms").by(&ana).go().await.is(200).json();
    let titles: Vec<&str> = rooms["rooms"].as_array().unwrap().iter().map(|room| room["title"].as_str().unwrap()).collect();
    assert_eq!(titles, ["Sala 1", "Sala 2", "Sala 3", "música", "receitas da vó"]);
    let mut socket = papo.connect(&ana).await;
    let (mut messages, mut images, mut files) = (0, 0, 0);
    for title in titles {
        let page = socket.does(json!({"type": "join", "room": title, "limit": 200})).await;
        let events = page["events"].as_array().unwrap();
        assert!((1_i64..).zip(events).all(|(seq, event)| event["seq"] == seq) && page["more"] == false, "{title}");
        let times: Vec<i64> = events.iter().map(|event| event["sent_at"].as_i64().unwrap()).collect();
        assert!(times.is_sorted() && *times.last().unwrap() < common::now_ms(), "{title}");
        messages += events.len();
        for event in events {
            let shown = event["images"].as_array().unwrap();
            for image in shown {
                papo.get(image["thumb"].as_str().unwrap_or_else(|| image["url"].as_str().unwrap())).by(&ana).go().await.is(200);
            }
            images += shown.len();
            files += event["files"].as_array().unwrap().iter().filter(|file: &&Value| file["mime"] == "application/pdf").count();
        }
    }
    assert!((110..150).contains(&messages), "{messages}");
    assert_eq!((images, files), (3, 1));
    assert!(socket.says("oi!").await["seq"].as_i64().unwrap() > 1);
}

#[actix_web::test]
async fn a_server_that_was_used_is_left_as_it_was() {
    let dir = tempfile::tempdir().unwrap();
    assert!(run(dir.path(), &["seed-demo", "--password", "goiabada com queijo"]).status.success());
    let before = (contents(&dir.path().join("data")), contents(&dir.path().join("tmp")));
    refused(&run(dir.path(), &["seed-demo"]), "not empty");
    assert_eq!((contents(&dir.path().join("data")), contents(&dir.path().join("tmp"))), before);
    let papo = Process::start_in(dir, &[]);
    papo.post("/api/login").json(json!({"login": "cida", "password": "goiabada com queijo"})).await.is(200);
    papo.post("/api/login").json(json!({"login": "cida", "password": "demo-papo"})).await.is(401);
}

#[actix_web::test]
async fn a_server_that_runs_is_left_alone() {
    let mut papo = Process::start(&[]);
    refused(&run(papo.dir(), &["seed-demo"]), "held by another program");
    papo.join("ana", "sala-1").await.says("tudo como antes").await;
    papo.kill_9();
    refused(&run(papo.dir(), &["seed-demo"]), "not empty");
    papo.start_again();
    papo.sign_in("ana").await;
}

#[actix_web::test]
async fn a_server_that_was_only_started_is_still_empty() {
    let mut papo = Process::start(&[]);
    papo.kill_9();
    let output = run(papo.dir(), &["seed-demo"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn what_it_cannot_do_leaves_nothing_half_made() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(run(dir.path(), &["seed-demo", "--password", "curta"]).status.code(), Some(2));
    refused(&run(dir.path(), &["--database-url", "postgres://db/papo", "seed-demo"]), "postgres");
    refused(&run(dir.path(), &["seed-demo", "--database-url", "postgres://db/papo"]), "postgres");
    refused(&run(dir.path(), &["seed-demo", "--uploads-per-user-bytes-max", "60000"]), "all the room");
    assert_eq!(contents(dir.path()), Vec::<String>::new());
    std::fs::write(dir.path().join("arquivo"), "").unwrap();
    refused(&run(dir.path(), &["seed-demo", "--uploads-dir", "arquivo/tmp"]), "arquivo");
    assert_eq!(contents(dir.path()), ["arquivo"]);
    let help = run(dir.path(), &["--help"]);
    assert!(String::from_utf8_lossy(&help.stdout).contains("seed-demo"));
}
