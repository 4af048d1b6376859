//! Floor 9 · `load`: promises that were broken: counted, and the first of each kind named.

use serde::Serialize;

use super::words::count;

/// Names of each kind that are kept: enough to look for the cause, whatever went wrong a million times.
const NAMED_MAX: usize = 20;

/// What was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// An event of the room never came.
    Lost,
    /// An event came again, or a message was kept twice.
    Doubled,
    /// An event came after a later one, or is another one for others, or time went back.
    Disordered,
    /// A message came back with another text.
    Altered,
    /// Somebody is missing among the members a socket was told, or should not be there.
    Members,
    /// The server ended a connection without being asked.
    Cut,
    /// A message has neither `ok` nor `error`.
    Unanswered,
    /// What came is not in the protocol.
    Protocol,
}

impl Breach {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 8] =
        [Self::Lost, Self::Doubled, Self::Disordered, Self::Altered, Self::Members, Self::Cut, Self::Unanswered, Self::Protocol];

    /// Its name in the result.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lost => "lost",
            Self::Doubled => "doubled",
            Self::Disordered => "disordered",
            Self::Altered => "altered",
            Self::Members => "members",
            Self::Cut => "cut",
            Self::Unanswered => "unanswered",
            Self::Protocol => "protocol",
        }
    }

    /// What holds where it is not broken.
    pub fn promise(self) -> &'static str {
        match self {
            Self::Lost => "Nothing is lost",
            Self::Doubled => "Nothing comes twice",
            Self::Disordered => "One order for all",
            Self::Altered => "Texts come back as they were sent",
            Self::Members => "Everyone knows who is there",
            Self::Cut => "Connections stay",
            Self::Unanswered => "Every message is answered",
            Self::Protocol => "Nothing but the protocol is spoken",
        }
    }

    /// What is counted.
    pub fn says(self) -> &'static str {
        match self {
            Self::Lost => "events that never came to a socket in their room",
            Self::Doubled => "events that came again, or messages that were kept twice",
            Self::Disordered => "events out of their order",
            Self::Altered => "messages that came back with another text",
            Self::Members => "sockets that were told other members than there are",
            Self::Cut => "connections that the server ended",
            Self::Unanswered => "messages without an answer",
            Self::Protocol => "things that are not in the protocol",
        }
    }
}

/// One kind, as it is told.
#[derive(Clone, Debug, Serialize)]
pub struct Broken {
    pub kind: &'static str,
    pub count: u64,
    pub says: &'static str,
    /// The first of them.
    pub named: Vec<String>,
}

/// How much of what: `60 cut, 1 unanswered`.
pub fn in_short(broken: &[Broken]) -> String {
    broken.iter().map(|broken| format!("{} {}", count(broken.count), broken.kind)).collect::<Vec<_>>().join(", ")
}

/// Everything that was broken.
#[derive(Clone, Debug, Default)]
pub struct Breaches {
    counts: [u64; Breach::ALL.len()],
    named: [Vec<String>; Breach::ALL.len()],
}

impl Breaches {
    /// `count` more of this kind; `name` says where and who, if anybody still reads it.
    pub fn add(&mut self, breach: Breach, count: u64, name: impl FnOnce() -> String) {
        let kind = breach as usize;
        self.counts[kind] += count;
        if self.named[kind].len() < NAMED_MAX {
            self.named[kind].push(name());
        }
    }

    pub fn count(&self, breach: Breach) -> u64 {
        self.counts[breach as usize]
    }

    pub fn total(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// Those kinds that there are.
    pub fn told(&self) -> Vec<Broken> {
        let kinds = Breach::ALL.into_iter().filter(|breach| self.count(*breach) > 0);
        kinds
            .map(|breach| Broken {
                kind: breach.name(),
                count: self.count(breach),
                says: breach.says(),
                named: self.named[breach as usize].clone(),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_are_counted_and_the_first_are_named() {
        let mut breaches = Breaches::default();
        for n in 0..100 {
            breaches.add(Breach::Lost, 2, || format!("seq {n}"));
        }
        breaches.add(Breach::Cut, 1, || "one".into());
        assert_eq!((breaches.total(), breaches.count(Breach::Lost), breaches.count(Breach::Doubled)), (201, 200, 0));
        let told = breaches.told();
        assert_eq!(
            told.iter().map(|broken| (broken.kind, broken.named.len())).collect::<Vec<_>>(),
            [("lost", NAMED_MAX), ("cut", 1)]
        );
        assert_eq!((told[0].named[0].as_str(), in_short(&told).as_str()), ("seq 0", "200 lost, 1 cut"));
    }
}
