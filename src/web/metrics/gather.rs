//! Floor 8 · `web/metrics`: asks the actors and the system how it stands. Whoever does not answer in time is not waited for.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use actix::MailboxError;
use futures_util::future::{join_all, join4};
use tokio::time::timeout;

use crate::fanout::{self, FanOuts};
use crate::journal::{self, Inbox};
use crate::lobby;
use crate::metrics::{Found, Machine, Thread};
use crate::process;
use crate::traffic::Traffic;
use crate::web::context::Context;

/// How long an actor may take to answer. Prometheus waits for 10 s unless told otherwise, and many are told 1 s.
const ANSWER_TIMEOUT: Duration = Duration::from_millis(500);

/// What is asked, beside what every handler knows.
pub struct Watched {
    /// The threads of the sockets.
    pub fanouts: FanOuts,
    /// What waits to be kept.
    pub journal: Inbox,
    /// The log of messages exchanged.
    pub traffic: Traffic,
    /// The file of the database.
    pub database: Option<PathBuf>,
    /// When the process was started.
    pub started_at: Option<f64>,
}

impl Watched {
    /// How it stands.
    pub async fn gather(&self, context: &Context) -> Found {
        let fanouts = self.fanouts.all();
        let threads = join_all(fanouts.iter().map(|fanout| answer(fanout.send(fanout::Census))));
        let crowd = answer(context.lobby.send(lobby::Census));
        let pending = answer(self.journal.journal().send(journal::Census));
        let (threads, crowd, pending, machine) = join4(threads, crowd, pending, self.machine()).await;
        let slowest = threads.iter().map(|told| told.map(|(_, wait)| wait)).reduce(|one, other| Some(one?.max(other?)));
        let threads = threads.iter().map(|told| told.map(|(thread, _)| thread)).reduce(|one, other| Some(one?.and(other?)));
        let waits =
            [("fanout", slowest.flatten()), ("lobby", crowd.map(|(_, wait)| wait)), ("journal", pending.map(|(_, wait)| wait))];
        Found {
            crowd: crowd.map(|(crowd, _)| crowd),
            threads: Option::<Option<Thread>>::flatten(threads),
            pending: pending.map(|(pending, _)| pending),
            waits: waits.into(),
            machine,
            connections: context.store.readers(),
            traffic: self.traffic.behind(),
            draining: context.is_draining(),
        }
    }

    /// Asked on a thread that may wait for a disk.
    async fn machine(&self) -> Machine {
        let (started_at, database) = (self.started_at, self.database.clone());
        let asked = tokio::task::spawn_blocking(move || Machine {
            usage: process::usage_of(std::process::id()),
            started_at,
            files: process::open_files(),
            files_max: process::open_files_max(),
            database_bytes: ["", "-wal"].map(|ending| {
                let mut file = database.clone()?.into_os_string();
                file.push(ending);
                fs::metadata(file).ok().map(|file| file.len())
            }),
        });
        timeout(ANSWER_TIMEOUT, asked).await.ok().and_then(Result::ok).unwrap_or_default()
    }
}

/// The answer, and how long it took; `None` where there is none in time.
async fn answer<T>(asked: impl Future<Output = Result<T, MailboxError>>) -> Option<(T, Duration)> {
    let began = Instant::now();
    let told = timeout(ANSWER_TIMEOUT, asked).await.ok()?.ok()?;
    Some((told, began.elapsed()))
}
