//! The traffic log: what is in it, in which order, who may read it, and `papo log`, which shows it.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

mod common;

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use common::{PASSWORD, Process, TestServer, command, run, until};
use papo::settings::Logged;
use papo::{App, Builder, Code, Command, Effect, Member, Moment, Rejection, RoomState};
use serde::Deserialize;
use serde_json::{Value, json};

/// A command whose messages are in the log.
#[derive(Deserialize)]
struct Noted {
    value: i64,
}

impl Command for Noted {
    const NAME: &'static str = "test.noted";
    const LOGGED: bool = true;

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        if self.value < 0 {
            return Err(Code::Rejected.into());
        }
        Ok(vec![Effect::answer(&json!({"value": self.value}))])
    }
}

fn with_noted() -> Builder {
    App::builder().command::<Noted>()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(dir.join("data/traffic")).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    files
}

fn logged(dir: &Path) -> Vec<Value> {
    let text: String = files(dir).iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("JSON, not {line}"))).collect()
}

/// Of each line the direction, and of its message these fields.
fn shape(lines: &[Value], user: &str) -> Vec<String> {
    let of_user = lines.iter().filter(|line| line["user"] == user);
    of_user
        .map(|line| {
            let message = &line["message"];
            let fields = ["type", "id", "value", "code"].map(|name| message[name].to_string());
            format!("{} {}", line["dir"].as_str().unwrap(), fields.join(" "))
        })
        .collect()
}

#[actix_web::test]
async fn by_default_a_command_that_asks_for_it_is_logged_with_its_answers_and_the_chat_is_not() {
    let mut papo = TestServer::built(with_noted, |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    // Under way together, so that the answers of the chat are among those that are looked at.
    let mut ids = Vec::new();
    for value in [3, -1, 5] {
        ids.push(ana.gives(json!({"type": "send", "text": "segredo"})).await);
        ids.push(ana.gives(json!({"type": "test.noted", "value": value})).await);
        ids.push(ana.gives(json!({"type": "typing", "active": true})).await);
    }
    for id in ids {
        ana.answer_to(id).await;
    }
    bia.says("segredo").await;
    bia.is_refused(json!({"type": "test.unknown"}), "unknown_type").await;
    bia.speaks(r#"{"type":"test.noted","id":9,"value":"x"}"#).await;
    assert_eq!(bia.next_answer().await["code"], "bad_frame");
    papo.stop();
    let lines = logged(papo.dir());
    // The id of the join is 1.
    let expected = [
        "in \"test.noted\" 3 3 null",
        "in \"test.noted\" 6 -1 null",
        "in \"test.noted\" 9 5 null",
        "out \"ok\" 3 3 null",
        "out \"error\" 6 null \"rejected\"",
        "out \"ok\" 9 5 null",
    ];
    let mut seen = shape(&lines, "ana");
    let position = |text: &str| seen.iter().position(|line| line == text).unwrap_or_else(|| panic!("{text} in {seen:?}"));
    for (asked, answered) in expected[..3].iter().zip(&expected[3..]) {
        assert!(position(asked) < position(answered), "{seen:?}");
    }
    seen.sort_by_key(|line| line.starts_with("out"));
    assert_eq!(seen, expected, "each way in its order, and nothing else");
    assert_eq!(shape(&lines, "bia"), ["in \"test.noted\" 9 \"x\" null", "out \"error\" 9 null \"bad_frame\""]);
    assert!(lines.iter().all(|line| line["via"] == "socket" && line["session"].is_u64()));
    assert!(!lines.iter().any(|line| line.to_string().contains("segredo")));
}

#[actix_web::test]
async fn one_id_for_everything_does_not_mix_answers_up() {
    let mut papo = TestServer::built(with_noted, |_| ()).await;
    let mut ana = papo.join("ana", "sala-1").await;
    let line = |kind: &str, more: &str| format!("{{\"type\":\"{kind}\",\"id\":1{more}}}");
    let frame = [
        line("test.noted", ",\"value\":1"),
        line("send", ",\"text\":\"segredo\""),
        line("test.noted", ",\"value\":2"),
        // Without an id only what is refused is answered.
        "{\"type\":\"test.noted\",\"value\":8}".to_owned(),
        "{\"type\":\"test.noted\",\"value\":-9}".to_owned(),
    ];
    ana.speaks(&frame.join("\n")).await;
    for _ in 0..4 {
        ana.next_answer().await;
    }
    papo.stop();
    let lines = logged(papo.dir());
    let answers: Vec<String> = shape(&lines, "ana").into_iter().filter(|line| line.starts_with("out")).collect();
    assert_eq!(answers, ["out \"ok\" 1 1 null", "out \"ok\" 1 2 null", "out \"error\" null null \"rejected\""]);
}

#[actix_web::test]
async fn with_all_everything_said_and_heard_is_logged_and_no_secret() {
    let mut papo = Process::start(&["--traffic-log", "all"]);
    let who = papo.register("ana").await;
    let (mut ana, mut bia) = (papo.enter(&who, "sala-1").await, papo.join("bia", "sala-1").await);
    ana.says("oi, bia").await;
    bia.hears_message("ana", "oi, bia").await;
    ana.speaks("{oops").await;
    ana.next_answer().await;
    papo.sends_signal("TERM");
    assert_eq!(papo.ends_within(Duration::from_secs(10)).await.code(), Some(0));
    let lines = logged(papo.dir());
    let has = |user: &str, dir: &str, fields: Value| {
        lines.iter().any(|line| line["user"] == user && line["dir"] == dir && common::has(&line["message"], &fields))
    };
    assert!(has("ana", "out", json!({"type": "hello", "user": {"username": "ana"}})));
    assert!(has("ana", "in", json!({"type": "join", "room": "sala-1"})));
    assert!(has("ana", "in", json!({"type": "send", "text": "oi, bia"})));
    assert!(has("ana", "out", json!({"type": "ok", "seq": 1})));
    assert!(has("bia", "out", json!({"type": "message", "text": "oi, bia", "from": {"username": "ana"}})));
    assert!(has("bia", "out", json!({"type": "notice", "kind": "draining"})), "what is said last is written, too");
    assert!(lines.iter().any(|line| line["dir"] == "in" && line["text"] == "{oops"));
    assert!(has("ana", "out", json!({"type": "error", "code": "bad_frame"})));
    let text = fs::read_to_string(&files(papo.dir())[0]).unwrap();
    let (_, cookie) = who.cookie.split_once('=').unwrap();
    assert!(![who.token.as_str(), cookie, PASSWORD].iter().any(|secret| text.contains(secret)));
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&papo.dir().join("data/traffic")), mode(&files(papo.dir())[0])), (0o700, 0o600));
}

