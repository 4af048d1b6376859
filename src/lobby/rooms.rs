//! Floor 6 · `lobby/rooms`: which rooms there are. They are opened when someone comes and closed when nobody is left.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use actix::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use crate::clock::now_ms;
use crate::codes::{Code, Rejection};
use crate::ids::{RoomId, UserId};
use crate::journal::Remove;
use crate::link::Frame;
use crate::lobby::Lobby;
use crate::lobby::seats::Join;
use crate::names::RoomName;
use crate::room::Room;
use crate::room::actor::End;
use crate::room::line::Asker;
use crate::store::rooms::RoomRow;
use crate::wire;

/// How long a room that is not permanent outlives its last member. Protocol, "Commands".
pub(super) const EMPTY_KEPT: Duration = Duration::from_secs(10);
/// Most rooms of one server: the list of all of them goes to every socket, and must stay small.
pub(super) const ROOMS_MAX: usize = 4096;
/// The list of rooms is told at most this often. Protocol, "Events".
const ANNOUNCE_EVERY: Duration = Duration::from_secs(1);

/// Open a room that stays. Web → Lobby; the answer is the room, and whether it was made now.
#[derive(Message)]
#[rtype(result = "Result<(RoomView, bool), Rejection>")]
pub struct CreateRoom {
    /// Its name.
    pub name: RoomName,
    /// Who asked for it.
    pub by: UserId,
}

/// All rooms. Session and web → Lobby; the answer is `rooms[]` as JSON.
#[derive(Message)]
#[rtype(result = "Arc<str>")]
pub struct ListRooms;

/// A room as clients see it in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Room)]
pub struct RoomView {
    /// Its canonical name.
    #[schema(value_type = String)]
    pub id: RoomId,
    /// Its name as people read it.
    #[schema(value_type = String)]
    pub title: Arc<str>,
    /// How many people are in it.
    pub members: usize,
    /// Whether it stays when it is empty.
    pub permanent: bool,
}

/// All rooms.
#[derive(ToSchema)]
#[schema(as = Rooms)]
#[expect(dead_code, reason = "the list is kept as text; this is how that is described")]
pub struct RoomList {
    /// In the order in which they were made.
    rooms: Vec<RoomView>,
}

struct Entry {
    view: RoomView,
    address: Option<Addr<Room>>,
    empty_since: Instant,
    /// Joins that wait until the room is gone; `None` as long as it is not going.
    going: Option<Vec<Join>>,
}

/// The rooms of this server.
pub(super) struct Rooms {
    entries: BTreeMap<RoomId, Entry>,
    /// The order in which they were made, for the list.
    order: Vec<RoomId>,
    listed: Option<Arc<str>>,
    announced: Option<Instant>,
    announce_planned: bool,
    opened: usize,
}

impl Rooms {
    pub(super) fn new(rows: Vec<RoomRow>) -> Self {
        let mut rooms = Self {
            entries: BTreeMap::new(),
            order: Vec::new(),
            listed: None,
            announced: None,
            announce_planned: false,
            opened: 0,
        };
        for row in rows {
            rooms.add(&row.id, row.title.into(), row.permanent);
        }
        rooms
    }

    fn add(&mut self, id: &RoomId, title: Arc<str>, permanent: bool) -> &mut Entry {
        if !self.entries.contains_key(id) {
            self.order.push(id.clone());
            self.listed = None;
        }
        self.entries.entry(id.clone()).or_insert_with(|| Entry {
            view: RoomView { id: id.clone(), title, members: 0, permanent },
            address: None,
            empty_since: Instant::now(),
            going: None,
        })
    }

    /// `rooms[]` as JSON, in the order the rooms were made.
    pub(super) fn listed(&mut self) -> Arc<str> {
        if let Some(listed) = &self.listed {
            return listed.clone();
        }
        let views: Vec<&RoomView> = self.order.iter().filter_map(|id| self.entries.get(id)).map(|entry| &entry.view).collect();
        let json: Arc<str> = serde_json::to_string(&views).expect("our own types have string keys").into();
        self.listed.insert(json).clone()
    }

    pub(super) fn address(&self, id: &RoomId) -> Option<&Addr<Room>> {
        self.entries.get(id)?.address.as_ref()
    }

    /// How many there are, and how many of them have an actor.
    pub(super) fn counts(&self) -> (usize, usize) {
        let open = |entry: &&Entry| entry.address.as_ref().is_some_and(Addr::connected);
        (self.entries.len(), self.entries.values().filter(open).count())
    }

    pub(super) fn view(&self, id: &RoomId) -> Option<RoomView> {
        Some(self.entries.get(id)?.view.clone())
    }

    /// Whether there is this room, and it is not going.
    pub(super) fn stands(&self, id: &RoomId) -> bool {
        self.entries.get(id).is_some_and(|entry| entry.going.is_none())
    }

    pub(super) fn sat_down(&mut self, id: &RoomId) {
        if let Some(entry) = self.entries.get_mut(id) {
            entry.view.members += 1;
            self.listed = None;
        }
    }

    /// Whether this join may go on now. `None`: it waits until its room is gone, to open it anew.
    pub(super) fn admit(&mut self, join: Join) -> Result<Option<Join>, (Asker, Code)> {
        match self.entries.get_mut(join.room.id()) {
            None if self.order.len() >= ROOMS_MAX => Err((join.asker, Code::Busy)),
            Some(Entry { going: Some(waiting), .. }) => {
                waiting.push(join);
                Ok(None)
            }
            _ => Ok(Some(join)),
        }
    }
}

