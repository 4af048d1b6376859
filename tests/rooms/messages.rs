//! What is said: who hears it, in which order, and what is refused.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::common::{TestServer, now_ms};

#[actix_web::test]
async fn what_is_said_is_heard_by_the_others_and_answered_to_the_one_who_said_it() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined", "member": {"username": "bia"}})).await;
    let ok = ana.says_as("7b1c", "oi!").await;
    assert_eq!(ok["seq"], 1);
    assert!(ok.get("duplicate").is_none(), "{ok}");
    let event = bia
        .hears(json!({
            "type": "message", "room": "sala-1", "seq": 1, "client_id": "7b1c", "from": {"username": "ana", "name": "ana Silva"},
            "text": "oi!", "images": [], "files": [], "sent_at": ok["sent_at"],
        }))
        .await;
    assert!(event["id"].as_str().is_some_and(|id| !id.is_empty()), "{event}");
    let sent_at = event["sent_at"].as_i64().unwrap();
    assert!((now_ms() - sent_at).abs() < 60_000, "{sent_at}");
    ana.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn other_tabs_of_the_sender_hear_the_message_too() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let (mut one, mut two) = (papo.enter(&who, "sala-1").await, papo.enter(&who, "sala-1").await);
    one.says("oi").await;
    two.hears_message("ana", "oi").await;
    one.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn everyone_sees_what_many_say_at_once_in_the_same_order() {
    let papo = TestServer::unlimited().await;
    let names = ["ana", "bia", "caio", "davi", "eva"];
    let mut people = Vec::new();
    for name in names {
        people.push(papo.join(name, "sala-1").await);
    }
    let talk = people.iter_mut().map(async |one| {
        let mut ids = Vec::new();
        for n in 0..100 {
            let text = format!("{} {n}", one.name);
            ids.push(one.gives(json!({"type": "send", "text": text, "images": [], "files": []})).await);
        }
        for id in ids {
            assert_eq!(one.answer_to(id).await["type"], "ok");
        }
        // The log itself refuses a seq that is not the next one.
        one.hears_up_to(500).await;
    });
    join_all(talk).await;
    for one in &people {
        one.log.agrees_with(&people[0].log);
    }
    let whole = people[0].log.whole();
    for name in names {
        let own: Vec<&str> = whole.iter().filter(|said| said.by == name).map(|said| said.text.as_str()).collect();
        let expected: Vec<String> = (0..100).map(|n| format!("{name} {n}")).collect();
        assert_eq!(own, expected, "what one socket says stays in its order");
    }
}

#[actix_web::test]
async fn a_room_hears_nothing_of_another() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-2").await);
    assert_eq!(ana.says("aqui").await["seq"], 1);
    assert_eq!(bia.says("ali").await["seq"], 1);
    bia.types(true).await;
    ana.hears_nothing_before_a_ping().await;
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn several_commands_in_one_frame_are_answered_one_by_one_in_their_order() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    let ids = ana
        .gives_together([
            json!({"type": "ping"}),
            json!({"type": "send", "text": "cedo demais"}),
            json!({"type": "join", "room": "sala-1"}),
            json!({"type": "send", "text": "um"}),
            json!({"type": "history"}),
            json!({"type": "nada"}),
            json!({"type": "send", "text": "dois"}),
            json!({"type": "rooms"}),
            json!({"type": "send", "text": ""}),
            json!({"type": "leave"}),
            json!({"type": "send", "text": "tarde demais"}),
        ])
        .await;
    // The client itself refuses an answer that comes before its turn.
    let mut answers = Vec::new();
    for id in ids {
        answers.push(ana.answer_to(id).await);
    }
    let outcome = |answer: &Value| answer["code"].as_str().unwrap_or("ok").to_owned();
    let expected = ["ok", "not_in_room", "ok", "ok", "ok", "unknown_type", "ok", "ok", "empty_message", "ok", "not_in_room"];
    assert_eq!(answers.iter().map(outcome).collect::<Vec<_>>(), expected);
    assert_eq!(answers[4]["events"].as_array().unwrap().len(), 1, "history sees what was said before it: {}", answers[4]);
}

