//! Floor 1 · `outside`: what a command may ask of the world before its room hears of it: uploads, a shelf of the store, and what
//! the builder was told to share.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::codes::{Code, Rejection};
use crate::ids::UserId;
use crate::upload::{Attachment, stored_name};

/// Longest key of a shelf, in bytes: a name and what belongs to it.
pub const KEY_BYTES_MAX: usize = 256;
/// Largest value of a shelf, as JSON text: a record, not a file.
pub const VALUE_BYTES_MAX: usize = 16 * 1024;
/// Most keys of one shelf, unless [`Shelf::at_most`] says fewer: they are counted whenever one is added.
pub const KEYS_MAX: usize = 100_000;
/// Most entries that [`Shelf::list`] answers at once.
pub const LIST_MAX: usize = 1000;

/// The world outside of a room. Clones are the same world.
///
/// ```
/// use std::sync::Arc;
///
/// use papo::testing::TestRoom;
/// use papo::{App, Command, Effect, Member, Moment, Outside, Prepared, Rejection, RoomState, User};
/// use serde_json::json;
///
/// /// `{"type":"album.add","image":"/static/…"}`: a picture that its owner has sent in, for an album of the room.
/// #[derive(serde::Deserialize)]
/// struct Add {
///     image: String,
///     #[serde(skip)]
///     name: String,
/// }
///
/// struct Largest(i64);
///
/// impl Command for Add {
///     const NAME: &'static str = "album.add";
///
///     fn prepare(mut self, by: &Arc<User>, outside: &Outside) -> Prepared<Self> {
///         let (user, outside) = (by.id, outside.clone());
///         Prepared::later(async move {
///             let found = outside.uploads(user, [&self.image]).await?.remove(0);
///             let largest = outside.shared::<Largest>().map_or(i64::MAX, |largest| largest.0);
///             if found.bytes > largest && outside.has_limits() {
///                 return Err(Rejection::because(papo::Code::TooLarge, "Smaller, please."));
///             }
///             outside.shelf("albums").put(&found.name, &found.url).await?;
///             self.name = found.name;
///             Ok(self)
///         })
///     }
///
///     fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
///         Ok(vec![Effect::append("album.added", &json!({"name": self.name, "image": self.image}))])
///     }
/// }
///
/// let mut room = TestRoom::new(App::builder().command::<Add>().share(Largest(1 << 20)));
/// let ana = room.join("ana");
/// let image = room.uploads(ana, "gato.png", "image/png");
/// room.does(ana, json!({"type": "album.add", "image": image})).unwrap();
/// assert_eq!(room.does(ana, json!({"type": "album.add", "image": "/static/x"})).unwrap_err().code, "unknown_upload");
/// ```
#[derive(Clone)]
pub struct Outside {
    keeper: Arc<dyn Keeper>,
    shared: Arc<Shared>,
    limits: bool,
}

/// What the builder of the server was told to share: one value of each type.
#[derive(Default)]
pub struct Shared(HashMap<TypeId, Arc<dyn Any + Send + Sync>>);

/// What becomes of a value: given the old text, if there is one, the new text; `None` takes the key away.
pub type Change = Box<dyn FnOnce(Option<&str>) -> Result<Option<String>, Rejection> + Send>;

