//! Messages of one's own to the Room actor itself.

use std::time::Duration;

use actix::{Context, Handler, Message, MessageResult};
use papo::{App, Builder, Code, Command, Effect, Member, Moment, Rejection, Room, RoomState, To};
use serde::Deserialize;
use serde_json::json;

use crate::common::{DEADLINE, TestServer, until};

/// Tell everyone in the room. The answer is how many are in it.
#[derive(Message)]
#[rtype(result = "Result<usize, Rejection>")]
struct Announce(&'static str);

impl Handler<Announce> for Room {
    type Result = Result<usize, Rejection>;

    fn handle(&mut self, Announce(text): Announce, context: &mut Context<Self>) -> Self::Result {
        self.perform(context, |_, _| {
            assert!(text != "boom", "on purpose");
            Ok(vec![Effect::append("news.announced", &json!({"text": text})), Effect::tell(To::Others, "news.rang", &json!({}))])
        })?;
        Ok(self.state().members().count())
    }
}

/// Panic, where nothing guards the actor.
#[derive(Message)]
#[rtype(result = "()")]
struct Die;

impl Handler<Die> for Room {
    type Result = ();

    fn handle(&mut self, _: Die, _: &mut Context<Self>) {
        panic!("on purpose, in the actor itself");
    }
}

/// How often somebody knocked here.
#[derive(Default)]
struct Knocks(u32);

/// Knocks.
#[derive(Deserialize)]
struct Knock {}

impl Command for Knock {
    const NAME: &'static str = "door.knock";

    fn apply(self, _: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        room.own::<Knocks>().0 += 1;
        Ok(Vec::new())
    }
}

/// What the room remembers of the knocks.
#[derive(Message)]
#[rtype(result = "u32")]
struct Count;

impl Handler<Count> for Room {
    type Result = MessageResult<Count>;

    fn handle(&mut self, _: Count, _: &mut Context<Self>) -> Self::Result {
        MessageResult(self.state().peek::<Knocks>().map_or(0, |knocks| knocks.0))
    }
}

fn with_knocks() -> Builder {
    App::builder().command::<Knock>()
}

#[actix_web::test]
async fn a_message_to_the_actor_leaves_in_the_line_of_the_room() {
    let papo = TestServer::built(with_knocks, |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    let room = papo.rooms().get("Sala 1").await.expect("the room is there");
    assert_eq!(room.send(Announce("chove")).await.expect("it lives"), Ok(2));
    for someone in [&mut ana, &mut bia] {
        let event = someone.hears(json!({"type": "news.announced", "seq": 1, "text": "chove"})).await;
        assert!(event.get("from").is_none(), "nobody said it but the room: {event}");
        someone.hears(json!({"type": "news.rang"})).await;
    }
    ana.does(json!({"type": "door.knock"})).await;
    assert_eq!(room.send(Count).await.expect("it lives"), 1);
    // A fault within is for who asked.
    assert_eq!(room.send(Announce("boom")).await.expect("it lives"), Err(Code::Internal.into()));
    assert_eq!(ana.says("oi").await["seq"], 2);
    bia.hears_message("ana", "oi").await;
}

#[actix_web::test]
async fn only_a_room_that_there_is_can_be_reached() {
    let papo = TestServer::built(with_knocks, |_| ()).await;
    assert!(papo.rooms().get("quintal").await.is_none(), "nobody is in it");
    assert!(papo.rooms().get("///").await.is_none(), "no room has that name");
    let mut ana = papo.join("ana", "quintal").await;
    let room = papo.rooms().get("Quintal").await.expect("ana is in it");
    assert_eq!(room.send(Count).await, Ok(0));
    ana.does(json!({"type": "leave"})).await;
    // Ten seconds later it goes, log and all; the address of its actor leads nowhere then.
    let gone = async || papo.rooms().get("quintal").await.is_none();
    until("an empty room goes", DEADLINE, gone).await;
    until("its actor ends", DEADLINE, async || room.send(Count).await.is_err()).await;
    assert_eq!(ana.joins("quintal").await["head_seq"], 0);
}

#[actix_web::test]
async fn a_panic_in_the_actor_itself_ends_it_and_the_next_who_comes_finds_it_open_again() {
    let papo = TestServer::built(with_knocks, |_| ()).await;
    let (ana, bia) = (papo.register("ana").await, papo.register("bia").await);
    let (mut anas, mut bias) = (papo.enter(&ana, "sala-1").await, papo.enter(&bia, "sala-1").await);
    anas.says("antes").await;
    bias.hears_message("ana", "antes").await;
    let room = papo.rooms().get("sala-1").await.expect("the room is there");
    assert!(room.send(Die).await.is_err(), "nobody answers");
    // Who acts in it is told to come back, and loses nothing that was said.
    anas.gives(json!({"type": "typing", "active": true})).await;
    anas.is_closed_with(4009).await;
    let mut anas = papo.enter(&ana, "sala-1").await;
    anas.says("depois").await;
    bias.hears_message("ana", "depois").await;
    assert_eq!(bias.log.texts(), ["antes", "depois"]);
    let room = papo.rooms().get("sala-1").await.expect("it was opened again");
    assert_eq!(room.send(Announce("de novo")).await.expect("it lives"), Ok(2));
    tokio::time::timeout(Duration::from_secs(20), bias.hears(json!({"type": "news.announced"})))
        .await
        .expect("bia still hears it");
}

#[actix_web::test]
async fn what_is_started_with_the_server_reaches_its_rooms() {
    let builder = || {
        App::builder().on_start(|rooms| {
            actix::spawn(async move {
                let room = rooms.get("sala-1").await.expect("a room of the settings");
                let _ = room.send(Announce("a casa abriu")).await;
            });
        })
    };
    let papo = TestServer::built(builder, |_| ()).await;
    let mut ana = papo.join("ana", "sala-1").await;
    // Before or after the welcome: it is in the log.
    until("it is announced", DEADLINE, async || {
        let page = ana.does(json!({"type": "history"})).await;
        page["events"][0]["text"] == "a casa abriu"
    })
    .await;
}
