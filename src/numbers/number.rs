//! Floor 9 · `numbers/number`: whose a number is, who may see and change it, and where it is kept.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::value::{Increment, Value};
use crate::{Code, Outside, Rejection, Shelf, User};

/// Clients of one user: windows side by side, with a number each.
pub(super) const CLIENTS_MAX: i64 = 8;
/// Programs without an account that may have a number.
const PROGRAMS_MAX: usize = 10_000;
/// Guests that may have a number. They come and go under ever other names, so those who were quiet longest make room.
const GUESTS_MAX: usize = 10_000;
/// How many guests make room at once.
const GUESTS_LEAVE: usize = 1000;
/// Longest name of a program, in characters.
const NAME_CHARS_MAX: usize = 64;
/// Most names that are listed at once.
pub(super) const LISTED_MAX: usize = 1000;

/// A number as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    value: Value,
    /// Whose, as it is shown.
    user: String,
    /// When it was changed last, in milliseconds since 1970.
    at: i64,
}

/// Whose a number is, seen by the one who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// Their own.
    Own,
    /// Of a program, which nobody owns.
    Programs,
    /// Of somebody else.
    Others,
}

/// Where somebody's number is kept.
pub(super) struct Number {
    shelf: Shelf,
    key: String,
    /// Whose it is, as it is shown.
    pub(super) user: String,
    guest: bool,
    pub(super) whose: Whose,
}

fn accounts(outside: &Outside) -> Shelf {
    outside.shelf("numbers")
}

fn guests(outside: &Outside) -> Shelf {
    outside.shelf("numbers.guests").at_most(GUESTS_MAX)
}

fn programs(outside: &Outside) -> Shelf {
    outside.shelf("numbers.programs").at_most(PROGRAMS_MAX)
}

/// `ana`, and for the other clients of the same user `ana:2` and so on.
fn name_of(username: &str, client: i64) -> String {
    if client == 1 { username.to_owned() } else { format!("{username}:{client}") }
}

/// Names that differ only in case are the same.
fn key_of(name: &str) -> String {
    name.to_lowercase()
}

impl Number {
    /// The number of a client of `user`, the first one if it does not say which.
    ///
    /// # Errors
    /// [`Code::BadFrame`] if there can be no such client.
    pub(super) fn of(outside: &Outside, user: &User, client: Option<i64>) -> Result<Self, Rejection> {
        let client = client.unwrap_or(1);
        if !(1..=CLIENTS_MAX).contains(&client) {
            return Err(Rejection::because(Code::BadFrame, format!("client must be 1 to {CLIENTS_MAX}.")));
        }
        let name = name_of(user.username.as_str(), client);
        let shelf = if user.guest { guests(outside) } else { accounts(outside) };
        Ok(Self { shelf, key: key_of(&name), user: name, guest: user.guest, whose: Whose::Own })
    }

    /// The number that goes by `name` for `caller`. Who is not signed in sees the numbers of programs alone, and whoever else there
    /// is is not there for them.
    ///
    /// # Errors
    /// [`Code::Invalid`] if nobody can have that name.
    pub(super) async fn named(outside: &Outside, caller: Option<&User>, name: &str) -> Result<Self, Rejection> {
        let (base, client) = match name.split_once(':') {
            Some((base, client)) => (base, client.parse().ok().filter(|client| (2..=CLIENTS_MAX).contains(client))),
            None => (name, Some(1)),
        };
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
        let fits = (1..=NAME_CHARS_MAX).contains(&base.chars().count()) && base.chars().all(allowed);
        let Some(client) = client.filter(|_| fits) else {
            let rule = format!("A name has 1 to {NAME_CHARS_MAX} letters, digits, dots, hyphens or underscores.");
            return Err(Rejection::because(Code::Invalid, rule));
        };
        if let Some(caller) = caller {
            if key_of(caller.username.as_str()) == key_of(base) {
                return Self::of(outside, caller, Some(client));
            }
            for (shelf, guest) in [(accounts(outside), false), (guests(outside), true)] {
                let key = key_of(name);
                if let Some(kept) = shelf.get::<Kept>(&key).await? {
                    return Ok(Self { shelf, key, user: kept.user, guest, whose: Whose::Others });
                }
            }
        }
        Ok(Self { shelf: programs(outside), key: key_of(name), user: name.to_owned(), guest: false, whose: Whose::Programs })
    }

