//! Floor 4 · `room/answers`: what the one who asked is told, when the turn has come.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use crate::codes::{Code, Rejection};
use crate::ids::SeatId;
use crate::room::command::{PAGE_MAX, Page};
use crate::room::core::{Core, Fault, Outcome, Purpose, Read, Wanted};
use crate::room::event::{EVENT_BYTES_MAX, json};
use crate::room::line::{Answer, Ask, Asker};
use crate::room::pages::{Found, From, PageView, Reason, from_log, from_memory, page_for_join};
use crate::room::state::{Member, MemberView};
use crate::wire;

/// What the house writes into a welcome.
const IN_WELCOME: &[&str] =
    &["type", "id", "room", "title", "seat", "epoch", "head_seq", "mode", "reason", "events", "more", "members"];

/// A room as it is for someone who has just joined.
#[derive(Serialize, ToSchema)]
pub(crate) struct WelcomeFields<'a> {
    /// Its id.
    room: &'a str,
    /// Its name as people read it.
    title: &'a str,
    /// All tabs of a user in a room share it.
    #[schema(value_type = u64)]
    seat: SeatId,
    /// The identity of its log: `seq` means something only together with it.
    epoch: &'a str,
    /// The newest `seq`; live events come after it.
    head_seq: i64,
    /// `resumed`: the events are what was missed. `snapshot`: they are the newest page, and `reason` says why.
    #[schema(schema_with = modes)]
    mode: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    reason: Option<Reason>,
    #[serde(flatten)]
    #[schema(ignore)]
    page: PageView<'a>,
    /// Who is here.
    members: Vec<MemberView<'a>>,
    #[serde(flatten)]
    #[schema(ignore)]
    more_fields: Map<String, Value>,
}

fn modes() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["resumed", "snapshot"])).build()
}

impl Core {
    pub(super) fn answer(&mut self, asker: Asker, answer: Answer) {
        match answer {
            Answer::Plain => self.say_ok(asker, None),
            Answer::Fields(fields) => self.say_ok(asker, Some(&fields)),
            Answer::Refused(rejection) => self.say_no(asker, &rejection),
            Answer::Page(page) => self.answer_page(asker, Purpose::History, Wanted::Page(page)),
            Answer::Welcome(seat, ask) => match page_for_join(ask.since.as_ref(), ask.limit, &self.state) {
                Ok((page, _)) => self.answer_page(asker, Purpose::Welcome(seat, ask), Wanted::Page(page)),
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
                self.answer_page(asker, Purpose::Look, wanted);
            }
        }
    }

    pub(super) fn say_ok(&mut self, asker: Asker, fields: Option<&RawValue>) {
        self.outcomes.push(Outcome { kind: asker.kind, refused: None });
        self.post.answer(asker.place, asker.id.map(|id| wire::ok(id, fields)));
    }

    fn say_no(&mut self, asker: Asker, rejection: &Rejection) {
        self.outcomes.push(Outcome { kind: asker.kind, refused: Some(rejection.code) });
        self.post.answer(asker.place, Some(wire::error(asker.id, rejection)));
    }

    fn answer_page(&mut self, asker: Asker, purpose: Purpose, wanted: Wanted) {
        let found = if let Wanted::Page(page) = wanted { from_memory(page, &self.state) } else { None };
        match found {
            Some(found) => self.give_page(asker, purpose, found),
            None => self.reads.push(Read { asker, purpose, wanted }),
        }
    }

    /// The log was read, or could not be: a page of it, and which that is.
    pub fn page_read(&mut self, asker: Asker, purpose: Purpose, found: Result<(Page, Found), Rejection>) {
        match found {
            Ok((page, found)) => {
                let found = from_log(page, found, &self.state);
                self.give_page(asker, purpose, found);
            }
            Err(rejection) => self.say_no(asker, &rejection),
        }
    }

    fn give_page(&mut self, asker: Asker, purpose: Purpose, found: Found) {
        match purpose {
            Purpose::History => self.say_ok(asker, Some(&json(&found.view()))),
            Purpose::Welcome(seat, ask) => self.welcome(asker, seat, &ask, &found),
            Purpose::Look => self.answer_look(asker, found.events),
        }
    }

    /// The answer to `join`. From this very place in the line on, the socket hears the room.
    fn welcome(&mut self, asker: Asker, seat: SeatId, ask: &Ask, found: &Found) {
        let still_here = self.places(seat).contains(&asker.place);
        let Some(member) = self.state.members.get(&seat).filter(|_| still_here).cloned() else {
            return self.say_no(asker, &Code::StaleSeat.into());
        };
        let more_fields = self.welcome_fields(&member);
        let reason = page_for_join(ask.since.as_ref(), ask.limit, &self.state).ok().and_then(|(_, reason)| reason);
        let fields = json(&WelcomeFields {
            room: &self.id.0,
            title: &self.state.title,
            seat,
            epoch: &self.state.epoch.0,
            head_seq: self.state.head_seq,
            mode: if reason.is_none() { "resumed" } else { "snapshot" },
            reason,
            page: found.view(),
            members: self.roster.values().map(Member::view).collect(),
            more_fields,
        });
        self.say_ok(asker, Some(&fields));
        self.attach(seat, asker.place);
    }

    /// What hooks add to a welcome.
    fn welcome_fields(&mut self, member: &Member) -> Map<String, Value> {
        let mut fields = Map::new();
        for hooks in self.hooks.clone().iter() {
            let Ok(Some((name, value))) = self.guarded(hooks.name(), |state| hooks.welcome(member, state)) else { continue };
            if IN_WELCOME.contains(&name) || fields.contains_key(name) {
                let what = "its field of the welcome is there already";
                self.faults.push(Fault { behaviour: hooks.name(), what, reason: name.to_owned() });
            } else if value.to_string().len() > EVENT_BYTES_MAX {
                let what = "its field of the welcome is too large";
                self.faults.push(Fault { behaviour: hooks.name(), what, reason: name.to_owned() });
            } else {
                fields.insert(name.to_owned(), value);
            }
        }
        fields
    }
}
