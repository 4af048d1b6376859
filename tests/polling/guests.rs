//! Guests who come in by joining a room.

use papo::settings::Switch;
use serde_json::json;

use super::common::{Account, DEADLINE, Reply, TestServer, until};
use super::poller::Poller;

async fn tries_to_come(papo: &TestServer, username: &str, room: &str) -> Reply {
    papo.post("/join").json(json!({"username": username, "room": room})).await
}

#[actix_web::test]
async fn whoever_joins_without_a_login_is_a_guest_and_gets_a_token() {
    // Without the rate of an address, which asking again and again for a name would reach.
    let papo = TestServer::with(|settings| {
        settings.guests.allowed = true;
        settings.bounds.limits = Switch::Off;
    })
    .await;
    let mut ana = papo.join("ana", "sala-1").await;
    let came = tries_to_come(&papo, "visita", "sala-1").await.is(200);
    let joined = came.json();
    assert_eq!((&joined["username"], &joined["room"]), (&json!("visita"), &json!("sala-1")));
    ana.hears(json!({"type": "member_joined", "member": {"username": "visita", "guest": true}})).await;
    let token = joined["token"].as_str().expect("a token for the next calls").to_owned();
    let visita = Poller { house: *papo, who: Account { username: "visita".into(), token, cookie: came.cookie() } };
    visita.says("sala-1", "oi").await;
    ana.hears_message("visita", "oi").await;
    assert!(visita.joins("sala-1").await.get("token").is_none(), "it is told once");
    let other = visita.post("/join").json(json!({"username": "outra", "room": "sala-1"})).await.is(200).json();
    assert_eq!(other["username"], "visita", "who is signed in has a name already");

    for taken in ["visita", "VISITA", "ana"] {
        tries_to_come(&papo, taken, "sala-1").await.refuses(409, "username_taken");
    }
    tries_to_come(&papo, "x", "sala-1").await.refuses(422, "invalid");
    tries_to_come(&papo, "outra", "a/b").await.refuses(400, "bad_room");
    tries_to_come(&papo, "outra", "sala-1").await.is(200);
    papo.post("/join").json(json!({"room": "sala-1"})).await.refuses(401, "unauthenticated");

    visita.leaves("sala-1").await.is(200);
    until("the name is free again", DEADLINE, async || tries_to_come(&papo, "visita", "sala-1").await.status == 200).await;
    visita.tries_to_join("sala-1").await.refuses(401, "unauthenticated");
}

#[actix_web::test]
async fn where_guests_are_not_let_in_nobody_joins_without_a_login() {
    let papo = TestServer::start().await;
    tries_to_come(&papo, "visita", "sala-1").await.refuses(401, "unauthenticated");
}