    /// Its value as it is kept, if it is.
    ///
    /// # Errors
    /// [`Code::Busy`] if the store does not answer.
    pub(super) async fn kept(&self) -> Result<Option<Value>, Rejection> {
        Ok(self.shelf.get::<Kept>(&self.key).await?.map(|kept| kept.value))
    }

    /// Its value: one's own is 0 before it is kept.
    ///
    /// # Errors
    /// [`Code::NotFound`] if there is none; [`Code::Busy`] if the store does not answer.
    pub(super) async fn value(&self) -> Result<Value, Rejection> {
        Ok(self.kept().await?.or(self.first()).ok_or(Code::NotFound)?)
    }

    fn first(&self) -> Option<Value> {
        (self.whose == Whose::Own).then(Value::default)
    }

    /// Its value, which is 0 from now on if there was none.
    ///
    /// # Errors
    /// [`Code::Busy`] if the store does not answer, [`Code::TooLarge`] if there are too many numbers.
    pub(super) async fn start(&self) -> Result<Value, Rejection> {
        match self.kept().await? {
            Some(value) => Ok(value),
            None => self.change(|old| Ok(old.unwrap_or_default())).await,
        }
    }

    /// Keeps `value`.
    ///
    /// # Errors
    /// As [`Self::start`].
    pub(super) async fn set(&self, value: Value) -> Result<Value, Rejection> {
        self.change(move |_| Ok(value)).await
    }

    /// Adds `increment`.
    ///
    /// # Errors
    /// As [`Self::start`]; [`Code::NotFound`] if there is none.
    pub(super) async fn add(&self, increment: Increment) -> Result<Value, Rejection> {
        let first = self.first();
        self.change(move |old| Ok(old.or(first).ok_or(Code::NotFound)?.plus(increment))).await
    }

    async fn change(
        &self,
        change: impl FnOnce(Option<Value>) -> Result<Value, Rejection> + Clone + Send + 'static,
    ) -> Result<Value, Rejection> {
        let changed = self.try_change(change.clone()).await;
        if self.guest && changed.as_ref().is_err_and(|rejection| rejection.code == Code::TooLarge) {
            make_room(&self.shelf).await?;
            return self.try_change(change).await;
        }
        changed
    }

    async fn try_change(
        &self,
        change: impl FnOnce(Option<Value>) -> Result<Value, Rejection> + Send + 'static,
    ) -> Result<Value, Rejection> {
        let user = self.user.clone();
        let change = move |old: Option<Kept>| Ok(Kept { value: change(old.map(|kept| kept.value))?, user, at: now_ms() });
        Ok(self.shelf.update(&self.key, change).await?.value)
    }
}

/// The names in use after `after`, in their order, and whether there are more: those of programs, and for who is signed in those of
/// people, too.
///
/// # Errors
/// [`Code::Busy`] if the store does not answer.
pub(super) async fn names(
    outside: &Outside,
    signed_in: bool,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<String>, bool), Rejection> {
    let after = after.map(key_of);
    let shelves = if signed_in { vec![programs(outside), accounts(outside), guests(outside)] } else { vec![programs(outside)] };
    let mut found = Vec::new();
    let mut more = false;
    for shelf in shelves {
        let page = shelf.list::<Kept>(after.as_deref(), limit).await?;
        more |= page.len() == limit && !shelf.list::<Kept>(page.last().map(|(key, _)| key.as_str()), 1).await?.is_empty();
        found.extend(page.into_iter().map(|(key, kept)| (key, kept.user)));
    }
    found.sort();
    // A program may go by the name of an account.
    found.dedup_by(|one, other| one.0 == other.0);
    more |= found.len() > limit;
    found.truncate(limit);
    Ok((found.into_iter().map(|(_, user)| user).collect(), more))
}

/// Lets the guests go who were quiet longest.
async fn make_room(shelf: &Shelf) -> Result<(), Rejection> {
    let mut all: Vec<(i64, String)> = Vec::new();
    loop {
        let page = shelf.list::<Kept>(all.last().map(|(_, key)| key.as_str()), LISTED_MAX).await?;
        let end = page.len() < LISTED_MAX;
        all.extend(page.into_iter().map(|(key, kept)| (kept.at, key)));
        if end {
            break;
        }
    }
    all.sort();
    for (_, key) in all.into_iter().take(GUESTS_LEAVE) {
        shelf.remove(&key).await?;
    }
    Ok(())
}

fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
