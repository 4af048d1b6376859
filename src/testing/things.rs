//! Floor 10 · `testing`: what is outside of a room under test: uploads and shelves, in memory, with every promise of the store.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};

use crate::codes::{Code, Rejection};
use crate::ids::UserId;
use crate::outside::{Change, Keeper};
use crate::upload::{ADDRESS, Attachment};

/// Everything outside.
#[derive(Default)]
pub(super) struct Things(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    uploads: BTreeMap<String, (UserId, Attachment)>,
    shelves: BTreeMap<(&'static str, String), String>,
}

impl Things {
    /// `owner` sends in a file, of which the address is not known yet; the attachment as it is then.
    pub(super) fn upload(&self, owner: UserId, attachment: Attachment) -> Attachment {
        let mut kept = self.kept();
        let attachment = Attachment { url: format!("{ADDRESS}{:032x}", kept.uploads.len() + 1), ..attachment };
        kept.uploads.insert(attachment.url.clone(), (owner, attachment.clone()));
        attachment
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self, shelf: &'static str, key: String, keys_max: usize, change: Change) -> Result<Option<String>, Rejection> {
        let mut kept = self.kept();
        let place = (shelf, key);
        let old = kept.shelves.get(&place);
        let new = change(old.map(String::as_str))?;
        let count = kept.shelves.keys().filter(|(of, _)| *of == shelf).count();
        match &new {
            Some(_) if old.is_none() && count >= keys_max => {
                return Err(Rejection::because(Code::TooLarge, format!("There are {keys_max} of these already.")));
            }
            Some(text) => kept.shelves.insert(place, text.clone()),
            None => kept.shelves.remove(&place),
        };
        Ok(new)
    }
}

impl Keeper for Things {
    fn uploads(&self, user: UserId, names: Vec<String>) -> BoxFuture<'_, Result<Vec<Attachment>, Rejection>> {
        let kept = self.kept();
        let own = |name: String| kept.uploads.get(&format!("{ADDRESS}{name}")).filter(|(owner, _)| *owner == user);
        let found = names.into_iter().filter_map(own).map(|(_, attachment)| attachment.clone()).collect();
        ready(Ok(found)).boxed()
    }

    fn get(&self, shelf: &'static str, key: String) -> BoxFuture<'_, Result<Option<String>, Rejection>> {
        ready(Ok(self.kept().shelves.get(&(shelf, key)).cloned())).boxed()
    }

    fn change(
        &self,
        shelf: &'static str,
        key: String,
        keys_max: usize,
        change: Change,
    ) -> BoxFuture<'_, Result<Option<String>, Rejection>> {
        async move { self.changed(shelf, key, keys_max, change) }.boxed()
    }

    fn list(&self, shelf: &'static str, after: String, limit: usize) -> BoxFuture<'_, Result<Vec<(String, String)>, Rejection>> {
        let kept = self.kept();
        let rows = kept.shelves.range((shelf, after.clone())..).take_while(|((of, _), _)| *of == shelf);
        let rows = rows.filter(|((_, key), _)| *key > after).take(limit);
        ready(Ok(rows.map(|((_, key), text)| (key.clone(), text.clone())).collect())).boxed()
    }
}
