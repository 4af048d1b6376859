//! Floor 9 · `load`: the result of a test as one page that needs nothing else: whether the server held, why, and when.

mod plot;

use std::ops::Range;

use askama::Template;
use time::OffsetDateTime;
use time::macros::format_description;

use super::breach::{Breach, Broken, in_short};
use super::figures::Second;
use super::outcome::{Outcome, Verdict};
use super::summary;
use super::words::{count, latency, memory, number};
use plot::{Line, Plot};

/// A shorter part of a second says nothing.
const PART_MS_MIN: u64 = 250;

/// The page.
#[derive(Template)]
#[template(path = "load-report.html")]
struct Page<'a> {
    tokens: &'static str,
    version: &'static str,
    when: String,
    of: &'a Outcome,
    load: String,
    /// The class of the verdict.
    class: &'static str,
    held: &'static str,
    because: String,
    figures: Vec<(&'static str, String, &'static str)>,
    promises: Vec<Promise<'a>>,
    plots: Vec<Drawn>,
    details: Vec<(&'static str, String)>,
}

/// One promise of the protocol, and whether it was kept.
struct Promise<'a> {
    name: &'static str,
    broken: Option<&'a Broken>,
    count: String,
    /// Whether there are more than are named.
    more: bool,
}

/// One plot, with what it is called and its lines are.
struct Drawn {
    title: &'static str,
    lines: &'static [&'static str],
    svg: String,
}

/// The page of `of`, which ended at `now_ms`.
pub fn page(of: &Outcome, now_ms: i64) -> String {
    let (class, held, because) = verdict(of);
    let page = Page {
        tokens: include_str!("../../static/css/tokens.css"),
        version: env!("CARGO_PKG_VERSION"),
        when: when(now_ms),
        of,
        load: summary::load(of),
        class,
        held,
        because,
        figures: figures(of),
        promises: Breach::ALL.into_iter().map(|breach| promise(of, breach)).collect(),
        plots: plots(of),
        details: summary::figures(of),
    };
    page.render().expect("the page is written into a text")
}

fn verdict(of: &Outcome) -> (&'static str, &'static str, String) {
    match of.verdict {
        Verdict::Held => ("held", "The server held", "Every promise was kept, and everything was taken.".into()),
        Verdict::Behind => (
            "behind",
            "It held, but did not take all of it",
            "Every promise was kept; a part of the load was refused or held back.".into(),
        ),
        Verdict::Broken => ("broken", "The server did not hold", format!("Promises were broken: {}.", in_short(&of.broken))),
    }
}

fn when(now_ms: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(now_ms / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    time.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).unwrap_or_default()
}

/// What is read first: a value, its name, and what is beside it.
fn figures(of: &Outcome) -> Vec<(&'static str, String, &'static str)> {
    let mut figures = vec![
        ("deliveries a second", number(of.deliveries_per_second), ""),
        ("latency, half below", latency(of.latency.p50_us), "p50"),
        ("latency, 99 % below", latency(of.latency.p99_us), "p99"),
        ("latency, the longest", latency(of.latency.max_us), "max"),
        ("sockets", count(of.sockets.into()), ""),
    ];
    if of.latency.count == 0 {
        figures.retain(|(_, _, kind)| kind.is_empty());
    }
    if let Some(server) = &of.server {
        figures.push(("CPU of the server, mean", format!("{:.0} %", server.cpu_mean * 100.0), ""));
        figures.push(("memory of the server, most", memory(server.memory_max_bytes), ""));
    }
    figures
}

fn promise(of: &Outcome, breach: Breach) -> Promise<'_> {
    let broken = of.broken.iter().find(|broken| broken.kind == breach.name());
    let number = broken.map_or(0, |broken| broken.count);
    let more = broken.is_some_and(|broken| number > broken.named.len() as u64);
    Promise { name: breach.promise(), broken, count: count(number), more }
}

