//! Floor 10 · `testing`: the log of a room under test: in memory, kept at once, with every promise that the journal makes.

use std::collections::HashMap;

use crate::codes::Code;
use crate::ids::{Epoch, RoomId, UserId};
use crate::room::command::{PAGE_MAX, Page};
use crate::room::core::Wanted;
use crate::room::pages::Found;
use crate::room::state::{Logged, RECENT_MAX, RoomState};
use crate::store::log::{Append, Kept};

/// The log.
pub(super) struct TestLog {
    epoch: Epoch,
    events: Vec<Logged>,
    said: HashMap<(UserId, String), Said>,
}

/// A message that has a `client_id`.
struct Said {
    seq: i64,
    sent_at: i64,
    digest: String,
}

impl TestLog {
    /// One in which nothing was said.
    pub(super) fn new() -> Self {
        Self { epoch: Epoch::random(), events: Vec::new(), said: HashMap::new() }
    }

    /// The room whose log this is, as it is read when it is opened.
    pub(super) fn state(&self) -> RoomState {
        let newest = self.events.len().saturating_sub(RECENT_MAX);
        let head = self.events.last().map_or(0, Logged::seq);
        RoomState::new(RoomId("sala-1".into()), "Sala 1".into(), self.epoch.clone(), head, self.events[newest..].to_vec())
    }

    /// All events, oldest first.
    pub(super) fn events(&self) -> &[Logged] {
        &self.events
    }

    /// Keeps what was said, in this order.
    pub(super) fn keep(&mut self, appends: Vec<Append>) -> Vec<Kept> {
        appends.into_iter().map(|append| self.keep_one(append)).collect()
    }

    fn keep_one(&mut self, append: Append) -> Kept {
        let seq = self.events.last().map_or(0, Logged::seq) + 1;
        let Append { room, author, kind, once, body, sent_at, only_if_known, .. } = append;
        if let Some(once) = once {
            let mark = (author, once.client_id);
            if let Some(said) = self.said.get(&mark) {
                let same = said.digest == once.digest;
                let duplicate = Kept::Duplicate { seq: said.seq, sent_at: said.sent_at };
                return if same { duplicate } else { Kept::Refused(Code::Conflict) };
            }
            if only_if_known {
                return Kept::Refused(Code::Rejected);
            }
            self.said.insert(mark, Said { seq, sent_at, digest: once.digest });
        }
        self.events.push(Logged::new(&room, kind, seq, sent_at, &body));
        Kept::New { seq }
    }

    /// A page, and which it is.
    pub(super) fn page(&self, wanted: Wanted) -> (Page, Found) {
        let page = match wanted {
            Wanted::Page(page) => page,
            Wanted::Time(ms) => {
                let place = self.events.iter().rev().find(|event| event.sent_at <= ms).map_or(0, Logged::seq);
                Page::After(place, PAGE_MAX)
            }
        };
        let found: Vec<&Logged> = match page {
            Page::After(after, _) => self.events.iter().filter(|event| event.seq > after).collect(),
            Page::Before(before, _) => {
                self.events.iter().rev().filter(|event| before.is_none_or(|before| event.seq < before)).collect()
            }
        };
        let (Page::After(_, limit) | Page::Before(_, limit)) = page;
        let mut events: Vec<Logged> = found.iter().take(limit).map(|event| (*event).clone()).collect();
        events.sort_by_key(Logged::seq);
        (page, Found { more: found.len() > events.len(), events })
    }
}
