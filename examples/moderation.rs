//! Moderation for every room: words are taken out, repetitions and hurry are refused. `cargo run --example moderation`
//!
//! The words stand in a file, one a line, which `MODERATION_WORDS` names; without it there are a few to try.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use papo::{App, Builder, Code, Effect, Hooks, Member, Message, Moment, Rejection, RoomState, SeatId};

/// Taken out where nothing else is said.
const WORDS: [&str; 3] = ["abacate", "chuchu", "jiló"];
/// So long one has to think before the next message.
const PAUSE: Duration = Duration::from_secs(1);

/// What may not be said. One value serves all rooms.
struct Moderation {
    words: Vec<String>,
}

/// What each seat of a room has said last, and when.
#[derive(Default)]
struct Last(BTreeMap<SeatId, (String, Duration)>);

impl Hooks for Moderation {
    fn before_message(
        &self,
        message: &mut Message,
        by: &Member,
        now: Moment,
        room: &mut RoomState,
    ) -> Result<Vec<Effect>, Rejection> {
        let last = &mut room.own::<Last>().0;
        if let Some((text, at)) = last.get(&by.seat) {
            let wait = (*at + PAUSE).saturating_sub(now.since_open);
            if !wait.is_zero() {
                return Err(Rejection::too_fast(wait));
            }
            if !text.is_empty() && text == message.text() {
                return Err(Rejection::because(Code::Rejected, "You have just said that."));
            }
        }
        last.insert(by.seat, (message.text().to_owned(), now.since_open));
        let mild = self.without_words(message.text());
        message.rewrite(&mild)?;
        Ok(Vec::new())
    }

    fn on_leave(&self, member: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        room.own::<Last>().0.remove(&member.seat);
        Ok(Vec::new())
    }
}

impl Moderation {
    /// `text` with as many stars as it has letters in the place of each word that may not be said.
    fn without_words(&self, text: &str) -> String {
        let is_end = |c: char| !c.is_alphanumeric();
        let pieces = text.split_inclusive(is_end).map(|piece| {
            let word = piece.trim_end_matches(is_end);
            let found = self.words.contains(&word.to_lowercase());
            if found { "*".repeat(word.chars().count()) + &piece[word.len()..] } else { piece.to_owned() }
        });
        pieces.collect()
    }
}

fn moderated(words: Vec<String>) -> Builder {
    App::builder().hooks(Moderation { words })
}

fn main() -> ExitCode {
    let words = match std::env::var_os("MODERATION_WORDS") {
        None => WORDS.map(str::to_owned).to_vec(),
        Some(path) => match std::fs::read_to_string(&path) {
            Ok(text) => text.lines().map(|line| line.trim().to_lowercase()).filter(|word| !word.is_empty()).collect(),
            Err(error) => {
                eprintln!("moderation: cannot read {}: {error}", path.display());
                return ExitCode::FAILURE;
            }
        },
    };
    papo::run(moderated(words))
}

#[cfg(test)]
mod tests {
    use papo::testing::{Tab, TestRoom};
    use serde_json::{Value, json};

    use super::*;

    fn room() -> (TestRoom, Tab, Tab) {
        let mut room = TestRoom::new(moderated(WORDS.map(str::to_owned).to_vec()));
        let (ana, bia) = (room.join("ana"), room.join("bia"));
        room.hears(ana);
        (room, ana, bia)
    }

    fn texts(events: Vec<Value>) -> Vec<String> {
        events.into_iter().filter_map(|event| event["text"].as_str().map(str::to_owned)).collect()
    }

    #[test]
    fn a_word_is_taken_out_for_everyone_and_words_that_contain_it_stay() {
        let (mut room, ana, bia) = room();
        room.says(ana, "Chuchu, jiló e abacateiro!").expect("it is said");
        assert_eq!(texts(room.hears(bia)), ["******, **** e abacateiro!"]);
        assert_eq!(texts(room.hears(ana)), ["******, **** e abacateiro!"], "who said it sees what became of it");
    }

    #[test]
    fn hurry_and_repetitions_are_refused_and_kept_nowhere() {
        let (mut room, ana, bia) = room();
        room.says(ana, "oi").expect("it is said");
        let refused = room.says(ana, "gente").expect_err("too fast");
        assert_eq!((refused.code.as_str(), refused.retry_after_ms), ("rate_limited", Some(1000)));
        room.says(bia, "oi").expect("everyone has a pace of their own");
        room.pass(PAUSE);
        assert_eq!(room.says(ana, "oi").expect_err("again").code, "rejected");
        room.says(ana, "olá").expect("it is said");
        assert_eq!(texts(room.log()), ["oi", "oi", "olá"]);
    }

    #[test]
    fn a_message_that_was_kept_is_not_refused_when_it_is_repeated() {
        let (mut room, ana, bia) = room();
        let send = json!({"type": "send", "client_id": "um", "text": "jiló"});
        let seq = room.does(ana, send.clone()).expect("it is said")["seq"].clone();
        let again = room.does(ana, send).expect("its answer was lost, so the client says it again");
        assert_eq!((&again["duplicate"], &again["seq"]), (&json!(true), &seq));
        assert_eq!(texts(room.hears(bia)), ["****"]);
    }
}
