//! Floor 2 · `traffic`: the log of messages exchanged, one JSON object a line. Whoever writes into it never waits: one thread does
//! the writing, and what it cannot keep up with is lost and counted.

mod files;
pub mod read;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::value::RawValue;

use self::files::Files;
use crate::clock::now_ms;
use crate::settings::{Logged, Settings};
use crate::telemetry::one_line;

/// Most bytes that wait for the thread that writes: seconds of what a disk takes. Beyond that lines are lost, and counted.
const WAITING_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Bytes that are written at once.
const BATCH_BYTES: usize = 256 * 1024;
/// How often old files are looked for while nothing is written.
const IDLE: Duration = Duration::from_secs(3600);
/// How long nothing more is said of a log that cannot be written.
const COMPLAIN_AGAIN: Duration = Duration::from_secs(60);

/// The traffic log; clones write into the same.
#[derive(Clone, Default)]
pub struct Traffic(Option<Arc<Pen>>);

struct Pen {
    all: bool,
    notes: Sender<Note>,
    load: Arc<Load>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// What is on its way to the file.
#[derive(Default)]
struct Load {
    waiting_bytes: AtomicUsize,
    /// Lines that were lost, and of which the log does not tell yet.
    lost: AtomicU64,
    lost_in_all: AtomicU64,
}

impl Load {
    fn lose(&self, lines: u64) {
        self.lost.fetch_add(lines, Ordering::Relaxed);
        self.lost_in_all.fetch_add(lines, Ordering::Relaxed);
    }
}

enum Note {
    Line(String),
    End,
}

/// Which way a message went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dir {
    /// From a client to the server.
    In,
    /// From the server to a client.
    Out,
}

/// By which way a client speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Via {
    /// A WebSocket.
    Socket,
    /// Plain HTTP.
    Http,
}

/// A message.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Whose: a user, or who calls itself so.
    pub user: Option<&'a str>,
    /// Which session, if it is one.
    pub session: Option<u64>,
    /// How they speak.
    pub via: Via,
    /// Which way it went.
    pub dir: Dir,
    /// The message.
    pub message: Message<'a>,
}

/// What a message says.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// JSON that the server itself wrote.
    Ours(&'a str),
    /// Whatever a client sent: it may be no JSON at all.
    Theirs(&'a str),
}

/// A line of the log.
#[derive(Serialize)]
struct Line<'a> {
    at: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<u64>,
    via: Via,
    dir: Dir,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a RawValue>,
    /// What cannot be read as JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
}

/// Where `settings` keep the log.
pub fn dir_of(settings: &Settings) -> PathBuf {
    settings.traffic.dir.clone().unwrap_or_else(|| settings.storage.data_dir.join("traffic"))
}

impl Traffic {
    /// The log of `settings`, and the thread that writes it.
    ///
    /// # Errors
    /// A sentence for the operator when its folder cannot be used.
    pub fn open(settings: &Settings) -> Result<Self, String> {
        if settings.traffic.what == Logged::Off {
            return Ok(Self::default());
        }
        let dir = dir_of(settings);
        let files = Files::open(&dir, &settings.traffic, settings.bounds.disk_free_bytes_min)
            .map_err(|error| format!("the folder {} of the traffic log cannot be used: {error}", dir.display()))?;
        Ok(Self::write_to(files, settings.traffic.what == Logged::All))
    }

    fn write_to(files: Files, all: bool) -> Self {
        let (notes, inbox) = channel();
        let load = Arc::<Load>::default();
        let writer = Writer { files, inbox, load: load.clone(), complained: None };
        let thread = thread::Builder::new().name("papo-traffic".into()).spawn(move || writer.run());
        let thread = thread.expect("a process that starts can start one thread more");
        Self(Some(Arc::new(Pen { all, notes, load, writer: Mutex::new(Some(thread)) })))
    }

    /// Whether anything is ever written.
    pub fn is_on(&self) -> bool {
        self.0.is_some()
    }

    /// Whether every message is written, not only those of commands that ask for it.
    pub fn takes_all(&self) -> bool {
        self.0.as_ref().is_some_and(|pen| pen.all)
    }

