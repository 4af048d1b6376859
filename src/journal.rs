//! Floor 3 · `journal`: the actor that keeps what was said. Everything that waits goes into one transaction.

mod inbox;

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use actix::prelude::*;
use tokio::sync::oneshot;

use crate::codes::Code;
use crate::ids::RoomId;
use crate::metrics::{Pending, Transactions};
use crate::store::Store;
use crate::store::log::{Append, Kept};

use self::inbox::{ENOUGH, Waiting, Wake, lock};
pub use self::inbox::{Inbox, Keep};

/// Most events of one transaction: about 50 ms of work on a small machine, so that no sender waits longer for a full batch.
const BATCH_MAX: usize = 1000;
/// A transaction begins at least this long after the one before: a commit costs the same for one event as for twenty.
/// Who speaks into a quiet server does not wait, and nobody notices a hundredth of a second.
const PACE: Duration = Duration::from_millis(10);

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

/// How much waits to be kept. Web → Journal.
#[derive(Message)]
#[rtype(result = "Pending")]
pub struct Census;

enum Work {
    Keep(Keep),
    Remove(RoomId, oneshot::Sender<()>),
    Settle(oneshot::Sender<()>),
}

/// The one writer of all logs.
pub struct Journal {
    store: Store,
    metrics: Transactions,
    inbox: Arc<Mutex<Waiting>>,
    waiting: VecDeque<Work>,
    busy: bool,
    /// When the last transaction began.
    began: Option<Instant>,
    /// The timer by which the next one is to begin.
    planned: Option<SpawnHandle>,
}

impl Journal {
    fn add(&mut self, work: Work, context: &mut Context<Self>) {
        self.look_into_inbox();
        self.waiting.push_back(work);
        self.next(context);
    }

    /// Takes in what rooms have put down. With nothing to do after that, the journal sleeps until it is woken.
    fn look_into_inbox(&mut self) {
        let mut inbox = lock(&self.inbox);
        self.waiting.extend(inbox.keeps.drain(..).map(Work::Keep));
        inbox.events = 0;
        inbox.awake = self.busy || !self.waiting.is_empty();
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
        self.look_into_inbox();
        if self.waits_for_more(context) {
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

    /// Whether the next transaction is to begin later, with what comes in until then.
    fn waits_for_more(&mut self, context: &mut Context<Self>) -> bool {
        if let Some(timer) = self.planned.take() {
            context.cancel_future(timer);
        }
        let of_keeps =
            self.waiting.iter().map_while(|work| if let Work::Keep(keep) = work { Some(keep.appends.len()) } else { None });
        let events: usize = of_keeps.sum();
        let wait = pause(self.began.map(|began| began.elapsed()), events);
        if wait.is_zero() {
            return false;
        }
        self.planned = Some(context.run_later(wait, |journal, context| {
            journal.planned = None;
            journal.next(context);
        }));
        true
    }

    fn keep(&mut self, batch: Vec<Append>, answers: Vec<(usize, Recipient<Done>)>, context: &mut Context<Self>) {
        self.busy = true;
        self.began = Some(Instant::now());
        let (store, metrics) = (self.store.clone(), self.metrics.clone());
        let work = async move {
            let began = Instant::now();
            let outcome = store.append(&batch).await;
            metrics.took(batch.len(), began.elapsed(), outcome.is_ok());
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

/// How long `events` wait for company when the last transaction began so long ago, if there was one.
fn pause(since_last: Option<Duration>, events: usize) -> Duration {
    match since_last {
        Some(since) if (1..ENOUGH).contains(&events) => PACE.saturating_sub(since),
        _ => Duration::ZERO,
    }
}

impl Actor for Journal {
    type Context = Context<Self>;
}

impl Handler<Wake> for Journal {
    type Result = ();

    fn handle(&mut self, _: Wake, context: &mut Context<Self>) {
        self.next(context);
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

impl Handler<Census> for Journal {
    type Result = MessageResult<Census>;

    fn handle(&mut self, _: Census, _: &mut Self::Context) -> Self::Result {
        let inbox = lock(&self.inbox);
        let taken = self.waiting.iter().map(|work| if let Work::Keep(keep) = work { keep.appends.len() } else { 0 });
        MessageResult(Pending { events: inbox.events + taken.sum::<usize>(), works: inbox.keeps.len() + self.waiting.len() })
    }
}

#[cfg(test)]
mod tests;
