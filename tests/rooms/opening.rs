//! Rooms that come and go, and the list of them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::common::{Client, TestServer, pause};

/// How long a room that is not permanent is kept when it is empty.
const EMPTY_KEPT_MS: u64 = 10_000;

async fn listed(client: &mut Client, id: &str) -> Option<Value> {
    let rooms = client.does(json!({"type": "rooms"})).await["rooms"].clone();
    rooms.as_array().unwrap().iter().find(|room| room["id"] == id).cloned()
}

#[actix_web::test]
async fn hello_lists_the_rooms_of_the_settings() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let ana = papo.connect(&who).await;
    let room = |n: u8| json!({"id": format!("sala-{n}"), "title": format!("Sala {n}"), "members": 0, "permanent": true});
    assert_eq!(ana.hello["rooms"], json!([room(1), room(2), room(3)]));
}

#[actix_web::test]
async fn a_room_is_one_in_all_spellings_of_its_name() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    let seat = ana.joins("Café do João").await["seat"].clone();
    for name in ["café-do-joão", "CAFE\u{301} DO JOA\u{303}O", "  Café   do  João ", "Ｃafé do João"] {
        let answer = ana.joins(name).await;
        assert_eq!((&answer["room"], &answer["seat"]), (&json!("café-do-joão"), &seat), "{name:?}");
        assert_eq!(answer["title"], "Café do João", "the title is the one it was opened with");
    }
}

#[actix_web::test]
async fn what_is_no_name_of_a_room_is_refused_and_one_stays_where_one_is() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    let long = "a".repeat(41);
    for name in
        ["", "   ", "a/b", "../etc", "a.b", "<b>", "🙂", "a\nb", "a\u{200b}b", "a\u{202e}b", "a\u{0}", "#1", long.as_str()]
    {
        ana.is_refused(json!({"type": "join", "room": name}), "bad_room").await;
    }
    ana.joins(&"b".repeat(40)).await;
    ana.joins("李小龙 हिन्दी_1-2").await;
    bia.hears(json!({"type": "member_left", "username": "ana"})).await;
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn a_room_is_opened_by_joining_it_and_goes_when_it_was_empty_for_ten_seconds_log_and_all() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "cozinha").await;
    let epoch = ana.log.epoch().to_owned();
    assert_eq!(
        listed(&mut ana, "cozinha").await,
        Some(json!({"id": "cozinha", "title": "cozinha", "members": 1, "permanent": false}))
    );
    ana.says("some com a sala").await;
    ana.does(json!({"type": "leave"})).await;
    let empty = Instant::now();
    pause(EMPTY_KEPT_MS - 2000).await;
    assert_eq!(listed(&mut ana, "cozinha").await.map(|room| room["members"].clone()), Some(json!(0)), "not gone yet");
    crate::common::until("the room is gone", Duration::from_secs(6), async || listed(&mut ana, "cozinha").await.is_none()).await;
    assert!(empty.elapsed() >= Duration::from_millis(EMPTY_KEPT_MS - 200), "{:?}", empty.elapsed());
    let since = json!({"epoch": epoch, "seq": 1});
    let answer = ana.does(json!({"type": "join", "room": "cozinha", "since": since})).await;
    assert_eq!(
        (&answer["mode"], &answer["reason"], &answer["head_seq"]),
        (&json!("snapshot"), &json!("epoch_changed"), &json!(0))
    );
    assert_ne!(answer["epoch"], epoch);
}

#[actix_web::test]
async fn a_room_that_is_entered_again_in_time_keeps_its_log() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "cozinha").await;
    ana.says("um").await;
    for _ in 0..2 {
        ana.does(json!({"type": "leave"})).await;
        pause(EMPTY_KEPT_MS * 6 / 10).await;
        assert_eq!(ana.resumes("cozinha").await["mode"], "resumed", "being empty twice does not add up");
    }
    pause(EMPTY_KEPT_MS / 2).await;
    assert_eq!(ana.says("dois").await["seq"], 2);
}

