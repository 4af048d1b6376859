//! Floor 9 · `load`: what came of a test: the verdict, the figures, and what there is to say about them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::breach::{Breaches, Broken};
use super::drive::Drive;
use super::figures::{Quantiles, Second};
use super::options::{Load, Shape};
use super::words::{count, latency};

/// Above this share of a processor, this process may be what is slow.
const BUSY: f64 = 0.85;
/// So late, it was not the clock that told when messages were sent.
const LATE_US: u64 = 100_000;

/// Whether the server held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Every promise was kept, and everything was taken.
    Held,
    /// Every promise was kept, and some of the load was refused or could not be sent.
    Behind,
    /// A promise was broken.
    Broken,
}

/// What the server took while messages were sent.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Server {
    /// Processors in use.
    pub cpu_mean: f64,
    pub cpu_max: f64,
    pub memory_max_bytes: u64,
    /// CPU for each delivery, in µs.
    pub us_per_delivery: Option<f64>,
}

/// Everything that is told of a test.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub verdict: Verdict,
    pub url: String,
    pub shape: &'static str,
    pub sockets: u32,
    pub rooms: u32,
    pub users: usize,
    pub rate: Option<f64>,
    pub bytes: usize,
    /// How long messages were sent.
    pub run_ms: u64,
    pub ended_early: bool,
    pub sent: u64,
    pub deliveries: u64,
    pub deliveries_per_second: f64,
    pub caught_up: u64,
    pub connect: Quantiles,
    pub latency: Quantiles,
    pub answers: Quantiles,
    pub broken: Vec<Broken>,
    pub refused: BTreeMap<String, u64>,
    pub held_back: u64,
    pub closes: BTreeMap<u16, u64>,
    pub server: Option<Server>,
    /// Processors that this process used, and how late it was.
    pub tester_cpu: f64,
    pub tester_late_us: u64,
    pub notes: Vec<String>,
    /// Where each phase began, in ms of the test.
    pub phases: Vec<(&'static str, u64)>,
    pub seconds: Vec<Second>,
}

impl Outcome {
    /// Of a test that is over.
    #[expect(clippy::cast_precision_loss, reason = "they are shown with three digits")]
    pub fn new(load: &Load, users: usize, drive: &Drive<'_>) -> Self {
        let check = &drive.crowd.check;
        let figures = &check.figures;
        let (run_cpu, run) = drive.own;
        let seconds_of_run = run.as_secs_f64().max(0.001);
        let verdict = verdict(&check.breaches, &check.refused, drive.held_back);
        let mut outcome = Self {
            verdict,
            url: load.url.clone(),
            shape: load.shape.name(),
            sockets: load.sockets,
            rooms: load.rooms.min(load.sockets),
            users,
            rate: matches!(load.shape, Shape::Steady | Shape::Burst | Shape::Churn).then_some(load.rate),
            bytes: load.bytes,
            run_ms: u64::try_from(run.as_millis()).unwrap_or(u64::MAX),
            ended_early: drive.ended_early,
            sent: figures.sent,
            deliveries: figures.deliveries,
            deliveries_per_second: figures.deliveries as f64 / seconds_of_run,
            caught_up: figures.caught_up,
            connect: (&figures.connects).into(),
            latency: (&figures.latency).into(),
            answers: (&figures.answers).into(),
            broken: check.breaches.told(),
            refused: check.refused.clone(),
            held_back: drive.held_back,
            closes: drive.crowd.closes.clone(),
            server: server(&figures.seconds, &drive.phases, run, figures.deliveries),
            tester_cpu: run_cpu / seconds_of_run,
            tester_late_us: drive.late_us,
            notes: Vec::new(),
            phases: drive.phases.clone(),
            seconds: figures.seconds.clone(),
        };
        outcome.notes = notes(&outcome);
        outcome
    }
}

fn verdict(breaches: &Breaches, refused: &BTreeMap<String, u64>, held_back: u64) -> Verdict {
    if breaches.total() > 0 {
        Verdict::Broken
    } else if held_back > 0 || !refused.is_empty() {
        Verdict::Behind
    } else {
        Verdict::Held
    }
}

