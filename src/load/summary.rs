//! Floor 9 · `load`: the result of a test as text for a terminal.

use std::fmt::Write as _;

use super::figures::Quantiles;
use super::outcome::{Outcome, Verdict};
use super::words::{count, latency, memory, number};

/// The verdict in a sentence.
pub fn verdict(of: &Outcome) -> String {
    let broken: u64 = of.broken.iter().map(|broken| broken.count).sum();
    match of.verdict {
        Verdict::Held => "HELD: nothing lost, nothing twice, one order for all".into(),
        Verdict::Behind => "HELD, BUT DID NOT TAKE ALL OF IT: nothing lost, nothing twice, one order for all".into(),
        Verdict::Broken => format!("BROKEN: {} promises were not kept", count(broken)),
    }
}

/// What was asked for, in a line.
pub fn load(of: &Outcome) -> String {
    let rate = of.rate.map_or(String::new(), |rate| format!(" · {} messages/s of {} bytes", number(rate), of.bytes));
    let seconds = number(f64::from(u32::try_from(of.run_ms / 100).unwrap_or(u32::MAX)) / 10.0);
    format!("{} · {} sockets in {} rooms{rate} · {seconds} s", of.shape, count(of.sockets.into()), count(of.rooms.into()))
}

/// The names and values of the figures.
pub fn figures(of: &Outcome) -> Vec<(&'static str, String)> {
    let mut figures = vec![
        ("sent", format!("{} messages", count(of.sent))),
        ("delivered", format!("{}, {} a second", count(of.deliveries), number(of.deliveries_per_second))),
        ("latency", quantiles(&of.latency)),
        ("answers", quantiles(&of.answers)),
        ("connects", quantiles(&of.connect)),
    ];
    if of.caught_up > 0 {
        figures.push(("caught up", format!("{} events, read by those who came back", count(of.caught_up))));
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
        let _ = writeln!(text, "\n{}: {} {}", broken.kind.to_uppercase(), count(broken.count), broken.says);
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
