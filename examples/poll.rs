//! Polls for every room: one asks, everybody votes once, and time closes it. `cargo run --example poll`
//!
//! ```json
//! {"type":"poll.open","question":"Almoço?","options":["feijoada","moqueca"],"seconds":60}
//! {"type":"poll.vote","option":1}
//! {"type":"poll.show"}
//! ```

use std::collections::BTreeMap;
use std::process::ExitCode;

use papo::{App, Builder, Code, Command, Effect, Hooks, Logged, Member, Moment, Rejection, RoomState};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Longest question or option, in characters.
const CHARS_MAX: usize = 200;
/// Most options of a poll.
const OPTIONS_MAX: usize = 10;
/// Longest poll, in seconds.
const SECONDS_MAX: u32 = 24 * 60 * 60;

/// The poll that is open in a room, if one is. It is on the shelf of the room, so each room has its own.
#[derive(Default)]
struct Open(Option<Poll>);

/// A poll.
#[derive(Deserialize, Serialize)]
struct Poll {
    question: String,
    options: Vec<String>,
    /// When it closes, in milliseconds since 1970: clients show it, and it still holds after a restart.
    closes_at: i64,
    /// Who has voted for which option.
    #[serde(skip)]
    votes: BTreeMap<String, usize>,
}

impl Poll {
    fn counts(&self) -> Vec<usize> {
        (0..self.options.len()).map(|option| self.votes.values().filter(|vote| **vote == option).count()).collect()
    }

    fn show(&self) -> Value {
        json!({"question": self.question, "options": self.options, "closes_at": self.closes_at, "counts": self.counts()})
    }
}

/// Opens a poll, unless there is one.
#[derive(Deserialize)]
struct OpenPoll {
    question: String,
    options: Vec<String>,
    seconds: u32,
}

impl Command for OpenPoll {
    const NAME: &'static str = "poll.open";

    fn apply(self, _: &Member, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let is_written = |text: &String| !text.trim().is_empty() && !text.contains(char::is_control);
        let fits = |text: &String| is_written(text) && text.chars().count() <= CHARS_MAX;
        if !fits(&self.question) || !self.options.iter().all(fits) || !(2..=OPTIONS_MAX).contains(&self.options.len()) {
            let what = format!("A poll has a question and 2 to {OPTIONS_MAX} options, of 1 to {CHARS_MAX} characters each.");
            return Err(Rejection::because(Code::Rejected, what));
        }
        if !(1..=SECONDS_MAX).contains(&self.seconds) {
            return Err(Rejection::because(Code::Rejected, format!("A poll is open for 1 to {SECONDS_MAX} seconds.")));
        }
        let open = &mut room.own::<Open>().0;
        if open.is_some() {
            return Err(Rejection::because(Code::Rejected, "There is a poll in this room already."));
        }
        let closes_at = now.wall_ms + i64::from(self.seconds) * 1000;
        let poll = Poll { question: self.question, options: self.options, closes_at, votes: BTreeMap::new() };
        let opened = Effect::append("poll.opened", &poll);
        *open = Some(poll);
        Ok(vec![opened])
    }
}

/// Votes. Who votes again has changed their mind.
#[derive(Deserialize)]
struct Vote {
    option: usize,
}

impl Command for Vote {
    const NAME: &'static str = "poll.vote";

    fn apply(self, by: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let poll = the_poll(room)?;
        if self.option >= poll.options.len() {
            return Err(Rejection::because(Code::Rejected, "There is no such option."));
        }
        poll.votes.insert(by.username().to_owned(), self.option);
        let answer = Effect::answer(&json!({"counts": poll.counts()}));
        Ok(vec![Effect::append("poll.voted", &json!({"option": self.option})), answer])
    }
}

/// Answers how it stands, to the one who asks.
#[derive(Deserialize)]
struct Show {}

impl Command for Show {
    const NAME: &'static str = "poll.show";
    const COUNTS: bool = false;

    fn apply(self, _: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(vec![Effect::answer(&the_poll(room)?.show())])
    }
}

fn the_poll(room: &mut RoomState) -> Result<&mut Poll, Rejection> {
    room.own::<Open>().0.as_mut().ok_or_else(|| Rejection::because(Code::Rejected, "There is no poll in this room."))
}

/// What happens by itself.
struct Polls;

impl Hooks for Polls {
    /// A server that was started anew has forgotten the poll; the log has not.
    fn on_open(&self, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let mut open = None;
        for event in room.recent() {
            replay(event, &mut open);
        }
        room.own::<Open>().0 = open;
        Ok(Vec::new())
    }

