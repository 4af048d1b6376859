//! What keeping costs: one transaction with so many events, on disk with the default durability. `cargo bench --bench journal`

use divan::Bencher;
use divan::counter::ItemsCount;
use papo::Settings;
use papo::ids::{RoomId, UserId, random_text};
use papo::store::Store;
use papo::store::log::Append;

fn main() {
    divan::main();
}

const BODY: &str =
    r#"{"from":{"username":"ana","name":"Ana"},"text":"a message as long as most messages are, give or take a word"}"#;

fn said(count: usize, rooms: usize) -> Vec<Append> {
    let append = |n: usize| Append {
        room: RoomId(format!("sala-{}", n % rooms).into()),
        author: UserId(1),
        kind: "message",
        id: random_text::<12>(),
        once: None,
        body: BODY.into(),
        sent_at: 1_732_147_260_123,
        uploads: Vec::new(),
        only_if_known: false,
    };
    (0..count).map(append).collect()
}

/// Events of ten rooms, kept together.
#[divan::bench(args = [1, 10, 100, 1_000], sample_count = 20, sample_size = 5)]
fn events_in_one_transaction(bencher: Bencher<'_, '_>, count: usize) {
    let rooms = 10.min(count);
    let folder = tempfile::tempdir().expect("a folder for the database");
    let system = actix::System::new();
    let store = system.block_on(async {
        let store = Store::open(&Settings::for_tests(folder.path())).await.expect("a new database");
        for room in 0..rooms {
            store.open_room(&RoomId(format!("sala-{room}").into()), "Sala", true, None, 0).await.expect("a new room");
        }
        store
    });
    bencher.counter(ItemsCount::new(count)).with_inputs(|| said(count, rooms)).bench_local_values(|appends| {
        let kept = system.block_on(store.append(&appends)).expect("there is room on the disk");
        assert_eq!(kept.len(), count);
    });
    system.block_on(store.close());
}
