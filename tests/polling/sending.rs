//! What is said over HTTP is what is said over a socket: one log, one order, once.

use serde_json::json;

use super::common::{File, TestServer, has};
use super::poller::{Poller, seqs, texts};

#[actix_web::test]
async fn what_is_said_over_http_has_the_same_place_for_everyone() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    ana.hears(json!({"type": "member_joined"})).await;
    let sent = bia.says("sala-1", " olá \n👋🏽").await;
    let heard = ana.hears_message("bia", " olá \n👋🏽").await;
    assert_eq!((&sent["seq"], &sent["sent_at"]), (&heard["seq"], &heard["sent_at"]));
    assert!(sent.get("duplicate").is_none(), "{sent}");
    assert_eq!(ana.says("oi!").await["seq"], 2);
    let news = bia.receives("sala-1", "&after=0").await;
    assert_eq!(seqs(&news), [1, 2]);
    assert_eq!(news["messages"][0], heard, "the same event, word for word");
    assert_eq!(news["epoch"].as_str(), Some(ana.log.epoch()));
}

#[actix_web::test]
async fn what_is_repeated_is_kept_once() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    ana.hears(json!({"type": "member_joined"})).await;
    let said = |text: &str, name: &str| bia.post("/send").json(json!({"room": "sala-1", "message": text, "client_id": name}));
    let first = said("oi", "a").await.is(201).json();
    ana.hears_message("bia", "oi").await;
    let again = said("oi", "a").await.is(201).json();
    assert!(has(&again, &json!({"seq": first["seq"], "sent_at": first["sent_at"], "duplicate": true})), "{again}");
    said("olá", "a").await.refuses(409, "conflict");
    said("x", &"c".repeat(65)).await.refuses(400, "bad_frame");
    let keyed = |key: &str| bia.post("/send").with("Idempotency-Key", key).json(json!({"room": "sala-1", "message": "oi"}));
    assert_eq!(keyed("\"a\"").await.is(201).json(), again, "a key is a client_id");
    assert_eq!(keyed("b").await.is(201).json()["seq"], 2);
    ana.hears_message("bia", "oi").await;
    ana.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn what_cannot_be_sent_over_a_socket_cannot_be_sent_over_http() {
    let papo = TestServer::start().await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    bia.tries_to_say("sala-1", " \n ").await.refuses(422, "empty_message");
    bia.post("/send").json(json!({"room": "sala-1"})).await.refuses(422, "empty_message");
    bia.tries_to_say("sala-1", &"á".repeat(4001)).await.refuses(422, "text_too_long");
    bia.tries_to_say("sala-1", "\u{7}").await.refuses(400, "bad_frame");
    bia.post("/send").json(json!({"room": "sala-1", "message": 7})).await.refuses(400, "invalid");
    bia.post("/send").body("text/plain", "oi").go().await.refuses(415, "invalid");
    bia.post("/send").json(json!({"room": "sala-1", "images": ["/static/nope.png"]})).await.refuses(422, "unknown_upload");
    assert_eq!(bia.receives("sala-1", "").await["head_seq"], 0);
}

#[actix_web::test]
async fn attachments_travel_over_http_too() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    ana.hears(json!({"type": "member_joined"})).await;
    let uploaded = bia.post("/api/uploads").files(&[File::new("a.txt", "text/plain", "abc")]).await.is(201).json();
    let url = &uploaded[0]["url"];
    bia.post("/send").json(json!({"room": "sala-1", "files": [url]})).await.is(201);
    let heard = ana.hears_message("bia", "").await;
    assert!(has(&heard["files"][0], &json!({"url": url, "name": "a.txt"})), "{heard}");
}

#[actix_web::test]
async fn one_rate_counts_over_sockets_and_http() {
    let papo = TestServer::start().await;
    let bia = Poller::new(&papo, "bia").await;
    let mut tab = papo.enter(&bia.who, "sala-1").await;
    bia.joins("sala-1").await;
    let mut ids = Vec::new();
    for n in 0..30 {
        ids.push(tab.gives(json!({"type": "send", "text": n.to_string()})).await);
    }
    for id in ids {
        tab.answer_to(id).await;
    }
    let mut refused = None;
    for n in 0..20 {
        let reply = bia.tries_to_say("sala-1", &format!("http {n}")).await;
        if reply.status != 201 {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.expect("thirty at once and ten a second, over both").refuses(429, "rate_limited");
    assert!(refused.header("retry-after").parse::<u64>().unwrap() >= 1);
    assert!(refused.json()["retry_after_ms"].as_u64().unwrap() >= 1);
    assert!(texts(&bia.receives("sala-1", "").await).contains(&"29"));
}
