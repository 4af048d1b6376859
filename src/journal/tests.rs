//! Floor 3 · `journal/tests`: what rooms put down is kept, in its order.

use super::*;
use crate::metrics::{Found, Metrics};
use crate::settings::Settings;

/// How many events each answer was about, for whoever waits for all of them.
struct Listener(Vec<usize>, Option<oneshot::Sender<Vec<usize>>>);

impl Actor for Listener {
    type Context = Context<Self>;
}

impl Handler<Done> for Listener {
    type Result = ();

    fn handle(&mut self, Done(kept): Done, _: &mut Self::Context) {
        self.0.push(kept.len());
        let all = self.0.iter().sum::<usize>();
        if let Some(answer) = self.1.take_if(|_| all >= ENOUGH + 2) {
            let _ = answer.send(mem::take(&mut self.0));
        }
    }
}

#[test]
fn who_speaks_into_a_quiet_server_does_not_wait_others_wait_for_company_and_enough_wait_no_longer() {
    let (just_now, left) = (Some(PACE / 4), PACE / 4 * 3);
    assert_eq!(pause(None, 1), Duration::ZERO);
    assert_eq!(pause(Some(PACE), 1), Duration::ZERO);
    assert_eq!(pause(just_now, 1), left);
    assert_eq!(pause(just_now, ENOUGH - 1), left);
    assert_eq!(pause(just_now, ENOUGH), Duration::ZERO);
    assert_eq!(pause(just_now, 0), Duration::ZERO, "the end of everything waits for nobody");
}

fn says(count: usize) -> Vec<Append> {
    (0..count).map(|_| Append::for_tests("a")).collect()
}

#[actix_web::test]
async fn what_rooms_put_down_is_kept_in_its_order_and_the_end_waits_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&Settings::for_tests(dir.path())).await.unwrap();
    store.open_room(&RoomId("a".into()), "A", true, None, 0).await.unwrap();
    let inbox = Inbox::open(store, Metrics::default().journal, &Arbiter::current());
    let (sender, receiver) = oneshot::channel();
    let listener = Listener(Vec::new(), Some(sender)).start();
    for count in [1, 1, ENOUGH] {
        inbox.keep(Keep { appends: says(count), answer: listener.clone().recipient() });
        actix::clock::sleep(Duration::from_millis(1)).await;
    }
    let done = receiver.await.unwrap();
    assert_eq!(done, [1, 1, ENOUGH], "in the order in which they came");
    inbox.journal().send(Settle).await.unwrap();
    inbox.keep(Keep { appends: says(1), answer: listener.recipient() });
    // Whoever waits for the end of everything waits for what was put down before, too.
    inbox.journal().send(Settle).await.unwrap();
    assert!(lock(&inbox.waiting).keeps.is_empty());
}

#[actix_web::test]
async fn what_waits_is_told_and_a_transaction_that_fails_is_counted() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&Settings::for_tests(dir.path())).await.unwrap();
    store.open_room(&RoomId("a".into()), "A", true, None, 0).await.unwrap();
    let metrics = Metrics::default();
    let inbox = Inbox::open(store.clone(), metrics.journal.clone(), &Arbiter::current());
    let listener = Listener(Vec::new(), None).start();
    let keeps = |count| inbox.keep(Keep { appends: says(count), answer: listener.clone().recipient() });
    let mut pending = Pending::default();
    for _ in 0..1000 {
        // What comes right after a transaction waits for company, unless the machine took a nap meanwhile.
        keeps(1);
        inbox.journal().send(Census).await.unwrap();
        keeps(3);
        pending = inbox.journal().send(Census).await.unwrap();
        inbox.journal().send(Settle).await.unwrap();
        if pending.events > 0 {
            break;
        }
    }
    assert!(pending.events >= 3 && pending.works >= 1, "{pending:?}");
    assert_eq!(inbox.journal().send(Census).await.unwrap(), Pending::default());
    let told = |what: &str| metrics.text(&Found::default(), false).lines().any(|line| line == what);
    assert!(told("papo_journal_failures_total 0"));
    store.close().await;
    keeps(2);
    inbox.journal().send(Settle).await.unwrap();
    assert!(told("papo_journal_failures_total 1"));
}
