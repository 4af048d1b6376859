//! Floor 3 · `journal`: the actor that keeps what was said. Everything that waits goes into one transaction.

use std::collections::VecDeque;
use std::mem;

use actix::prelude::*;
use tokio::sync::oneshot;

use crate::codes::Code;
use crate::ids::RoomId;
use crate::store::Store;
use crate::store::log::{Append, Kept};

/// Most events of one transaction: about 50 ms of work on a small machine, so that no sender waits longer for a full batch.
const BATCH_MAX: usize = 1000;

/// Keep these, in this order. Room → Journal; the answer is a [`Done`] with one entry for each, in the same order.
///
/// The mailbox is not limited by itself: every event in it holds a credit of the session that sent it, and is bounded by that.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Keep {
    /// What to keep.
    pub appends: Vec<Append>,
    /// Who wants to know.
    pub answer: Recipient<Done>,
}

/// What became of a [`Keep`]. Journal → Room.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Done(pub Vec<Kept>);

/// Remove this room after everything that was said in it before. Lobby → Journal; answered when it is gone.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Remove(pub RoomId);

/// Answered when everything that was given before is kept. App → Journal, at the end.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Settle;

enum Work {
    Keep(Keep),
    Remove(RoomId, oneshot::Sender<()>),
    Settle(oneshot::Sender<()>),
}

/// The one writer of all logs.
pub struct Journal {
    store: Store,
    waiting: VecDeque<Work>,
    busy: bool,
}

impl Journal {
    /// A journal that writes to `store`.
    pub fn new(store: Store) -> Self {
        Self { store, waiting: VecDeque::new(), busy: false }
    }

    fn add(&mut self, work: Work, context: &mut Context<Self>) {
        self.waiting.push_back(work);
        self.next(context);
    }

    /// Adds work whose sender waits until it is done.
    fn answer_later(
        &mut self,
        work: impl FnOnce(oneshot::Sender<()>) -> Work,
        context: &mut Context<Self>,
    ) -> ResponseFuture<()> {
        let (sender, receiver) = oneshot::channel();
        self.add(work(sender), context);
        Box::pin(async move {
            // The journal ends only with the process; then there is nobody left to tell.
            let _ = receiver.await;
        })
    }

    /// Starts the next transaction unless one is under way. There is one at a time, so results come back in order.
    fn next(&mut self, context: &mut Context<Self>) {
        if self.busy {
            return;
        }
        let mut batch = Vec::new();
        let mut answers = Vec::new();
        while let Some(Work::Keep(_)) = self.waiting.front() {
            let Some(Work::Keep(keep)) = self.waiting.pop_front() else { break };
            answers.push((keep.appends.len(), keep.answer));
            batch.extend(keep.appends);
            if batch.len() >= BATCH_MAX {
                break;
            }
        }
        if !answers.is_empty() {
            return self.keep(batch, answers, context);
        }
        match self.waiting.pop_front() {
            Some(Work::Remove(room, answer)) => self.remove(room, answer, context),
            Some(Work::Settle(answer)) => {
                let _ = answer.send(());
                self.next(context);
            }
            Some(Work::Keep(_)) | None => {}
        }
    }

    fn keep(&mut self, batch: Vec<Append>, answers: Vec<(usize, Recipient<Done>)>, context: &mut Context<Self>) {
        self.busy = true;
        let store = self.store.clone();
        let work = async move {
            let outcome = store.append(&batch).await;
            let mut kept = outcome.unwrap_or_else(|error| {
                tracing::error!(%error, events = batch.len(), "could not keep what was said");
                // Whether the commit reached the disk is not known: the sender repeats it with its client_id.
                vec![Kept::Refused(Code::Busy); batch.len()]
            });
            for (count, answer) in answers {
                let rest = kept.split_off(count);
                answer.do_send(Done(mem::replace(&mut kept, rest)));
            }
        };
        self.spawn(work, context);
    }

    fn remove(&mut self, room: RoomId, answer: oneshot::Sender<()>, context: &mut Context<Self>) {
        self.busy = true;
        let store = self.store.clone();
        let work = async move {
            if let Err(error) = store.remove_room(&room).await {
                tracing::error!(%error, %room, "could not remove an empty room");
            }
            // A lobby that is gone needs no answer.
            let _ = answer.send(());
        };
        self.spawn(work, context);
    }

    fn spawn(&self, work: impl Future<Output = ()> + 'static, context: &mut Context<Self>) {
        context.spawn(work.into_actor(self).map(|(), journal, context| {
            journal.busy = false;
            journal.next(context);
        }));
    }
}

impl Actor for Journal {
    type Context = Context<Self>;
}

impl Handler<Keep> for Journal {
    type Result = ();

    fn handle(&mut self, keep: Keep, context: &mut Context<Self>) {
        self.add(Work::Keep(keep), context);
    }
}

impl Handler<Remove> for Journal {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, Remove(room): Remove, context: &mut Self::Context) -> Self::Result {
        self.answer_later(|answer| Work::Remove(room, answer), context)
    }
}

impl Handler<Settle> for Journal {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: Settle, context: &mut Self::Context) -> Self::Result {
        self.answer_later(Work::Settle, context)
    }
}