#[actix_web::test]
async fn a_command_without_a_number_is_answered_by_errors_alone() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let mut bia = papo.join("bia", "sala-1").await;
    ana.hears(json!({"type": "member_joined"})).await;
    ana.speaks(r#"{"type":"send","text":"sem número"}"#).await;
    bia.hears_message("ana", "sem número").await;
    ana.speaks("{\"type\":\"ping\"}\n{\"type\":\"send\",\"text\":\"\"}").await;
    let answer = ana.next_answer().await;
    assert_eq!((&answer["type"], &answer["code"], answer.get("id")), (&json!("error"), &json!("empty_message"), None));
}

#[actix_web::test]
async fn what_cannot_be_sent_is_refused_and_kept_nowhere() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    let long = "é".repeat(4001);
    for (wrong, code) in [
        (json!({"text": ""}), "empty_message"),
        (json!({"text": " \n\t "}), "empty_message"),
        (json!({"text": long}), "text_too_long"),
        (json!({}), "empty_message"),
        (json!({"text": 7}), "bad_frame"),
        (json!({"text": null}), "bad_frame"),
        (json!({"text": "oi", "client_id": ""}), "bad_frame"),
        (json!({"text": "oi", "client_id": "x".repeat(65)}), "bad_frame"),
        (json!({"text": "oi", "client_id": 7}), "bad_frame"),
        (json!({"text": "oi", "images": "x"}), "bad_frame"),
        (json!({"text": "a\u{0}b"}), "bad_frame"),
        (json!({"text": "\u{1b}[31m"}), "bad_frame"),
        (json!({"text": "oi", "images": ["https://mau.example/x.png"]}), "unknown_upload"),
        (json!({"text": "oi", "files": ["/static/../papo.db"]}), "unknown_upload"),
        (json!({"text": "oi", "files": ["/static/0192f0c1-0000-7000-8000-000000000000.png"]}), "unknown_upload"),
        (json!({"text": "oi", "images": ["javascript:alert(1)"]}), "unknown_upload"),
    ] {
        let mut command = wrong.clone();
        command["type"] = "send".into();
        let answer = ana.asks(command).await;
        // A text that is missing is a wrong field or nothing to send: both are refusals.
        let codes: &[&str] =
            if wrong == json!({}) || wrong == json!({"text": null}) { &["bad_frame", "empty_message"] } else { &[code] };
        assert!(codes.iter().any(|code| answer["code"] == *code), "{wrong} → {answer}, expected {codes:?}");
    }
    bia.hears_nothing_before_a_ping().await;
    assert_eq!(ana.says(&"é".repeat(4000)).await["seq"], 1, "nothing of all that was kept");
    bia.hears(json!({"type": "message", "seq": 1, "text": "é".repeat(4000)})).await;
}

#[actix_web::test]
async fn a_message_comes_back_byte_for_byte() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    let texts = [
        "  oi\n\t tudo  ",
        "e\u{301} é",
        "👩\u{200d}🚀 \u{202e}<b>&amp;\"'",
        "a\u{2028}\u{2029}\u{feff}\u{7f}",
        "{\"type\":\"leave\"}\n{}",
        "\r\n.",
    ];
    for text in texts {
        ana.says(text).await;
        bia.hears_message("ana", text).await;
    }
    let page = bia.does(json!({"type": "history"})).await;
    let kept: Vec<&str> = page["events"].as_array().unwrap().iter().map(|event| event["text"].as_str().unwrap()).collect();
    assert_eq!(kept, texts);
}

