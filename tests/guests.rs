//! Guests: a user name and nothing else. PROTOCOL section 2, "Guests".

mod common;

use std::time::Duration;

use common::{Account, Client, File, Greeting, PASSWORD, Process, Reply, TestServer, registration, until};
use futures_util::future::join_all;
use papo::settings::Switch;
use serde_json::{Value, json};

/// A seat, and the name of a guest, are kept so long without a socket.
const GRACE: Duration = Duration::from_secs(3);

async fn open_house() -> TestServer {
    TestServer::with(|settings| settings.guests.allowed = true).await
}

/// Whoever waits for a name asks more often than an address may.
async fn patient_house() -> TestServer {
    TestServer::with(|settings| {
        settings.guests.allowed = true;
        settings.bounds.limits = Switch::Off;
    })
    .await
}

async fn asks_to_come(papo: &TestServer, username: &str) -> Reply {
    papo.post("/api/guest").json(json!({"username": username})).await
}

async fn registers(papo: &TestServer, username: &str) -> Reply {
    let mut form = registration("conta");
    form["username"] = username.into();
    papo.post("/api/register").json(form).await
}

fn refused_as(reply: Reply, why: &str) {
    let body = reply.refuses(409, "username_taken").json();
    assert_eq!((&body["errors"][0]["field"], &body["errors"][0]["code"]), (&json!("username"), &json!(why)), "{body}");
}

async fn is_in(papo: &TestServer, who: &Account) -> bool {
    let by_token = papo.get("/api/me").by(who).go().await.status;
    let by_cookie = papo.get("/api/me").by_cookie(who).go().await.status;
    assert_eq!(by_token, by_cookie);
    by_token == 200
}

#[actix_web::test]
async fn without_the_setting_there_are_no_guests() {
    let papo = TestServer::start().await;
    for body in ["{\"username\":\"ana\"}", "{}", "not json"] {
        papo.post("/api/guest").body("application/json", body).go().await.refuses(404, "not_found");
    }
}

#[actix_web::test]
async fn a_guest_comes_in_with_a_name_alone() {
    let papo = open_house().await;
    let reply = asks_to_come(&papo, "Ana").await.is(201);
    let user = reply.json()["user"].clone();
    assert_eq!((&user["username"], &user["name"], &user["guest"]), (&json!("Ana"), &json!("Ana"), &json!(true)));
    assert!(user["email"].is_null() && user["since"].is_i64(), "{user}");
    assert_eq!(reply.header("cache-control"), "no-store");
    let ana = Account { username: "Ana".into(), token: reply.json()["token"].as_str().unwrap().into(), cookie: reply.cookie() };
    assert_eq!(papo.get("/api/me").by_cookie(&ana).go().await.is(200).json(), user);

    let joao = papo.register("joão").await;
    assert_eq!(papo.get("/api/users/ana").by(&joao).go().await.is(200).json(), user);
    let mut joao = papo.enter(&joao, "sala-1").await;
    let mut ana = papo.enter(&ana, "sala-1").await;
    assert_eq!(ana.hello["user"], json!({"username": "Ana", "name": "Ana", "guest": true}));
    joao.hears(json!({"type": "member_joined", "member": {"username": "Ana", "guest": true}})).await;
    ana.says("oi").await;
    let said = joao.hears_message("Ana", "oi").await;
    assert_eq!(said["from"], json!({"username": "Ana", "name": "Ana", "guest": true}));
    joao.says("olá").await;
    let said = ana.hears_message("joão", "olá").await;
    assert_eq!(said["from"], json!({"username": "joão", "name": "joão Silva"}));
}

#[actix_web::test]
async fn a_name_that_is_none_is_refused_as_for_an_account() {
    let papo = open_house().await;
    for (name, why) in [("", "required"), ("a", "too_short"), ("a b", "bad_characters"), (&*"a".repeat(33), "too_long")] {
        let body = asks_to_come(&papo, name).await.refuses(422, "invalid").json();
        assert_eq!((&body["errors"][0]["field"], &body["errors"][0]["code"]), (&json!("username"), &json!(why)), "{name:?}");
    }
    papo.post("/api/guest").body("application/json", "ana").go().await.refuses(400, "invalid");
}

