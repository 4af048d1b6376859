//! How a poller ends: by its lease, by signing out, and with the server.

use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use serde_json::json;

use super::common::{Process, TestServer, pause};
use super::poller::Poller;

#[actix_web::test]
async fn a_poller_is_gone_thirty_seconds_after_its_last_call() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let (bia, caio) = (Poller::new(&papo, "bia").await, Poller::new(&papo, "caio").await);
    caio.joins("sala-1").await;
    bia.joins("sala-1").await;
    let talk = async {
        // A wait counts until it ends; so Caio, who asked last before Bia, stays longer.
        bia.rooms().await;
        let last = Instant::now();
        caio.receives("sala-1", "&wait=15").await;
        last
    };
    let listen = async {
        ana.hears(json!({"type": "member_joined", "member": {"username": "caio"}})).await;
        ana.hears(json!({"type": "member_joined", "member": {"username": "bia"}})).await;
        loop {
            ana.listens_for(500).await;
            if ana.heard().any(|event| event["type"] == "member_left") {
                break Instant::now();
            }
        }
    };
    let (last, gone) = join(talk, listen).await;
    let lease = gone - last;
    assert!(lease > Duration::from_millis(29_500) && lease < Duration::from_secs(33), "{lease:?}");
    ana.hears(json!({"type": "member_left", "username": "bia", "reason": "disconnected"})).await;
    bia.tries_to_say("sala-1", "too late").await.refuses(403, "not_in_room");
    caio.says("sala-1", "still here").await;
    bia.joins("sala-1").await;
}

#[actix_web::test]
async fn signing_out_ends_every_poll_of_that_login_within_a_second() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    let elsewhere = Poller { who: papo.sign_in("bia").await, ..bia.clone() };
    bia.joins("sala-1").await;
    ana.hears(json!({"type": "member_joined"})).await;
    let sign_out = async {
        pause(300).await;
        papo.sign_out(&bia.who).await;
        Instant::now()
    };
    let polls = async {
        let replies = join_all((0..3).map(|_| bia.asks("sala-1", "&wait=25"))).await;
        (replies, Instant::now())
    };
    let (out_at, (replies, ended_at)) = join(sign_out, polls).await;
    for reply in replies {
        reply.refuses(401, "unauthenticated");
    }
    assert!(ended_at.saturating_duration_since(out_at) < Duration::from_secs(1));
    ana.hears(json!({"type": "member_left", "username": "bia", "reason": "signed_out"})).await;
    bia.tries_to_join("sala-1").await.refuses(401, "unauthenticated");
    elsewhere.joins("sala-1").await;
    elsewhere.says("sala-1", "another login lives on").await;
}

#[actix_web::test]
async fn a_server_that_goes_down_answers_whoever_waits() {
    let mut papo = Process::start(&[]);
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    bia.says("sala-1", "kept").await;
    let stop = async {
        pause(500).await;
        papo.sends_signal("TERM");
        Instant::now()
    };
    let (asked_at, replies) = join(stop, join_all((0..5).map(|_| bia.asks("sala-1", "&after=1&wait=25")))).await;
    for reply in replies {
        let reply = reply.refuses(503, "busy");
        assert!(reply.header("retry-after").parse::<u64>().unwrap() >= 1);
    }
    assert!(asked_at.elapsed() < Duration::from_secs(2), "{:?}", asked_at.elapsed());
    assert_eq!(papo.ends_within(Duration::from_secs(10)).await.code(), Some(0));
}
