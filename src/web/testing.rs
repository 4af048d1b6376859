//! For tests: the whole application over a house of its own, asked without a socket.

use std::net::SocketAddr;

use actix_http::Request;
use actix_service::boxed::{BoxService, service};
use actix_web::body::BoxBody;
use actix_web::cookie::Cookie;
use actix_web::dev::{Service as _, ServiceResponse};
use actix_web::http::{StatusCode, header::HeaderMap};
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::web::{Bytes, Data};
use serde_json::{Value, json};

use crate::lobby::tests::lobby;
use crate::settings::Settings;
use crate::store::Store;
use crate::web::{Context, app};

pub(super) const PASSWORD: &str = "goiabada com queijo";

pub(super) struct House {
    pub(super) context: Data<Context>,
    pub(super) dir: tempfile::TempDir,
    app: BoxService<Request, ServiceResponse<BoxBody>, actix_web::Error>,
}

#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) cookies: Vec<Cookie<'static>>,
    pub(super) bytes: Bytes,
}

/// Someone who signed in: by cookie, by token.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) cookie: Cookie<'static>,
    pub(super) token: String,
}

impl House {
    pub(super) async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub(super) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::for_tests(dir.path());
        change(&mut settings);
        let secret = crate::secret::key(&settings).unwrap();
        let store = Store::open(&settings).await.unwrap();
        let lobby = lobby(store.clone());
        let context = Data::new(Context::new(
            settings,
            store,
            lobby,
            std::sync::Arc::default(),
            std::sync::Arc::default(),
            (&secret, None),
        ));
        let app = service(init_service(app(context.clone(), |_| ())).await);
        Self { context, dir, app }
    }

    pub(super) async fn ask(&self, request: TestRequest) -> Answer {
        let answer = match self.app.call(request.to_request()).await {
            Ok(answer) => answer,
            Err(error) => {
                let request = TestRequest::default().to_http_request();
                ServiceResponse::new(request, error.error_response())
            }
        };
        let status = answer.status().as_u16();
        let headers = answer.headers().clone();
        let cookies = answer.response().cookies().map(Cookie::into_owned).collect();
        Answer { status, headers, cookies, bytes: read_body(answer).await }
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.ask(TestRequest::get().uri(path)).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(TestRequest::post().uri(path).set_json(body)).await
    }

    pub(super) async fn login_from(&self, address: &str, login: &str, password: &str) -> Answer {
        let peer: SocketAddr = format!("{address}:1000").parse().unwrap();
        let body = json!({"login": login, "password": password});
        self.ask(TestRequest::post().uri("/api/login").peer_addr(peer).set_json(body)).await
    }

    pub(super) async fn sign_up(&self, username: &str) -> Person {
        let answer = self.post("/api/register", registration(username)).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        answer.person()
    }
}

impl Answer {
    pub(super) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(super) fn code(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        self.json()["code"].as_str().unwrap().to_owned()
    }

    pub(super) fn person(&self) -> Person {
        let cookie = self.cookies.iter().find(|cookie| cookie.name().ends_with("papo")).expect("a session cookie").clone();
        let body: Value = serde_json::from_slice(&self.bytes).unwrap_or_default();
        Person { cookie, token: body["token"].as_str().unwrap_or_default().to_owned() }
    }
}

impl Person {
    /// `request` with their cookie.
    pub(super) fn asks(&self, request: TestRequest) -> TestRequest {
        request.cookie(self.cookie.clone())
    }

    /// `request` with their token.
    pub(super) fn calls(&self, request: TestRequest) -> TestRequest {
        request.insert_header(("authorization", format!("Bearer {}", self.token)))
    }
}

pub(super) fn registration(username: &str) -> Value {
    json!({"name": "Ana Lima", "username": username, "email": format!("{username}@papo.example"), "password": PASSWORD})
}