    fn tick(&self, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let closed = room.own::<Open>().0.take_if(|poll| poll.closes_at <= now.wall_ms);
        Ok(closed.map(|poll| Effect::append("poll.closed", &poll.show())).into_iter().collect())
    }

    fn welcome(&self, _: &Member, room: &RoomState) -> Option<(&'static str, Value)> {
        Some(("poll", room.peek::<Open>()?.0.as_ref()?.show()))
    }
}

/// What `event` has done to the poll.
fn replay(event: &Logged, open: &mut Option<Poll>) {
    match event.kind() {
        "poll.opened" => *open = serde_json::from_value(event.value()).ok(),
        "poll.voted" => {
            let vote = event.value();
            if let (Some(poll), Some(by), Some(option)) = (open, vote["from"]["username"].as_str(), vote["option"].as_u64()) {
                poll.votes.insert(by.to_owned(), usize::try_from(option).unwrap_or(usize::MAX));
            }
        }
        "poll.closed" => *open = None,
        _ => {}
    }
}

fn polls() -> Builder {
    App::builder().command::<OpenPoll>().command::<Vote>().command::<Show>().hooks(Polls)
}

fn main() -> ExitCode {
    papo::run(polls())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use papo::testing::{Tab, TestRoom};

    use super::*;

    /// A room in which `ana` has asked what is for lunch, for a minute.
    fn lunch() -> (TestRoom, Tab, Tab) {
        let mut room = TestRoom::new(polls());
        let (ana, bia) = (room.join("ana"), room.join("bia"));
        let open = json!({"type": "poll.open", "question": "Almoço?", "options": ["feijoada", "moqueca"], "seconds": 60});
        room.does(ana, open).expect("it is opened");
        (room, ana, bia)
    }

    fn vote(room: &mut TestRoom, tab: Tab, option: usize) -> Value {
        room.does(tab, json!({"type": "poll.vote", "option": option})).expect("it counts")["counts"].clone()
    }

    #[test]
    fn everyone_has_one_vote_and_may_change_it() {
        let (mut room, ana, bia) = lunch();
        assert_eq!(vote(&mut room, ana, 0), json!([1, 0]));
        assert_eq!(vote(&mut room, bia, 0), json!([2, 0]));
        assert_eq!(vote(&mut room, bia, 1), json!([1, 1]));
        let caio = room.join("caio");
        assert_eq!(room.welcome(caio)["poll"]["counts"], json!([1, 1]), "who comes later is told");
    }

    #[test]
    fn time_closes_it_and_the_log_keeps_how_it_ended() {
        let (mut room, ana, bia) = lunch();
        vote(&mut room, ana, 1);
        room.hears(bia);
        room.pass(Duration::from_secs(60));
        let closed = room.hears(bia).pop().expect("it is closed");
        assert_eq!((&closed["type"], &closed["counts"]), (&json!("poll.closed"), &json!([0, 1])));
        assert_eq!(room.log().last(), Some(&closed));
        assert_eq!(room.does(ana, json!({"type": "poll.vote", "option": 0})).expect_err("it is closed").code, "rejected");
    }

    #[test]
    fn a_restart_forgets_no_vote() {
        let (mut room, ana, bia) = lunch();
        vote(&mut room, ana, 0);
        vote(&mut room, bia, 1);
        room.restart();
        let ana = room.join("ana");
        assert_eq!(vote(&mut room, ana, 1), json!([0, 2]));
        room.pass(Duration::from_secs(60));
        assert_eq!(room.hears(ana).pop().expect("it is closed")["type"], "poll.closed");
    }

    #[test]
    fn what_is_no_poll_is_refused() {
        let (mut room, ana, _) = lunch();
        let mut refused = |command: Value| room.does(ana, command).expect_err("it is refused").code;
        assert_eq!(
            refused(json!({"type": "poll.open", "question": "E amanhã?", "options": ["a", "b"], "seconds": 9})),
            "rejected"
        );
        assert_eq!(refused(json!({"type": "poll.vote", "option": 2})), "rejected");
        assert_eq!(refused(json!({"type": "poll.vote"})), "bad_frame");
        room.pass(Duration::from_secs(60));
        let mut refused = |command: Value| room.does(ana, command).expect_err("it is refused").code;
        assert_eq!(refused(json!({"type": "poll.show"})), "rejected");
        for (options, seconds) in [(json!(["a"]), 9), (json!(["a", " "]), 9), (json!(["a", "b\0"]), 9), (json!(["a", "b"]), 0)] {
            assert_eq!(
                refused(json!({"type": "poll.open", "question": "?", "options": options, "seconds": seconds})),
                "rejected"
            );
        }
        assert_eq!(room.log().len(), 2, "one was opened and closed");
    }
}
