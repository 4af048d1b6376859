//! Floor 9 · `load`: how a test goes on: a bar on a terminal, lines elsewhere; both on standard error.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::drive::Watch;
use super::figures::Second;
use super::words::{count, latency};

/// Steps of a bar.
const STEPS: u64 = 1000;
/// Lines of a short test, about, where there is no terminal; and most seconds between two of a long one.
const LINES: u64 = 20;
const EVERY_MAX: u64 = 10;

/// What somebody sees while a test runs.
pub struct Progress {
    bar: Option<ProgressBar>,
    /// Seconds between lines.
    every: u64,
    seconds: u64,
    asked_to_end: Arc<AtomicU8>,
}

impl Progress {
    /// Of a test of about this length; `asked_to_end` counts how often somebody wants it to end.
    pub fn new(lasting: Duration, asked_to_end: Arc<AtomicU8>) -> Self {
        let bar = io::stderr().is_terminal().then(|| {
            let style = ProgressStyle::with_template("{prefix:>7} {bar:24.cyan/dim} {elapsed_precise} {msg}");
            let style = style.expect("the template is good").progress_chars("━╸─");
            ProgressBar::with_draw_target(Some(STEPS), ProgressDrawTarget::stderr()).with_style(style)
        });
        Self { bar, every: (lasting.as_secs() / LINES).clamp(1, EVERY_MAX), seconds: 0, asked_to_end }
    }

    /// `made` of `all` users are signed in.
    pub fn users(&self, made: usize, all: usize) {
        if let Some(bar) = &self.bar {
            bar.set_prefix("users");
            bar.set_position(STEPS * made as u64 / all.max(1) as u64);
            bar.set_message(format!("{made} of {all} signed in"));
        } else if made == all {
            say(&format!("users    {all} signed in"));
        }
    }

    /// It is over.
    pub fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Watch for Progress {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "steps are few")]
    fn second(&mut self, phase: &'static str, done: f64, second: &Second) {
        self.seconds += 1;
        let message = line(second);
        if let Some(bar) = &self.bar {
            bar.set_prefix(phase);
            bar.set_position((done.clamp(0.0, 1.0) * STEPS as f64) as u64);
            bar.set_message(message);
        } else if self.seconds.is_multiple_of(self.every) {
            say(&format!("{phase:7} {:>4} s  {message}", second.at_ms / 1000));
        }
    }

    fn asked_to_end(&self) -> u8 {
        self.asked_to_end.load(Ordering::Relaxed)
    }
}

/// A line for whoever watches; a test goes on when nobody does.
fn say(line: &str) {
    let _ = io::Write::write_all(&mut io::stderr(), format!("{line}\n").as_bytes());
}

/// One second in words.
fn line(second: &Second) -> String {
    let Second { sockets, sent, deliveries, p99_us, breaches, .. } = *second;
    let mut line = format!("{} sockets · {} sent/s · {} deliveries/s", count(sockets), count(sent), count(deliveries));
    if deliveries > 0 {
        let _ = write!(line, " · p99 {}", latency(p99_us));
    }
    if let Some(cpu) = second.cpu {
        let _ = write!(line, " · server {:.0} %", cpu * 100.0);
    }
    if breaches > 0 {
        let _ = write!(line, " · {} BROKEN", count(breaches));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_is_told_with_what_is_known_and_what_is_wrong() {
        let mut second = Second { sockets: 10_000, sent: 20, deliveries: 1980, p99_us: 4200, ..Second::default() };
        assert_eq!(line(&second), "10,000 sockets · 20 sent/s · 1,980 deliveries/s · p99 4.2 ms");
        (second.cpu, second.breaches) = (Some(0.5), 3);
        assert!(line(&second).ends_with("p99 4.2 ms · server 50 % · 3 BROKEN"));
    }
}
