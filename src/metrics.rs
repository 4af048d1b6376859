//! Floor 1 · `metrics`: what the server counts of itself, for Prometheus. One value a server, handed down to where things happen: there
//! is no global, so that several servers in one process do not mix.
//!
//! What exists as state anyway, such as who is here, is not counted: whoever asks is told how it is ([`Found`]).

mod commands;
mod flow;
mod found;
mod histogram;
mod http;
mod mailbox;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::{EncodeLabelSet, prometheus_text, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::codes::Close;

pub use self::commands::{Commands, Kind};
pub use self::flow::{Flow, Kind as SessionKind};
pub use self::found::{Crowd, Found, Held, Machine, Pending, Thread};
pub use self::http::Http;
pub(crate) use self::mailbox::counted;
pub use self::mailbox::{Mailbox, Queued};

use self::found::Label;
use self::histogram::{Histogram, MICRO, MILLI};

/// As what a client without a socket that looks for news counts among the commands.
pub const RECEIVE: &str = "receive";

/// How many events a transaction has, up to the most it may have.
const BATCH_BOUNDS: &[u64] = &[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
/// From a fast disk to one that is as good as gone.
const COMMIT_BOUNDS: &[u64] = &[
    250 * MICRO,
    500 * MICRO,
    MILLI,
    2 * MILLI,
    5 * MILLI,
    10 * MILLI,
    20 * MILLI,
    50 * MILLI,
    100 * MILLI,
    250 * MILLI,
    1000 * MILLI,
    5000 * MILLI,
];

/// Where a panic was caught.
#[derive(Clone, Copy, Debug)]
pub enum Panicked {
    /// In a room: a command or a hook.
    InRoom,
    /// Before the room: what a command needs from outside.
    Outside,
    /// In what answers a request.
    InRoute,
}

impl Panicked {
    const ALL: [Self; 3] = [Self::InRoom, Self::Outside, Self::InRoute];

    const fn name(self) -> &'static str {
        match self {
            Self::InRoom => "room",
            Self::Outside => "prepare",
            Self::InRoute => "route",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Closed {
    code: u16,
    reason: &'static str,
}

/// What the journal does.
#[derive(Clone, Debug)]
pub struct Transactions {
    events: Histogram,
    times: Histogram,
    failures: Counter,
}

impl Transactions {
    /// One of so many events took so long, and they are kept or not.
    pub fn took(&self, events: usize, time: Duration, kept: bool) {
        self.events.count(events as u64);
        self.times.count_time(time);
        self.failures.inc_by(u64::from(!kept));
    }
}

/// The mailboxes that are counted.
#[derive(Clone, Debug, Default)]
pub struct Mailboxes {
    /// Of all rooms.
    pub rooms: Mailbox,
    /// Of the fan-outs of all threads.
    pub fanouts: Mailbox,
    /// Of the lobby.
    pub lobby: Mailbox,
    /// Of all pollers.
    pub pollers: Mailbox,
}

/// All that one server counts.
pub struct Metrics {
    registry: Registry,
    flows: Mutex<Vec<Arc<Flow>>>,
    /// Commands, by what became of them.
    pub commands: Commands,
    /// The journal.
    pub journal: Transactions,
    /// Plain HTTP.
    pub http: Http,
    /// Messages that wait for actors.
    pub mailboxes: Mailboxes,
    refused: Family<Label, Counter>,
    closed: Family<Closed, Counter>,
    panics: Family<Label, Counter>,
    uploads: Family<Label, Counter>,
    upload_bytes: Counter,
}

impl Metrics {
    /// For a server with commands of these names, which lets nobody in for one of these reasons.
    pub fn new(commands: impl IntoIterator<Item = &'static str>, refusals: &[&'static str]) -> Self {
        let mut registry = Registry::default();
        let http = Http::new(&mut registry);
        let commands = Commands::new(commands);
        let journal = Transactions {
            events: Histogram::of_counts(BATCH_BOUNDS),
            times: Histogram::of_times(COMMIT_BOUNDS),
            failures: Counter::default(),
        };
        let family = |label, values: &[&'static str]| {
            let family = Family::<Label, Counter>::default();
            for value in values {
                drop(family.get_or_create(&[(label, *value)]));
            }
            family
        };
        let refused = family("reason", refusals);
        let (panics, uploads) = (family("place", &Panicked::ALL.map(Panicked::name)), family("kind", &["image", "file"]));
        let (closed, upload_bytes) = (Family::<Closed, Counter>::default(), Counter::default());
        for close in Close::ALL {
            drop(closed.get_or_create(&closed_by(close)));
        }
        registry.register("papo_commands", "Commands that were answered, by what became of them", commands.clone());
        registry.register("papo_sockets_refused", "Sockets, pollers and streams that were not let in", refused.clone());
        registry.register("papo_sockets_closed", "Sockets, pollers and streams that ended, by close code", closed.clone());
        registry.register("papo_journal_batch_events", "Events of one transaction of the journal", journal.events.clone());
        registry.register("papo_journal_commit_seconds", "Time until a transaction was kept", journal.times.clone());
        registry.register("papo_journal_failures", "Transactions of which nothing was kept", journal.failures.clone());
        registry.register("papo_panics", "Panics that were caught, by where", panics.clone());
        registry.register("papo_uploads", "Files that were sent in and kept", uploads.clone());
        registry.register("papo_upload_bytes", "Their bytes, thumbnails apart", upload_bytes.clone());
        Self {
            registry,
            flows: Mutex::default(),
            commands,
            journal,
            http,
            mailboxes: Mailboxes::default(),
            refused,
            closed,
            panics,
            uploads,
            upload_bytes,
        }
    }

    /// What goes through one more thread.
    pub fn flow(&self) -> Arc<Flow> {
        let flow = Arc::<Flow>::default();
        // Nobody panics while holding it, and a list is never half-written.
        self.flows.lock().unwrap_or_else(PoisonError::into_inner).push(flow.clone());
        flow
    }

    /// A session was not let in, for one of the reasons there are.
    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&[("reason", reason)]).inc();
    }

    /// A session has ended.
    pub fn closed(&self, close: Close) {
        self.closed.get_or_create(&closed_by(close)).inc();
    }

    /// A panic was caught.
    pub fn panicked(&self, place: Panicked) {
        self.panics.get_or_create(&[("place", place.name())]).inc();
    }

    /// A file is kept.
    pub fn uploaded(&self, is_image: bool, bytes: u64) {
        self.uploads.get_or_create(&[("kind", if is_image { "image" } else { "file" })]).inc();
        self.upload_bytes.inc_by(bytes);
    }

    /// Everything as text: OpenMetrics 1.0, or the older format that every tool reads.
    pub fn text(&self, found: &Found, is_openmetrics: bool) -> String {
        let mut now = Registry::default();
        let all = Flow::default();
        self.flows.lock().unwrap_or_else(PoisonError::into_inner).iter().for_each(|flow| all.add(flow));
        found.register(&mut now, &all, &self.mailboxes);
        let mut told = String::with_capacity(32 * 1024);
        let written = if is_openmetrics {
            text::encode_registry(&mut told, &self.registry).and_then(|()| text::encode(&mut told, &now))
        } else {
            prometheus_text::encode(&mut told, &self.registry).and_then(|()| prometheus_text::encode(&mut told, &now))
        };
        written.expect("writing to a string does not fail");
        told
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new([], &[])
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Metrics").finish_non_exhaustive()
    }
}

fn closed_by(close: Close) -> Closed {
    let (code, reason) = close.row();
    Closed { code, reason }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_servers_count_apart() {
        let (one, other) = (Metrics::default(), Metrics::default());
        one.closed(Close::Slow);
        let line = r#"papo_sockets_closed_total{code="4008",reason="slow consumer"}"#;
        assert!(one.text(&Found::default(), false).contains(&format!("{line} 1")));
        assert!(
            other.text(&Found::default(), false).contains(&format!("{line} 0")),
            "what can be counted is there from the start"
        );
    }

    #[test]
    fn what_goes_through_several_threads_is_one_sum() {
        let metrics = Metrics::default();
        for flow in [metrics.flow(), metrics.flow()] {
            flow.given([100].into_iter(), 2);
            flow.came_in(10);
        }
        let text = metrics.text(&Found::default(), true);
        assert!(text.contains("papo_deliveries_total 4\n") && text.contains("papo_delivery_bytes_total 400\n"), "{text}");
        assert!(text.contains("papo_frame_bytes_count{direction=\"in\"} 2\n") && text.ends_with("# EOF\n"), "{text}");
    }

    #[test]
    fn both_formats_name_each_metric_once() {
        let metrics = Metrics::new(["send"], &["full"]);
        for is_openmetrics in [false, true] {
            let text = metrics.text(&Found::default(), is_openmetrics);
            let mut types: Vec<&str> = text.lines().filter(|line| line.starts_with("# TYPE ")).collect();
            let all = types.len();
            types.sort_unstable();
            types.dedup();
            assert_eq!(types.len(), all, "{text}");
        }
    }
}
