//! A poller is one more tab of its user: one seat, one room, told to the others like anyone.

use futures_util::future::join_all;
use serde_json::json;

use super::common::{TestServer, has};
use super::poller::Poller;

#[actix_web::test]
async fn whoever_joins_over_http_is_a_member_like_anyone() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    let joined = bia.joins("Sala 1").await;
    assert!(has(&joined, &json!({"room": "sala-1", "title": "Sala 1", "username": "bia", "head_seq": 0})), "{joined}");
    let names: Vec<&str> = joined["members"].as_array().unwrap().iter().map(|m| m["username"].as_str().unwrap()).collect();
    assert_eq!(names, ["ana", "bia"]);
    assert!(joined["epoch"].is_string() && joined["now"].is_i64() && joined.get("token").is_none(), "{joined}");
    ana.hears(json!({"type": "member_joined", "room": "sala-1", "member": {"username": "bia"}})).await;

    bia.joins("sala-1").await;
    ana.hears_nothing_before_a_ping().await;
    assert!(has(&bia.rooms().await[0], &json!({"id": "sala-1", "title": "Sala 1", "members": 2, "permanent": true})));

    assert_eq!(bia.leaves("sala-1").await.is(200).json(), json!({"room": "sala-1"}));
    ana.hears(json!({"type": "member_left", "username": "bia", "reason": "left"})).await;
    assert_eq!(bia.rooms().await, json!([]));
    bia.leaves("sala-1").await.refuses(403, "not_in_room");
}

#[actix_web::test]
async fn a_room_is_opened_by_joining_it_and_goes_when_the_last_one_has_left() {
    let papo = TestServer::start().await;
    let ana = Poller::new(&papo, "ana").await;
    let first = ana.joins("Nosso Canto").await;
    assert!(has(&first, &json!({"room": "nosso-canto", "title": "Nosso Canto"})), "{first}");
    ana.says("nosso-canto", "oi").await;
    ana.leaves("Nosso Canto").await.is(200);
    let is_listed = async || papo.get("/api/rooms").by(&ana.who).go().await.text().contains("nosso-canto");
    super::common::until("the room is gone", super::common::DEADLINE, async || !is_listed().await).await;
    let again = ana.joins("Nosso Canto").await;
    assert_ne!(again["epoch"], first["epoch"], "its old places mean nothing in the new log");
    let news = ana.receives("nosso-canto", "&after=1&wait=20").await;
    assert!(
        has(&news, &json!({"epoch": again["epoch"], "head_seq": 0, "messages": []})),
        "who is ahead of the log hears so at once"
    );
}

#[actix_web::test]
async fn whoever_sits_there_with_a_tab_shares_the_seat() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    let mut tab = papo.enter(&bia.who, "sala-1").await;
    ana.hears(json!({"type": "member_joined", "member": {"username": "bia"}})).await;
    // Not even a join is needed: its user is in the room.
    assert_eq!(bia.says("sala-1", "of a poller").await["seq"], 1);
    tab.hears_message("bia", "of a poller").await;
    ana.hears_message("bia", "of a poller").await;
    bia.joins("sala-1").await;
    tab.does(json!({"type": "leave"})).await;
    ana.hears_nothing_before_a_ping().await;
    bia.leaves("sala-1").await.is(200);
    ana.hears(json!({"type": "member_left", "username": "bia", "reason": "left"})).await;
}

