//! One room a user, one seat for all tabs, and what the others hear of it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::{TestServer, now_ms, pause};

/// How long a seat without a socket is kept.
const GRACE: Duration = Duration::from_millis(GRACE_MS);
const GRACE_MS: u64 = 3000;

fn names(members: &Value) -> Vec<&str> {
    members.as_array().expect("members[]").iter().map(|member| member["username"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_join_answers_the_room_as_it_is() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    let answer = ana.joins("Sala 1").await;
    assert_eq!((&answer["room"], &answer["title"]), (&json!("sala-1"), &json!("Sala 1")));
    assert_eq!(
        (&answer["head_seq"], &answer["events"], &answer["more"], &answer["typing"]),
        (&json!(0), &json!([]), &json!(false), &json!([]))
    );
    assert!(answer["seat"].is_u64() && answer["epoch"].as_str().is_some_and(|epoch| !epoch.is_empty()), "{answer}");
    let mut members = names(&answer["members"]);
    members.sort_unstable();
    assert_eq!(members, ["ana", "bia"]);
    for member in answer["members"].as_array().unwrap() {
        assert_eq!(member["guest"], false);
        assert!(member["name"].as_str().unwrap().ends_with(" Silva"), "{member}");
        assert!((now_ms() - member["since"].as_i64().unwrap()).abs() < 60_000, "{member}");
    }
    let event = bia.hears(json!({"type": "member_joined", "room": "sala-1", "member": {"username": "ana", "name": "ana Silva", "guest": false}})).await;
    assert!(event["member"]["since"].is_i64(), "{event}");
}

#[actix_web::test]
async fn joining_the_room_one_is_in_answers_the_same_seat_and_tells_nobody() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    let first = ana.joins("sala-1").await;
    let again = ana.joins("SALA 1").await;
    assert_eq!(first["seat"], again["seat"]);
    bia.hears(json!({"type": "member_joined"})).await;
    bia.hears_nothing_before_a_ping().await;
    bia.says("uma vez").await;
    ana.hears_message("bia", "uma vez").await;
    ana.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn leaving_is_told_to_those_who_remain() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    ana.does(json!({"type": "leave"})).await;
    bia.hears(json!({"type": "member_left", "room": "sala-1", "username": "ana", "reason": "left"})).await;
    bia.says("sozinha").await;
    ana.hears_nothing_before_a_ping().await;
    assert_eq!(names(&bia.joins("sala-1").await["members"]), ["bia"]);
}

#[actix_web::test]
async fn coming_back_is_another_seat() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    let first = ana.joins("sala-1").await["seat"].as_u64().unwrap();
    ana.does(json!({"type": "leave"})).await;
    assert!(ana.joins("sala-1").await["seat"].as_u64().unwrap() > first, "a seat is never given twice");
}

#[actix_web::test]
async fn joining_a_room_leaves_the_other() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let (mut bia, mut caio) = (papo.join("bia", "sala-1").await, papo.join("caio", "sala-2").await);
    ana.hears(json!({"type": "member_joined"})).await;
    ana.joins("sala-2").await;
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "moved"})).await;
    caio.hears(json!({"type": "member_joined", "room": "sala-2", "member": {"username": "ana"}})).await;
    bia.says("não me ouves").await;
    ana.hears_nothing_before_a_ping().await;
    ana.says("na outra").await;
    caio.hears(json!({"type": "message", "room": "sala-2", "text": "na outra"})).await;
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn tabs_that_stay_behind_hear_that_their_user_moved_and_are_in_no_room() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let (mut one, mut two) = (papo.enter(&who, "sala-1").await, papo.enter(&who, "sala-1").await);
    bia.hears(json!({"type": "member_joined"})).await;
    two.joins("sala-2").await;
    one.hears(json!({"type": "moved", "from": "sala-1", "to": "sala-2"})).await;
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "moved"})).await;
    for command in [
        json!({"type": "send", "text": "oi"}),
        json!({"type": "typing", "active": true}),
        json!({"type": "history"}),
        json!({"type": "leave"}),
    ] {
        one.is_refused(command, "not_in_room").await;
    }
    bia.says("para ninguém").await;
    two.says("em outra").await;
    one.hears_nothing_before_a_ping().await;
    two.hears_nothing_before_a_ping().await;
    bia.hears_nothing_before_a_ping().await;
    one.joins("sala-2").await;
    two.says("juntas").await;
    one.hears_message("ana", "juntas").await;
}

