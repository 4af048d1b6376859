//! A client of the protocol. It folds what it hears into a log, and does not forgive an answer out of order.

use std::collections::VecDeque;
use std::net::SocketAddr;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::{Error, Message};

use super::frames;
use super::house::Account;
use super::log::Log;
use super::soon;

/// Events that come by themselves; who waits for something else does not mind them.
const NOISE: [&str; 2] = ["rooms", "ping"];
/// What a socket that was cut without a close frame is said to be closed with, as in browsers.
const LOST: u16 = 1006;

/// How the handshake shows who one is.
#[derive(Clone, Debug, Default)]
pub struct Greeting {
    headers: Vec<(&'static str, String)>,
}

impl Greeting {
    /// With a token, as a program.
    pub fn by(who: &Account) -> Self {
        Self::default().with("Authorization", format!("Bearer {}", who.token))
    }

    /// With a cookie, as a browser; the `Origin` is to be added.
    pub fn by_cookie(who: &Account) -> Self {
        Self::default().with("Cookie", who.cookie.clone())
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn request(&self, addr: SocketAddr) -> Request {
        let mut request = format!("ws://{addr}/ws").into_client_request().expect("an address");
        for (name, value) in &self.headers {
            request.headers_mut().append(*name, value.parse().expect("a header"));
        }
        request
    }
}

/// One socket: one tab of a user.
pub struct Client {
    pub name: String,
    pub hello: Value,
    pub log: Log,
    addr: SocketAddr,
    socket: WebSocketStream<TcpStream>,
    /// Commands that were given and not answered, in their order.
    asked: VecDeque<Value>,
    answers: VecDeque<Value>,
    events: VecDeque<Value>,
    closed: Option<u16>,
    last_id: i64,
    /// Whether frames went out as they were, so that there are answers nobody counts.
    raw: bool,
}

impl Client {
    /// A socket, after its `hello`.
    ///
    /// # Errors
    /// The status of a handshake that was refused, or the close code of a socket that was turned away.
    pub async fn connect(addr: SocketAddr, greeting: &Greeting) -> Result<Self, String> {
        let stream = TcpStream::connect(addr).await.map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        let handshake = tokio_tungstenite::client_async(greeting.request(addr), stream);
        let socket = match soon("the handshake", handshake).await {
            Ok((socket, _)) => socket,
            Err(Error::Http(response)) => return Err(response.status().as_u16().to_string()),
            Err(error) => return Err(error.to_string()),
        };
        let mut client = Self {
            name: String::new(),
            hello: Value::Null,
            log: Log::default(),
            addr,
            socket,
            asked: VecDeque::new(),
            answers: VecDeque::new(),
            events: VecDeque::new(),
            closed: None,
            last_id: 0,
            raw: false,
        };
        if let Some(code) = client.takes_in().await {
            return Err(code.to_string());
        }
        client.hello = client.events.pop_front().expect("a socket is told something");
        assert_eq!(client.hello["type"], "hello", "hello comes first of all");
        client.name = client.hello["user"]["username"].as_str().expect("hello says who one is").to_owned();
        Ok(client)
    }

    /// Gives a command and returns its answer, `ok` or `error`.
    pub async fn asks(&mut self, command: Value) -> Value {
        let id = self.gives(command).await;
        self.answer_to(id).await
    }

    /// Gives a command, which must be answered with `ok`.
    pub async fn does(&mut self, command: Value) -> Value {
        let asked = command.clone();
        let answer = self.asks(command).await;
        assert_eq!(answer["type"], "ok", "{asked} → {answer}");
        answer
    }

    /// Gives a command, which must be refused with this code.
    pub async fn is_refused(&mut self, command: Value, code: &str) -> Value {
        let asked = command.clone();
        let answer = self.asks(command).await;
        assert_eq!((&answer["type"], &answer["code"]), (&json!("error"), &json!(code)), "{asked} → {answer}");
        assert!(answer["message"].is_string() && answer["retry"].is_boolean(), "{answer}");
        answer
    }

    /// Gives a command without waiting; its answer is to be fetched with [`Self::answer_to`].
    pub async fn gives(&mut self, command: Value) -> i64 {
        let (id, command) = self.numbered(command);
        self.sends(Message::text(command.to_string())).await;
        id
    }

    /// Gives several commands in one frame.
    pub async fn gives_together(&mut self, commands: impl IntoIterator<Item = Value>) -> Vec<i64> {
        let numbered: Vec<(i64, Value)> = commands.into_iter().map(|command| self.numbered(command)).collect();
        let lines: Vec<String> = numbered.iter().map(|(_, command)| command.to_string()).collect();
        self.sends(Message::text(lines.join("\n"))).await;
        numbered.into_iter().map(|(id, _)| id).collect()
    }

    /// The answer to the command with this number.
    pub async fn answer_to(&mut self, id: i64) -> Value {
        loop {
            if let Some(at) = self.answers.iter().position(|answer| answer["id"] == id) {
                return self.answers.remove(at).expect("it was just found");
            }
            let closed = self.takes_in().await;
            assert_eq!(closed, None, "{} was closed before command {id} was answered", self.name);
        }
    }

