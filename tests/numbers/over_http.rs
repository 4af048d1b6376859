//! The number service over plain HTTP.

use futures_util::future::join_all;
use papo::settings::Switch;
use serde_json::{Value, json};

use crate::common::{Account, TestServer};

async fn value(papo: &TestServer, user: &str) -> Value {
    papo.get(&format!("/getgeneralvalue/{user}")).go().await.is(200).json()
}

#[actix_web::test]
async fn a_program_without_an_account_registers_counts_and_is_listed() {
    let mut papo = TestServer::start().await;
    let made = papo.post("/registeruser/robo").go().await.is(201).json();
    assert_eq!(made, json!({"user": "robo", "value": 0}));
    assert_eq!(papo.asked("PUT", "/putgeneralvalue/robo/7").go().await.is(200).json(), json!({"user": "robo", "value": 7}));
    assert_eq!(papo.post("/registeruser/robo").go().await.is(200).json(), json!({"user": "robo", "value": 7}), "it stays");
    papo.post("/registeruser/Ana.2").go().await.is(201);
    assert_eq!(papo.get("/getusers").go().await.is(200).json(), json!({"users": ["Ana.2", "robo"], "more": false}));
    papo.restart().await;
    assert_eq!(value(&papo, "robo").await, json!({"user": "robo", "value": 7}));
    assert_eq!(value(&papo, "ROBO").await["value"], 7, "names that differ only in case are the same");
}

#[actix_web::test]
async fn any_integer_may_be_added_and_the_rest_is_mathematical() {
    let papo = TestServer::start().await;
    papo.post("/registeruser/robo").go().await.is(201);
    let steps = [("7", 7), ("-8", 99), ("+1", 0), ("250", 50), ("-1000000000000000000000000000001", 49), ("0", 49), ("51", 0)];
    for (increment, sum) in steps {
        let answer = papo.asked("PUT", &format!("/putgeneralvalue/robo/{increment}")).go().await.is(200).json();
        assert_eq!(answer["value"], sum, "{increment}");
    }
    for bad in ["1.5", "abc", "1e3", "--1", "%20", "0x10"] {
        let refused = papo.asked("PUT", &format!("/putgeneralvalue/robo/{bad}")).go().await.is(422).json();
        assert_eq!(refused["code"], "invalid", "{bad}");
    }
    assert_eq!(value(&papo, "robo").await["value"], 0);
}

#[actix_web::test]
async fn additions_at_once_all_count() {
    let papo = TestServer::with(|settings| settings.bounds.limits = Switch::Off).await;
    papo.post("/registeruser/robo").go().await.is(201);
    let add = async || papo.asked("PUT", "/putgeneralvalue/robo/1").go().await.is(200).json()["value"].as_i64().unwrap();
    let mut sums = join_all((0..50).map(|_| add())).await;
    sums.sort_unstable();
    assert_eq!(sums, (1..=50).collect::<Vec<_>>());
}

#[actix_web::test]
async fn even_and_odd_are_what_they_say() {
    let papo = TestServer::start().await;
    for (path, rest) in [("/even", 0), ("/odd", 1)] {
        for _ in 0..20 {
            let answer = papo.get(path).go().await.is(200).json();
            let value = answer["value"].as_i64().unwrap();
            assert!((0..100).contains(&value) && value % 2 == rest, "{path}: {answer}");
        }
    }
}

#[actix_web::test]
async fn who_is_not_there_is_404_and_what_is_no_name_is_422() {
    let papo = TestServer::start().await;
    assert_eq!(papo.get("/getgeneralvalue/ninguem").go().await.is(404).json()["code"], "not_found");
    assert_eq!(papo.asked("PUT", "/putgeneralvalue/ninguem/1").go().await.is(404).json()["code"], "not_found");
    for bad in ["a%20b", "a%2Fb", "%00", "a:9", "a:x", "x".repeat(65).as_str(), "%F0%9F%98%80"] {
        assert_eq!(papo.post(&format!("/registeruser/{bad}")).go().await.is(422).json()["code"], "invalid", "{bad}");
    }
    assert_eq!(papo.get("/getusers").go().await.is(200).json()["users"], json!([]));
    assert_eq!(papo.get("/registeruser/robo").go().await.is(405).header("allow"), "POST");
}

#[actix_web::test]
async fn the_number_of_an_account_is_the_same_over_http_and_over_the_socket() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    assert_eq!(papo.get("/getgeneralvalue/ana").by(&who).go().await.is(200).json()["value"], 0, "0 at first");
    papo.post("/registeruser/ana").by(&who).go().await.is(201);
    let mut ana = papo.enter(&who, "sala-1").await;
    ana.does(json!({"type": "number.put", "value": 42})).await;
    ana.does(json!({"type": "number.put", "value": 8, "client": 2})).await;
    assert_eq!(papo.get("/getgeneralvalue/ana").by(&who).go().await.is(200).json(), json!({"user": "ana", "value": 42}));
    assert_eq!(papo.get("/getgeneralvalue/ana:2").by(&who).go().await.is(200).json(), json!({"user": "ana:2", "value": 8}));
    assert_eq!(papo.asked("PUT", "/putgeneralvalue/ana/60").by(&who).go().await.is(200).json()["value"], 2);
    assert_eq!(ana.does(json!({"type": "number.start"})).await["value"], 2);
}

async fn owner(papo: &TestServer, username: &str, value: u8) -> Account {
    let who = papo.register(username).await;
    papo.enter(&who, "sala-1").await.does(json!({"type": "number.put", "value": value})).await;
    who
}

