//! A socket byte by byte: for peers that break the frame layer, or that do not read.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::frames;
use super::house::Account;
use super::soon;

/// A frame of the server.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    pub opcode: u8,
    pub payload: Vec<u8>,
}

/// The connection, after the handshake.
pub struct Raw {
    pub stream: TcpStream,
    port: u16,
    server: SocketAddr,
}

impl Raw {
    /// Opens a socket as `who`.
    pub async fn open(server: SocketAddr, who: &Account) -> Self {
        Self::open_with(server, who, None).await
    }

    /// Opens a socket whose kernel takes about `receive_bytes` before it is read.
    pub async fn open_narrow(server: SocketAddr, who: &Account, receive_bytes: u32) -> Self {
        Self::open_with(server, who, Some(receive_bytes)).await
    }

    async fn open_with(server: SocketAddr, who: &Account, receive_bytes: Option<u32>) -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        if let Some(bytes) = receive_bytes {
            socket.set_recv_buffer_size(bytes).unwrap();
        }
        let mut stream = socket.connect(server).await.expect("the server listens");
        stream.set_nodelay(true).unwrap();
        let port = stream.local_addr().unwrap().port();
        stream.write_all(handshake(server, who).as_bytes()).await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(soon("the answer to the handshake", stream.read_u8()).await.unwrap());
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        Self { stream, port, server }
    }

    /// Sends one masked frame: `first` is its first byte.
    pub async fn sends(&mut self, first: u8, payload: &[u8]) {
        // The peer may be gone: that shows when it is read from.
        let _ = self.stream.write_all(&frame(first, payload)).await;
    }

    pub async fn says(&mut self, text: &str) {
        self.sends(0x81, text.as_bytes()).await;
    }

    /// Sends bytes as they are.
    pub async fn writes(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes).await;
    }

    /// The next frame; `None` if the connection has ended.
    pub async fn reads(&mut self) -> Option<Frame> {
        soon("a frame, or the end", self.try_read()).await
    }

    async fn try_read(&mut self) -> Option<Frame> {
        let first = self.stream.read_u8().await.ok()?;
        let length = match self.stream.read_u8().await.ok()? {
            126 => usize::from(self.stream.read_u16().await.ok()?),
            127 => usize::try_from(self.stream.read_u64().await.ok()?).unwrap(),
            short => usize::from(short),
        };
        let mut payload = vec![0; length];
        self.stream.read_exact(&mut payload).await.ok()?;
        assert_eq!(first & 0xF0, 0x80, "the server sends whole frames without reserved bits");
        if first == 0x81 {
            for line in payload.split(|byte| *byte == b'\n') {
                frames::check_any(self.server, &serde_json::from_slice(line).expect("a JSON object"));
            }
        }
        Some(Frame { opcode: first & 0x0F, payload })
    }

    /// The close code the server sends; text on the way to it is skipped. 1006 if it sends none.
    pub async fn is_closed(&mut self) -> u16 {
        while let Some(frame) = self.reads().await {
            if frame.opcode == 8 {
                return frame.payload.first_chunk().map_or(1005, |code| u16::from_be_bytes(*code));
            }
        }
        1006
    }

    /// Whether the server still has a connection to this peer, whatever its state but `TIME_WAIT`.
    pub fn is_held_by_server(&self) -> bool {
        const TIME_WAIT: &str = "06";
        self.entry_of_server().is_some_and(|(state, _)| state != TIME_WAIT)
    }

    /// Whether a process, and not the kernel alone, still has the server's end of the connection.
    pub fn is_owned_by_a_process(&self) -> bool {
        self.entry_of_server().is_some_and(|(_, inode)| inode != "0")
    }

    /// State and inode of the server's end, as the kernel tells them.
    fn entry_of_server(&self) -> Option<(String, String)> {
        let table = std::fs::read_to_string("/proc/net/tcp").expect("the kernel tells its connections");
        let port = |field: &str| u16::from_str_radix(field.rsplit(':').next().unwrap(), 16).unwrap();
        let entries = table.lines().skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>());
        let mut own = entries.filter(|fields| port(fields[1]) == self.server.port() && port(fields[2]) == self.port);
        own.next().map(|fields| (fields[3].to_owned(), fields[9].to_owned()))
    }

    /// Waits until the server has no connection to this peer any more, without reading.
    pub async fn is_gone_within(&self, deadline: Duration) {
        super::until("the connection is gone", deadline, async || !self.is_held_by_server()).await;
    }
}

/// A masked frame (RFC 6455 §5.2).
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    const MASKED: u8 = 0x80;
    const MASK: [u8; 4] = [0x37, 0xFA, 0x21, 0x3D];
    let mut frame = vec![first];
    match payload.len() {
        length @ 0..=125 => frame.push(MASKED | u8::try_from(length).unwrap()),
        length @ 126..=0xFFFF => {
            frame.push(MASKED | 0x7E);
            frame.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
        length => {
            frame.push(MASKED | 0x7F);
            frame.extend((length as u64).to_be_bytes());
        }
    }
    frame.extend(MASK);
    frame.extend(payload.iter().zip(MASK.iter().cycle()).map(|(byte, mask)| byte ^ mask));
    frame
}

fn handshake(server: SocketAddr, who: &Account) -> String {
    format!(
        "GET /ws HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {}\r\n\r\n",
        who.token
    )
}
