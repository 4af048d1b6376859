//! A client of Server-Sent Events.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::LocalBoxStream;
use serde_json::Value;

use crate::common::{Account, House, check_streamed, soon};

/// An event as an `EventSource` sees it.
#[derive(Clone, Debug)]
pub struct Heard {
    pub id: Option<String>,
    pub kind: String,
    pub data: Value,
}

/// One stream.
pub struct Follower {
    pub status: u16,
    pub headers: awc::http::header::HeaderMap,
    body: LocalBoxStream<'static, Option<Vec<u8>>>,
    text: String,
    /// The newest `id`, with which to come back.
    pub last_id: String,
    /// How many comments came.
    pub comments: usize,
}

impl Follower {
    /// Asks for the log of `room` as a stream, whatever comes of it.
    pub async fn asks(house: &House, who: &Account, room: &str, query: &str, last_id: Option<&str>) -> Self {
        let connector = awc::Connector::new().timeout(Duration::from_secs(30));
        let client = awc::Client::builder().connector(connector).timeout(Duration::from_secs(30)).finish();
        let url = format!("http://{}/api/rooms/{room}/events{query}", house.addr);
        let mut request = client
            .get(url)
            .append_header(("Authorization", format!("Bearer {}", who.token)))
            .append_header(("Accept", "text/event-stream"))
            .append_header(("Accept-Encoding", "gzip, br"));
        if let Some(id) = last_id {
            request = request.append_header(("Last-Event-ID", id));
        }
        let response = soon("a stream is answered", request.send()).await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.map(|chunk| chunk.ok().map(|chunk| chunk.to_vec())).boxed_local();
        Self { status, headers, body, text: String::new(), last_id: String::new(), comments: 0 }
    }

    /// Follows `room`, which must be allowed.
    pub async fn follows(house: &House, who: &Account, room: &str, query: &str, last_id: Option<&str>) -> Self {
        let follower = Self::asks(house, who, room, query, last_id).await;
        assert_eq!(follower.status, 200, "{:?}", follower.headers);
        follower
    }

    /// The next event; `None` at the end.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            while let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                if let Some(heard) = self.reads(&block) {
                    return Some(heard);
                }
            }
            let chunk = soon("a stream goes on, or ends", self.body.next()).await.flatten()?;
            self.text.push_str(&String::from_utf8(chunk).expect("text"));
        }
    }

    fn reads(&mut self, block: &str) -> Option<Heard> {
        let (mut id, mut kind, mut data) = (None, "message".to_owned(), String::new());
        for line in block.lines() {
            let (field, value) = line.split_once(": ").unwrap_or((line, ""));
            match field {
                "id" => id = Some(value.to_owned()),
                "event" => value.clone_into(&mut kind),
                "data" => data.push_str(value),
                "retry" => assert!(value.parse::<u32>().unwrap() > 0, "{block}"),
                ":" => self.comments += 1,
                _ => panic!("a field of an event, not {line:?}"),
            }
        }
        if let Some(id) = &id {
            self.last_id.clone_from(id);
        }
        if data.is_empty() {
            return None;
        }
        let data = serde_json::from_str(&data).expect("data is JSON");
        check_streamed(&data);
        Some(Heard { id, kind, data })
    }

    /// The next event of this kind, whatever comes before.
    pub async fn hears(&mut self, kind: &str) -> Heard {
        loop {
            let heard = self.next().await.unwrap_or_else(|| panic!("the stream ended without {kind}"));
            if heard.kind == kind {
                return heard;
            }
        }
    }

    /// The places of the next `count` messages.
    pub async fn hears_messages(&mut self, count: usize) -> Vec<i64> {
        let mut seqs = Vec::new();
        while seqs.len() < count {
            let heard = self.hears("message").await;
            assert_eq!(heard.id.as_deref(), Some(self.last_id.as_str()));
            seqs.push(heard.data["seq"].as_i64().unwrap());
        }
        seqs
    }
}
