//! Floor 2 · `store/log/write`: how a batch gets into the logs: with one statement that is a transaction by itself, because every
//! statement is a trip to the thread of the database and back, and that costs more than the rows.

use sqlx::{Any, AnyConnection, QueryBuilder};

use super::Append;
use super::heads::Heads;
use crate::store::StoreError;

/// Rows of one statement. SQLite allows 32,766 parameters a statement, and a row has nine.
pub(super) const ROWS_MAX: usize = 2048;

/// Whose the transaction is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Transaction {
    /// Somebody has begun it and will end it.
    Open,
    /// It begins and ends with what is written.
    Whole,
}

/// Takes a place in its log for each of `rows` and inserts it there; the places, in their order. `None` where there is no such room: it
/// has no head. If it fails, `heads` are wrong.
pub(super) async fn write<'a>(
    work: &mut AnyConnection,
    rows: &[&'a Append],
    heads: &mut Heads,
    transaction: Transaction,
) -> Result<Vec<Option<i64>>, StoreError> {
    let mut placed: Vec<(i64, &Append)> = Vec::with_capacity(rows.len());
    let mut take_place = |append: &'a Append| {
        let head = heads.get_mut(&append.room)?;
        *head += 1;
        placed.push((*head, append));
        Some(*head)
    };
    let places = rows.iter().map(|append| take_place(append)).collect();

    let several = transaction == Transaction::Whole && placed.len() > ROWS_MAX;
    let mut text = QueryBuilder::<Any>::new(if several { "begin immediate; " } else { "" });
    for placed in placed.chunks(ROWS_MAX) {
        insert(&mut text, placed);
    }
    if several {
        text.push("commit");
    }
    if !placed.is_empty() {
        text.build().execute(work).await?;
    }
    Ok(places)
}

/// Puts each of `placed` at its place.
fn insert(text: &mut QueryBuilder<Any>, placed: &[(i64, &Append)]) {
    text.push("with said (room_id, seq, id, kind, author_id, client_id, digest, body, sent_at) as (");
    values(text, placed, 9, |text, (seq, append)| {
        let once = append.once.as_ref();
        text.push_bind(append.room.0.to_string()).push(", ").push_bind(*seq).push(", ");
        text.push_bind(append.id.clone()).push(", ").push_bind(append.kind).push(", ");
        text.push_bind(append.author.0).push(", ");
        text.push_bind(once.map(|once| once.client_id.clone())).push(", ");
        text.push_bind(once.map(|once| once.digest.clone())).push(", ");
        text.push_bind(append.body.clone()).push(", ").push_bind(append.sent_at);
    });
    text.push(
        ") insert into events (room_id, seq, id, kind, author_id, client_id, digest, body, sent_at)
           select room_id, seq, id, kind, author_id, client_id, digest, body, sent_at
             from said
            where room_id is not null; ",
    );
}

