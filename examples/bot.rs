//! A bot: a client over the socket that answers when it is spoken to. `cargo run --example bot -- --username eco`
//!
//! It knows nothing but `docs/PROTOCOL.md`, "Writing a client": it remembers where its copy of the log ends, comes back when the
//! line is lost, reads what it has missed, and gives each answer a `client_id` of its own, so that none is said twice.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Parser;
use futures_util::{SinkExt as _, StreamExt as _};
use rand::{Rng as _, TryRngCore as _, rngs::OsRng};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{Message, client::IntoClientRequest as _, protocol::CloseFrame};

/// First and longest wait for another try.
const WAIT: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(30));

/// Close codes after which coming back is of no use: this is no client of that protocol, or has too many sockets.
const FINAL: [u16; 4] = [1002, 1007, 4500, 4503];

/// Answers whoever says its name
#[derive(Clone, Parser)]
pub struct Bot {
    /// The server
    #[arg(long, default_value = "http://127.0.0.1:8080")]
    url: String,
    /// Its user name; it is registered if nobody has it
    #[arg(long)]
    username: String,
    /// Its password
    #[arg(long, env = "BOT_PASSWORD", hide_env_values = true, default_value = "goiabada com queijo")]
    password: String,
    /// The room it is in
    #[arg(long, default_value = "sala-1")]
    room: String,
}

/// What it remembers from one socket to the next.
#[derive(Default)]
struct Memory {
    /// Which log it has read, and how far.
    epoch: Option<String>,
    seq: i64,
    /// Answers that are not confirmed, by their `client_id`.
    unconfirmed: BTreeMap<String, String>,
    /// What is under way, by the `id` of the command.
    asked: BTreeMap<i64, Asked>,
    last_id: i64,
}

enum Asked {
    Join,
    History,
    Send(String),
}

/// How a socket has ended.
enum End {
    /// Come back; at once, if it was in the room.
    Lost { was_in_room: bool },
    /// Its login has ended: sign in again.
    SignedOut,
}

impl Bot {
    /// Lives for ever, unless there is no use in it.
    ///
    /// # Errors
    /// Why the server does not want it.
    pub async fn run(&self) -> Result<()> {
        let (mut memory, mut wait, mut token) = (Memory::default(), WAIT.0, None::<String>);
        loop {
            let end = if let Some(token) = &token {
                self.stay(token, &mut memory).await?
            } else {
                token = self.sign_in().await?;
                End::Lost { was_in_room: token.is_some() }
            };
            match end {
                End::Lost { was_in_room: true } => wait = WAIT.0,
                End::Lost { was_in_room: false } => {
                    // Half of it random, so that not all bots of a server come back in the same moment.
                    let part = OsRng.unwrap_err().random_range(0.5..1.0);
                    tokio::time::sleep(wait.mul_f64(part)).await;
                    wait = (wait * 2).min(WAIT.1);
                }
                End::SignedOut => token = None,
            }
        }
    }

    /// A token, by signing in, or by registering where nobody has the name; none if the server cannot be reached.
    async fn sign_in(&self) -> Result<Option<String>> {
        let Self { username, password, .. } = self;
        let email = format!("{username}@bots.example");
        let login = json!({"login": username, "password": password});
        let register = json!({"name": username, "username": username, "email": email, "password": password});
        for (path, body) in [("/api/login", login), ("/api/register", register)] {
            match self.post(path, &body).await {
                Ok(reply) if reply["token"].is_string() => return Ok(reply["token"].as_str().map(str::to_owned)),
                Ok(reply) if reply["code"] == "bad_credentials" => {}
                Ok(reply) if reply["retry"] != true => bail!("{username} can neither sign in nor register: {reply}"),
                Ok(_) | Err(_) => return Ok(None),
            }
        }
        Ok(None)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let sent = awc::Client::default().post(format!("{}{path}", self.url)).send_json(body).await;
        let mut response = sent.map_err(|error| anyhow::anyhow!("{error}"))?;
        Ok(serde_json::from_slice(&response.body().await?)?)
    }

