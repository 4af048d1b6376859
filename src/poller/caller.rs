//! Floor 7 · `poller/caller`: one request over plain HTTP on its way to the poller of its login, from whatever thread, and back.

use std::net::IpAddr;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::{Instant, sleep, sleep_until, timeout};

use super::tray::Told;
use super::{Entry, OnCall, Poller, Pollers, What};
use crate::codes::{Code, Rejection};
use crate::door::{Doorway, Here};
use crate::ids::Epoch;
use crate::lobby::WhereIs;
use crate::names::RoomName;
use crate::room::pages::From;
use crate::user::Login;

/// How long a poller may take to answer: longer than the database may, which is what it waits for.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);
/// How often a call begins anew with another poller, because the one it had was just ending.
const TRIES: usize = 3;
/// How often what was said within the last millisecond is asked for again, so that the time in the answer stands behind it.
const SETTLE_TRIES: usize = 4;

/// One request.
pub struct Caller {
    /// What it needs of the house.
    pub door: Doorway,
    /// Its thread.
    pub here: Here,
    /// The pollers of all threads.
    pub pollers: Pollers,
    /// Whose it is.
    pub login: Login,
    /// Where it comes from.
    pub address: IpAddr,
    /// How many requests of one login may wait for news at once; `None` lifts it.
    pub waits_max: Option<usize>,
}

/// What one hears of a room that one has joined.
#[derive(Deserialize)]
pub struct Welcome {
    /// Its canonical name.
    pub room: String,
    /// Its name as people read it.
    pub title: String,
    /// Who is here.
    pub members: Box<RawValue>,
}

/// What is new in a room.
#[derive(Debug)]
pub struct News {
    /// Events of its log, oldest first.
    pub messages: Box<RawValue>,
    /// The identity of its log.
    pub epoch: Epoch,
    /// The newest place in it.
    pub head_seq: i64,
    /// Whether there are newer ones than `messages`.
    pub more: bool,
    /// Asking for what was said after this time goes on from here.
    pub now: i64,
}

/// The answer to a look into a room, as the room gives it.
#[derive(Deserialize)]
struct Looked {
    epoch: Epoch,
    head_seq: i64,
    until: Option<i64>,
    last_sent_at: Option<i64>,
    events: Box<RawValue>,
}

impl Caller {
    /// Sits down in `room`; what one hears of it, and where its log ends.
    ///
    /// # Errors
    /// Why not: too many sockets and polls, or a server that is busy.
    pub async fn joins(&self, room: &RoomName) -> Result<(Welcome, News), Rejection> {
        let (told, on_call) = self.asks(room, || What::Join).await?;
        let welcome = read(&told.fields)?;
        let news = self.looks(&on_call, room, From::Newest(1)).await?.ok_or(Code::StaleSeat)?;
        Ok((welcome, news))
    }

    /// Gets up.
    ///
    /// # Errors
    /// [`Code::NotInRoom`] for who does not sit there.
    pub async fn leaves(&self, room: &RoomName) -> Result<(), Rejection> {
        self.asks(room, || What::Leave).await.map(|_| ())
    }

    /// Says `command`, a `send` as it is over a socket; the fields of its `ok`.
    ///
    /// # Errors
    /// As over a socket.
    pub async fn sends(&self, room: &RoomName, command: &str) -> Result<String, Rejection> {
        let (told, _) = self.asks(room, || What::Send(command.to_owned())).await?;
        Ok(told.fields)
    }

