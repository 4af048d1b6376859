//! What a fault in an extension costs: its caller an error, the log of the server a line, and nobody else anything.

use actix_web::HttpResponse;
use papo::http::at;
use papo::testing::TestRoom;
use papo::{App, Builder, Command, Effect, Hooks, Member, Message, Moment, Rejection, RoomState};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::common::TestServer;

type Done = Result<Vec<Effect>, Rejection>;

/// Panics.
#[derive(Deserialize)]
struct Boom {}

impl Command for Boom {
    const NAME: &'static str = "boom.now";

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        panic!("on purpose");
    }
}

/// Panics with something that panics again when it goes.
#[derive(Deserialize)]
struct Twice {}

struct Again;

impl Drop for Again {
    fn drop(&mut self) {
        panic!("on purpose, once more");
    }
}

impl Command for Twice {
    const NAME: &'static str = "boom.twice";

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        std::panic::panic_any(Again);
    }
}

/// Panics when it is to say what it says.
#[derive(Deserialize)]
struct Speechless {}

impl Command for Speechless {
    const NAME: &'static str = "boom.say";

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        Ok(Vec::new())
    }

    fn message(&mut self) -> Result<Option<&mut Message>, Rejection> {
        panic!("on purpose");
    }
}

/// Panics whatever happens; messages pass that do not ask for it.
struct Faulty;

impl Hooks for Faulty {
    fn on_open(&self, _: Moment, _: &mut RoomState) -> Done {
        panic!("on purpose, when a room is opened");
    }

    fn before_message(&self, message: &mut Message, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        assert!(!message.text().contains("boom"), "on purpose, before a message");
        Ok(Vec::new())
    }

    fn on_join(&self, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        panic!("on purpose, when someone joins");
    }

    fn on_away(&self, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        panic!("on purpose, when someone is away");
    }

    fn on_leave(&self, _: &Member, _: Moment, _: &mut RoomState) -> Done {
        panic!("on purpose, when someone leaves");
    }

    fn tick(&self, _: Moment, _: &mut RoomState) -> Done {
        panic!("on purpose, at every tick");
    }

    fn welcome(&self, _: &Member, _: &RoomState) -> Option<(&'static str, Value)> {
        panic!("on purpose, at a welcome");
    }
}

/// Works beside it, and adds to the welcome what is the protocol's own.
struct Beside;

impl Hooks for Beside {
    fn on_join(&self, member: &Member, _: Moment, _: &mut RoomState) -> Done {
        Ok(vec![Effect::append("beside.joined", &json!({"who": member.username()})), Effect::append("nonsense", &json!({}))])
    }

    fn tick(&self, _: Moment, _: &mut RoomState) -> Done {
        Ok(vec![Effect::answer(&json!({"nobody": "asked"}))])
    }

    fn welcome(&self, _: &Member, _: &RoomState) -> Option<(&'static str, Value)> {
        Some(("events", json!("forged")))
    }
}

fn with_faults() -> Builder {
    App::builder().command::<Boom>().command::<Twice>().command::<Speechless>().hooks(Faulty).hooks(Beside)
}

#[actix_web::test]
async fn a_panic_costs_its_caller_an_error_and_nobody_else_anything() {
    let papo = TestServer::built(with_faults, |_| ()).await;
    let (ana, bia) = (papo.register("ana").await, papo.register("bia").await);
    let (mut ana, mut bia) = (papo.enter(&ana, "sala-1").await, papo.enter(&bia, "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    for _ in 0..3 {
        ana.is_refused(json!({"type": "boom.now"}), "internal").await;
        ana.is_refused(json!({"type": "boom.twice"}), "internal").await;
        ana.is_refused(json!({"type": "boom.say"}), "internal").await;
        ana.is_refused(json!({"type": "send", "text": "boom"}), "internal").await;
    }
    bia.hears_nothing_before_a_ping().await;
    ana.says("ainda aqui").await;
    bia.hears_message("ana", "ainda aqui").await;
    // Other hooks still hear that time passes, beside one that panics at every tick.
    ana.types(true).await;
    bia.hears(json!({"type": "typing", "username": "ana", "active": true})).await;
    bia.hears(json!({"type": "typing", "username": "ana", "active": false})).await;
    ana.vanishes();
    bia.hears(json!({"type": "member_left", "username": "ana", "reason": "disconnected"})).await;
    let caio = papo.register("caio").await;
    let mut caio = papo.connect(&caio).await;
    assert!(caio.joins("sala-1").await["events"].is_array(), "a welcome is what the protocol says");
    bia.hears(json!({"type": "member_joined"})).await;
    assert_eq!(bia.says("e aqui também").await["seq"], 2);
}

/// Tells everyone who comes far too much.
struct Talkative;

impl Hooks for Talkative {
    fn welcome(&self, _: &Member, _: &RoomState) -> Option<(&'static str, Value)> {
        Some(("story", "x".repeat(70_000).into()))
    }
}

#[test]
fn a_welcome_has_no_field_that_is_too_large() {
    let mut room = TestRoom::new(App::builder().hooks(Talkative));
    let ana = room.join("ana");
    assert!(room.welcome(ana).get("story").is_none());
    let faults = room.faults();
    assert!(faults.len() == 1 && faults[0].contains("too large: story"), "{faults:?}");
}

async fn get_boom() -> HttpResponse {
    panic!("on purpose, in a route")
}

fn with_route() -> Builder {
    App::builder().routes(|routes| {
        routes.service(at("/boom").get(get_boom));
    })
}

#[actix_web::test]
async fn a_panic_in_a_route_is_an_internal_error_and_the_server_goes_on() {
    let papo = TestServer::built(with_route, |settings| settings.reach.workers = Some(1)).await;
    let mut ana = papo.join("ana", "sala-1").await;
    for _ in 0..3 {
        let page = papo.get("/boom").with("Accept", "text/html").go().await.is(500);
        assert!(page.header("content-type").starts_with("text/html") && page.header("x-content-type-options") == "nosniff");
    }
    ana.says("ainda aqui").await;
}
