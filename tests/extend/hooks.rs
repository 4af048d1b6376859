//! Hooks of one's own: messages that pass, change or are refused, comings and goings, and time.

use std::time::Duration;

use papo::{App, Builder, Code, Effect, Hooks, Member, Message, Moment, Rejection, RoomState, To};
use serde_json::json;

use crate::common::TestServer;

/// What these hooks do.
type Done = Result<Vec<Effect>, Rejection>;

/// Takes a word out, or refuses it.
struct Words {
    mild: &'static str,
    strong: &'static str,
}

impl Hooks for Words {
    fn before_message(&self, message: &mut Message, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        if message.text().contains(self.strong) {
            return Err(Rejection::because(Code::Rejected, "Not that word."));
        }
        message.rewrite(&message.text().replace(self.mild, "***"))?;
        Ok(Vec::new())
    }
}

/// Says in brackets what is left.
struct Brackets;

impl Hooks for Brackets {
    fn before_message(&self, message: &mut Message, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        if message.text() == "longa" {
            message.rewrite(&"x".repeat(5000))?;
        }
        message.rewrite(&format!("[{}]", message.text()))?;
        Ok(Vec::new())
    }
}

fn moderated() -> Builder {
    App::builder().hooks(Words { mild: "droga", strong: "diabo" }).hooks(Brackets)
}

