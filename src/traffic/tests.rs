//! Tests of `traffic`.

use std::path::Path;

use serde_json::{Value, json};

use super::read::{newest, readable};
use super::*;

fn settings(dir: &Path, what: Logged) -> Settings {
    let mut settings = Settings::for_tests(dir);
    settings.traffic.what = what;
    settings
}

fn entry<'a>(user: &'a str, dir: Dir, message: Message<'a>) -> Entry<'a> {
    Entry { user: Some(user), session: Some(7), via: Via::Socket, dir, message }
}

fn lines(settings: &Settings) -> Vec<Value> {
    let (lines, _) = newest(&dir_of(settings), usize::MAX, None).unwrap();
    lines.iter().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("JSON, not {line}"))).collect()
}

#[test]
fn everything_noted_is_in_the_file_in_its_order_when_the_log_is_closed() {
    let dir = tempfile::tempdir().unwrap();
    let settings = settings(dir.path(), Logged::Numbers);
    let traffic = Traffic::open(&settings).unwrap();
    for n in 0..5000 {
        let said = format!(r#"{{"type":"number.put","value":{n}}}"#);
        traffic.note(&entry("ana", Dir::In, Message::Theirs(&said)));
    }
    traffic.close();
    let lines = lines(&settings);
    let values: Vec<i64> = lines.iter().map(|line| line["message"]["value"].as_i64().unwrap()).collect();
    assert_eq!(values, (0..5000).collect::<Vec<_>>());
    assert_eq!(lines[0]["dir"], "in");
    assert_eq!((&lines[0]["user"], &lines[0]["session"], &lines[0]["via"]), (&json!("ana"), &json!(7), &json!("socket")));
    assert!(lines[0]["at"].as_i64().is_some_and(|at| (now_ms() - at).abs() < 60_000));
    // What comes after the end is nobody's fault, and no line.
    traffic.note(&entry("ana", Dir::In, Message::Theirs("{}")));
    traffic.close();
}

#[test]
fn whatever_a_client_sends_is_one_line_of_json() {
    let dir = tempfile::tempdir().unwrap();
    let settings = settings(dir.path(), Logged::All);
    let traffic = Traffic::open(&settings).unwrap();
    let nasty = "{\"text\":\"a\u{2028}b\u{202e}c\u{85}\\n\"}";
    let sent = ["{oops", "7", "[1]", "\"x\"", "\u{1b}[2J", nasty, "{\"a\":1}  "];
    for said in sent {
        traffic.note(&entry("ana", Dir::In, Message::Theirs(said)));
    }
    traffic.close();
    let text = std::fs::read_to_string(std::fs::read_dir(dir_of(&settings)).unwrap().next().unwrap().unwrap().path()).unwrap();
    assert_eq!(text.lines().count(), sent.len(), "{text}");
    assert!(!text.contains(['\u{2028}', '\u{202e}', '\u{85}', '\u{1b}']));
    let lines = lines(&settings);
    assert_eq!(lines[0]["text"], "{oops");
    assert!(lines[1..5].iter().all(|line| line["text"].is_string() && line.get("message").is_none()));
    assert_eq!(lines[5]["message"]["text"], "a\u{2028}b\u{202e}c\u{85}\n");
    assert_eq!(lines[6]["message"], json!({"a": 1}));
}

#[test]
fn a_log_that_is_off_makes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let settings = settings(dir.path(), Logged::Off);
    let traffic = Traffic::open(&settings).unwrap();
    traffic.note(&entry("ana", Dir::In, Message::Theirs("{}")));
    traffic.close();
    assert!(!traffic.is_on() && !dir_of(&settings).exists());
}

#[test]
fn what_the_disk_does_not_take_is_lost_and_counted_and_nobody_waits() {
    let dir = tempfile::tempdir().unwrap();
    let mut settings = settings(dir.path(), Logged::All);
    // It cannot be written until it is allowed to.
    settings.bounds.disk_free_bytes_min = u64::MAX;
    let traffic = Traffic::open(&settings).unwrap();
    let said = format!("{{\"text\":\"{}\"}}", "x".repeat(60 * 1024));
    let start = Instant::now();
    // Twice what may wait.
    for _ in 0..600 {
        traffic.note(&entry("ana", Dir::In, Message::Theirs(&said)));
    }
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    let waiting = traffic.0.as_ref().unwrap().load.waiting_bytes.load(Ordering::Relaxed);
    assert!(waiting <= WAITING_BYTES_MAX + said.len() * 2, "{waiting}");
    traffic.close();
    let lost = traffic.0.as_ref().unwrap().load.lost.load(Ordering::Relaxed);
    assert_eq!(lost, 600, "each is counted once, whether it did not fit or could not be written");
    assert_eq!(traffic.behind().0, 600, "and told for as long as the server runs");
}

