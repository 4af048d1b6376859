//! Floor 9 · `load`: numbers as people read them.

/// `1,234,567`
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.char_indices() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 room`, `2 rooms`
pub fn of(number: u64, what: &str) -> String {
    let more = if number == 1 { "" } else { "s" };
    format!("{} {what}{more}", count(number))
}

/// `1,234,568`, and with a decimal below ten.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what is counted is small, and not below 0")]
pub fn number(number: f64) -> String {
    if number < 10.0 && number.fract() > 0.0 { format!("{number:.1}") } else { count(number.round().max(0.0) as u64) }
}

/// `4.2 ms`
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub fn latency(us: u64) -> String {
    let (value, unit) = match us {
        ..1000 => return format!("{us} µs"),
        1000..1_000_000 => (us as f64 / 1e3, "ms"),
        _ => (us as f64 / 1e6, "s"),
    };
    if value < 10.0 { format!("{value:.1} {unit}") } else { format!("{value:.0} {unit}") }
}

/// `16 MiB`
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub fn memory(bytes: u64) -> String {
    let mib = bytes as f64 / f64::from(1 << 20);
    if mib < 10.0 { format!("{mib:.1} MiB") } else { format!("{mib:.0} MiB") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_have_units() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!([0, 1, 2000].map(|number| of(number, "room")), ["0 rooms", "1 room", "2,000 rooms"]);
        assert_eq!([0.0, 2.5, 20.0, 1234.5].map(number), ["0", "2.5", "20", "1,235"]);
        assert_eq!([7, 4200, 43_000, 1_500_000].map(latency), ["7 µs", "4.2 ms", "43 ms", "1.5 s"]);
        assert_eq!([1 << 20, 200 << 20].map(memory), ["1.0 MiB", "200 MiB"]);
    }
}
