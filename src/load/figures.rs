//! Floor 9 · `load`: what is counted and measured while a test runs, second by second and in all.

use hdrhistogram::Histogram;
use serde::Serialize;

use super::probe::Usage;

/// Longest latency that is told apart, in µs: ten minutes.
const LATENCY_US_MAX: u64 = 600_000_000;
/// Three digits of a latency are right.
const DIGITS: u8 = 3;

/// A histogram of µs.
pub fn histogram() -> Histogram<u64> {
    Histogram::new_with_bounds(1, LATENCY_US_MAX, DIGITS).expect("the bounds are good")
}

/// What happened in one second of the run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Second {
    /// When it ended, counted from the beginning of the test.
    pub at_ms: u64,
    /// Connected and in their rooms, at its end.
    pub sockets: u64,
    pub sent: u64,
    pub deliveries: u64,
    /// Of what was delivered in it.
    pub p50_us: u64,
    pub p99_us: u64,
    pub max_us: u64,
    /// Of the server: processors in use, and memory, where they are known.
    pub cpu: Option<f64>,
    pub memory_bytes: Option<u64>,
    /// Broken promises so far.
    pub breaches: u64,
}

/// Everything that is counted.
#[derive(Debug)]
pub struct Figures {
    /// From sending to the receipt of every other socket.
    pub latency: Histogram<u64>,
    /// From sending to `ok`.
    pub answers: Histogram<u64>,
    /// From the beginning of a connection to the place in its room.
    pub connects: Histogram<u64>,
    pub deliveries: u64,
    pub sent: u64,
    /// Read on pages of the log by those who came back.
    pub caught_up: u64,
    pub seconds: Vec<Second>,
    this_second: Histogram<u64>,
    before: (u64, u64),
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            latency: histogram(),
            answers: histogram(),
            connects: histogram(),
            deliveries: 0,
            sent: 0,
            caught_up: 0,
            seconds: Vec::new(),
            this_second: histogram(),
            before: (0, 0),
        }
    }
}

impl Figures {
    /// A message came to a socket `us` after it was sent.
    pub fn delivered(&mut self, us: u64) {
        self.deliveries += 1;
        self.this_second.saturating_record(us.max(1));
    }

    /// A second is over.
    pub fn end_second(&mut self, at_ms: u64, sockets: u64, breaches: u64, usage: Option<Usage>) -> Second {
        let of = &self.this_second;
        let second = Second {
            at_ms,
            sockets,
            sent: self.sent - self.before.0,
            deliveries: self.deliveries - self.before.1,
            p50_us: of.value_at_quantile(0.5),
            p99_us: of.value_at_quantile(0.99),
            max_us: of.max(),
            cpu: usage.and_then(|usage| usage.cpu),
            memory_bytes: usage.map(|usage| usage.memory_bytes),
            breaches,
        };
        self.before = (self.sent, self.deliveries);
        self.latency.add(of).expect("both have the same bounds");
        self.this_second.reset();
        self.seconds.push(second);
        second
    }
}

/// What a histogram says in a line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Quantiles {
    pub count: u64,
    pub p50_us: u64,
    pub p90_us: u64,
    pub p99_us: u64,
    pub p999_us: u64,
    pub max_us: u64,
}

impl From<&Histogram<u64>> for Quantiles {
    fn from(of: &Histogram<u64>) -> Self {
        let [p50_us, p90_us, p99_us, p999_us] = [0.5, 0.9, 0.99, 0.999].map(|quantile| of.value_at_quantile(quantile));
        Self { count: of.len(), p50_us, p90_us, p99_us, p999_us, max_us: of.max() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_have_their_own_figures_and_all_of_them_make_the_whole() {
        let mut figures = Figures::default();
        for us in 1..=1000 {
            figures.delivered(us);
        }
        figures.sent = 10;
        let first = figures.end_second(1000, 5, 0, None);
        assert_eq!((first.sent, first.deliveries, first.p50_us, first.max_us), (10, 1000, 500, 1000));
        figures.delivered(5000);
        let second = figures.end_second(2000, 5, 1, Some(Usage { cpu: Some(0.5), memory_bytes: 7 }));
        assert_eq!((second.sent, second.deliveries, second.breaches, second.memory_bytes), (0, 1, 1, Some(7)));
        assert!((4995..=5005).contains(&second.p50_us), "{second:?}");
        let all = Quantiles::from(&figures.latency);
        assert_eq!((all.count, all.p50_us), (1001, 501));
        assert_eq!(figures.seconds.len(), 2);
    }

    #[test]
    fn nothing_measured_is_zero_and_too_long_is_the_longest() {
        assert_eq!(Quantiles::from(&histogram()).max_us, 0);
        let mut figures = Figures::default();
        figures.delivered(u64::MAX);
        figures.delivered(0);
        figures.end_second(0, 0, 0, None);
        assert!(Quantiles::from(&figures.latency).max_us >= LATENCY_US_MAX);
    }
}
