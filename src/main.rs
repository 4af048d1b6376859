//! Floor 11 · `main`: Papo as it comes, without extensions.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    papo::run(papo::App::builder())
}