#[test]
fn a_loss_is_told_in_the_log_itself() {
    let dir = tempfile::tempdir().unwrap();
    let settings = settings(dir.path(), Logged::All);
    let traffic = Traffic::open(&settings).unwrap();
    traffic.0.as_ref().unwrap().load.lost.store(3, Ordering::Relaxed);
    traffic.note(&entry("ana", Dir::In, Message::Theirs("{}")));
    traffic.close();
    let lines = lines(&settings);
    assert_eq!(lines[1]["lost"], 3, "{lines:?}");
    assert!(readable(&lines[1].to_string()).ends_with("3 lines were lost here"));
}

#[test]
fn the_newest_lines_of_one_user_come_in_their_order_over_all_files() {
    let dir = tempfile::tempdir().unwrap();
    let line =
        |user: &str, n: i64| format!("{{\"at\":{n},\"user\":\"{user}\",\"dir\":\"in\",\"via\":\"socket\",\"message\":{{}}}}\n");
    let write = |name: &str, from: i64| {
        let text: String = (from..from + 4).map(|n| line(if n % 2 == 0 { "ana" } else { "bia" }, n)).collect();
        std::fs::write(dir.path().join(name), text).unwrap();
    };
    write("traffic-2026-11-23.jsonl", 1);
    write("traffic-2026-11-24.jsonl", 5);
    write("traffic-2026-11-24.10.jsonl", 13);
    write("traffic-2026-11-24.2.jsonl", 9);
    let at = |lines: Vec<String>| -> Vec<i64> {
        lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["at"].as_i64().unwrap()).collect()
    };
    let take = |count, user: Option<&str>| at(newest(dir.path(), count, user.map(str::to_owned)).unwrap().0);
    assert_eq!(take(3, None), [14, 15, 16]);
    assert_eq!(take(6, Some("ana")), [6, 8, 10, 12, 14, 16]);
    assert_eq!(take(100, Some("bia")), [1, 3, 5, 7, 9, 11, 13, 15]);
    assert_eq!(take(0, None), Vec::<i64>::new());
    assert_eq!(take(5, Some("an")), Vec::<i64>::new());
}

#[test]
fn who_follows_hears_each_line_once_and_goes_on_in_the_next_file() {
    use std::io::Write as _;
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(dir.path().join(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    };
    let (_, mut early) = newest(dir.path(), 10, None).unwrap();
    write("traffic-2026-11-23.jsonl", "{\"a\":1}\n{\"a\":");
    let (lines, mut tail) = newest(dir.path(), 10, None).unwrap();
    assert_eq!(lines, ["{\"a\":1}"], "a line that is not complete is not read");
    assert_eq!(early.more().unwrap(), ["{\"a\":1}"], "nothing was there at first");
    assert!(tail.more().unwrap().is_empty());
    write("traffic-2026-11-23.jsonl", "2}\n");
    write("traffic-2026-11-24.jsonl", "{\"a\":3}\n");
    write("traffic-2026-11-24.2.jsonl", "{\"a\":4}\n");
    assert_eq!(tail.more().unwrap(), ["{\"a\":2}", "{\"a\":3}", "{\"a\":4}"]);
    assert!(tail.more().unwrap().is_empty());
    std::fs::remove_file(dir.path().join("traffic-2026-11-23.jsonl")).unwrap();
    write("traffic-2026-11-24.2.jsonl", "{\"a\":5}\n");
    assert_eq!(tail.more().unwrap(), ["{\"a\":5}"]);
}

#[test]
fn a_line_for_people_tells_when_who_which_way_and_what() {
    let line =
        r#"{"at":1795514950123,"user":"ana","session":7,"via":"socket","dir":"in","message":{"type":"number.even","id":4}}"#;
    assert_eq!(readable(line), r#"2026-11-24 10:09:10.123  ana #7 → {"type":"number.even","id":4}"#);
    let line = r#"{"at":1795514950123,"via":"http","dir":"out","message":{"status":200}}"#;
    assert_eq!(readable(line), r#"2026-11-24 10:09:10.123  - ← {"status":200}"#);
    assert_eq!(readable("no line of ours"), "no line of ours");
}