/// What the server took, of the seconds of the run.
#[expect(clippy::cast_precision_loss, reason = "they are shown with three digits")]
fn server(seconds: &[Second], phases: &[(&'static str, u64)], run: Duration, deliveries: u64) -> Option<Server> {
    let begin = |name: &str| phases.iter().find(|(phase, _)| *phase == name).map(|(_, at_ms)| *at_ms);
    let (from, to) = (begin("run")?, begin("settle").unwrap_or(u64::MAX));
    let of_run = || seconds.iter().filter(|second| (from..=to).contains(&second.at_ms));
    let cpu: Vec<f64> = of_run().filter_map(|second| second.cpu).collect();
    let memory_max_bytes = seconds.iter().filter_map(|second| second.memory_bytes).max()?;
    let cpu_mean = cpu.iter().sum::<f64>() / cpu.len().max(1) as f64;
    let us_per_delivery = (deliveries > 0 && !cpu.is_empty()).then(|| cpu_mean * run.as_secs_f64() * 1e6 / deliveries as f64);
    Some(Server { cpu_mean, cpu_max: cpu.iter().copied().fold(0.0, f64::max), memory_max_bytes, us_per_delivery })
}

/// What there is to say besides, a sentence each.
fn notes(of: &Outcome) -> Vec<String> {
    let mut notes = Vec::new();
    if of.ended_early {
        notes.push("The test was ended early.".into());
    }
    for (code, number) in &of.refused {
        let number = count(*number);
        notes.push(match code.as_str() {
            "rate_limited" => format!(
                "{number} messages were refused by rate: the server takes 10 a second of one user. Start it with --limits off, or spread \
                 the load over more --sockets."
            ),
            "busy" => format!("{number} messages were refused as busy: more work waited than the server had room for."),
            code => format!("{number} messages were refused: {code}."),
        });
    }
    if of.held_back > 0 {
        notes.push(format!("{} messages were not even sent: too many before them had no answer yet.", count(of.held_back)));
    }
    if of.shape != Shape::Idle.name() && of.rooms == of.sockets {
        notes.push("Every socket has a room of its own, so nothing is delivered to others.".into());
    }
    if of.tester_cpu > BUSY {
        let percent = of.tester_cpu * 100.0;
        notes.push(format!(
            "This process used {percent:.0} % of a processor: latencies may be its own. Divide the load among several."
        ));
    }
    if of.tester_late_us > LATE_US && of.tester_cpu <= BUSY {
        let late = latency(of.tester_late_us);
        notes.push(format!("This process was up to {late} late with its messages: the machine is short of processors."));
    }
    notes
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::load::breach::Breach;

    /// What came of three seconds.
    pub fn outcome(verdict: Verdict) -> Outcome {
        let second = |n: u64| Second {
            at_ms: n * 1000,
            sockets: 10,
            sent: 20,
            deliveries: 180,
            p50_us: 2000 * n,
            p99_us: 9000 * n,
            max_us: 20_000,
            cpu: Some(0.25),
            memory_bytes: Some(40 << 20),
            breaches: n,
        };
        let quantiles = Quantiles { count: 540, p50_us: 2000, p90_us: 5000, p99_us: 9000, p999_us: 20_000, max_us: 20_000 };
        let seconds: Vec<Second> = (1..=3).map(second).collect();
        let phases = vec![("ramp", 0), ("run", 500), ("settle", 2800)];
        Outcome {
            verdict,
            url: "http://127.0.0.1:8080".into(),
            shape: "steady",
            sockets: 10,
            rooms: 1,
            users: 10,
            rate: Some(20.0),
            bytes: 100,
            run_ms: 2300,
            ended_early: false,
            sent: 60,
            deliveries: 540,
            deliveries_per_second: 234.8,
            caught_up: 0,
            connect: quantiles,
            latency: quantiles,
            answers: quantiles,
            broken: Vec::new(),
            refused: BTreeMap::new(),
            held_back: 0,
            closes: [(1000, 10)].into(),
            server: server(&seconds, &phases, Duration::from_millis(2300), 540),
            tester_cpu: 0.05,
            tester_late_us: 900,
            notes: Vec::new(),
            phases,
            seconds,
        }
    }

    #[test]
    fn what_was_refused_is_explained() {
        let mut of = outcome(Verdict::Behind);
        of.refused = [("busy".to_owned(), 1), ("rate_limited".to_owned(), 1200)].into();
        (of.held_back, of.tester_cpu, of.ended_early) = (7, 0.99, true);
        let notes = notes(&of).join("\n");
        for words in
            ["ended early", "1 messages were refused as busy", "1,200", "--limits off", "7 messages were not even sent", "99 %"]
        {
            assert!(notes.contains(words), "{words:?} in {notes}");
        }
        assert!(super::notes(&outcome(Verdict::Held)).is_empty());
    }

    #[test]
    fn a_broken_promise_outweighs_what_was_refused() {
        let (mut breaches, mut refused) = (Breaches::default(), BTreeMap::new());
        assert_eq!(verdict(&breaches, &refused, 0), Verdict::Held);
        assert_eq!(verdict(&breaches, &refused, 1), Verdict::Behind);
        refused.insert("busy".to_owned(), 1);
        assert_eq!(verdict(&breaches, &refused, 0), Verdict::Behind);
        breaches.add(Breach::Lost, 1, String::new);
        assert_eq!(verdict(&breaches, &refused, 0), Verdict::Broken);
    }

    #[test]
    fn the_server_is_measured_while_messages_are_sent() {
        let second = |at_ms, cpu, memory| Second { at_ms, cpu: Some(cpu), memory_bytes: Some(memory), ..Second::default() };
        let seconds = [second(1000, 9.0, 5), second(2000, 0.5, 7), second(3000, 1.5, 6), second(4000, 9.0, 4)];
        let phases = [("ramp", 0), ("run", 1500), ("settle", 3500)];
        let server = server(&seconds, &phases, Duration::from_secs(2), 1000).unwrap();
        assert_eq!(server, Server { cpu_mean: 1.0, cpu_max: 1.5, memory_max_bytes: 7, us_per_delivery: Some(2000.0) });
        assert_eq!(super::server(&[], &phases, Duration::from_secs(2), 1000), None);
    }
}
