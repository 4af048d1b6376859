//! Floor 1 · `metrics/histogram`: how often a value was how large. Without a lock, and the same value can be counted many times at once:
//! the library has neither.

use std::fmt::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use prometheus_client::encoding::{EncodeMetric, MetricEncoder, NoLabelSet};
use prometheus_client::metrics::{MetricType, TypedMetric};

/// A histogram of whole numbers: bytes, events, or nanoseconds, which are told as seconds. Clones count together.
#[derive(Clone, Debug)]
pub struct Histogram(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Up to which value each class goes; what is larger has one of its own.
    bounds: &'static [u64],
    /// What one stands for where it is told.
    unit: f64,
    counts: Box<[AtomicU64]>,
    sum: AtomicU64,
}

/// One millionth of a second, for bounds of times.
pub const MICRO: u64 = 1000;
/// One thousandth.
pub const MILLI: u64 = 1000 * MICRO;

impl Histogram {
    /// Of things that are counted, or bytes.
    pub fn of_counts(bounds: &'static [u64]) -> Self {
        Self::new(bounds, 1.0)
    }

    /// Of times; `bounds` in nanoseconds.
    pub fn of_times(bounds: &'static [u64]) -> Self {
        Self::new(bounds, 1e-9)
    }

    fn new(bounds: &'static [u64], unit: f64) -> Self {
        let counts = (0..=bounds.len()).map(|_| AtomicU64::new(0)).collect();
        Self(Arc::new(Inner { bounds, unit, counts, sum: AtomicU64::new(0) }))
    }

    /// Counts `value` once.
    pub fn count(&self, value: u64) {
        self.count_many(value, 1);
    }

    /// Counts `value` so many times.
    pub fn count_many(&self, value: u64, times: u64) {
        let class = self.0.bounds.partition_point(|bound| *bound < value);
        self.0.counts[class].fetch_add(times, Ordering::Relaxed);
        self.0.sum.fetch_add(value.saturating_mul(times), Ordering::Relaxed);
    }

    /// Counts a time once.
    pub fn count_time(&self, time: Duration) {
        self.count(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    }

    /// Counts all that `other`, of the same bounds, has counted.
    pub(super) fn add(&self, other: &Self) {
        for (own, others) in self.0.counts.iter().zip(&other.0.counts) {
            own.fetch_add(others.load(Ordering::Relaxed), Ordering::Relaxed);
        }
        self.0.sum.fetch_add(other.0.sum.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a histogram need not be exact beyond 2^53")]
impl EncodeMetric for Histogram {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), Error> {
        let Inner { bounds, unit, counts, sum } = &*self.0;
        let tops = bounds.iter().map(|bound| decimal(*bound, *unit)).chain([f64::INFINITY]);
        let buckets: Vec<(f64, u64)> = tops.zip(counts.iter().map(|count| count.load(Ordering::Relaxed))).collect();
        // Of the very counts that are told, so that they agree.
        let count = buckets.iter().map(|(_, count)| count).sum();
        encoder.encode_histogram::<NoLabelSet>(sum.load(Ordering::Relaxed) as f64 * unit, count, &buckets, None)
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Histogram
    }
}

impl TypedMetric for Histogram {
    const TYPE: MetricType = MetricType::Histogram;
}

/// `bound` times `unit`, as people write it: 0.005 and not 0.005000000000000001.
#[expect(clippy::cast_precision_loss, reason = "bounds are small")]
fn decimal(bound: u64, unit: f64) -> f64 {
    if unit < 1.0 { bound as f64 / unit.recip().round() } else { bound as f64 }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;
    use prometheus_client::registry::Registry;

    use super::*;

    fn told(histogram: Histogram) -> String {
        let mut registry = Registry::default();
        registry.register("h", "H", histogram);
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        text
    }

    #[test]
    fn a_value_is_in_the_class_whose_bound_it_does_not_exceed() {
        let histogram = Histogram::of_counts(&[10, 100]);
        histogram.count(10);
        histogram.count_many(11, 3);
        histogram.count(101);
        let text = told(histogram);
        for line in ["h_sum 144.0", "h_count 5", "h_bucket{le=\"10.0\"} 1", "h_bucket{le=\"100.0\"} 4", "h_bucket{le=\"+Inf\"} 5"]
        {
            assert!(text.contains(line), "{line} in {text}");
        }
    }

    #[test]
    fn times_are_told_in_seconds_with_bounds_as_people_write_them() {
        let histogram = Histogram::of_times(&[500 * MICRO, 5 * MILLI, 2500 * MILLI]);
        histogram.count_time(Duration::from_micros(1500));
        let text = told(histogram);
        for line in ["h_sum 0.0015", "le=\"0.0005\"} 0", "le=\"0.005\"} 1", "le=\"2.5\"} 1", "le=\"+Inf\"} 1"] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }

    #[test]
    fn what_several_have_counted_is_added_up() {
        let (all, one) = (Histogram::of_counts(&[10]), Histogram::of_counts(&[10]));
        one.count_many(5, 7);
        all.add(&one);
        all.add(&one);
        assert!(told(all).contains("h_sum 70.0\nh_count 14"));
    }
}