/// `rows` as `values`, filled up with nothing to a power of two: a statement of each length would have to be prepared and remembered.
/// What is nothing joins with nothing, and is not inserted.
pub(super) fn values<T>(text: &mut QueryBuilder<Any>, rows: &[T], columns: usize, bind: impl Fn(&mut QueryBuilder<Any>, &T)) {
    text.push("values ");
    for (index, row) in rows.iter().enumerate() {
        text.push(if index == 0 { "(" } else { ", (" });
        bind(text, row);
        text.push(")");
    }
    let nothing = format!(", (null{})", ", null".repeat(columns - 1));
    for _ in rows.len()..rows.len().next_power_of_two() {
        text.push(&nothing);
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kept;
    use super::*;
    use crate::codes::Code;
    use crate::ids::RoomId;
    use crate::room::command::Page;
    use crate::room::event::Once;
    use crate::settings::Settings;
    use crate::store::Store;

    fn say(room: &str, n: usize) -> Append {
        Append {
            id: format!("{room}-{n}"),
            once: Some(Once { client_id: n.to_string(), digest: n.to_string() }),
            body: format!(r#"{{"n":{n}}}"#),
            ..Append::for_tests(room)
        }
    }

    async fn store_with(rooms: &[&str]) -> (Store, tempfile::TempDir) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&Settings::for_tests(dir.path())).await.unwrap();
        for room in rooms {
            store.open_room(&RoomId((*room).into()), room, true, None, 0).await.unwrap();
        }
        (store, dir)
    }

    fn new(seqs: impl IntoIterator<Item = i64>) -> Vec<Kept> {
        seqs.into_iter().map(|seq| Kept::New { seq }).collect()
    }

    #[actix_web::test]
    async fn batches_of_every_length_go_on_where_the_one_before_ended() {
        let (store, _dir) = store_with(&["a"]).await;
        let mut head = 0;
        for length in [1, 2, 3, 5, 9, ROWS_MAX - 1, ROWS_MAX, ROWS_MAX + 3] {
            let batch: Vec<Append> = (0..length).map(|n| say("a", usize::try_from(head).unwrap() + n)).collect();
            let next = head + i64::try_from(length).unwrap();
            assert_eq!(store.append(&batch).await.unwrap(), new(head + 1..=next), "a batch of {length}");
            head = next;
        }
        let (newest, _) = store.page(&RoomId("a".into()), Page::Before(None, 1)).await.unwrap();
        assert_eq!((newest[0].seq, newest[0].body.clone()), (head, format!(r#"{{"n":{}}}"#, head - 1)));
    }

    #[actix_web::test]
    async fn rooms_in_one_batch_keep_their_own_order_and_one_that_is_gone_holds_up_nobody() {
        let (store, _dir) = store_with(&["a", "b"]).await;
        let batch = [say("b", 0), say("a", 0), say("gone", 0), say("b", 1), say("b", 0), say("a", 1)];
        let kept = store.append(&batch).await.unwrap();
        let expected = [1, 1, 0, 2, 0, 2].map(|seq| Kept::New { seq });
        for (index, expected) in expected.into_iter().enumerate().filter(|(index, _)| ![2, 4].contains(index)) {
            assert_eq!(kept[index], expected);
        }
        assert_eq!(kept[2], Kept::Refused(Code::Gone));
        assert_eq!(kept[4], Kept::Duplicate { seq: 1, sent_at: 1 });
        let bodies = |rows: Vec<crate::store::log::EventRow>| rows.into_iter().map(|row| (row.seq, row.body)).collect::<Vec<_>>();
        let (rows, _) = store.page(&RoomId("b".into()), Page::After(0, 9)).await.unwrap();
        assert_eq!(bodies(rows), [(1, r#"{"n":0}"#.to_owned()), (2, r#"{"n":1}"#.to_owned())]);
    }

    #[actix_web::test]
    async fn a_batch_that_fails_keeps_nothing_and_the_next_one_is_kept() {
        let (store, _dir) = store_with(&["a"]).await;
        sqlx::query("create trigger refuse before insert on events when new.id = 'a-1' begin select raise(abort, 'no'); end")
            .execute(store.reader())
            .await
            .unwrap();
        store.append(&[say("a", 0), say("a", 1)]).await.unwrap_err();
        assert_eq!(store.append(&[say("a", 0)]).await.unwrap(), new([1]), "neither a place nor a row was left of it");
        store.begin().await.unwrap().commit().await.unwrap();
    }

    #[actix_web::test]
    async fn the_log_of_a_room_that_comes_again_begins_anew_and_one_that_is_gone_has_no_places() {
        let (store, _dir) = store_with(&[]).await;
        let room = RoomId("a".into());
        for _ in 0..2 {
            store.open_room(&room, "A", false, None, 0).await.unwrap();
            assert_eq!(store.append(&[say("a", 1), say("a", 2)]).await.unwrap(), new([1, 2]));
            assert_eq!(store.room(&room).await.unwrap().unwrap().head_seq, 2);
            store.remove_room(&room).await.unwrap();
            assert_eq!(store.append(&[say("a", 3)]).await.unwrap(), [Kept::Refused(Code::Gone)]);
        }
    }
}
