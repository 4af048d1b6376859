//! Floor 1 · `metrics/commands`: how many commands had which outcome. What may be counted is known from the start, so a client can make
//! no new label, and counting takes no lock.

use std::fmt::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use prometheus_client::encoding::{EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;

use crate::codes::Code;

/// What a command counts as. It is found once for each command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kind(u16);

impl Kind {
    /// What is no command that anybody here knows, or no command at all.
    pub const UNKNOWN: Self = Self(0);
}

/// Outcomes of commands. Clones count together.
#[derive(Clone, Debug)]
pub struct Commands(Arc<[Row]>);

/// One kind: how often it was done, and how often refused with each code.
#[derive(Debug)]
struct Row {
    name: &'static str,
    done: AtomicU64,
    refused: [AtomicU64; Code::ALL.len()],
}

impl Row {
    fn new(name: &'static str) -> Self {
        Self { name, done: AtomicU64::new(0), refused: [const { AtomicU64::new(0) }; Code::ALL.len()] }
    }
}

impl Commands {
    /// For commands of these names.
    pub(super) fn new(names: impl IntoIterator<Item = &'static str>) -> Self {
        Self(["unknown"].into_iter().chain(names).map(Row::new).collect())
    }

    /// What a command of this name counts as.
    pub fn kind(&self, name: &str) -> Kind {
        let place = self.0.iter().skip(1).position(|row| row.name == name);
        place.and_then(|place| u16::try_from(place + 1).ok()).map_or(Kind::UNKNOWN, Kind)
    }

    /// A command of this kind was done, or refused with this code.
    pub fn count(&self, kind: Kind, refused: Option<Code>) {
        let row = &self.0[usize::from(kind.0)];
        refused.map_or(&row.done, |code| &row.refused[code as usize]).fetch_add(1, Ordering::Relaxed);
    }
}

impl EncodeMetric for Commands {
    fn encode(&self, mut encoder: MetricEncoder<'_>) -> Result<(), Error> {
        for row in self.0.iter() {
            let done = ("ok", row.done.load(Ordering::Relaxed));
            let refused = Code::ALL.iter().map(|code| (code.name(), row.refused[*code as usize].load(Ordering::Relaxed)));
            // Most codes have nothing to do with most commands. Nothing that is no command is ever done.
            let shown = |(outcome, count): &(&str, u64)| *count > 0 || (*outcome == "ok" && row.name != "unknown");
            for (outcome, count) in [done].into_iter().chain(refused).filter(shown) {
                let labels = [("type", row.name), ("outcome", outcome)];
                ConstCounter::new(count).encode(encoder.encode_family(&labels)?)?;
            }
        }
        Ok(())
    }

    fn metric_type(&self) -> MetricType {
        MetricType::Counter
    }
}

#[cfg(test)]
mod tests {
    use prometheus_client::encoding::text::encode;
    use prometheus_client::registry::Registry;

    use super::*;

    #[test]
    fn a_command_counts_by_its_name_and_code_and_what_is_none_as_unknown() {
        let commands = Commands::new(["send", "dice.roll"]);
        assert_eq!([commands.kind("sent"), commands.kind("unknown")], [Kind::UNKNOWN; 2]);
        commands.count(commands.kind("send"), None);
        commands.count(commands.kind("dice.roll"), Some(Code::NoSpace));
        commands.count(commands.kind("a\"}b"), Some(Code::UnknownType));
        let mut registry = Registry::default();
        registry.register("c", "C", commands);
        let mut text = String::new();
        encode(&mut text, &registry).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(
            lines,
            [
                r#"c_total{type="unknown",outcome="unknown_type"} 1"#,
                r#"c_total{type="send",outcome="ok"} 1"#,
                r#"c_total{type="dice.roll",outcome="ok"} 0"#,
                r#"c_total{type="dice.roll",outcome="no_space"} 1"#,
            ]
        );
    }
}
