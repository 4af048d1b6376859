//! Floor 7 · `door`: what every session needs of the house, whatever its transport, and its place in the lobby.

use std::rc::Rc;
use std::sync::Arc;

use actix::Addr;

use crate::codes::Close;
use crate::fanout::{FanOuts, Sockets, WorkerId};
use crate::ids::SessionId;
use crate::lobby::{Disconnect, Lobby};
use crate::metrics::Metrics;
use crate::outside::Outside;
use crate::rates::SaidRates;
use crate::room::Row;
use crate::settings::Guests;
use crate::store::Store;
use crate::traffic::Traffic;

/// What every session needs of the house.
#[derive(Clone)]
pub struct Doorway {
    /// Who seats people.
    pub lobby: Addr<Lobby>,
    /// Pages of a log are read here.
    pub store: Store,
    /// Where commands fetch what they need.
    pub outside: Outside,
    /// The threads of the sockets.
    pub fanouts: FanOuts,
    /// What members may do.
    pub commands: Arc<[Row]>,
    /// What is said and heard may be written down here.
    pub traffic: Traffic,
    /// How fast users may talk; `None` lifts it.
    pub said: Option<Arc<SaidRates>>,
    /// What happens is counted here.
    pub metrics: Arc<Metrics>,
    /// What `hello` says of limits and times.
    pub manners: Manners,
}

/// What a client is told of limits and times.
#[derive(Clone, Debug)]
pub struct Manners {
    /// After this long without a sign, the server asks for one.
    pub ping_ms: u64,
    /// Most files of one upload.
    pub files_max: usize,
    /// Largest file.
    pub file_bytes_max: u64,
    /// What guests may do.
    pub guests: Guests,
}

/// The sockets of the thread this runs on.
#[derive(Clone)]
pub struct Here {
    /// They.
    pub sockets: Rc<Sockets>,
    /// Their thread.
    pub worker: WorkerId,
}

/// A place in the lobby. Dropping it, for whatever reason, tells the lobby that the socket is gone.
pub struct Admission {
    lobby: Addr<Lobby>,
    metrics: Arc<Metrics>,
    /// Its number.
    pub session: SessionId,
    why: Close,
    may_return: bool,
}

impl Admission {
    /// The place that the lobby behind `door` gave to `session`.
    pub fn new(door: &Doorway, session: SessionId) -> Self {
        let (lobby, metrics) = (door.lobby.clone(), door.metrics.clone());
        Self { lobby, metrics, session, why: Close::Normal, may_return: true }
    }

    /// It ends, and this is why.
    pub fn ends(&mut self, why: Close) {
        self.why = why;
    }

    /// It has been waited for long enough: its seat is not kept any longer.
    pub fn does_not_return(&mut self) {
        self.may_return = false;
    }
}

impl Drop for Admission {
    fn drop(&mut self) {
        let gone = Disconnect { session: self.session, why: self.why, may_return: self.may_return };
        self.metrics.mailboxes.lobby.post(&self.lobby, gone);
    }
}