#[actix_web::test]
async fn nobody_signs_in_to_a_guest() {
    let papo = open_house().await;
    papo.guest("ana").await;
    for password in [PASSWORD, "", "~"] {
        let login = json!({"login": "ana", "password": password});
        papo.post("/api/login").json(login).await.refuses(401, "bad_credentials");
    }
    for odd in ["~1", "~", ""] {
        papo.post("/api/login").json(json!({"login": odd, "password": PASSWORD})).await.refuses(401, "bad_credentials");
    }
}

#[actix_web::test]
async fn the_name_of_a_guest_who_is_present_is_taken_in_every_spelling() {
    let papo = open_house().await;
    let ana = papo.guest("ana").await;
    // Made just now and not connected yet is present, too.
    for spelling in ["ana", "ANA", "ａｎａ"] {
        refused_as(asks_to_come(&papo, spelling).await, "taken");
        refused_as(registers(&papo, spelling).await, "taken");
    }
    let tab = papo.enter(&ana, "sala-1").await;
    refused_as(asks_to_come(&papo, "ana").await, "taken");
    assert!(is_in(&papo, &ana).await);
    drop(tab);
}

#[actix_web::test]
async fn the_name_is_free_again_when_the_last_session_of_the_guest_is_gone() {
    let papo = patient_house().await;
    let first = papo.guest("ana").await;
    let (one, two) = (papo.enter(&first, "sala-1").await, papo.enter(&first, "sala-1").await);
    let mut joao = papo.join("joão", "sala-1").await;
    one.closes().await;
    tokio::time::sleep(GRACE + Duration::from_millis(500)).await;
    refused_as(asks_to_come(&papo, "ana").await, "taken");
    two.vanishes();
    // Whoever comes back from a reload must find itself.
    refused_as(asks_to_come(&papo, "ana").await, "taken");
    until("the name is free", GRACE * 3, async || asks_to_come(&papo, "ana").await.status == 201).await;
    joao.hears(json!({"type": "member_left", "username": "ana", "reason": "disconnected"})).await;
    // Nothing of the first one is accepted any more.
    assert!(!is_in(&papo, &first).await);
    assert_eq!(Client::connect(papo.addr, &Greeting::by(&first)).await.err().as_deref(), Some("401"));
}

#[actix_web::test]
async fn a_guest_who_signs_out_frees_the_name_at_once() {
    let papo = open_house().await;
    let mut joao = papo.join("joão", "sala-1").await;
    // Before the first socket, with one, and within the grace after one.
    let never = papo.guest("ana").await;
    papo.sign_out(&never).await;
    let present = papo.guest("ana").await;
    let mut tab = papo.enter(&present, "sala-1").await;
    papo.sign_out(&present).await;
    let lost = papo.guest("ana").await;
    tab.is_closed_with(4501).await;
    papo.enter(&lost, "sala-1").await.closes().await;
    papo.sign_out(&lost).await;
    let caio = papo.register("caio").await;
    papo.get("/api/users/ana").by(&caio).go().await.refuses(404, "not_found");
    let next = papo.enter(&papo.guest("ana").await, "sala-1").await;
    for reason in ["signed_out", "signed_out"] {
        joao.hears(json!({"type": "member_joined", "member": {"username": "ana"}})).await;
        joao.hears(json!({"type": "member_left", "username": "ana", "reason": reason})).await;
    }
    joao.hears(json!({"type": "member_joined", "member": {"username": "ana"}})).await;
    drop(next);
}

