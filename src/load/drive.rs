//! Floor 9 · `load`: a test from its first socket to its last: they come, speak, wait for what is under way, and leave.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::crowd::{Crowd, Stage};
use super::figures::Second;
use super::heard::stirred;
use super::options::{Load, Shape};
use super::probe::{self, Count, Probe, Usage};
use super::schedule::{Schedule, ramped};

/// Handshakes under way: a server that is asked for more at once lets the kernel refuse some.
const COMING_MAX: usize = 128;
/// How long nobody may get in before the test gives up.
const NOBODY_COMES: Duration = Duration::from_secs(30);
/// Messages that are sent before sockets are read again.
const SAID_AT_ONCE: u64 = 256;
/// Messages of one socket without an answer: above, the server does not keep up, and they are not even sent.
const PENDING_MAX: usize = 1024;
/// What each socket of a storm has under way, and how many of a room storm.
const STORM_WINDOW: usize = 16;
const STORM_SOCKETS: usize = 10;
/// Longest wait for nothing in particular.
const TURN: Duration = Duration::from_millis(20);
/// How long connections may take to end.
const GOODBYE: Duration = Duration::from_secs(3);
/// Who was cut or left is back after this long at least, and this much longer at most.
const AWAY_MS: u64 = 200;
const AWAY_MORE_MS: u64 = 1300;

/// Shortest time in which CPU is measured.
const COUNTED_EVERY: Duration = Duration::from_millis(500);

/// Who follows a test.
pub trait Watch {
    /// A second is over; `of` the test is done, 0 to 1, in this phase.
    fn second(&mut self, phase: &'static str, of: f64, second: &Second);
    /// How often somebody asked for an end.
    fn asked_to_end(&self) -> u8;
}

/// A test that runs.
pub struct Drive<'a> {
    pub crowd: Crowd<'a>,
    load: &'a Load,
    probe: &'a Probe,
    watch: &'a mut dyn Watch,
    begun: Instant,
    next_second: Duration,
    counted: Option<(Instant, Count)>,
    usage: Option<Usage>,
    /// Where each phase began, in ms of the test.
    pub phases: Vec<(&'static str, u64)>,
    /// Messages that were not sent, because the server did not keep up.
    pub held_back: u64,
    /// How late this process itself was with what was due.
    pub late_us: u64,
    /// Whether somebody ended it.
    pub ended_early: bool,
    /// CPU seconds of this process and how long, while messages were sent.
    pub own: (f64, Duration),
}

impl<'a> Drive<'a> {
    pub fn new(crowd: Crowd<'a>, load: &'a Load, probe: &'a Probe, watch: &'a mut dyn Watch) -> Self {
        let counted = probe.count();
        let (begun, next_second) = (Instant::now(), Duration::from_secs(1));
        let (phases, own) = (Vec::new(), (0.0, Duration::ZERO));
        Self {
            crowd,
            load,
            probe,
            watch,
            begun,
            next_second,
            counted,
            usage: None,
            phases,
            held_back: 0,
            late_us: 0,
            ended_early: false,
            own,
        }
    }

    /// All of it.
    ///
    /// # Errors
    /// Why the test cannot run, in a sentence.
    pub fn run(&mut self) -> Result<(), String> {
        self.ramp()?;
        let (before, since) = (own_cpu(), Instant::now());
        if !self.ended_early {
            let churn = self.speak()?;
            self.own = (own_cpu() - before, since.elapsed());
            self.settle(churn)?;
            self.crowd.check.conclude();
        }
        self.end_second("settle", 1.0);
        self.leave()
    }

    fn phase(&mut self, name: &'static str) {
        self.phases.push((name, u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)));
    }

    /// Everyone connects and joins.
    fn ramp(&mut self) -> Result<(), String> {
        self.phase("ramp");
        let count = self.crowd.stages.len();
        let (mut opened, mut was_in, mut since) = (0, 0, Instant::now());
        loop {
            let due = ramped(count, self.begun.elapsed(), self.load.ramp);
            while opened < due && self.crowd.coming < COMING_MAX {
                self.crowd.connect(opened);
                opened += 1;
            }
            self.turn("ramp", share(opened, count), TURN)?;
            if let Some(why) = self.crowd.failed.take() {
                return Err(why);
            }
            let now_in = opened - self.crowd.coming;
            if now_in == count || self.is_ended() {
                return Ok(());
            }
            if now_in > was_in || self.crowd.coming == 0 {
                (was_in, since) = (now_in, Instant::now());
            }
            if since.elapsed() > NOBODY_COMES {
                return Err(format!(
                    "nobody got in for {} s: {was_in} of {count} sockets are in their rooms",
                    NOBODY_COMES.as_secs()
                ));
            }
        }
    }

    /// Messages are sent as the shape has it.
    fn speak(&mut self) -> Result<Churn, String> {
        self.phase("run");
        let schedule = Schedule::new(self.load.shape, self.load.rate);
        if self.load.shape == Shape::Storm {
            let sockets = self.crowd.stages.len().min(STORM_SOCKETS * self.crowd.check.rooms.len());
            self.crowd.storm = Some((STORM_WINDOW, sockets));
            (0..sockets).for_each(|at| self.crowd.storm_on(at));
        }
        let since = Instant::now();
        let (mut said, mut who) = (0, 0);
        let mut churn = Churn::new(self.load);
        while since.elapsed() < self.load.lasting && self.crowd.stages.iter().any(|stage| *stage != Stage::Gone) {
            let elapsed = since.elapsed();
            let due = schedule.due(elapsed).min(said + SAID_AT_ONCE);
            while said < due {
                let late = schedule.at(said).map_or(Duration::ZERO, |at| elapsed.saturating_sub(at));
                self.late_us = self.late_us.max(u64::try_from(late.as_micros()).unwrap_or(u64::MAX));
                self.say(&mut who);
                said += 1;
            }
            churn.turn(&mut self.crowd, elapsed, true);
            let next = schedule.at(said).map_or(TURN, |at| at.saturating_sub(since.elapsed()).min(TURN));
            self.turn("run", elapsed.as_secs_f64() / self.load.lasting.as_secs_f64(), next)?;
            if self.is_ended() {
                break;
            }
        }
        self.crowd.storm = None;
        Ok(churn)
    }

