//! A client that knows nothing but HTTP.

use std::fmt::Display;

use serde_json::{Value, json};

use crate::common::{Account, House, Reply, Request};

/// Someone who polls.
#[derive(Clone)]
pub struct Poller {
    pub house: House,
    pub who: Account,
}

impl Poller {
    /// A new user without a socket.
    pub async fn new(house: &House, username: &str) -> Self {
        Self { house: *house, who: house.register(username).await }
    }

    pub fn post(&self, path: &str) -> Request {
        self.house.post(path).by(&self.who)
    }

    pub async fn tries_to_join(&self, room: &str) -> Reply {
        self.post("/join").json(json!({"room": room})).await
    }

    pub async fn joins(&self, room: &str) -> Value {
        self.tries_to_join(room).await.is(200).json()
    }

    pub async fn leaves(&self, room: &str) -> Reply {
        self.post("/leave").json(json!({"room": room})).await
    }

    pub async fn tries_to_say(&self, room: &str, text: &str) -> Reply {
        self.post("/send").json(json!({"room": room, "message": text})).await
    }

    pub async fn says(&self, room: &str, text: &str) -> Value {
        self.tries_to_say(room, text).await.is(201).json()
    }

    pub async fn asks(&self, room: &str, query: impl Display) -> Reply {
        self.house.get(&format!("/receive?room={room}{query}")).by(&self.who).go().await
    }

    pub async fn receives(&self, room: &str, query: impl Display) -> Value {
        self.asks(room, query).await.is(200).json()
    }

    pub async fn rooms(&self) -> Value {
        self.house.get("/user_rooms").by(&self.who).go().await.is(200).json()["rooms"].clone()
    }
}

/// The texts of the messages in an answer of `/receive`.
pub fn texts(news: &Value) -> Vec<&str> {
    news["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect()
}

/// Their places.
pub fn seqs(news: &Value) -> Vec<i64> {
    news["messages"].as_array().unwrap().iter().map(|message| message["seq"].as_i64().unwrap()).collect()
}
