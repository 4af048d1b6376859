//! Floor 9 · `load`: the result of a test as text for a terminal.

use std::fmt::Write as _;

use super::breach::in_short;
use super::figures::Quantiles;
use super::outcome::{Outcome, Verdict};
use super::words::{self, count, latency, memory, number};

/// The verdict in a sentence.
pub fn verdict(of: &Outcome) -> String {
    match of.verdict {
        Verdict::Held => "HELD: nothing lost, nothing twice, one order for all".into(),
        Verdict::Behind => "HELD, BUT DID NOT TAKE ALL OF IT: nothing lost, nothing twice, one order for all".into(),
        Verdict::Broken => format!("BROKEN: {}", in_short(&of.broken)),
    }
}

/// What was asked for, in a line.
pub fn load(of: &Outcome) -> String {
    let rate = of.rate.map_or(String::new(), |rate| format!(" · {} messages/s of {} bytes", number(rate), of.bytes));
    let seconds = number(f64::from(u32::try_from(of.run_ms / 100).unwrap_or(u32::MAX)) / 10.0);
    let (sockets, rooms) = (words::of(of.sockets.into(), "socket"), words::of(of.rooms.into(), "room"));
    format!("{} · {sockets} in {rooms}{rate} · {seconds} s", of.shape)
}

/// The names and values of the figures.
pub fn figures(of: &Outcome) -> Vec<(&'static str, String)> {
    let mut figures = vec![
        ("sent", words::of(of.sent, "message")),
        ("delivered", format!("{}, {} a second", count(of.deliveries), number(of.deliveries_per_second))),
        ("latency", quantiles(&of.latency)),
        ("answers", quantiles(&of.answers)),
        ("connects", quantiles(&of.connect)),
    ];
    if of.caught_up > 0 {
        figures.push(("caught up", words::of(of.caught_up, "event") + ", read by those who came back"));
    }
    if let Some(server) = &of.server {
        let cpu = format!("CPU {:.0} % on average, {:.0} % at most", server.cpu_mean * 100.0, server.cpu_max * 100.0);
        let each = server.us_per_delivery.map_or(String::new(), |us| format!(" · {us:.1} µs a delivery"));
        figures.push(("server", format!("{cpu}{each} · memory {} at most", memory(server.memory_max_bytes))));
    }
    let late = latency(of.tester_late_us);
    figures.push(("this process", format!("CPU {:.0} % · late by {late} at most", of.tester_cpu * 100.0)));
    let closes: Vec<String> = of.closes.iter().map(|(code, number)| format!("{code} × {}", count(*number))).collect();
    if !closes.is_empty() {
        figures.push(("closes", closes.join(", ")));
    }
    figures
}

/// All of it.
pub fn text(of: &Outcome) -> String {
    let mut text = format!("{}\n\n  {}\n", verdict(of), load(of));
    for (name, value) in figures(of) {
        let _ = writeln!(text, "  {name:<13}{value}");
    }
    for broken in &of.broken {
        let _ = writeln!(text, "\n{} {}: {}", broken.kind.to_uppercase(), count(broken.count), broken.says);
        for name in &broken.named {
            let _ = writeln!(text, "  {name}");
        }
        if broken.count > broken.named.len() as u64 {
            text += "  …\n";
        }
    }
    for note in &of.notes {
        let _ = write!(text, "\n{note}\n");
    }
    text
}

fn quantiles(of: &Quantiles) -> String {
    if of.count == 0 {
        return "–".into();
    }
    let named = [("p50", of.p50_us), ("p90", of.p90_us), ("p99", of.p99_us), ("p99.9", of.p999_us), ("max", of.max_us)];
    named.map(|(name, us)| format!("{name} {}", latency(us))).join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::breach::Broken;
    use crate::load::outcome::tests::outcome;

    #[test]
    fn a_result_is_the_verdict_then_figures_then_what_was_broken() {
        let mut of = outcome(Verdict::Held);
        let held = text(&of);
        assert!(held.starts_with(
            "HELD: nothing lost, nothing twice, one order for all\n\n  steady · 10 sockets in 1 room · 20 messages/s"
        ));
        assert!(held.contains("  latency      p50 2.0 ms · p90 5.0 ms · p99 9.0 ms · p99.9 20 ms · max 20 ms\n"), "{held}");
        assert!(held.contains("CPU 25 % on average, 25 % at most · 1064.8 µs a delivery · memory 40 MiB at most"), "{held}");
        of.verdict = Verdict::Broken;
        of.broken = vec![Broken { kind: "lost", count: 2, says: "never came", named: vec!["sala seq 7: missed by ana".into()] }];
        of.notes = vec!["The test was ended early.".into()];
        let broken = text(&of);
        assert!(broken.starts_with("BROKEN: 2 lost\n"));
        assert!(
            broken.ends_with("\nLOST 2: never came\n  sala seq 7: missed by ana\n  …\n\nThe test was ended early.\n"),
            "{broken}"
        );
    }
}