    /// Until its end on one socket.
    async fn stay(&self, token: &str, memory: &mut Memory) -> Result<End> {
        let mut request = format!("{}/ws", self.url.replacen("http", "ws", 1)).into_client_request()?;
        request.headers_mut().insert("Authorization", format!("Bearer {token}").parse().context("the token")?);
        let Ok((mut socket, _)) = tokio_tungstenite::connect_async(request).await else {
            return Ok(End::Lost { was_in_room: false });
        };
        memory.asked.clear();
        let mut was_in_room = false;
        while let Some(Ok(message)) = socket.next().await {
            match message {
                Message::Text(text) => {
                    for line in text.as_str().split('\n') {
                        let object: Value = serde_json::from_str(line).context("the server writes JSON")?;
                        was_in_room |= object["epoch"].is_string();
                        let commands = self.takes(&object, memory)?;
                        if object["retry"] == true {
                            let ms = object["retry_after_ms"].as_u64().unwrap_or(500);
                            tokio::time::sleep(Duration::from_millis(ms)).await;
                        }
                        for command in commands {
                            if socket.send(Message::text(command.to_string())).await.is_err() {
                                return Ok(End::Lost { was_in_room });
                            }
                        }
                    }
                }
                Message::Close(Some(CloseFrame { code, .. })) if u16::from(code) == 4501 => return Ok(End::SignedOut),
                Message::Close(Some(CloseFrame { code, reason })) if FINAL.contains(&u16::from(code)) => {
                    bail!("the server does not want us: {code} {reason}");
                }
                _ => {}
            }
        }
        Ok(End::Lost { was_in_room })
    }

    /// Takes in an object of the server; the commands that come of it.
    fn takes(&self, object: &Value, memory: &mut Memory) -> Result<Vec<Value>> {
        let asked = object["id"].as_i64().and_then(|id| memory.asked.remove(&id));
        Ok(match (object["type"].as_str(), asked) {
            (Some("hello"), _) => vec![self.joins(memory)],
            (Some("ping"), _) => vec![json!({"type": "ping"})],
            (Some("ok"), Some(Asked::Join)) => self.arrives(object, memory),
            (Some("ok"), Some(Asked::History)) => self.reads(object, memory),
            (Some("ok"), Some(Asked::Send(client_id))) => {
                memory.unconfirmed.remove(&client_id);
                memory.seq = memory.seq.max(object["seq"].as_i64().unwrap_or_default());
                Vec::new()
            }
            (Some("error"), Some(Asked::Join)) if object["retry"] == true => vec![self.joins(memory)],
            (Some("error"), Some(Asked::Join)) => bail!("cannot join {}: {}", self.room, object["message"]),
            (Some("error"), Some(Asked::Send(client_id))) if object["retry"] == true => {
                memory.says(&client_id).into_iter().collect()
            }
            (Some("error"), Some(Asked::Send(client_id))) => {
                eprintln!("bot: what it said was refused: {}", object["message"]);
                memory.unconfirmed.remove(&client_id);
                Vec::new()
            }
            (Some("ok" | "error"), _) => Vec::new(),
            _ => self.hears(object, memory).into_iter().collect(),
        })
    }

    fn joins(&self, memory: &mut Memory) -> Value {
        let since = memory.epoch.as_ref().map(|epoch| json!({"epoch": epoch, "seq": memory.seq}));
        memory.asks(Asked::Join, json!({"type": "join", "room": self.room, "since": since}))
    }

    /// The answer to `join`. What was said before it came for the first time is none of its business.
    fn arrives(&self, ok: &Value, memory: &mut Memory) -> Vec<Value> {
        println!("bot: {} is in {}", self.username, ok["room"].as_str().unwrap_or_default());
        let ids: Vec<String> = memory.unconfirmed.keys().cloned().collect();
        let mut commands: Vec<Value> = ids.iter().filter_map(|client_id| memory.says(client_id)).collect();
        if ok["mode"] == "resumed" {
            commands.extend(self.reads(ok, memory));
        } else {
            memory.epoch = ok["epoch"].as_str().map(str::to_owned);
            memory.seq = ok["head_seq"].as_i64().unwrap_or_default();
        }
        commands
    }

