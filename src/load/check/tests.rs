//! What the check finds in what sockets hear, and what it leaves in peace.

use super::*;

/// Three sockets in one room, whose log is empty.
fn three() -> Check {
    let users = ["ana", "bia", "caio"].map(|name| (name.to_owned(), 0)).to_vec();
    let mut check = Check::new(vec!["sala".into()], users, 16);
    for at in 0..3 {
        assert_eq!(told(&mut check, at, &welcome(1, "snapshot", 0, "[]", false)), [Told::Joined]);
    }
    check
}

fn welcome(id: u64, mode: &str, head: u64, events: &str, more: bool) -> String {
    let members = r#"[{"username":"bia"},{"username":"ana"},{"username":"caio"}]"#;
    format!(
        r#"{{"type":"ok","id":{id},"room":"sala","epoch":"e","head_seq":{head},"mode":"{mode}","events":{events},"more":{more},"members":{members}}}"#
    )
}

fn told(check: &mut Check, at: usize, line: &str) -> Vec<Told> {
    let mut told = Vec::new();
    check.hears(at, line.as_bytes(), 1000, &mut told);
    told
}

/// Message `number` at `seq`, as others hear it.
fn message(check: &mut Check, number: u64, seq: u64) -> String {
    let text: serde_json::Value = serde_json::from_str(check.sent.command(number)).unwrap();
    let text = text["text"].as_str().unwrap();
    format!(
        r#"{{"type":"message","room":"sala","seq":{seq},"id":"i{number}","client_id":"{number}","from":{{"username":"ana"}},"text":"{text}","sent_at":5}}"#
    )
}

