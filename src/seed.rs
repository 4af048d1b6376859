//! Floor 9 · `seed`: fills an empty server with people, rooms and messages, for a look around: `papo seed-demo`.

mod drawings;
mod talk;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use crate::folder;
use crate::ids::SeatId;
use crate::made::Made;
use crate::names::{Email, FileName, Name, Password, RoomName, Username};
use crate::password::Passwords;
use crate::picture::Pictures;
use crate::room::command::{Command as _, Effect};
use crate::room::send::Send;
use crate::room::stamp;
use crate::room::state::{Member, Moment, RoomState};
use crate::settings::Settings;
use crate::store::log::{Append, Kept};
use crate::store::rooms::RoomRow;
use crate::store::users::NewUser;
use crate::store::{StartError, Store};
use crate::upload::{Attachment, Kind};
use crate::web::uploads;

use self::talk::Line;

/// Everybody's password unless another is given. It is documented: a server that others can reach wants another.
pub const PASSWORD: &str = "demo-papo";
/// Who lives there: user name and name.
const PEOPLE: [(&str, &str); 8] = [
    ("ana", "Ana Souza"),
    ("bruno", "Bruno Carvalho"),
    ("cida", "Dona Cida"),
    ("davi", "Davi Nogueira"),
    ("iara", "Iara Tavares"),
    ("joao", "João Pedro Lima"),
    ("luiza", "Luíza Ferreira"),
    ("tiago", "Tiago Nascimento"),
];
/// How long ago they came: before anything was said.
const SINCE_MS: i64 = 4 * 24 * 60 * 60 * 1000;

/// What was made.
#[derive(Debug)]
pub struct Seeded {
    /// User names.
    pub people: Vec<&'static str>,
    /// How many rooms.
    pub rooms: usize,
    /// How many messages.
    pub messages: usize,
    /// How many files with them.
    pub files: usize,
}

/// Fills the empty server of `settings`; the newest message is a few minutes older than `now_ms`.
///
/// # Errors
/// One sentence for the operator. A server that runs, or one that anybody has used, is left as it was.
pub async fn seed(settings: &Settings, password: &Password, now_ms: i64) -> Result<Seeded, StartError> {
    let mut made = Made::default();
    Store::may_make(settings, &mut made)?;
    made.may_make_dir(&settings.storage.uploads_dir);
    let store = Store::open_unused(settings).await?;
    let filled = fill(&store, settings, password, now_ms).await;
    if filled.is_err() {
        take_back_files(&store, settings).await;
    }
    store.close().await;
    let seeded = filled.map_err(|error| StartError(format!("no demonstration was made: {error}")))?;
    made.keep();
    Ok(seeded)
}

/// Removes the files that came before it failed: what is said comes last, so no message uses them.
async fn take_back_files(store: &Store, settings: &Settings) {
    // A store that does not answer leaves them to the janitor.
    let names = store.take_unused_uploads(i64::MAX, i64::MAX).await.unwrap_or_default();
    for name in names {
        let _ = tokio::fs::remove_file(settings.storage.uploads_dir.join(name)).await;
    }
}

async fn fill(store: &Store, settings: &Settings, password: &Password, now_ms: i64) -> anyhow::Result<Seeded> {
    folder::prepare(&settings.storage).map_err(StartError)?;
    let people = move_in(store, password, now_ms - SINCE_MS).await?;
    let pictures = Pictures::default();
    let mut said = Vec::new();
    let (mut rooms, mut files) = (0, 0);
    for room in talk::rooms(now_ms) {
        let name = RoomName::parse(room.title)?;
        let row = store.open_room(name.id(), name.title(), true, None, now_ms - SINCE_MS + rooms).await?;
        rooms += 1;
        let mut state = state(&row);
        for line in room.lines {
            let member = people.get(line.by).ok_or_else(|| anyhow::anyhow!("nobody is called {}", line.by))?;
            let mut attached = None;
            if let Some(file) = line.file {
                let bytes = drawings::file(file).ok_or_else(|| anyhow::anyhow!("there is no file {file}"))?;
                let shown = FileName::parse(file);
                let added = uploads::add(settings, store, &pictures, member.user.id, shown, &bytes).await;
                attached = Some(added.map_err(|error| anyhow::anyhow!("{error}"))?.attachment());
                files += 1;
            }
            said.push(append(&line, attached, member, &mut state)?);
        }
    }
    // In the order in which it was said, as the journal would have kept it.
    said.sort_by_key(|append| append.sent_at);
    let kept = store.append(&said).await?;
    anyhow::ensure!(kept.iter().all(|kept| matches!(kept, Kept::New { .. })), "not everything was kept");
    let people = PEOPLE.iter().map(|(username, _)| *username).collect();
    Ok(Seeded { people, rooms: usize::try_from(rooms)?, messages: said.len(), files })
}

/// Makes the accounts; each by its user name.
async fn move_in(store: &Store, password: &Password, since_ms: i64) -> anyhow::Result<BTreeMap<&'static str, Member>> {
    let passwords = Passwords::new(1);
    let mut people = BTreeMap::new();
    for (seat, (username, name)) in (1..).zip(PEOPLE) {
        let new = NewUser {
            username: Username::parse(username)?,
            name: Name::parse(name)?,
            email: Email::parse(&format!("{username}@papo.example"))?,
            password_hash: passwords.hash(password).await?,
        };
        let account = store.create_user(&new, since_ms).await?;
        people.insert(username, Member { seat: SeatId(seat), user: account.user, since: since_ms });
    }
    Ok(people)
}

fn state(row: &RoomRow) -> RoomState {
    RoomState::new(row.id.clone(), row.title.clone().into(), row.epoch.clone(), row.head_seq, Vec::new())
}

/// What `by` says, by way of the same behaviour as everything that is said.
fn append(line: &Line, attached: Option<Attachment>, by: &Member, room: &mut RoomState) -> anyhow::Result<Append> {
    let of_kind = |kind| attached.iter().filter(|found| found.kind == kind).map(|found| &found.url).collect::<Vec<_>>();
    let send = json!({"text": line.text, "images": of_kind(Kind::Image), "files": of_kind(Kind::File)});
    let mut send: Send = serde_json::from_value(send)?;
    send.attach(attached.into_iter().collect());
    let now = Moment { wall_ms: line.sent_at, since_open: Duration::ZERO };
    let effects = send.apply(by, now, room).map_err(|rejection| anyhow::anyhow!("{:?} was refused", rejection.code))?;
    let draft = effects.into_iter().find_map(|effect| if let Effect::Append(draft) = effect { Some(draft) } else { None });
    let draft = draft.ok_or_else(|| anyhow::anyhow!("nothing was said"))?;
    Ok(stamp::kept(draft, Some(by), now, room))
}
