//! `examples/bot.rs` against a server.

use clap::Parser as _;
use serde_json::json;

use crate::common::{PASSWORD, TestServer};

#[path = "../../examples/bot.rs"]
#[expect(dead_code, reason = "its `main` is for the example")]
mod example;

use example::Bot;

#[actix_web::test]
async fn it_comes_back_to_a_server_that_was_away_and_answers_once_what_it_has_missed() {
    let mut papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bot = Bot::parse_from(["bot", "--url", &papo.origin(), "--username", "eco", "--password", PASSWORD]);
    let living = actix::spawn(async move { bot.run().await });
    ana.hears(json!({"type": "member_joined", "member": {"username": "eco"}})).await;
    ana.says("@eco ping").await;
    ana.hears_message("eco", "pong").await;

    papo.restart().await;
    let ana = papo.sign_in("ana").await;
    let mut ana = papo.enter(&ana, "sala-1").await;
    // It waits half a second before it comes back, so this is said while it is away.
    ana.says("@eco echo de novo").await;
    ana.hears_among_others(json!({"type": "message", "from": {"username": "eco"}, "text": "de novo"})).await;
    ana.reads_all().await;
    assert_eq!(ana.log.texts(), ["@eco ping", "pong", "@eco echo de novo", "de novo"]);
    assert!(!living.is_finished(), "it lives on");
    living.abort();
}
