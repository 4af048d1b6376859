//! A server that keeps its promises passes, in every shape.

use std::time::Instant;

use super::common::{Process, memory_kib};
use super::*;

#[actix_web::test]
async fn everything_is_delivered_once_and_in_order() {
    let papo = open_house().await;
    let output = drives(papo.addr, "--sockets 200 --rooms 10 --rate 50 --for 3s --json");
    let told = told(&output, 0);
    assert_eq!((&told["verdict"], &told["broken"]), (&"held".into(), &Value::Array(vec![])));
    let sent = told["sent"].as_u64().unwrap();
    assert!((140..=151).contains(&sent), "fifty a second for three seconds: {sent}");
    assert_eq!(told["deliveries"], sent * 19, "each to everyone else in the room");
    assert_eq!(told["closes"], serde_json::json!({"1000": 200}));
    assert_eq!(told["latency"]["count"], sent * 19);
    assert!(told["latency"]["p50_us"].as_u64() <= told["latency"]["max_us"].as_u64());
    assert!(papo.get("/readyz").go().await.status == 200);
}

#[actix_web::test]
async fn the_result_is_for_people_unless_json_is_wanted() {
    let papo = open_house().await;
    let output = drives(papo.addr, "--sockets 4 --rooms 2 --for 1s");
    let (out, error) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success(), "{error}");
    assert!(out.starts_with("HELD: nothing lost"), "{out}");
    for words in ["steady · 4 sockets in 2 rooms", "p99.9", "deliver", "closes       1000 × 4"] {
        assert!(out.contains(words), "{words:?} in {out}");
    }
    assert!(error.contains("users    4 signed in"), "{error}");
}

#[actix_web::test]
async fn the_report_is_a_page_of_its_own() {
    let papo = open_house().await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("out.html");
    let words = format!("--sockets 10 --rooms 2 --for 3s --report {}", file.display());
    assert!(drives(papo.addr, &words).status.success());
    let page = std::fs::read_to_string(file).unwrap();
    assert!(
        page.starts_with("<!doctype html>") && page.contains("The server held") && page.matches("<svg").count() == 6,
        "{page}"
    );
    assert!(page.contains("CPU of the server") && page.contains("Memory of the server"), "it tells whoever is on its machine");
    assert!(
        !page.contains("http://") || page.matches("http://").count() == page.matches("http://www.w3.org/2000/svg").count() + 1
    );
}

#[actix_web::test]
async fn storms_and_bursts_are_held() {
    let papo = open_house().await;
    let storm = told(&drives(papo.addr, "--sockets 20 --rooms 2 --shape storm --for 2s --json"), 0);
    assert_eq!(storm["broken"], Value::Array(vec![]));
    assert!(storm["sent"].as_u64().unwrap() > 20 * 16, "they go on when they are answered");
    let burst = told(&drives(papo.addr, "--sockets 20 --rooms 2 --shape burst --rate 40 --for 2s --json"), 0);
    assert_eq!((&burst["sent"], &burst["deliveries"]), (&200.into(), &1800.into()), "five seconds of messages at once");
}

#[actix_web::test]
async fn who_goes_and_comes_back_misses_nothing() {
    let papo = open_house().await;
    let told = told(&drives(papo.addr, "--sockets 40 --rooms 2 --shape churn --churn 50 --rate 60 --for 4s --json"), 0);
    assert_eq!(told["broken"], Value::Array(vec![]));
    assert!(told["caught_up"].as_u64().unwrap() > 100, "what was missed is read: {told}");
    let (sent, heard) = (told["sent"].as_u64().unwrap(), told["deliveries"].as_u64().unwrap());
    assert!(heard + told["caught_up"].as_u64().unwrap() >= sent * 19, "live or on a page");
}

#[actix_web::test]
async fn who_says_nothing_stays() {
    let papo = TestServer::with(|settings| {
        settings.bounds.limits = Switch::Off;
        settings.guests.allowed = true;
        settings.bounds.ping_ms = 300;
    })
    .await;
    // Ten times as long as the server waits for somebody who does not answer.
    let told = told(&drives(papo.addr, "--sockets 20 --shape idle --for 6s --json"), 0);
    assert_eq!((&told["sent"], &told["closes"]), (&0.into(), &serde_json::json!({"1000": 20})));
}

#[actix_web::test]
async fn accounts_of_a_file_share_their_sockets_and_rooms() {
    let papo = TestServer::start().await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("accounts");
    let mut lines = vec!["# login password".to_owned()];
    for name in ["ana", "bia", "caio"] {
        papo.register(name).await;
        lines.push(format!("{name} {}", super::common::PASSWORD));
    }
    std::fs::write(&file, lines.join("\n")).unwrap();
    let words = format!("--accounts {} --sockets 9 --rooms 2 --rate 10 --for 2s --json", file.display());
    let told = told(&drives(papo.addr, &words), 0);
    assert_eq!((&told["users"], &told["broken"]), (&3.into(), &Value::Array(vec![])));
    assert!(told["deliveries"].as_u64().unwrap() > 0);
}

#[actix_web::test]
async fn sockets_come_from_several_addresses_in_turn() {
    let papo = TestServer::with(|settings| {
        settings.guests.allowed = true;
        settings.bounds.sockets_per_address_max = 10;
    })
    .await;
    let told = told(&drives(papo.addr, "--sockets 20 --for 1s --from 127.0.0.2,127.0.0.3 --json"), 0);
    assert_eq!(told["closes"], serde_json::json!({"1000": 20}), "ten from each, as many as the server takes of one");
}

#[actix_web::test]
async fn an_interrupt_ends_it_with_what_it_has() {
    let papo = open_house().await;
    let running = Running::begins(papo.addr, "--sockets 10 --for 1h --json");
    let asked = Instant::now();
    running.sends_signal("INT");
    let told = told(&running.ends(), 0);
    assert!(asked.elapsed() < 10 * SECOND);
    assert_eq!((&told["ended_early"], &told["verdict"]), (&true.into(), &"held".into()));
    assert!(told["deliveries"].as_u64().unwrap() > 0);
}

#[actix_web::test]
async fn the_server_is_measured_when_its_process_is_known() {
    let papo = Process::start(&["--guests", "--limits", "off"]);
    let words = format!("--sockets 20 --rate 100 --for 3s --json --pid {}", papo.pid());
    let server = told(&drives(papo.addr, &words), 0)["server"].clone();
    assert!(server["cpu_mean"].as_f64().unwrap() > 0.0, "{server}");
    let (memory, now) = (server["memory_max_bytes"].as_u64().unwrap() / 1024, memory_kib(papo.pid()));
    assert!((now / 2..now * 2).contains(&memory), "{memory} KiB, and {now} KiB now");
}

/// `PAPO_BIN` names a release build to run it with and against.
#[actix_web::test]
#[ignore = "takes minutes: run by .ci/run"]
async fn ten_thousand_sockets_in_a_hundred_rooms_lose_nothing() {
    let papo = Process::start(&["--guests", "--limits", "off", "--log-level", "warn"]);
    let words = format!("--sockets 10000 --rooms 100 --rate 100 --for 30s --settle 20s --json --pid {}", papo.pid());
    let begun = Instant::now();
    let told = told(&drives(papo.addr, &words), 0);
    println!("{:?}: {}", begun.elapsed(), serde_json::json!({"latency": told["latency"], "server": told["server"]}));
    assert_eq!((&told["broken"], &told["refused"]), (&Value::Array(vec![]), &serde_json::json!({})));
    assert_eq!(told["deliveries"], told["sent"].as_u64().unwrap() * 99);
}