    /// What is new in `room`; as long as nothing is, it waits, for `wait` at most and no longer than `gone` takes.
    ///
    /// # Errors
    /// [`Code::NotInRoom`] for who does not sit there, also when that ends meanwhile, and so on as [`Close::rejection`](crate::codes::Close::rejection) has it.
    pub async fn receives(
        &self,
        room: &RoomName,
        from: From,
        wait: Duration,
        gone: impl Future<Output = ()>,
    ) -> Result<News, Rejection> {
        let deadline = Instant::now() + wait;
        let mut gone = std::pin::pin!(gone);
        let mut on_call = self.on_call(room, false).await?;
        let mut tries = 1;
        loop {
            let mut bell = on_call.bell();
            let Some(news) = self.looks(&on_call, room, from).await? else {
                if tries == TRIES {
                    return Err(Code::Busy.into());
                }
                tries += 1;
                on_call = self.on_call(room, false).await?;
                continue;
            };
            // Who is ahead of the log speaks of another one, and has to hear of it.
            let is_ahead = matches!(from, From::Seq(seq) if seq > news.head_seq);
            if is_ahead || !news.is_none() || Instant::now() >= deadline {
                return Ok(news);
            }
            if !on_call.may_wait(self.waits_max) {
                return Err(Rejection::because(Code::RateLimited, "Too many polls of this login wait at once."));
            }
            tokio::select! {
                _ = bell.changed() => {}
                () = sleep_until(deadline) => {}
                // What comes now would be written to nobody.
                () = &mut gone => return Ok(news),
            }
            let ended = *bell.borrow();
            if let Some(close) = ended {
                return Err(close.rejection());
            }
        }
    }

    /// A sign of life, where there is a poller to hear it.
    pub fn touches(&self) {
        drop(self.pollers.call(&self.login.id, || None));
    }

    /// The poller of this login. There is one already, or this is a call that may begin one.
    async fn on_call(&self, room: &RoomName, joining: bool) -> Result<OnCall, Rejection> {
        let begin = || {
            Some(Poller::begin(Entry {
                door: self.door.clone(),
                here: self.here.clone(),
                login: self.login.clone(),
                address: self.address,
                pollers: self.pollers.clone(),
            }))
        };
        let login = &self.login.id;
        let found = if joining { self.pollers.call(login, begin) } else { self.pollers.call(login, || None) };
        let on_call = if let Some(on_call) = found {
            on_call
        } else {
            // Only who sits there gets one: nobody takes a place for a call that is refused.
            let place = self.door.lobby.send(WhereIs(self.login.user.id)).await.map_err(|_| Code::Internal)?;
            place.filter(|place| place == room.id()).ok_or(Code::NotInRoom)?;
            self.pollers.call(login, begin).ok_or(Code::Internal)?
        };
        while let Some(wait) = on_call.too_fast() {
            sleep(wait).await;
        }
        Ok(on_call)
    }

    async fn asks(&self, room: &RoomName, what: impl Fn() -> What) -> Result<(Told, OnCall), Rejection> {
        for _ in 0..TRIES {
            let on_call = self.on_call(room, matches!(what(), What::Join)).await?;
            if let Some(told) = answer(&on_call, room, what()).await? {
                return Ok((told, on_call));
            }
        }
        Err(Code::Busy.into())
    }

    /// What is new, and a time that stands between what is in the answer and what is not. `None` if the poller has just ended.
    async fn looks(&self, on_call: &OnCall, room: &RoomName, from: From) -> Result<Option<News>, Rejection> {
        let mut tries = 1;
        loop {
            let Some(told) = answer(on_call, room, What::Look(from)).await? else { return Ok(None) };
            let looked: Looked = read(&told.fields)?;
            // Something in the answer was said after it was asked for: a moment later its time is past.
            let too_new = looked.until.is_none() && looked.last_sent_at.is_some_and(|at| at > told.asked_at);
            if too_new && tries < SETTLE_TRIES {
                tries += 1;
                sleep(Duration::from_millis(2)).await;
                continue;
            }
            // With a clock that was set back it stays in the future. Then it comes again the next time, which is better than never.
            return Ok(Some(News {
                messages: looked.events,
                epoch: looked.epoch,
                head_seq: looked.head_seq,
                more: looked.until.is_some(),
                now: looked.until.unwrap_or(told.asked_at),
            }));
        }
    }
}

impl News {
    fn is_none(&self) -> bool {
        self.messages.get() == "[]"
    }
}

async fn answer(on_call: &OnCall, room: &RoomName, what: What) -> Result<Option<Told>, Rejection> {
    let Ok(reply) = timeout(ANSWER_TIMEOUT, on_call.asks(room, what)).await else {
        on_call.give_up();
        return Err(Code::Busy.into());
    };
    reply.transpose()
}

fn read<T: for<'a> Deserialize<'a>>(fields: &str) -> Result<T, Rejection> {
    serde_json::from_str(fields).map_err(|error| {
        tracing::error!(%error, "a room gave an answer that cannot be read");
        Code::Internal.into()
    })
}
