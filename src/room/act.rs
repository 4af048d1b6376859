//! Floor 4 · `room/act`: how a command reaches its behaviour, what hooks say to it, and what comes of both goes into the line.

use std::panic::{AssertUnwindSafe, catch_unwind};

use actix::prelude::*;

use crate::codes::{Code, Rejection};
use crate::ids::SeatId;
use crate::metrics::Queued;
use crate::room::actor::Room;
use crate::room::command::{Command, Effect, To};
use crate::room::core::{Core, Fault, PANICKED};
use crate::room::event::{Once, Telling};
use crate::room::hooks::Hooks;
use crate::room::line::{Answer, Asker, Awaiting, Out, Turn};
use crate::room::post::Whom;
use crate::room::stamp;
use crate::room::state::{Member, Moment, RoomState};
use crate::telemetry::panic_text;

/// Most events of one room that wait for the journal; beyond that it is `busy`. Four batches of the journal.
const AWAITED_MAX: usize = 4096;
/// Most bytes that one command or one call of a hook may tell: a quarter of what may wait for a socket.
const TOLD_BYTES_MAX: usize = 256 * 1024;

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
        let now = self.now();
        self.core.act(act, now);
        self.plan_flush(context);
    }
}

impl<C: Command> Handler<Queued<Act<C>>> for Room {
    type Result = ();

    fn handle(&mut self, act: Queued<Act<C>>, context: &mut Self::Context) {
        Handler::<Act<C>>::handle(self, act.open(), context);
    }
}

/// Whose effects these are.
#[derive(Clone, Copy)]
enum Of<'a> {
    /// Of a command, given by this member.
    Command(&'a Member),
    /// Of a hook that is about this seat, if about any.
    Hook(Option<SeatId>),
}

impl Core {
    /// A member does something.
    pub fn act<C: Command>(&mut self, act: Act<C>, now: Moment) {
        let Act { by, asker, command } = act;
        let mut turn = Turn::of(Some(asker));
        let result = match self.state.members.get(&by).cloned() {
            None => Err(Code::NotInRoom.into()),
            Some(_) if self.awaited >= AWAITED_MAX => Err(Code::Busy.into()),
            Some(member) => self.command(&mut turn, command, &member, now),
        };
        if let Err(rejection) = result {
            turn.answer = Answer::Refused(rejection);
        }
        self.line.add(turn);
    }

    fn command<C: Command>(&mut self, turn: &mut Turn, mut command: C, by: &Member, now: Moment) -> Result<(), Rejection> {
        let said = &mut command;
        if let Some(message) = self.guarded(C::NAME, move |_| said.message())?? {
            for hooks in self.hooks.clone().iter() {
                let seen = self.guarded(hooks.name(), |state| hooks.before_message(message, by, now, state));
                match (seen.and_then(|effects| effects), message.once()) {
                    (Ok(effects), _) => self.let_hook(turn, &**hooks, Some(by.seat), now, Ok(effects)),
                    (Err(rejection), None) => return Err(rejection),
                    (Err(rejection), Some(once)) => {
                        self.refuse_unless_kept(turn, once.clone(), by, rejection);
                        return Ok(());
                    }
                }
            }
        }
        let effects = self.guarded(C::NAME, |state| command.apply(by, now, state))??;
        self.effects(turn, Of::Command(by), now, effects).inspect_err(|rejection| {
            if rejection.code == Code::Internal {
                let reason = rejection.sentence().to_owned();
                self.faults.push(Fault { behaviour: C::NAME, what: "its effects cannot be", reason });
            }
        })
    }

    /// What a hook refuses now may be a message that was kept before, and whose answer was lost: the log knows.
    fn refuse_unless_kept(&mut self, turn: &mut Turn, once: Once, by: &Member, rejection: Rejection) {
        let append = stamp::asked(once, by, &self.state);
        let out = self.await_kept(append, Awaiting { refusal: Some(rejection), known: true, asked: true });
        turn.outs.push(out);
        turn.awaited += 1;
    }

    /// Somebody who sits in no seat does something in the name of the room.
    pub fn perform(
        &mut self,
        act: impl FnOnce(&mut RoomState, Moment) -> Result<Vec<Effect>, Rejection>,
        now: Moment,
    ) -> Result<(), Rejection> {
        let mut turn = Turn::of(None);
        let effects = self.guarded("a message to the room", |state| act(state, now))??;
        self.effects(&mut turn, Of::Hook(None), now, effects)?;
        self.line.add(turn);
        Ok(())
    }

