//! Floor 3 · `room/pages`: which part of the log answers whom, from memory where it reaches.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use crate::codes::Rejection;
use crate::ids::Epoch;
use crate::room::command::{PAGE_BYTES_MAX, Page, page_limit};
use crate::room::state::{Logged, RoomState};

/// Where a client's copy of the log ends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
pub struct Since {
    /// Of which log; `None` is for whoever takes the log as it is.
    #[serde(deserialize_with = "of_a_log")]
    #[schema(value_type = String, required = true)]
    pub epoch: Option<Epoch>,
    /// The newest `seq` it has.
    pub seq: i64,
}

/// A client that names its place names its log.
fn of_a_log<'de, D: Deserializer<'de>>(log: D) -> Result<Option<Epoch>, D::Error> {
    Epoch::deserialize(log).map(Some)
}

/// From where on a client without a socket wants to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The newest page.
    Newest(usize),
    /// What has a greater `seq`.
    Seq(i64),
    /// What was said after this time, in milliseconds since 1970.
    Time(i64),
}

/// Why a client gets the newest page and not what it missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It did not say where it is.
    NotRequested,
    /// Its place is in another log.
    EpochChanged,
    /// Its place is beyond the end of the log.
    Ahead,
    /// What follows its place is no longer kept.
    Pruned,
}

/// Events of one log, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The events.
    pub events: Vec<Logged>,
    /// Whether there are more in the direction of the page.
    pub more: bool,
}

/// A page of the log of a room, as clients see it.
#[derive(Serialize, ToSchema)]
#[schema(as = Page)]
pub struct PageView<'a> {
    /// Durable events, oldest first.
    #[schema(value_type = Vec<Logged>)]
    events: Vec<&'a RawValue>,
    /// Whether there are more in that direction.
    more: bool,
}

impl Found {
    /// As clients see it.
    pub fn view(&self) -> PageView<'_> {
        PageView { events: self.events.iter().map(|event| &*event.json).collect(), more: self.more }
    }
}

/// What a joining client is to get: a page, and why it is not what it missed.
///
/// # Errors
/// As [`page_limit`].
pub fn page_for_join(since: Option<&Since>, limit: Option<i64>, room: &RoomState) -> Result<(Page, Option<Reason>), Rejection> {
    let limit = page_limit(limit)?;
    let reason = match since {
        None => Reason::NotRequested,
        Some(since) if since.epoch.as_ref().is_some_and(|epoch| *epoch != room.epoch) => Reason::EpochChanged,
        Some(since) if since.seq > room.head_seq => Reason::Ahead,
        Some(since) => return Ok((Page::After(since.seq.max(0), limit), None)),
    };
    Ok((Page::Before(None, limit), Some(reason)))
}

/// The page, if memory reaches that far.
pub fn from_memory(page: Page, room: &RoomState) -> Option<Found> {
    match page {
        Page::After(after, limit) => Some(cut_newest(room.after(after)?, limit)),
        Page::Before(before, limit) => {
            let end = before.unwrap_or(i64::MAX).min(room.head_seq + 1);
            let start = (end - i64::try_from(limit).ok()?).max(1);
            let mut events = room.after(start - 1)?;
            events.retain(|event| event.seq < end);
            Some(cut_oldest(events))
        }
    }
}

/// The page as the log has it (`read`), brought to what the room has shown by now: what is kept but not shown yet goes, because it
/// comes as an event; what was shown since is added where memory reaches.
pub fn from_log(page: Page, mut read: Found, room: &RoomState) -> Found {
    read.events.retain(|event| event.seq <= room.head_seq);
    match page {
        Page::After(after, limit) => {
            let last = read.events.last().map_or(after, |event| event.seq);
            match room.after(last) {
                Some(newer) => {
                    read.events.extend(newer);
                    cut_newest(read.events, limit)
                }
                None => Found { more: last < room.head_seq, ..read },
            }
        }
        Page::Before(None, _) => {
            let last = read.events.last().map_or(0, |event| event.seq);
            match room.after(last) {
                Some(newer) => {
                    read.events.extend(newer);
                    read
                }
                // So much was said while the log was read that the newest page is another one, and in memory.
                None => from_memory(Page::Before(None, crate::room::state::RECENT_MAX), room).unwrap_or(read),
            }
        }
        Page::Before(Some(_), _) => read,
    }
}

/// If there is more of what is new after `events`, oldest first: the time with which to go on without a hole. They are brought to an
/// end between two times for that; where all were said at once there is no such end, and they come again.
pub fn goes_on(events: &mut Vec<Logged>, room: &RoomState) -> Option<i64> {
    let last = events.last().filter(|event| event.seq < room.head_seq)?.sent_at;
    let Some(end) = events.iter().rposition(|event| event.sent_at < last) else { return Some(last - 1) };
    events.truncate(end + 1);
    Some(events[end].sent_at)
}

fn cut_newest(mut events: Vec<Logged>, limit: usize) -> Found {
    let fits = fitting(events.iter()).min(limit);
    let more = events.len() > fits;
    events.truncate(fits);
    Found { events, more }
}

fn cut_oldest(mut events: Vec<Logged>) -> Found {
    let fits = fitting(events.iter().rev());
    let events = events.split_off(events.len() - fits);
    let more = events.first().is_some_and(|event| event.seq > 1);
    Found { events, more }
}

