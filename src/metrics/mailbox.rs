//! Floor 1 · `metrics/mailbox`: how many messages wait for the actors of one kind. actix does not tell, so each carries a mark.

use actix::dev::{Request, ToEnvelope};
use actix::{Actor, Addr, Handler, Message};
use prometheus_client::metrics::gauge::Gauge;

/// The messages that wait for the actors of one kind. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct Mailbox(pub(super) Gauge);

/// A message that is on its way: it counts until its actor begins with it, or has died.
pub struct Queued<M> {
    message: M,
    mark: Mark,
}

struct Mark(Gauge);

impl Drop for Mark {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl<M: Message> Message for Queued<M> {
    type Result = M::Result;
}

impl Mailbox {
    /// Sends `message`, for which nobody waits.
    pub fn post<A, M>(&self, to: &Addr<A>, message: M)
    where
        A: Actor + Handler<Queued<M>>,
        A::Context: ToEnvelope<A, Queued<M>>,
        M: Message + Send + 'static,
        M::Result: Send,
    {
        to.do_send(self.queued(message));
    }

    /// Sends `message` and waits for the answer.
    pub fn ask<A, M>(&self, to: &Addr<A>, message: M) -> Request<A, Queued<M>>
    where
        A: Actor + Handler<Queued<M>>,
        A::Context: ToEnvelope<A, Queued<M>>,
        M: Message + Send + 'static,
        M::Result: Send,
    {
        to.send(self.queued(message))
    }

    fn queued<M>(&self, message: M) -> Queued<M> {
        self.0.inc();
        Queued { message, mark: Mark(self.0.clone()) }
    }
}

impl<M> Queued<M> {
    /// The message, which waits no longer.
    pub fn open(self) -> M {
        drop(self.mark);
        self.message
    }
}

/// Lets an actor handle these messages, which it handles anyway, also where they were counted on their way. It is said of each: of all at
/// once, the compiler would look for messages within messages without end.
macro_rules! counted {
    ($actor:ty: $($message:ty),+) => {$(
        impl actix::Handler<$crate::metrics::Queued<$message>> for $actor {
            type Result = <Self as actix::Handler<$message>>::Result;

            fn handle(&mut self, queued: $crate::metrics::Queued<$message>, context: &mut Self::Context) -> Self::Result {
                actix::Handler::<$message>::handle(self, queued.open(), context)
            }
        }
    )+};
}
pub(crate) use counted;

#[cfg(test)]
mod tests {
    use actix::prelude::*;
    use tokio::sync::oneshot;

    use super::*;

    struct Busy;

    impl Actor for Busy {
        type Context = Context<Self>;
    }

    /// Tells whether it was counted while it was handled, and then lasts until it hears.
    #[derive(Message)]
    #[rtype(result = "()")]
    struct Work(Mailbox, oneshot::Sender<i64>, oneshot::Receiver<()>);

    impl Handler<Queued<Work>> for Busy {
        type Result = AtomicResponse<Self, ()>;

        fn handle(&mut self, queued: Queued<Work>, _: &mut Self::Context) -> Self::Result {
            let Work(mailbox, tell, end) = queued.open();
            tell.send(mailbox.0.get()).unwrap();
            AtomicResponse::new(Box::pin(async { _ = end.await }.into_actor(self)))
        }
    }

    #[actix_web::test]
    async fn a_message_counts_from_its_sending_until_its_actor_begins_with_it() {
        let (mailbox, busy) = (Mailbox::default(), Busy.start());
        let send = || {
            let ((tell, told), (ends, end)) = (oneshot::channel(), oneshot::channel());
            mailbox.post(&busy, Work(mailbox.clone(), tell, end));
            (told, ends)
        };
        let (first, first_ends) = send();
        let (second, _second_ends) = send();
        assert_eq!(mailbox.0.get(), 2);
        assert_eq!(first.await, Ok(1), "the other one still waits");
        first_ends.send(()).unwrap();
        assert_eq!(second.await, Ok(0));
    }

    #[actix_web::test]
    async fn what_waits_for_an_actor_that_dies_is_taken_back() {
        let mailbox = Mailbox::default();
        let arbiter = Arbiter::new();
        let busy = Busy::start_in_arbiter(&arbiter.handle(), |_| Busy);
        let ((tell, told), (_ends, end)) = (oneshot::channel(), oneshot::channel());
        mailbox.post(&busy, Work(mailbox.clone(), tell, end));
        told.await.unwrap();
        let ((tell, _), (_ends, end)) = (oneshot::channel(), oneshot::channel());
        mailbox.post(&busy, Work(mailbox.clone(), tell, end));
        assert_eq!(mailbox.0.get(), 1);
        arbiter.stop();
        arbiter.join().unwrap();
        drop(busy);
        assert_eq!(mailbox.0.get(), 0);
    }
}