fn ok(number: u64, seq: u64) -> String {
    format!(r#"{{"type":"ok","id":{number},"seq":{seq},"sent_at":5}}"#)
}

/// `ana` says `count` messages, and hears that they are kept; their lines.
fn says(check: &mut Check, count: u64) -> Vec<String> {
    let numbers: Vec<u64> = (0..count).map(|_| check.says(0, 0)).collect();
    let answers: Vec<String> = (1..).zip(&numbers).map(|(seq, number)| ok(*number, seq)).collect();
    told(check, 0, &answers.join("\n"));
    (1..).zip(numbers).map(|(seq, number)| message(check, number, seq)).collect()
}

/// The counts of what was broken, when all is over.
fn broken(check: &mut Check) -> Vec<(&'static str, u64)> {
    check.conclude();
    check.breaches.told().into_iter().map(|broken| (broken.kind, broken.count)).collect()
}

fn named(check: &Check) -> Vec<String> {
    check.breaches.told().into_iter().flat_map(|broken| broken.named).collect()
}

#[test]
fn what_everyone_heard_in_order_breaks_nothing() {
    let mut check = three();
    let lines = says(&mut check, 4);
    assert!(!check.is_settled(), "two have not heard");
    for at in [1, 2] {
        told(&mut check, at, &lines[..3].join("\n"));
        told(&mut check, at, &lines[3]);
    }
    assert!(check.is_settled());
    assert_eq!((check.figures.deliveries, check.figures.answers.len()), (8, 4));
    assert_eq!(broken(&mut check), []);
}

#[test]
fn what_one_did_not_hear_is_lost_and_named() {
    let mut check = three();
    let lines = says(&mut check, 4);
    told(&mut check, 1, &lines.join("\n"));
    told(&mut check, 2, &[&*lines[0], &*lines[2]].join("\n"));
    assert_eq!(broken(&mut check), [("lost", 2)]);
    assert_eq!(named(&check), ["sala seq 2: missed by caio", "sala seq 4: missed by caio"]);
}

#[test]
fn what_came_twice_or_late_is_told() {
    let mut check = three();
    let lines = says(&mut check, 3);
    told(&mut check, 1, &[&*lines[0], &*lines[0], &*lines[1], &*lines[2]].join("\n"));
    told(&mut check, 2, &[&*lines[1], &*lines[0], &*lines[2]].join("\n"));
    assert_eq!(broken(&mut check), [("doubled", 1), ("disordered", 1)]);
    assert_eq!(named(&check), ["sala seq 1 came to bia again", "sala seq 1 came to caio after seq 2"]);
}

#[test]
fn another_order_for_another_socket_is_told() {
    let mut check = three();
    let lines = says(&mut check, 2);
    told(&mut check, 1, &lines.join("\n"));
    // The same places, and other messages at them.
    let (one, two) = (message(&mut check, FIRST + 1, 1), message(&mut check, FIRST, 2));
    told(&mut check, 2, &[one, two].join("\n"));
    assert_eq!(broken(&mut check), [("doubled", 2), ("disordered", 2)]);
}

#[test]
fn a_text_that_was_changed_is_told() {
    let mut check = three();
    let lines = says(&mut check, 1);
    told(&mut check, 1, &lines[0]);
    told(&mut check, 2, &lines[0].replace("def", "dex"));
    assert_eq!(broken(&mut check), [("altered", 1)]);
}

#[test]
fn a_message_without_an_answer_is_told_and_a_refused_one_is_counted() {
    let mut check = three();
    let (one, two, _) = (check.says(0, 0), check.says(0, 0), check.says(0, 0));
    told(&mut check, 0, &format!(r#"{{"type":"error","id":{one},"code":"rate_limited","message":"","retry":true}}"#));
    told(&mut check, 0, &format!(r#"{{"type":"error","id":{two},"code":"internal","message":"","retry":true}}"#));
    assert_eq!(broken(&mut check), [("unanswered", 1), ("protocol", 1)]);
    assert_eq!(check.refused, [("internal".to_owned(), 1), ("rate_limited".to_owned(), 1)].into());
}

#[test]
fn who_comes_back_reads_what_was_missed_while_new_things_come() {
    let mut check = three();
    let lines = says(&mut check, 5);
    told(&mut check, 1, &lines.join("\n"));
    told(&mut check, 2, &lines[0]);
    check.away(2);
    assert!(check.join(2).contains(r#""since":{"epoch":"e","seq":1}"#));
    let page = |lines: &[String]| format!("[{}]", lines.join(","));
    let told_now = told(&mut check, 2, &welcome(JOIN, "resumed", 4, &page(&lines[1..3]), true));
    assert_eq!(told_now, [Told::Joined, Told::ReadOn(3)]);
    told(&mut check, 2, &lines[4]);
    assert!(!check.is_settled());
    assert_eq!(told(&mut check, 2, &welcome(PAGE, "", 0, &page(&lines[3..4]), false)), []);
    assert!(check.is_settled());
    assert_eq!((broken(&mut check), check.figures.caught_up), (vec![], 3));
}

#[test]
fn a_message_that_is_repeated_after_a_cut_is_kept_once() {
    let mut check = three();
    let number = check.says(0, 0);
    let line = message(&mut check, number, 1);
    check.away(0);
    told(&mut check, 0, &welcome(JOIN, "resumed", 1, &format!("[{line}]"), false));
    told(&mut check, 0, &ok(number, 1).replace("\"seq\"", "\"duplicate\":true,\"seq\""));
    told(&mut check, 1, &line);
    told(&mut check, 2, &line);
    assert_eq!(broken(&mut check), []);
    // Kept again, it is not.
    let again = message(&mut check, number, 2);
    told(&mut check, 1, &again);
    assert_eq!(check.breaches.told()[0].named, ["sala: message 16 was kept as seq 1 and as seq 2"]);
}

#[test]
fn a_room_that_cannot_be_resumed_is_a_loss() {
    let mut check = three();
    check.away(2);
    let anew = welcome(JOIN, "snapshot", 0, "[]", false).replace(r#""events""#, r#""reason":"epoch_changed","events""#);
    told(&mut check, 2, &anew);
    assert_eq!(broken(&mut check), [("lost", 1)]);
}

#[test]
fn everyone_has_to_know_who_is_there() {
    let mut check = three();
    told(&mut check, 1, r#"{"type":"member_left","room":"sala","username":"caio","reason":"left"}"#);
    assert!(!check.is_settled());
    told(&mut check, 1, r#"{"type":"member_joined","room":"sala","member":{"username":"caio"}}"#);
    assert!(check.is_settled());
    told(&mut check, 2, r#"{"type":"member_joined","room":"sala","member":{"username":"davi"}}"#);
    assert_eq!(broken(&mut check), [("members", 1)]);
    assert_eq!(named(&check), ["caio in sala was told 4 members, and 3 are there"]);
}

#[test]
fn a_connection_that_the_server_ended_is_told_with_what_it_missed() {
    let mut check = three();
    let lines = says(&mut check, 2);
    told(&mut check, 1, &lines.join("\n"));
    told(&mut check, 1, r#"{"type":"member_left","room":"sala","username":"caio","reason":"disconnected"}"#);
    told(&mut check, 0, r#"{"type":"member_left","room":"sala","username":"caio","reason":"disconnected"}"#);
    told(&mut check, 2, &lines[0]);
    check.cut(2, "1006");
    assert!(check.is_settled(), "nothing more comes for who is gone");
    assert_eq!(broken(&mut check), [("lost", 1), ("cut", 1)]);
}

#[test]
fn what_is_not_the_protocol_is_told_and_what_extensions_say_is_counted() {
    let mut check = three();
    let rolled = r#"{"type":"dice.rolled","room":"sala","seq":1,"face":4,"message":{}}"#;
    (0..3).for_each(|at| assert_eq!(told(&mut check, at, rolled), []));
    assert_eq!(told(&mut check, 0, r#"{"type":"ping"}"#), [Told::Ping]);
    assert!(check.breaches.told().is_empty());
    for wrong in ["{", "[]", r#"{"type":"unheard"}"#, r#"{"type":"ok"}"#, r#"{"type":"ok","id":99,"seq":1}"#] {
        told(&mut check, 0, wrong);
    }
    assert_eq!(broken(&mut check), [("protocol", 5)]);
}
