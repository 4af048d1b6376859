//! Tests of `testing`: a room under test keeps the promises of one that serves people.

use super::*;
use crate::app::App;
use crate::room::command::Effect;
use crate::room::hooks::Hooks;
use crate::room::state::Member;

fn room() -> TestRoom {
    TestRoom::new(App::builder())
}

fn kinds(events: &[Value]) -> Vec<&str> {
    events.iter().filter_map(|event| event["type"].as_str()).collect()
}

#[test]
fn hooks_of_the_house_hear_that_time_passes() {
    let mut room = room();
    let (ana, bia) = (room.join("ana"), room.join("bia"));
    room.does(ana, json!({"type": "typing", "active": true})).unwrap();
    room.pass(Duration::from_millis(5999));
    assert_eq!(kinds(&room.hears(bia)), ["typing"]);
    room.pass(Duration::from_millis(1));
    let heard = room.hears(bia);
    assert_eq!((kinds(&heard).as_slice(), &heard[0]["active"]), (["typing"].as_slice(), &json!(false)));
}

#[test]
fn a_message_is_heard_by_the_others_and_by_ones_other_tabs() {
    let mut room = room();
    let (first, second, bia) = (room.join("ana"), room.join("ana"), room.join("bia"));
    assert_eq!(room.state().members().count(), 2, "two tabs share a seat");
    let answer = room.says(first, "oi").unwrap();
    assert_eq!(answer["seq"], 1);
    assert_eq!(kinds(&room.hears(first)), ["member_joined"]);
    assert_eq!(kinds(&room.hears(second)), ["member_joined", "message"]);
    assert_eq!(room.hears(bia), room.log());
}

#[test]
fn a_repeated_message_is_said_once() {
    let mut room = room();
    let ana = room.join("ana");
    let send = |text: &str| json!({"type": "send", "client_id": "um", "text": text});
    assert_eq!(room.does(ana, send("oi")).unwrap()["seq"], 1);
    assert_eq!(room.does(ana, send("oi")).unwrap()["duplicate"], true);
    assert_eq!(room.does(ana, send("tchau")).unwrap_err().code, "conflict");
    assert_eq!(room.log().len(), 1);
}

#[test]
fn a_lost_socket_may_come_back_for_three_seconds() {
    let mut room = room();
    let (ana, bia) = (room.join("ana"), room.join("bia"));
    room.loses_socket(ana);
    room.pass(Duration::from_secs(2));
    let ana = room.join("ana");
    room.pass(Duration::from_secs(4));
    assert!(room.hears(bia).is_empty(), "nobody has left");
    room.loses_socket(ana);
    room.pass(Duration::from_secs(3));
    assert_eq!(kinds(&room.hears(bia)), ["member_left"]);
    assert_eq!(room.says(ana, "oi").unwrap_err().code, "not_in_room");
}

#[test]
fn a_log_longer_than_memory_is_read_from_its_beginning() {
    let mut room = room();
    let ana = room.join("ana");
    for number in 1..=60 {
        room.says(ana, &number.to_string()).unwrap();
    }
    let page = room.does(ana, json!({"type": "history", "before": 4, "limit": 2})).unwrap();
    assert_eq!((&page["events"][0]["text"], &page["events"][1]["text"], &page["more"]), (&json!("2"), &json!("3"), &json!(true)));
    room.restart();
    let ana = room.join("ana");
    assert_eq!(room.welcome(ana)["head_seq"], 60);
    assert_eq!(room.says(ana, "de novo").unwrap()["seq"], 61);
}

#[test]
fn an_attachment_is_of_the_one_who_sent_it_in() {
    let mut room = room();
    let (ana, bia) = (room.join("ana"), room.join("bia"));
    let url = room.uploads(ana, "gato.png", "image/png");
    let send = json!({"type": "send", "images": [url]});
    assert_eq!(room.does(bia, send.clone()).unwrap_err().code, "unknown_upload");
    room.does(ana, send).unwrap();
    assert_eq!(room.log()[0]["images"][0]["name"], "gato.png");
}

/// Wants what nobody can have.
struct Faulty;

impl Hooks for Faulty {
    fn on_join(&self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(vec![Effect::append("forged", &json!({}))])
    }
}

#[test]
fn a_fault_is_there_for_who_asks_for_it() {
    let mut room = TestRoom::new(App::builder().hooks(Faulty));
    room.join("ana");
    let faults = room.faults();
    assert!(faults.len() == 1 && faults[0].contains("Faulty") && faults[0].contains("\"forged\""), "{faults:?}");
}

#[test]
#[should_panic(expected = "faults that the test did not ask for")]
fn and_fails_the_test_of_who_does_not() {
    TestRoom::new(App::builder().hooks(Faulty)).join("ana");
}