#[actix_web::test]
async fn a_message_passes_is_changed_or_is_refused_in_the_order_of_the_hooks() {
    let papo = TestServer::built(moderated, |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    ana.says("que droga").await;
    bia.hears_message("ana", "[que ***]").await;
    ana.hears_message("ana", "[que ***]").await;
    let refused = ana.is_refused(json!({"type": "send", "text": "que diabo"}), "rejected").await;
    assert_eq!(refused["message"], "Not that word.");
    ana.is_refused(json!({"type": "send", "text": "longa"}), "text_too_long").await;
    bia.hears_nothing_before_a_ping().await;
    assert_eq!(ana.says("oi").await["seq"], 2, "what was refused is kept nowhere");
}

#[actix_web::test]
async fn a_changed_message_that_is_repeated_is_still_the_same() {
    let papo = TestServer::built(moderated, |_| ()).await;
    let mut ana = papo.join("ana", "sala-1").await;
    let said = json!({"type": "send", "client_id": "um", "text": "que droga"});
    let first = ana.does(said.clone()).await;
    ana.hears_message("ana", "[que ***]").await;
    ana.speaks(&json!({"type": "send", "id": 77, "client_id": "um", "text": "que droga"}).to_string()).await;
    let again = ana.next_answer().await;
    assert_eq!((&again["duplicate"], &again["seq"]), (&json!(true), &first["seq"]));
    ana.is_refused(json!({"type": "send", "client_id": "um", "text": "que pena"}), "conflict").await;
    ana.hears_nothing_before_a_ping().await;
}

/// Lets one say only one thing, for ever.
struct Once;

#[derive(Default)]
struct Spoken(bool);

impl Hooks for Once {
    fn before_message(&self, _: &mut Message, _: &Member, _: Moment, room: &mut RoomState) -> Done {
        let spoken = std::mem::replace(&mut room.own::<Spoken>().0, true);
        if spoken { Err(Rejection::because(Code::Rejected, "One is enough.")) } else { Ok(Vec::new()) }
    }
}

#[actix_web::test]
async fn what_was_kept_is_not_refused_when_it_is_repeated() {
    let papo = TestServer::built(|| App::builder().hooks(Once), |_| ()).await;
    let mut ana = papo.join("ana", "sala-1").await;
    let (first, again) = (ana.says_as("um", "oi").await, ana.says_as("um", "oi").await);
    assert_eq!((&again["duplicate"], &again["seq"], &again["sent_at"]), (&json!(true), &first["seq"], &first["sent_at"]));
    let refused = ana.is_refused(json!({"type": "send", "client_id": "dois", "text": "oi"}), "rejected").await;
    assert_eq!(refused["message"], "One is enough.");
    ana.is_refused(json!({"type": "send", "client_id": "um", "text": "outra"}), "conflict").await;
    // Both under way together, so that one transaction has to tell them apart.
    let say = |client_id: &str| json!({"type": "send", "client_id": client_id, "text": "oi"});
    let ids = ana.gives_together([say("dois"), say("um"), say("três")]).await;
    for (id, ok) in ids.into_iter().zip([false, true, false]) {
        assert_eq!(ana.answer_to(id).await["type"] == "ok", ok);
    }
}

/// Notes in the log who comes and goes, and greets.
struct Doorman;

impl Hooks for Doorman {
    fn on_join(&self, member: &Member, _: Moment, room: &mut RoomState) -> Done {
        let here = room.members().count();
        let greeting = Effect::tell(To::Seat, "door.hello", &json!({"here": here}));
        Ok(vec![greeting, Effect::append("door.in", &json!({"who": member.username()}))])
    }

    fn on_away(&self, member: &Member, _: Moment, _: &mut RoomState) -> Done {
        Ok(vec![Effect::tell(To::Others, "door.away", &json!({"who": member.username()}))])
    }

    fn on_leave(&self, member: &Member, _: Moment, _: &mut RoomState) -> Done {
        Ok(vec![Effect::append("door.out", &json!({"who": member.username()}))])
    }
}

#[actix_web::test]
async fn comings_and_goings_are_heard_once_a_seat_and_in_order() {
    let papo = TestServer::built(|| App::builder().hooks(Doorman), |_| ()).await;
    let (ana, bia) = (papo.register("ana").await, papo.register("bia").await);
    let mut ana = papo.enter(&ana, "sala-1").await;
    ana.hears(json!({"type": "door.hello", "here": 1})).await;
    let noted = ana.hears(json!({"type": "door.in", "seq": 1, "who": "ana"})).await;
    assert!(noted.get("from").is_none() && noted["id"].is_string(), "nobody said it but the room: {noted}");
    let mut first = papo.enter(&bia, "sala-1").await;
    first.hears(json!({"type": "door.hello", "here": 2})).await;
    first.hears(json!({"type": "door.in", "seq": 2, "who": "bia"})).await;
    let mut second = papo.enter(&bia, "sala-1").await;
    second.hears_nothing_before_a_ping().await;
    ana.hears(json!({"type": "member_joined"})).await;
    ana.hears(json!({"type": "door.in", "seq": 2, "who": "bia"})).await;
    first.does(json!({"type": "leave"})).await;
    second.vanishes();
    ana.hears(json!({"type": "door.away", "who": "bia"})).await;
    ana.hears(json!({"type": "door.out", "seq": 3, "who": "bia"})).await;
    ana.hears(json!({"type": "member_left", "username": "bia"})).await;
}

/// Closes once a second of the room has passed, and says so in the log; says what was there when the room was opened.
struct Closing;

#[derive(Default)]
struct Closed(bool);

impl Hooks for Closing {
    fn on_open(&self, _: Moment, room: &mut RoomState) -> Done {
        let closed = room.recent().any(|event| event.kind() == "closing.done");
        room.own::<Closed>().0 = closed;
        Ok(Vec::new())
    }

    fn tick(&self, now: Moment, room: &mut RoomState) -> Done {
        if now.since_open < Duration::from_secs(1) || std::mem::replace(&mut room.own::<Closed>().0, true) {
            return Ok(Vec::new());
        }
        Ok(vec![Effect::append("closing.done", &json!({"at_seq": room.head_seq()}))])
    }
}

#[actix_web::test]
async fn a_timer_writes_into_the_log_and_what_is_there_is_known_after_a_restart() {
    let mut papo = TestServer::built(|| App::builder().hooks(Closing), |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    ana.hears(json!({"type": "closing.done", "seq": 1, "at_seq": 0})).await;
    bia.hears(json!({"type": "closing.done", "seq": 1, "at_seq": 0})).await;
    ana.says("fim").await;
    bia.hears_message("ana", "fim").await;
    bia.log.agrees_with(&ana.log);
    papo.restart().await;
    let ana = papo.sign_in("ana").await;
    let mut ana = papo.enter(&ana, "sala-1").await;
    // Ticks come while this one is typing: the stop takes six seconds of them.
    ana.types(true).await;
    let bia = papo.sign_in("bia").await;
    let mut bia = papo.enter(&bia, "sala-1").await;
    bia.hears(json!({"type": "typing", "active": false})).await;
    assert_eq!(bia.says("de novo").await["seq"], 3, "it was closed once");
}