#[actix_web::test]
async fn a_room_left_by_a_lost_socket_goes_too() {
    let papo = TestServer::start().await;
    papo.join("ana", "cozinha").await.vanishes();
    let who = papo.register("bia").await;
    let mut bia = papo.connect(&who).await;
    crate::common::until("the room is gone", Duration::from_secs(18), async || listed(&mut bia, "cozinha").await.is_none()).await;
}

#[actix_web::test]
async fn a_room_that_was_open_when_the_server_stopped_goes_after_the_start() {
    let mut papo = TestServer::start().await;
    let who = papo.register("ana").await;
    papo.enter(&who, "cozinha").await.says("um").await;
    papo.restart().await;
    let mut ana = papo.connect(&who).await;
    assert!(listed(&mut ana, "cozinha").await.is_some(), "who comes back in time finds it");
    crate::common::until("the room is gone", Duration::from_secs(15), async || listed(&mut ana, "cozinha").await.is_none()).await;
}

#[actix_web::test]
async fn rooms_of_the_settings_stay_with_their_log() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-2").await;
    ana.says("fica").await;
    ana.does(json!({"type": "leave"})).await;
    pause(EMPTY_KEPT_MS + 1500).await;
    assert!(listed(&mut ana, "sala-2").await.is_some());
    let answer = ana.resumes("sala-2").await;
    assert_eq!((&answer["mode"], &answer["head_seq"]), (&json!("resumed"), &json!(1)));
}

#[actix_web::test]
async fn the_list_of_rooms_is_told_when_it_changed_and_at_most_once_a_second() {
    let papo = TestServer::unlimited().await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    let idle = papo.register("bia").await;
    let mut bia = papo.connect(&idle).await;
    let begun = Instant::now();
    for _ in 0..20 {
        ana.joins("sala-1").await;
        ana.joins("sala-2").await;
        pause(150).await;
    }
    ana.joins("cozinha").await;
    bia.listens_for(1500).await;
    let seconds = begun.elapsed().as_secs();
    let lists: Vec<&Value> = bia.heard().filter(|event| event["type"] == "rooms").map(|event| &event["rooms"]).collect();
    assert!(!lists.is_empty(), "it changed");
    assert!(lists.len() as u64 <= seconds + 1, "{} lists in {seconds} s", lists.len());
    let last = lists.last().unwrap().as_array().unwrap();
    let members = |id: &str| last.iter().find(|room| room["id"] == id).map(|room| room["members"].clone());
    assert_eq!((members("sala-1"), members("sala-2"), members("cozinha")), (Some(json!(0)), Some(json!(0)), Some(json!(1))));
    bia.forgets();
    bia.listens_for(2500).await;
    assert_eq!(bia.heard().count(), 0, "nothing changed");
}

#[actix_web::test]
async fn who_comes_in_the_moment_a_room_goes_finds_it_as_it_was_or_new() {
    let papo = TestServer::unlimited().await;
    let mut people = Vec::new();
    for n in 0..30 {
        people.push(papo.join(&format!("ana{n}"), &format!("sala-da-ana{n}")).await);
    }
    let at_the_edge = people.iter_mut().enumerate().map(async |(n, ana)| {
        let room = ana.log.room().to_owned();
        assert_eq!(ana.says("um").await["seq"], 1);
        let epoch = ana.log.epoch().to_owned();
        ana.does(json!({"type": "leave"})).await;
        // Around the very moment, a few milliseconds apart.
        pause(EMPTY_KEPT_MS - 45 + 3 * n as u64).await;
        let answer = ana.joins(&room).await;
        let head = answer["head_seq"].as_i64().unwrap();
        assert_eq!(head, i64::from(answer["epoch"] == epoch.as_str()), "as it was, or new: {answer}");
        assert_eq!(ana.says("dois").await["seq"], head + 1);
        pause(1500).await;
        assert_eq!(ana.says("três").await["seq"], head + 2);
        head
    });
    let heads = futures_util::future::join_all(at_the_edge).await;
    println!("{} of {} rooms were still there", heads.iter().sum::<i64>(), heads.len());
}
