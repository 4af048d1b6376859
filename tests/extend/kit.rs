//! The kit and the server are one: what is done in both is answered and heard alike.

use std::time::Duration;

use papo::testing::{Tab, TestRoom};
use papo::{App, Builder, Code, Command, Effect, Hooks, Member, Message, Moment, Rejection, RoomState, To};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::common::{Client, TestServer};

type Done = Result<Vec<Effect>, Rejection>;

/// Does a bit of everything.
#[derive(Deserialize)]
struct Everything {
    fail: bool,
}

impl Command for Everything {
    const NAME: &'static str = "every.thing";

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        if self.fail {
            return Err(Code::Rejected.into());
        }
        Ok(vec![
            Effect::tell(To::Others, "every.other", &json!({"n": 1})),
            Effect::append("every.kept", &json!({"n": 2})),
            Effect::tell_passing(To::Everyone, "every.one", &json!({"n": 3})),
            Effect::answer(&json!({"n": 4})),
        ])
    }
}

/// Is everywhere.
struct Everywhere;

#[derive(Default)]
struct Ticked(bool);

impl Hooks for Everywhere {
    fn before_message(&self, message: &mut Message, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        let shouted = message.text().to_uppercase();
        message.rewrite(&shouted)?;
        Ok(vec![Effect::tell(To::Everyone, "every.before", &json!({}))])
    }

    fn on_join(&self, member: &Member, _: Moment, _: &mut RoomState) -> Done {
        Ok(vec![
            Effect::append("every.join", &json!({"who": member.username()})),
            Effect::tell(To::Seat, "every.hello", &json!({"who": member.username()})),
        ])
    }

    fn on_leave(&self, member: &Member, _: Moment, _: &mut RoomState) -> Done {
        Ok(vec![Effect::append("every.leave", &json!({"who": member.username()}))])
    }

    fn tick(&self, now: Moment, room: &mut RoomState) -> Done {
        if now.since_open < Duration::from_secs(2) || std::mem::replace(&mut room.own::<Ticked>().0, true) {
            return Ok(Vec::new());
        }
        Ok(vec![Effect::append("every.tick", &json!({}))])
    }

    fn welcome(&self, member: &Member, _: &RoomState) -> Option<(&'static str, Value)> {
        Some(("everywhere", member.username().into()))
    }
}

fn extended() -> Builder {
    App::builder().command::<Everything>().hooks(Everywhere)
}

/// Without what differs from one time to the next.
fn plain(mut object: Value) -> Value {
    for name in ["id", "sent_at", "since", "epoch", "seat", "member", "members"] {
        object.as_object_mut().unwrap().remove(name);
    }
    if let Some(events) = object.get_mut("events") {
        *events = events.as_array().unwrap().iter().cloned().map(plain).collect();
    }
    object
}

/// In the kit people have plain names; on the server they are called Silva.
fn named(mut object: Value) -> Value {
    if let Some(from) = object.get_mut("from") {
        from.as_object_mut().unwrap().remove("name");
    }
    plain(object)
}

fn said() -> [Value; 4] {
    [
        json!({"type": "every.thing", "fail": false}),
        json!({"type": "send", "client_id": "um", "text": "oi"}),
        json!({"type": "every.thing", "fail": true}),
        json!({"type": "send", "text": " "}),
    ]
}

fn in_the_kit() -> (Vec<Value>, Vec<Value>) {
    let mut room = TestRoom::new(extended());
    let bia = room.join("bia");
    let ana = room.join("ana");
    let mut answers = vec![plain(without_names(room.welcome(ana).clone()))];
    let answer = |room: &mut TestRoom, tab: Tab, command: Value| match room.does(tab, command) {
        Ok(ok) => plain(ok),
        Err(refusal) => json!({"type": "error", "code": refusal.code, "message": refusal.message, "retry": false}),
    };
    answers.extend(said().into_iter().map(|command| answer(&mut room, ana, command)));
    room.pass(Duration::from_secs(3));
    room.leave(ana);
    (answers, room.hears(bia).into_iter().map(named).collect())
}

async fn on_a_server() -> (Vec<Value>, Vec<Value>) {
    let papo = TestServer::built(extended, |_| ()).await;
    let mut bia = papo.join("bia", "sala-1").await;
    let ana = papo.register("ana").await;
    let mut ana: Client = papo.connect(&ana).await;
    let mut answers = vec![plain(without_names(ana.joins("sala-1").await))];
    for command in said() {
        answers.push(plain(ana.asks(command).await));
    }
    let mut heard = Vec::new();
    loop {
        let event = bia.next_of_all().await;
        let last = event["type"] == "member_left";
        if event["type"] == "every.tick" {
            ana.gives(json!({"type": "leave"})).await;
        }
        if event["type"] != "rooms" {
            heard.push(named(event));
        }
        if last {
            return (answers, heard);
        }
    }
}

fn without_names(mut welcome: Value) -> Value {
    for event in welcome["events"].as_array_mut().unwrap() {
        *event = named(event.clone());
    }
    welcome
}

#[actix_web::test]
async fn what_is_done_in_the_kit_is_answered_and_heard_as_on_a_server() {
    let (kit, server) = (in_the_kit(), on_a_server().await);
    assert_eq!(kit.0, server.0, "the answers: in the kit, on a server");
    assert_eq!(kit.1, server.1, "what bia heard: in the kit, on a server");
    assert!(kit.1.len() >= 10, "{:#?}", kit.1);
}
