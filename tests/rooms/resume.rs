//! Rule 4: a client that comes back gets what it missed, or is told that it does not. Never a silent hole.

use serde_json::{Value, json};

use crate::common::{Client, TestServer};

async fn says_many(client: &mut Client, from: i64, to: i64) {
    let mut last = 0;
    for n in from..=to {
        last = client.gives(json!({"type": "send", "text": n.to_string()})).await;
    }
    assert_eq!(client.answer_to(last).await["seq"], to);
}

fn seqs(answer: &Value) -> Vec<i64> {
    answer["events"].as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect()
}

#[actix_web::test]
async fn who_says_where_they_are_gets_what_they_missed() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut ana = papo.enter(&who, "sala-1").await;
    bia.says("um").await;
    ana.hears_message("bia", "um").await;
    let log = ana.vanishes();
    bia.says("dois").await;
    bia.says("três").await;
    let mut ana = papo.connect(&who).await;
    ana.log = log;
    let answer = ana.resumes("sala-1").await;
    assert_eq!((&answer["mode"], &answer["head_seq"], &answer["more"]), (&json!("resumed"), &json!(3), &json!(false)));
    assert_eq!(seqs(&answer), [2, 3]);
    bia.says("quatro").await;
    ana.hears(json!({"type": "message", "seq": 4})).await;
    assert_eq!(ana.log.texts(), ["um", "dois", "três", "quatro"]);
}

#[actix_web::test]
async fn who_missed_nothing_gets_nothing() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    ana.says("um").await;
    let answer = ana.resumes("sala-1").await;
    assert_eq!((&answer["mode"], seqs(&answer), &answer["more"]), (&json!("resumed"), vec![], &json!(false)));
}

#[actix_web::test]
async fn a_resume_works_across_a_restart_of_the_server() {
    let mut papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let other = papo.register("bia").await;
    let mut ana = papo.enter(&who, "sala-1").await;
    ana.says("um").await;
    let log = ana.vanishes();
    let mut bia = papo.enter(&other, "sala-1").await;
    bia.says("dois").await;
    papo.restart().await;
    let mut bia = papo.enter(&other, "sala-1").await;
    bia.says("três").await;
    let mut ana = papo.connect(&who).await;
    ana.log = log;
    let answer = ana.resumes("sala-1").await;
    assert_eq!((&answer["mode"], seqs(&answer)), (&json!("resumed"), vec![2, 3]));
}

#[actix_web::test]
async fn where_more_is_missing_than_fits_history_fills_the_rest() {
    let papo = TestServer::unlimited().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut ana = papo.enter(&who, "sala-1").await;
    says_many(&mut bia, 1, 5).await;
    ana.hears_up_to(5).await;
    let log = ana.vanishes();
    says_many(&mut bia, 6, 300).await;
    let mut ana = papo.connect(&who).await;
    ana.log = log;
    let answer = ana.does(json!({"type": "join", "room": "sala-1", "since": ana.log.since(), "limit": 20})).await;
    assert_eq!((&answer["mode"], &answer["more"], &answer["head_seq"]), (&json!("resumed"), &json!(true), &json!(300)));
    assert_eq!(seqs(&answer), (6..=25).collect::<Vec<_>>());
    // Live events start right after the head, whatever is still missing before it.
    bia.says("301").await;
    ana.hears(json!({"type": "message", "seq": 301})).await;
    ana.reads_all().await;
    ana.log.agrees_with(&bia.log);
}

