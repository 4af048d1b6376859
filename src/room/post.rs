//! Floor 4 · `room/post`: gathers what a room has to say and makes one parcel of it for each worker thread, encoded once.

use std::collections::{BTreeMap, HashMap};

use serde_json::value::RawValue;
use std::sync::Arc;

use crate::fanout::{Parcel, Place, Special, Step, WorkerId};
use crate::ids::{SeatId, SessionId};
use crate::link::Frame;
use crate::wire;

/// Who of the sockets in the room hears something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom {
    /// All of them.
    Everyone,
    /// All but this one, which hears it in another way.
    AllButSession(SessionId),
    /// All but the tabs of this seat.
    AllBut(SeatId),
    /// The tabs of this seat.
    Seat(SeatId),
}

/// The tabs in a room, by seat.
pub type Tabs = BTreeMap<SeatId, Vec<Place>>;

enum Item {
    Told { whom: Whom, json: Arc<RawValue>, passing: bool },
    Answer { place: Place, json: Option<String> },
    Note { place: Place, json: Arc<RawValue> },
}

/// What waits to be given out, in order.
#[derive(Default)]
pub struct Post {
    items: Vec<Item>,
    /// Whether something among them is in the log.
    news: bool,
    steps: BTreeMap<usize, Vec<Step>>,
}

impl Post {
    /// Tell this to `whom`.
    pub fn tell(&mut self, whom: Whom, json: Arc<RawValue>, passing: bool) {
        self.items.push(Item::Told { whom, json, passing });
    }

    /// Tell an event of the log to `whom`.
    pub fn show(&mut self, whom: Whom, json: Arc<RawValue>) {
        self.news = true;
        self.tell(whom, json, false);
    }

    /// Answer a command: with this object, or with nothing but its credit.
    pub fn answer(&mut self, place: Place, json: Option<String>) {
        self.items.push(Item::Answer { place, json });
    }

    /// Tell this to one socket, in the room or not; it answers nothing.
    pub fn note(&mut self, place: Place, json: Arc<RawValue>) {
        self.items.push(Item::Note { place, json });
    }

    /// From here on `place` hears the room.
    pub fn attach(&mut self, place: Place, seat: SeatId, tabs: &Tabs) {
        self.seal(tabs);
        self.steps.entry(place.worker.0).or_default().push(Step::Attach(place.session, seat));
    }

    /// From here on `place` no longer hears the room.
    pub fn detach(&mut self, place: Place, tabs: &Tabs) {
        self.seal(tabs);
        self.steps.entry(place.worker.0).or_default().push(Step::Detach(place.session));
    }

    /// Everything so far, as steps for each worker thread; `tabs` are the sockets that hear the room.
    pub fn take(&mut self, tabs: &Tabs) -> impl Iterator<Item = (WorkerId, Vec<Step>)> + use<> {
        self.seal(tabs);
        std::mem::take(&mut self.steps).into_iter().map(|(worker, steps)| (WorkerId(worker), steps))
    }

    /// Makes parcels of what was told and answered since the last time.
    fn seal(&mut self, tabs: &Tabs) {
        if self.items.is_empty() {
            return;
        }
        let items = std::mem::take(&mut self.items);
        let news = std::mem::take(&mut self.news);
        let shared = encode(items.iter().filter_map(|item| match item {
            Item::Told { whom: Whom::Seat(_), .. } | Item::Answer { .. } | Item::Note { .. } => None,
            Item::Told { json, passing, .. } => Some((json.get(), *passing)),
        }));
        let mut parcels: BTreeMap<usize, Parcel> = BTreeMap::new();
        for (place, seat) in special(&items, tabs) {
            let heard: Vec<(&Item, (&str, bool))> =
                items.iter().filter_map(|item| Some((item, heard_by(item, place, seat)?))).collect();
            let frames = encode(heard.iter().map(|(_, object)| *object));
            let answers: Vec<(&str, bool)> =
                heard.iter().filter(|(item, _)| matches!(item, Item::Answer { .. })).map(|(_, object)| *object).collect();
            let elsewhere = (answers.len() < heard.len()).then(|| encode(answers.into_iter()));
            let answered = items.iter().filter(|item| matches!(item, Item::Answer { place: to, .. } if *to == place)).count();
            let answered = u32::try_from(answered).unwrap_or(u32::MAX);
            let special = Special { session: place.session, frames, elsewhere, answered };
            parcels.entry(place.worker.0).or_default().special.push(special);
        }
        if !shared.is_empty() {
            for place in tabs.values().flatten() {
                let parcel = parcels.entry(place.worker.0).or_default();
                if parcel.shared.is_empty() {
                    parcel.shared.clone_from(&shared);
                    parcel.news = news;
                }
            }
        }
        for (worker, parcel) in parcels {
            self.steps.entry(worker).or_default().push(Step::Give(parcel));
        }
    }
}

/// The sockets that do not hear just what everyone hears, and the seat each is a tab of.
fn special(items: &[Item], tabs: &Tabs) -> HashMap<Place, Option<SeatId>> {
    let mut found = HashMap::new();
    let seat_of = |session: SessionId| {
        let tab = |(seat, places): (&SeatId, &Vec<Place>)| {
            places.iter().find(|place| place.session == session).map(|place| (*seat, *place))
        };
        tabs.iter().find_map(tab)
    };
    for item in items {
        match item {
            Item::Told { whom: Whom::Everyone, .. } => {}
            Item::Told { whom: Whom::AllBut(seat) | Whom::Seat(seat), .. } => {
                for place in tabs.get(seat).into_iter().flatten() {
                    found.insert(*place, Some(*seat));
                }
            }
            Item::Told { whom: Whom::AllButSession(session), .. } => {
                if !found.keys().any(|place: &Place| place.session == *session)
                    && let Some((seat, place)) = seat_of(*session)
                {
                    found.insert(place, Some(seat));
                }
            }
            Item::Answer { place, .. } | Item::Note { place, .. } => {
                found.entry(*place).or_insert_with(|| seat_of(place.session).map(|(seat, _)| seat));
            }
        }
    }
    found
}

