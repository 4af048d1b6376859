//! Tests of `room/state`.

use super::*;

fn event(seq: i64) -> Logged {
    let json = RawValue::from_string(format!("{{\"seq\":{seq}}}")).expect("valid json");
    Logged { seq, sent_at: seq * 10, json: json.into() }
}

fn room_with(count: i64) -> RoomState {
    let events = (1..=count).map(event).collect();
    RoomState::new(RoomId("r".into()), "R".into(), Epoch::random(), count, events)
}

fn seqs(events: Option<Vec<Logged>>) -> Option<Vec<i64>> {
    Some(events?.iter().map(|event| event.seq).collect())
}

#[test]
fn memory_holds_the_newest_events_and_says_when_it_does_not_reach_back() {
    let room = room_with(60);
    assert_eq!(room.head_seq, 60);
    assert_eq!(seqs(room.after(57)), Some(vec![58, 59, 60]));
    assert_eq!(seqs(room.after(60)), Some(vec![]));
    assert_eq!(seqs(room.after(10)).map(|s| s.len()), Some(50));
    assert_eq!(seqs(room.after(9)), None);
}

#[test]
fn a_room_where_nothing_was_said_has_nothing_to_tell() {
    let room = room_with(0);
    assert_eq!(seqs(room.after(0)), Some(vec![]));
}

#[test]
fn memory_knows_what_was_said_by_when_as_far_as_it_reaches() {
    let long = room_with(60);
    assert_eq!(long.place_at(i64::MAX), Some(60));
    assert_eq!(long.place_at(589), Some(58));
    assert_eq!(long.place_at(110), Some(11));
    assert_eq!(long.place_at(109), None);
    assert_eq!(long.last_sent_at(), Some(600));
    let short = room_with(3);
    assert_eq!((short.place_at(9), short.place_at(i64::MIN)), (Some(0), Some(0)));
    assert_eq!((room_with(0).place_at(5), room_with(0).last_sent_at()), (Some(0), None));
}

#[test]
fn a_shelf_is_seen_by_its_owner_alone() {
    #[derive(Default)]
    struct Mine(u8);
    #[derive(Default)]
    struct Yours(u8);
    let mut room = room_with(0);
    assert!(room.peek::<Mine>().is_none());
    room.own::<Mine>().0 = 7;
    assert_eq!(room.own::<Yours>().0, 0);
    assert_eq!(room.peek::<Mine>().map(|mine| mine.0), Some(7));
}
