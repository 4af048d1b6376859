//! HTTP as a program speaks it: a request is built in a sentence, its reply read whole.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use awc::http::{Method, StatusCode, header::HeaderMap};
use serde_json::Value;

use super::described;
use super::house::Account;

const TIMEOUT: Duration = Duration::from_secs(30);
const BOUNDARY: &str = "papo-test-boundary-5f0c";

/// A request on its way.
#[must_use]
pub struct Request {
    url: String,
    method: Method,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    from: Option<IpAddr>,
}

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// A file to upload: the raw bytes that stand between the quotes of `filename`, the type it claims, and its content.
#[derive(Clone)]
pub struct File {
    pub name: Vec<u8>,
    pub mime: &'static str,
    pub content: Vec<u8>,
}

impl File {
    pub fn new(name: impl AsRef<[u8]>, mime: &'static str, content: impl AsRef<[u8]>) -> Self {
        Self { name: name.as_ref().to_vec(), mime, content: content.as_ref().to_vec() }
    }
}

impl Request {
    pub fn new(addr: SocketAddr, method: &str, path: &str) -> Self {
        let method = method.parse().expect("a method");
        Self { url: format!("http://{addr}{path}"), method, headers: Vec::new(), body: Vec::new(), from: None }
    }

    /// With this header.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// As a program does, with a token.
    pub fn by(self, who: &Account) -> Self {
        self.with("Authorization", format!("Bearer {}", who.token))
    }

    /// As a browser does, with a cookie and its own origin.
    pub fn by_cookie(self, who: &Account) -> Self {
        let origin = self.url.split('/').take(3).collect::<Vec<_>>().join("/");
        self.with("Cookie", who.cookie.clone()).with("Origin", origin)
    }

    /// From this address of the machine.
    pub fn from(mut self, address: [u8; 4]) -> Self {
        self.from = Some(address.into());
        self
    }

    pub fn body(mut self, mime: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.with("Content-Type", mime)
    }

    pub async fn json(self, body: Value) -> Reply {
        self.body("application/json", body.to_string()).go().await
    }

    pub async fn form(self, body: &str) -> Reply {
        self.body("application/x-www-form-urlencoded", body).go().await
    }

    pub async fn files(self, files: &[File]) -> Reply {
        self.body(&multipart_type(), multipart(files)).go().await
    }

    /// Sends it.
    pub async fn go(self) -> Reply {
        self.try_go().await.expect("the server answers")
    }

    /// Sends it to a server that may not answer.
    pub async fn try_go(self) -> Result<Reply, String> {
        let mut connector = awc::Connector::new().timeout(TIMEOUT);
        if let Some(address) = self.from {
            connector = connector.local_address(address);
        }
        // One connection a request: a server that was restarted must not be met on an old one.
        let client = awc::Client::builder().connector(connector).disable_redirects().timeout(TIMEOUT).finish();
        let mut request = client.request(self.method.clone(), &self.url);
        for (name, value) in &self.headers {
            request = request.append_header((name.as_str(), value.as_str()));
        }
        let mut response = request.send_body(self.body).await.map_err(|error| error.to_string())?;
        let body = response.body().limit(64 << 20).await.map_err(|error| error.to_string())?;
        let reply = Reply { status: response.status().as_u16(), headers: response.headers().clone(), body: body.to_vec() };
        let path = self.url.splitn(4, '/').nth(3).map_or_else(|| "/".to_owned(), |path| format!("/{path}"));
        let wants_page = self.headers.iter().any(|(name, value)| name.eq_ignore_ascii_case("accept") && value.contains("html"));
        described::check(self.method.as_str(), &path, wants_page, &reply);
        Ok(reply)
    }
}

pub fn multipart_type() -> String {
    format!("multipart/form-data; boundary={BOUNDARY}")
}

pub fn multipart(files: &[File]) -> Vec<u8> {
    let mut body = Vec::new();
    for file in files {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"").bytes());
        body.extend(&file.name);
        body.extend(format!("\"\r\nContent-Type: {}\r\n\r\n", file.mime).bytes());
        body.extend(&file.content);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    body
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("a JSON body, not {} {:?}", self.status, self.text()))
    }

    /// The header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn cookies(&self) -> Vec<String> {
        self.headers.get_all("set-cookie").filter_map(|value| value.to_str().ok()).map(str::to_owned).collect()
    }

    /// `name=value` of the cookies it sets.
    pub fn cookie(&self) -> String {
        let pairs = self.cookies();
        pairs.iter().filter_map(|cookie| cookie.split(';').next()).collect::<Vec<_>>().join("; ")
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        let text: String = self.text().chars().take(500).collect();
        assert_eq!(self.status, status, "{} {text}", StatusCode::from_u16(self.status).unwrap());
        self
    }

    /// A refusal as RFC 9457 writes it, with this code.
    #[track_caller]
    pub fn refuses(self, status: u16, code: &str) -> Self {
        let reply = self.is(status);
        assert!(reply.header("content-type").starts_with("application/problem+json"), "{:?}", reply.headers);
        assert_eq!(reply.json()["code"], code, "{}", reply.text());
        reply
    }
}
