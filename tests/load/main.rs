//! `papo load`: LOAD-TESTING. It drives a server and holds it to its promises, and whoever breaks one is found out.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

#[path = "../common/mod.rs"]
mod common;
mod faults;
mod held;
mod proxy;
mod refused;

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Child, Output, Stdio};
use std::time::Duration;

use common::{TestServer, command};
use papo::settings::Switch;
use serde_json::Value;

/// A server that lets everyone in.
async fn open_house() -> TestServer {
    TestServer::with(|settings| {
        settings.bounds.limits = Switch::Off;
        settings.guests.allowed = true;
    })
    .await
}

/// The flags of a load test of `addr`, with these words beside.
fn flags(addr: SocketAddr, words: &str) -> Vec<String> {
    let mut flags = vec!["load".to_owned(), "--url".to_owned(), format!("http://{addr}")];
    flags.extend(words.split_whitespace().map(str::to_owned));
    flags
}

/// Drives the server at `addr` to the end.
fn drives(addr: SocketAddr, words: &str) -> Output {
    let dir = tempfile::tempdir().unwrap();
    command(dir.path()).args(flags(addr, words)).output().expect("the binary is there")
}

/// What it told as JSON, having ended with `code`.
#[track_caller]
fn told(output: &Output, code: i32) -> Value {
    let error = String::from_utf8_lossy(&output.stderr);
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(code), "{error}\n{out}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("not JSON: {out}\n{error}"))
}

/// How many promises of each kind were broken, and the names of them.
fn broken(told: &Value, kind: &str) -> (u64, String) {
    let kinds = told["broken"].as_array().unwrap();
    let of_kind = kinds.iter().find(|broken| broken["kind"] == kind);
    of_kind.map_or((0, String::new()), |broken| (broken["count"].as_u64().unwrap(), broken["named"].to_string()))
}

/// A load test that runs beside.
struct Running {
    child: Child,
    lines: BufReader<std::process::ChildStderr>,
}

impl Running {
    /// Begins, and returns when messages are being delivered.
    fn begins(addr: SocketAddr, words: &str) -> Self {
        let mut command = command(&std::env::temp_dir());
        let mut child = command.args(flags(addr, words)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.starts_with("run") {
            line.clear();
            assert!(lines.read_line(&mut line).unwrap() > 0, "it ended before it spoke");
        }
        Self { child, lines }
    }

    fn sends_signal(&self, signal: &str) {
        let sent =
            std::process::Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn ends(mut self) -> Output {
        let mut rest = Vec::new();
        self.lines.read_to_end(&mut rest).unwrap();
        let output = self.child.wait_with_output().unwrap();
        Output { stderr: rest, ..output }
    }
}

/// A while in which something may happen that must not.
const SECOND: Duration = Duration::from_secs(1);
