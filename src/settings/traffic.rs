//! Floor 1 · `settings`: which messages are written into the traffic log, where, and for how long they are kept.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// The log of messages exchanged.
#[derive(Clone, Debug, Args)]
pub struct TrafficLog {
    /// Which messages are written into the traffic log: off, those of the number service, or all that clients say and hear, texts included
    #[arg(long = "traffic-log", env = "PAPO_TRAFFIC_LOG", value_enum, default_value = "numbers")]
    pub what: Logged,
    /// The folder of the traffic log, with a file a day [default: traffic in the data folder]
    #[arg(long = "traffic-log-dir", env = "PAPO_TRAFFIC_LOG_DIR", value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
    /// Days for which the traffic log is kept
    #[arg(long = "traffic-log-days", env = "PAPO_TRAFFIC_LOG_DAYS", value_name = "DAYS", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=3650))]
    pub days: u32,
    /// Bytes of the whole traffic log, the oldest go first (1 GiB)
    #[arg(long = "traffic-log-bytes-max", env = "PAPO_TRAFFIC_LOG_BYTES_MAX", value_name = "BYTES", default_value_t = 1024 * 1024 * 1024, value_parser = clap::value_parser!(u64).range(1024 * 1024..))]
    pub bytes_max: u64,
}

/// Which messages are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Logged {
    /// None.
    Off,
    /// Those of the number service, and of every command that asks for it.
    Numbers,
    /// Every message in and out of every client.
    All,
}
