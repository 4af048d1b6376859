//! Floor 9 · `numbers/commands`: `number.start`, `number.put`, `number.even` and `number.odd`, for members of a room.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::number::Number;
use super::rates::Rates;
use super::value::Value;
use crate::{Command, Effect, Member, Moment, Outside, Prepared, Rejection, RoomState, User};

/// `{"type":"number.start","client":2}` → `{value}`: the last one kept, 0 at first.
#[derive(Deserialize)]
pub(super) struct Start {
    client: Option<i64>,
    #[serde(skip)]
    kept: Value,
}

/// `{"type":"number.put","value":42,"client":2}` → `{value}`: it is kept.
#[derive(Deserialize)]
pub(super) struct Put {
    value: Json,
    client: Option<i64>,
    #[serde(skip)]
    kept: Value,
}

/// `{"type":"number.even"}` and `{"type":"number.odd"}` → `{value}`: one of them by chance.
#[derive(Deserialize)]
pub(super) struct Ask<const ODD: bool> {}

pub(super) type Even = Ask<false>;
pub(super) type Odd = Ask<true>;

#[derive(Serialize)]
struct Answer {
    value: Value,
}

fn answer(value: Value) -> Vec<Effect> {
    vec![Effect::answer(&Answer { value })]
}

impl Command for Start {
    const NAME: &'static str = "number.start";
    const COUNTS: bool = false;
    const LOGGED: bool = true;

    fn prepare(mut self, by: &Arc<User>, outside: &Outside) -> Prepared<Self> {
        let (by, outside) = (by.clone(), outside.clone());
        Prepared::later(async move {
            Rates::say(&outside, by.id)?;
            self.kept = Number::of(&outside, &by, self.client)?.start().await?;
            Ok(self)
        })
    }

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(answer(self.kept))
    }
}

impl Command for Put {
    const NAME: &'static str = "number.put";
    const COUNTS: bool = false;
    const LOGGED: bool = true;

    fn prepare(mut self, by: &Arc<User>, outside: &Outside) -> Prepared<Self> {
        let (by, outside) = (by.clone(), outside.clone());
        Prepared::later(async move {
            Rates::say(&outside, by.id)?;
            let value = Value::parse(&self.value)?;
            self.kept = Number::of(&outside, &by, self.client)?.set(value).await?;
            Ok(self)
        })
    }

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(answer(self.kept))
    }
}

impl<const ODD: bool> Command for Ask<ODD> {
    const NAME: &'static str = if ODD { "number.odd" } else { "number.even" };
    const COUNTS: bool = false;
    const LOGGED: bool = true;

    fn prepare(self, by: &Arc<User>, outside: &Outside) -> Prepared<Self> {
        let paid = Rates::say(outside, by.id);
        match paid {
            Ok(()) => Prepared::Now(self),
            Err(rejection) => Prepared::later(async { Err(rejection) }),
        }
    }

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(answer(Value::random(ODD)))
    }
}
