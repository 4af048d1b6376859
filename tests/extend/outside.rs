//! What a command needs from outside: fetched before its room hears of it, in order, in time, and what its faults cost.

use std::sync::Arc;

use papo::testing::TestRoom;
use papo::{App, Builder, Code, Command, Effect, Member, Moment, Outside, Prepared, Rejection, RoomState, User};
use serde::Deserialize;
use serde_json::json;

use crate::common::TestServer;

/// Adds to a number of its user that is kept on a shelf, by a step that the builder shared.
#[derive(Deserialize)]
struct Count {
    #[serde(default)]
    then: String,
    #[serde(skip)]
    count: i64,
}

struct Step(i64);

impl Command for Count {
    const NAME: &'static str = "count.up";

    fn prepare(mut self, by: &Arc<User>, outside: &Outside) -> Prepared<Self> {
        assert!(self.then != "panic at once", "on purpose");
        let (key, outside) = (by.username.to_string(), outside.clone());
        Prepared::later(async move {
            match self.then.as_str() {
                "refuse" => return Err(Rejection::because(Code::Rejected, "Enough.")),
                "panic" => panic!("on purpose, later"),
                "hang" => std::future::pending().await,
                _ => {}
            }
            let step = outside.shared::<Step>().ok_or(Code::Internal)?.0;
            self.count = outside.shelf("counts").update(&key, move |old: Option<i64>| Ok(old.unwrap_or(0) + step)).await?;
            Ok(self)
        })
    }

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(vec![Effect::answer(&json!({"count": self.count}))])
    }
}

fn with_counts() -> Builder {
    App::builder().command::<Count>().share(Step(2))
}

#[actix_web::test]
async fn what_a_command_needs_from_outside_is_fetched_before_its_room_hears_of_it() {
    let papo = TestServer::built(with_counts, |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    assert_eq!(ana.does(json!({"type": "count.up"})).await["count"], 2);
    assert_eq!(ana.does(json!({"type": "count.up"})).await["count"], 4);
    assert_eq!(bia.does(json!({"type": "count.up"})).await["count"], 2);
    let refused = ana.is_refused(json!({"type": "count.up", "then": "refuse"}), "rejected").await;
    assert_eq!(refused["message"], "Enough.");
    for then in ["panic", "panic at once"] {
        ana.is_refused(json!({"type": "count.up", "then": then}), "internal").await;
    }
    assert_eq!(ana.does(json!({"type": "count.up"})).await["count"], 6);
}

#[actix_web::test]
async fn what_has_to_be_fetched_keeps_the_order_of_answers() {
    let papo = TestServer::built(with_counts, |_| ()).await;
    let mut ana = papo.join("ana", "sala-1").await;
    let mut ids = Vec::new();
    for turn in 0..5 {
        // The client itself fails when an answer overtakes another.
        ids.push(ana.gives(json!({"type": "send", "text": "oi", "client_id": turn.to_string()})).await);
        ids.push(ana.gives(json!({"type": "count.up", "then": "refuse"})).await);
        ids.push(ana.gives(json!({"type": "count.up"})).await);
    }
    for id in ids {
        ana.answer_to(id).await;
    }
}

#[actix_web::test]
async fn what_cannot_be_fetched_in_time_is_busy_and_the_socket_goes_on() {
    let papo = TestServer::built(with_counts, |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    let hangs = ana.gives(json!({"type": "count.up", "then": "hang"})).await;
    bia.says("a sala vive").await;
    ana.hears_message("bia", "a sala vive").await;
    assert_eq!(ana.answer_to(hangs).await["code"], "busy");
    assert_eq!(ana.does(json!({"type": "count.up"})).await["count"], 2);
}

#[test]
fn a_room_under_test_has_shelves_and_what_is_shared() {
    let mut room = TestRoom::new(with_counts());
    let (ana, bia) = (room.join("ana"), room.join("bia"));
    assert_eq!(room.does(ana, json!({"type": "count.up"})).unwrap()["count"], 2);
    assert_eq!(room.does(ana, json!({"type": "count.up"})).unwrap()["count"], 4);
    assert_eq!(room.does(bia, json!({"type": "count.up"})).unwrap()["count"], 2);
    assert_eq!(room.does(ana, json!({"type": "count.up", "then": "refuse"})).unwrap_err().code, "rejected");
    assert_eq!(room.does(ana, json!({"type": "count.up", "then": "panic"})).unwrap_err().code, "internal");
    assert_eq!(room.does(ana, json!({"type": "count.up", "then": "hang"})).unwrap_err().code, "busy");
}
