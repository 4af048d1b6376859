//! Floor 1 · `metrics/found`: what is asked for when somebody wants to know, because it is there as state: who is here, what waits, what
//! the process takes. What did not answer in time is left out.

use std::time::Duration;

use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::registry::Registry;

use super::Mailboxes;
use super::flow::{Flow, Kind};
use crate::process::Usage;

/// One label and its value.
pub(super) type Label = [(&'static str, &'static str); 1];

/// Who is here, as the lobby knows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Crowd {
    /// Users with a session.
    pub users: usize,
    /// How many of them are guests.
    pub guests: usize,
    /// Seats, of which each is one user in one room.
    pub members: usize,
    /// Rooms.
    pub rooms: usize,
    /// How many of them have an actor.
    pub open_rooms: usize,
}

/// What a fan-out knows of its thread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// Sessions, in the order of [`Kind::ALL`].
    pub sessions: [usize; Kind::ALL.len()],
    /// How many of them have something waiting.
    pub behind: usize,
    /// What waits for all of them.
    pub waiting: Held,
    /// Passing frames that were dropped so far.
    pub dropped: u64,
}

/// What is held for somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// Frames.
    pub frames: usize,
    /// Their bytes.
    pub bytes: usize,
}

/// What waits for the journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Events.
    pub events: usize,
    /// What rooms have put down, of one event or several each, and other work.
    pub works: usize,
}

/// What the process and its disk tell.
#[derive(Clone, Copy, Debug, Default)]
pub struct Machine {
    /// What the process takes.
    pub usage: Option<Usage>,
    /// When it was started, in seconds since 1970.
    pub started_at: Option<f64>,
    /// Open files.
    pub files: Option<u64>,
    /// How many there may be.
    pub files_max: Option<u64>,
    /// Bytes of the database, and of what is not in it yet.
    pub database_bytes: [Option<u64>; 2],
}

/// All that is asked for.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Of the lobby.
    pub crowd: Option<Crowd>,
    /// Of all fan-outs together.
    pub threads: Option<Thread>,
    /// Of the journal.
    pub pending: Option<Pending>,
    /// How long the question waited for its answer, by actor; `None` where none came in time.
    pub waits: Vec<(&'static str, Option<Duration>)>,
    /// Of the system.
    pub machine: Machine,
    /// Connections to the database that read: in use, and idle.
    pub connections: [usize; 2],
    /// Lines of the traffic log that were lost, and bytes that wait for it.
    pub traffic: (u64, usize),
    /// Whether the server is going down.
    pub draining: bool,
}

impl Thread {
    /// This thread and the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            sessions: std::array::from_fn(|kind| self.sessions[kind] + other.sessions[kind]),
            behind: self.behind + other.behind,
            waiting: Held { frames: self.waiting.frames + other.waiting.frames, bytes: self.waiting.bytes + other.waiting.bytes },
            dropped: self.dropped + other.dropped,
        }
    }
}

impl Found {
    pub(super) fn register(&self, to: &mut Registry, flow: &Flow, mailboxes: &Mailboxes) {
        one(to, "papo_build_info", "1, with the version", labelled("version", [(env!("CARGO_PKG_VERSION"), 1)]));
        one(to, "papo_draining", "Whether the server is going down", gauge(usize::from(self.draining)));
        self.people(to);
        deliveries(to, flow);
        self.queues(to, mailboxes);
        self.database(to);
        self.process(to);
    }

    fn people(&self, to: &mut Registry) {
        if let Some(Thread { sessions, .. }) = self.threads {
            let of_kind = Kind::ALL.map(Kind::name).into_iter().zip(sessions);
            one(to, "papo_sockets", "Sockets, pollers and streams", labelled("kind", of_kind));
        }
        if let Some(crowd) = self.crowd {
            one(to, "papo_users", "Users with a socket, a poller or a stream, guests among them", gauge(crowd.users));
            one(to, "papo_guests", "Guests among these users", gauge(crowd.guests));
            one(to, "papo_members", "Seats that are taken: one a user in a room", gauge(crowd.members));
            one(to, "papo_rooms", "Rooms", gauge(crowd.rooms));
            one(to, "papo_rooms_open", "Rooms that are in memory", gauge(crowd.open_rooms));
        }
    }

