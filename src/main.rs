//! Floor 10 · `main`: the command line.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Args as _, CommandFactory as _, FromArgMatches as _};
use papo::app::App;
use papo::clock::now_ms;
use papo::names::Password;
use papo::seed::{self, Seeded};
use papo::settings::Settings;
use papo::telemetry;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A start that failed: a wrong setting, a taken port, a folder that cannot be written.
const CANNOT_START: u8 = 2;

/// The one thing that it can do besides serving.
const SEED_DEMO: &str = "seed-demo";

/// Fills an empty server with people, rooms and messages, for a look around; then start papo with the same settings
#[derive(clap::Args)]
struct SeedDemo {
    /// Everybody's password in the demonstration
    #[arg(long, env = "PAPO_DEMO_PASSWORD", value_name = "PASSWORD", default_value = seed::PASSWORD, value_parser = Password::parse)]
    #[arg(hide_env_values = true, help_heading = "Demonstration")]
    password: Password,
}

fn main() -> ExitCode {
    // Before any thread is started: it sets variables of this process.
    let (settings, demo) = match read() {
        Ok(asked) => asked,
        Err(error) => error.exit(),
    };
    if let Err(error) = telemetry::init(settings.log, &settings.log_level) {
        eprintln!("papo: {error}");
        return ExitCode::from(CANNOT_START);
    }
    match demo {
        Some(SeedDemo { password }) => actix::System::new().block_on(fill(settings, password)),
        None => actix::System::new().block_on(serve(settings)),
    }
}

/// What the command line asks for: to serve, or to fill a server first. Every setting may stand on either side of the word.
fn read() -> Result<(Settings, Option<SeedDemo>), clap::Error> {
    Settings::read_dotenv()?;
    let demo = SeedDemo::augment_args(clap::Command::new(SEED_DEMO));
    let command = Settings::command().mut_args(|setting| setting.global(true)).subcommand(demo).disable_help_subcommand(true);
    let matches = command.try_get_matches()?;
    let demo = matches.subcommand_matches(SEED_DEMO).map(SeedDemo::from_arg_matches).transpose()?;
    Ok((Settings::from_matches(&matches)?, demo))
}

async fn fill(settings: Settings, password: Password) -> ExitCode {
    let Seeded { people, rooms, messages, files } = match seed::seed(&settings, &password, now_ms()).await {
        Ok(made) => made,
        Err(error) => {
            eprintln!("papo: {error}");
            return ExitCode::from(CANNOT_START);
        }
    };
    let (first, names) = (people[0], people.join(", "));
    let told = format!(
        "papo has made {} people, {rooms} rooms, {messages} messages and {files} files\n\
         people: {names}\n\
         password of each: {}\n\
         to look around: start papo with the same settings, open http://{} and sign in as {first}\n",
        people.len(),
        password.expose(),
        settings.reach.listen,
    );
    // What was made is made, whether or not anyone reads of it.
    let _ = std::io::stdout().write_all(told.as_bytes());
    ExitCode::SUCCESS
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
