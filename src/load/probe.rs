//! Floor 9 · `load`: what a process takes of its machine: read from /proc by its number, or asked from /metrics.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use super::http::{Connection, Target};
use crate::process::usage_of;

/// How often a server is asked.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// What a process takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// Processors in use since it was asked before; `None` at the first time.
    pub cpu: Option<f64>,
    pub memory_bytes: u64,
}

/// CPU and memory of a process, as they are counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    pub cpu_seconds: f64,
    pub memory_bytes: u64,
}

/// Where figures of the server come from.
pub enum Probe {
    /// It is a process of this machine.
    Process(u32),
    /// It says so itself; it is asked beside the test, which waits for nothing.
    Metrics { told: Receiver<(Instant, Count)>, _ask: Sender<()> },
    /// Nobody knows.
    Nothing,
}

impl Probe {
    /// Of process `pid`, or of what `target` tells.
    ///
    /// # Errors
    /// There is no such process.
    pub fn new(pid: Option<u32>, target: &Target) -> Result<Self, String> {
        if let Some(pid) = pid {
            return match of_process(pid) {
                Some(_) => Ok(Self::Process(pid)),
                None => Err(format!("there is no process {pid} on this machine")),
            };
        }
        if ask(&mut Connection::new(target, None)).is_none() {
            return Ok(Self::Nothing);
        }
        let (tell, told) = sync_channel(1);
        let (keep, ended) = channel::<()>();
        let target = target.clone();
        thread::spawn(move || {
            let mut connection = Connection::new(&target, None);
            // It ends when the other end of either is dropped.
            while ended.recv_timeout(ASK_EVERY) == Err(RecvTimeoutError::Timeout) {
                if let Some(count) = ask(&mut connection)
                    && tell.send((Instant::now(), count)).is_err()
                {
                    break;
                }
            }
        });
        Ok(Self::Metrics { told, _ask: keep })
    }

    /// The newest count, and when it was taken.
    pub fn count(&self) -> Option<(Instant, Count)> {
        match self {
            Self::Process(pid) => of_process(*pid).map(|count| (Instant::now(), count)),
            Self::Metrics { told, .. } => told.try_iter().last(),
            Self::Nothing => None,
        }
    }
}

/// What was in use between two counts.
pub fn between(before: (Instant, Count), now: (Instant, Count)) -> Usage {
    let seconds = now.0.duration_since(before.0).as_secs_f64();
    let used = now.1.cpu_seconds - before.1.cpu_seconds;
    Usage { cpu: (seconds > 0.0).then(|| used / seconds), memory_bytes: now.1.memory_bytes }
}

/// What process `pid` took so far.
pub fn of_process(pid: u32) -> Option<Count> {
    usage_of(pid).map(|usage| Count { cpu_seconds: usage.cpu_seconds, memory_bytes: usage.memory_bytes })
}

fn ask(connection: &mut Connection<'_>) -> Option<Count> {
    let answer = connection.ask("GET", "/metrics", "").ok().filter(|answer| answer.status == 200)?;
    count_told(str::from_utf8(&answer.body).ok()?)
}

/// The figures that every Prometheus client gives of its process.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "memory is a whole number of bytes")]
fn count_told(text: &str) -> Option<Count> {
    let value = |name: &str| -> Option<f64> {
        let rest = text.lines().find_map(|line| line.strip_prefix(name).filter(|rest| rest.starts_with([' ', '{'])))?;
        rest.rsplit_once('}').map_or(rest, |(_, value)| value).split_whitespace().next()?.parse().ok()
    };
    let memory_bytes = value("process_resident_memory_bytes")? as u64;
    Some(Count { cpu_seconds: value("process_cpu_seconds_total")?, memory_bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_are_read_with_labels_and_without() {
        let text =
            "# HELP process_cpu_seconds_total x\nprocess_cpu_seconds_total 1.5\nprocess_resident_memory_bytes{a=\"}\"} 2e6 17\n";
        assert_eq!(count_told(text), Some(Count { cpu_seconds: 1.5, memory_bytes: 2_000_000 }));
        assert_eq!(count_told("process_cpu_seconds_totals 1\n"), None);
    }

    #[test]
    fn usage_is_what_was_taken_between_two_counts() {
        let start = Instant::now();
        let count = |cpu_seconds| Count { cpu_seconds, memory_bytes: 5 };
        let usage = between((start, count(1.0)), (start + Duration::from_secs(2), count(2.0)));
        assert_eq!(usage, Usage { cpu: Some(0.5), memory_bytes: 5 });
        assert_eq!(between((start, count(1.0)), (start, count(1.0))).cpu, None);
    }
}