    fn queues(&self, to: &mut Registry, mailboxes: &Mailboxes) {
        if let Some(thread) = self.threads {
            one(to, "papo_outbox_frames", "Frames that wait for sockets and streams", gauge(thread.waiting.frames));
            one(to, "papo_outbox_bytes", "Bytes that wait for sockets and streams", gauge(thread.waiting.bytes));
            one(to, "papo_outbox_sockets", "Sockets and streams for which something waits", gauge(thread.behind));
            let help = "Frames that were dropped for the slow because what they tell is soon told again";
            one(to, "papo_passing_frames_dropped", help, ConstCounter::new(thread.dropped));
        }
        let mut waiting: Vec<(&'static str, usize)> = [
            ("room", &mailboxes.rooms),
            ("fanout", &mailboxes.fanouts),
            ("lobby", &mailboxes.lobby),
            ("poller", &mailboxes.pollers),
        ]
        .map(|(actor, mailbox)| (actor, usize::try_from(mailbox.0.get()).unwrap_or_default()))
        .into();
        if let Some(Pending { events, works }) = self.pending {
            one(to, "papo_journal_waiting_events", "Events that wait for the journal", gauge(events));
            waiting.push(("journal", works));
        }
        one(to, "papo_mailbox_messages", "Messages that wait for actors of this kind", labelled("actor", waiting));
        let seconds = Family::<Label, Gauge<f64, std::sync::atomic::AtomicU64>>::default();
        for (actor, wait) in self.waits.iter().filter_map(|(actor, wait)| Some((actor, (*wait)?))) {
            seconds.get_or_create(&[("actor", *actor)]).set(wait.as_secs_f64());
        }
        one(to, "papo_mailbox_wait_seconds", "How long a question took through the mailbox of the slowest actor", seconds);
        let missing = self.waits.iter().map(|(actor, wait)| (*actor, usize::from(wait.is_none())));
        one(to, "papo_scrape_unanswered", "Whether such an actor did not answer this scrape in time", labelled("actor", missing));
    }

    fn database(&self, to: &mut Registry) {
        let states = ["used", "idle"].into_iter().zip(self.connections);
        one(to, "papo_database_connections", "Connections to the database that read", labelled("state", states));
        let files = ["main", "wal"].into_iter().zip(self.machine.database_bytes);
        let sizes = files.filter_map(|(file, bytes)| Some((file, usize::try_from(bytes?).ok()?)));
        one(to, "papo_database_bytes", "Size of the files of the database", labelled("file", sizes));
        let (lost, bytes) = self.traffic;
        one(to, "papo_traffic_log_lost_lines", "Lines of the traffic log that were lost", ConstCounter::new(lost));
        one(to, "papo_traffic_log_waiting_bytes", "Bytes that wait for the traffic log", gauge(bytes));
    }

    /// Named as every client of Prometheus names them.
    fn process(&self, to: &mut Registry) {
        let Machine { usage, started_at, files, files_max, .. } = self.machine;
        if let Some(usage) = usage {
            one(to, "process_cpu_seconds", "Processor time in user and system mode", ConstCounter::new(usage.cpu_seconds));
            one(to, "process_resident_memory_bytes", "Memory in RAM", whole(usage.memory_bytes));
            one(to, "process_virtual_memory_bytes", "Memory that is addressed", whole(usage.virtual_bytes));
            one(to, "process_threads", "Threads", whole(usage.threads));
        }
        if let Some(at) = started_at {
            one(to, "process_start_time_seconds", "When the process was started, in seconds since 1970", ConstGauge::new(at));
        }
        if let Some(files) = files {
            one(to, "process_open_fds", "Open files, sockets among them", whole(files));
        }
        if let Some(most) = files_max {
            one(to, "process_max_fds", "How many files may be open", whole(most));
        }
    }
}

fn deliveries(to: &mut Registry, flow: &Flow) {
    one(to, "papo_deliveries", "Frames of rooms given to the sessions that hear them", flow.deliveries.clone());
    one(to, "papo_delivery_bytes", "Bytes of these frames", flow.delivery_bytes.clone());
    one(to, "papo_frame_bytes", "Sizes of text frames from clients, and of frames of rooms to them", flow.sizes());
    one(to, "papo_sockets_opened", "Sockets, pollers and streams that were let in and began", flow.openings());
}

fn one(to: &mut Registry, name: &str, help: &str, metric: impl prometheus_client::registry::Metric) {
    to.register(name, help, metric);
}

fn whole(value: u64) -> ConstGauge {
    ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX))
}

fn gauge(value: usize) -> ConstGauge {
    whole(value as u64)
}

fn labelled(label: &'static str, values: impl IntoIterator<Item = (&'static str, usize)>) -> Family<Label, Gauge> {
    let family = Family::<Label, Gauge>::default();
    for (value, count) in values {
        family.get_or_create(&[(label, value)]).set(i64::try_from(count).unwrap_or(i64::MAX));
    }
    family
}