/// How many of these fit into one page; at least one.
fn fitting<'a>(events: impl Iterator<Item = &'a Logged>) -> usize {
    let mut bytes = 0;
    let fits = events.take_while(|event| {
        let first = bytes == 0;
        bytes += event.json.get().len();
        first || bytes <= PAGE_BYTES_MAX
    });
    fits.count()
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;
    use crate::room::testing::room;

    fn event(seq: i64, bytes: usize) -> Logged {
        Logged { seq, sent_at: seq, json: RawValue::from_string(format!("\"{}\"", "x".repeat(bytes))).unwrap().into() }
    }

    fn room_at(head: i64) -> RoomState {
        let mut room = room();
        (1..=head).for_each(|seq| room.remember(event(seq, 10)));
        room
    }

    fn seqs(found: &Found) -> (Vec<i64>, bool) {
        (found.events.iter().map(|event| event.seq).collect(), found.more)
    }

    #[test]
    fn who_says_where_they_are_gets_what_they_missed_and_otherwise_hears_why_not() {
        let room = room_at(10);
        let since = |epoch: &Epoch, seq| Some(Since { epoch: Some(epoch.clone()), seq });
        let asked = |since: Option<Since>| page_for_join(since.as_ref(), None, &room).unwrap();
        assert_eq!(asked(since(&room.epoch, 7)), (Page::After(7, 50), None));
        assert_eq!(asked(since(&room.epoch, 10)), (Page::After(10, 50), None));
        let newest = Page::Before(None, 50);
        assert_eq!(asked(since(&room.epoch, 11)), (newest, Some(Reason::Ahead)));
        assert_eq!(asked(since(&Epoch::random(), 7)), (newest, Some(Reason::EpochChanged)));
        assert_eq!(asked(Some(Since { epoch: None, seq: 7 })), (Page::After(7, 50), None), "whatever log it is");
        assert_eq!(asked(None), (newest, Some(Reason::NotRequested)));
    }

    #[test]
    fn memory_answers_what_it_reaches_and_nothing_else() {
        let room = room_at(60);
        let page = |page| from_memory(page, &room).as_ref().map(seqs);
        assert_eq!(page(Page::After(57, 50)), Some((vec![58, 59, 60], false)));
        assert_eq!(page(Page::After(50, 3)), Some((vec![51, 52, 53], true)));
        assert_eq!(page(Page::Before(None, 2)), Some((vec![59, 60], true)));
        assert_eq!(page(Page::Before(Some(59), 2)), Some((vec![57, 58], true)));
        assert_eq!(page(Page::Before(Some(12), 2)), None);
        assert_eq!(page(Page::After(5, 3)), None);
        assert_eq!(from_memory(Page::Before(None, 200), &room_at(3)).as_ref().map(seqs), Some((vec![1, 2, 3], false)));
    }

    #[test]
    fn what_is_kept_but_not_shown_yet_is_not_in_a_page() {
        let room = room_at(5);
        let read = || Found { events: (1..=7).map(|seq| event(seq, 1)).collect(), more: false };
        for page in [Page::After(0, 50), Page::Before(None, 50)] {
            assert_eq!(seqs(&from_log(page, read(), &room)), (vec![1, 2, 3, 4, 5], false));
        }
    }

    #[test]
    fn what_was_shown_while_the_log_was_read_is_added_without_a_hole() {
        let room = room_at(60);
        let read = |from: i64, to: i64, more| Found { events: (from..=to).map(|seq| event(seq, 1)).collect(), more };
        assert_eq!(seqs(&from_log(Page::After(2, 200), read(3, 55, false), &room)), ((3..=60).collect(), false));
        assert_eq!(seqs(&from_log(Page::After(2, 4), read(3, 6, true), &room)), ((3..=6).collect(), true));
        // Memory begins at 11: what is between 6 and 11 is for the client to fetch.
        assert_eq!(seqs(&from_log(Page::After(2, 200), read(3, 6, false), &room)), ((3..=6).collect(), true));
        assert_eq!(seqs(&from_log(Page::Before(None, 50), read(1, 4, false), &room)).0, (11..=60).collect::<Vec<_>>());
    }

    #[test]
    fn what_goes_on_ends_between_two_times_so_that_a_time_goes_on_without_a_hole() {
        let mut room = room();
        let said = |seq, sent_at| Logged { sent_at, ..event(seq, 1) };
        let times = [1, 1, 2, 3, 3, 3];
        (1..).zip(times).for_each(|(seq, sent_at)| room.remember(said(seq, sent_at)));
        let cut = |count: i64| {
            let mut events: Vec<Logged> =
                (1..).zip(times).take(usize::try_from(count).unwrap()).map(|(seq, at)| said(seq, at)).collect();
            let more = goes_on(&mut events, &room);
            (events.len(), more)
        };
        assert_eq!(cut(6), (6, None), "up to the end of the log nothing is left out");
        assert_eq!((cut(5), cut(4), cut(3)), ((3, Some(2)), (3, Some(2)), (2, Some(1))));
        assert_eq!((cut(2), cut(1)), ((2, Some(0)), (1, Some(0))), "all at once: it comes again rather than not at all");
        assert_eq!(cut(0), (0, None));
    }

    #[test]
    fn a_page_is_cut_at_its_far_end_when_it_is_too_large() {
        let mut room = room();
        (1..=4).for_each(|seq| room.remember(event(seq, 200 * 1024)));
        assert_eq!(from_memory(Page::After(0, 50), &room).as_ref().map(seqs), Some((vec![1, 2], true)));
        assert_eq!(from_memory(Page::Before(None, 50), &room).as_ref().map(seqs), Some((vec![3, 4], true)));
    }
}
