//! Tests of `web/account`.

use actix_web::cookie::SameSite;
use actix_web::test::TestRequest;
use serde_json::json;

use crate::web::testing::{House, PASSWORD, Person, registration};

async fn is_in(house: &House, person: &Person) -> (bool, bool) {
    let by_cookie = house.ask(person.asks(TestRequest::get().uri("/api/me"))).await.status == 200;
    let by_token = house.ask(person.calls(TestRequest::get().uri("/api/me"))).await.status == 200;
    (by_cookie, by_token)
}

#[actix_web::test]
async fn a_new_account_is_signed_in_by_cookie_and_token() {
    let house = House::new().await;
    let answer = house.post("/api/register", registration("Ana")).await;
    assert_eq!(answer.status, 201);
    let body = answer.json();
    assert_eq!(body["user"]["username"], "Ana");
    assert_eq!(body["user"]["email"], "Ana@papo.example");
    assert_eq!(body["user"]["guest"], false);
    assert!(body["token"].as_str().unwrap().len() >= 43, "256 bits");
    assert_eq!(answer.header("cache-control"), "no-store");
    let ana = answer.person();
    assert_eq!(is_in(&house, &ana).await, (true, true));
    let me = house.ask(ana.asks(TestRequest::get().uri("/api/me"))).await.json();
    assert_eq!(me["name"], "Ana Lima");
    assert!(me["since"].as_i64().unwrap() > 1_600_000_000_000);
}

#[actix_web::test]
async fn a_session_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let house = House::new().await;
    let cookie = house.sign_up("ana").await.cookie;
    assert_eq!((cookie.name(), cookie.path(), cookie.http_only(), cookie.secure()), ("papo", Some("/"), Some(true), None));
    assert_eq!((cookie.same_site(), cookie.domain()), (Some(SameSite::Lax), None));
    assert!(cookie.max_age().is_some());
    let house = House::with(|settings| settings.reach.public_url = Some("https://papo.example".parse().unwrap())).await;
    let ana = house.sign_up("ana").await;
    assert_eq!((ana.cookie.name(), ana.cookie.secure(), ana.cookie.path()), ("__Host-papo", Some(true), Some("/")));
    assert_eq!(is_in(&house, &ana).await, (true, true));
}

