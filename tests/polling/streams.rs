//! The log of a room as Server-Sent Events.

use std::time::{Duration, Instant};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpSocket;

use super::common::{Process, TestServer, has, until};
use super::follower::Follower;
use super::poller::Poller;

async fn talks(ana: &mut super::common::Client, texts: std::ops::RangeInclusive<usize>) {
    for n in texts {
        ana.says(&n.to_string()).await;
    }
}

#[actix_web::test]
async fn a_stream_hears_what_a_tab_hears_and_places_are_the_same() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    let mut tab = papo.enter(&bia.who, "sala-1").await;
    ana.says("before").await;
    let mut stream = Follower::follows(&papo, &bia.who, "sala-1", "", None).await;
    assert!(stream.headers.get("content-type").unwrap().to_str().unwrap().starts_with("text/event-stream"));
    assert!(stream.headers.get("content-encoding").is_none(), "what is compressed is held up");
    assert_eq!(stream.headers.get("x-accel-buffering").unwrap(), "no");
    assert_eq!(stream.hears_messages(1).await, [1], "first the newest page");
    ana.types(true).await;
    let typing = stream.next().await.unwrap();
    assert!(typing.kind == "typing" && typing.id.is_none() && typing.data["username"] == "ana", "{typing:?}");
    ana.says("now").await;
    tab.hears_message("ana", "before").await;
    tab.hears(json!({"type": "typing"})).await;
    tab.hears(json!({"type": "typing", "active": false})).await;
    let heard = tab.hears_message("ana", "now").await;
    stream.hears("typing").await;
    let message = stream.next().await.unwrap();
    assert_eq!((message.kind.as_str(), &message.data), ("message", &heard));
    assert_eq!(message.id, Some(format!("{}:2", tab.log.epoch())));
    bia.says("sala-1", "of a poller").await;
    assert_eq!(stream.next().await.unwrap().data["seq"], 3, "what one says oneself, too");
    papo.join("caio", "sala-1").await;
    assert_eq!(stream.next().await.unwrap().data["member"]["username"], "caio");
}

#[actix_web::test]
async fn whoever_comes_back_goes_on_without_a_hole() {
    let papo = TestServer::unlimited().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let mut stream = Follower::follows(&papo, &bia.who, "sala-1", "", None).await;
    talks(&mut ana, 1..=3).await;
    assert_eq!(stream.hears_messages(3).await, [1, 2, 3]);
    let id = stream.last_id.clone();
    drop(stream);
    talks(&mut ana, 4..=500).await;
    let back = Follower::follows(&papo, &bia.who, "sala-1", "?after=1", Some(&id));
    let (mut back, ()) = futures_util::future::join(back, talks(&mut ana, 501..=550)).await;
    assert_eq!(back.hears_messages(547).await, (4..=550).collect::<Vec<_>>());
    talks(&mut ana, 551..=551).await;
    assert_eq!(back.hears_messages(1).await, [551]);
    let mut after = Follower::follows(&papo, &bia.who, "sala-1", "?after=548", None).await;
    assert_eq!(after.hears_messages(3).await, [549, 550, 551]);
    let mut newest = Follower::follows(&papo, &bia.who, "sala-1", "?limit=2", None).await;
    assert_eq!(newest.hears_messages(2).await, [550, 551]);
    let quiet = Follower::follows(&papo, &bia.who, "sala-1", "", Some(&after.last_id)).await;
    drop(quiet);
}

#[actix_web::test]
async fn whoever_cannot_go_on_is_told_why() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    talks(&mut ana, 1..=3).await;
    let bia = Poller::new(&papo, "bia").await;
    let epoch = bia.joins("sala-1").await["epoch"].as_str().unwrap().to_owned();
    for (id, query, reason) in [
        (Some("other:2".to_owned()), "", "epoch_changed"),
        (Some("nonsense".to_owned()), "", "epoch_changed"),
        (Some(format!("{epoch}:4")), "", "ahead"),
        (None, "?after=9223372036854775807", "ahead"),
    ] {
        let mut stream = Follower::follows(&papo, &bia.who, "sala-1", query, id.as_deref()).await;
        let reset = stream.next().await.unwrap();
        assert!(
            reset.kind == "reset" && has(&reset.data, &json!({"reason": reason, "epoch": epoch, "head_seq": 3})),
            "{reset:?}"
        );
        assert_eq!(stream.last_id, format!("{epoch}:0"), "a loss right now would lose nothing");
        assert_eq!(stream.hears_messages(3).await, [1, 2, 3], "then the newest page");
    }
    let mut all = Follower::follows(&papo, &bia.who, "sala-1", "?after=-9223372036854775808", None).await;
    assert_eq!(all.hears_messages(3).await, [1, 2, 3]);
}

#[actix_web::test]
async fn a_quiet_stream_has_a_place_from_its_beginning_on_and_shows_signs_of_life() {
    let papo = TestServer::with(|settings| settings.bounds.ping_ms = 200).await;
    let bia = Poller::new(&papo, "bia").await;
    let joined = bia.joins("sala-1").await;
    let mut stream = Follower::follows(&papo, &bia.who, "sala-1", "", None).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    bia.says("sala-1", "oi").await;
    assert_eq!(stream.hears_messages(1).await, [1]);
    assert!(stream.comments >= 2, "{} comments in a second and a half", stream.comments);
    let mut quiet = Follower::follows(&papo, &bia.who, "sala-1", "?after=1", None).await;
    bia.says("sala-1", "more").await;
    assert_eq!(quiet.hears_messages(1).await, [2]);
    assert_eq!(quiet.last_id, format!("{}:2", joined["epoch"].as_str().unwrap()));
}

