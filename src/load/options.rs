//! Floor 9 · `load`: what the command line asks of a load test.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

/// Most sockets of one process: as many as have names of their own.
const SOCKETS_MAX: u32 = 1_000_000;
/// A room that nobody has joined yet is opened by joining it; a server keeps this many.
const ROOMS_MAX: u32 = 4_096;
/// Characters of a message: the number of the message fits in, and a server takes no more.
pub const BYTES_MIN: usize = 16;
const BYTES_MAX: usize = 4_000;
/// A message for every socket, a hundred times a second, is more than any server of today answers.
const RATE_MAX: f64 = 1_000_000.0;
/// Longest run: its figures, one line a second, are kept in memory.
const FOR_MAX: Duration = Duration::from_hours(24);

/// Drives a Papo with many sockets, checks that nothing is lost, doubled or out of order, and says what it took
///
/// Ends with 0 if every promise of the protocol was kept, with 1 if one was broken, with 2 if the test could not run. A room of
/// its own is opened for each of --rooms and goes away by itself when the test is over; rooms in use are left alone. The server
/// counts sockets, guests and messages of an address: to drive it with many, start it with `papo --guests --limits off`.
#[derive(Clone, Debug, Args)]
pub struct Load {
    /// Where the server is: http://HOST:PORT, without TLS
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080", help_heading = "Server")]
    pub url: String,
    /// Signs in with accounts instead of coming as guests: a file with a login, a blank and a password on each line
    #[arg(long, value_name = "FILE", help_heading = "Server")]
    pub accounts: Option<PathBuf>,
    /// Addresses of this machine to connect from, in turn. Without it the system chooses; on 127.0.0.1, one for each 20,000 sockets
    #[arg(long, value_name = "ADDRESS,…", value_delimiter = ',', help_heading = "Server")]
    pub from: Vec<IpAddr>,
    /// Process of the server on this machine, whose CPU and memory are shown. Without it /metrics is asked
    #[arg(long, value_name = "PID", help_heading = "Server")]
    pub pid: Option<u32>,
    /// Sockets, each a user of its own as long as there are accounts
    #[arg(long, value_name = "COUNT", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=i64::from(SOCKETS_MAX)), help_heading = "Load")]
    pub sockets: u32,
    /// Rooms over which they are spread evenly
    #[arg(long, value_name = "COUNT", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=i64::from(ROOMS_MAX)), help_heading = "Load")]
    pub rooms: u32,
    /// Messages a second, of all sockets together; each is delivered to everyone else in its room
    #[arg(long, value_name = "PER SECOND", default_value_t = 20.0, value_parser = rate, help_heading = "Load")]
    pub rate: f64,
    /// Length of a message
    #[arg(long, value_name = "BYTES", default_value_t = 100, value_parser = length, help_heading = "Load")]
    pub bytes: usize,
    /// How long messages are sent: 500ms, 10s, 5m, 1h
    #[arg(long = "for", value_name = "TIME", default_value = "10s", value_parser = duration, help_heading = "Load")]
    pub lasting: Duration,
    /// Time over which the sockets connect; 0s is as fast as the server answers
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = duration, help_heading = "Load")]
    pub ramp: Duration,
    /// How long to wait at the end for what is under way: what has not come by then is lost
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration, help_heading = "Load")]
    pub settle: Duration,
    /// What the load looks like
    #[arg(long, value_enum, default_value = "steady", help_heading = "Load")]
    pub shape: Shape,
    /// With --shape churn: sockets that go and come back each second, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0, value_parser = percent, help_heading = "Load")]
    pub churn: f64,
    /// Prints the result as one JSON object instead of text
    #[arg(long, help_heading = "Result")]
    pub json: bool,
    /// Writes the result as a page with plots: one file that needs nothing else
    #[arg(long, value_name = "FILE", help_heading = "Result")]
    pub report: Option<PathBuf>,
}

/// What the load looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    /// Messages come evenly at --rate
    Steady,
    /// Ten sockets of each room send without pause, as fast as they are answered; --rate does not count
    Storm,
    /// All messages of five seconds at --rate come at once, every five seconds
    Burst,
    /// As steady, while sockets are cut or leave, come back, and want what they missed
    Churn,
    /// Sockets are in their rooms, and nobody says anything
    Idle,
}

impl Shape {
    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Storm => "storm",
            Self::Burst => "burst",
            Self::Churn => "churn",
            Self::Idle => "idle",
        }
    }
}

fn rate(text: &str) -> Result<f64, String> {
    number(text).filter(|rate| (0.001..=RATE_MAX).contains(rate)).ok_or_else(|| format!("a rate is 0.001 to {RATE_MAX}"))
}

fn percent(text: &str) -> Result<f64, String> {
    number(text).filter(|percent| (0.1..=100.0).contains(percent)).ok_or_else(|| "a percentage is 0.1 to 100".into())
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok()
}

fn length(text: &str) -> Result<usize, String> {
    let length = text.parse().ok().filter(|bytes| (BYTES_MIN..=BYTES_MAX).contains(bytes));
    length.ok_or_else(|| format!("a message has {BYTES_MIN} to {BYTES_MAX} bytes"))
}

/// `500ms`, `10s`, `5m`, `1h`.
fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let ms = number.parse::<u64>().ok().zip(unit_ms).and_then(|(number, unit_ms)| number.checked_mul(unit_ms));
    let duration = ms.map(Duration::from_millis).ok_or("a time is a number with ms, s, m or h: 500ms, 10s, 5m, 1h")?;
    if duration <= FOR_MAX { Ok(duration) } else { Err("a day is the most".into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_number_with_its_unit() {
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(duration("24h"), Ok(FOR_MAX));
        for wrong in ["", "10", "s", "-1s", "1.5s", "1d", "25h", "99999999999999999999s", "18446744073709551615h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn numbers_are_held_within_their_bounds() {
        assert_eq!((rate("2.5"), length("16"), percent("100")), (Ok(2.5), Ok(16), Ok(100.0)));
        assert!(["0", "-1", "NaN", "inf", "x"].iter().all(|wrong| rate(wrong).is_err()));
        assert!(["15", "4001", "x"].iter().all(|wrong| length(wrong).is_err()));
        assert!(["0", "101", "NaN"].iter().all(|wrong| percent(wrong).is_err()));
    }
}