    /// Writes down a message: at once as far as the caller is concerned, and behind all that was written down before.
    pub fn note(&self, entry: &Entry<'_>) {
        let Some(pen) = &self.0 else { return };
        let line = line_of(entry, now_ms());
        let bytes = line.len();
        if pen.load.waiting_bytes.fetch_add(bytes, Ordering::Relaxed) > WAITING_BYTES_MAX
            || pen.notes.send(Note::Line(line)).is_err()
        {
            pen.load.waiting_bytes.fetch_sub(bytes, Ordering::Relaxed);
            pen.load.lose(1);
        }
    }

    /// How many lines were lost so far, and how many bytes wait.
    pub fn behind(&self) -> (u64, usize) {
        let load = self.0.as_ref().map(|pen| &pen.load);
        load.map_or((0, 0), |load| (load.lost_in_all.load(Ordering::Relaxed), load.waiting_bytes.load(Ordering::Relaxed)))
    }

    /// Waits until all that was noted before is on the disk. Nothing is written after that.
    pub fn close(&self) {
        let Some(pen) = &self.0 else { return };
        // It is gone already where it does not listen.
        let _ = pen.notes.send(Note::End);
        let writer = pen.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if writer.is_some_and(|writer| writer.join().is_err()) {
            tracing::error!("the traffic log ended by a panic");
        }
    }
}

fn line_of(entry: &Entry<'_>, at: i64) -> String {
    let (message, text) = match entry.message {
        Message::Ours(json) => (serde_json::from_str::<&RawValue>(json).ok(), json),
        // An object or nothing: what else is JSON is still no message of this protocol.
        Message::Theirs(said) => (serde_json::from_str(said).ok().filter(|_| said.starts_with('{')), said),
    };
    let text = message.is_none().then_some(text);
    let line = Line { at, user: entry.user, session: entry.session, via: entry.via, dir: entry.dir, message, text };
    let mut line = one_line(&serde_json::to_string(&line).expect("our own types have string keys"));
    line.push('\n');
    line
}

/// The thread that writes.
struct Writer {
    files: Files,
    inbox: Receiver<Note>,
    load: Arc<Load>,
    complained: Option<Instant>,
}

impl Writer {
    fn run(mut self) {
        let mut batch = Vec::with_capacity(BATCH_BYTES);
        loop {
            let mut lines = 0;
            let mut end = false;
            let mut next = match self.inbox.recv_timeout(IDLE) {
                Ok(note) => Some(note),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => Some(Note::End),
            };
            while let Some(note) = next {
                match note {
                    Note::Line(line) => {
                        batch.extend_from_slice(line.as_bytes());
                        lines += 1;
                    }
                    Note::End => end = true,
                }
                next = if end || batch.len() >= BATCH_BYTES { None } else { self.inbox.try_recv().ok() };
            }
            self.write(&batch, lines);
            self.load.waiting_bytes.fetch_sub(batch.len(), Ordering::Relaxed);
            batch.clear();
            if end {
                return self.end();
            }
        }
    }

    fn write(&mut self, batch: &[u8], lines: u64) {
        let written = if batch.is_empty() { self.files.tidy(now_ms()) } else { self.files.append(now_ms(), batch) };
        if let Err(error) = written {
            self.load.lose(lines);
            if self.complained.is_none_or(|since| since.elapsed() > COMPLAIN_AGAIN) {
                self.complained = Some(Instant::now());
                tracing::error!(%error, lines, "the traffic log cannot be written");
            }
            return;
        }
        let lost = self.load.lost.swap(0, Ordering::Relaxed);
        if lost > 0 {
            tracing::warn!(lines = lost, "lines of the traffic log were lost: more was said than the disk takes");
            let told = format!("{{\"at\":{},\"lost\":{lost}}}\n", now_ms());
            if self.files.append(now_ms(), told.as_bytes()).is_err() {
                self.load.lost.fetch_add(lost, Ordering::Relaxed);
            }
        }
    }

    fn end(mut self) {
        if let Err(error) = self.files.sync() {
            tracing::error!(%error, "the end of the traffic log may not be on the disk");
        }
    }
}

#[cfg(test)]
mod tests;
