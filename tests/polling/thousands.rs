//! Thousands of long polls beside thousands of sockets, in one process. A minute long; `PAPO_BIN` names a release build to run it against.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::stream::{self, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::{timeout, timeout_at};

use crate::common::{Account, Process, Raw, memory_kib, pause, until};

/// So many polls that wait, and so many sockets.
const EACH: usize = 4000;
const ROOMS: usize = 40;
const MEMORY_KIB_MAX: u64 = 200 * 1024;
/// What may be left of it when all of them have gone: tables that have grown, pages that are partly in use.
const LEFT_KIB_MAX: u64 = 48 * 1024;
/// The lease of a poller is 30 s.
const GONE_WITHIN: Duration = Duration::from_secs(90);
/// A poll may wait for 25 s.
const ANSWERED_WITHIN: Duration = Duration::from_secs(45);
/// A socket that says nothing is asked for signs of life after 25 s.
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);
/// How many are under way at once while they come.
const AT_ONCE: usize = 64;

fn room(n: usize) -> String {
    format!("milhar {}", n % ROOMS)
}

/// A connection over which one request follows the other.
struct Line {
    stream: TcpStream,
    addr: SocketAddr,
    token: String,
}

impl Line {
    async fn open(addr: SocketAddr) -> Self {
        Self { stream: TcpStream::connect(addr).await.expect("the server listens"), addr, token: String::new() }
    }

    async fn asks(&mut self, line: &str, body: &str) {
        let login = if self.token.is_empty() { String::new() } else { format!("Authorization: Bearer {}\r\n", self.token) };
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nHost: {}\r\n{login}Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
            self.addr
        );
        self.stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    }

    async fn polls(&mut self, n: usize) {
        self.asks(&format!("GET /receive?wait=25&after=0&room={}", room(n).replace(' ', "%20")), "").await;
    }

    /// The body of the next answer, which has to be a good one.
    async fn is_answered(&mut self) -> Value {
        let mut got = Vec::new();
        loop {
            if let Some(at) = got.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = String::from_utf8_lossy(&got[..at]).to_lowercase();
                assert!(head.starts_with("http/1.1 2"), "{}", String::from_utf8_lossy(&got));
                let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
                if got.len() == at + 4 + length.parse::<usize>().unwrap() {
                    return serde_json::from_slice(&got[at + 4..]).unwrap();
                }
            }
            let read = timeout(ANSWERED_WITHIN, self.stream.read_buf(&mut got)).await.expect("an answer in time").unwrap();
            assert_ne!(read, 0, "the connection ended");
        }
    }
}

/// A guest in a room without a socket, whose first poll waits already.
async fn joins(addr: SocketAddr, n: usize) -> Line {
    let mut line = Line::open(addr).await;
    line.asks("POST /join", &json!({"username": format!("p{n}"), "room": room(n)}).to_string()).await;
    let joined = line.is_answered().await;
    line.token = joined["token"].as_str().unwrap().to_owned();
    line.polls(n).await;
    line
}

/// Asks again whenever nothing has come, until something has.
async fn hears_by_polling(mut line: Line, n: usize) -> (Line, Value) {
    loop {
        let answer = line.is_answered().await;
        if answer["messages"] != json!([]) {
            return (line, answer);
        }
        line.polls(n).await;
    }
}

/// A guest with a socket in a room.
async fn sits(addr: SocketAddr, n: usize) -> Raw {
    let mut line = Line::open(addr).await;
    line.asks("POST /api/guest", &json!({"username": format!("s{n}")}).to_string()).await;
    let token = line.is_answered().await["token"].as_str().unwrap().to_owned();
    let who = Account { username: format!("s{n}"), token, cookie: String::new() };
    let mut raw = Raw::open(addr, &who).await;
    raw.says(&json!({"type": "join", "id": 1, "room": room(n), "limit": 1}).to_string()).await;
    hears(raw, r#""type":"ok","id":1"#.to_owned()).await
}

/// Waits for `what`, wherever it stands, and gives signs of life meanwhile.
async fn hears(mut raw: Raw, what: String) -> Raw {
    let mut got = Vec::new();
    let mut silent_until = tokio::time::Instant::now() + SIGN_OF_LIFE;
    while !got.windows(what.len()).any(|bytes| bytes == what.as_bytes()) {
        // What has been looked through goes, but for what may be the beginning of it.
        got.drain(..got.len().saturating_sub(what.len()));
        if let Ok(read) = timeout_at(silent_until, raw.stream.read_buf(&mut got)).await {
            assert_ne!(read.unwrap(), 0, "the socket ended");
        } else {
            raw.says(r#"{"type":"ping"}"#).await;
            silent_until += SIGN_OF_LIFE;
        }
    }
    raw
}

#[actix_web::test]
#[ignore = "takes a minute: run by .ci/run"]
async fn thousands_of_polls_and_sockets_are_all_answered_in_little_memory_that_is_given_back() {
    papo::open_files::raise_limit();
    let papo = Process::start(&["--guests", "--limits", "off"]);
    let before = memory_kib(papo.pid());
    let sockets = stream::iter(0..EACH).map(async |n| (n, sits(papo.addr, n).await)).buffered(AT_ONCE);
    let texts = |n| format!("a todos da sala {}", n % ROOMS);
    let sockets: Vec<_> = sockets.map(|(n, raw)| actix_web::rt::spawn(hears(raw, texts(n)))).collect().await;
    let begun = Instant::now();
    let lines = stream::iter(0..EACH).map(async |n| (n, joins(papo.addr, n).await)).buffered(AT_ONCE);
    let polls: Vec<_> = lines.map(|(n, line)| actix_web::rt::spawn(hears_by_polling(line, n))).collect().await;
    // Until the last of them waits.
    pause(1000).await;
    let waiting = memory_kib(papo.pid());
    println!("{EACH} polls have come after {:?}; memory: {before} KiB before, {waiting} KiB with all", begun.elapsed());

    let mut speakers = Vec::new();
    for n in 0..ROOMS {
        let mut speaker = sits(papo.addr, EACH + n).await;
        speaker.says(&json!({"type": "send", "text": texts(n)}).to_string()).await;
        speakers.push(speaker);
    }
    let mut lines = Vec::new();
    for (n, poll) in polls.into_iter().enumerate() {
        let (line, answer) = poll.await.unwrap();
        assert_eq!(answer["messages"][0]["text"], texts(n), "{answer}");
        lines.push(line);
    }
    let mut heard = Vec::new();
    for socket in sockets {
        heard.push(socket.await.unwrap());
    }
    let answered = memory_kib(papo.pid());
    println!("all answered; {answered} KiB");
    assert!(waiting.max(answered) < MEMORY_KIB_MAX, "{waiting} KiB while they wait, {answered} KiB when they are answered");

    drop((speakers, heard, lines));
    let gone = Instant::now();
    until("the memory is given back", GONE_WITHIN, async || memory_kib(papo.pid()) < before + LEFT_KIB_MAX).await;
    println!("{} KiB {:?} after they went", memory_kib(papo.pid()), gone.elapsed());
    assert!(!papo.log().contains("panicked"));
}
