//! Floor 9 · `numbers`: even and odd numbers: everyone owns a number from 0 to 99, kept for ever. An extension like any other: it
//! names nothing that an outside crate could not.

mod commands;
mod number;
mod rates;
mod routes;
mod value;

use utoipa::OpenApi as _;

use crate::Builder;

/// Adds the number service: its commands, its routes and its page.
#[must_use]
pub fn add_to(builder: Builder) -> Builder {
    builder
        .command::<commands::Start>()
        .command::<commands::Put>()
        .command::<commands::Even>()
        .command::<commands::Odd>()
        .share(rates::Rates::default())
        .routes(routes::add)
        .described(routes::Described::openapi())
}
