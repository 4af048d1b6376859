//! Floor 10 · `program`: the command line of a server, with whatever extends it.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args as _, CommandFactory as _, FromArgMatches as _};

use crate::app::Builder;
use crate::backup::{self, Copied};
use crate::clock::now_ms;
use crate::health;
use crate::load::{self, Load};
use crate::log::{self, Log};
use crate::names::Password;
use crate::open_files;
use crate::seed::{self, Seeded};
use crate::settings::{self, Settings};
use crate::telemetry;

/// A start that failed: a wrong setting, a taken port, a folder that cannot be written.
const CANNOT_START: u8 = 2;

/// What it can do besides serving.
const SEED_DEMO: &str = "seed-demo";
const HEALTH: &str = "health";
const BACKUP: &str = "backup";
const LOG: &str = "log";
const LOAD: &str = "load";
/// A load test has options of its own, none of the settings of a server.
const LOAD_ABOUT: &str = "Drives any Papo with many sockets and checks that nothing is lost; see papo load --help";

/// Fills an empty server with people, rooms and messages, for a look around; then start papo with the same settings
#[derive(clap::Args)]
struct SeedDemo {
    /// Everybody's password in the demonstration
    #[arg(long, env = "PAPO_DEMO_PASSWORD", value_name = "PASSWORD", default_value = seed::PASSWORD, value_parser = Password::parse)]
    #[arg(hide_env_values = true, help_heading = "Demonstration")]
    password: Password,
}

/// Asks the server of the same settings whether it is ready: ends with 0 if it is, with 1 and a sentence if it is not
#[derive(clap::Args)]
struct Health {}

/// Copies the database, the key and the uploads of the server of the same settings, which may run on, into a new folder
#[derive(clap::Args)]
struct Backup {
    /// The folder to be made
    #[arg(value_name = "FOLDER", help_heading = "Back-up")]
    folder: PathBuf,
}

/// What the command line asks for.
enum Task {
    Serve,
    Fill(SeedDemo),
    AskHealth,
    Copy(Backup),
    ShowLog(Log),
}

/// The whole program: reads the settings and the command line (`--help` lists them), serves what `builder` makes, prints where,
/// and ends at Ctrl-C or SIGTERM when everything that was said is kept. Everything that Papo itself can do besides serving, it
/// does as well.
///
/// It ends with 0, or with 2 if it could not start.
///
/// ```no_run
/// fn main() -> std::process::ExitCode {
///     papo::run(papo::App::builder())
/// }
/// ```
pub fn run(builder: Builder) -> ExitCode {
    match load_asked() {
        Some(Ok(load)) => return drive(&load),
        Some(Err(error)) => error.exit(),
        None => {}
    }
    // Before any thread is started: it sets variables of this process.
    let (settings, task) = match read() {
        Ok(asked) => asked,
        Err(error) => error.exit(),
    };
    if let Err(error) = telemetry::init(settings.log, &settings.log_level) {
        eprintln!("papo: {error}");
        return ExitCode::from(CANNOT_START);
    }
    match task {
        Task::Serve => actix::System::new().block_on(serve(builder, settings)),
        Task::Fill(SeedDemo { password }) => actix::System::new().block_on(fill(settings, password)),
        Task::Copy(Backup { folder }) => actix::System::new().block_on(copy(settings, folder)),
        Task::AskHealth => ended(health::ask(&settings)),
        Task::ShowLog(asked) => {
            let mut out = std::io::stdout().lock();
            let terminal = out.is_terminal();
            ended(log::show(&settings, &asked, &mut out, terminal))
        }
    }
}

/// The load test that the command line asks for, if it asks for one.
fn load_asked() -> Option<Result<Load, clap::Error>> {
    let asked = std::env::args_os().nth(1).is_some_and(|word| word == LOAD);
    asked.then(|| {
        let command = clap::Command::new("papo").subcommand(Load::augment_args(clap::Command::new(LOAD)));
        let matches = command.try_get_matches()?;
        let (_, matches) = matches.subcommand().expect("it is the first word");
        Load::from_arg_matches(matches)
    })
}

