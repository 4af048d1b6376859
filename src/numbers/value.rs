//! Floor 9 · `numbers/value`: a number from 0 to 99, what may be added to it, and even and odd ones.

use rand::Rng as _;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Code, Rejection};

/// How many values there are: 0 to 99.
const VALUES: u8 = 100;
/// Longest increment, in digits: whoever sends more means something else.
const DIGITS_MAX: usize = 1000;

/// A number from 0 to 99.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(as = NumberValue, minimum = 0, maximum = 99)]
pub(super) struct Value(u8);

/// What may be added to a value: any integer, of which only the rest modulo 100 counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Increment(u8);

impl Value {
    /// The value that a client sent.
    ///
    /// # Errors
    /// [`Code::BadFrame`] if it is no integer from 0 to 99.
    pub(super) fn parse(sent: &serde_json::Value) -> Result<Self, Rejection> {
        // JSON does not tell 7.0 from 7.
        let value = (0..VALUES).find(|value| sent.as_f64() == Some(f64::from(*value)));
        value.map(Self).ok_or_else(|| Rejection::because(Code::BadFrame, "value must be an integer from 0 to 99."))
    }

    /// The sum modulo 100.
    #[must_use]
    pub(super) fn plus(self, increment: Increment) -> Self {
        Self((self.0 + increment.0) % VALUES)
    }

    /// An odd value, or an even one, by chance.
    #[expect(clippy::disallowed_methods, reason = "nothing is lost when it is guessed")]
    pub(super) fn random(odd: bool) -> Self {
        Self(rand::rng().random_range(0..VALUES / 2) * 2 + u8::from(odd))
    }
}

impl Increment {
    /// The increment in an address: an integer of any size, such as `7`, `-3` or `+250`. Modulo 100 means the mathematical rest, so
    /// that -1 takes 0 to 99.
    ///
    /// # Errors
    /// [`Code::Invalid`] if it is no integer.
    pub(super) fn parse(text: &str) -> Result<Self, Rejection> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(digits) => (true, digits),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if digits.is_empty() || digits.len() > DIGITS_MAX || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(Rejection::because(Code::Invalid, "The increment must be an integer."));
        }
        // The last two digits are the rest modulo 100, however many there are.
        let rest = digits.bytes().rev().take(2).zip([1, 10]).map(|(digit, worth)| (digit - b'0') * worth).sum::<u8>();
        Ok(Self(if negative { (VALUES - rest) % VALUES } else { rest }))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_an_integer_from_0_to_99() {
        assert_eq!([0, 7, 99].map(|value| Value::parse(&json!(value)).unwrap().0), [0, 7, 99]);
        assert_eq!(Value::parse(&json!(7.0)).unwrap().0, 7);
        for bad in [json!(-1), json!(100), json!(1.5), json!("5"), json!(null), json!([5]), json!(1e300), json!(u64::MAX)] {
            assert_eq!(Value::parse(&bad).unwrap_err().code, Code::BadFrame, "{bad}");
        }
    }

    #[test]
    fn any_integer_may_be_added_and_the_sum_stays_from_0_to_99() {
        let sum = |from: u8, text: &str| Value(from).plus(Increment::parse(text).unwrap()).0;
        assert_eq!((sum(98, "7"), sum(0, "-1"), sum(5, "-3"), sum(50, "+250"), sum(99, "1")), (5, 99, 2, 0, 0));
        assert_eq!((sum(7, "0"), sum(7, "-0"), sum(7, "-100"), sum(7, "00012")), (7, 7, 7, 19));
        let huge = "9".repeat(DIGITS_MAX);
        assert_eq!((sum(0, &huge), sum(0, &format!("-{huge}"))), (99, 1));
        assert_eq!(sum(3, "-9223372036854775808"), 95);
    }

    #[test]
    fn what_is_no_integer_cannot_be_added() {
        let long = "1".repeat(DIGITS_MAX + 1);
        for bad in ["", "-", "+", "1.5", "1e3", "0x10", "--1", "+-1", "١", " 1", "NaN", "ana", long.as_str()] {
            assert_eq!(Increment::parse(bad).unwrap_err().code, Code::Invalid, "{bad}");
        }
    }

    #[test]
    fn even_is_even_and_odd_is_odd_and_every_value_comes() {
        for odd in [false, true] {
            let mut seen: Vec<u8> = (0..5000).map(|_| Value::random(odd).0).collect();
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen, (0..50).map(|half| half * 2 + u8::from(odd)).collect::<Vec<_>>());
        }
    }
}
