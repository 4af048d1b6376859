//! Many come, go, move, type and lose their sockets at random: what one who stays is told adds up at every step.
//!
//! `PAPO_SEED` runs one case again.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

use crate::common::{Account, Client, TestServer, now_ms, pause};

const ROOMS: [&str; 3] = ["sala-1", "sala-2", "cozinha"];

/// Who is here and who types, folded from what one is told.
#[derive(Debug, Default, PartialEq, Eq)]
struct Roster {
    here: BTreeSet<String>,
    typing: BTreeSet<String>,
}

impl Roster {
    fn of(welcome: &Value) -> Self {
        let names = |list: &Value| {
            list.as_array().unwrap().iter().map(|one| one["username"].as_str().or(one.as_str()).unwrap().to_owned()).collect()
        };
        Self { here: names(&welcome["members"]), typing: names(&welcome["typing"]) }
    }

    fn hears(&mut self, event: &Value) {
        let username = || event["username"].as_str().unwrap().to_owned();
        match event["type"].as_str().unwrap() {
            "member_joined" => {
                let name = event["member"]["username"].as_str().unwrap().to_owned();
                assert!(self.here.insert(name), "someone who is here does not join: {event}");
            }
            "member_left" => {
                assert!(self.here.remove(&username()), "someone who is not here does not leave: {event}");
                assert!(!self.typing.contains(&username()), "typing ends before the stay does: {event}");
            }
            "typing" if event["active"] == true => {
                assert!(self.here.contains(&username()), "who types is here: {event}");
                self.typing.insert(username());
            }
            "typing" => {
                assert!(self.typing.remove(&username()), "who does not type does not stop: {event}");
            }
            "message" => {
                let by = event["from"]["username"].as_str().unwrap();
                assert!(self.here.contains(by), "who says something is here: {event}");
                assert!(!self.typing.contains(by), "who says something types no more: {event}");
            }
            _ => {}
        }
    }
}

async fn wanders(papo: &TestServer, who: &Account, seed: u64) {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut tabs: BTreeMap<u8, Client> = BTreeMap::new();
    for _ in 0..60 {
        let tab = rng.random_range(0..2);
        let Some(client) = tabs.get_mut(&tab) else {
            tabs.insert(tab, papo.connect(who).await);
            continue;
        };
        // A refusal is fine: the other tab may have moved on.
        match rng.random_range(0..100) {
            0..30 => drop(client.asks(json!({"type": "join", "room": ROOMS[rng.random_range(0..ROOMS.len())]})).await),
            30..45 => drop(client.asks(json!({"type": "send", "text": "oi"})).await),
            45..65 => drop(client.asks(json!({"type": "typing", "active": rng.random_bool(0.7)})).await),
            65..75 => drop(client.asks(json!({"type": "leave"})).await),
            75..85 => drop(tabs.remove(&tab).map(Client::vanishes)),
            _ => pause(rng.random_range(0..400)).await,
        }
    }
}

#[actix_web::test]
async fn what_one_who_stays_is_told_adds_up_at_every_step() {
    let papo = TestServer::unlimited().await;
    let seed = std::env::var("PAPO_SEED").map_or_else(|_| u64::try_from(now_ms()).unwrap(), |seed| seed.parse().unwrap());
    println!("PAPO_SEED={seed}");
    let mut watchers = Vec::new();
    for room in ROOMS {
        let who = papo.register(&format!("olheira-{room}")).await;
        let mut client = papo.connect(&who).await;
        let roster = Roster::of(&client.joins(room).await);
        watchers.push((client, roster));
    }
    let mut people = Vec::new();
    for n in 0..8 {
        people.push(papo.register(&format!("ana{n}")).await);
    }
    join_all(people.iter().zip(1..).map(|(who, n)| wanders(&papo, who, seed + n))).await;
    // All sockets are gone, and with them, after the grace, their seats and whatever they typed.
    pause(4000).await;
    for (client, roster) in &mut watchers {
        let room = client.log.room().to_owned();
        let welcome = client.joins(&room).await;
        client.does(json!({"type": "ping"})).await;
        for event in client.heard() {
            roster.hears(event);
        }
        assert_eq!(*roster, Roster::of(&welcome), "{room}");
        assert_eq!(roster.here.len(), 1, "{room}: {roster:?}");
        client.reads_all().await;
        client.log.whole();
    }
}