impl Lobby {
    /// The actor of this room, started if need be, on the thread whose turn it is.
    pub(super) fn room(&mut self, name: &RoomName, _: &mut Context<Self>) -> Addr<Room> {
        let entry = self.rooms.add(name.id(), name.title().into(), false);
        if let Some(address) = entry.address.clone().filter(Addr::connected) {
            return address;
        }
        let died = entry.address.is_some();
        let room = Room::new(name.id().clone(), entry.view.title.to_string(), entry.view.permanent, self.around.clone());
        let arbiter = self.around.fanouts.arbiter(self.rooms.opened).unwrap_or_else(Arbiter::current);
        self.rooms.opened += 1;
        let address = Room::start_in_arbiter(&arbiter, |_| room);
        if let Some(entry) = self.rooms.entries.get_mut(name.id()) {
            entry.address = Some(address.clone());
        }
        if died {
            tracing::error!(room = %name.id(), "a room had died and was opened again");
            self.seat_again(name.id(), &address);
        }
        address
    }

    /// Somebody got up in `id`: an empty room that is not permanent goes away after a while.
    pub(super) fn got_up(&mut self, id: &RoomId, context: &mut Context<Self>) {
        let Some(entry) = self.rooms.entries.get_mut(id) else { return };
        entry.view.members = entry.view.members.saturating_sub(1);
        entry.empty_since = Instant::now();
        self.rooms.listed = None;
        if entry.view.members == 0 && !entry.view.permanent {
            let id = id.clone();
            context.run_later(EMPTY_KEPT, move |lobby, context| lobby.close_if_empty(&id, context));
        }
    }

    /// At the start: rooms that were not permanent may have been left empty by a server that was killed.
    pub(super) fn close_empty_rooms_later(context: &mut Context<Self>) {
        context.run_later(EMPTY_KEPT, |lobby, context| {
            let ids: Vec<RoomId> = lobby.rooms.order.clone();
            for id in ids {
                lobby.close_if_empty(&id, context);
            }
        });
    }

    fn close_if_empty(&mut self, id: &RoomId, context: &mut Context<Self>) {
        let Some(entry) = self.rooms.entries.get_mut(id) else { return };
        let empty = entry.view.members == 0 && entry.empty_since.elapsed() >= EMPTY_KEPT;
        if !empty || entry.view.permanent || entry.going.is_some() {
            return;
        }
        let address = entry.address.take();
        entry.going = Some(Vec::new());
        let (id, journal) = (id.clone(), self.around.journal.clone());
        let remove = Remove(id.clone());
        let removed = async move {
            // What it still says is with the journal before it goes, and nothing of it comes into a later log of that name.
            if let Some(address) = address {
                let _ = address.send(End).await;
            }
            journal.journal().send(remove).await
        };
        context.spawn(removed.into_actor(self).map(move |_, lobby, context| lobby.went(&id, context)));
    }

    fn went(&mut self, id: &RoomId, context: &mut Context<Self>) {
        let Some(entry) = self.rooms.entries.get_mut(id) else { return };
        let waiting = entry.going.take().unwrap_or_default();
        // Somebody may have made it permanent in the meantime.
        if !entry.view.permanent {
            self.rooms.entries.remove(id);
            self.rooms.order.retain(|other| other != id);
            self.rooms.listed = None;
        }
        for join in waiting {
            self.join(join, context);
        }
        self.announce_rooms(context);
    }

    /// Tells every socket which rooms there are, soon, and not more often than [`ANNOUNCE_EVERY`].
    pub(super) fn announce_rooms(&mut self, context: &mut Context<Self>) {
        if self.rooms.listed.is_some() || std::mem::replace(&mut self.rooms.announce_planned, true) {
            return;
        }
        let since = self.rooms.announced.map_or(ANNOUNCE_EVERY, |at| at.elapsed());
        context.run_later(ANNOUNCE_EVERY.saturating_sub(since).max(Duration::from_millis(50)), |lobby, _| {
            lobby.rooms.announce_planned = false;
            lobby.rooms.announced = Some(Instant::now());
            let event = format!("{{\"type\":\"rooms\",\"rooms\":{}}}", lobby.rooms.listed());
            for bytes in wire::text_frames([event.as_str()]) {
                // The next list replaces it, so a socket that is behind may miss it.
                lobby.around.fanouts.announce(&Frame { bytes, passing: true });
            }
        });
    }
}

impl Handler<ListRooms> for Lobby {
    type Result = MessageResult<ListRooms>;

    fn handle(&mut self, _: ListRooms, _: &mut Self::Context) -> Self::Result {
        MessageResult(self.rooms.listed())
    }
}

impl Handler<CreateRoom> for Lobby {
    type Result = ResponseActFuture<Self, Result<(RoomView, bool), Rejection>>;

    fn handle(&mut self, CreateRoom { name, by }: CreateRoom, _: &mut Self::Context) -> Self::Result {
        let is_new = !self.rooms.entries.contains_key(name.id());
        if is_new && self.rooms.order.len() >= ROOMS_MAX {
            return Box::pin(fut::ready(Err(Rejection::because(Code::Busy, "There are too many rooms."))));
        }
        let store = self.around.store.clone();
        let work = async move { store.open_room(name.id(), name.title(), true, Some(by), now_ms()).await };
        Box::pin(work.into_actor(self).map(move |row, lobby, context| {
            let row = row.map_err(|error| {
                tracing::error!(%error, "could not make a room");
                Rejection::from(Code::Busy)
            })?;
            let entry = lobby.rooms.add(&row.id, row.title.into(), true);
            let made = is_new || !entry.view.permanent;
            entry.view.permanent = true;
            let view = entry.view.clone();
            lobby.rooms.listed = None;
            lobby.announce_rooms(context);
            Ok((view, made))
        }))
    }
}
