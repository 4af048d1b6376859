//! Tests of `store`.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use actix_session::storage::{SessionKey, SessionStore as _};
use actix_web::cookie::time;

use super::logins::{IDLE, LASTING, LoginStore, hash_of, state};
use super::uploads::{Thumb, Upload};
use super::users::NewUser;
use super::*;
use crate::clock::now_ms;
use crate::ids::{LoginId, UserId};
use crate::names::{Email, Name, Username};
use crate::upload::Kind;

struct House {
    store: Store,
    settings: Settings,
    _dir: tempfile::TempDir,
}

async fn house() -> House {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings::for_tests(dir.path());
    House { store: Store::open(&settings).await.unwrap(), settings, _dir: dir }
}

fn ana() -> NewUser {
    new_user("ana", "ana@papo.example")
}

fn new_user(username: &str, email: &str) -> NewUser {
    NewUser {
        username: Username::parse(username).unwrap(),
        name: Name::parse("Ana").unwrap(),
        email: Email::parse(email).unwrap(),
        password_hash: "$argon2id$".into(),
    }
}

async fn sign_in(store: &LoginStore, user: UserId) -> (SessionKey, LoginId, String) {
    let (sid, token) = (LoginId::random(), crate::ids::random_text::<32>());
    let json = |value: &str| serde_json::to_string(value).unwrap();
    let session = [(state::SID, json(&sid.0)), (state::USER, user.to_string()), (state::TOKEN_HASH, json(&hash_of(&token)))];
    let session = session.map(|(key, value)| (key.to_owned(), value)).into();
    (store.save(session, &time::Duration::ZERO).await.unwrap(), sid, token)
}

async fn logins_in(store: &Store) -> i64 {
    sqlx::query_scalar("select count(*) from logins").fetch_one(store.reader()).await.unwrap()
}

#[actix_web::test]
async fn a_new_database_is_for_this_user_alone() {
    let house = house().await;
    house.store.create_user(&ana(), 1).await.unwrap();
    let dir = &house.settings.storage.data_dir;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(dir), 0o700);
    let files: Vec<_> = std::fs::read_dir(dir).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 2, "a WAL is beside the database: {files:?}");
    assert!(files.iter().all(|file| mode(file) == 0o600));
    assert!(house.store.alive().await);
    let mode: String = sqlx::query_scalar("pragma journal_mode").fetch_one(house.store.reader()).await.unwrap();
    assert_eq!(mode, "wal");
    house.store.close().await;
    assert!(!house.store.alive().await);
}

#[actix_web::test]
async fn a_database_that_cannot_be_used_gives_one_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let mut settings = Settings::for_tests(dir.path());
    std::fs::create_dir(dir.path().join("data")).unwrap();
    std::fs::write(dir.path().join("data/papo.db"), "no database ".repeat(1000)).unwrap();
    let sentence = Store::open(&settings).await.unwrap_err().0;
    assert!(sentence.contains("damaged") && !sentence.contains('\n'), "{sentence}");

    std::fs::write(dir.path().join("file"), "").unwrap();
    settings.storage.data_dir = dir.path().join("file/data");
    let sentence = Store::open(&settings).await.unwrap_err().0;
    assert!(sentence.contains("cannot be used"), "{sentence}");

    settings.storage.database_url = Some("postgres://a@b/c".into());
    assert!(Store::open(&settings).await.unwrap_err().0.contains("postgres"));
}

#[actix_web::test]
async fn a_folder_with_odd_characters_is_no_obstacle() {
    let dir = tempfile::tempdir().unwrap();
    let settings = Settings::for_tests(&dir.path().join("são joão #1 100%?"));
    assert!(Store::open(&settings).await.unwrap().alive().await);
    assert!(settings.storage.data_dir.join("papo.db").exists());
}

#[actix_web::test]
async fn a_name_and_an_address_belong_to_one_account() {
    let House { store, .. } = &house().await;
    let made = store.create_user(&ana(), 7).await.unwrap();
    let again = store.create_user(&new_user("ANA", "other@papo.example"), 8).await.unwrap_err();
    assert!(matches!(again, StoreError::Conflict(Taken::Username)));
    let again = store.create_user(&new_user("bia", "Ana@Papo.example"), 8).await.unwrap_err();
    assert!(matches!(again, StoreError::Conflict(Taken::Email)));
    for login in ["ana", "ANA", " ana ", "ANA@papo.example"] {
        let found = store.user_by_login(login).await.unwrap().unwrap();
        assert_eq!((found.user.id, found.created_at), (made.user.id, 7));
    }
    for nobody in ["", "bia", "' or 1=1 --", "ana\0", "a@b@c"] {
        assert!(store.user_by_login(nobody).await.unwrap().is_none());
    }
    store.update_password(made.user.id, "new").await.unwrap();
    assert_eq!(store.user_by_id(made.user.id).await.unwrap().unwrap().password_hash, "new");
    assert!(store.user_by_username(&ana().username).await.unwrap().is_some());
}

