//! Rules 1–4 under bad networks and `kill -9`: every client ends with the same log, in order, without doubles, without holes.
//!
//! `PAPO_CASES` sets how many interleavings are tried, `PAPO_SEED` which, `PAPO_KILLS` how often the process is killed.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

mod common;

use std::cell::Cell;
use std::collections::{BTreeMap, VecDeque};

use common::{Account, Client, Greeting, House, Log, Process, TestServer, pause};
use futures_util::future::{join, join_all};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use serde_json::{Value, json};

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |value| value.parse().expect("a number"))
}

/// Someone who talks, loses the connection, comes back and repeats what was not answered.
struct Talker {
    who: Account,
    name: String,
    room: String,
    client: Option<Client>,
    log: Log,
    said: usize,
    /// What was not answered yet: its `client_id` and its text.
    open: VecDeque<(String, String)>,
    /// What is on its way on this connection: the number of the command and its `client_id`.
    under_way: VecDeque<(i64, String)>,
    /// What was answered: `client_id` and `seq`.
    kept: BTreeMap<String, i64>,
    rng: StdRng,
}

impl Talker {
    fn new(who: Account, name: &str, room: &str, seed: u64) -> Self {
        Self {
            who,
            name: name.to_owned(),
            room: room.to_owned(),
            client: None,
            log: Log::default(),
            said: 0,
            open: VecDeque::new(),
            under_way: VecDeque::new(),
            kept: BTreeMap::new(),
            rng: StdRng::seed_from_u64(seed),
        }
    }

    /// Connects if need be, resumes, and repeats what is open. Whether that went well.
    async fn is_in(&mut self, house: House) -> bool {
        if self.client.is_some() {
            return true;
        }
        let Ok(mut client) = Client::connect(house.addr, &Greeting::by(&self.who)).await else { return false };
        client.log = std::mem::take(&mut self.log);
        let since = client.log.since();
        let limit = self.rng.random_range(1..=200);
        self.client = Some(client);
        let join = json!({"type": "join", "room": self.room, "since": since, "limit": limit});
        let Some(answer) = self.tries(join).await else { return false };
        assert_eq!(answer["type"], "ok", "{answer}");
        if since.is_some() {
            assert_eq!(answer["mode"], "resumed", "what was seen is never lost: {answer}");
        }
        for (client_id, text) in self.open.clone() {
            self.sends(client_id, &text).await;
        }
        true
    }

    /// Gives a command; `None` if the connection was lost before its answer.
    async fn tries(&mut self, command: Value) -> Option<Value> {
        let client = self.client.as_mut()?;
        let id = client.gives(command).await;
        let answer = client.answer_if_any(id).await;
        if answer.is_none() {
            self.is_out();
        }
        answer
    }

    fn is_out(&mut self) {
        if let Some(client) = self.client.take() {
            self.log = client.vanishes();
        }
        self.under_way.clear();
    }

    async fn sends(&mut self, client_id: String, text: &str) {
        let Some(client) = self.client.as_mut() else { return };
        let id = client.gives(json!({"type": "send", "client_id": client_id, "text": text})).await;
        self.under_way.push_back((id, client_id));
    }

    async fn says_something_new(&mut self) {
        self.said += 1;
        let (client_id, text) = (format!("{}-{}", self.name, self.said), format!("{} diz {}", self.name, self.said));
        self.open.push_back((client_id.clone(), text.clone()));
        self.sends(client_id, &text).await;
    }

    /// Waits for what is under way; what is lost with the connection stays open.
    async fn settles(&mut self) {
        while let Some((id, client_id)) = self.under_way.pop_front() {
            let Some(client) = self.client.as_mut() else { return };
            let Some(answer) = client.answer_if_any(id).await else { return self.is_out() };
            assert_eq!(answer["type"], "ok", "{answer}");
            let seq = answer["seq"].as_i64().unwrap();
            self.open.retain(|(open, _)| *open != client_id);
            let before = self.kept.insert(client_id, seq);
            assert!(before.is_none_or(|before| before == seq), "one message, one seq: {before:?} {seq}");
        }
    }

    /// Repeats something that was answered long ago.
    async fn repeats_something_old(&mut self) {
        let (client_id, seq) = {
            let Some(n) = (!self.kept.is_empty()).then(|| self.rng.random_range(0..self.kept.len())) else { return };
            let (client_id, seq) = self.kept.iter().nth(n).unwrap();
            (client_id.clone(), *seq)
        };
        let text = client_id.replace('-', " diz ");
        let Some(answer) = self.tries(json!({"type": "send", "client_id": client_id, "text": text})).await else { return };
        assert_eq!((&answer["seq"], &answer["duplicate"]), (&json!(seq), &json!(true)), "{answer}");
    }

    async fn does_something(&mut self, house: House) {
        if !self.is_in(house).await {
            return self.is_out();
        }
        match self.rng.random_range(0..100) {
            0..55 => self.says_something_new().await,
            55..70 => self.settles().await,
            70..80 => {
                self.settles().await;
                self.repeats_something_old().await;
            }
            80..90 => self.is_out(),
            90..95 => {
                self.settles().await;
                if let Some(client) = &mut self.client {
                    client.reads_all().await;
                }
            }
            _ => {
                let ms = self.rng.random_range(0..20);
                if let Some(client) = &mut self.client {
                    client.listens_for(ms).await;
                }
            }
        }
    }