#[actix_web::test]
async fn an_operator_follows_the_log_of_one_user_while_the_server_runs() {
    let papo = Process::start(&["--traffic-log", "all"]);
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    bia.says("antes").await;
    ana.says("antes").await;
    until("the log has it", Duration::from_secs(10), async || {
        logged(papo.dir()).iter().any(|line| line["user"] == "ana" && line["message"]["text"] == "antes")
    })
    .await;
    let mut follow =
        command(papo.dir()).args(["log", "--follow", "--user", "ana", "--lines", "1000"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(follow.stdout.take().unwrap()).lines();
    let mut next = move || serde_json::from_str::<Value>(&lines.next().unwrap().unwrap()).unwrap();
    let (sent, heard) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        loop {
            let line = next();
            assert_eq!(line["user"], "ana");
            if sent.send(line["message"]["text"].clone()).is_err() {
                break;
            }
        }
    });
    let hears = |text: &str| {
        while heard.recv_timeout(common::DEADLINE).unwrap_or_else(|_| panic!("{text} is shown")) != json!(text) {}
    };
    hears("antes");
    ana.says("durante").await;
    hears("durante");
    bia.says("de bia").await;
    hears("de bia");
    follow.kill().unwrap();
    follow.wait().unwrap();
}

#[actix_web::test]
async fn papo_log_works_without_a_server_as_json_and_as_text() {
    let dir = tempfile::tempdir().unwrap();
    let traffic = dir.path().join("elsewhere");
    fs::create_dir(&traffic).unwrap();
    let mut file = fs::File::create(traffic.join("traffic-2026-11-24.jsonl")).unwrap();
    for n in 0..30 {
        writeln!(file, r#"{{"at":{n},"user":"ana","session":1,"via":"socket","dir":"in","message":{{"n":{n}}}}}"#).unwrap();
    }
    let output = |flags: &[&str]| {
        let output = run(dir.path(), &[&["log", "--traffic-log-dir", "elsewhere"], flags].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(output(&[]).lines().count(), 20);
    let last = output(&["-n", "1"]);
    assert_eq!(serde_json::from_str::<Value>(&last).unwrap()["message"]["n"], 29);
    assert_eq!(output(&["-n", "1", "--format", "text"]), "1970-01-01 00:00:00.029  ana #1 → {\"n\":29}\n");
    assert_eq!(output(&["--user", "bia"]), "");
    // Who has seen enough closes the pipe; that is no error.
    let mut reads = command(dir.path()).args(["log", "--traffic-log-dir", "elsewhere"]).stdout(Stdio::piped()).spawn().unwrap();
    drop(reads.stdout.take());
    assert!(reads.wait().unwrap().success());
}

#[actix_web::test]
async fn papo_log_says_where_it_looked_when_there_is_no_log() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &["log"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("no traffic log in data/traffic") && error.lines().count() == 1, "{error}");
    assert!(!dir.path().join("data").exists(), "it only looks");
}

#[actix_web::test]
async fn a_folder_that_cannot_be_used_stops_the_start_with_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "x").unwrap();
    let output = run(dir.path(), &["--listen", "127.0.0.1:0", "--traffic-log-dir", "file/traffic"]);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("traffic log cannot be used"), "{error}");
}

#[actix_web::test]
async fn a_log_that_is_off_leaves_no_trace() {
    let mut papo = TestServer::built(with_noted, |settings| settings.traffic.what = Logged::Off).await;
    let mut ana = papo.join("ana", "sala-1").await;
    ana.does(json!({"type": "test.noted", "value": 1})).await;
    papo.stop();
    assert!(!papo.dir().join("data/traffic").exists());
}
