//! Floor 9 · `load`: `papo load` drives a server with many sockets and holds it to its promises.

mod breach;
mod check;
mod crowd;
mod drive;
mod figures;
mod frame;
mod heard;
mod http;
mod options;
mod outcome;
mod place;
mod probe;
mod progress;
mod report;
mod room;
mod schedule;
mod sent;
mod socket;
mod summary;
mod users;
mod words;

use std::fs::File;
use std::io::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use crate::clock::now_ms;
use crate::ids::random_text;
use crate::open_files;

use self::check::Check;
use self::crowd::Crowd;
use self::drive::Drive;
use self::http::Target;
pub use self::options::Load;
use self::outcome::{Outcome, Verdict};
use self::probe::Probe;
use self::progress::Progress;
use self::users::{User, Who};

/// Sockets of one address of this machine: below the ports that Linux gives out by itself, 28,232.
const SOCKETS_AN_ADDRESS: usize = 20_000;

/// Runs a load test and shows what came of it; whether every promise was kept.
///
/// # Errors
/// One sentence: why the test could not run.
pub fn run(load: &Load) -> Result<bool, String> {
    let target = Target::parse(&load.url)?;
    enough_files(load.sockets)?;
    let report = load.report.as_deref().map(begin_report).transpose()?;
    let probe = Probe::new(load.pid, &target)?;
    let asked_to_end = Arc::new(AtomicU8::new(0));
    listen_for_end(asked_to_end.clone())?;
    let mut progress = Progress::new(load.lasting, asked_to_end.clone());
    let from = sources(load, &target);
    let name = format!("load-{}", users::name_of_test(seed()));
    let stop = || asked_to_end.load(Ordering::Relaxed) > 0;
    let who = who(load, &name)?;
    let users = users::sign_in(&target, &from, &who, &stop, &mut |made| progress.users(made, who.count()));
    let users = users.inspect_err(|_| progress.end())?;
    let users = users.ok_or_else(|| {
        progress.end();
        "ended before anybody was in".to_owned()
    })?;
    let check = prepared(load, &name, &users)?;
    let crowd = Crowd::new(&target, &from, &users, check).map_err(|error| format!("sockets cannot be waited for: {error}"))?;
    let mut drive = Drive::new(crowd, load, &probe, &mut progress);
    let ran = drive.run();
    let outcome = Outcome::new(load, users.len(), &drive);
    progress.end();
    ran?;
    if outcome.sent > 0 && outcome.refused.values().sum::<u64>() == outcome.sent {
        return Err(format!("the server refused every message: {}", outcome.notes.join(" ")));
    }
    if let (Some(mut file), Some(path)) = (report, &load.report) {
        let written = file.write_all(report::page(&outcome, now_ms()).as_bytes());
        written.map_err(|error| cannot_write(path, &error))?;
    }
    show(load, &outcome);
    Ok(outcome.verdict != Verdict::Broken)
}

/// Before anything is measured in vain.
fn begin_report(path: &Path) -> Result<File, String> {
    File::create(path).map_err(|error| cannot_write(path, &error))
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    format!("the report {} cannot be written: {error}", path.display())
}

fn show(load: &Load, outcome: &Outcome) {
    let text = if load.json { json(outcome) + "\n" } else { summary::text(outcome) };
    // What was measured is measured, whether or not anyone reads of it.
    let _ = io::stdout().write_all(text.as_bytes());
}

fn json(outcome: &Outcome) -> String {
    serde_json::to_string(outcome).expect("an outcome is plain data")
}

/// Sees to it that all sockets may be open.
fn enough_files(sockets: u32) -> Result<(), String> {
    let wanted = u64::from(sockets) + open_files::SPARE;
    match open_files::raise_limit() {
        Some(limit) if limit < wanted => Err(format!(
            "the system allows this process {limit} open files, and {sockets} sockets take {wanted}: raise it (ulimit -Hn), or drive fewer"
        )),
        _ => Ok(()),
    }
}

/// Where to connect from: what was asked for; on the loopback of this machine, as many addresses as the ports of one do not suffice for.
fn sources(load: &Load, target: &Target) -> Vec<IpAddr> {
    let needed = (load.sockets as usize).div_ceil(SOCKETS_AN_ADDRESS);
    let loopback = matches!(target.address.ip(), IpAddr::V4(ip) if ip.is_loopback());
    if !load.from.is_empty() || needed == 1 || !loopback {
        return load.from.clone();
    }
    let last = |n| u8::try_from(n + 1).unwrap_or(u8::MAX);
    (1..=needed).map(|n| Ipv4Addr::new(127, 0, 0, last(n)).into()).collect()
}

fn who(load: &Load, name: &str) -> Result<Who, String> {
    match &load.accounts {
        Some(file) => {
            let mut accounts = users::accounts(file)?;
            accounts.truncate(load.sockets as usize);
            Ok(Who::Accounts(accounts))
        }
        None => Ok(Who::Guests((1..=load.sockets).map(|n| format!("{name}-{n}")).collect())),
    }
}

/// Each socket with its user and its room: all sockets of a user are in one, because a user is in one room at a time.
fn prepared(load: &Load, name: &str, users: &[User]) -> Result<Check, String> {
    let rooms = load.rooms.min(load.sockets) as usize;
    if users.len() < rooms {
        return Err(format!(
            "{} accounts cannot be in {rooms} rooms at a time: name more accounts, or fewer --rooms",
            users.len()
        ));
    }
    let names = (1..=rooms).map(|room| format!("{name}-{room}")).collect();
    let seats = (0..load.sockets as usize).map(|at| (users[at % users.len()].name.clone(), at % users.len() % rooms));
    Ok(Check::new(names, seats.collect(), load.bytes))
}

/// Counts how often Ctrl-C or SIGTERM asks for an end.
fn listen_for_end(asked: Arc<AtomicU8>) -> Result<(), String> {
    use tokio::signal::unix::{SignalKind, signal};
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build();
    let runtime = runtime.map_err(|error| format!("signals cannot be waited for: {error}"))?;
    thread::spawn(move || {
        runtime.block_on(async move {
            let mut terminate = signal(SignalKind::terminate()).expect("signals can be waited for in a fresh process");
            let mut interrupt = signal(SignalKind::interrupt()).expect("signals can be waited for in a fresh process");
            loop {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                asked.fetch_add(1, Ordering::Relaxed);
            }
        });
    });
    Ok(())
}

fn seed() -> u64 {
    random_text::<12>().bytes().fold(0, |seed: u64, byte| heard::stirred(seed ^ u64::from(byte)))
}
