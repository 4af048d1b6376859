//! Rule 5: typing ends by itself, and its end is always told before that of the typist's stay.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::{Client, TestServer};

fn typing(username: &str, active: bool) -> Value {
    json!({"type": "typing", "room": "sala-1", "username": username, "active": active})
}

async fn two(papo: &TestServer) -> (Client, Client) {
    let (mut ana, bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    (ana, bia)
}

#[actix_web::test]
async fn the_others_hear_that_one_types_and_that_one_stops() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = two(&papo).await;
    ana.types(true).await;
    bia.hears(typing("ana", true)).await;
    ana.types(false).await;
    bia.hears(typing("ana", false)).await;
    ana.hears_nothing_before_a_ping().await;
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn stopping_what_was_never_begun_is_told_to_nobody() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = two(&papo).await;
    ana.types(false).await;
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn a_quiet_typist_is_announced_as_stopped_after_six_seconds() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = two(&papo).await;
    ana.types(true).await;
    bia.hears(typing("ana", true)).await;
    let begun = Instant::now();
    bia.hears(typing("ana", false)).await;
    let after = begun.elapsed();
    assert!((Duration::from_millis(5500)..Duration::from_secs(8)).contains(&after), "{after:?}");
}

#[actix_web::test]
async fn who_goes_on_typing_is_not_announced_as_stopped() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = two(&papo).await;
    let begun = Instant::now();
    ana.types(true).await;
    bia.hears(typing("ana", true)).await;
    let mut last = begun;
    while begun.elapsed() < Duration::from_secs(8) {
        crate::common::pause(2000).await;
        last = Instant::now();
        ana.types(true).await;
    }
    // Whether the others are told again that one types is the server's to choose; a stop must not be among it.
    loop {
        let event = bia.hears(json!({"type": "typing", "username": "ana"})).await;
        if event["active"] == false {
            break;
        }
    }
    assert!(last.elapsed() >= Duration::from_millis(5500), "stopped {:?} after the last sign", last.elapsed());
}

#[actix_web::test]
async fn saying_something_ends_the_typing() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = two(&papo).await;
    ana.types(true).await;
    bia.hears(typing("ana", true)).await;
    ana.says("oi").await;
    let (first, second) = (bia.hears(json!({})).await, bia.hears(json!({})).await);
    let kinds: Vec<&Value> = [&first, &second].into_iter().map(|event| &event["type"]).collect();
    assert!(kinds.contains(&&json!("typing")) && kinds.contains(&&json!("message")), "{first} {second}");
    bia.hears_nothing_before_a_ping().await;
    ana.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn leaving_ends_the_typing_first() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = two(&papo).await;
    ana.types(true).await;
    bia.hears(typing("ana", true)).await;
    ana.does(json!({"type": "leave"})).await;
    bia.hears(typing("ana", false)).await;
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "left"})).await;
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn moving_on_ends_the_typing_first() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = two(&papo).await;
    ana.types(true).await;
    bia.hears(typing("ana", true)).await;
    ana.joins("sala-2").await;
    bia.hears(typing("ana", false)).await;
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "moved"})).await;
}

#[actix_web::test]
async fn signing_out_ends_the_typing_first() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut ana = papo.enter(&who, "sala-1").await;
    bia.hears(json!({"type": "member_joined"})).await;
    ana.types(true).await;
    bia.hears(typing("ana", true)).await;
    papo.sign_out(&who).await;
    bia.hears(typing("ana", false)).await;
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "signed_out"})).await;
}

#[actix_web::test]
async fn a_socket_that_is_lost_types_no_more_at_once_and_leaves_later() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = two(&papo).await;
    ana.types(true).await;
    bia.hears(typing("ana", true)).await;
    let lost = Instant::now();
    ana.vanishes();
    bia.hears(typing("ana", false)).await;
    assert!(lost.elapsed() < Duration::from_secs(2), "the socket ends it, not the quiet: {:?}", lost.elapsed());
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "disconnected"})).await;
}

#[actix_web::test]
async fn who_comes_in_sees_who_types() {
    let papo = TestServer::start().await;
    let (mut ana, _bia) = two(&papo).await;
    ana.types(true).await;
    let caio = papo.register("caio").await;
    let mut caio = papo.connect(&caio).await;
    let welcome = caio.joins("sala-1").await;
    let typing = welcome["typing"].as_array().expect("typing[]");
    assert_eq!(typing.len(), 1, "{welcome}");
    let name = typing[0].as_str().or_else(|| typing[0]["username"].as_str());
    assert_eq!(name, Some("ana"));
    ana.types(false).await;
    assert_eq!(caio.joins("sala-1").await["typing"], json!([]));
}

#[actix_web::test]
async fn typing_wants_to_know_whether() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = two(&papo).await;
    for wrong in [json!({"type": "typing"}), json!({"type": "typing", "active": "yes"}), json!({"type": "typing", "active": 1})] {
        ana.is_refused(wrong, "bad_frame").await;
    }
    bia.hears_nothing_before_a_ping().await;
}
