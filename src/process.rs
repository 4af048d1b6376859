//! Floor 0 · `process`: what a process takes of its machine, as Linux tells under /proc.

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::process::{Resource, getrlimit};
use rustix::time::{ClockId, clock_gettime};

/// What a process has taken so far, and holds now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Usage {
    /// Processor time, in user and system mode.
    pub cpu_seconds: f64,
    /// Memory that is in RAM.
    pub memory_bytes: u64,
    /// Memory that is addressed.
    pub virtual_bytes: u64,
    /// Threads.
    pub threads: u64,
    /// When it was started, since the machine was.
    started_seconds: f64,
}

/// What process `pid` takes; `None` if there is no such process, or this is not Linux.
pub fn usage_of(pid: u32) -> Option<Usage> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    usage_in(&stat, rustix::param::clock_ticks_per_second(), rustix::param::page_size() as u64)
}

#[expect(clippy::cast_precision_loss, reason = "a process does not run for thousands of years")]
fn usage_in(stat: &str, ticks_per_second: u64, page_bytes: u64) -> Option<Usage> {
    // A name may have blanks and brackets in it. What follows is numbered from 3 on in proc_pid_stat(5).
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
    let seconds = |ticks: u64| ticks as f64 / ticks_per_second as f64;
    Some(Usage {
        cpu_seconds: seconds(field(14)? + field(15)?),
        memory_bytes: field(24)? * page_bytes,
        virtual_bytes: field(23)?,
        threads: field(20)?,
        started_seconds: seconds(field(22)?),
    })
}

/// When this process was started, in seconds since 1970. It does not change, so it is found once.
///
/// Asked of the clock, because a service that is fenced in (`ProcSubset=pid`) cannot read when its machine was started.
pub fn started_at() -> Option<f64> {
    let since_boot = Duration::try_from(clock_gettime(ClockId::Boottime)).ok()?;
    let age = since_boot.as_secs_f64() - usage_of(std::process::id())?.started_seconds;
    Some(SystemTime::now().duration_since(UNIX_EPOCH).ok()?.as_secs_f64() - age)
}

/// How many files, and so sockets, this process has open.
pub fn open_files() -> Option<u64> {
    // Kernels from 6.2 on know it without a list, which takes milliseconds with thousands of sockets.
    let known = fs::metadata("/proc/self/fd").ok()?.len();
    if known > 0 {
        return Some(known);
    }
    let listed = fs::read_dir("/proc/self/fd").ok()?.count() as u64;
    // One of them is the list itself.
    Some(listed.saturating_sub(1))
}

/// How many it may have; `None` if nothing bounds it.
pub fn open_files_max() -> Option<u64> {
    getrlimit(Resource::Nofile).current
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_it_is_called() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 1 0 0 0 150 50 0 0 20 0 4 0 700 9000 512 1";
        let usage = Usage { cpu_seconds: 2.0, memory_bytes: 2 << 20, virtual_bytes: 9000, threads: 4, started_seconds: 7.0 };
        assert_eq!(usage_in(stat, 100, 4096), Some(usage));
        assert_eq!(usage_in("", 100, 4096), None);
        assert_eq!(usage_in("7 (a) S 1", 100, 4096), None);
    }

    #[test]
    fn this_process_has_memory_threads_files_and_a_start_in_the_past() {
        let usage = usage_of(std::process::id()).unwrap();
        assert!(usage.memory_bytes > 100_000 && usage.threads > 0, "{usage:?}");
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs_f64();
        assert!((now - 3600.0..now + 1.0).contains(&started_at().unwrap()));
        // Others of these tests open and close files, too.
        let _held: Vec<_> = (0..100).map(|_| fs::File::open("/proc/self/stat").unwrap()).collect();
        assert!((100..open_files_max().unwrap_or(u64::MAX)).contains(&open_files().unwrap()));
    }
}
