//! Floor 9 · `load`: the messages of a test: their numbers, what they say, and what became of them.

use std::collections::VecDeque;
use std::fmt::Write as _;

/// The first number of a message; those below are other commands of a socket.
pub const FIRST: u64 = 16;
/// How long a message is remembered when it is answered: twice as long as anybody waits for what was said.
const REMEMBERED_US: u64 = 60_000_000;

/// One message.
#[derive(Clone, Copy, Debug)]
pub struct Message {
    pub sent_us: u64,
    /// Where it stands in its room; 0 as long as nobody has heard.
    pub seq: u64,
    /// Whether its socket has its answer, or gave up.
    pub settled: bool,
}

/// All messages that may still be heard of.
#[derive(Debug)]
pub struct Sent {
    first: u64,
    messages: VecDeque<Message>,
    filler: String,
    line: String,
}

impl Sent {
    /// Messages whose texts have `bytes` bytes.
    pub fn new(bytes: usize) -> Self {
        let filler = ('a'..='z').cycle().take(bytes).collect();
        Self { first: FIRST, messages: VecDeque::new(), filler, line: String::new() }
    }

    /// A new message; its number.
    pub fn add(&mut self, now_us: u64) -> u64 {
        while self.messages.front().is_some_and(|oldest| oldest.settled && oldest.sent_us + REMEMBERED_US < now_us) {
            self.messages.pop_front();
            self.first += 1;
        }
        self.messages.push_back(Message { sent_us: now_us, seq: 0, settled: false });
        self.first + self.messages.len() as u64 - 1
    }

    /// Message `number`, if it is one that may still be heard of.
    pub fn get(&mut self, number: u64) -> Option<&mut Message> {
        self.messages.get_mut(usize::try_from(number.checked_sub(self.first)?).ok()?)
    }

    /// The command that says message `number`.
    pub fn command(&mut self, number: u64) -> &str {
        self.line.clear();
        let filler = &self.filler[digits(number) + 1..];
        write!(self.line, r#"{{"type":"send","id":{number},"client_id":"{number}","text":"{number} {filler}"}}"#)
            .expect("a text takes everything");
        &self.line
    }

    /// Whether `text` is what message `number` said.
    pub fn said(&self, number: u64, text: &str) -> bool {
        let rest = text.strip_prefix(&number.to_string()).and_then(|rest| rest.strip_prefix(' '));
        rest == Some(&self.filler[digits(number) + 1..])
    }
}

fn digits(number: u64) -> usize {
    number.checked_ilog10().map_or(1, |tens| tens as usize + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_as_long_as_was_asked_and_known_by_every_byte() {
        let mut sent = Sent::new(16);
        let number = sent.add(0);
        let command: serde_json::Value = serde_json::from_str(sent.command(number)).unwrap();
        let text = command["text"].as_str().unwrap().to_owned();
        assert_eq!((text.len(), &text[..3], &command["client_id"], &command["id"]), (16, "16 ", &"16".into(), &16.into()));
        assert!(sent.said(16, &text) && !sent.said(17, &text) && !sent.said(16, &text[..15]));
    }

    #[test]
    fn what_is_answered_is_forgotten_after_a_while_and_nothing_else() {
        let mut sent = Sent::new(100);
        let (one, two) = (sent.add(0), sent.add(0));
        sent.get(one).unwrap().settled = true;
        let three = sent.add(REMEMBERED_US + 1);
        assert!(sent.get(one).is_none() && sent.get(two).is_some() && sent.get(three).is_some());
        sent.add(10 * REMEMBERED_US);
        assert!(sent.get(two).is_some());
        assert!(sent.get(FIRST - 1).is_none() && sent.get(three + 2).is_none());
    }
}
