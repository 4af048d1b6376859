//! Floor 8 · `janitor`: the actor that takes away what nobody needs any more: ended sign-ins, uploads that no message uses, and guests who
//! do not come back.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use actix::{Actor, ActorFutureExt as _, Addr, AsyncContext as _, Context, WrapFuture as _};

use crate::clock::now_ms;
use crate::folder::PARTIAL;
use crate::lobby::{ARRIVAL, Dismiss, Lobby};
use crate::settings::Settings;
use crate::store::{Store, StoreError};

/// How often it comes around.
pub const EVERY: Duration = Duration::from_hours(1);
/// How long an upload may wait for the message that uses it.
pub const UNUSED: Duration = Duration::from_hours(24);
/// How long a guest who is not present, and has not used the sign-in, keeps the name although nobody wants it.
pub const GUEST_IDLE: Duration = Duration::from_hours(24);
/// Rows that are taken out in one transaction; whoever sends a message waits for it.
const BATCH_ROWS: u8 = 100;

/// The janitor of one server.
#[derive(Debug)]
pub struct Janitor {
    store: Store,
    lobby: Addr<Lobby>,
    uploads_dir: PathBuf,
    at_work: bool,
}

impl Janitor {
    /// A janitor for this store, this lobby and the uploads folder; it begins when it is started.
    pub fn new(store: Store, lobby: Addr<Lobby>, settings: &Settings) -> Self {
        Self { store, lobby, uploads_dir: settings.storage.uploads_dir.clone(), at_work: false }
    }

    fn come_around(&mut self, ctx: &mut Context<Self>) {
        // A slow disk must not make two of them meet.
        if std::mem::replace(&mut self.at_work, true) {
            return;
        }
        let (store, lobby, dir) = (self.store.clone(), self.lobby.clone(), self.uploads_dir.clone());
        let work = async move {
            let cleaned = async {
                take_leave_of_guests(&store, &lobby, now_ms()).await?;
                clean(&store, &dir, now_ms()).await
            };
            if let Err(error) = cleaned.await {
                tracing::warn!(event = "JANITOR_FAILED", %error, "some things stay until the next time");
            }
        };
        ctx.spawn(work.into_actor(self).map(|(), janitor, _| janitor.at_work = false));
    }
}

impl Actor for Janitor {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        self.come_around(ctx);
        ctx.run_interval(EVERY, Self::come_around);
    }
}

/// Takes away what is not needed at `now_ms`.
///
/// # Errors
/// [`StoreError`] if the database does not answer; what was done by then stays done.
pub async fn clean(store: &Store, uploads_dir: &Path, now_ms: i64) -> Result<(), StoreError> {
    let sign_ins = store.purge_expired(now_ms).await?;
    let before_ms = before(now_ms, UNUSED);
    let mut files = 0;
    loop {
        // The rows go first: a file without a row is found by nobody, a row without a file is a broken link.
        let names = store.take_unused_uploads(before_ms, BATCH_ROWS.into()).await?;
        if names.is_empty() {
            break;
        }
        files += names.len();
        for name in names {
            remove(&uploads_dir.join(name)).await;
        }
    }
    let partial = remove_partial(uploads_dir).await;
    if sign_ins > 0 || files > 0 || partial > 0 {
        tracing::info!(event = "CLEANED", sign_ins, files, partial, "took away what nobody needs");
    }
    Ok(())
}

/// Takes leave of the guests who are not present and have not been here for [`GUEST_IDLE`] before `now_ms`, or have signed out.
///
/// # Errors
/// [`StoreError`] if the database does not answer; who has gone by then stays gone.
pub async fn take_leave_of_guests(store: &Store, lobby: &Addr<Lobby>, now_ms: i64) -> Result<(), StoreError> {
    let mut count = 0;
    for some in store.idle_guests(before(now_ms, GUEST_IDLE), before(now_ms, ARRIVAL)).await?.chunks(BATCH_ROWS.into()) {
        // Without a lobby there is no server, and nobody to take leave of.
        let dismissed = lobby.send(Dismiss { guests: some.to_vec(), most: some.len() }).await;
        let Ok(gone) = dismissed else { break };
        store.retire_guests(&gone).await?;
        count += gone.len();
    }
    if count > 0 {
        tracing::info!(event = "GUESTS_GONE", count, "took leave of guests who do not come back");
    }
    Ok(())
}

fn before(now_ms: i64, time: Duration) -> i64 {
    now_ms - i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// Removes the files of uploads that a crash has cut off; how many.
async fn remove_partial(dir: &Path) -> usize {
    let Ok(mut files) = tokio::fs::read_dir(dir).await else { return 0 };
    let mut removed = 0;
    while let Ok(Some(file)) = files.next_entry().await {
        let partial = file.file_name().to_string_lossy().starts_with(PARTIAL);
        let modified = file.metadata().await.and_then(|about| about.modified()).ok();
        let age = modified.and_then(|modified| SystemTime::now().duration_since(modified).ok());
        if partial && age.is_some_and(|age| age > UNUSED) {
            remove(&file.path()).await;
            removed += 1;
        }
    }
    removed
}

async fn remove(path: &Path) {
    match tokio::fs::remove_file(path).await {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(event = "FILE_STAYS", %error, "a file could not be removed");
        }
        _ => {}
    }
}