fn heard_by(item: &Item, place: Place, seat: Option<SeatId>) -> Option<(&str, bool)> {
    match item {
        Item::Answer { place: to, json } => (*to == place).then_some((json.as_deref()?, false)),
        Item::Note { place: to, json } => (*to == place).then_some((json.get(), false)),
        // A socket that is not in the room hears its answers alone.
        Item::Told { whom, json, passing } => {
            let seat = seat?;
            let hears = match whom {
                Whom::Everyone => true,
                Whom::AllButSession(session) => *session != place.session,
                Whom::AllBut(other) => *other != seat,
                Whom::Seat(own) => *own == seat,
            };
            hears.then_some((json.get(), *passing))
        }
    }
}

/// Objects as frames. What may be dropped travels apart from what must arrive only if nothing else is on its way.
fn encode<'a>(objects: impl Iterator<Item = (&'a str, bool)>) -> Vec<Frame> {
    let objects: Vec<(&str, bool)> = objects.collect();
    let passing = objects.iter().all(|(_, passing)| *passing);
    let frames = wire::text_frames(objects.into_iter().map(|(json, _)| json));
    frames.into_iter().map(|bytes| Frame { bytes, passing }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(session: u64, worker: usize) -> Place {
        Place { session: SessionId(session), worker: WorkerId(worker) }
    }

    fn raw(text: &str) -> Arc<RawValue> {
        RawValue::from_string(text.to_owned()).unwrap().into()
    }

    fn text(frames: &[Frame]) -> String {
        frames.iter().map(|frame| String::from_utf8_lossy(&frame.bytes[2..]).into_owned()).collect()
    }

    /// Ana has two tabs on two threads, Bia one.
    fn tabs() -> Tabs {
        Tabs::from([(SeatId(1), vec![place(10, 0), place(11, 1)]), (SeatId(2), vec![place(20, 1)])])
    }

    fn parcels(post: &mut Post) -> Vec<Parcel> {
        let steps = post.take(&tabs()).flat_map(|(_, steps)| steps);
        steps.map(|step| if let Step::Give(parcel) = step { parcel } else { panic!("{step:?}") }).collect()
    }

    #[test]
    fn everyone_gets_the_same_bytes_on_every_thread() {
        let mut post = Post::default();
        post.tell(Whom::Everyone, raw("1"), false);
        post.tell(Whom::Everyone, raw("2"), false);
        let parcels = parcels(&mut post);
        assert_eq!(parcels.len(), 2);
        assert_eq!(text(&parcels[0].shared), "1\n2");
        assert_eq!(parcels[0].shared[0].bytes.as_ptr(), parcels[1].shared[0].bytes.as_ptr(), "encoded once");
        assert!(parcels.iter().all(|parcel| parcel.special.is_empty()));
    }

    #[test]
    fn the_sender_gets_the_answer_in_the_place_of_the_event() {
        let mut post = Post::default();
        post.tell(Whom::Everyone, raw("1"), false);
        post.show(Whom::AllButSession(SessionId(10)), raw("2"));
        post.answer(place(10, 0), Some("ok".into()));
        post.tell(Whom::Everyone, raw("3"), false);
        let parcels = parcels(&mut post);
        let Special { session, frames, elsewhere, answered } = &parcels[0].special[0];
        assert_eq!((*session, text(frames).as_str(), *answered), (SessionId(10), "1\nok\n3", 1));
        assert_eq!(elsewhere.as_deref().map(text).as_deref(), Some("ok"), "who has gone elsewhere hears the answer alone");
        assert_eq!(text(&parcels[1].shared), "1\n2\n3");
        assert!(parcels.iter().all(|parcel| parcel.news), "whoever keeps no copy of the log hears that there is more in it");
        assert!(parcels[1].special.is_empty(), "the sender's other tab hears what everyone hears");
    }

    #[test]
    fn all_tabs_of_a_seat_are_left_out_or_told_together() {
        let mut post = Post::default();
        post.tell(Whom::AllBut(SeatId(1)), raw("1"), true);
        post.tell(Whom::Seat(SeatId(1)), raw("2"), false);
        let parcels = parcels(&mut post);
        assert_eq!(text(&parcels[0].special[0].frames), "2");
        assert_eq!(text(&parcels[1].special[0].frames), "2");
        assert_eq!(text(&parcels[1].shared), "1");
        assert!(parcels[1].shared[0].passing && !parcels[1].special[0].frames[0].passing);
    }

    #[test]
    fn someone_who_is_not_in_the_room_gets_the_answer_alone() {
        let mut post = Post::default();
        post.tell(Whom::Everyone, raw("1"), false);
        post.answer(place(99, 0), Some("no".into()));
        post.answer(place(99, 0), None);
        let parcels = parcels(&mut post);
        let Special { frames, elsewhere, answered, .. } = &parcels[0].special[0];
        assert_eq!((text(frames).as_str(), elsewhere.is_none(), *answered), ("no", true, 2));
    }
}