#[actix_web::test]
async fn the_number_of_an_account_is_seen_by_people_and_changed_by_its_owner_alone() {
    let papo = TestServer::start().await;
    let (_, bia) = (owner(&papo, "ana", 42).await, owner(&papo, "bia", 7).await);
    assert_eq!(papo.get("/getgeneralvalue/ana").by(&bia).go().await.is(200).json()["value"], 42);
    assert_eq!(papo.asked("PUT", "/putgeneralvalue/ana/1").by(&bia).go().await.is(403).json()["code"], "forbidden");
    assert_eq!(papo.get("/getusers").by(&bia).go().await.is(200).json()["users"], json!(["ana", "bia"]));
    assert_eq!(papo.get("/getgeneralvalue/ana").by(&bia).go().await.is(200).json()["value"], 42, "it did not change");
}

#[actix_web::test]
async fn who_is_not_signed_in_cannot_tell_an_account_from_nobody() {
    let papo = TestServer::start().await;
    let ana = owner(&papo, "ana", 42).await;
    assert_eq!(papo.get("/getusers").go().await.is(200).json()["users"], json!([]));
    for name in ["ana", "ninguem"] {
        papo.get(&format!("/getgeneralvalue/{name}")).go().await.is(404);
        papo.asked("PUT", &format!("/putgeneralvalue/{name}/1")).go().await.is(404);
        papo.post(&format!("/registeruser/{name}")).go().await.is(201);
        papo.asked("PUT", &format!("/putgeneralvalue/{name}/5")).go().await.is(200);
        assert_eq!(value(&papo, name).await["value"], 5);
    }
    // A program that goes by the name of an account has a number of its own.
    assert_eq!(papo.get("/getgeneralvalue/ana").by(&ana).go().await.is(200).json()["value"], 42);
    assert_eq!(papo.get("/getusers").by(&ana).go().await.is(200).json()["users"], json!(["ana", "ninguem"]));
}

#[actix_web::test]
async fn a_token_that_is_not_good_is_401_and_another_sites_page_403() {
    let papo = TestServer::start().await;
    papo.post("/registeruser/robo").go().await.is(201);
    for (method, path) in
        [("GET", "/getgeneralvalue/robo"), ("PUT", "/putgeneralvalue/robo/1"), ("POST", "/registeruser/x"), ("GET", "/getusers")]
    {
        papo.asked(method, path).with("Authorization", "Bearer wrong").go().await.is(401);
    }
    for (method, path) in [("PUT", "/putgeneralvalue/robo/1"), ("POST", "/registeruser/x")] {
        papo.asked(method, path).with("Origin", "https://mau.example").go().await.is(403);
    }
    assert_eq!(value(&papo, "robo").await["value"], 0);
    assert_eq!(papo.get("/getusers").go().await.is(200).json()["users"], json!(["robo"]));
}

#[actix_web::test]
async fn a_long_list_comes_in_pages() {
    let papo = TestServer::with(|settings| settings.bounds.limits = Switch::Off).await;
    for n in 0..7 {
        papo.post(&format!("/registeruser/robo{n}")).go().await.is(201);
    }
    let first = papo.get("/getusers?limit=5").go().await.is(200).json();
    assert_eq!(first, json!({"users": ["robo0", "robo1", "robo2", "robo3", "robo4"], "more": true}));
    let rest = papo.get("/getusers?limit=5&after=robo4").go().await.is(200).json();
    assert_eq!(rest, json!({"users": ["robo5", "robo6"], "more": false}));
    assert_eq!(papo.get("/getusers?limit=7").go().await.is(200).json()["more"], false);
    papo.get("/getusers?limit=0").go().await.is(422);
}

#[actix_web::test]
async fn an_address_that_asks_too_fast_waits() {
    let papo = TestServer::start().await;
    let answers = join_all((0..400).map(|_| papo.get("/even").go())).await;
    let refused: Vec<_> = answers.iter().filter(|answer| answer.status == 429).collect();
    assert!(!refused.is_empty() && refused.len() < 300, "{}", refused.len());
    assert!(!refused[0].header("retry-after").is_empty());
    assert_eq!(refused[0].json()["code"], "rate_limited");
}

#[actix_web::test]
async fn a_guest_has_a_number_as_long_as_the_name() {
    let papo = TestServer::with(|settings| settings.guests.allowed = true).await;
    let guest = papo.post("/api/guest").json(json!({"username": "visita"})).await.is(201).json();
    let token = format!("Bearer {}", guest["token"].as_str().unwrap());
    let put = papo.asked("PUT", "/putgeneralvalue/visita/9").with("Authorization", token.clone()).go().await;
    assert_eq!(put.is(200).json()["value"], 9);
    papo.get("/getgeneralvalue/visita").go().await.is(404);
    let bia = owner(&papo, "bia", 1).await;
    papo.asked("PUT", "/putgeneralvalue/visita/9").by(&bia).go().await.is(403);
    assert_eq!(papo.get("/getusers").by(&bia).go().await.is(200).json()["users"], json!(["bia", "visita"]));
}

#[actix_web::test]
async fn the_page_is_for_those_who_are_signed_in() {
    let papo = TestServer::start().await;
    let to_login = papo.get("/numbers").with("Accept", "text/html").go().await.is(303);
    assert_eq!(to_login.header("location"), "/login?next=%2Fnumbers");
    let who = papo.register("ana").await;
    let page = papo.get("/numbers").with("Cookie", who.cookie.clone()).with("Accept-Language", "pt-BR").go().await.is(200);
    assert!(page.text().contains("data-username=\"ana\"") && page.text().contains("/js/pages/numbers.js"));
    assert!(
        page.header("content-security-policy").contains("script-src")
            && !page.header("content-security-policy").contains("unsafe")
    );
}
