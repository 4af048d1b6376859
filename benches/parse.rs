//! What a frame costs: a command read, an event encoded, many objects put into frames. `cargo bench --bench parse`

use divan::{Bencher, black_box};
use papo::room::send::Send;
use papo::wire;

fn main() {
    divan::main();
}

const COMMAND: &str =
    r#"{"type":"send","id":7,"client_id":"0192f1c2-7b1c","text":"a message as long as most messages are, give or take a word"}"#;
const BODY: &str = r#"{"id":"0192f1c27b1c","client_id":"0192f1c2-7b1c","from":{"username":"ana","name":"Ana"},"text":"a message as long as most messages are, give or take a word","images":[],"files":[],"sent_at":1732147260123}"#;

#[divan::bench]
fn head_of_a_command() -> wire::Head {
    wire::head(black_box(COMMAND)).expect("it is one")
}

#[divan::bench]
fn fields_of_a_message() -> Send {
    wire::fields(black_box(COMMAND)).expect("it is one")
}

#[divan::bench]
fn a_message_as_an_event() -> String {
    wire::durable("message", "sala-1", black_box(43), BODY)
}

/// Objects that are due for a socket, put into as few frames as they fit in.
#[divan::bench(args = [1, 16, 256])]
fn objects_in_frames(bencher: Bencher<'_, '_>, count: usize) {
    let event = wire::durable("message", "sala-1", 43, BODY);
    bencher
        .counter(divan::counter::ItemsCount::new(count))
        .bench(|| wire::text_frames(std::iter::repeat_n(event.as_str(), count)));
}
