//! How fast one may be, and how slow: rates, floods and the heartbeat.

use std::time::{Duration, Instant};

use futures_util::future::join;
use serde_json::{Value, json};

use crate::common::{Process, Raw, TestServer, frame, memory_kib, pause};

async fn refusals(client: &mut crate::common::Client, count: usize) -> Vec<Value> {
    let mut ids = Vec::new();
    for n in 0..count {
        ids.push(client.gives(json!({"type": "send", "text": n.to_string()})).await);
    }
    let mut refused = Vec::new();
    for id in ids {
        let answer = client.answer_to(id).await;
        if answer["type"] == "error" {
            refused.push(answer);
        }
    }
    refused
}

#[actix_web::test]
async fn a_user_says_thirty_at_once_and_is_then_told_how_long_to_wait() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let refused = refusals(&mut ana, 60).await;
    assert!((15..=30).contains(&refused.len()), "{} of 60 were refused", refused.len());
    for answer in &refused {
        assert_eq!((&answer["code"], &answer["retry"]), (&json!("rate_limited"), &json!(true)));
        assert!(answer["retry_after_ms"].as_u64().is_some_and(|ms| (1..=5000).contains(&ms)), "{answer}");
    }
    pause(refused.last().unwrap()["retry_after_ms"].as_u64().unwrap() + 100).await;
    ana.says("agora sim").await;
    // What was refused is kept nowhere: the log of this client has no hole.
    ana.reads_all().await;
    assert_eq!(ana.log.whole().len(), 60 - refused.len() + 1);
}

#[actix_web::test]
async fn all_sockets_of_a_user_share_one_rate_and_other_users_have_their_own() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut bia = papo.join("bia", "sala-1").await;
    let (mut one, mut two) = (papo.enter(&who, "sala-1").await, papo.enter(&who, "sala-1").await);
    let (first, second) = join(refusals(&mut one, 30), refusals(&mut two, 30)).await;
    assert!(first.len() + second.len() >= 15, "{} of 60 were refused", first.len() + second.len());
    bia.says("eu posso").await;
}

#[actix_web::test]
async fn another_login_has_no_rate_of_its_own() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut one = papo.enter(&who, "sala-1").await;
    refusals(&mut one, 60).await;
    let again = papo.sign_in("ana").await;
    let mut two = papo.enter(&again, "sala-1").await;
    assert!(refusals(&mut two, 20).await.len() >= 5);
}

#[actix_web::test]
async fn a_quiet_socket_is_asked_and_one_that_says_nothing_is_closed() {
    let papo = TestServer::with(|settings| settings.bounds.ping_ms = 1000).await;
    let mut bia = papo.join("bia", "sala-1").await;
    assert_eq!(bia.hello["ping_ms"], 1000);
    let mut ana = papo.join("ana", "sala-1").await;
    let begun = Instant::now();
    let answering = async {
        // Whoever answers is asked again and again, and stays.
        while begun.elapsed() < Duration::from_secs(5) {
            if bia.next_of_all().await["type"] == "ping" {
                bia.does(json!({"type": "ping"})).await;
            }
        }
    };
    let silent = async {
        ana.hears(json!({"type": "ping"})).await;
        let asked = begun.elapsed();
        ana.is_closed_with(4001).await;
        (asked, begun.elapsed())
    };
    let ((), (asked, closed)) = join(answering, silent).await;
    assert!((Duration::from_millis(700)..Duration::from_millis(2500)).contains(&asked), "{asked:?}");
    assert!((Duration::from_millis(1700)..Duration::from_millis(4500)).contains(&closed), "{closed:?}");
    bia.does(json!({"type": "ping"})).await;
}

#[actix_web::test]
async fn anything_one_sends_is_a_sign_of_life() {
    let papo = TestServer::with(|settings| settings.bounds.ping_ms = 1000).await;
    let who = papo.register("ana").await;
    let mut raw = Raw::open(papo.addr, &who).await;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(4) {
        // A pong of the frame layer.
        raw.sends(0x8A, b"").await;
        pause(400).await;
    }
    raw.says(r#"{"type":"ping","id":7}"#).await;
    while !String::from_utf8_lossy(&raw.reads().await.expect("it lives").payload).contains(r#""id":7"#) {}
}

#[actix_web::test]
async fn a_peer_that_is_dead_leaves_the_room() {
    let papo = TestServer::with(|settings| settings.bounds.ping_ms = 1000).await;
    let who = papo.register("ana").await;
    let mut raw = Raw::open(papo.addr, &who).await;
    raw.says(r#"{"type":"join","room":"sala-1"}"#).await;
    let mut bia = papo.join("bia", "sala-1").await;
    // Connected, and silent as a machine that lost its network.
    let left = async {
        loop {
            let event = bia.next_of_all().await;
            match event["type"].as_str() {
                Some("ping") => drop(bia.does(json!({"type": "ping"})).await),
                Some("member_left") => break event,
                _ => {}
            }
        }
    };
    let event = crate::common::soon("the dead peer is out", left).await;
    assert_eq!((&event["username"], &event["reason"]), (&json!("ana"), &json!("disconnected")));
    drop(raw);
}

#[actix_web::test]
async fn a_flood_of_empty_pongs_takes_no_memory_and_nobody_waits_for_it() {
    let papo = Process::start(&[]);
    let who = papo.register("ana").await;
    let mut bia = papo.join("bia", "sala-1").await;
    let mut raw = Raw::open(papo.addr, &who).await;
    bia.says("antes").await;
    let before = memory_kib(papo.pid());
    let pongs = frame(0x8A, b"").repeat(4096);
    let begun = Instant::now();
    let mut worst = Duration::ZERO;
    while begun.elapsed() < Duration::from_secs(6) {
        // The server may stop reading, and that is as it should be.
        let _ = tokio::time::timeout(Duration::from_millis(50), raw.writes(&pongs)).await;
        let asked = Instant::now();
        bia.does(json!({"type": "ping"})).await;
        worst = worst.max(asked.elapsed());
    }
    let grown = memory_kib(papo.pid()).saturating_sub(before);
    assert!(grown < 16 * 1024, "{grown} KiB more");
    // How long exactly is for a quiet machine to say: here many tests run beside it.
    assert!(worst < Duration::from_secs(3), "a bystander waited {worst:?}");
}

#[actix_web::test]
async fn a_flood_of_commands_takes_no_memory_and_nobody_waits_for_it() {
    let papo = Process::start(&[]);
    let who = papo.register("ana").await;
    let mut bia = papo.join("bia", "sala-2").await;
    let mut raw = Raw::open(papo.addr, &who).await;
    raw.says(r#"{"type":"join","room":"sala-1"}"#).await;
    let before = memory_kib(papo.pid());
    let line = r#"{"type":"history","limit":200}"#;
    let flood = frame(0x81, vec![line; 1500].join("\n").as_bytes());
    let begun = Instant::now();
    let mut worst = Duration::ZERO;
    while begun.elapsed() < Duration::from_secs(5) {
        let _ = tokio::time::timeout(Duration::from_millis(50), raw.writes(&flood)).await;
        let asked = Instant::now();
        bia.does(json!({"type": "ping"})).await;
        worst = worst.max(asked.elapsed());
    }
    let grown = memory_kib(papo.pid()).saturating_sub(before);
    assert!(grown < 32 * 1024, "{grown} KiB more");
    assert!(worst < Duration::from_millis(1000), "a bystander waited {worst:?}");
}
