//! Floor 10 · `main`: the command line.

use std::io::Write as _;
use std::process::ExitCode;

use papo::app::App;
use papo::settings::Settings;
use papo::telemetry;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A start that failed: a wrong setting, a taken port, a folder that cannot be written.
const CANNOT_START: u8 = 2;

fn main() -> ExitCode {
    // Before any thread is started: it sets variables of this process.
    let settings = match Settings::read() {
        Ok(settings) => settings,
        Err(error) => error.exit(),
    };
    if let Err(error) = telemetry::init(settings.log, &settings.log_level) {
        eprintln!("papo: {error}");
        return ExitCode::from(CANNOT_START);
    }
    actix::System::new().block_on(serve(settings))
}

async fn serve(settings: Settings) -> ExitCode {
    let app = match App::build(settings).await {
        Ok(app) => app,
        Err(error) => {
            eprintln!("papo: {error}");
            return ExitCode::from(CANNOT_START);
        }
    };
    let mut out = std::io::stdout();
    // Whoever started us may have closed our output; that is no reason not to serve.
    let _ = writeln!(out, "papo listening on http://{}", app.addr()).and_then(|()| out.flush());
    let stopper = app.stopper();
    let server = actix::spawn(app.run());
    asked_to_stop().await;
    stopper.stop().await;
    match server.await {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            eprintln!("papo: the server broke: {error}");
            ExitCode::FAILURE
        }
        Err(_) => ExitCode::FAILURE,
    }
}

/// Returns at SIGTERM or Ctrl-C.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).expect("signals can be waited for in a fresh process");
    let mut interrupt = signal(SignalKind::interrupt()).expect("signals can be waited for in a fresh process");
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
