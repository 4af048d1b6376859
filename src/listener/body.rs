//! Floor 7 · `listener/body`: the answer of a stream as it grows: what was missed, then what is said.

use std::rc::Rc;

use bytes::Bytes;
use futures_util::{Stream, stream};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::queue::{Next, Queue};
use super::{Hold, text};
use crate::codes::{Close, Code, Rejection};
use crate::fanout::Tap;
use crate::ids::{Epoch, RoomId};
use crate::link::Outbox;
use crate::room::command::{PAGE_MAX, Page};
use crate::room::pages::Reason;
use crate::store::{Store, StoreError};
use crate::wire::answered;

/// The body.
pub struct Body {
    room: RoomId,
    epoch: Epoch,
    store: Store,
    queue: Rc<Queue>,
    outbox: Outbox,
    tap: Option<Tap>,
    stage: Stage,
    _hold: Hold,
}

enum Stage {
    /// This goes out first; then events after the first place up to the second are still to be read from the log.
    Begin(String, i64, i64),
    /// Events after the first place up to the second are to be read.
    CatchUp(i64, i64),
    /// What is said comes as it is said.
    Live,
    /// Nothing comes any more.
    Over,
}

/// The answer to the join, as the room gives it.
#[derive(Deserialize)]
struct Welcome<'a> {
    epoch: Epoch,
    head_seq: i64,
    reason: Option<Reason>,
    #[serde(borrow)]
    events: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
struct Place<'a> {
    r#type: &'a str,
    seq: i64,
}

impl Body {
    pub(super) fn new(
        welcome: &str,
        room: RoomId,
        store: Store,
        queue: Rc<Queue>,
        outbox: Outbox,
        tap: Option<Tap>,
        hold: Hold,
    ) -> Result<Self, Rejection> {
        let unreadable = |error: serde_json::Error| {
            tracing::error!(%error, "a room gave a welcome that cannot be read");
            Rejection::from(Code::Internal)
        };
        let Welcome { epoch, head_seq, reason, events } = serde_json::from_str(welcome).map_err(unreadable)?;
        let mut page = String::new();
        let (mut first, mut last) = (None, None);
        for event in events {
            let Place { r#type, seq } = serde_json::from_str(event.get()).map_err(unreadable)?;
            text::durable(&mut page, &epoch, seq, r#type, event.get());
            first = first.or(Some(seq));
            last = Some(seq);
        }
        // Without a page there is nothing between the client's place and the end of the log.
        let mut begin = text::beginning(&epoch, first.map_or(head_seq, |first| first - 1));
        if let Some(reason) = reason.filter(|reason| *reason != Reason::NotRequested) {
            begin.push_str(&text::reset(reason, &epoch, head_seq));
        }
        begin.push_str(&page);
        let stage = Stage::Begin(begin, last.unwrap_or(head_seq), head_seq);
        Ok(Self { room, epoch, store, queue, outbox, tap, stage, _hold: hold })
    }

    /// The body as a stream, which ends when the session does, or its peer is gone.
    pub fn into_stream(self) -> impl Stream<Item = Result<Bytes, StoreError>> {
        stream::unfold(self, |mut body| async move { body.next().await.map(|text| (Ok(text.into()), body)) })
    }

    async fn next(&mut self) -> Option<String> {
        loop {
            let text = match std::mem::replace(&mut self.stage, Stage::Over) {
                Stage::Begin(text, last, head) => {
                    self.stage = if last < head { Stage::CatchUp(last, head) } else { Stage::Live };
                    text
                }
                Stage::CatchUp(last, head) => self.missed(last, head).await,
                Stage::Live => self.said().await?,
                Stage::Over => return None,
            };
            if !text.is_empty() {
                if let Some(tap) = &self.tap {
                    text::objects(&text).for_each(|object| tap.tells(object));
                }
                return Some(text);
            }
        }
    }

    /// The next page of what was missed. What is said meanwhile waits in the queue.
    async fn missed(&mut self, last: i64, head: i64) -> String {
        let mut text = String::new();
        let rows = match self.store.page(&self.room, Page::After(last, PAGE_MAX)).await {
            Ok((rows, _)) => rows,
            Err(error) => {
                tracing::error!(room = %self.room, %error, "could not read the log for a stream");
                // It comes back, and goes on from where it is.
                return text::end(Close::Error);
            }
        };
        let mut read = last;
        for row in rows.iter().filter(|row| row.seq <= head) {
            read = row.seq;
            text::durable(&mut text, &self.epoch, row.seq, &row.kind, row.logged(&self.room).json.get());
        }
        self.stage = if read == last || read >= head { Stage::Live } else { Stage::CatchUp(read, head) };
        text
    }

    async fn said(&mut self) -> Option<String> {
        let next = tokio::select! {
            next = self.queue.next() => next,
            () = self.outbox.peer_is_gone() => return None,
        };
        let mut text = String::new();
        match next {
            Next::Frame(frame) => {
                let goes_on = answered::objects(&frame.bytes).all(|json| text::object(&mut text, &self.epoch, json));
                if goes_on {
                    self.stage = Stage::Live;
                }
            }
            Next::End(close) => text = text::end(close),
        }
        Some(text)
    }
}
