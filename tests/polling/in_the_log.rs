//! The traffic log of those who speak plain HTTP: where everything is logged, what they say and what they are told, in its order.

use std::fs;

use papo::settings::Logged;
use serde_json::{Value, json};

use super::common::{Account, TestServer, soon, until};
use super::follower::Follower;
use super::poller::Poller;

async fn server() -> TestServer {
    TestServer::with(|settings| {
        settings.traffic.what = Logged::All;
        settings.guests.allowed = true;
    })
    .await
}

fn text(papo: &TestServer) -> String {
    let file = fs::read_dir(papo.dir().join("data/traffic")).unwrap().next().unwrap().unwrap().path();
    fs::read_to_string(file).unwrap()
}

/// The lines of `user` who speaks plain HTTP: which way, and the message.
fn logged(papo: &TestServer, user: Option<&str>) -> Vec<(String, Value)> {
    let text = text(papo);
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let own = lines.filter(|line| line["user"].as_str() == user && line["via"] == "http");
    own.map(|line| (line["dir"].as_str().unwrap().to_owned(), line["message"].clone())).collect()
}

fn asked(method: &str, path: &str, more: &Value) -> (String, Value) {
    let mut message = json!({"method": method, "path": path});
    message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    ("in".into(), message)
}

fn answered(status: u16, body: &Value) -> (String, Value) {
    ("out".into(), json!({"status": status, "body": body}))
}

#[actix_web::test]
async fn what_a_poller_says_and_is_told_is_in_the_log_in_its_order() {
    let mut papo = server().await;
    let bia = Poller::new(&papo, "bia").await;
    let joined = bia.joins("sala-1").await;
    let kept = bia.says("sala-1", "olá\n\"mundo\"").await;
    let news = bia.receives("sala-1", "&after=0").await;
    let refused = bia.tries_to_say("sala-1", "").await.refuses(422, "empty_message").json();
    let unreadable = bia.post("/send").body("application/json", "{oops").go().await.is(400).json();
    let rooms = bia.rooms().await;
    let page = papo.get("/api/rooms/sala-1/events?limit=1").by(&bia.who).go().await.is(200).json();
    let left = bia.leaves("sala-1").await.is(200).json();
    papo.stop();
    assert_eq!(
        logged(&papo, Some("bia")),
        [
            asked("POST", "/join", &json!({"body": {"room": "sala-1"}})),
            answered(200, &joined),
            asked("POST", "/send", &json!({"body": {"room": "sala-1", "message": "olá\n\"mundo\""}})),
            answered(201, &kept),
            asked("GET", "/receive", &json!({"query": "room=sala-1&after=0"})),
            answered(200, &news),
            asked("POST", "/send", &json!({"body": {"room": "sala-1", "message": ""}})),
            answered(422, &refused),
            asked("POST", "/send", &json!({"text": "{oops"})),
            answered(400, &unreadable),
            asked("GET", "/user_rooms", &json!({})),
            answered(200, &json!({"rooms": rooms})),
            asked("GET", "/api/rooms/sala-1/events", &json!({"query": "limit=1"})),
            answered(200, &page),
            asked("POST", "/leave", &json!({"body": {"room": "sala-1"}})),
            answered(200, &left),
        ]
    );
}

#[actix_web::test]
async fn of_a_body_that_is_no_text_or_too_large_the_size_is_in_the_log() {
    let mut papo = server().await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let large = format!("{{\"room\":\"sala-1\",\"message\":\"{}\"}}", "x".repeat(70_000));
    bia.post("/send").body("application/json", large).go().await.refuses(413, "too_large");
    bia.post("/send").body("application/json", b"\xff\xfe".as_slice()).go().await.is(400);
    bia.says("sala-1", &"x".repeat(4000)).await;
    papo.stop();
    let lines = logged(&papo, Some("bia"));
    assert!(lines[2].1["bytes"].as_u64().unwrap() > 64 * 1024 && lines[2].1.get("body").is_none());
    assert_eq!(lines[3].1["body"]["code"], "too_large");
    assert_eq!(lines[4], asked("POST", "/send", &json!({"bytes": 2})));
    assert_eq!(lines[6].1["body"]["message"].as_str().unwrap().len(), 4000);
}

#[actix_web::test]
async fn a_poll_that_waits_is_logged_when_it_is_asked_and_when_it_is_answered() {
    let mut papo = server().await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let waits = bia.clone();
    let wait = actix_web::rt::spawn(async move { waits.receives("sala-1", "&after=0&wait=20").await });
    until("the poll is in the log", super::common::DEADLINE, async || text(&papo).contains("wait=20")).await;
    let kept = bia.says("sala-1", "oi").await;
    let news = soon("the poll is answered", wait).await.unwrap();
    papo.stop();
    let lines = logged(&papo, Some("bia"));
    assert_eq!(lines[2], asked("GET", "/receive", &json!({"query": "room=sala-1&after=0&wait=20"})));
    assert_eq!(lines[3].1["method"], "POST");
    // Which of the two is answered first is not said.
    assert!(lines[4..].contains(&answered(201, &kept)) && lines[4..].contains(&answered(200, &news)), "{lines:?}");
}

