//! Floor 9 · `load`: all sockets of a test, on one thread: what becomes readable is read, held against the promises, and answered.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::time::{Duration, Instant};

use mio::{Events, Poll};

use super::check::{Check, LEAVE, PAGE, Told};
use super::frame;
use super::http::Target;
use super::socket::{Ended, Socket};
use super::users::User;

/// What is read of a socket at once.
const READ_BYTES: usize = 256 * 1024;
/// Sockets that are looked at in one turn.
const EVENTS_MAX: usize = 1024;
/// Close code of who leaves on purpose.
const NORMAL: [u8; 2] = 1000_u16.to_be_bytes();
/// Close code for a user who has too many sockets.
const TOO_MANY: u16 = 4503;

/// Where a socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Not connected, and may connect.
    Away,
    /// On its way into its room.
    Coming,
    /// In its room.
    In,
    /// Has asked to leave its room.
    Going,
    /// Ended by the server, for good.
    Gone,
}

/// All sockets.
pub struct Crowd<'a> {
    target: &'a Target,
    from: &'a [IpAddr],
    /// In turn, the user of each socket.
    users: &'a [User],
    poll: Poll,
    events: Events,
    sockets: Vec<Option<Socket>>,
    pub stages: Vec<Stage>,
    pub check: Check,
    begun: Instant,
    told: Vec<Told>,
    scratch: Vec<u8>,
    /// Sockets that are on their way into their rooms.
    pub coming: usize,
    /// Sockets that left and may come back.
    pub left: Vec<usize>,
    /// How connections ended, by close code.
    pub closes: BTreeMap<u16, u64>,
    /// Messages each of the first sockets of a room has under way all the time, and how many sockets that are.
    pub storm: Option<(usize, usize)>,
    /// Nothing counts any more: everyone leaves.
    pub over: bool,
    /// Why the test cannot run.
    pub failed: Option<String>,
}

impl<'a> Crowd<'a> {
    /// Nobody is connected yet.
    pub fn new(target: &'a Target, from: &'a [IpAddr], users: &'a [User], check: Check) -> io::Result<Self> {
        let count = check.seats.len();
        Ok(Self {
            target,
            from,
            users,
            poll: Poll::new()?,
            events: Events::with_capacity(EVENTS_MAX),
            sockets: std::iter::repeat_with(|| None).take(count).collect(),
            stages: vec![Stage::Away; count],
            check,
            begun: Instant::now(),
            told: Vec::new(),
            scratch: vec![0; READ_BYTES],
            coming: 0,
            left: Vec::new(),
            closes: BTreeMap::new(),
            storm: None,
            over: false,
            failed: None,
        })
    }