/// Who keeps things: the store, or a test in its place.
pub trait Keeper: Send + Sync {
    /// The uploads of `user` with these stored names, in their order; others' uploads and those that are not there are left out.
    fn uploads(&self, user: UserId, names: Vec<String>) -> BoxFuture<'_, Result<Vec<Attachment>, Rejection>>;
    /// The text under `key`.
    fn get(&self, shelf: &'static str, key: String) -> BoxFuture<'_, Result<Option<String>, Rejection>>;
    /// Changes the text under `key`, and nobody changes it in between; answers what is there now. Refuses a new key beyond `keys_max`.
    fn change(
        &self,
        shelf: &'static str,
        key: String,
        keys_max: usize,
        change: Change,
    ) -> BoxFuture<'_, Result<Option<String>, Rejection>>;
    /// Up to `limit` keys after `after` with their texts, in the order of the bytes of the keys.
    fn list(&self, shelf: &'static str, after: String, limit: usize) -> BoxFuture<'_, Result<Vec<(String, String)>, Rejection>>;
}

/// A small table of one extension: text keys, JSON values, kept before they are answered.
///
/// ```
/// use papo::{Code, Outside, Rejection};
///
/// async fn counts(outside: &Outside) -> Result<(), Rejection> {
///     let coins = outside.shelf("coins").at_most(10_000);
///     coins.put("ana", &3).await?;
///     assert_eq!(coins.get::<i64>("ana").await?, Some(3));
///     let left = coins.update("ana", |old: Option<i64>| match old.unwrap_or(0) {
///         0 => Err(Rejection::because(Code::Rejected, "There are no coins left.")),
///         coins => Ok(coins - 1),
///     });
///     assert_eq!(left.await?, 2);
///     assert_eq!(coins.list::<i64>(None, 100).await?, [("ana".to_owned(), 2)]);
///     coins.remove("ana").await
/// }
/// # // A command runs it, with the shelves of a room under test.
/// # #[derive(serde::Deserialize)]
/// # struct Count {}
/// # impl papo::Command for Count {
/// #     const NAME: &'static str = "coin.count";
/// #     fn prepare(self, _: &std::sync::Arc<papo::User>, outside: &Outside) -> papo::Prepared<Self> {
/// #         let outside = outside.clone();
/// #         papo::Prepared::later(async move { counts(&outside).await.map(|()| self) })
/// #     }
/// #     fn apply(self, _: &papo::Member, _: papo::Moment, _: &mut papo::RoomState) -> Result<Vec<papo::Effect>, Rejection> {
/// #         Ok(Vec::new())
/// #     }
/// # }
/// # let mut room = papo::testing::TestRoom::new(papo::App::builder().command::<Count>());
/// # let ana = room.join("ana");
/// # room.does(ana, serde_json::json!({"type": "coin.count"})).unwrap();
/// ```
#[derive(Clone)]
pub struct Shelf {
    keeper: Arc<dyn Keeper>,
    name: &'static str,
    keys_max: usize,
}

impl Shared {
    /// Takes in `value`, in the place of another of its type.
    pub fn add<T: Send + Sync + 'static>(&mut self, value: T) {
        self.0.insert(TypeId::of::<T>(), Arc::new(value));
    }
}

impl Outside {
    /// The world of `keeper`, with what is shared; `limits` says whether rates are to be held.
    pub fn new(keeper: Arc<dyn Keeper>, shared: Shared, limits: bool) -> Self {
        Self { keeper, shared: Arc::new(shared), limits }
    }

    /// Whether rates are to be held: `--limits off` lifts them, for load tests. Sizes and counts of what is kept hold always.
    pub fn has_limits(&self) -> bool {
        self.limits
    }

    /// The value of type `T` that the builder was told to share.
    pub fn shared<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.shared.0.get(&TypeId::of::<T>())?.clone().downcast().ok()
    }

    /// The shelf `name`. A name belongs to one extension, for ever.
    pub fn shelf(&self, name: &'static str) -> Shelf {
        Shelf { keeper: self.keeper.clone(), name, keys_max: KEYS_MAX }
    }

    /// The uploads at `addresses`, in that order: all of them, and all of them `user`'s own.
    ///
    /// # Errors
    /// [`Code::UnknownUpload`] if one is not; [`Code::Busy`] if the store does not answer.
    pub async fn uploads<'a>(
        &self,
        user: UserId,
        addresses: impl IntoIterator<Item = &'a String>,
    ) -> Result<Vec<Attachment>, Rejection> {
        let names: Option<Vec<String>> = addresses.into_iter().map(|address| stored_name(address).map(str::to_owned)).collect();
        let names = names.ok_or(Code::UnknownUpload)?;
        let count = names.len();
        let found = self.keeper.uploads(user, names).await?;
        if found.len() == count { Ok(found) } else { Err(Code::UnknownUpload.into()) }
    }
}

