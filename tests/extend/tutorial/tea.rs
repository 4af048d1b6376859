//! The program of docs/EXTENDING.md; to write it anew: `PAPO_WRITE=1 cargo test --test extend tutorial`

use papo::{App, Builder};

fn main() -> std::process::ExitCode {
    papo::run(tea())
}

fn tea() -> Builder {
    let kitchen = |rooms| drop(actix::spawn(kitchen(rooms)));
    App::builder().command::<Brew>().hooks(Timer).hooks(Host).on_start(kitchen)
}

/// For the tests beside it.
pub fn as_told() -> Builder {
    tea()
}

use std::time::Duration;

use papo::{Code, Command, Effect, Member, Moment, Rejection, RoomState, SeatId};
use serde::Deserialize;
use serde_json::json;

/// The pot of a room, if there is tea on: who has put it on, and when it is ready.
#[derive(Default)]
struct Pot(Option<(SeatId, Duration)>);

/// Puts tea on: `{"type":"tea.brew","minutes":3}`
#[derive(Deserialize)]
struct Brew {
    minutes: u64,
}

impl Command for Brew {
    const NAME: &'static str = "tea.brew";

    fn apply(self, by: &Member, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        if !(1..=10).contains(&self.minutes) {
            return Err(Rejection::because(Code::Rejected, "Tea takes 1 to 10 minutes."));
        }
        let pot = room.own::<Pot>();
        if pot.0.is_some() {
            return Err(Rejection::because(Code::Rejected, "There is tea on already."));
        }
        pot.0 = Some((by.seat, now.since_open + Duration::from_secs(60 * self.minutes)));
        Ok(vec![Effect::append("tea.brewing", &json!({"minutes": self.minutes}))])
    }
}

use papo::Hooks;

/// Tells when the tea is ready.
struct Timer;

impl Hooks for Timer {
    fn tick(&self, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        match room.own::<Pot>().0.take_if(|(_, ready)| *ready <= now.since_open) {
            Some(_) => Ok(vec![Effect::append("tea.ready", &json!({}))]),
            None => Ok(Vec::new()),
        }
    }
}

use papo::{Message, To};

/// Looks after the tea.
struct Host;

impl Hooks for Host {
    fn before_message(
        &self,
        message: &mut Message,
        by: &Member,
        now: Moment,
        room: &mut RoomState,
    ) -> Result<Vec<Effect>, Rejection> {
        match message.text() {
            "/brew" => {
                let effects = Brew { minutes: 1 }.apply(by, now, room)?;
                message.rewrite("🫖 I have put tea on.")?;
                return Ok(effects);
            }
            "/tea" => message.rewrite(&how_it_is(now, room))?,
            _ => {}
        }
        Ok(Vec::new())
    }

    /// Who comes hears how the tea is; nobody else does.
    fn on_join(&self, _: &Member, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(vec![Effect::tell(To::Seat, "tea.told", &json!({"text": how_it_is(now, room)}))])
    }

    /// Who goes takes their pot along.
    fn on_leave(&self, member: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        match room.own::<Pot>().0.take_if(|(by, _)| *by == member.seat) {
            Some(_) => Ok(vec![Effect::append("tea.gone", &json!({}))]),
            None => Ok(Vec::new()),
        }
    }
}

fn how_it_is(now: Moment, room: &RoomState) -> String {
    match room.peek::<Pot>() {
        Some(Pot(Some((_, ready)))) => {
            format!("🫖 Ready in {} s.", ready.saturating_sub(now.since_open).as_secs())
        }
        _ => "🫖 There is no tea on.".to_owned(),
    }
}

use actix::{Context, Handler};
use papo::Room;

/// The kitchen calls. The answer is how many people are there to hear it.
#[derive(actix::Message)]
#[rtype(result = "Result<usize, Rejection>")]
struct Call(&'static str);

impl Handler<Call> for Room {
    type Result = Result<usize, Rejection>;

    fn handle(&mut self, Call(text): Call, context: &mut Context<Self>) -> Self::Result {
        self.perform(context, |_, _| Ok(vec![Effect::append("tea.called", &json!({"text": text}))]))?;
        Ok(self.state().members().count())
    }
}

/// Every half minute.
async fn kitchen(rooms: papo::Rooms) {
    loop {
        actix::clock::sleep(Duration::from_secs(30)).await;
        if let Some(room) = rooms.get("sala-1").await {
            let heard = room.send(Call("Scones, anyone?")).await;
            println!("the kitchen has called: {heard:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use papo::testing::TestRoom;

    use super::*;

    #[test]
    fn tea_is_ready_when_its_minutes_have_passed() {
        let mut room = TestRoom::new(tea());
        let (ana, bia) = (room.join("ana"), room.join("bia"));
        room.does(ana, json!({"type": "tea.brew", "minutes": 3})).expect("there is none on");
        let refused = room.says(bia, "/brew").expect_err("there is one on");
        assert_eq!(refused.message, "There is tea on already.");
        room.pass(Duration::from_secs(170));
        room.says(bia, "/tea").expect("it is said");
        assert_eq!(room.log()[1]["text"], "🫖 Ready in 10 s.");
        room.pass(Duration::from_secs(10));
        assert_eq!(room.hears(ana).last().expect("news")["type"], "tea.ready");
    }

    #[test]
    fn who_goes_takes_their_pot_along_and_who_comes_is_told() {
        let mut room = TestRoom::new(tea());
        let ana = room.join("ana");
        room.says(ana, "/brew").expect("there is none on");
        room.leave(ana);
        assert_eq!(room.log().last().expect("an event")["type"], "tea.gone");
        let bia = room.join("bia");
        assert_eq!(room.hears(bia)[0]["text"], "🫖 There is no tea on.");
    }
}
