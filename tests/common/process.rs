//! The server as its own process: to be killed, asked for its memory, started with flags that are wrong.

use std::io::{BufRead as _, BufReader, Read as _};
use std::ops::Deref;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::house::House;

/// The binary: `PAPO_BIN` if it is set, for runs against a release build.
pub fn binary() -> String {
    std::env::var("PAPO_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_papo").to_owned())
}

/// A process that serves. Dropping it kills it and removes its folder.
pub struct Process {
    house: House,
    dir: TempDir,
    flags: Vec<String>,
    child: Child,
}

impl Process {
    /// Starts it on a free port, with these flags beside.
    pub fn start(flags: &[&str]) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), flags)
    }

    /// Starts it in a folder that may have things in it.
    pub fn start_in(dir: TempDir, flags: &[&str]) -> Self {
        let flags: Vec<String> = flags.iter().map(|&flag| flag.to_owned()).collect();
        let (child, house) = launch(dir.path(), &flags, "127.0.0.1:0");
        Self { house, dir, flags, child }
    }

    /// Ends it as a power cut would, as far as a process can tell.
    pub fn kill_9(&mut self) {
        self.child.kill().expect("it runs");
        self.child.wait().expect("it was killed");
    }

    /// Starts it again on the same folders and the same port.
    pub fn start_again(&mut self) {
        let (child, house) = launch(self.dir.path(), &self.flags, &self.house.addr.to_string());
        assert_eq!(house.addr, self.house.addr);
        self.child = child;
    }

    /// Starts it again with other flags.
    pub fn start_again_with(&mut self, flags: &[&str]) {
        self.flags = flags.iter().map(|&flag| flag.to_owned()).collect();
        self.start_again();
    }

    pub fn sends_signal(&self, signal: &str) {
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.pid().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// How it ended, which must be before `deadline`.
    pub async fn ends_within(&mut self, deadline: Duration) -> ExitStatus {
        let end = Instant::now() + deadline;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "the process goes on after {deadline:?}");
            super::pause(20).await;
        }
    }

    /// What else it wrote to standard output until its end.
    pub fn rest_of_output(&mut self) -> String {
        let mut rest = String::new();
        self.child.stdout.take().expect("it is piped").read_to_string(&mut rest).unwrap();
        rest
    }

    /// What it wrote to standard error so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join(STDERR)).unwrap()
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }
}

impl Deref for Process {
    type Target = House;

    fn deref(&self) -> &House {
        &self.house
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where the process writes its records.
const STDERR: &str = "stderr.log";

/// The binary in `dir`, without a variable of whoever runs the tests.
pub fn command(dir: &Path) -> Command {
    let mut command = Command::new(binary());
    command.current_dir(dir).env_clear();
    for kept in ["PATH", "HOME", "TMPDIR", "LLVM_PROFILE_FILE"] {
        if let Ok(value) = std::env::var(kept) {
            command.env(kept, value);
        }
    }
    command
}

/// How long a run may take that does not serve. Only one that serves by mistake takes that long.
const RUN_DEADLINE: Duration = Duration::from_secs(60);

/// Runs it with flags that it cannot start with, or that only ask it something. If it goes on, it is ended, and the test fails.
pub fn run(dir: &Path, flags: &[&str]) -> Output {
    output_of(command(dir).args(flags))
}

/// What `command` says until it ends, as in [`run`].
pub fn output_of(command: &mut Command) -> Output {
    let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = piped.spawn().expect("the binary is there");
    let (pid, (gives, output)) = (child.id(), mpsc::channel());
    std::thread::spawn(move || gives.send(child.wait_with_output()));
    let Ok(output) = output.recv_timeout(RUN_DEADLINE) else {
        Command::new("kill").args(["-KILL", &pid.to_string()]).status().unwrap();
        panic!("{command:?} goes on after {RUN_DEADLINE:?}: does it serve?");
    };
    output.unwrap()
}

/// Resident memory of a process, in KiB.
pub fn memory_kib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("the process runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).expect("the kernel counts memory");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn launch(dir: &Path, flags: &[String], listen: &str) -> (Child, House) {
    let stderr = std::fs::OpenOptions::new().create(true).append(true).open(dir.join(STDERR)).unwrap();
    let mut command = command(dir);
    command.args(["--listen", listen, "--disk-free-bytes-min", "0"]).args(flags).stdout(Stdio::piped()).stderr(stderr);
    let mut child = command.spawn().expect("the binary is there");
    // One byte at a time is left in the pipe for whoever reads the rest.
    let mut line = String::new();
    BufReader::with_capacity(1, child.stdout.as_mut().expect("it is piped")).read_line(&mut line).unwrap();
    let Some(addr) = line.trim_end().strip_prefix("papo listening on http://") else {
        panic!("a first line with the address, not {line:?}; {}", std::fs::read_to_string(dir.join(STDERR)).unwrap());
    };
    (child, House { addr: addr.parse().expect("an address") })
}