    /// µs of the test.
    pub fn now_us(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Socket `at` begins to connect.
    pub fn connect(&mut self, at: usize) {
        let from = (!self.from.is_empty()).then(|| self.from[at % self.from.len()]);
        let token = &self.users[at % self.users.len()].token;
        self.stages[at] = Stage::Coming;
        self.coming += 1;
        match Socket::connect(self.target, from, token, self.poll.registry(), at, self.now_us()) {
            Ok(socket) => self.sockets[at] = Some(socket),
            Err(error) => self.ended(at, &error.into()),
        }
    }

    /// Socket `at` says something.
    pub fn say(&mut self, at: usize) {
        let number = self.check.says(at, self.now_us());
        let sent = self.sockets[at]
            .as_mut()
            .map_or(Ok(()), |socket| socket.send(frame::TEXT, self.check.sent.command(number).as_bytes()));
        if let Err(ended) = sent {
            self.ended(at, &ended);
        }
    }

    /// Socket `at` is cut, as by a network that fails.
    pub fn cut(&mut self, at: usize) {
        if let Some(socket) = self.sockets[at].take() {
            socket.cut();
            self.away(at);
        }
    }

    /// Socket `at` asks to leave its room.
    pub fn go(&mut self, at: usize) {
        self.stages[at] = Stage::Going;
        self.command(at, &format!(r#"{{"type":"leave","id":{LEAVE}}}"#));
    }

    /// Everyone who is connected says goodbye.
    pub fn goodbye(&mut self) {
        self.over = true;
        for at in 0..self.sockets.len() {
            if let Some(Err(_)) = self.sockets[at].as_mut().map(|socket| socket.send(frame::CLOSE, &NORMAL)) {
                self.sockets[at] = None;
            }
        }
    }

    /// How many are connected.
    pub fn connected(&self) -> usize {
        self.sockets.iter().flatten().count()
    }

    /// Waits for something to happen, at most `wait`, and does what is to do about it.
    pub fn turn(&mut self, wait: Duration) -> io::Result<()> {
        match self.poll.poll(&mut self.events, Some(wait)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => return Ok(()),
            polled => polled?,
        }
        // What follows may connect and end sockets.
        let events = std::mem::replace(&mut self.events, Events::with_capacity(0));
        for event in &events {
            let at = event.token().0;
            let Some(mut socket) = self.sockets[at].take() else { continue };
            let mut done = if event.is_writable() { socket.write() } else { Ok(()) };
            if done.is_ok() && event.is_readable() {
                let (check, told, over, now_us) = (&mut self.check, &mut self.told, self.over, self.begun.elapsed().as_micros());
                let now_us = u64::try_from(now_us).unwrap_or(u64::MAX);
                let ends = event.is_read_closed() || event.is_error();
                done = socket.read(&mut self.scratch, ends, &mut |text| {
                    if !over {
                        check.hears(at, text, now_us, told);
                    }
                });
            }
            self.sockets[at] = Some(socket);
            // What was heard before the end counts.
            for told in std::mem::take(&mut self.told) {
                self.told(at, told);
            }
            match done {
                Err(ended) => self.ended(at, &ended),
                Ok(()) => self.storm_on(at),
            }
        }
        self.events = events;
        Ok(())
    }

    fn told(&mut self, at: usize, told: Told) {
        match told {
            Told::Hello => {
                let join = self.check.join(at);
                self.command(at, &join);
            }
            Told::Joined => self.joined(at),
            Told::ReadOn(after) => self.command(at, &format!(r#"{{"type":"history","id":{PAGE},"after":{after},"limit":200}}"#)),
            Told::Left => {
                if let Some(mut socket) = self.sockets[at].take() {
                    // It goes, whether or not that is still heard.
                    let _ = socket.send(frame::CLOSE, &NORMAL);
                    self.away(at);
                }
            }
            Told::Ping => self.command(at, r#"{"type":"ping"}"#),
            Told::Refused(why) if self.check.has_joined(at) => self.lose(at, &format!("not let in again: {why}")),
            Told::Refused(why) => {
                let (user, room) = (&self.check.seats[at].user, &self.check.rooms[self.check.seats[at].room].name);
                self.failed = Some(format!("the server does not let {user} into {room}: {why}"));
            }
        }
    }

    fn joined(&mut self, at: usize) {
        let Some(socket) = &self.sockets[at] else { return };
        let took_us = self.now_us().saturating_sub(socket.begun_us);
        self.check.figures.connects.saturating_record(took_us.max(1));
        if self.stages[at] == Stage::Coming {
            self.coming -= 1;
        }
        self.stages[at] = Stage::In;
        // What has no answer may or may not be kept: it is said again, and is the same.
        for place in 0..self.check.seats[at].pending.len() {
            let number = self.check.seats[at].pending[place];
            let command = self.check.sent.command(number).to_owned();
            self.command(at, &command);
        }
    }

    fn command(&mut self, at: usize, text: &str) {
        if let Some(Err(ended)) = self.sockets[at].as_mut().map(|socket| socket.send(frame::TEXT, text.as_bytes())) {
            self.ended(at, &ended);
        }
    }

    /// A socket of those that storm has as much under way as it should.
    pub fn storm_on(&mut self, at: usize) {
        let Some((window, sockets)) = self.storm else { return };
        while at < sockets && self.stages[at] == Stage::In && self.check.seats[at].pending.len() < window {
            self.say(at);
        }
    }

    fn away(&mut self, at: usize) {
        self.check.away(at);
        self.stages[at] = Stage::Away;
        self.left.push(at);
    }

    /// The connection of `at` has ended.
    fn ended(&mut self, at: usize, ended: &Ended) {
        if self.stages[at] == Stage::Gone {
            return;
        }
        *self.closes.entry(ended.code()).or_default() += 1;
        if self.over {
            self.sockets[at] = None;
        } else if self.stages[at] == Stage::Coming && !self.check.has_joined(at) {
            let why = self.refused(ended);
            self.failed.get_or_insert(why);
            self.sockets[at] = None;
        } else {
            self.lose(at, &ended.says());
        }
    }

    /// The server ended the part of `at`, which was not asked for.
    fn lose(&mut self, at: usize, how: &str) {
        self.sockets[at] = None;
        if std::mem::replace(&mut self.stages[at], Stage::Gone) == Stage::Coming {
            self.coming -= 1;
        }
        self.check.cut(at, how);
    }

    /// Why a socket does not get in, and what to do.
    fn refused(&self, ended: &Ended) -> String {
        let server = &self.target.authority;
        match ended {
            Ended::Refused { status: 429, .. } => {
                "the server takes no more sockets from one address (100 unless it was told otherwise): start \
                                                   it with --limits off, or drive it with fewer --sockets"
                    .into()
            }
            Ended::Refused { status: 503, .. } => {
                "the server takes no more sockets at all: start it with a higher --sockets-max, or drive it with fewer --sockets"
                    .into()
            }
            Ended::Refused { status, problem } => format!("the server refuses a socket: {status} {}", problem.detail),
            Ended::Closed(TOO_MANY, _) => {
                "the server takes no more sockets of one user (10 unless it was told otherwise): name more \
                                           accounts, or start it with --limits off"
                    .into()
            }
            Ended::Lost(error) if error.kind() == ErrorKind::AddrNotAvailable => {
                "this machine has no port left to connect from: name more of its addresses with --from".into()
            }
            Ended::Lost(error) => format!("no WebSocket with {server}: {error}"),
            _ => format!("no WebSocket with {server}: {}", ended.says()),
        }
    }
}