#[actix_web::test]
async fn a_newcomer_gets_the_newest_page() {
    let papo = TestServer::unlimited().await;
    let mut bia = papo.join("bia", "sala-1").await;
    says_many(&mut bia, 1, 120).await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    let answer = ana.joins("sala-1").await;
    assert_eq!(
        (&answer["mode"], &answer["reason"], &answer["more"]),
        (&json!("snapshot"), &json!("not_requested"), &json!(true))
    );
    assert_eq!(seqs(&answer), (71..=120).collect::<Vec<_>>(), "fifty are the default");
    let answer = ana.does(json!({"type": "join", "room": "sala-1", "limit": 7})).await;
    assert_eq!(seqs(&answer), (114..=120).collect::<Vec<_>>());
    let answer = ana.does(json!({"type": "join", "room": "sala-1", "limit": 100_000})).await;
    assert_eq!((seqs(&answer), &answer["more"]), ((1..=120).collect::<Vec<_>>(), &json!(false)));
    says_many(&mut bia, 121, 320).await;
    let answer = ana.does(json!({"type": "join", "room": "sala-1", "limit": 100_000})).await;
    assert_eq!(seqs(&answer), (121..=320).collect::<Vec<_>>(), "more than 200 counts as 200");
}

#[actix_web::test]
async fn a_place_beyond_the_end_of_the_log_is_ahead() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    ana.says("um").await;
    let since = json!({"epoch": ana.log.epoch(), "seq": 2});
    let answer = ana.does(json!({"type": "join", "room": "sala-1", "since": since})).await;
    assert_eq!((&answer["mode"], &answer["reason"], seqs(&answer)), (&json!("snapshot"), &json!("ahead"), vec![1]));
}

#[actix_web::test]
async fn a_place_in_another_log_is_of_another_epoch() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    ana.says("um").await;
    let elsewhere = ana.log.since();
    let answer = ana.does(json!({"type": "join", "room": "sala-2", "since": elsewhere})).await;
    assert_eq!((&answer["mode"], &answer["reason"]), (&json!("snapshot"), &json!("epoch_changed")));
    let answer = ana.does(json!({"type": "join", "room": "sala-1", "since": {"epoch": "nenhuma", "seq": 1}})).await;
    assert_eq!((&answer["mode"], &answer["reason"], seqs(&answer)), (&json!("snapshot"), &json!("epoch_changed"), vec![1]));
}

#[actix_web::test]
async fn a_place_that_is_none_is_a_bad_frame_and_changes_nothing() {
    let papo = TestServer::start().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    for wrong in [
        json!({"since": 7}),
        json!({"since": {"seq": 1}}),
        json!({"since": {"epoch": 7, "seq": 1}}),
        json!({"since": {"epoch": "a", "seq": "1"}}),
        json!({"limit": 0}),
        json!({"limit": "x"}),
        json!({"room": 7}),
    ] {
        let mut command = json!({"type": "join", "room": "sala-1"});
        command.as_object_mut().unwrap().extend(wrong.as_object().unwrap().clone());
        ana.is_refused(command, "bad_frame").await;
    }
    ana.is_refused(json!({"type": "join"}), "bad_frame").await;
    bia.hears_nothing_before_a_ping().await;
    ana.is_refused(json!({"type": "history"}), "not_in_room").await;
}

#[actix_web::test]
async fn joining_while_others_talk_leaves_no_hole_and_no_double() {
    let papo = TestServer::unlimited().await;
    let mut bia = papo.join("bia", "sala-1").await;
    let who = papo.register("ana").await;
    let talk = async {
        for n in 0..400 {
            bia.gives(json!({"type": "send", "text": n.to_string()})).await;
            if n % 10 == 0 {
                bia.does(json!({"type": "ping"})).await;
            }
        }
        bia.does(json!({"type": "ping"})).await;
    };
    let come_and_go = async {
        let mut log = crate::common::Log::default();
        // Small pages, so that some of what is missing must come from the log itself.
        for limit in [1, 3, 7, 50, 200, 1, 30, 2, 100, 200] {
            let mut ana = papo.connect(&who).await;
            ana.log = log;
            ana.does(json!({"type": "join", "room": "sala-1", "since": ana.log.since(), "limit": limit})).await;
            ana.listens_for(15).await;
            ana.reads_all().await;
            log = ana.vanishes();
        }
        log
    };
    let ((), log) = futures_util::future::join(talk, come_and_go).await;
    let mut ana = papo.connect(&who).await;
    ana.log = log;
    ana.resumes("sala-1").await;
    bia.reads_all().await;
    ana.log.agrees_with(&bia.log);
    assert_eq!(ana.log.newest(), 400);
}