    /// As [`Self::answer_to`]; `None` if the socket is closed before.
    pub async fn answer_if_any(&mut self, id: i64) -> Option<Value> {
        loop {
            if let Some(at) = self.answers.iter().position(|answer| answer["id"] == id) {
                return self.answers.remove(at);
            }
            self.takes_in().await.is_none().then_some(())?;
        }
    }

    /// The next answer, whatever it answers: also an `error` without a number.
    pub async fn next_answer(&mut self) -> Value {
        loop {
            if let Some(answer) = self.answers.pop_front() {
                return answer;
            }
            let closed = self.takes_in().await;
            assert_eq!(closed, None, "{} was closed before an answer", self.name);
        }
    }

    pub async fn joins(&mut self, room: &str) -> Value {
        self.does(json!({"type": "join", "room": room})).await
    }

    /// Joins where the log ends, and reads what is missing.
    pub async fn resumes(&mut self, room: &str) -> Value {
        let answer = self.does(json!({"type": "join", "room": room, "since": self.log.since()})).await;
        self.reads_all().await;
        answer
    }

    /// Reads whatever is missing in its log.
    pub async fn reads_all(&mut self) {
        while let Some(after) = self.log.hole() {
            self.does(json!({"type": "history", "after": after, "limit": 200})).await;
        }
    }

    pub async fn says(&mut self, text: &str) -> Value {
        self.does(json!({"type": "send", "text": text, "images": [], "files": []})).await
    }

    /// Says it under a name of its own, so that it can be repeated.
    pub async fn says_as(&mut self, client_id: &str, text: &str) -> Value {
        self.does(json!({"type": "send", "client_id": client_id, "text": text, "images": [], "files": []})).await
    }

    pub async fn types(&mut self, active: bool) {
        self.does(json!({"type": "typing", "active": active})).await;
    }

    /// The next event, but for those that come by themselves, has these fields.
    pub async fn hears(&mut self, fields: Value) -> Value {
        let event = soon(&format!("{} hears {fields}", self.name), self.next_event(&fields)).await;
        assert!(has(&event, &fields), "{} expected {fields} and heard {event}", self.name);
        event
    }

    /// An event with these fields comes, whatever comes before it.
    pub async fn hears_among_others(&mut self, fields: Value) -> Value {
        let search = async {
            loop {
                let event = self.next_event(&fields).await;
                if has(&event, &fields) {
                    break event;
                }
            }
        };
        soon(&format!("someone hears {fields}"), search).await
    }

    /// The message `text` of `by` is the next event.
    pub async fn hears_message(&mut self, by: &str, text: &str) -> Value {
        self.hears(json!({"type": "message", "from": {"username": by}, "text": text})).await
    }