#[actix_web::test]
async fn only_members_follow_a_room() {
    let papo = TestServer::start().await;
    let bia = Poller::new(&papo, "bia").await;
    let status = async |room: &str, query: &str| Follower::asks(&papo, &bia.who, room, query, None).await.status;
    assert_eq!(status("sala-1", "").await, 403);
    bia.joins("sala-1").await;
    assert_eq!(status("sala-1", "").await, 200);
    assert_eq!(status("sala-2", "").await, 403);
    assert_eq!(status("a%2Fb", "").await, 400);
    assert_eq!(status("sala-1", "?before=3").await, 400);
    assert_eq!(status("sala-1", "?limit=0").await, 400);
    let nobody = papo.get("/api/rooms/sala-1/events").with("Accept", "text/event-stream").go().await;
    nobody.refuses(401, "unauthenticated");
    let page = papo.get("/api/rooms/sala-1/events").by(&bia.who).with("Accept", "application/json").go().await.is(200);
    assert!(page.json()["events"].is_array(), "without asking for a stream it is a page");
}

#[actix_web::test]
async fn a_stream_ends_with_its_login_and_says_so() {
    let papo = TestServer::start().await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let mut stream = Follower::follows(&papo, &bia.who, "sala-1", "", None).await;
    papo.sign_out(&bia.who).await;
    let out_at = Instant::now();
    let close = stream.hears("close").await;
    assert!(has(&close.data, &json!({"code": 4501, "reason": "signed out"})), "{close:?}");
    assert!(stream.next().await.is_none());
    assert!(out_at.elapsed() < Duration::from_secs(1), "{:?}", out_at.elapsed());
    assert_eq!(Follower::asks(&papo, &bia.who, "sala-1", "", Some(&stream.last_id)).await.status, 401);
}

#[actix_web::test]
async fn a_stream_ends_when_its_user_goes_to_another_room() {
    let papo = TestServer::start().await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let mut stream = Follower::follows(&papo, &bia.who, "sala-1", "", None).await;
    bia.joins("sala-2").await;
    let moved = stream.hears("moved").await;
    assert!(has(&moved.data, &json!({"from": "sala-1", "to": "sala-2"})), "{moved:?}");
    assert!(stream.next().await.is_none());
    assert_eq!(Follower::asks(&papo, &bia.who, "sala-1", "", Some(&stream.last_id)).await.status, 403);
}

#[actix_web::test]
async fn a_stream_keeps_the_seat_of_its_user_until_it_is_gone() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    ana.hears(json!({"type": "member_joined"})).await;
    let stream = Follower::follows(&papo, &bia.who, "sala-1", "", None).await;
    bia.leaves("sala-1").await.is(200);
    ana.hears_nothing_before_a_ping().await;
    let gone_at = Instant::now();
    drop(stream);
    ana.hears(json!({"type": "member_left", "username": "bia", "reason": "disconnected"})).await;
    assert!(gone_at.elapsed() < Duration::from_secs(5), "{:?}", gone_at.elapsed());
}

#[actix_web::test]
async fn a_stream_counts_among_the_sockets_of_its_user_and_a_lost_one_frees_its_place() {
    let papo = TestServer::with(|settings| settings.bounds.sockets_per_user_max = 2).await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let status = async || Follower::asks(&papo, &bia.who, "sala-1", "", None).await.status;
    let stream = Follower::follows(&papo, &bia.who, "sala-1", "", None).await;
    assert_eq!(status().await, 429);
    drop(stream);
    until("the place of the lost one is free", Duration::from_secs(5), async || status().await == 200).await;
}

#[actix_web::test]
async fn a_server_that_goes_down_tells_its_streams() {
    let mut papo = Process::start(&[]);
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let mut stream = Follower::follows(&papo, &bia.who, "sala-1", "", None).await;
    papo.sends_signal("TERM");
    assert_eq!(stream.hears("notice").await.data["kind"], "draining");
    assert_eq!(stream.hears("close").await.data["code"], 1012);
    assert!(stream.next().await.is_none());
    assert_eq!(papo.ends_within(Duration::from_secs(10)).await.code(), Some(0));
}

#[actix_web::test]
async fn a_stream_that_is_not_read_is_cut_and_holds_up_nobody() {
    let papo = TestServer::unlimited().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut slow = socket.connect(papo.addr).await.unwrap();
    let request = format!(
        "GET /api/rooms/sala-1/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer {}\r\n\r\n",
        bia.who.token
    );
    slow.write_all(request.as_bytes()).await.unwrap();
    let mut head = [0; 512];
    slow.read_exact(&mut head).await.unwrap();
    assert!(head.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&head));
    let text = "x".repeat(4000);
    for _ in 0..1000 {
        ana.says(&text).await;
    }
    let mut rest = Vec::new();
    let ended = super::common::soon("it was cut", slow.read_to_end(&mut rest)).await;
    assert!(ended.is_err() || rest.len() < 4_000_000, "it was not cut after {} bytes", rest.len());
    // It comes back with the newest place it has heard of.
    let heard = String::from_utf8_lossy(&rest);
    let id = heard.lines().filter_map(|line| line.strip_prefix("id: ")).next_back().expect("some of it was heard").to_owned();
    let seq: i64 = id.rsplit_once(':').unwrap().1.parse().unwrap();
    let mut back = Follower::follows(&papo, &bia.who, "sala-1", "", Some(&id)).await;
    assert_eq!(back.hears_messages(usize::try_from(1000 - seq).unwrap()).await, (seq + 1..=1000).collect::<Vec<_>>());
}