#[actix_web::test]
async fn a_guest_who_comes_back_before_anybody_wants_the_name_is_still_the_same() {
    let papo = open_house().await;
    let ana = papo.guest("ana").await;
    papo.enter(&ana, "sala-1").await.says("fui").await;
    tokio::time::sleep(GRACE + Duration::from_millis(500)).await;
    let mut back = papo.enter(&ana, "sala-1").await;
    let again = back.does(json!({"type": "history"})).await;
    assert_eq!(again["events"][0]["from"]["username"], "ana");
    refused_as(asks_to_come(&papo, "ana").await, "taken");
}

#[actix_web::test]
async fn an_account_keeps_its_name_and_may_take_that_of_a_guest_who_is_gone() {
    let papo = open_house().await;
    papo.register("ana").await;
    refused_as(asks_to_come(&papo, "Ana").await, "taken");
    let guest = papo.guest("bia").await;
    refused_as(registers(&papo, "bia").await, "taken");
    papo.sign_out(&guest).await;
    let bia = registers(&papo, "bia").await.is(201).json();
    assert_eq!(bia["user"]["guest"], false);
    refused_as(asks_to_come(&papo, "bia").await, "taken");
}

#[actix_web::test]
async fn a_registration_that_fails_takes_no_name_from_a_guest() {
    let papo = open_house().await;
    papo.register("ana").await;
    let bia = papo.guest("bia").await;
    papo.enter(&bia, "sala-1").await.closes().await;
    tokio::time::sleep(GRACE + Duration::from_millis(500)).await;
    let mut form = registration("ana");
    form["username"] = "bia".into();
    papo.post("/api/register").json(form).await.refuses(409, "email_taken");
    assert!(is_in(&papo, &bia).await);
}

#[actix_web::test]
async fn a_name_that_looks_like_one_that_is_taken_is_refused_with_its_reason() {
    let papo = open_house().await;
    papo.register("Maria").await;
    let bia = papo.guest("bia").await;
    for fake in ["mаria", "МARIA", "rnaria", "bіa"] {
        refused_as(asks_to_come(&papo, fake).await, "look_alike");
        refused_as(registers(&papo, fake).await, "look_alike");
    }
    let reply = papo.post("/api/guest").with("Accept-Language", "pt-BR").json(json!({"username": "mаria"})).await.is(409);
    assert_eq!(reply.json()["errors"][0]["message"], "Esse nome é parecido demais com um que já existe.");
    // That of a guest is free when the guest is.
    papo.sign_out(&bia).await;
    asks_to_come(&papo, "bіa").await.is(201);
    refused_as(asks_to_come(&papo, "bia").await, "look_alike");
}

#[actix_web::test]
async fn of_many_who_want_one_name_at_once_one_gets_it() {
    let papo = open_house().await;
    for round in 0..5 {
        // The second half of the rounds finds a guest who has just gone.
        if round > 2 {
            let gone = papo.guest(&format!("nome{round}")).await;
            papo.sign_out(&gone).await;
        }
        let claims = (0..8).map(|n| {
            let name = if n % 2 == 0 { format!("nome{round}") } else { format!("nоme{round}") };
            let papo = &papo;
            async move { asks_to_come(papo, &name).await }
        });
        let replies = join_all(claims).await;
        let mut inside = Vec::new();
        for reply in replies {
            match reply.status {
                201 => inside.push(reply.json()["token"].as_str().unwrap().to_owned()),
                _ => drop(reply.refuses(409, "username_taken")),
            }
        }
        assert_eq!(inside.len(), 1, "round {round}");
        let winner = Account { username: String::new(), token: inside.remove(0), cookie: String::new() };
        papo.get("/api/me").by(&winner).go().await.is(200);
    }
}

