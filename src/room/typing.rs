//! Floor 3 · `room/typing`: tell the others that one is, or is no longer, writing. Silence for [`QUIET`] means no longer.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::codes::Rejection;
use crate::ids::SeatId;
use crate::room::command::{Command, Effect, To};
use crate::room::event::Telling;
use crate::room::hooks::Hooks;
use crate::room::message::Message;
use crate::room::state::{Member, Moment, RoomState};

/// After this long without a sign, a typist has stopped. Protocol, rule 5.
pub const QUIET: Duration = Duration::from_secs(6);

/// `{"type":"typing","active":true}`
#[derive(Deserialize, ToSchema)]
pub struct Typing {
    /// Whether one is writing. To be said again at least every 6 s.
    active: bool,
}

/// Who is writing, and until when that is believed.
#[derive(Default)]
struct Typists(BTreeMap<SeatId, Duration>);

/// Who is writing, or has stopped.
#[derive(Serialize, ToSchema)]
pub(crate) struct Fields<'a> {
    username: &'a str,
    active: bool,
}

/// What someone who joins is told.
#[derive(ToSchema)]
#[expect(dead_code, reason = "a field of a welcome has no type of its own; this is how it is described")]
pub(crate) struct Welcome {
    /// Who of the others is writing.
    typing: Vec<String>,
}

/// Notices that someone has stopped.
pub struct Stop;

impl Command for Typing {
    const NAME: &'static str = "typing";
    const COUNTS: bool = false;

    fn apply(self, by: &Member, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        if !self.active {
            return Ok(stop(by, room));
        }
        let until = now.since_open + QUIET;
        let already = room.own::<Typists>().0.insert(by.seat, until).is_some();
        Ok(if already { Vec::new() } else { vec![told(by, true, To::Others)] })
    }
}

impl Hooks for Stop {
    fn tick(&self, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let typists = &mut room.own::<Typists>().0;
        let quiet: Vec<SeatId> = typists.iter().filter(|(_, until)| **until <= now.since_open).map(|(seat, _)| *seat).collect();
        typists.retain(|_, until| *until > now.since_open);
        let quiet = quiet.iter().filter_map(|seat| room.members.get(seat));
        Ok(quiet.map(|member| told(member, false, To::AllBut(member.seat))).collect())
    }

    fn before_message(&self, _: &mut Message, by: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(stop(by, room))
    }

    fn on_away(&self, member: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(stop(member, room))
    }

    fn on_leave(&self, member: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(stop(member, room))
    }

    fn welcome(&self, member: &Member, room: &RoomState) -> Option<(&'static str, Value)> {
        let typists = room.peek::<Typists>().map(|typists| typists.0.keys()).into_iter().flatten();
        let others = typists.filter(|seat| **seat != member.seat).filter_map(|seat| room.members.get(seat));
        Some(("typing", others.map(Member::username).collect()))
    }
}

fn stop(member: &Member, room: &mut RoomState) -> Vec<Effect> {
    match room.own::<Typists>().0.remove(&member.seat) {
        Some(_) => vec![told(member, false, To::AllBut(member.seat))],
        None => Vec::new(),
    }
}

fn told(member: &Member, active: bool, to: To) -> Effect {
    Effect::Tell(to, Telling::passing("typing", &Fields { username: member.username(), active }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::names::MessageText;
    use crate::room::testing::{member, moment, room_of, told};

    fn types(seat: u64, active: bool, at_s: u64, room: &mut RoomState) -> Vec<String> {
        let by = room.members[&SeatId(seat)].clone();
        told(Typing { active }.apply(&by, moment(at_s), room).unwrap())
    }

    #[test]
    fn starting_is_told_once_however_often_it_is_said() {
        let mut room = room_of(&["ana", "bia"]);
        assert_eq!(types(1, true, 0, &mut room), [r#"typing {"username":"ana","active":true}"#]);
        assert!(types(1, true, 3, &mut room).is_empty());
    }

    #[test]
    fn a_quiet_typist_has_stopped_and_a_busy_one_has_not() {
        let mut room = room_of(&["ana", "bia"]);
        types(1, true, 0, &mut room);
        types(2, true, 3, &mut room);
        let mut tick = |at_s| told(Stop.tick(moment(at_s), &mut room).unwrap());
        assert!(tick(5).is_empty());
        assert_eq!(tick(6), [r#"typing {"username":"ana","active":false}"#]);
        assert!(tick(8).is_empty());
        assert_eq!(tick(9).len(), 1);
    }

    #[test]
    fn stopping_is_told_once_and_only_if_there_was_a_start() {
        let mut room = room_of(&["ana", "bia"]);
        assert!(types(1, false, 0, &mut room).is_empty());
        types(1, true, 1, &mut room);
        assert_eq!(types(1, false, 2, &mut room).len(), 1);
        assert!(types(1, false, 3, &mut room).is_empty());
    }

    #[test]
    fn speaking_or_going_ends_it() {
        type End = fn(&Member, Moment, &mut RoomState) -> Result<Vec<Effect>, Rejection>;
        let spoke = |by: &Member, now: Moment, room: &mut RoomState| {
            let mut message = Message::new(MessageText::parse("oi").unwrap(), Vec::new(), Vec::new());
            Stop.before_message(&mut message, by, now, room)
        };
        let away = |by: &Member, now: Moment, room: &mut RoomState| Stop.on_away(by, now, room);
        let left = |by: &Member, now: Moment, room: &mut RoomState| Stop.on_leave(by, now, room);
        let ends: [End; 3] = [spoke, away, left];
        for end in ends {
            let mut room = room_of(&["ana", "bia"]);
            types(1, true, 0, &mut room);
            assert_eq!(end(&member("ana", 1), moment(1), &mut room).unwrap().len(), 1);
            assert!(end(&member("ana", 1), moment(1), &mut room).unwrap().is_empty());
        }
    }

    #[test]
    fn a_newcomer_is_told_who_is_writing_but_never_oneself() {
        let mut room = room_of(&["ana", "bia"]);
        types(1, true, 0, &mut room);
        let field = |seat| Stop.welcome(&room.members[&SeatId(seat)], &room).unwrap().1.to_string();
        assert_eq!(field(2), r#"["ana"]"#);
        assert_eq!(field(1), "[]");
    }
}
