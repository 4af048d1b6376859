//! What waits for the slow, and what becomes of them.

use std::time::Duration;

use serde_json::json;

use super::common::{Client, DEADLINE, Raw, TestServer, until};
use super::scrape::scrape;

async fn talks(client: &mut Client, messages: usize) {
    let text = "x".repeat(4000);
    let mut last = 0;
    for _ in 0..messages {
        last = client.gives(json!({"type": "send", "text": text})).await;
    }
    assert_eq!(client.answer_to(last).await["type"], "ok");
}

#[actix_web::test]
async fn what_waits_for_a_socket_that_does_not_read_is_told_and_that_it_was_closed() {
    let papo = TestServer::unlimited().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let slow = papo.register("caio").await;
    let mut raw = Raw::open_narrow(papo.addr, &slow, 4096).await;
    raw.says(r#"{"type":"join","room":"sala-1"}"#).await;
    ana.hears(json!({"type": "member_joined"})).await;
    let before = scrape(&papo).await;
    assert_eq!((before.value("papo_outbox_sockets"), before.value("papo_outbox_bytes")), (0.0, 0.0));
    let cut = "papo_sockets_closed_total{code=\"4008\",reason=\"slow consumer\"}";
    let mut most = (0.0_f64, 0.0_f64);
    until("the slow is closed", DEADLINE * 3, async || {
        talks(&mut ana, 20).await;
        // By itself, and soon told again: it makes room for what is not.
        ana.types(true).await;
        let now = scrape(&papo).await;
        if now.value("papo_outbox_sockets") > 0.0 {
            most = (most.0.max(now.value("papo_outbox_frames")), most.1.max(now.value("papo_outbox_bytes")));
        }
        now.value(cut) > 0.0
    })
    .await;
    assert!(most.0 >= 1.0 && most.1 >= 4000.0, "{most:?}");
    raw.is_gone_within(Duration::from_secs(20)).await;
    let gone = async || scrape(&papo).await.value("papo_outbox_bytes") == 0.0;
    until("what waited goes with the socket", DEADLINE, gone).await;
    let now = scrape(&papo).await;
    assert_eq!(now.value(cut), 1.0);
    assert!(now.value("papo_passing_frames_dropped_total") >= 1.0);
}

#[actix_web::test]
async fn no_message_stays_in_the_count_of_a_mailbox() {
    let papo = TestServer::unlimited().await;
    let mut ana = papo.join("ana", "quintal").await;
    talks(&mut ana, 500).await;
    ana.closes().await;
    let bia = papo.register("bia").await;
    papo.post("/join").by(&bia).json(json!({"room": "quintal"})).await.is(200);
    papo.post("/send").by(&bia).json(json!({"room": "quintal", "message": "oi"})).await.is(201);
    papo.post("/leave").by(&bia).json(json!({"room": "quintal"})).await.is(200);
    for actor in ["room", "fanout", "lobby", "journal", "poller"] {
        let name = format!("papo_mailbox_messages{{actor=\"{actor}\"}}");
        until(&name, DEADLINE, async || scrape(&papo).await.value(&name) == 0.0).await;
    }
    let now = scrape(&papo).await;
    for (kind, outcome) in [("join", "ok"), ("send", "ok"), ("leave", "ok")] {
        assert!(now.value(&format!("papo_commands_total{{type=\"{kind}\",outcome=\"{outcome}\"}}")) > 0.0, "{kind}");
    }
}
