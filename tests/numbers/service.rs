//! The number service once more, compiled within this crate, which is not papo: it can be an extension because it names nothing that
//! any extension could not name. Its own tests run here, too.

#[path = "../../src/numbers/commands.rs"]
mod commands;
#[path = "../../src/numbers/number.rs"]
mod number;
#[path = "../../src/numbers/rates.rs"]
mod rates;
#[path = "../../src/numbers/routes.rs"]
mod routes;
#[path = "../../src/numbers/value.rs"]
mod value;
