//! Floor 8 · `asyncapi`: what the number service says and understands. It is an extension, and stands on a floor above; the tests of
//! its frames hold this in step with it.

use utoipa::ToSchema;

use super::frame::Frame;
use super::{command, ok};

/// Which client of the user, so that several have a number each.
#[derive(ToSchema)]
#[expect(dead_code, reason = "this is how it is described")]
struct Client {
    /// 1 unless it is told; 1 is the user's own.
    #[schema(nullable = true, minimum = 1, maximum = 8)]
    client: Option<i64>,
}

/// A number.
#[derive(ToSchema)]
#[expect(dead_code, reason = "this is how it is described")]
struct Value {
    /// From 0 to 99.
    #[schema(minimum = 0, maximum = 99)]
    value: u8,
}

/// The commands of the number service, each with what it is answered.
pub(super) fn commands() -> Vec<(Frame, Frame)> {
    let value = |of: &'static str, says| ok(of, says).with::<Value>();
    vec![
        (
            command("number.start", "Ask for one's number, which is 0 at first").with::<Client>(),
            value("number.start", "The last one that was kept"),
        ),
        (command("number.put", "Keep a number").with::<Value>().with::<Client>(), value("number.put", "It is kept")),
        (command("number.even", "Ask for an even number"), value("number.even", "One from 0 to 98, by chance")),
        (command("number.odd", "Ask for an odd number"), value("number.odd", "One from 1 to 99, by chance")),
    ]
}