    /// Everything open is answered, everything said is read.
    async fn comes_to_rest(&mut self, house: House) {
        while !(self.is_in(house).await && self.open.is_empty()) {
            self.settles().await;
        }
        self.settles().await;
    }

    async fn reads_everything(&mut self, house: House) {
        self.is_out();
        assert!(self.is_in(house).await);
        self.client.as_mut().unwrap().reads_all().await;
        self.is_out();
    }
}

/// Everybody has the same log, and in it, once and in its place, everything that was answered.
async fn agree(talkers: &mut [Talker], house: House) {
    for talker in &mut *talkers {
        talker.comes_to_rest(house).await;
    }
    for talker in &mut *talkers {
        talker.reads_everything(house).await;
    }
    let first = talkers[0].log.clone();
    let whole = first.whole();
    let mut names: Vec<&String> = whole.iter().filter_map(|said| said.client_id.as_ref()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), whole.len(), "nothing is there twice");
    assert_eq!(whole.len(), talkers.iter().map(|talker| talker.said).sum::<usize>(), "all that was said, and nothing else");
    for talker in talkers {
        talker.log.agrees_with(&first);
        for (client_id, seq) in &talker.kept {
            let said = &whole[usize::try_from(*seq).unwrap() - 1];
            assert_eq!((said.client_id.as_ref(), &said.by), (Some(client_id), &talker.who.username), "seq {seq}");
        }
    }
}

#[actix_web::test]
async fn however_sends_drops_returns_and_repeats_interleave_everyone_ends_with_the_same_log() {
    let papo = TestServer::unlimited().await;
    let (ana, bia, caio) = (papo.register("ana").await, papo.register("bia").await, papo.register("caio").await);
    let seed = number("PAPO_SEED", u64::try_from(common::now_ms()).unwrap());
    for case in 0..number("PAPO_CASES", 15) {
        let seed = seed + case;
        println!("PAPO_SEED={seed} PAPO_CASES=1 runs this case alone");
        let room = format!("caso-{seed}");
        let talker = |who: &Account, name: &str, n: u64| Talker::new(who.clone(), name, &room, seed * 10 + n);
        // Two tabs of one user among them.
        let mut talkers =
            vec![talker(&ana, "ana", 0), talker(&ana, "aninha", 1), talker(&bia, "bia", 2), talker(&caio, "caio", 3)];
        // Someone stays all the time: an empty room would be closed.
        let _keeper = papo.join(&format!("guarda{case}"), &room).await;
        join_all(talkers.iter_mut().map(async |talker| {
            for _ in 0..80 {
                talker.does_something(*papo).await;
            }
        }))
        .await;
        agree(&mut talkers, *papo).await;
    }
}

#[actix_web::test]
async fn what_was_acknowledged_survives_kill_9_once_and_in_its_place() {
    let mut papo = Process::start(&["--limits", "off"]);
    let house = *papo;
    let seed = number("PAPO_SEED", u64::try_from(common::now_ms()).unwrap());
    println!("PAPO_SEED={seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let mut talkers = Vec::new();
    for n in 0..20 {
        let name = format!("ana{n}");
        talkers.push(Talker::new(papo.register(&name).await, &name, "sala-1", seed + 1 + n));
    }
    let over = Cell::new(false);
    let talk = join_all(talkers.iter_mut().map(async |talker| {
        while !over.get() {
            if !talker.is_in(house).await {
                talker.is_out();
                pause(20).await;
                continue;
            }
            for _ in 0..talker.rng.random_range(1..4) {
                talker.says_something_new().await;
            }
            talker.settles().await;
            pause(talker.rng.random_range(0..30)).await;
        }
    }));
    let kills = async {
        for _ in 0..number("PAPO_KILLS", 20) {
            let wait = if rng.random_bool(0.15) { 0..50 } else { 100..900 };
            pause(rng.random_range(wait)).await;
            papo.kill_9();
            pause(rng.random_range(0..100)).await;
            papo.start_again();
        }
        pause(300).await;
        over.set(true);
    };
    join(talk, kills).await;
    agree(&mut talkers, house).await;
    println!("{} messages", talkers[0].log.newest());
    assert!(!papo.log().contains("panicked"));
}

#[actix_web::test]
async fn what_one_person_has_seen_survives_kill_9_though_nobody_repeats_it() {
    let mut papo = Process::start(&[]);
    let (ana, bia) = (papo.register("ana").await, papo.register("bia").await);
    let (mut one, mut two) = (papo.enter(&ana, "sala-1").await, papo.enter(&bia, "sala-1").await);
    for round in 0..5 {
        let mut last = 0;
        for n in 0..5 {
            last = one.gives(json!({"type": "send", "text": format!("{round} {n}")})).await;
        }
        two.hears_message("ana", &format!("{round} 0")).await;
        papo.kill_9();
        let _ = one.answer_if_any(last).await;
        two.is_closed().await;
        let (seen_by_one, seen_by_two) = (one.vanishes(), two.vanishes());
        papo.start_again();
        (one, two) = (papo.connect(&ana).await, papo.connect(&bia).await);
        (one.log, two.log) = (seen_by_one, seen_by_two);
        for client in [&mut one, &mut two] {
            let answer = client.resumes("sala-1").await;
            assert_eq!(answer["mode"], "resumed", "{answer}");
        }
        one.log.agrees_with(&two.log);
        one.forgets();
        two.forgets();
    }
}