#[actix_web::test]
async fn after_a_restart_guests_have_a_moment_to_come_back_and_names_are_free_then() {
    let mut papo = patient_house().await;
    let (ana, bia) = (papo.guest("ana").await, papo.guest("bia").await);
    let tabs = (papo.enter(&ana, "sala-1").await, papo.enter(&bia, "sala-1").await);
    papo.restart().await;
    drop(tabs);
    refused_as(asks_to_come(&papo, "bia").await, "taken");
    let back = papo.enter(&ana, "sala-1").await;
    until("the name is free", GRACE * 3, async || asks_to_come(&papo, "bia").await.status == 201).await;
    refused_as(asks_to_come(&papo, "ana").await, "taken");
    assert!(is_in(&papo, &ana).await && !is_in(&papo, &bia).await);
    drop(back);
}

#[actix_web::test]
async fn guests_of_a_server_that_no_longer_lets_them_in_are_gone_after_its_start() {
    let mut open = Process::start(&["--guests"]);
    let reply = open.post("/api/guest").json(json!({"username": "ana"})).await.is(201);
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    open.kill_9();
    open.start_again_with(&[]);
    let shut = open;
    let ana = Account { username: "ana".into(), token, cookie: String::new() };
    shut.get("/api/me").by(&ana).go().await.refuses(401, "unauthenticated");
    shut.register("ana").await;
}

#[actix_web::test]
async fn a_guest_may_talk_and_send_no_files_unless_a_setting_says_so() {
    let picture = [File::new("nota.txt", "text/plain", "oi")];
    let papo = open_house().await;
    let ana = papo.guest("ana").await;
    papo.post("/api/uploads").by(&ana).files(&picture).await.refuses(403, "forbidden");
    assert_eq!(papo.connect(&ana).await.hello["limits"]["files"], 0);
    let joao = papo.register("joão").await;
    assert_eq!(papo.connect(&joao).await.hello["limits"]["files"], 10);

    let papo = TestServer::with(|settings| {
        settings.guests.allowed = true;
        settings.guests.uploads = true;
    })
    .await;
    let ana = papo.guest("ana").await;
    let url = papo.post("/api/uploads").by(&ana).files(&picture).await.is(201).json()[0]["url"].clone();
    let mut tab = papo.enter(&ana, "sala-1").await;
    assert_eq!(tab.hello["limits"]["files"], 10);
    tab.does(json!({"type": "send", "text": "", "files": [url]})).await;
    // Who takes the name has neither the files nor the words of who had it before, and both stay.
    papo.sign_out(&ana).await;
    let next = papo.guest("ana").await;
    let mut tab = papo.enter(&next, "sala-1").await;
    let said = tab.does(json!({"type": "history"})).await["events"][0].clone();
    assert_eq!(said["files"][0]["url"], url);
    papo.get(url.as_str().unwrap()).by(&next).go().await.is(200);
    tab.is_refused(json!({"type": "send", "text": "", "files": [url]}), "unknown_upload").await;
}

#[actix_web::test]
async fn a_guest_makes_no_room_that_stays() {
    let papo = open_house().await;
    let ana = papo.guest("ana").await;
    papo.post("/api/rooms").by(&ana).json(json!({"title": "Cozinha"})).await.refuses(403, "forbidden");
    let opened = papo.connect(&ana).await.joins("Cozinha").await;
    assert_eq!(opened["room"], "cozinha");
}

#[actix_web::test]
async fn an_address_brings_a_hundred_guests_in_ten_minutes() {
    let papo = open_house().await;
    for n in 0..100 {
        // A name that somebody has counts as well.
        let status = asks_to_come(&papo, &format!("g{}", n % 50)).await.status;
        assert_eq!(status, if n < 50 { 201 } else { 409 });
    }
    let reply = asks_to_come(&papo, "outro").await.refuses(429, "rate_limited");
    let wait: u64 = reply.header("retry-after").parse().expect("a number of seconds");
    assert!((1..=600).contains(&wait), "{wait}");
    papo.post("/api/guest").from([127, 0, 0, 2]).json(json!({"username": "outro"})).await.is(201);
}

