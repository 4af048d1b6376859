//! Floor 9 · `load`: when which message is due, as plain arithmetic.

use std::time::Duration;

use super::options::Shape;

/// How often a burst comes.
pub const BURST_EVERY: Duration = Duration::from_secs(5);

/// When messages are due.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// A second; 0 if nothing is due by the clock.
    rate: f64,
    /// How many at once.
    together: f64,
}

impl Schedule {
    pub fn new(shape: Shape, rate: f64) -> Self {
        match shape {
            Shape::Steady | Shape::Churn => Self { rate, together: 1.0 },
            Shape::Burst => Self { rate, together: (rate * BURST_EVERY.as_secs_f64()).round().max(1.0) },
            Shape::Storm | Shape::Idle => Self { rate: 0.0, together: 1.0 },
        }
    }

    /// How many messages are due when this much of the run is over.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a day at the highest rate is far below")]
    pub fn due(&self, elapsed: Duration) -> u64 {
        if self.rate <= 0.0 {
            return 0;
        }
        let groups = (elapsed.as_secs_f64() * self.rate / self.together).floor() + 1.0;
        (groups * self.together) as u64
    }

    /// When message number `n` is due, counted from 0; never if nothing is.
    #[expect(clippy::cast_precision_loss, reason = "a day at the highest rate is far below")]
    pub fn at(&self, n: u64) -> Option<Duration> {
        (self.rate > 0.0).then(|| Duration::from_secs_f64((n as f64 / self.together).floor() * self.together / self.rate))
    }
}

/// How many of `count` sockets should have begun to connect when `elapsed` of `ramp` is over.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "sockets are few")]
pub fn ramped(count: usize, elapsed: Duration, ramp: Duration) -> usize {
    if elapsed >= ramp {
        return count;
    }
    let share = elapsed.as_secs_f64() / ramp.as_secs_f64();
    ((count as f64 * share).ceil() as usize).clamp(1.min(count), count)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn steady_messages_are_due_one_after_the_other() {
        let steady = Schedule::new(Shape::Steady, 20.0);
        assert_eq!([0, 49, 50, 999, 1000].map(|at| steady.due(ms(at))), [1, 1, 2, 20, 21]);
        assert_eq!([0, 1, 20].map(|n| steady.at(n)), [Some(ms(0)), Some(ms(50)), Some(ms(1000))]);
    }

    #[test]
    fn a_burst_is_five_seconds_of_messages_at_once() {
        let burst = Schedule::new(Shape::Burst, 20.0);
        assert_eq!([0, 4999, 5000].map(|at| burst.due(ms(at))), [100, 100, 200]);
        assert_eq!([99, 100].map(|n| burst.at(n)), [Some(ms(0)), Some(ms(5000))]);
        assert_eq!(Schedule::new(Shape::Burst, 0.001).due(ms(0)), 1, "a burst is at least one");
    }

    #[test]
    fn who_is_idle_or_storms_has_no_clock() {
        for shape in [Shape::Idle, Shape::Storm] {
            let schedule = Schedule::new(shape, 20.0);
            assert_eq!((schedule.due(ms(9999)), schedule.at(0)), (0, None));
        }
    }

    #[test]
    fn sockets_connect_evenly_over_the_ramp() {
        let at = |elapsed, ramp| ramped(100, ms(elapsed), ms(ramp));
        assert_eq!([at(0, 0), at(0, 1000), at(500, 1000), at(1000, 1000), at(5000, 1000)], [100, 1, 50, 100, 100]);
    }
}
