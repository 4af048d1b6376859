//! Floor 3 · `journal/inbox`: where rooms put down what was said, without waking anybody who will look there anyway.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix::prelude::*;

use super::{Done, Journal};
use crate::metrics::Transactions;
use crate::store::Store;
use crate::store::log::Append;

/// With so many events waiting, a transaction begins at once: in a larger one each is no cheaper.
pub(super) const ENOUGH: usize = 100;

/// Keep these, in this order. Room → [`Inbox`] of the journal; the answer is a [`Done`] with one entry for each, in the same order.
///
/// The inbox is not limited by itself: every event in it holds a credit of the session that sent it, and is bounded by that.
pub struct Keep {
    /// What to keep.
    pub appends: Vec<Append>,
    /// Who wants to know.
    pub answer: Recipient<Done>,
}

/// Something is in the inbox. Inbox → Journal, if that is not about to look there anyway.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Wake;

/// What waits for the journal. Most rooms find it at work, and put theirs down without a message: waking a thread for every
/// message that somebody says would cost more than keeping it.
#[derive(Clone)]
pub struct Inbox {
    pub(super) waiting: Arc<Mutex<Waiting>>,
    journal: Addr<Journal>,
}

#[derive(Default)]
pub(super) struct Waiting {
    pub(super) keeps: Vec<Keep>,
    /// How many events these are.
    pub(super) events: usize,
    /// Whether the journal will look here by itself.
    pub(super) awake: bool,
}

impl Inbox {
    /// Starts a journal that writes to `store`, on `arbiter`; its transactions count in `metrics`.
    pub fn open(store: Store, metrics: Transactions, arbiter: &ArbiterHandle) -> Self {
        let waiting: Arc<Mutex<Waiting>> = Arc::default();
        let journal = Journal::start_in_arbiter(arbiter, {
            let inbox = waiting.clone();
            move |_| Journal { store, metrics, inbox, waiting: VecDeque::new(), busy: false, began: None, planned: None }
        });
        Self { waiting, journal }
    }

    /// Leaves this for the journal.
    pub fn keep(&self, keep: Keep) {
        let wakes = {
            let mut waiting = lock(&self.waiting);
            let before = waiting.events;
            waiting.events += keep.appends.len();
            waiting.keeps.push(keep);
            !mem::replace(&mut waiting.awake, true) || (before < ENOUGH && waiting.events >= ENOUGH)
        };
        if wakes {
            self.journal.do_send(Wake);
        }
    }

    /// The journal itself.
    pub fn journal(&self) -> &Addr<Journal> {
        &self.journal
    }
}

/// Nobody panics while holding it; if somebody did, what waits would still be whole.
pub(super) fn lock(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}
