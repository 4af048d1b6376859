//! Rooms extended by a crate that is not this one: a behaviour of one's own, and what its faults cost.

mod common;

use papo::app::{App, Builder};
use papo::codes::{Code, Rejection};
use papo::room::command::{Command, Effect, Telling, To, json};
use papo::room::state::{Member, Moment, RoomState};
use serde::Deserialize;
use serde_json::json;

use common::TestServer;

/// Counts who raised a hand, tells the others, and answers the count.
#[derive(Deserialize)]
struct Raise {}

/// How many hands are up.
#[derive(Default)]
struct Hands(u32);

impl Command for Raise {
    const NAME: &'static str = "hand.raise";

    fn apply(self, by: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let hands = room.own::<Hands>();
        if hands.0 == 2 {
            return Err(Rejection::because(Code::Rejected, "Two hands are enough."));
        }
        hands.0 += 1;
        let event = json!({"type": "hand", "username": by.user.username.as_str(), "hands": hands.0});
        let answer = json(&json!({"hands": hands.0}));
        Ok(vec![Effect::Tell(To::Others, Telling::event(&event)), Effect::Answer(answer)])
    }

    fn welcome(_: &Member, room: &RoomState) -> Option<(&'static str, Box<serde_json::value::RawValue>)> {
        Some(("hands", json(&room.peek::<Hands>().map_or(0, |hands| hands.0))))
    }
}

/// Panics, whatever happens.
#[derive(Deserialize)]
struct Boom {}

impl Command for Boom {
    const NAME: &'static str = "boom.now";

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        panic!("on purpose");
    }

    fn tick(_: Moment, _: &mut RoomState) -> Vec<Effect> {
        panic!("on purpose, at every tick");
    }
}

fn with_hands() -> Builder {
    App::builder().command::<Raise>()
}

fn with_a_fault() -> Builder {
    with_hands().command::<Boom>()
}

#[actix_web::test]
async fn a_behaviour_of_ones_own_is_a_command_like_any_other() {
    let papo = TestServer::built(with_hands, |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    assert_eq!(ana.does(json!({"type": "hand.raise"})).await["hands"], 1);
    bia.hears(json!({"type": "hand", "username": "ana", "hands": 1})).await;
    assert_eq!(bia.does(json!({"type": "hand.raise"})).await["hands"], 2);
    ana.hears(json!({"type": "hand", "username": "bia", "hands": 2})).await;
    let refused = ana.is_refused(json!({"type": "hand.raise"}), "rejected").await;
    assert_eq!(refused["message"], "Two hands are enough.");
    bia.hears_nothing_before_a_ping().await;
    let caio = papo.register("caio").await;
    let mut caio = papo.connect(&caio).await;
    assert_eq!(caio.joins("sala-1").await["hands"], 2, "a welcome has what the behaviour adds to it");
    assert_eq!(caio.joins("sala-2").await["hands"], 0, "each room remembers for itself");
}

#[actix_web::test]
async fn a_panic_costs_its_caller_an_error_and_nobody_else_anything() {
    let papo = TestServer::built(with_a_fault, |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    for _ in 0..3 {
        ana.is_refused(json!({"type": "boom.now"}), "internal").await;
    }
    bia.hears_nothing_before_a_ping().await;
    ana.says("ainda aqui").await;
    bia.hears_message("ana", "ainda aqui").await;
    // The other behaviours still hear that time passes, beside one that panics at every tick.
    ana.types(true).await;
    bia.hears(json!({"type": "typing", "username": "ana", "active": true})).await;
    bia.hears(json!({"type": "typing", "username": "ana", "active": false})).await;
    assert_eq!(bia.does(json!({"type": "hand.raise"})).await["hands"], 1);
}