#[actix_web::test]
async fn when_there_are_too_many_guests_those_who_are_gone_make_room() {
    let papo = TestServer::with(|settings| {
        settings.guests.allowed = true;
        settings.bounds.limits = Switch::Off;
        settings.bounds.sockets_max = 2;
    })
    .await;
    let guests = join_all(["ana", "bia", "caio", "duda"].map(|name| papo.guest(name))).await;
    let tab = papo.connect(&guests[0]).await;
    let full = asks_to_come(&papo, "eva").await.refuses(503, "busy");
    assert!(!full.header("retry-after").is_empty());
    papo.sign_out(&guests[2]).await;
    asks_to_come(&papo, "eva").await.is(201);
    let mut present = Vec::new();
    for guest in &guests {
        present.push(is_in(&papo, guest).await);
    }
    assert_eq!(present, [true, true, false, true]);
    drop(tab);
}

#[actix_web::test]
async fn the_page_offers_the_way_in_where_there_is_one() {
    let papo = TestServer::start().await;
    assert!(!papo.get("/login").go().await.is(200).text().contains("visitante"));
    for request in [papo.get("/guest"), papo.post("/guest").body("application/x-www-form-urlencoded", "username=ana")] {
        let page = request.with("Accept", "text/html").go().await.is(404);
        assert!(page.header("content-type").starts_with("text/html"));
    }
    let papo = open_house().await;
    let page = papo.get("/login?next=/rooms/sala-2").go().await.is(200).text();
    assert!(page.contains("action=\"/guest\"") && page.contains("Entrar como visitante"), "{page}");
    assert_eq!(page.matches("name=\"next\" value=\"/rooms/sala-2\"").count(), 2);
    // Where the form leads to is no page; a reload, or another language, is one.
    let back = papo.get("/guest?lang=en").go().await.is(303);
    assert_eq!(back.header("location"), "/login?lang=en");
}

#[actix_web::test]
async fn the_form_brings_one_in_without_a_script_and_keeps_what_was_typed() {
    let papo = open_house().await;
    let come = |form: &'static str| papo.post("/guest").with("Accept", "text/html").form(form);
    let inside = come("username=ana&next=/rooms/sala-2").await.is(303);
    assert_eq!(inside.header("location"), "/rooms/sala-2");
    let room = papo.get("/rooms/sala-2").with("Cookie", inside.cookie()).go().await.is(200).text();
    assert!(
        room.contains("data-username=\"ana\"") && room.contains("data-guest=\"") && room.contains("data-files=\"0\""),
        "{room}"
    );
    assert_eq!(come("username=bia&next=//evil.example").await.is(303).header("location"), "/");
    for (form, status, why) in [
        ("username=ana&next=/rooms/sala-2", 409, "Esse usuário já existe."),
        ("username=%D0%B0na&next=/rooms/sala-2", 409, "Esse nome é parecido demais com um que já existe."),
        ("username=a&next=/rooms/sala-2", 422, "Use pelo menos 2 caracteres."),
        ("username=%3Cb%3E&next=/rooms/sala-2", 422, "Há um caractere que não pode ser usado aqui."),
    ] {
        let page = come(form).await.is(status).text();
        assert!(page.contains(why), "{why} in {page}");
        assert_eq!(page.matches("aria-invalid=\"true\" autofocus").count(), 1, "one field has the focus");
        assert!(page.contains("name=\"next\" value=\"/rooms/sala-2\"") && !page.contains("<b>\""));
    }
    assert!(come("username=a%26lt").await.is(422).text().contains("value=\"a&#38;lt\""), "what was typed is kept, as text");
}

#[actix_web::test]
async fn another_site_makes_no_guests() {
    let papo = open_house().await;
    let foreign = papo.post("/api/guest").with("Origin", "https://evil.example").json(json!({"username": "ana"})).await;
    foreign.refuses(403, "forbidden");
    let joao: Value = asks_to_come(&papo, "ana").await.is(201).json();
    assert_eq!(joao["user"]["username"], "ana");
}