    /// Calls one hook of all who have it. `about` is whom it speaks of, if of anybody.
    pub(super) fn call(
        &mut self,
        turn: &mut Turn,
        about: Option<SeatId>,
        now: Moment,
        hook: impl Fn(&dyn Hooks, &mut RoomState) -> Result<Vec<Effect>, Rejection>,
    ) {
        for hooks in self.hooks.clone().iter() {
            if let Ok(effects) = self.guarded(hooks.name(), |state| hook(&**hooks, state)) {
                self.let_hook(turn, &**hooks, about, now, effects);
            }
        }
    }

    /// Nobody has asked a hook, so what it cannot do is told to whoever reads the log of the server.
    fn let_hook(
        &mut self,
        turn: &mut Turn,
        hooks: &dyn Hooks,
        about: Option<SeatId>,
        now: Moment,
        effects: Result<Vec<Effect>, Rejection>,
    ) {
        if let Err(rejection) = effects.and_then(|effects| self.effects(turn, Of::Hook(about), now, effects)) {
            let reason = format!("{}: {}", rejection.code.name(), rejection.sentence());
            self.faults.push(Fault { behaviour: hooks.name(), what: "what it wanted was not done", reason });
        }
    }

    /// Adds `effects` to what leaves with `turn`: all of them, or none.
    fn effects(&mut self, turn: &mut Turn, of: Of<'_>, now: Moment, effects: Vec<Effect>) -> Result<(), Rejection> {
        self.may_be(of, &effects)?;
        let (by, seat) = match of {
            Of::Command(by) => (Some(by), Some(by.seat)),
            Of::Hook(about) => (None, about),
        };
        for effect in effects {
            match effect {
                Effect::Append(draft) => {
                    let known = draft.known;
                    let append = stamp::kept(draft, by, now, &mut self.state);
                    let out = self.await_kept(append, Awaiting { refusal: None, known, asked: by.is_some() });
                    turn.outs.push(out);
                    turn.awaited += 1;
                }
                Effect::Tell(to, telling) => {
                    let json = stamp::told(&telling, by, now, &mut self.state).into();
                    turn.outs.extend(whom(to, seat).map(|whom| Out::Tell(whom, json, telling.passing)));
                }
                Effect::Answer(fields) => turn.answer = Answer::Fields(fields),
                Effect::Page(page) => turn.answer = Answer::Page(page),
                Effect::Fault(rejection) => return Err(rejection),
            }
        }
        Ok(())
    }

    /// Whether all of `effects` can be done.
    fn may_be(&self, of: Of<'_>, effects: &[Effect]) -> Result<(), Rejection> {
        let mut bytes = 0;
        let (is_hook, about) = match of {
            Of::Command(by) => (false, Some(by.seat)),
            Of::Hook(about) => (true, about),
        };
        for effect in effects {
            bytes += match effect {
                Effect::Append(_) if is_hook && self.awaited >= AWAITED_MAX => return Err(Code::Busy.into()),
                Effect::Append(draft) => draft.fields.get().len(),
                Effect::Tell(to, _) if whom(*to, about).is_none() => {
                    return Err(unasked("a tick or an opening is about no seat"));
                }
                Effect::Tell(_, Telling { fields, .. }) => fields.get().len(),
                Effect::Answer(_) | Effect::Page(_) if is_hook => {
                    return Err(unasked("nobody asked, so there is nobody to answer"));
                }
                Effect::Answer(_) | Effect::Page(_) => 0,
                Effect::Fault(rejection) => return Err(rejection.clone()),
            };
        }
        if bytes > TOLD_BYTES_MAX {
            let most = TOLD_BYTES_MAX / 1024;
            return Err(Rejection::because(Code::TooLarge, format!("One command has at most {most} KiB of events.")));
        }
        Ok(())
    }

    /// Lets a behaviour do something, and lives on if it panics: an actor that panics is dead for ever.
    pub(super) fn guarded<T>(&mut self, behaviour: &'static str, act: impl FnOnce(&mut RoomState) -> T) -> Result<T, Rejection> {
        let state = &mut self.state;
        catch_unwind(AssertUnwindSafe(|| act(state))).map_err(|panic| {
            self.faults.push(Fault { behaviour, what: PANICKED, reason: panic_text(panic) });
            Code::Internal.into()
        })
    }
}

fn unasked(why: &str) -> Rejection {
    Rejection::because(Code::Internal, why)
}

fn whom(to: To, seat: Option<SeatId>) -> Option<Whom> {
    match (to, seat) {
        (To::Everyone, _) | (To::Others, None) => Some(Whom::Everyone),
        (To::AllBut(seat), _) | (To::Others, Some(seat)) => Some(Whom::AllBut(seat)),
        (To::Seat, seat) => seat.map(Whom::Seat),
    }
}
