//! Floor 9 · `load`: the few HTTP requests of a load test, one connection a thread.

use std::io::{self, Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use serde::Deserialize;
use socket2::{Domain, Protocol, Socket, Type};

/// How long the server may take for an answer: many passwords at once take a while.
const TIMEOUT: Duration = Duration::from_secs(60);
/// Most headers, and most bytes, of an answer.
const HEADERS_MAX: usize = 64;
const ANSWER_BYTES_MAX: usize = 4 * 1024 * 1024;

/// The server that is driven.
#[derive(Clone, Debug)]
pub struct Target {
    /// As in the URL: what `Host` says.
    pub authority: String,
    pub address: SocketAddr,
}

impl Target {
    /// The server at `url`.
    ///
    /// # Errors
    /// Why there is none, in a sentence.
    pub fn parse(url: &str) -> Result<Self, String> {
        let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("ws://"));
        let Some(rest) = rest else {
            if url.starts_with("https://") || url.starts_with("wss://") {
                return Err(format!("{url}: TLS is the proxy's; give the address of the server behind it, http://HOST:PORT"));
            }
            return Err(format!("{url} is not http://HOST:PORT"));
        };
        let authority = rest.strip_suffix('/').unwrap_or(rest);
        if authority.is_empty() || authority.contains(['/', '?', '#', '@', ' ', '\r', '\n']) {
            return Err(format!("{url} is not http://HOST:PORT"));
        }
        let after_ip6 = authority.rsplit(']').next().unwrap_or_default();
        let with_port = if after_ip6.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
        let mut found = with_port.to_socket_addrs().map_err(|error| format!("{authority} is not found: {error}"))?;
        let address = found.next().ok_or_else(|| format!("{authority} has no address"))?;
        Ok(Self { authority: authority.to_owned(), address })
    }
}

/// A new socket that connects from `from`, wherever the system likes if there is no such address.
pub fn socket(target: &Target, from: Option<IpAddr>) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(target.address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_tcp_nodelay(true)?;
    if let Some(from) = from {
        socket.bind(&SocketAddr::new(from, 0).into())?;
    }
    Ok(socket)
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

/// What a problem says (RFC 9457), as far as there is one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Problem {
    pub code: String,
    pub detail: String,
    pub retry_after_ms: Option<u64>,
}

impl Answer {
    pub fn problem(&self) -> Problem {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// A connection that is kept between requests.
pub struct Connection<'a> {
    target: &'a Target,
    from: Option<IpAddr>,
    open: Option<TcpStream>,
}

impl<'a> Connection<'a> {
    pub fn new(target: &'a Target, from: Option<IpAddr>) -> Self {
        Self { target, from, open: None }
    }

    /// What the server answers to `method` `path` with this JSON.
    ///
    /// # Errors
    /// No connection, or an answer that is not HTTP. A connection that was kept may have ended meanwhile: then it is made anew.
    pub fn ask(&mut self, method: &str, path: &str, json: &str) -> io::Result<Answer> {
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
            self.target.authority,
            json.len()
        );
        let kept = self.open.is_some();
        match self.ask_once(&request) {
            Err(error) if kept && ended(&error) => self.ask_once(&request),
            asked => asked,
        }
    }

    fn ask_once(&mut self, request: &str) -> io::Result<Answer> {
        let mut stream = match self.open.take() {
            Some(stream) => stream,
            None => self.connect()?,
        };
        stream.write_all(request.as_bytes())?;
        let answer = read_answer(&mut stream)?;
        self.open = Some(stream);
        Ok(answer)
    }

    fn connect(&self) -> io::Result<TcpStream> {
        let socket = socket(self.target, self.from)?;
        socket.connect_timeout(&self.target.address.into(), TIMEOUT)?;
        let stream = TcpStream::from(socket);
        stream.set_read_timeout(Some(TIMEOUT))?;
        stream.set_write_timeout(Some(TIMEOUT))?;
        Ok(stream)
    }
}