    /// A page of what it has missed.
    fn reads(&self, page: &Value, memory: &mut Memory) -> Vec<Value> {
        let events = page["events"].as_array().map(Vec::as_slice).unwrap_or_default();
        let mut commands: Vec<Value> = events.iter().filter_map(|event| self.hears(event, memory)).collect();
        if page["more"] == true {
            let after = events.last().map_or(memory.seq, |event| event["seq"].as_i64().unwrap_or_default());
            commands.push(memory.asks(Asked::History, json!({"type": "history", "after": after})));
        }
        commands
    }

    /// An event. Those in the log are counted, whatever they are; messages may be answered.
    fn hears(&self, event: &Value, memory: &mut Memory) -> Option<Value> {
        let seq = event["seq"].as_i64()?;
        memory.seq = memory.seq.max(seq);
        let (id, from) = (event["id"].as_str()?, event["from"]["username"].as_str()?);
        // The server knows the name as it was registered.
        let is_own = from.to_lowercase() == self.username.to_lowercase();
        if is_own || event["type"] != "message" {
            return None;
        }
        let answer = answer(&self.username, from, event["text"].as_str()?)?;
        // Whatever happens, one message has one answer: its `client_id` is made of what it answers.
        let client_id = format!("to-{id}");
        memory.unconfirmed.insert(client_id.clone(), answer);
        memory.says(&client_id)
    }
}

impl Memory {
    /// `command` with an `id`, so that it is answered.
    fn asks(&mut self, asked: Asked, mut command: Value) -> Value {
        self.last_id += 1;
        command["id"] = self.last_id.into();
        self.asked.insert(self.last_id, asked);
        command
    }

    /// Says, or says again, what is not confirmed.
    fn says(&mut self, client_id: &str) -> Option<Value> {
        let send = json!({"type": "send", "client_id": client_id, "text": self.unconfirmed.get(client_id)?});
        Some(self.asks(Asked::Send(client_id.to_owned()), send))
    }
}

/// What to say to `text`, if it is for `me`. Nobody's `@name` is in it but one's own, or two bots would answer each other for ever.
fn answer(me: &str, from: &str, text: &str) -> Option<String> {
    let words = text.split_once(&format!("@{me}"))?.1;
    // Somebody whose name begins like this one.
    if words.starts_with(|c: char| c.is_alphanumeric() || c == '_' || c == '-') {
        return None;
    }
    let words = words.trim();
    Some(match words.split_once(' ') {
        _ if words == "ping" => "pong".to_owned(),
        Some(("echo", rest)) => rest.to_owned(),
        _ => format!("Hello, {from}! Say \"@{me} ping\" or \"@{me} echo …\"."),
    })
}

fn main() -> ExitCode {
    let bot = Bot::parse();
    let lived = actix::System::new().block_on(async {
        tokio::select! {
            lived = bot.run() => lived,
            _ = tokio::signal::ctrl_c() => Ok(()),
        }
    });
    if let Err(error) = lived {
        eprintln!("bot: {error:#}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_answers_those_who_speak_to_it_and_nobody_else() {
        assert_eq!(answer("eco", "ana", "oi gente"), None);
        assert_eq!(answer("eco", "ana", "@eco ping").as_deref(), Some("pong"));
        assert_eq!(answer("eco", "ana", "oi, @eco echo olá, mundo").as_deref(), Some("olá, mundo"));
        assert!(answer("eco", "ana", "@eco").is_some_and(|help| help.starts_with("Hello, ana!")));
        assert_eq!(answer("eco", "ana", "@eco2 ping"), None);
    }

    #[test]
    fn two_bots_do_not_answer_each_other_for_ever() {
        let (mut text, mut me, mut from) = ("@eco echo @oco echo @eco oi".to_owned(), "eco", "oco");
        for _ in 0..10 {
            match answer(me, from, &text) {
                Some(said) => text = said,
                None => return,
            }
            (me, from) = (from, me);
        }
        panic!("they still talk: {text}");
    }
}