#[actix_web::test]
async fn a_wrong_registration_lists_every_field_and_makes_nothing() {
    let house = House::new().await;
    let answer = house.post("/api/register", json!({"username": "a", "email": "ana", "password": "password1"})).await;
    assert_eq!((answer.status, answer.code().as_str()), (422, "invalid"));
    let errors: Vec<_> = answer.json()["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| format!("{}:{}", error["field"], error["code"]).replace('"', ""))
        .collect();
    assert_eq!(errors, ["name:required", "username:too_short", "email:bad_email", "password:too_common"]);
    assert!(answer.cookies.is_empty());
    let count: i64 = sqlx::query_scalar("select count(*) from users").fetch_one(house.context.store.reader()).await.unwrap();
    assert_eq!(count, 0);
}

#[actix_web::test]
async fn a_taken_name_or_address_is_a_conflict() {
    let house = House::new().await;
    house.sign_up("ana").await;
    assert_eq!(house.post("/api/register", registration("ANA")).await.code(), "username_taken");
    let mut other = registration("bia");
    other["email"] = json!("ANA@papo.example");
    let answer = house.post("/api/register", other).await;
    assert_eq!((answer.status, answer.code().as_str()), (409, "email_taken"));
    assert_eq!(answer.json()["errors"][0]["field"], "email");
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_user_get_the_same_answer() {
    let house = House::new().await;
    house.sign_up("ana").await;
    let known = house.login_from("10.0.0.1", "ana", "queijo com goiabada").await;
    let unknown = house.login_from("10.0.0.1", "bia", "queijo com goiabada").await;
    assert_eq!((known.status, known.code().as_str()), (401, "bad_credentials"));
    assert_eq!(known.bytes, unknown.bytes);
    let names = |answer: &crate::web::testing::Answer| {
        answer.headers.keys().map(ToString::to_string).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(names(&known), names(&unknown));
    assert!(known.cookies.is_empty());
    for login in ["ana", " ANA ", "ana@papo.example", "ANA@PAPO.example"] {
        assert_eq!(house.login_from("10.0.0.1", login, PASSWORD).await.status, 200, "{login}");
    }
}

#[actix_web::test]
async fn signing_out_kills_cookie_and_token_for_ever_and_no_other_sign_in() {
    let house = House::new().await;
    let first = house.sign_up("ana").await;
    let second = house.login_from("10.0.0.1", "ana", PASSWORD).await.person();
    assert_eq!(house.ask(first.asks(TestRequest::post().uri("/api/logout"))).await.status, 204);
    assert_eq!(is_in(&house, &first).await, (false, false));
    assert_eq!(house.ask(first.calls(TestRequest::post().uri("/api/logout"))).await.code(), "unauthenticated");
    assert_eq!(is_in(&house, &second).await, (true, true));
    assert_eq!(house.ask(second.calls(TestRequest::post().uri("/api/logout"))).await.status, 204);
    assert_eq!(is_in(&house, &second).await, (false, false));
}

#[actix_web::test]
async fn signing_in_rotates_the_session() {
    let house = House::new().await;
    let first = house.sign_up("ana").await;
    let body = json!({"login": "ana", "password": PASSWORD});
    let again = house.ask(first.asks(TestRequest::post().uri("/api/login")).set_json(body)).await.person();
    assert_ne!(first.cookie.value(), again.cookie.value());
    assert_ne!(first.token, again.token);
    assert_eq!(is_in(&house, &first).await, (false, false));
    assert_eq!(is_in(&house, &again).await, (true, true));
}

#[actix_web::test]
async fn ten_failed_tries_shut_the_door_here_and_the_right_password_opens_it_elsewhere() {
    let house = House::new().await;
    house.sign_up("ana").await;
    for _ in 0..10 {
        assert_eq!(house.login_from("10.0.0.1", "ana", "wrong").await.status, 401);
    }
    let shut = house.login_from("10.0.0.1", "ana", PASSWORD).await;
    assert_eq!((shut.status, shut.code().as_str()), (429, "rate_limited"));
    let seconds: u64 = shut.header("retry-after").parse().unwrap();
    assert!((1..=300).contains(&seconds));
    assert!(shut.json()["retry_after_ms"].as_u64().unwrap() <= seconds * 1000);
    assert_eq!(house.login_from("10.0.0.2", "ana", PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn limits_off_lifts_the_count_of_tries() {
    let house = House::with(|settings| settings.bounds.limits = crate::settings::Switch::Off).await;
    house.sign_up("ana").await;
    for _ in 0..12 {
        house.login_from("10.0.0.1", "ana", "wrong").await;
    }
    assert_eq!(house.login_from("10.0.0.1", "ana", PASSWORD).await.status, 200);
    for n in 0..22 {
        house.sign_up(&format!("user{n}")).await;
    }
}

#[actix_web::test]
async fn fields_that_claim_to_be_someone_else_are_ignored() {
    let house = House::new().await;
    house.sign_up("ana").await;
    let mut bia = registration("bia");
    bia["id"] = json!(1);
    bia["guest"] = json!(true);
    let bia = house.post("/api/register", bia).await;
    assert_eq!((bia.status, &bia.json()["user"]["guest"]), (201, &json!(false)));
    let bia = bia.person();
    let me = house.ask(bia.asks(TestRequest::get().uri("/api/me?username=ana"))).await.json();
    assert_eq!(me["username"], "bia");
    let ana = house.ask(bia.asks(TestRequest::get().uri("/api/users/ANA"))).await.json();
    assert_eq!((ana["username"].as_str(), ana["email"].as_str()), (Some("ana"), Some("ana@papo.example")));
    assert!(ana.get("password_hash").is_none());
    assert_eq!(house.ask(bia.asks(TestRequest::get().uri("/api/users/nobody"))).await.code(), "not_found");
}

#[actix_web::test]
async fn a_weaker_hash_is_made_anew_at_the_next_sign_in() {
    let house = House::new().await;
    house.sign_up("ana").await;
    let weak = {
        use argon2::PasswordHasher as _;
        let params = argon2::Params::new(1024, 1, 1, None).unwrap();
        argon2::Argon2::from(params).hash_password(PASSWORD.as_bytes()).unwrap().to_string()
    };
    let store = &house.context.store;
    let id = store.user_by_login("ana").await.unwrap().unwrap().user.id;
    store.update_password(id, &weak).await.unwrap();
    assert_eq!(house.login_from("10.0.0.1", "ana", PASSWORD).await.status, 200);
    let kept = store.user_by_id(id).await.unwrap().unwrap().password_hash;
    assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
    assert_eq!(house.login_from("10.0.0.1", "ana", PASSWORD).await.status, 200);
}

#[actix_web::test]
async fn a_flood_of_sign_ins_is_answered_with_503_and_ends() {
    let house = House::with(|settings| settings.bounds.limits = crate::settings::Switch::Off).await;
    let tries = (0..crate::password::WAITING_MAX + 20).map(|_| house.login_from("10.0.0.1", "ana", PASSWORD));
    let answers = futures_util::future::join_all(tries).await;
    let busy: Vec<_> = answers.iter().filter(|answer| answer.status == 503).collect();
    assert!(!busy.is_empty() && busy.iter().all(|answer| answer.header("retry-after") == "1"));
    assert_eq!(house.login_from("10.0.0.1", "ana", PASSWORD).await.status, 401);
}
