//! Dice for every room: `{"type":"dice.roll","sides":20}`, or `/roll` as a message. `cargo run --example dice`

use papo::{App, Builder, Code, Command, Effect, Hooks, Member, Message, Moment, Rejection, RoomState};
use rand::{Rng as _, TryRngCore as _, rngs::OsRng};
use serde::Deserialize;
use serde_json::json;

/// Everyone hears `dice.rolled`, with the `face`.
#[derive(Deserialize)]
struct Roll {
    sides: u8,
}

impl Command for Roll {
    const NAME: &'static str = "dice.roll";

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        if self.sides < 2 {
            return Err(Rejection::because(Code::Rejected, "A die has at least two sides."));
        }
        Ok(vec![Effect::append("dice.rolled", &json!({"sides": self.sides, "face": roll(self.sides)}))])
    }
}

/// What browsers know nothing of, one says: `/roll` is a message that shows what was thrown.
struct Slash;

impl Hooks for Slash {
    fn before_message(&self, message: &mut Message, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        if message.text() == "/roll" {
            message.rewrite(&format!("🎲 {}", roll(6)))?;
        }
        Ok(Vec::new())
    }
}

fn roll(sides: u8) -> u8 {
    OsRng.unwrap_err().random_range(1..=sides)
}

fn dice() -> Builder {
    App::builder().command::<Roll>().hooks(Slash)
}

fn main() -> std::process::ExitCode {
    papo::run(dice())
}

#[test]
fn everyone_hears_what_was_thrown() {
    let mut room = papo::testing::TestRoom::new(dice());
    let (ana, bia) = (room.join("ana"), room.join("bia"));
    room.does(ana, json!({"type": "dice.roll", "sides": 6})).expect("it is thrown");
    assert!((1..=6).contains(&room.hears(bia)[0]["face"].as_i64().expect("a face")));
    assert_eq!(room.does(ana, json!({"type": "dice.roll", "sides": 1})).expect_err("a coin at least").code, "rejected");
    room.says(ana, "/roll").expect("it is thrown");
    assert!(room.hears(bia)[0]["text"].as_str().expect("a text").starts_with("🎲 "));
}
