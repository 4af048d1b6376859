//! Tests of `web/guest` that look behind the door; what a client sees is in `tests/guests.rs`.

use std::time::Duration;

use actix_web::test::TestRequest;
use serde_json::json;

use super::*;
use crate::ids::UserId;
use crate::lobby::Claim;
use crate::store::StoreError;
use crate::web::testing::{House, Person};

async fn open_house() -> House {
    House::with(|settings| settings.guests.allowed = true).await
}

async fn guest(house: &House, username: &str) -> Person {
    let answer = house.post("/api/guest", json!({"username": username})).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.person()
}

async fn id_of(house: &House, username: &str) -> Option<UserId> {
    let username = Username::parse(username).unwrap();
    house.context.store.user_by_username(&username).await.unwrap().map(|account| account.user.id)
}

async fn is_in(house: &House, who: &Person) -> bool {
    house.ask(who.calls(TestRequest::get().uri("/api/me"))).await.status == 200
}

async fn count(house: &House, table: &str) -> i64 {
    let statement = match table {
        "users" => "select count(*) from users",
        "logins" => "select count(*) from logins",
        _ => "select count(*) from looks",
    };
    sqlx::query_scalar(statement).fetch_one(house.context.store.reader()).await.unwrap()
}

#[actix_web::test]
async fn the_janitor_takes_leave_of_guests_who_do_not_come_back() {
    let house = open_house().await;
    let (ana, bia, caio) = (guest(&house, "ana").await, guest(&house, "bia").await, guest(&house, "caio").await);
    let lobby = &house.context.lobby;
    let long = Duration::from_hours(100);
    lobby.send(Expect { guests: vec![id_of(&house, "bia").await.unwrap()], lasting: long }).await.unwrap();
    let gone = [id_of(&house, "ana").await.unwrap(), id_of(&house, "caio").await.unwrap()];
    lobby.send(Expect { guests: gone.to_vec(), lasting: Duration::ZERO }).await.unwrap();
    let tomorrow = now_ms() + 25 * 3600 * 1000;
    sqlx::query("update logins set seen_at = $1 where user_id = $2")
        .bind(tomorrow)
        .bind(gone[1].0)
        .execute(house.context.store.reader())
        .await
        .unwrap();

    let store = &house.context.store;
    crate::janitor::take_leave_of_guests(store, lobby, now_ms()).await.unwrap();
    assert!(is_in(&house, &ana).await, "a day has not passed");
    crate::janitor::take_leave_of_guests(store, lobby, tomorrow).await.unwrap();
    let inside = (is_in(&house, &ana).await, is_in(&house, &bia).await, is_in(&house, &caio).await);
    assert_eq!(inside, (false, true, true), "who is present stays, and who was here today");
    assert_eq!((count(&house, "users").await, count(&house, "logins").await), (2, 2));
    assert_eq!(id_of(&house, "ana").await, None);
}

#[actix_web::test]
async fn a_guest_who_signs_out_leaves_nothing_behind() {
    let house = open_house().await;
    let ana = guest(&house, "ana").await;
    assert!(count(&house, "looks").await > 0);
    house.ask(ana.calls(TestRequest::post().uri("/api/logout"))).await;
    assert_eq!((count(&house, "users").await, count(&house, "logins").await, count(&house, "looks").await), (0, 0, 0));
}

#[actix_web::test]
async fn nobody_is_dismissed_for_a_name_that_somebody_else_keeps() {
    let house = open_house().await;
    let (ana, bia) = (guest(&house, "ana").await, guest(&house, "bia").await);
    let (gone, present) = (id_of(&house, "ana").await.unwrap(), id_of(&house, "bia").await.unwrap());
    let lobby = &house.context.lobby;
    lobby.send(Expect { guests: vec![gone], lasting: Duration::ZERO }).await.unwrap();
    assert!(!lobby.send(Claim(vec![gone, present])).await.unwrap());
    assert!(is_in(&house, &ana).await && is_in(&house, &bia).await);
    assert!(lobby.send(Claim(vec![gone])).await.unwrap());
}

#[actix_web::test]
async fn an_account_is_never_retired_and_never_dismissed_for_its_name() {
    let house = open_house().await;
    let ana = house.sign_up("ana").await;
    let id = id_of(&house, "ana").await.unwrap();
    house.context.store.retire_guests(&[id]).await.unwrap();
    assert!(is_in(&house, &ana).await);
    assert_eq!(house.post("/api/guest", json!({"username": "ana"})).await.status, 409);
    assert!(is_in(&house, &ana).await);
}

#[actix_web::test]
async fn accounts_from_before_looks_were_kept_are_not_to_be_imitated_either() {
    let house = open_house().await;
    house.sign_up("maria").await;
    sqlx::query("delete from looks").execute(house.context.store.reader()).await.unwrap();
    assert_eq!(house.post("/api/guest", json!({"username": "mаria"})).await.status, 201, "nothing tells of her look");
    house.context.store.close().await;
    let store = crate::store::Store::open(&house.context.settings).await.unwrap();
    let username = Username::parse("mаriа").unwrap();
    let refused = store.create_guest(new_id(), &username, 1).await.unwrap_err();
    assert!(matches!(refused, StoreError::Conflict(_)));
    let holders = store.holders_of(&username).await.unwrap();
    assert_eq!(holders.iter().filter(|holder| !holder.guest).count(), 1, "{holders:?}");
    store.close().await;
}
