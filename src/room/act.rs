//! Floor 4 · `room/act`: how a command reaches its behaviour, and what comes of it goes into the line.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use actix::prelude::*;

use crate::codes::{Code, Rejection};
use crate::ids::SeatId;
use crate::room::actor::Room;
use crate::room::command::{Behaviour, Command, Draft, Effect, Telling, To};
use crate::room::line::{Answer, Asker, Out, Turn};
use crate::room::post::Whom;
use crate::room::state::{Member, RoomState};
use crate::store::log::Append;

/// Most events of one room that wait for the journal; beyond that it is `busy`. Four batches of the journal.
const AWAITED_MAX: usize = 4096;

/// `by` does `command`: the envelope in which every command travels. Session → Room; the answer goes to the socket.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Act<C> {
    /// From this seat.
    pub by: SeatId,
    /// For this socket.
    pub asker: Asker,
    /// This.
    pub command: C,
}

impl<C: Command> Handler<Act<C>> for Room {
    type Result = ();

    fn handle(&mut self, act: Act<C>, context: &mut Self::Context) {
        let turn = self.act(act);
        self.add(turn, context);
    }
}

impl Room {
    fn act<C: Command>(&mut self, act: Act<C>) -> Turn {
        let Act { by, asker, command } = act;
        let now = self.now();
        let result = match self.state.members.get(&by).cloned() {
            None => Err(Code::NotInRoom.into()),
            Some(_) if self.awaited >= AWAITED_MAX => Err(Code::Busy.into()),
            Some(member) => self
                .guarded(C::NAME, |state| command.apply(&member, now, state))
                .and_then(|result| result)
                .map(|effects| (member, effects)),
        };
        match result {
            Err(rejection) => Turn { asker: Some(asker), outs: Vec::new(), answer: Answer::Refused(rejection), awaited: 0 },
            Ok((member, effects)) => self.turn(asker, &member, effects),
        }
    }

    fn turn(&mut self, asker: Asker, member: &Member, effects: Vec<Effect>) -> Turn {
        let mut turn = Turn { asker: Some(asker), outs: Vec::new(), answer: Answer::Plain, awaited: 0 };
        if effects.iter().any(|effect| matches!(effect, Effect::Append(_))) {
            turn.outs = self.hooks(Some(member.seat), |behaviour, state| (behaviour.spoke)(member, state));
        }
        for effect in effects {
            match effect {
                Effect::Append(draft) => {
                    turn.awaited += 1;
                    turn.outs.push(self.append(member, draft));
                }
                Effect::Tell(to, telling) => turn.outs.extend(told(to, telling, Some(member.seat))),
                Effect::Answer(fields) => turn.answer = Answer::Fields(fields),
                Effect::Page(page) => turn.answer = Answer::Page(page),
            }
        }
        turn
    }

    fn append(&mut self, member: &Member, draft: Draft) -> Out {
        self.awaited += 1;
        let out = Out::Awaited(draft.kind, draft.body.clone(), draft.sent_at);
        self.drafts.push(Append { room: self.id.clone(), author: member.user.id, draft });
        out
    }

    /// What the hooks of all behaviours say. `seat` is whom they speak of, if of anybody.
    pub(super) fn hooks(&mut self, seat: Option<SeatId>, hook: impl Fn(&Behaviour, &mut RoomState) -> Vec<Effect>) -> Vec<Out> {
        let behaviours = self.around.behaviours.clone();
        let mut outs = Vec::new();
        for behaviour in behaviours.iter() {
            let effects = self.guarded(behaviour.name, |state| hook(behaviour, state)).unwrap_or_default();
            outs.extend(effects.into_iter().filter_map(|effect| match effect {
                Effect::Tell(to, telling) => told(to, telling, seat),
                // Nobody asked, so there is nobody to answer, and no author of an event.
                Effect::Append(_) | Effect::Answer(_) | Effect::Page(_) => None,
            }));
        }
        outs
    }

    /// Lets a behaviour do something, and lives on if it panics: an actor that panics is dead for ever.
    pub(super) fn guarded<T>(&mut self, behaviour: &str, act: impl FnOnce(&mut RoomState) -> T) -> Result<T, Rejection> {
        let state = &mut self.state;
        catch_unwind(AssertUnwindSafe(|| act(state))).map_err(|panic| {
            tracing::error!(room = %self.id, behaviour, reason = panic_text(&*panic), "a behaviour panicked");
            Code::Internal.into()
        })
    }
}

fn told(to: To, telling: Telling, seat: Option<SeatId>) -> Option<Out> {
    let whom = match (to, seat) {
        (To::Everyone, _) | (To::Others, None) => Whom::Everyone,
        (To::AllBut(seat), _) | (To::Others, Some(seat)) => Whom::AllBut(seat),
        (To::Seat, Some(seat)) => Whom::Seat(seat),
        (To::Seat, None) => return None,
    };
    Some(Out::Tell(whom, telling.json.into(), telling.passing))
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given")
}
