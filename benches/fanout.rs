//! What giving a message to the sockets of one thread costs, without the kernel's part: the loop, the queue of each, and nothing
//! that is encoded again. `cargo bench --bench fanout`

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use actix::prelude::*;
use divan::Bencher;
use divan::counter::ItemsCount;
use papo::codes::Close;
use papo::fanout::{Deliver, FanOut, Inbox, Nudge, Parcel, Socket, Sockets, Step, Way};
use papo::ids::{RoomId, SeatId, SessionId};
use papo::link::{Frame, Full};
use papo::metrics::SessionKind;
use papo::wire;

fn main() {
    divan::main();
}

/// Takes every frame and remembers how many there were, and that each is the very buffer that the room encoded.
#[derive(Default)]
struct Counted {
    frames: Rc<Cell<u64>>,
    buffer: Rc<Cell<usize>>,
}

impl Inbox for Counted {
    fn hears(&self, frame: &Frame) -> Result<(), Full> {
        self.frames.set(self.frames.get() + 1);
        self.buffer.set(frame.bytes.as_ptr() as usize);
        Ok(())
    }

    fn closes(&self, _: Close) {}

    fn kind(&self) -> SessionKind {
        SessionKind::Stream
    }
}

struct Session;

impl Actor for Session {
    type Context = Context<Self>;
}

impl Handler<Nudge> for Session {
    type Result = ();

    fn handle(&mut self, _: Nudge, _: &mut Self::Context) {}
}

/// One message for a room of so many members.
#[divan::bench(args = [10, 100, 1_000, 10_000])]
fn a_message_to_a_room(bencher: Bencher<'_, '_>, members: u64) {
    let system = System::new();
    let (frames, buffer) = (Rc::<Cell<u64>>::default(), Rc::<Cell<usize>>::default());
    let fanout = system.block_on(async {
        let sockets = Rc::new(Sockets::default());
        let session = Session.start();
        let fanout = FanOut::new(sockets.clone(), Duration::from_secs(3600)).start();
        for id in 1..=members {
            let counted = Counted { frames: frames.clone(), buffer: buffer.clone() };
            let way = Way::Inbox(Rc::new(counted));
            sockets.add(Rc::new(Socket::new(SessionId(id), way, None, session.clone().recipient())));
        }
        let steps = (1..=members).map(|id| Step::Attach(SessionId(id), SeatId(id))).collect();
        fanout.send(Deliver { room: RoomId("sala-1".into()), steps }).await.expect("it runs");
        fanout
    });
    let event =
        wire::durable("message", "sala-1", 43, r#"{"text":"a message as long as most messages are, give or take a word"}"#);
    let bytes = wire::text_frames([event.as_str()]).remove(0);
    let encoded = bytes.as_ptr() as usize;
    let parcel = Parcel { shared: vec![Frame { bytes, passing: false }], ..Parcel::default() };
    let before = frames.get();
    let rounds = Cell::new(0);
    bencher.counter(ItemsCount::new(members)).bench_local(|| {
        rounds.set(rounds.get() + 1);
        let steps = vec![Step::Give(parcel.clone())];
        system.block_on(fanout.send(Deliver { room: RoomId("sala-1".into()), steps })).expect("it runs");
    });
    assert_eq!(frames.get() - before, rounds.get() * members, "everyone hears it once");
    assert_eq!(buffer.get(), encoded, "encoded once, and shared");
}
