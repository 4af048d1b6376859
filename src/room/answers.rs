//! Floor 4 · `room/answers`: what the one who asked is told, when the turn has come; pages are read from the log where memory ends.

use actix::prelude::*;
use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::codes::{Code, Rejection};
use crate::ids::SeatId;
use crate::room::actor::Room;
use crate::room::command::{PAGE_MAX, Page, json};
use crate::room::line::{Answer, Ask, Asker};
use crate::room::pages::{Found, From, Reason, from_log, from_memory, page_for_join};
use crate::room::state::{Member, MemberView};
use crate::store::StoreError;
use crate::wire;

/// A page of the log was read. Room → itself.
#[derive(Message)]
#[rtype(result = "()")]
struct PageRead {
    asker: Asker,
    purpose: Purpose,
    found: Result<(Page, Found), StoreError>,
}

/// What a page is for.
enum Purpose {
    /// To be read.
    History,
    /// To welcome a socket that joins with this seat.
    Welcome(SeatId, Ask),
    /// To tell a client without a socket what is new.
    Look,
}

/// Which page, as far as is known without the log.
enum Wanted {
    /// This one.
    Page(Page),
    /// What was said after this time.
    Time(i64),
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
            Answer::Page(page) => self.answer_page(asker, Purpose::History, Wanted::Page(page), context),
            Answer::Welcome(seat, ask) => match page_for_join(ask.since.as_ref(), ask.limit, &self.state) {
                Ok((page, _)) => self.answer_page(asker, Purpose::Welcome(seat, ask), Wanted::Page(page), context),
                Err(rejection) => self.say_no(asker, &rejection),
            },
            Answer::Look(from) => {
                let wanted = match from {
                    From::Newest(limit) => Wanted::Page(Page::Before(None, limit)),
                    From::Seq(seq) => Wanted::Page(Page::After(seq.max(0), PAGE_MAX)),
                    From::Time(ms) => match self.state.place_at(ms) {
                        Some(place) => Wanted::Page(Page::After(place, PAGE_MAX)),
                        None => Wanted::Time(ms),
                    },
                };
                self.answer_page(asker, Purpose::Look, wanted, context);
            }
        }
    }

    pub(super) fn say_ok(&mut self, asker: Asker, fields: Option<&RawValue>) {
        self.post.answer(asker.place, asker.id.map(|id| wire::ok(id, fields)));
    }

    pub(super) fn say_no(&mut self, asker: Asker, rejection: &Rejection) {
        self.post.answer(asker.place, Some(wire::error(asker.id, rejection)));
    }

    fn answer_page(&mut self, asker: Asker, purpose: Purpose, wanted: Wanted, context: &mut Context<Self>) {
        let found = if let Wanted::Page(page) = wanted { from_memory(page, &self.state) } else { None };
        match found {
            Some(found) => self.give_page(asker, purpose, found),
            None => self.read(asker, purpose, wanted, context),
        }
    }

    fn give_page(&mut self, asker: Asker, purpose: Purpose, found: Found) {
        match purpose {
            Purpose::History => self.say_ok(asker, Some(&json(&PageFields::of(&found)))),
            Purpose::Welcome(seat, ask) => self.welcome(asker, seat, &ask, &found),
            Purpose::Look => self.answer_look(asker, found.events),
        }
    }

    /// Reads the log; its result comes back as a message, so the order in which reads finish does not matter.
    fn read(&self, asker: Asker, purpose: Purpose, wanted: Wanted, context: &mut Context<Self>) {
        let (store, id, head_seq) = (self.around.store.clone(), self.id.clone(), self.state.head_seq);
        let work = async move {
            let page = match wanted {
                Wanted::Page(page) => page,
                Wanted::Time(ms) => Page::After(store.place_at(&id, head_seq, ms).await?, PAGE_MAX),
            };
            let (rows, more) = store.page(&id, page).await?;
            Ok((page, Found { events: rows.iter().map(|row| row.logged(&id)).collect(), more }))
        };
        context.spawn(work.into_actor(self).map(move |found, _, context| {
            context.notify(PageRead { asker, purpose, found });
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
            Ok((page, found)) => {
                let found = from_log(page, found, &self.state);
                self.give_page(read.asker, read.purpose, found);
            }
            Err(error) => {
                tracing::error!(room = %self.id, %error, "could not read a page of the log");
                self.say_no(read.asker, &Code::Busy.into());
            }
        }
        self.plan_flush(context);
    }
}