    /// The next one who can says something.
    fn say(&mut self, who: &mut usize) {
        let count = self.crowd.stages.len();
        for _ in 0..count {
            let at = *who % count;
            *who = at + 1;
            if self.crowd.stages[at] == Stage::In {
                if self.crowd.check.seats[at].pending.len() < PENDING_MAX {
                    self.crowd.say(at);
                } else {
                    self.held_back += 1;
                }
                return;
            }
        }
        self.held_back += 1;
    }

    /// Who is away comes back, and what is under way comes.
    fn settle(&mut self, mut churn: Churn) -> Result<(), String> {
        self.phase("settle");
        let since = Instant::now();
        while since.elapsed() < self.load.settle && self.watch.asked_to_end() < 2 {
            churn.turn(&mut self.crowd, since.elapsed(), false);
            if !churn.is_anyone_away(&self.crowd) && self.crowd.check.is_settled() {
                break;
            }
            self.turn("settle", share_of(since.elapsed(), self.load.settle), TURN)?;
        }
        Ok(())
    }

    fn leave(&mut self) -> Result<(), String> {
        self.phase("leave");
        self.crowd.goodbye();
        let since = Instant::now();
        while self.crowd.connected() > 0 && since.elapsed() < GOODBYE {
            self.crowd.turn(TURN).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn is_ended(&mut self) -> bool {
        self.ended_early |= self.watch.asked_to_end() > 0;
        self.ended_early
    }

    fn turn(&mut self, phase: &'static str, done: f64, wait: Duration) -> Result<(), String> {
        if self.begun.elapsed() >= self.next_second {
            self.next_second += Duration::from_secs(1);
            self.end_second(phase, done);
        }
        self.crowd.turn(wait).map_err(|error| format!("the sockets cannot be waited for: {error}"))
    }

    fn end_second(&mut self, phase: &'static str, done: f64) {
        // Ticks are long: of a part of a second they tell nothing.
        let is_due = self.counted.is_none_or(|(at, _)| at.elapsed() > COUNTED_EVERY);
        if let Some(now) = self.probe.count().filter(|_| is_due) {
            self.usage = self.counted.map(|before| probe::between(before, now));
            self.counted = Some(now);
        }
        let at_ms = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let check = &mut self.crowd.check;
        let (live, breaches) = (check.live() as u64, check.breaches.total() + check.missing_now());
        let second = check.figures.end_second(at_ms, live, breaches, self.usage);
        self.watch.second(phase, done, &second);
    }
}

/// Sockets that go and come back.
struct Churn {
    /// A second, of all.
    rate: f64,
    gone: u64,
    /// When who comes back.
    back: VecDeque<(Instant, usize)>,
}

impl Churn {
    fn new(load: &Load) -> Self {
        let rate = if load.shape == Shape::Churn { f64::from(load.sockets) * load.churn / 100.0 } else { 0.0 };
        Self { rate, gone: 0, back: VecDeque::new() }
    }

    /// Those go whose turn it is by now, if anybody still does, and those come back who were away long enough.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sockets are few")]
    fn turn(&mut self, crowd: &mut Crowd<'_>, elapsed: Duration, go: bool) {
        let due = (elapsed.as_secs_f64() * self.rate) as u64;
        while go && self.gone < due {
            self.gone += 1;
            let at = usize::try_from(stirred(self.gone) % crowd.stages.len() as u64).expect("it is below a length");
            if crowd.stages[at] == Stage::In {
                // In turn: the network fails, or the user leaves.
                if self.gone.is_multiple_of(2) { crowd.go(at) } else { crowd.cut(at) }
            }
        }
        for at in crowd.left.drain(..) {
            let away = Duration::from_millis(AWAY_MS + stirred(at as u64 ^ self.gone) % AWAY_MORE_MS);
            self.back.push_back((Instant::now() + away, at));
        }
        for _ in 0..self.back.len() {
            let Some((due, at)) = self.back.pop_front() else { break };
            if due <= Instant::now() { crowd.connect(at) } else { self.back.push_back((due, at)) }
        }
    }

    fn is_anyone_away(&self, crowd: &Crowd<'_>) -> bool {
        !self.back.is_empty() || !crowd.left.is_empty() || crowd.coming > 0 || crowd.stages.contains(&Stage::Going)
    }
}

fn own_cpu() -> f64 {
    probe::of_process(std::process::id()).map_or(0.0, |count| count.cpu_seconds)
}

#[expect(clippy::cast_precision_loss, reason = "sockets are few")]
fn share(part: usize, of: usize) -> f64 {
    part as f64 / of as f64
}

fn share_of(part: Duration, of: Duration) -> f64 {
    if of.is_zero() { 1.0 } else { part.as_secs_f64() / of.as_secs_f64() }
}