#[actix_web::test]
async fn a_tab_in_no_room_hears_no_move() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut one = papo.enter(&who, "sala-1").await;
    let mut idle = papo.connect(&who).await;
    one.joins("sala-2").await;
    idle.hears_nothing_before_a_ping().await;
    one.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn three_tabs_are_one_member_until_the_last_is_closed() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let (mut one, mut two, mut three) = (papo.connect(&who).await, papo.connect(&who).await, papo.connect(&who).await);
    let seats =
        [one.joins("sala-1").await, two.joins("sala-1").await, three.joins("sala-1").await].map(|answer| answer["seat"].clone());
    assert!(seats.iter().all(|seat| *seat == seats[0]), "{seats:?}");
    bia.hears(json!({"type": "member_joined", "member": {"username": "ana"}})).await;
    bia.hears_nothing_before_a_ping().await;
    one.closes().await;
    two.vanishes();
    pause(GRACE_MS + 1000).await;
    bia.hears_nothing_before_a_ping().await;
    assert_eq!(names(&bia.joins("sala-1").await["members"]).len(), 2);
    three.says("ainda aqui").await;
    bia.hears_message("ana", "ainda aqui").await;
    let lost = Instant::now();
    three.closes().await;
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "disconnected"})).await;
    let after = lost.elapsed();
    assert!((GRACE..GRACE + Duration::from_secs(2)).contains(&(after + Duration::from_millis(100))), "{after:?}");
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn leaving_in_one_of_two_tabs_leaves_the_other_in() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let (mut one, mut two) = (papo.enter(&who, "sala-1").await, papo.enter(&who, "sala-1").await);
    bia.hears(json!({"type": "member_joined"})).await;
    one.does(json!({"type": "leave"})).await;
    one.is_refused(json!({"type": "send", "text": "oi"}), "not_in_room").await;
    two.says("ainda aqui").await;
    bia.hears_message("ana", "ainda aqui").await;
    one.hears_nothing_before_a_ping().await;
    two.does(json!({"type": "leave"})).await;
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "left"})).await;
}

#[actix_web::test]
async fn who_comes_back_within_the_grace_never_left() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    let seat = ana.joins("sala-1").await["seat"].clone();
    bia.hears(json!({"type": "member_joined"})).await;
    for _ in 0..3 {
        ana.vanishes();
        pause(800).await;
        ana = papo.connect(&who).await;
        assert_eq!(ana.joins("sala-1").await["seat"], seat);
    }
    pause(GRACE_MS + 500).await;
    bia.hears_nothing_before_a_ping().await;
    ana.says("de volta").await;
    bia.hears_message("ana", "de volta").await;
}

#[actix_web::test]
async fn who_comes_back_to_another_room_within_the_grace_has_moved() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    papo.enter(&who, "sala-1").await.vanishes();
    bia.hears(json!({"type": "member_joined"})).await;
    let _ana = papo.enter(&who, "sala-2").await;
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "moved"})).await;
    pause(GRACE_MS + 500).await;
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn someone_between_two_sockets_is_still_listed() {
    let papo = TestServer::start().await;
    let ana = papo.join("ana", "sala-1").await;
    ana.vanishes();
    pause(300).await;
    let who = papo.register("bia").await;
    let mut bia = papo.connect(&who).await;
    assert_eq!(names(&bia.joins("sala-1").await["members"]), ["ana", "bia"]);
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "disconnected"})).await;
    assert_eq!(names(&bia.joins("sala-1").await["members"]), ["bia"]);
}

#[actix_web::test]
async fn what_is_under_way_when_ones_user_moves_stays_in_the_old_room_or_is_refused() {
    let papo = TestServer::unlimited().await;
    let (mut bia, mut caio) = (papo.join("bia", "sala-1").await, papo.join("caio", "sala-2").await);
    let who = papo.register("ana").await;
    let (mut one, mut two) = (papo.connect(&who).await, papo.connect(&who).await);
    for round in 0..30 {
        one.joins("sala-1").await;
        let mut ids = Vec::new();
        for n in 0..20 {
            ids.push(one.gives(json!({"type": "send", "text": format!("{round} {n}")})).await);
        }
        two.joins("sala-2").await;
        let mut refused = false;
        for id in ids {
            let answer = one.answer_to(id).await;
            let no = answer["code"] == "not_in_room" || answer["code"] == "stale_seat";
            assert!(no || (answer["type"] == "ok" && !refused), "in the old room, or refused from some point on: {answer}");
            refused |= no;
        }
    }
    bia.does(json!({"type": "ping"})).await;
    caio.hears_nothing_but(&["member_joined", "member_left"]).await;
    bia.hears_nothing_but(&["member_joined", "member_left", "message"]).await;
}

#[actix_web::test]
async fn a_tab_that_has_gone_on_hears_no_more_of_the_room_it_left() {
    let papo = TestServer::unlimited().await;
    let who = papo.register("ana").await;
    let (mut one, mut two) = (papo.connect(&who).await, papo.connect(&who).await);
    let mut bia = papo.join("bia", "sala-1").await;
    // The client checks every message it hears: one of another room than its own is a surprise.
    for round in 0..150 {
        one.asks(json!({"type": "join", "room": "sala-1"})).await;
        let said = bia.gives(json!({"type": "send", "text": format!("{round}")})).await;
        let away = two.gives(json!({"type": "join", "room": "sala-2"})).await;
        let on = one.gives(json!({"type": "join", "room": "sala-3"})).await;
        bia.answer_to(said).await;
        two.answer_to(away).await;
        let answer = one.answer_to(on).await;
        if answer["type"] == "ok" {
            one.forgets();
            one.does(json!({"type": "ping"})).await;
            // The other tab may have been the later one; then it is sala-3 that this one is moved from.
            assert!(one.heard().all(|event| event["from"] != "sala-1"), "moved comes before the next room, or not at all");
        }
    }
}
