//! Rule 3: the same `client_id` of the same author in the same room is the same message.

use serde_json::json;

use crate::common::TestServer;

#[actix_web::test]
async fn a_message_repeated_is_answered_as_the_first_time_and_told_to_nobody() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    let first = ana.says_as("a1", "oi").await;
    ana.says_as("a2", "tudo bem?").await;
    let again = ana.says_as("a1", "oi").await;
    assert_eq!((&again["seq"], &again["sent_at"], &again["duplicate"]), (&first["seq"], &first["sent_at"], &json!(true)));
    bia.hears_message("ana", "oi").await;
    bia.hears_message("ana", "tudo bem?").await;
    bia.hears_nothing_before_a_ping().await;
    assert_eq!(ana.says("3").await["seq"], 3);
}

#[actix_web::test]
async fn repeated_within_one_frame_it_is_still_kept_once() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    let say = || json!({"type": "send", "client_id": "a1", "text": "oi"});
    let ids = ana.gives_together([say(), say(), say()]).await;
    let mut seqs = Vec::new();
    for id in ids {
        let answer = ana.answer_to(id).await;
        seqs.push((answer["seq"].as_i64(), answer["duplicate"] == true));
    }
    assert_eq!(seqs, [(Some(1), false), (Some(1), true), (Some(1), true)]);
    bia.hears_message("ana", "oi").await;
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn the_same_name_for_another_content_is_a_conflict() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.says_as("a1", "oi").await;
    ana.is_refused(json!({"type": "send", "client_id": "a1", "text": "tchau"}), "conflict").await;
    ana.is_refused(json!({"type": "send", "client_id": "a1", "text": "oi "}), "conflict").await;
    bia.hears_message("ana", "oi").await;
    bia.hears_nothing_before_a_ping().await;
    assert_eq!(ana.says("2").await["seq"], 2);
}

#[actix_web::test]
async fn a_conflict_within_one_frame_is_found_too() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let say = |client_id: &str, text: &str| json!({"type": "send", "client_id": client_id, "text": text});
    let ids = ana.gives_together([say("a1", "oi"), say("a1", "tchau"), say("a2", "tchau"), say("a1", "oi")]).await;
    let mut answers = Vec::new();
    for id in ids {
        let answer = ana.answer_to(id).await;
        answers.push((answer["seq"].as_i64(), answer["code"].as_str().unwrap_or("ok").to_owned(), answer["duplicate"] == true));
    }
    let expected = [
        (Some(1), "ok".to_owned(), false),
        (None, "conflict".to_owned(), false),
        (Some(2), "ok".to_owned(), false),
        (Some(1), "ok".to_owned(), true),
    ];
    assert_eq!(answers, expected);
}

#[actix_web::test]
async fn the_name_of_a_message_belongs_to_its_author_and_its_room() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.says_as("a1", "sou ana").await;
    bia.hears_message("ana", "sou ana").await;
    let ok = bia.says_as("a1", "sou bia").await;
    assert_eq!((&ok["seq"], ok.get("duplicate")), (&json!(2), None));
    ana.joins("sala-2").await;
    let ok = ana.says_as("a1", "outra sala").await;
    assert_eq!((&ok["seq"], ok.get("duplicate")), (&json!(1), None));
}

#[actix_web::test]
async fn a_message_repeated_after_a_reconnect_or_a_restart_is_kept_once() {
    let mut papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut ana = papo.enter(&who, "sala-1").await;
    let first = ana.says_as("a1", "oi").await;
    ana.vanishes();
    let mut ana = papo.enter(&who, "sala-1").await;
    let again = ana.says_as("a1", "oi").await;
    assert_eq!((&again["seq"], &again["duplicate"]), (&first["seq"], &json!(true)));
    ana.closes().await;
    papo.restart().await;
    let mut ana = papo.enter(&who, "sala-1").await;
    // Enough to push the first one out of everybody's memory.
    for n in 0..25 {
        ana.says(&n.to_string()).await;
    }
    let again = ana.says_as("a1", "oi").await;
    assert_eq!((&again["seq"], &again["duplicate"]), (&first["seq"], &json!(true)));
    ana.is_refused(json!({"type": "send", "client_id": "a1", "text": "tchau"}), "conflict").await;
    assert_eq!(ana.joins("sala-1").await["head_seq"], 26);
}

#[actix_web::test]
async fn two_tabs_that_send_the_same_message_at_once_send_one() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut bia = papo.join("bia", "sala-1").await;
    let (mut one, mut two) = (papo.enter(&who, "sala-1").await, papo.enter(&who, "sala-1").await);
    bia.hears(json!({"type": "member_joined"})).await;
    let say = json!({"type": "send", "client_id": "a1", "text": "oi"});
    let (first, second) = futures_util::future::join(one.asks(say.clone()), two.asks(say)).await;
    assert_eq!((&first["seq"], &second["seq"]), (&json!(1), &json!(1)));
    assert_ne!(first["duplicate"] == true, second["duplicate"] == true);
    bia.hears_message("ana", "oi").await;
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn without_a_name_of_its_own_a_message_repeated_is_another_message() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    assert_eq!(ana.says("oi").await["seq"], 1);
    assert_eq!(ana.says("oi").await["seq"], 2);
}
