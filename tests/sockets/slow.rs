//! Sockets that do not read what they are sent: closed, cut, and nobody waits for them.

use std::time::Duration;

use serde_json::json;

use crate::common::{Client, Raw, TestServer};

/// A closed socket's connection is gone within this, whether or not the peer reads.
const GONE_WITHIN: Duration = Duration::from_secs(20);
/// More than a kernel holds for one connection and the server for one socket, in messages of this size.
const TEXT_CHARS: usize = 4000;
const MESSAGES: usize = 1500;

async fn talks(client: &mut Client, messages: usize) {
    let text = "x".repeat(TEXT_CHARS);
    for _ in 0..messages / 50 {
        let mut last = 0;
        for _ in 0..50 {
            last = client.gives(json!({"type": "send", "text": text})).await;
        }
        assert_eq!(client.answer_to(last).await["type"], "ok");
    }
}

#[actix_web::test]
async fn a_socket_that_never_reads_is_cut_and_the_others_miss_nothing() {
    let papo = TestServer::unlimited().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    let who = papo.register("caio").await;
    let mut slow = Raw::open_narrow(papo.addr, &who, 4096).await;
    slow.says(r#"{"type":"join","room":"sala-1"}"#).await;
    bia.hears(json!({"type": "member_joined", "member": {"username": "caio"}})).await;
    let reading = async {
        bia.hears_up_to(i64::try_from(MESSAGES).unwrap()).await;
    };
    futures_util::future::join(talks(&mut ana, MESSAGES), reading).await;
    assert_eq!(bia.log.whole().len(), MESSAGES);
    slow.is_gone_within(GONE_WITHIN).await;
    bia.hears_among_others(json!({"type": "member_left", "username": "caio", "reason": "disconnected"})).await;
    let again = papo.enter(&who, "sala-1").await;
    assert_eq!(again.log.newest(), i64::try_from(MESSAGES).unwrap());
}

#[actix_web::test]
async fn a_socket_that_reads_again_in_time_finds_out_why_it_was_closed() {
    let papo = TestServer::unlimited().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let who = papo.register("caio").await;
    let mut slow = papo.enter(&who, "sala-1").await;
    talks(&mut ana, MESSAGES * 2).await;
    let code = slow.is_closed().await;
    // A peer so far behind may be cut before the close frame could reach it.
    assert!([4008, 1006].contains(&code), "{code}");
    let log = slow.vanishes();
    let mut again = papo.connect(&who).await;
    again.log = log;
    again.resumes("sala-1").await;
    ana.reads_all().await;
    // Resume fills the gap.
    again.log.agrees_with(&ana.log);
}

#[actix_web::test]
async fn a_slow_socket_that_reads_in_time_misses_nothing() {
    let papo = TestServer::unlimited().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    for _ in 0..4 {
        talks(&mut ana, 100).await;
        bia.hears_up_to(ana.log.newest()).await;
    }
    bia.log.agrees_with(&ana.log);
}

#[actix_web::test]
async fn a_socket_that_asks_and_never_reads_is_cut_too() {
    let papo = TestServer::unlimited().await;
    let (mut ana, who) = (papo.join("ana", "sala-1").await, papo.register("caio").await);
    talks(&mut ana, 200).await;
    let mut slow = Raw::open_narrow(papo.addr, &who, 4096).await;
    slow.says(r#"{"type":"join","room":"sala-1"}"#).await;
    for _ in 0..200 {
        let asked = slow.says(r#"{"type":"history","limit":200}"#);
        if tokio::time::timeout(Duration::from_millis(100), asked).await.is_err() {
            break;
        }
    }
    // It waits for itself: either it is cut, or it is read no further and costs nothing. The room goes on.
    talks(&mut ana, 1000).await;
    slow.is_gone_within(GONE_WITHIN * 2).await;
    ana.says("e eu?").await;
}