#[actix_web::test]
async fn who_one_is_is_not_for_the_client_to_say() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    let mut caio = papo.join("caio", "sala-2").await;
    let forged = json!({
        "type": "send", "text": "sou eu", "from": {"username": "bia", "name": "Bia"}, "username": "bia", "user": 2, "seat": 1,
        "room": "sala-2", "seq": 99, "sent_at": 1, "session": 2,
    });
    ana.does(forged).await;
    bia.hears(json!({"type": "message", "room": "sala-1", "seq": 1, "from": {"username": "ana"}})).await;
    caio.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn outside_of_a_room_nothing_can_be_said_or_read() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    let all = [
        json!({"type": "send", "text": "oi", "room": "sala-1"}),
        json!({"type": "typing", "active": true}),
        json!({"type": "history"}),
        json!({"type": "leave"}),
    ];
    for command in &all {
        ana.is_refused(command.clone(), "not_in_room").await;
    }
    ana.joins("sala-1").await;
    ana.does(json!({"type": "leave"})).await;
    for command in &all {
        ana.is_refused(command.clone(), "not_in_room").await;
    }
    bia.hears(json!({"type": "member_joined"})).await;
    bia.hears(json!({"type": "member_left"})).await;
    bia.hears_nothing_before_a_ping().await;
    assert_eq!(bia.says("primeira").await["seq"], 1, "it was kept nowhere");
}

#[actix_web::test]
async fn history_pages_both_ways_without_its_bounds() {
    let papo = TestServer::unlimited().await;
    let mut ana = papo.join("ana", "sala-1").await;
    for n in 1..=260 {
        ana.gives(json!({"type": "send", "text": n.to_string()})).await;
    }
    let seqs =
        |page: &Value| page["events"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect::<Vec<_>>();
    for (bounds, first, last, more) in [
        (json!({}), 211, 260, true),
        (json!({"before": 11}), 1, 10, false),
        (json!({"before": 11, "limit": 3}), 8, 10, true),
        (json!({"before": 201, "limit": 900}), 1, 200, false),
        (json!({"before": 260, "limit": 900}), 60, 259, true),
        (json!({"after": 0, "limit": 900}), 1, 200, true),
        (json!({"after": 0}), 1, 50, true),
        (json!({"after": 255}), 256, 260, false),
        (json!({"after": 100, "limit": 1}), 101, 101, true),
        (json!({"after": 0, "limit": 200}), 1, 200, true),
    ] {
        let mut command = bounds.clone();
        command["type"] = "history".into();
        let page = ana.does(command).await;
        let seqs = seqs(&page);
        assert_eq!((seqs.first(), seqs.last(), &page["more"]), (Some(&first), Some(&last), &json!(more)), "{bounds}");
    }
    for bounds in [json!({"after": 260}), json!({"after": 9999}), json!({"before": 1}), json!({"before": -5})] {
        let mut command = bounds.clone();
        command["type"] = "history".into();
        let page = ana.does(command).await;
        assert_eq!((page["events"].as_array().unwrap().len(), &page["more"]), (0, &json!(false)), "{bounds}");
    }
    for wrong in [json!({"before": "x"}), json!({"limit": 0}), json!({"limit": -1}), json!({"limit": "x"}), json!({"after": 1.5})]
    {
        let mut command = wrong;
        command["type"] = "history".into();
        ana.is_refused(command, "bad_frame").await;
    }
}

#[actix_web::test]
async fn a_log_of_the_longest_messages_can_be_read_to_its_end() {
    let papo = TestServer::unlimited().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let text = "🙂".repeat(4000);
    for n in 0..120 {
        ana.says_as(&n.to_string(), &text).await;
    }
    let who = papo.register("bia").await;
    let mut bia = papo.connect(&who).await;
    // 120 of them are 2 MB: more than may wait for one socket, so a page is shorter than was asked for, and says so.
    bia.does(json!({"type": "join", "room": "sala-1", "limit": 200})).await;
    bia.does(json!({"type": "history", "after": 0, "limit": 200})).await;
    bia.reads_all().await;
    bia.log.agrees_with(&ana.log);
    let mut before = 121;
    while before > 1 {
        let page = bia.does(json!({"type": "history", "before": before, "limit": 200})).await;
        let first = page["events"][0]["seq"].as_i64().expect("a page has at least one");
        assert_eq!(page["more"], first > 1, "from {first}");
        before = first;
    }
}
