//! Floor 2 · `store/keeper`: what commands ask of the store before their room hears of them.

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

use crate::codes::{Code, Rejection};
use crate::ids::UserId;
use crate::outside::{Change, Keeper};
use crate::store::shelf::{VALUE, Wish};
use crate::store::uploads::Upload;
use crate::store::{STORE_TIMEOUT, Store};
use crate::upload::Attachment;

impl Keeper for Store {
    fn uploads(&self, user: UserId, names: Vec<String>) -> BoxFuture<'_, Result<Vec<Attachment>, Rejection>> {
        async move {
            let found = self.owned_uploads(user, &names).await.map_err(|_| Code::Busy)?;
            Ok(found.iter().map(Upload::attachment).collect())
        }
        .boxed()
    }

    fn get(&self, shelf: &'static str, key: String) -> BoxFuture<'_, Result<Option<String>, Rejection>> {
        async move { bounded(sqlx::query_scalar(VALUE).bind(shelf).bind(key).fetch_optional(self.reader())).await }.boxed()
    }

    fn change(
        &self,
        shelf: &'static str,
        key: String,
        keys_max: usize,
        change: Change,
    ) -> BoxFuture<'_, Result<Option<String>, Rejection>> {
        async move {
            let (answer, changed) = oneshot::channel();
            self.wishes.try_send(Wish { shelf, key, keys_max, change, answer }).map_err(|_| Code::Busy)?;
            match tokio::time::timeout(STORE_TIMEOUT, changed).await {
                Ok(Ok(changed)) => changed,
                // It may still be made: whoever needs to know asks for the value.
                Ok(Err(_)) | Err(_) => Err(Code::Busy.into()),
            }
        }
        .boxed()
    }

    fn list(&self, shelf: &'static str, after: String, limit: usize) -> BoxFuture<'_, Result<Vec<(String, String)>, Rejection>> {
        let rows = sqlx::query_as(
            "select key, value
               from shelves
              where shelf = $1 and key > $2
              order by key
              limit $3",
        )
        .bind(shelf)
        .bind(after)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(self.reader());
        bounded(rows).boxed()
    }
}

/// What the database answers, if it does so in time.
async fn bounded<T>(asked: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, Rejection> {
    match tokio::time::timeout(STORE_TIMEOUT, asked).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => {
            tracing::error!(%error, "could not read what extensions keep");
            Err(Code::Busy.into())
        }
        Err(_) => Err(Code::Busy.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures_util::future::join_all;

    use super::*;
    use crate::outside::{KEY_BYTES_MAX, Outside, Shared, Shelf, VALUE_BYTES_MAX};
    use crate::settings::Settings;

    async fn shelves() -> (tempfile::TempDir, impl Fn(&'static str) -> Shelf) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::for_tests(dir.path())).await.unwrap();
        let outside = Outside::new(Arc::new(store), Shared::default(), true);
        (dir, move |name| outside.shelf(name))
    }

    #[actix_web::test]
    async fn what_is_put_on_a_shelf_is_there_and_on_no_other() {
        let (_dir, shelf) = shelves().await;
        shelf("a").put("k", &vec![1, 2]).await.unwrap();
        assert_eq!(shelf("a").get::<Vec<i32>>("k").await, Ok(Some(vec![1, 2])));
        assert_eq!(shelf("b").get::<Vec<i32>>("k").await, Ok(None));
        assert_eq!(shelf("a").get::<String>("k").await.unwrap_err().code, Code::Internal, "another type");
        shelf("a").remove("k").await.unwrap();
        shelf("a").remove("k").await.unwrap();
        assert_eq!(shelf("a").get::<Vec<i32>>("k").await, Ok(None));
    }

    #[actix_web::test]
    async fn changes_at_once_all_count_and_the_file_has_them() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings::for_tests(dir.path());
        let store = Store::open(&settings).await.unwrap();
        let shelf = Outside::new(Arc::new(store.clone()), Shared::default(), true).shelf("a");
        let add = |old: Option<i64>| Ok(old.unwrap_or(0) + 1);
        let all = join_all((0..500).map(|_| shelf.update("n", add))).await;
        let mut all: Vec<i64> = all.into_iter().map(Result::unwrap).collect();
        all.sort_unstable();
        assert_eq!(all, (1..=500).collect::<Vec<_>>(), "nobody saw what another saw");
        drop(shelf);
        store.close().await;
        let again = Outside::new(Arc::new(Store::open(&settings).await.unwrap()), Shared::default(), true).shelf("a");
        assert_eq!(again.get::<i64>("n").await, Ok(Some(500)));
    }

    #[actix_web::test]
    async fn a_change_that_refuses_or_panics_changes_nothing_and_hinders_nobody() {
        let (_dir, shelf) = shelves().await;
        let shelf = shelf("a");
        shelf.put("k", &1).await.unwrap();
        let refuses = shelf.update("k", |_: Option<i32>| Err(Code::Rejected.into()));
        let panics = shelf.update("k", |_: Option<i32>| panic!("on purpose"));
        let adds = shelf.update("k", |old: Option<i32>| Ok(old.unwrap_or(0) + 1));
        let (refused, panicked, added) = futures_util::future::join3(refuses, panics, adds).await;
        assert_eq!(refused.unwrap_err().code, Code::Rejected);
        assert_eq!(panicked.unwrap_err().code, Code::Internal);
        assert_eq!(added, Ok(2));
    }

    #[actix_web::test]
    async fn keys_values_and_their_number_are_bounded() {
        let (_dir, shelf) = shelves().await;
        let small = shelf("a").at_most(2);
        for key in ["", "a\0b", &"k".repeat(KEY_BYTES_MAX + 1)] {
            assert_eq!(small.put(key, &1).await.unwrap_err().code, Code::TooLarge);
        }
        assert_eq!(small.put("k", &"v".repeat(VALUE_BYTES_MAX)).await.unwrap_err().code, Code::TooLarge);
        small.put("k1", &1).await.unwrap();
        small.put("k2", &1).await.unwrap();
        assert_eq!(small.put("k3", &1).await.unwrap_err().code, Code::TooLarge);
        assert_eq!(small.put("k2", &2).await, Ok(()), "what is there may change");
        assert_eq!(shelf("b").at_most(2).put("k3", &1).await, Ok(()), "each shelf counts for itself");
        small.remove("k1").await.unwrap();
        assert_eq!(small.put("k3", &1).await, Ok(()));
    }

    #[actix_web::test]
    async fn a_list_goes_on_where_it_ended() {
        let (_dir, shelf) = shelves().await;
        let shelf = shelf("a");
        for key in ["b", "a", "é", "B"] {
            shelf.put(key, &key).await.unwrap();
        }
        let keys = |page: Vec<(String, String)>| page.into_iter().map(|(key, _)| key).collect::<Vec<_>>();
        assert_eq!(keys(shelf.list(None, 3).await.unwrap()), ["B", "a", "b"]);
        assert_eq!(keys(shelf.list(Some("b"), 3).await.unwrap()), ["é"]);
        assert_eq!(keys(shelf.list(Some("é"), 3).await.unwrap()), Vec::<String>::new());
    }
}