fn ended(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionReset | UnexpectedEof)
}

fn read_answer(stream: &mut TcpStream) -> io::Result<Answer> {
    let mut bytes = Vec::new();
    let mut part = [0; 8192];
    loop {
        if let Some(answer) = parse_answer(&bytes)? {
            return Ok(answer);
        }
        match stream.read(&mut part)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read if bytes.len() + read > ANSWER_BYTES_MAX => return Err(not_http("an answer without an end")),
            read => bytes.extend_from_slice(&part[..read]),
        }
    }
}

fn not_http(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// The answer that `bytes` are, if all of it is there.
fn parse_answer(bytes: &[u8]) -> io::Result<Option<Answer>> {
    let Some(Head { status, length, body_length, chunked }) = head(bytes)? else { return Ok(None) };
    let body = &bytes[length..];
    if chunked {
        return Ok(dechunked(body)?.map(|body| Answer { status, body }));
    }
    Ok(body.get(..body_length).map(|body| Answer { status, body: body.to_vec() }))
}

/// The first lines of an answer.
#[derive(Debug, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    /// Its own bytes.
    pub length: usize,
    pub body_length: usize,
    chunked: bool,
}

/// The head that `bytes` begin with, if all of it is there.
///
/// # Errors
/// It is not HTTP/1.
pub fn head(bytes: &[u8]) -> io::Result<Option<Head>> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut parsed = httparse::Response::new(&mut headers);
    let length = match parsed.parse(bytes) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(_) => return Err(not_http("what answers does not speak HTTP")),
    };
    let value =
        |name: &str| parsed.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value);
    let body_length = value("content-length").and_then(|value| str::from_utf8(value).ok()?.trim().parse().ok()).unwrap_or(0);
    let chunked = value("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case(b"chunked"));
    Ok(Some(Head { status: parsed.code.unwrap_or_default(), length, body_length, chunked }))
}

fn dechunked(mut rest: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let parsed = httparse::parse_chunk_size(rest).map_err(|_| not_http("a chunk without a size"))?;
        let httparse::Status::Complete((length, size)) = parsed else { return Ok(None) };
        let size = usize::try_from(size)
            .ok()
            .filter(|size| *size <= ANSWER_BYTES_MAX)
            .ok_or_else(|| not_http("a chunk without an end"))?;
        let Some(chunk) = rest.get(length..length + size + 2) else { return Ok(None) };
        if size == 0 {
            return Ok(Some(body));
        }
        body.extend_from_slice(&chunk[..size]);
        rest = &rest[length + size + 2..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_found_by_its_url() {
        for (url, authority, port) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080", 8080),
            ("ws://127.0.0.1/", "127.0.0.1", 80),
            ("http://[::1]:81", "[::1]:81", 81),
        ] {
            let target = Target::parse(url).unwrap();
            assert_eq!((target.authority.as_str(), target.address.port()), (authority, port));
        }
        for wrong in ["", "127.0.0.1:8080", "http://", "http://127.0.0.1/chat", "http://127.0.0.1:x", "http://a b", "http://x@y"]
        {
            assert!(Target::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Target::parse("https://papo.example").unwrap_err().contains("TLS"));
    }

    #[test]
    fn an_answer_is_read_when_all_of_it_is_there() {
        let plain = b"HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\n{}";
        let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x\r\nd\r\n0\r\n\r\n";
        for (bytes, status, body) in [(&plain[..], 201, "{}"), (chunked, 200, "abcd")] {
            let answer = parse_answer(bytes).unwrap().unwrap();
            assert_eq!((answer.status, answer.body.as_slice()), (status, body.as_bytes()));
            assert!((0..bytes.len()).all(|part| parse_answer(&bytes[..part]).unwrap().is_none()));
        }
        assert!(parse_answer(b"SSH-2.0-x\r\n\r\n").is_err());
    }
}