/// One line of a plot, out of what is known of each second and how long it was, which is a part at the end.
#[expect(clippy::cast_precision_loss, reason = "it is drawn within some hundred pixels")]
fn line(of: &Outcome, value: impl Fn(&Second, f64) -> Option<f64>) -> Line {
    let mut before = 0;
    let point = |second: &Second| {
        let took_ms = second.at_ms.saturating_sub(std::mem::replace(&mut before, second.at_ms));
        let value = if took_ms < PART_MS_MIN { None } else { value(second, took_ms as f64 / 1000.0) };
        (second.at_ms as f64 / 1000.0, value)
    };
    of.seconds.iter().map(point).collect()
}

#[expect(clippy::cast_precision_loss, reason = "it is drawn within some hundred pixels")]
fn plots(of: &Outcome) -> Vec<Drawn> {
    let seconds = of.seconds.last().map_or(1.0, |second| second.at_ms as f64 / 1000.0);
    let began = |phase: &str| of.phases.iter().find(|(name, _)| *name == phase).map(|(_, at_ms)| *at_ms as f64 / 1000.0);
    let begin = began("run").unwrap_or(seconds);
    let run: Range<f64> = begin..began("settle").unwrap_or(seconds);
    let drawn = |title, lines: &'static [&'static str], values: Vec<Line>, logarithmic, written| {
        let plot = Plot { lines: values, logarithmic, written, run: run.clone(), seconds };
        plot.svg().map(|svg| Drawn { title, lines, svg })
    };
    let heard = |us: fn(&Second) -> u64| line(of, move |second, _| (second.deliveries > 0).then(|| us(second) as f64));
    let latencies = vec![heard(|second| second.p50_us), heard(|second| second.p99_us), heard(|second| second.max_us)];
    let all = [
        drawn(
            "Deliveries a second",
            &["deliveries"],
            vec![line(of, |second, took| Some(second.deliveries as f64 / took))],
            false,
            number,
        ),
        drawn("Latency, from sending to receipt", &["p50", "p99", "max"], latencies, true, written_latency),
        drawn("Sockets in their rooms", &["sockets"], vec![line(of, |second, _| Some(second.sockets as f64))], false, number),
        drawn("CPU of the server", &["processors in use"], vec![line(of, |second, _| second.cpu)], false, written_cpu),
        drawn(
            "Memory of the server",
            &["resident"],
            vec![line(of, |second, _| Some(second.memory_bytes? as f64))],
            false,
            written_memory,
        ),
    ];
    let broken = of.verdict == Verdict::Broken;
    let breaches = broken.then(|| {
        // To the very end, where what is missing is found.
        let values = vec![of.seconds.iter().map(|second| (second.at_ms as f64 / 1000.0, Some(second.breaches as f64))).collect()];
        drawn("Broken promises so far", &["broken"], values, false, number)
    });
    breaches.flatten().into_iter().chain(all.into_iter().flatten()).collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a latency is a whole number of µs")]
fn written_latency(us: f64) -> String {
    latency(us.round() as u64)
}

fn written_cpu(processors: f64) -> String {
    format!("{:.0} %", processors * 100.0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "memory is a whole number of bytes")]
fn written_memory(bytes: f64) -> String {
    memory(bytes.round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::outcome::tests::outcome;

    #[test]
    fn the_page_says_at_once_whether_the_server_held_and_needs_nothing_else() {
        let held = page(&outcome(Verdict::Held), 0);
        assert!(held.contains("The server held") && held.contains("1970-01-01 00:00 UTC"), "{held}");
        assert_eq!(held.matches("<svg").count(), 1 + 5, "a mark and five plots");
        for outside in ["src=", "href=", "url(", "@import"] {
            assert!(!held.contains(outside), "{outside}");
        }
        assert!(page(&outcome(Verdict::Behind), 0).contains("did not take all of it"));
    }

    #[test]
    fn what_was_broken_is_named_and_cannot_write_into_the_page() {
        let mut of = outcome(Verdict::Broken);
        of.broken = vec![Broken { kind: "lost", count: 1234, says: "never came", named: vec!["<b>sala</b> seq 7".into()] }];
        let page = page(&of, 0);
        assert!(page.contains("The server did not hold") && page.contains("Promises were broken: 1,234 lost."));
        assert!(page.contains("&#60;b&#62;sala") && !page.contains("<b>sala"), "{page}");
        assert!(page.contains("Broken promises so far"));
    }
}
