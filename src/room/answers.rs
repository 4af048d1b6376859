//! Floor 4 · `room/answers`: what the one who asked is told, when the turn has come; pages are read from the log where memory ends.

use actix::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::codes::{Code, Rejection};
use crate::ids::SeatId;
use crate::room::actor::Room;
use crate::room::command::{Page, json};
use crate::room::line::{Answer, Ask, Asker};
use crate::room::pages::{Found, Reason, from_log, from_memory, page_for_join};
use crate::room::state::{Logged, Member, MemberView};
use crate::store::StoreError;
use crate::wire;

/// A page of the log was read. Room → itself.
#[derive(Message)]
#[rtype(result = "()")]
struct PageRead {
    asker: Asker,
    welcome: Option<(SeatId, Ask)>,
    page: Page,
    found: Result<Found, StoreError>,
}

#[derive(Serialize)]
struct PageFields<'a> {
    events: Vec<&'a RawValue>,
    more: bool,
}

#[derive(Serialize)]
struct WelcomeFields<'a> {
    room: &'a str,
    title: &'a str,
    seat: SeatId,
    epoch: &'a str,
    head_seq: i64,
    mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Reason>,
    #[serde(flatten)]
    page: PageFields<'a>,
    members: Vec<MemberView<'a>>,
    #[serde(flatten)]
    more_fields: Map<String, Value>,
}

impl Room {
    pub(super) fn answer(&mut self, asker: Asker, answer: Answer, context: &mut Context<Self>) {
        match answer {
            Answer::Plain => self.say_ok(asker, None),
            Answer::Fields(fields) => self.say_ok(asker, Some(&fields)),
            Answer::Refused(rejection) => self.say_no(asker, &rejection),
            Answer::Page(page) => self.answer_page(asker, None, page, context),
            Answer::Welcome(seat, ask) => match page_for_join(ask.since.as_ref(), ask.limit, &self.state) {
                Ok((page, _)) => self.answer_page(asker, Some((seat, ask)), page, context),
                Err(rejection) => self.say_no(asker, &rejection),
            },
        }
    }

    fn say_ok(&mut self, asker: Asker, fields: Option<&RawValue>) {
        self.post.answer(asker.place, asker.id.map(|id| wire::ok(id, fields)));
    }

    pub(super) fn say_no(&mut self, asker: Asker, rejection: &Rejection) {
        self.post.answer(asker.place, Some(wire::error(asker.id, rejection)));
    }

    fn answer_page(&mut self, asker: Asker, welcome: Option<(SeatId, Ask)>, page: Page, context: &mut Context<Self>) {
        match from_memory(page, &self.state) {
            Some(found) => self.give_page(asker, welcome, &found),
            None => self.read(asker, welcome, page, context),
        }
    }

    fn give_page(&mut self, asker: Asker, welcome: Option<(SeatId, Ask)>, found: &Found) {
        match welcome {
            None => self.say_ok(asker, Some(&json(&PageFields::of(found)))),
            Some((seat, ask)) => self.welcome(asker, seat, &ask, found),
        }
    }

    /// Reads the log; its result comes back as a message, so the order in which reads finish does not matter.
    fn read(&self, asker: Asker, welcome: Option<(SeatId, Ask)>, page: Page, context: &mut Context<Self>) {
        let (store, id) = (self.around.store.clone(), self.id.clone());
        let work = async move {
            let (rows, more) = store.page(&id, page).await?;
            let events = rows.iter().map(|row| Logged::new(&id, &row.kind, row.seq, &row.body)).collect();
            Ok(Found { events, more })
        };
        context.spawn(work.into_actor(self).map(move |found, _, context| {
            context.notify(PageRead { asker, welcome, page, found });
        }));
    }

    /// The answer to `join`. From this very place in the line on, the socket hears the room.
    fn welcome(&mut self, asker: Asker, seat: SeatId, ask: &Ask, found: &Found) {
        let still_here = self.places(seat).contains(&asker.place);
        let Some(member) = self.state.members.get(&seat).filter(|_| still_here) else {
            return self.say_no(asker, &Code::StaleSeat.into());
        };
        let reason = page_for_join(ask.since.as_ref(), ask.limit, &self.state).ok().and_then(|(_, reason)| reason);
        let fields = json(&WelcomeFields {
            room: &self.id.0,
            title: &self.state.title,
            seat,
            epoch: &self.state.epoch.0,
            head_seq: self.state.head_seq,
            mode: if reason.is_none() { "resumed" } else { "snapshot" },
            reason,
            page: PageFields::of(found),
            members: self.roster.values().map(Member::view).collect(),
            more_fields: self.welcome_fields(member),
        });
        self.say_ok(asker, Some(&fields));
        self.attach(seat, asker.place);
    }

    /// What the behaviours add to a welcome.
    fn welcome_fields(&self, member: &Member) -> Map<String, Value> {
        let fields = self.around.behaviours.iter().filter_map(|behaviour| (behaviour.welcome)(member, &self.state));
        let parse = |json: Box<RawValue>| serde_json::from_str(json.get()).unwrap_or(Value::Null);
        fields.map(|(name, value)| (name.to_owned(), parse(value))).collect()
    }
}

impl<'a> PageFields<'a> {
    fn of(found: &'a Found) -> Self {
        Self { events: found.events.iter().map(|event| &*event.json).collect(), more: found.more }
    }
}

impl Handler<PageRead> for Room {
    type Result = ();

    fn handle(&mut self, read: PageRead, context: &mut Self::Context) {
        match read.found {
            Ok(found) => {
                let found = from_log(read.page, found, &self.state);
                self.give_page(read.asker, read.welcome, &found);
            }
            Err(error) => {
                tracing::error!(room = %self.id, %error, "could not read a page of the log");
                self.say_no(read.asker, &Code::Busy.into());
            }
        }
        self.plan_flush(context);
    }
}