/// 0 if every promise was kept, 1 if one was broken, 2 and a sentence if the test could not run.
fn drive(load: &Load) -> ExitCode {
    match load::run(load) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => {
            eprintln!("papo load: {sentence}");
            ExitCode::from(CANNOT_START)
        }
    }
}

/// 0, or 1 and a sentence.
fn ended(task: Result<(), String>) -> ExitCode {
    match task {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("papo: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asks for, with every setting on either side of the word.
fn read() -> Result<(Settings, Task), clap::Error> {
    Settings::read_dotenv()?;
    let tasks = [
        SeedDemo::augment_args(clap::Command::new(SEED_DEMO)),
        Health::augment_args(clap::Command::new(HEALTH)),
        Backup::augment_args(clap::Command::new(BACKUP)),
        Log::augment_args(clap::Command::new(LOG)),
        clap::Command::new(LOAD).about(LOAD_ABOUT),
    ];
    let mut command =
        Settings::command().mut_args(|setting| setting.global(true)).subcommands(tasks).disable_help_subcommand(true);
    let matches = command.try_get_matches_from_mut(std::env::args_os())?;
    let task = match matches.subcommand() {
        Some((SEED_DEMO, matches)) => Task::Fill(SeedDemo::from_arg_matches(matches)?),
        Some((HEALTH, _)) => Task::AskHealth,
        Some((BACKUP, matches)) => Task::Copy(Backup::from_arg_matches(matches)?),
        Some((LOG, matches)) => Task::ShowLog(Log::from_arg_matches(matches)?),
        Some((LOAD, _)) => {
            return Err(command.error(ErrorKind::ArgumentConflict, "load comes first and knows no settings: papo load"));
        }
        _ => Task::Serve,
    };
    Ok((Settings::from_matches(&matches)?, task))
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

async fn copy(settings: Settings, folder: PathBuf) -> ExitCode {
    match backup::backup(&settings, &folder).await {
        Ok(Copied { files, bytes }) => {
            let told = format!("papo has copied the database and {files} files, {bytes} bytes, into {}\n", folder.display());
            // What was copied is copied, whether or not anyone reads of it.
            let _ = std::io::stdout().write_all(told.as_bytes());
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("papo: {error}");
            ExitCode::from(CANNOT_START)
        }
    }
}

async fn serve(builder: Builder, settings: Settings) -> ExitCode {
    let surprises = surprises(&settings);
    let app = match builder.build(settings).await {
        Ok(app) => app,
        Err(error) => {
            eprintln!("papo: {error}");
            return ExitCode::from(CANNOT_START);
        }
    };
    let mut out = std::io::stdout();
    // Whoever started us may have closed our output; that is no reason not to serve.
    let _ = writeln!(out, "papo listening on http://{}", app.addr()).and_then(|()| out.flush());
    for surprise in surprises {
        tracing::warn!(event = "CHECK_SETTINGS", "{surprise}");
    }
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

/// Takes what the system gives; what will surprise all the same, a sentence each.
fn surprises(settings: &Settings) -> Vec<String> {
    let variables = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    let mut surprises: Vec<String> =
        settings::unknown(variables).iter().map(|name| format!("the variable {name} is no setting of papo")).collect();
    let wanted = settings.bounds.sockets_max as u64 + open_files::SPARE;
    if let Some(limit) = open_files::raise_limit().filter(|limit| *limit < wanted) {
        surprises.push(format!("the system allows {limit} open files, and --sockets-max takes {wanted}"));
    }
    if !settings.reach.trusted_proxies.is_empty() && !settings.is_https() {
        surprises.push("without --public-url https://… cookies may travel in the clear, also with TLS in front".into());
    }
    surprises
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