#[actix_web::test]
async fn whoever_joins_another_room_moves() {
    let papo = TestServer::start().await;
    let (mut ana, mut caio) = (papo.join("ana", "sala-1").await, papo.join("caio", "sala-2").await);
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let mut tab = papo.enter(&bia.who, "sala-1").await;
    bia.joins("sala-2").await;
    tab.hears(json!({"type": "moved", "from": "sala-1", "to": "sala-2"})).await;
    ana.hears_among_others(json!({"type": "member_left", "username": "bia", "reason": "moved"})).await;
    caio.hears(json!({"type": "member_joined", "member": {"username": "bia"}})).await;
    bia.tries_to_say("sala-1", "too late").await.refuses(403, "not_in_room");
    bia.asks("sala-1", "").await.refuses(403, "not_in_room");
    bia.leaves("sala-1").await.refuses(403, "not_in_room");
    // And back, this time because the tab goes there.
    tab.joins("sala-1").await;
    bia.tries_to_say("sala-2", "too late").await.refuses(403, "not_in_room");
    assert_eq!(bia.says("sala-1", "in time").await["seq"], 1);
    caio.hears(json!({"type": "member_left", "username": "bia", "reason": "moved"})).await;
    caio.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn nobody_does_anything_in_a_room_they_are_not_in() {
    let papo = TestServer::start().await;
    let (ana, bia) = (Poller::new(&papo, "ana").await, Poller::new(&papo, "bia").await);
    ana.joins("sala-1").await;
    for room in ["sala-1", "sala-2", "nowhere"] {
        bia.tries_to_say(room, "oi").await.refuses(403, "not_in_room");
        bia.asks(room, "&wait=9").await.refuses(403, "not_in_room");
        bia.leaves(room).await.refuses(403, "not_in_room");
    }
    assert_eq!(ana.receives("sala-1", "").await["head_seq"], 0, "nothing was kept");
    for bad in ["", "a/b", &"x".repeat(41)] {
        bia.tries_to_join(bad).await.refuses(400, "bad_room");
    }
    for path in ["/join", "/leave", "/send"] {
        papo.post(path).json(json!({"room": "sala-1", "message": "x"})).await.refuses(401, "unauthenticated");
        bia.post(path).json(json!({"message": "x"})).await.refuses(400, "invalid");
        papo.get(path).by(&bia.who).go().await.refuses(405, "method_not_allowed");
    }
    for path in ["/receive?room=sala-1", "/user_rooms"] {
        papo.get(path).go().await.refuses(401, "unauthenticated");
    }
}

#[actix_web::test]
async fn many_joins_at_once_make_one_seat() {
    let papo = TestServer::with(|settings| settings.bounds.sockets_per_user_max = 1).await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    join_all((0..20).map(|_| bia.joins("sala-1"))).await;
    ana.hears(json!({"type": "member_joined", "member": {"username": "bia"}})).await;
    ana.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn joins_to_two_rooms_at_once_end_in_one() {
    let papo = TestServer::unlimited().await;
    let bia = Poller::new(&papo, "bia").await;
    for _ in 0..10 {
        join_all(["sala-1", "sala-2", "sala-1", "sala-2"].map(|room| bia.tries_to_join(room))).await;
        let rooms = bia.rooms().await;
        let here = rooms[0]["id"].as_str().unwrap();
        assert_eq!(rooms.as_array().unwrap().len(), 1);
        let other = if here == "sala-1" { "sala-2" } else { "sala-1" };
        bia.says(here, "here").await;
        bia.tries_to_say(other, "not there").await.refuses(403, "not_in_room");
    }
}

#[actix_web::test]
async fn a_poller_counts_among_the_sockets_of_its_user_and_its_address() {
    let papo = TestServer::with(|settings| settings.bounds.sockets_per_user_max = 1).await;
    let bia = Poller::new(&papo, "bia").await;
    let tab = papo.connect(&bia.who).await;
    let refused = bia.tries_to_join("sala-1").await.refuses(429, "rate_limited");
    assert!(refused.json()["detail"].as_str().unwrap().contains("user"), "{}", refused.text());
    tab.closes().await;
    bia.joins("sala-1").await;
    assert_eq!(
        super::common::Client::connect(papo.addr, &super::common::Greeting::by(&bia.who)).await.err().as_deref(),
        Some("4503")
    );

    let papo = TestServer::with(|settings| settings.bounds.sockets_per_address_max = 1).await;
    let (ana, bia) = (Poller::new(&papo, "ana").await, Poller::new(&papo, "bia").await);
    ana.joins("sala-1").await;
    bia.tries_to_join("sala-1").await.refuses(429, "rate_limited");
    ana.leaves("sala-1").await.is(200);
    super::common::until("its place is free", super::common::DEADLINE, async || bia.tries_to_join("sala-1").await.status == 200)
        .await;
}
