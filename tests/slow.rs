//! The slow-consumer rule at full size: HARDENING 25. Minutes long; `PAPO_BIN` names a release build to run it against.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

mod common;

use std::cell::Cell;
use std::time::{Duration, Instant};

use common::{Client, Process, Raw, memory_kib, pause};
use futures_util::future::{join_all, join3};
use serde_json::json;

/// Sockets that never read.
const SLOW: usize = 50;
const MESSAGES: i64 = 100_000;
/// By then more has been said than the kernels on both sides and the server hold for one socket (about 2 MiB): each is over its limit.
const OVER_LIMIT: i64 = 10_000;
const TEXT_CHARS: usize = 200;
/// From its limit on, until its connection is gone.
const GONE_WITHIN: Duration = Duration::from_secs(20);
const GROWTH_KIB_MAX: u64 = 64 * 1024;

/// Sends all of it, as fast as it is answered.
async fn says_everything(client: &mut Client, said: &Cell<i64>) {
    let text = "x".repeat(TEXT_CHARS);
    let mut under_way = std::collections::VecDeque::new();
    for n in 1..=MESSAGES {
        under_way.push_back(client.gives(json!({"type": "send", "client_id": n.to_string(), "text": text})).await);
        if under_way.len() >= 64 {
            let id = under_way.pop_front().unwrap();
            assert_eq!(client.answer_to(id).await["seq"], n - 63);
            said.set(n - 63);
        }
    }
    for id in under_way {
        assert_eq!(client.answer_to(id).await["type"], "ok");
    }
    said.set(MESSAGES);
}

#[actix_web::test]
#[ignore = "takes minutes: run by .ci/run"]
async fn fifty_sockets_that_never_read_are_cut_and_cost_nobody_anything() {
    let papo = Process::start(&["--limits", "off"]);
    let mut slow = Vec::new();
    for n in 0..SLOW {
        let who = papo.register(&format!("lento{n}")).await;
        let mut raw = Raw::open_narrow(papo.addr, &who, 4096).await;
        raw.says(r#"{"type":"join","room":"sala-1"}"#).await;
        slow.push(raw);
    }
    let mut sender = papo.join("ana", "sala-1").await;
    let mut readers = Vec::new();
    for n in 0..5 {
        readers.push(papo.join(&format!("leitor{n}"), "sala-1").await);
    }
    let before = memory_kib(papo.pid());
    let said = Cell::new(0);
    let reading = join_all(readers.iter_mut().map(async |reader| {
        reader.hears_up_to(MESSAGES).await;
    }));
    let watching = async {
        let (mut peak, mut over_at, mut gone_at) = (0, None, None);
        while said.get() < MESSAGES || gone_at.is_none() {
            peak = memory_kib(papo.pid()).max(peak);
            if said.get() >= OVER_LIMIT {
                let over_at = *over_at.get_or_insert_with(Instant::now);
                let held = slow.iter().filter(|raw| raw.is_held_by_server()).count();
                if held == 0 {
                    gone_at.get_or_insert_with(|| over_at.elapsed());
                } else {
                    assert!(over_at.elapsed() < GONE_WITHIN, "{held} of {SLOW} connections still stand");
                }
            }
            pause(250).await;
        }
        (peak, gone_at)
    };
    let begun = Instant::now();
    let ((), _, (peak, gone_at)) = join3(says_everything(&mut sender, &said), reading, watching).await;
    println!("{MESSAGES} messages in {:?}; the last slow connection was gone {gone_at:?} after its limit", begun.elapsed());
    println!("memory: {before} KiB before, {peak} KiB at most");
    assert!(peak.saturating_sub(before) < GROWTH_KIB_MAX, "{before} KiB before, {peak} KiB at most");
    for reader in &readers {
        assert_eq!(reader.log.whole().len(), usize::try_from(MESSAGES).unwrap(), "{} missed something", reader.name);
    }
    assert!(!papo.log().contains("panicked"));
}