#[actix_web::test]
async fn a_new_guest_is_in_the_log_by_name_and_the_token_is_not() {
    let mut papo = server().await;
    let came = papo.post("/join").json(json!({"username": "visita", "room": "sala-1"})).await.is(200);
    let mut joined = came.json();
    let token = joined.as_object_mut().unwrap().remove("token").unwrap().as_str().unwrap().to_owned();
    let visita = Poller { house: *papo, who: Account { username: "visita".into(), token: token.clone(), cookie: came.cookie() } };
    visita.says("sala-1", "oi").await;
    papo.post("/join").json(json!({"username": "no/name", "room": "sala-1"})).await.refuses(422, "invalid");
    papo.stop();
    let lines = logged(&papo, Some("visita"));
    assert_eq!(lines[0], asked("POST", "/join", &json!({"body": {"username": "visita", "room": "sala-1"}})));
    assert_eq!(lines[1], answered(200, &joined));
    assert_eq!(lines[2].1["body"]["message"], "oi");
    assert_eq!(logged(&papo, None).len(), 2, "what is no name is nobody's");
    let (_, cookie) = came.cookie().split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
    assert!(!text(&papo).contains(&token) && !text(&papo).contains(&cookie));
}

#[actix_web::test]
async fn what_a_stream_is_told_is_in_the_log_as_it_was_told() {
    let mut papo = server().await;
    let mut ana = papo.join("ana", "sala-1").await;
    ana.says("antes").await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let mut stream = Follower::follows(&papo, &bia.who, "sala-1", "?limit=5", None).await;
    let mut told = vec![stream.next().await.unwrap().data];
    ana.types(true).await;
    told.push(stream.hears("typing").await.data);
    ana.says("depois\ndata: {}").await;
    told.extend([stream.hears("typing").await.data, stream.next().await.unwrap().data]);
    let id = stream.last_id.clone();
    drop(stream);
    let refused = Follower::asks(&papo, &bia.who, "sala-2", "", Some(&id)).await;
    assert_eq!(refused.status, 403);
    let mut back = Follower::follows(&papo, &bia.who, "sala-1", "", Some("x:1")).await;
    told.push(back.next().await.unwrap().data);
    assert_eq!(told[4]["type"], "reset");
    told.extend([back.next().await.unwrap().data, back.next().await.unwrap().data]);
    papo.sign_out(&bia.who).await;
    told.push(back.hears("close").await.data);
    papo.stop();
    let path = "/api/rooms/sala-1/events";
    let lines: Vec<Value> = text(&papo).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of_streams: Vec<&Value> = lines.iter().filter(|line| line["user"] == "bia" && line["session"].is_u64()).collect();
    assert!(of_streams.iter().all(|line| line["dir"] == "out" && line["via"] == "http"), "{of_streams:?}");
    assert_eq!(of_streams.iter().map(|line| line["message"].clone()).collect::<Vec<_>>(), told);
    let sessions = (&of_streams[0]["session"], &of_streams[4]["session"]);
    assert_ne!(sessions.0, sessions.1);
    let lines = logged(&papo, Some("bia"));
    let begins = lines.iter().position(|line| *line == asked("GET", path, &json!({"query": "limit=5"}))).unwrap();
    assert_eq!(lines[begins + 1], ("out".into(), json!({"status": 200})));
    assert_eq!(lines[begins + 2].1, told[0], "the answer stands before what it brings");
    let refused = asked("GET", "/api/rooms/sala-2/events", &json!({"last_event_id": id}));
    let refused = lines.iter().position(|line| *line == refused).unwrap();
    assert_eq!(lines[refused + 1].1["body"]["code"], "not_in_room");
    assert!(lines.contains(&asked("GET", path, &json!({"last_event_id": "x:1"}))));
}

#[actix_web::test]
async fn by_default_nothing_of_the_chat_is_logged() {
    let mut papo = TestServer::start().await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    bia.says("sala-1", "segredo").await;
    let mut stream = Follower::follows(&papo, &bia.who, "sala-1", "", None).await;
    stream.next().await.unwrap();
    papo.stop();
    let files = fs::read_dir(papo.dir().join("data/traffic")).unwrap();
    assert!(files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).all(|text| text.is_empty()));
}