impl Shelf {
    /// The same shelf, which takes no new key beyond `keys_max`.
    #[must_use]
    pub fn at_most(mut self, keys_max: usize) -> Self {
        self.keys_max = keys_max.min(KEYS_MAX);
        self
    }

    /// What is kept under `key`.
    ///
    /// # Errors
    /// [`Code::Busy`] if the store does not answer; [`Code::Internal`] if what is there is no `T`.
    pub async fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, Rejection> {
        let text = self.keeper.get(self.name, checked(key)?).await?;
        text.map(|text| self.read(key, &text)).transpose()
    }

    /// Keeps `value` under `key`, whatever was there.
    ///
    /// # Errors
    /// [`Code::TooLarge`] beyond the sizes and counts above; [`Code::Busy`] if the store does not answer: whether it was kept is
    /// not known then.
    pub async fn put<T: Serialize>(&self, key: &str, value: &T) -> Result<(), Rejection> {
        let text = written(value)?;
        self.change(key, Box::new(|_| Ok(Some(text)))).await?;
        Ok(())
    }

    /// Makes the new value of the old, with nobody in between, and answers what is kept now. A change that refuses, or panics,
    /// changes nothing.
    ///
    /// # Errors
    /// As [`Self::put`] and [`Self::get`], and what `change` says.
    pub async fn update<T, F>(&self, key: &str, change: F) -> Result<T, Rejection>
    where
        T: Serialize + DeserializeOwned,
        F: FnOnce(Option<T>) -> Result<T, Rejection> + Send + 'static,
    {
        let (shelf, of) = (self.clone(), key.to_owned());
        let change = move |old: Option<&str>| {
            let old = old.map(|text| shelf.read(&of, text)).transpose()?;
            Ok(Some(written(&change(old)?)?))
        };
        let text = self.change(key, Box::new(change)).await?;
        self.read(key, text.as_deref().unwrap_or_default())
    }

    /// Takes `key` away, if it is there.
    ///
    /// # Errors
    /// [`Code::Busy`] if the store does not answer.
    pub async fn remove(&self, key: &str) -> Result<(), Rejection> {
        self.change(key, Box::new(|_| Ok(None))).await?;
        Ok(())
    }

    /// The first `limit` entries (at most [`LIST_MAX`]) whose keys come after `after`, in the order of the bytes of their keys.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub async fn list<T: DeserializeOwned>(&self, after: Option<&str>, limit: usize) -> Result<Vec<(String, T)>, Rejection> {
        let rows = self.keeper.list(self.name, after.unwrap_or_default().to_owned(), limit.min(LIST_MAX)).await?;
        rows.into_iter().map(|(key, text)| Ok((self.read(&key, &text)?, key)).map(|(value, key)| (key, value))).collect()
    }

    async fn change(&self, key: &str, change: Change) -> Result<Option<String>, Rejection> {
        self.keeper.change(self.name, checked(key)?, self.keys_max, change).await
    }

    fn read<T: DeserializeOwned>(&self, key: &str, text: &str) -> Result<T, Rejection> {
        serde_json::from_str(text).map_err(|error| {
            tracing::error!(shelf = self.name, key, %error, "a value on a shelf is not what its extension expects");
            Code::Internal.into()
        })
    }
}

fn checked(key: &str) -> Result<String, Rejection> {
    if key.is_empty() || key.len() > KEY_BYTES_MAX || key.contains('\0') {
        return Err(Rejection::because(Code::TooLarge, format!("A key has 1 to {KEY_BYTES_MAX} bytes, none of them 0.")));
    }
    Ok(key.to_owned())
}

fn written<T: Serialize>(value: &T) -> Result<String, Rejection> {
    let text = serde_json::to_string(value).map_err(|error| {
        tracing::error!(%error, "a value for a shelf cannot be written as JSON");
        Code::Internal
    })?;
    if text.len() > VALUE_BYTES_MAX {
        return Err(Rejection::because(Code::TooLarge, format!("A value has at most {VALUE_BYTES_MAX} bytes of JSON.")));
    }
    Ok(text)
}