#[actix_web::test]
async fn a_sign_in_is_found_by_cookie_and_token_until_it_ends() {
    let House { store, settings, .. } = &house().await;
    let user = store.create_user(&ana(), 1).await.unwrap().user.id;
    let logins = LoginStore(store.clone());
    let (key, sid, token) = sign_in(&logins, user).await;
    assert!(logins.load(&key).await.unwrap().is_some());
    assert_eq!(store.login_by_token(&token).await.unwrap().unwrap().0.id, sid);
    assert_eq!(store.login(&sid).await.unwrap().unwrap().0.user.id, user);
    for file in std::fs::read_dir(&settings.storage.data_dir).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains(key.as_ref()) && !text.contains(&token), "a secret is in the database");
    }

    let session = logins.load(&key).await.unwrap().unwrap();
    assert!(store.end_login(&sid).await.unwrap());
    assert!(!store.end_login(&sid).await.unwrap());
    assert!(logins.load(&key).await.unwrap().is_none());
    assert!(store.login_by_token(&token).await.unwrap().is_none());
    logins.update(key, session, &time::Duration::ZERO).await.unwrap();
    assert!(store.login(&sid).await.unwrap().is_none(), "a late update brought the sign-in back");
}

#[actix_web::test]
async fn a_session_that_is_no_sign_in_leaves_no_row() {
    let House { store, .. } = &house().await;
    let logins = LoginStore(store.clone());
    let anonymous = [("theme".to_owned(), "\"dark\"".to_owned())].into();
    let key = logins.save(anonymous, &time::Duration::ZERO).await.unwrap();
    assert!(logins.load(&key).await.unwrap().is_none());
    assert_eq!(logins_in(store).await, 0);
}

#[actix_web::test]
async fn a_sign_in_ends_when_idle_and_after_its_longest_time() {
    let House { store, .. } = &house().await;
    let user = store.create_user(&ana(), 1).await.unwrap().user.id;
    let logins = LoginStore(store.clone());
    for (column, age) in [("seen_at", IDLE), ("expires_at", LASTING)] {
        let (key, sid, token) = sign_in(&logins, user).await;
        let age = i64::try_from(age.as_millis()).unwrap() + 1;
        let statement = format!("update logins set {column} = {column} - {age} where sid = '{sid}'");
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(store.reader()).await.unwrap();
        assert!(logins.load(&key).await.unwrap().is_none());
        assert!(store.login_by_token(&token).await.unwrap().is_none());
        assert!(store.login(&sid).await.unwrap().is_none());
        assert_eq!(store.purge_expired(now_ms()).await.unwrap(), 1);
    }
    sign_in(&logins, user).await;
    assert_eq!(store.purge_expired(now_ms()).await.unwrap(), 0);
}

#[actix_web::test]
async fn uploads_belong_to_their_sender_and_to_a_quota() {
    let House { store, .. } = &house().await;
    let ana = store.create_user(&ana(), 1).await.unwrap().user.id;
    let bia = store.create_user(&new_user("bia", "b@b"), 1).await.unwrap().user.id;
    let upload = |name: &str, pixels| Upload {
        name: name.into(),
        user: ana,
        shown_name: "São João.png".into(),
        bytes: 40,
        mime: "image/png".into(),
        kind: Kind::Image,
        pixels,
        thumb: pixels.map(|_| Thumb { name: format!("thumb-{name}"), bytes: 7 }),
    };
    let kept = [upload("a.png", Some((3, 2))), upload("b.png", None)];
    store.add_uploads(ana, &kept, 100, 5).await.unwrap();
    let over = store.add_uploads(ana, &[upload("c.png", None)], 100, 5).await.unwrap_err();
    assert!(matches!(over, StoreError::Full));
    assert_eq!(store.upload_bytes_of(ana).await.unwrap(), 87);
    assert_eq!(store.upload_bytes_of(bia).await.unwrap(), 0);
    let names = ["b.png".to_owned(), "c.png".to_owned(), "a.png".to_owned()];
    let owned = store.owned_uploads(ana, &names).await.unwrap();
    assert_eq!(owned, [kept[1].clone(), kept[0].clone()]);
    assert_eq!(owned[1].attachment().width, Some(3));
    assert!(store.owned_uploads(bia, &names).await.unwrap().is_empty());
    assert_eq!(store.upload_by_thumb("thumb-a.png").await.unwrap().as_ref(), Some(&kept[0]));
    assert!(store.owned_uploads(ana, &["thumb-a.png".to_owned()]).await.unwrap().is_empty(), "a thumbnail is no upload");

    sqlx::query("update uploads set used_at = 6 where name = 'b.png'").execute(store.reader()).await.unwrap();
    assert!(store.take_unused_uploads(5, 10).await.unwrap().is_empty());
    assert_eq!(store.take_unused_uploads(6, 10).await.unwrap(), ["a.png", "thumb-a.png"]);
}

#[actix_web::test]
async fn a_transaction_that_the_database_rolled_back_by_itself_stops_no_other() {
    let House { store, _dir, .. } = house().await;
    let mut work = store.begin().await.unwrap();
    // As SQLite does when the disk is full or fails: the driver does not know, and counts on.
    sqlx::query("rollback").execute(&mut *work).await.unwrap();
    drop(work);
    for _ in 0..2 {
        store.begin().await.unwrap().commit().await.unwrap();
    }
    assert!(store.alive().await);
}
