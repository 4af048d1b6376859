//! Waiting for news: woken by what is in the log, ended by what ends a session, and nothing stays behind.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::common::{TestServer, pause, until};
use super::poller::{Poller, texts};

/// Lets a request reach the place where it waits.
const A_WHILE_MS: u64 = 300;

#[actix_web::test]
async fn whoever_waits_hears_at_once_what_is_said() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let talk = async {
        pause(A_WHILE_MS).await;
        // What is not in the log wakes nobody.
        ana.types(true).await;
        pause(A_WHILE_MS).await;
        ana.says("oi").await;
        Instant::now()
    };
    let wait = async {
        let news = bia.receives("sala-1", "&after=0&wait=20").await;
        (news, Instant::now())
    };
    let (said_at, (news, heard_at)) = join(talk, wait).await;
    assert_eq!(texts(&news), ["oi"]);
    assert!(heard_at.saturating_duration_since(said_at) < Duration::from_secs(1));
    assert!(news["now"].as_i64() >= news["messages"][0]["sent_at"].as_i64(), "{news}");
}

#[actix_web::test]
async fn what_one_says_oneself_wakes_ones_own_poll() {
    let papo = TestServer::start().await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let talk = async {
        pause(A_WHILE_MS).await;
        bia.says("sala-1", "oi").await;
    };
    let ((), news) = join(talk, bia.receives("sala-1", "&after=0&wait=20")).await;
    assert_eq!(texts(&news), ["oi"]);
}

#[actix_web::test]
async fn a_wait_ends_when_its_time_is_over() {
    let papo = TestServer::start().await;
    let bia = Poller::new(&papo, "bia").await;
    let joined = bia.joins("sala-1").await;
    let begun = Instant::now();
    let news = bia.receives("sala-1", format_args!("&since={}&wait=1.5", joined["now"])).await;
    assert!(begun.elapsed() >= Duration::from_millis(1500), "{:?}", begun.elapsed());
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    assert!(texts(&news).is_empty() && news["now"].as_i64().unwrap() > joined["now"].as_i64().unwrap());
}

#[actix_web::test]
async fn all_who_wait_hear_the_same() {
    let papo = TestServer::unlimited().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let talk = async {
        pause(A_WHILE_MS).await;
        ana.says("oi").await;
    };
    let ((), heard) = join(talk, join_all((0..100).map(|_| bia.receives("sala-1", "&after=0&wait=20")))).await;
    assert!(heard.iter().all(|news| texts(news) == ["oi"]));
}

#[actix_web::test]
async fn as_many_polls_of_a_login_wait_as_it_may_have_sockets_and_a_lost_one_frees_its_place() {
    let papo = TestServer::with(|settings| settings.bounds.sockets_per_user_max = 2).await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let mut lost = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(papo.addr).await.unwrap();
        let request =
            format!("GET /receive?room=sala-1&wait=25 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", bia.who.token);
        stream.write_all(request.as_bytes()).await.unwrap();
        lost.push(stream);
    }
    // A question that came between them would take the place of the second.
    pause(A_WHILE_MS).await;
    let waits = async || bia.asks("sala-1", "&wait=0.1").await;
    until("two wait", Duration::from_secs(5), async || waits().await.status == 429).await;
    waits().await.refuses(429, "rate_limited");
    bia.asks("sala-1", "").await.is(200);
    drop(lost.pop());
    until("the place of the lost one is free", Duration::from_secs(5), async || waits().await.status == 200).await;
}

#[actix_web::test]
async fn whoever_is_moved_or_leaves_meanwhile_is_told_at_once() {
    let papo = TestServer::start().await;
    let bia = Poller::new(&papo, "bia").await;
    let mut tab = papo.enter(&bia.who, "sala-1").await;
    let begun = Instant::now();
    let moves = async {
        pause(A_WHILE_MS).await;
        tab.joins("sala-2").await;
    };
    let ((), refused) = join(moves, bia.asks("sala-1", "&wait=20")).await;
    refused.refuses(403, "not_in_room");
    let leaves = async {
        pause(A_WHILE_MS).await;
        tab.does(json!({"type": "leave"})).await;
        bia.leaves("sala-2").await.is(200);
    };
    let ((), refused) = join(leaves, bia.asks("sala-2", "&wait=20")).await;
    refused.refuses(403, "not_in_room");
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}
