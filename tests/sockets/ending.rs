//! How sockets end when it is not their fault: signing out, and a server that goes down.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::common::{Client, Greeting, Process, Raw, TestServer};

/// Rule 6.
const SIGNED_OUT_WITHIN: Duration = Duration::from_secs(1);

#[actix_web::test]
async fn signing_out_closes_every_socket_of_that_login_within_a_second() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut tabs = vec![papo.enter(&who, "sala-1").await, papo.enter(&who, "sala-1").await, papo.connect(&who).await];
    let by_cookie = Greeting::by_cookie(&who).with("Origin", papo.origin());
    tabs.push(Client::connect(papo.addr, &by_cookie).await.unwrap());
    bia.hears(json!({"type": "member_joined"})).await;
    let begun = Instant::now();
    papo.sign_out(&who).await;
    for tab in &mut tabs {
        tab.is_closed_with(4501).await;
    }
    assert!(begun.elapsed() < SIGNED_OUT_WITHIN, "{:?}", begun.elapsed());
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "signed_out"})).await;
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn nothing_is_accepted_after_signing_out() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut raw = Raw::open(papo.addr, &who).await;
    raw.says(r#"{"type":"join","room":"sala-1"}"#).await;
    bia.hears(json!({"type": "member_joined"})).await;
    papo.sign_out(&who).await;
    // The sender does not look at what it is told, and goes on.
    for _ in 0..20 {
        raw.says(r#"{"type":"send","text":"ainda aqui"}"#).await;
    }
    assert_eq!(raw.is_closed().await, 4501);
    bia.hears(json!({"type": "member_left"})).await;
    bia.hears_nothing_before_a_ping().await;
    assert_eq!(bia.says("primeira").await["seq"], 1, "nothing of it was kept");
}

#[actix_web::test]
async fn nothing_is_delivered_after_signing_out() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut ana = papo.enter(&who, "sala-1").await;
    papo.sign_out(&who).await;
    bia.says("ela não me ouve").await;
    ana.is_closed_with(4501).await;
    assert!(ana.heard().all(|event| event["type"] != "message"), "{:?}", ana.heard().collect::<Vec<_>>());
}

#[actix_web::test]
async fn other_logins_of_the_user_live_on_in_their_seat() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let (one, two) = (papo.register("ana").await, papo.sign_in("ana").await);
    let (mut first, mut second) = (papo.enter(&one, "sala-1").await, papo.enter(&two, "sala-1").await);
    bia.hears(json!({"type": "member_joined"})).await;
    papo.sign_out(&one).await;
    first.is_closed_with(4501).await;
    second.says("ainda aqui").await;
    bia.hears_message("ana", "ainda aqui").await;
    bia.hears_nothing_before_a_ping().await;
    papo.sign_out(&two).await;
    second.is_closed_with(4501).await;
    bia.hears(json!({"type": "member_left", "reason": "signed_out"})).await;
}

#[actix_web::test]
async fn signing_out_closes_a_socket_that_does_not_read() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let raw = Raw::open_narrow(papo.addr, &who, 4096).await;
    papo.sign_out(&who).await;
    // What the kernel still holds of it for a while costs no descriptor.
    crate::common::until("the connection is let go", Duration::from_secs(20), async || !raw.is_owned_by_a_process()).await;
}

#[actix_web::test]
async fn a_handshake_after_signing_out_is_refused() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    papo.sign_out(&who).await;
    assert_eq!(Client::connect(papo.addr, &Greeting::by(&who)).await.err().as_deref(), Some("401"));
    let by_cookie = Greeting::by_cookie(&who).with("Origin", papo.origin());
    assert_eq!(Client::connect(papo.addr, &by_cookie).await.err().as_deref(), Some("401"));
}

#[actix_web::test]
async fn a_server_that_goes_down_tells_every_socket_and_keeps_what_it_acknowledged() {
    let mut papo = Process::start(&["--limits", "off"]);
    let mut people = Vec::new();
    for n in 0..8 {
        people.push(papo.join(&format!("ana{n}"), "sala-1").await);
    }
    let who = papo.register("bia").await;
    let idle: Vec<Raw> = vec![Raw::open_narrow(papo.addr, &who, 4096).await, Raw::open(papo.addr, &who).await];
    let begun = Instant::now();
    let talk = people.iter_mut().map(async |one| {
        let mut acknowledged: Vec<i64> = Vec::new();
        for n in 0.. {
            let id = one.gives(json!({"type": "send", "text": format!("{} {n}", one.name)})).await;
            match one.answer_if_any(id).await {
                Some(answer) if answer["type"] == "ok" => acknowledged.push(answer["seq"].as_i64().unwrap()),
                Some(_) => {}
                None => break,
            }
        }
        (one.is_closed().await, acknowledged)
    });
    let stop = async {
        crate::common::pause(500).await;
        papo.sends_signal("TERM");
    };
    let (ended, ()) = futures_util::future::join(futures_util::future::join_all(talk), stop).await;
    assert!(begun.elapsed() < Duration::from_secs(6), "told within two seconds or so, not {:?}", begun.elapsed());
    assert!(ended.iter().all(|(code, _)| *code == 1012), "{:?}", ended.iter().map(|(code, _)| code).collect::<Vec<_>>());
    let status = papo.ends_within(Duration::from_secs(10)).await;
    assert_eq!(status.code(), Some(0));
    drop(idle);
    papo.start_again();
    let mut reader = papo.connect(&who).await;
    reader.joins("sala-1").await;
    reader.reads_all().await;
    let whole = reader.log.whole();
    for ((_, acknowledged), one) in ended.iter().zip(&people) {
        assert!(!acknowledged.is_empty());
        for seq in acknowledged {
            let said = &whole[usize::try_from(*seq).unwrap() - 1];
            assert_eq!(said.by, one.name, "seq {seq}");
        }
    }
}

#[actix_web::test]
async fn while_it_drains_the_server_is_alive_and_not_ready() {
    let mut papo = Process::start(&[]);
    papo.get("/readyz").go().await.is(200);
    let who = papo.register("ana").await;
    // A connection that was there before: new ones are not taken any more.
    let mut kept = tokio::net::TcpStream::connect(papo.addr).await.unwrap();
    // A peer that does not read keeps the drain going for a moment.
    let _slow = Raw::open_narrow(papo.addr, &who, 2048).await;
    papo.sends_signal("TERM");
    let mut answers: Vec<u16> = Vec::new();
    for _ in 0..20 {
        let Some(status) = asks_readyz(&mut kept).await else { break };
        answers.push(status);
        crate::common::pause(25).await;
    }
    assert!(answers.iter().all(|status| [200, 503].contains(status)), "{answers:?}");
    assert_eq!(papo.ends_within(Duration::from_secs(10)).await.code(), Some(0));
}

async fn asks_readyz(connection: &mut tokio::net::TcpStream) -> Option<u16> {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    connection.write_all(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n").await.ok()?;
    let mut answer = [0; 4096];
    let length = connection.read(&mut answer).await.ok().filter(|length| *length > 0)?;
    String::from_utf8_lossy(&answer[..length]).split_whitespace().nth(1)?.parse().ok()
}