    /// Takes in all that comes until the log reaches `seq`, with a sign of life when it is asked for one.
    pub async fn hears_up_to(&mut self, seq: i64) {
        while self.log.newest() < seq {
            if self.next_of_all().await["type"] == "ping" {
                self.sends(Message::text(r#"{"type":"ping"}"#)).await;
            }
        }
    }

    /// The next event of any kind, `rooms` and `ping` too.
    pub async fn next_of_all(&mut self) -> Value {
        loop {
            if let Some(event) = self.events.pop_front() {
                return event;
            }
            let closed = soon("an event", self.takes_in()).await;
            assert_eq!(closed, None, "{} was closed and heard nothing", self.name);
        }
    }

    /// Nothing is on its way: what the room and the socket still have to say comes before the answers to these.
    pub async fn hears_nothing_before_a_ping(&mut self) {
        if self.is_in_room() {
            self.does(json!({"type": "history", "limit": 1})).await;
        }
        self.does(json!({"type": "ping"})).await;
        let heard: Vec<&Value> = self.events.iter().filter(|event| !is_noise(event)).collect();
        assert!(heard.is_empty(), "{} heard {heard:?}", self.name);
    }

    /// As [`Self::hears_nothing_before_a_ping`], but for events of these types.
    pub async fn hears_nothing_but(&mut self, kinds: &[&str]) {
        self.does(json!({"type": "history", "limit": 1})).await;
        self.does(json!({"type": "ping"})).await;
        let heard: Vec<&Value> =
            self.events.iter().filter(|event| !is_noise(event) && kinds.iter().all(|kind| event["type"] != *kind)).collect();
        assert!(heard.is_empty(), "{} heard {heard:?}", self.name);
    }

    /// The close code with which the socket ends; what comes before it is kept.
    pub async fn is_closed(&mut self) -> u16 {
        loop {
            if let Some(code) = soon(&format!("{} is closed", self.name), self.takes_in()).await {
                return code;
            }
        }
    }

    pub async fn is_closed_with(&mut self, code: u16) {
        assert_eq!(self.is_closed().await, code, "{} was closed", self.name);
    }

    /// The connection is cut: no close frame, nothing.
    pub fn vanishes(self) -> Log {
        self.log
    }

    /// Closes as one should.
    pub async fn closes(mut self) -> Log {
        let _ = self.socket.close(None).await;
        self.is_closed().await;
        self.log
    }

    /// Sends a text frame as it is; its answers are to be fetched with [`Self::next_answer`].
    pub async fn speaks(&mut self, text: &str) {
        self.raw = true;
        self.sends(Message::text(text)).await;
    }

    /// Sends any frame. A socket that was closed swallows it.
    pub async fn sends(&mut self, message: Message) {
        if self.closed.is_none() && soon("a frame leaves", self.socket.send(message)).await.is_err() {
            // What was sent to it before can still be read.
        }
    }

    /// Events that were heard and not asked for yet.
    pub fn heard(&self) -> impl Iterator<Item = &Value> {
        self.events.iter()
    }

    /// Takes in what comes for `ms` milliseconds.
    pub async fn listens_for(&mut self, ms: u64) {
        let listen = async { while self.takes_in().await.is_none() {} };
        let _ = tokio::time::timeout(std::time::Duration::from_millis(ms), listen).await;
    }

    /// Drops what was heard and not asked for.
    pub fn forgets(&mut self) {
        self.events.clear();
    }

    fn is_in_room(&self) -> bool {
        self.log.is_live()
    }

    fn numbered(&mut self, mut command: Value) -> (i64, Value) {
        self.last_id += 1;
        command["id"] = self.last_id.into();
        self.asked.push_back(command.clone());
        (self.last_id, command)
    }

    async fn next_event(&mut self, wanted: &Value) -> Value {
        loop {
            while let Some(event) = self.events.pop_front() {
                if !is_noise(&event) || event["type"] == wanted["type"] {
                    return event;
                }
            }
            let closed = self.takes_in().await;
            assert_eq!(closed, None, "{} was closed before it heard {wanted}", self.name);
        }
    }

    /// Reads one frame. Not before it is read is anything lost if the caller gives up. The code, if it was the end.
    async fn takes_in(&mut self) -> Option<u16> {
        if self.closed.is_some() {
            return self.closed;
        }
        let Ok(next) = tokio::time::timeout(super::DEADLINE, self.socket.next()).await else {
            panic!("{} heard nothing at all for {:?}", self.name, super::DEADLINE);
        };
        match next {
            Some(Ok(Message::Text(text))) => {
                for line in text.as_str().split('\n') {
                    let object = serde_json::from_str(line).unwrap_or_else(|_| panic!("a JSON object, not {line:?}"));
                    self.folds(object);
                }
            }
            Some(Ok(Message::Close(frame))) => self.closed = Some(frame.map_or(1005, |frame| frame.code.into())),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => self.closed = Some(LOST),
        }
        self.closed
    }

    fn folds(&mut self, object: Value) {
        match object["type"].as_str() {
            Some("ok") => {
                let command = self.answered(&object);
                if command.is_null() {
                    frames::check_any(self.addr, &object);
                } else {
                    frames::check_answer(self.addr, &command, &object);
                }
                self.folds_answer(&command, &object);
                self.answers.push_back(object);
            }
            Some("error") => {
                let command = if object.get("id").is_some() { self.answered(&object) } else { Value::Null };
                if command.is_null() {
                    frames::check_any(self.addr, &object);
                } else {
                    frames::check_answer(self.addr, &command, &object);
                }
                self.answers.push_back(object);
            }
            Some(kind) => {
                frames::check_event(self.addr, &object);
                match kind {
                    "moved" => self.log.left(),
                    _ if object.get("seq").is_some() => self.log.heard(&object),
                    _ => {}
                }
                self.events.push_back(object);
            }
            None => panic!("an object with a type, not {object}"),
        }
    }

    /// The command this answers, which must be the oldest that was not answered.
    fn answered(&mut self, answer: &Value) -> Value {
        if self.raw && self.asked.iter().all(|command| command["id"] != answer["id"]) {
            return Value::Null;
        }
        let command = self.asked.pop_front().unwrap_or_else(|| panic!("nobody asked for {answer}"));
        assert_eq!(answer["id"], command["id"], "commands are answered in their order: {command} → {answer}");
        command
    }

    fn folds_answer(&mut self, command: &Value, answer: &Value) {
        match command["type"].as_str() {
            Some("join") => self.log.welcomed(answer, command.get("since").filter(|since| !since.is_null())),
            Some("leave") => self.log.left(),
            Some("history") => self.log.read(answer),
            Some("send") => self.log.sent(&self.name, command, answer),
            _ => {}
        }
    }
}

fn is_noise(event: &Value) -> bool {
    NOISE.iter().any(|noise| event["type"] == *noise)
}

/// Whether `value` has all of `fields`; objects within likewise.
pub fn has(value: &Value, fields: &Value) -> bool {
    match (value, fields) {
        (Value::Object(value), Value::Object(fields)) => {
            fields.iter().all(|(name, field)| value.get(name).is_some_and(|value| has(value, field)))
        }
        (value, field) => value == field,
    }
}
