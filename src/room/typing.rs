//! Floor 3 · `room/typing`: tell the others that one is, or is no longer, writing. Silence for [`QUIET`] means no longer.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::codes::Rejection;
use crate::ids::SeatId;
use crate::room::command::{Command, Effect, Telling, To, json};
use crate::room::state::{Member, Moment, RoomState};

/// After this long without a sign, a typist has stopped. Protocol, rule 5.
pub const QUIET: Duration = Duration::from_secs(6);

/// `{"type":"typing","active":true}`
#[derive(Deserialize)]
pub struct Typing {
    active: bool,
}

/// Who is writing, and until when that is believed.
#[derive(Default)]
struct Typists(BTreeMap<SeatId, Duration>);

#[derive(Serialize)]
struct Event<'a> {
    r#type: &'static str,
    room: &'a str,
    username: &'a str,
    active: bool,
}

impl Command for Typing {
    const NAME: &'static str = "typing";
    const COUNTS: bool = false;

    fn apply(self, by: &Member, now: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        if !self.active {
            return Ok(stop(by, room));
        }
        let until = now.since_open + QUIET;
        let already = room.own::<Typists>().0.insert(by.seat, until).is_some();
        Ok(if already { Vec::new() } else { vec![told(by, room, true, To::Others)] })
    }

    fn tick(now: Moment, room: &mut RoomState) -> Vec<Effect> {
        let typists = &mut room.own::<Typists>().0;
        let quiet: Vec<SeatId> = typists.iter().filter(|(_, until)| **until <= now.since_open).map(|(seat, _)| *seat).collect();
        typists.retain(|_, until| *until > now.since_open);
        let quiet = quiet.iter().filter_map(|seat| room.members.get(seat));
        quiet.map(|member| told(member, room, false, To::AllBut(member.seat))).collect()
    }

    fn spoke(member: &Member, room: &mut RoomState) -> Vec<Effect> {
        stop(member, room)
    }

    fn gone(member: &Member, room: &mut RoomState) -> Vec<Effect> {
        stop(member, room)
    }

    fn welcome(member: &Member, room: &RoomState) -> Option<(&'static str, Box<RawValue>)> {
        let typists = room.peek::<Typists>().map(|typists| typists.0.keys()).into_iter().flatten();
        let others = typists.filter(|seat| **seat != member.seat).filter_map(|seat| room.members.get(seat));
        let names: Vec<&str> = others.map(|member| member.user.username.as_str()).collect();
        Some(("typing", json(&names)))
    }
}

fn stop(member: &Member, room: &mut RoomState) -> Vec<Effect> {
    match room.own::<Typists>().0.remove(&member.seat) {
        Some(_) => vec![told(member, room, false, To::AllBut(member.seat))],
        None => Vec::new(),
    }
}

fn told(member: &Member, room: &RoomState, active: bool, to: To) -> Effect {
    let event = Event { r#type: "typing", room: &room.id.0, username: member.user.username.as_str(), active };
    Effect::Tell(to, Telling::passing(&event))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::testing::{member, moment, room_of, told};

    fn types(seat: u64, active: bool, at_s: u64, room: &mut RoomState) -> Vec<String> {
        let by = room.members[&SeatId(seat)].clone();
        told(Typing { active }.apply(&by, moment(at_s), room).unwrap())
    }

    #[test]
    fn starting_is_told_once_however_often_it_is_said() {
        let mut room = room_of(&["ana", "bia"]);
        assert_eq!(types(1, true, 0, &mut room), [r#"{"type":"typing","room":"sala-1","username":"ana","active":true}"#]);
        assert!(types(1, true, 3, &mut room).is_empty());
    }

    #[test]
    fn a_quiet_typist_has_stopped_and_a_busy_one_has_not() {
        let mut room = room_of(&["ana", "bia"]);
        types(1, true, 0, &mut room);
        types(2, true, 3, &mut room);
        assert!(Typing::tick(moment(5), &mut room).is_empty());
        assert_eq!(
            told(Typing::tick(moment(6), &mut room)),
            [r#"{"type":"typing","room":"sala-1","username":"ana","active":false}"#]
        );
        assert!(Typing::tick(moment(8), &mut room).is_empty());
        assert_eq!(Typing::tick(moment(9), &mut room).len(), 1);
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
        for end in [Typing::spoke, Typing::gone] {
            let mut room = room_of(&["ana", "bia"]);
            types(1, true, 0, &mut room);
            assert_eq!(end(&member("ana", 1), &mut room).len(), 1);
            assert!(end(&member("ana", 1), &mut room).is_empty());
        }
    }

    #[test]
    fn a_newcomer_is_told_who_is_writing_but_never_oneself() {
        let mut room = room_of(&["ana", "bia"]);
        types(1, true, 0, &mut room);
        let field = |seat| Typing::welcome(&room.members[&SeatId(seat)], &room).unwrap().1.get().to_owned();
        assert_eq!(field(2), r#"["ana"]"#);
        assert_eq!(field(1), "[]");
    }
}
