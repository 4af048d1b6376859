//! The number service over the socket.

use futures_util::future::join_all;
use papo::settings::Switch;
use serde_json::json;

use crate::common::{Client, TestServer};

async fn starts(client: &mut Client) -> i64 {
    client.does(json!({"type": "number.start"})).await["value"].as_i64().unwrap()
}

#[actix_web::test]
async fn everyone_owns_one_number_that_is_0_at_first_and_kept_over_a_restart() {
    let mut papo = TestServer::start().await;
    let (who, mut bia) = (papo.register("ana").await, papo.join("bia", "sala-1").await);
    let mut ana = papo.enter(&who, "sala-1").await;
    assert_eq!((starts(&mut ana).await, starts(&mut bia).await), (0, 0));
    assert_eq!(ana.does(json!({"type": "number.put", "value": 42})).await["value"], 42);
    assert_eq!(bia.does(json!({"type": "number.put", "value": 99})).await["value"], 99);
    assert_eq!((starts(&mut ana).await, starts(&mut bia).await), (42, 99));
    let mut elsewhere = papo.enter(&who, "sala-1").await;
    assert_eq!(starts(&mut elsewhere).await, 42, "a number is the user's, not the tab's");
    // Nobody in the room hears of it.
    bia.forgets();
    bia.hears_nothing_before_a_ping().await;
    drop((ana, bia, elsewhere));
    papo.restart().await;
    assert_eq!(starts(&mut papo.enter(&who, "sala-1").await).await, 42);
}

#[actix_web::test]
async fn clients_of_one_user_have_numbers_of_their_own() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    for client in 1..=8 {
        let put = json!({"type": "number.put", "value": client * 10, "client": client});
        assert_eq!(ana.does(put).await["value"], client * 10);
    }
    assert_eq!(starts(&mut ana).await, 10, "the first is one's own");
    assert_eq!(ana.does(json!({"type": "number.start", "client": 3})).await["value"], 30);
    for bad in [json!(0), json!(9), json!(-1), json!("2"), json!(1.5)] {
        ana.is_refused(json!({"type": "number.start", "client": bad}), "bad_frame").await;
        ana.is_refused(json!({"type": "number.put", "value": 1, "client": bad}), "bad_frame").await;
    }
}

#[actix_web::test]
async fn what_is_no_value_is_refused_and_changes_nothing() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    ana.does(json!({"type": "number.put", "value": 7})).await;
    for bad in [json!(-1), json!(100), json!(1.5), json!("7"), json!(null), json!([7]), json!(u64::MAX), json!(1e99)] {
        ana.is_refused(json!({"type": "number.put", "value": bad}), "bad_frame").await;
    }
    ana.is_refused(json!({"type": "number.put"}), "bad_frame").await;
    assert_eq!(starts(&mut ana).await, 7);
}

#[actix_web::test]
async fn even_and_odd_are_what_they_say_and_never_the_same_for_long() {
    let papo = TestServer::with(|settings| settings.bounds.limits = Switch::Off).await;
    let mut ana = papo.join("ana", "sala-1").await;
    for (kind, rest) in [("number.even", 0), ("number.odd", 1)] {
        let mut seen = Vec::new();
        for _ in 0..40 {
            seen.push(ana.does(json!({"type": kind})).await["value"].as_i64().unwrap());
        }
        assert!(seen.iter().all(|value| (0..100).contains(value) && value % 2 == rest), "{kind}: {seen:?}");
        seen.sort_unstable();
        seen.dedup();
        assert!(seen.len() > 5, "{kind}: {seen:?}");
    }
}

#[actix_web::test]
async fn outside_of_a_room_there_are_no_numbers() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    for kind in ["number.start", "number.even", "number.odd"] {
        ana.is_refused(json!({"type": kind}), "not_in_room").await;
    }
    ana.is_refused(json!({"type": "number.put", "value": 5}), "not_in_room").await;
    ana.joins("sala-1").await;
    assert_eq!(starts(&mut ana).await, 0, "what was refused was not kept");
}

#[actix_web::test]
async fn numbers_leave_the_rate_of_the_chat_alone_and_have_one_of_their_own() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    for value in 0..60 {
        ana.does(json!({"type": "number.put", "value": value})).await;
    }
    for _ in 0..20 {
        ana.says("e a conversa segue").await;
    }
    let mut ids = Vec::new();
    for _ in 0..150 {
        ids.push(ana.gives(json!({"type": "number.even"})).await);
    }
    let mut refused = 0;
    for id in ids {
        let answer = ana.answer_to(id).await;
        if answer["type"] == "error" {
            assert_eq!(answer["code"], "rate_limited");
            assert!(answer["retry_after_ms"].is_u64(), "{answer}");
            refused += 1;
        }
    }
    assert!(refused > 0);
}

#[actix_web::test]
async fn many_clients_that_count_at_once_keep_their_last_value() {
    let papo = TestServer::unlimited().await;
    let mut people = Vec::new();
    for n in 0..20 {
        people.push(papo.join(&format!("pessoa{n}"), "sala-1").await);
    }
    join_all(people.iter_mut().enumerate().map(async |(n, one)| {
        let mut ids = Vec::new();
        for step in 0..50 {
            ids.push(one.gives(json!({"type": "number.put", "value": (n * 7 + step) % 100})).await);
        }
        for id in ids {
            assert_eq!(one.answer_to(id).await["type"], "ok");
        }
    }))
    .await;
    for (n, one) in people.iter_mut().enumerate() {
        assert_eq!(starts(one).await, i64::try_from((n * 7 + 49) % 100).unwrap());
    }
}
