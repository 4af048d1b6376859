//! Floor 3 · `journal/tests`: what rooms put down is kept, in its order.

use super::*;
use crate::ids::UserId;
use crate::settings::Settings;

struct Listener(Vec<(usize, Instant)>, Option<oneshot::Sender<Vec<(usize, Instant)>>>);

impl Actor for Listener {
    type Context = Context<Self>;
}

impl Handler<Done> for Listener {
    type Result = ();

    fn handle(&mut self, Done(kept): Done, _: &mut Self::Context) {
        self.0.push((kept.len(), Instant::now()));
        let all = self.0.iter().map(|(count, _)| count).sum::<usize>();
        if let Some(answer) = self.1.take_if(|_| all >= ENOUGH + 2) {
            let _ = answer.send(mem::take(&mut self.0));
        }
    }
}

fn says(count: usize) -> Vec<Append> {
    let append = || Append {
        room: RoomId("a".into()),
        author: UserId(1),
        kind: "message",
        id: crate::ids::random_text::<9>(),
        once: None,
        body: r#"{"text":"x"}"#.into(),
        sent_at: 1,
        uploads: Vec::new(),
        only_if_known: false,
    };
    (0..count).map(|_| append()).collect()
}

#[actix_web::test]
async fn what_rooms_put_down_is_kept_in_its_order_and_the_end_waits_for_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&Settings::for_tests(dir.path())).await.unwrap();
    store.open_room(&RoomId("a".into()), "A", true, None, 0).await.unwrap();
    let inbox = Inbox::open(store, &Arbiter::current());
    let (sender, receiver) = oneshot::channel();
    let listener = Listener(Vec::new(), Some(sender)).start();
    for count in [1, 1, ENOUGH] {
        inbox.keep(Keep { appends: says(count), answer: listener.clone().recipient() });
        actix::clock::sleep(Duration::from_millis(1)).await;
    }
    let done = receiver.await.unwrap();
    assert_eq!(done.iter().map(|(count, _)| *count).collect::<Vec<_>>(), [1, 1, ENOUGH], "in the order in which they came");
    inbox.journal().send(Settle).await.unwrap();
    inbox.keep(Keep { appends: says(1), answer: listener.recipient() });
    // Whoever waits for the end of everything waits for what was put down before, too.
    inbox.journal().send(Settle).await.unwrap();
    assert!(lock(&inbox.waiting).keeps.is_empty());
}
