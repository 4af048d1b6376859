//! A running server by its address: how people get an account, a socket, a place in a room.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::client::{Client, Greeting};
use super::http::Request;

/// Everybody's. Hashing takes seconds unless `argon2` and `blake2` are optimised in the test profile, which `Cargo.toml` sees to.
pub const PASSWORD: &str = "goiabada com queijo";

/// Someone with an account, or a guest, signed in once.
#[derive(Clone, Debug)]
pub struct Account {
    pub username: String,
    pub token: String,
    /// `name=value`, as a browser would send it.
    pub cookie: String,
}

/// Where the server is.
#[derive(Clone, Copy, Debug)]
pub struct House {
    pub addr: SocketAddr,
}

impl House {
    pub fn asked(&self, method: &str, path: &str) -> Request {
        Request::new(self.addr, method, path)
    }

    pub fn get(&self, path: &str) -> Request {
        self.asked("GET", path)
    }

    pub fn post(&self, path: &str) -> Request {
        self.asked("POST", path)
    }

    pub fn origin(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// A new account.
    pub async fn register(&self, username: &str) -> Account {
        let reply = self.post("/api/register").json(registration(username)).await.is(201);
        Account { username: username.to_owned(), token: token_in(&reply.json()), cookie: reply.cookie() }
    }

    /// A new guest, where they are let in.
    pub async fn guest(&self, username: &str) -> Account {
        let reply = self.post("/api/guest").json(json!({"username": username})).await.is(201);
        Account { username: username.to_owned(), token: token_in(&reply.json()), cookie: reply.cookie() }
    }

    /// Another login of an account that there is.
    pub async fn sign_in(&self, username: &str) -> Account {
        let reply = self.post("/api/login").json(json!({"login": username, "password": PASSWORD})).await.is(200);
        Account { username: username.to_owned(), token: token_in(&reply.json()), cookie: reply.cookie() }
    }

    pub async fn sign_out(&self, who: &Account) {
        self.post("/api/logout").by(who).go().await.is(204);
    }

    /// A socket of `who`.
    pub async fn connect(&self, who: &Account) -> Client {
        Client::connect(self.addr, &Greeting::by(who))
            .await
            .unwrap_or_else(|error| panic!("a socket for {}: {error}", who.username))
    }

    /// A socket of `who` that has joined `room`.
    pub async fn enter(&self, who: &Account, room: &str) -> Client {
        let mut client = self.connect(who).await;
        client.joins(room).await;
        client
    }

    /// A new user on a socket in `room`.
    pub async fn join(&self, username: &str, room: &str) -> Client {
        let who = self.register(username).await;
        self.enter(&who, room).await
    }
}

pub fn registration(username: &str) -> Value {
    json!({"name": format!("{username} Silva"), "username": username, "email": format!("{username}@exemplo.com.br"), "password": PASSWORD})
}

fn token_in(body: &Value) -> String {
    body["token"].as_str().unwrap_or_else(|| panic!("a token in {body}")).to_owned()
}
