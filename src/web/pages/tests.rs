//! Tests of `web/pages`.

use actix_web::cookie::Cookie;
use actix_web::test::TestRequest;
use serde_json::json;

use super::safe_next;
use crate::web::testing::{Answer, House, PASSWORD};

async fn send(house: &House, path: &str, fields: &[(&str, &str)]) -> Answer {
    house.ask(TestRequest::post().uri(path).insert_header(("accept", "text/html")).set_form(fields)).await
}

#[actix_web::test]
async fn a_visitor_is_sent_to_the_login_page_and_back() {
    let house = House::new().await;
    let home = house.get("/").await;
    assert_eq!((home.status, home.header("location")), (303, "/login"));
    let room = house.get("/rooms/sala-1").await;
    assert_eq!((room.status, room.header("location")), (303, "/login?next=%2Frooms%2Fsala%2D1"));
    let login = house.get(room.header("location")).await;
    assert!(login.text().contains("name=\"next\" value=\"/rooms/sala-1\""), "{}", login.text());
    let ana = house.sign_up("ana").await;
    drop(ana);
    let sent = send(&house, "/login", &[("login", "ana"), ("password", PASSWORD), ("next", "/rooms/sala-1")]).await;
    assert_eq!((sent.status, sent.header("location")), (303, "/rooms/sala-1"));
    let cookie = sent.person().cookie;
    let page = house.ask(TestRequest::get().uri("/rooms/sala-1").cookie(cookie.clone())).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("data-username=\"ana\"") && page.text().contains("data-room=\"sala-1\""));
    assert_eq!(house.ask(TestRequest::get().uri("/login").cookie(cookie)).await.header("location"), "/");
}

#[actix_web::test]
async fn the_start_page_remembers_the_room() {
    let house = House::new().await;
    let ana = house.sign_up("ana").await;
    let home = |room: &'static str| ana.asks(TestRequest::get().uri("/")).cookie(Cookie::new("papo_room", room));
    assert_eq!(house.ask(ana.asks(TestRequest::get().uri("/"))).await.header("location"), "/rooms/sala-1");
    assert_eq!(house.ask(home("sala-2")).await.header("location"), "/rooms/sala-2");
    assert_eq!(house.ask(home("caf%C3%A9")).await.header("location"), "/rooms/caf%C3%A9");
    assert_eq!(house.ask(home("..%2F..%2Fevil")).await.header("location"), "/rooms/sala-1");
    let other = house.ask(ana.asks(TestRequest::get().uri("/rooms/Sala%201"))).await;
    assert_eq!((other.status, other.header("location")), (303, "/rooms/sala-1"));
    let bad = house.ask(ana.asks(TestRequest::get().uri("/rooms/a.b"))).await;
    assert_eq!((bad.status, bad.header("content-type")), (404, "text/html; charset=utf-8"));
}

#[actix_web::test]
async fn the_forms_work_without_javascript_and_keep_what_was_typed() {
    let house = House::new().await;
    let fields = [
        ("name", "Ana \"<b>"),
        ("username", "ana"),
        ("email", "ana"),
        ("password", "goiabada com queijo"),
        ("next", "/rooms/sala-2"),
    ];
    let back = send(&house, "/register?lang=en", &fields).await;
    let text = back.text();
    assert_eq!((back.status, back.header("content-type")), (422, "text/html; charset=utf-8"));
    assert!(text.contains("That e-mail does not look right.") && text.contains("value=\"ana\""), "{text}");
    assert!(!text.contains("<b>\"") && !text.contains("Ana \"<b>") && !text.contains(PASSWORD), "{text}");
    let mut right = fields;
    right[2].1 = "ana@papo.example";
    let on = send(&house, "/register", &right).await;
    assert_eq!((on.status, on.header("location")), (303, "/rooms/sala-2"));
    assert!(!on.cookies.is_empty());
    assert!(send(&house, "/register?lang=en", &right).await.text().contains("That username is taken."));
    let wrong = send(&house, "/login?lang=en", &[("login", "ana"), ("password", "wrong")]).await;
    assert_eq!(wrong.status, 401);
    assert!(wrong.text().contains("Username or password do not match.") && wrong.text().contains("value=\"ana\""));
}

#[actix_web::test]
async fn the_page_of_the_api_is_for_everyone_and_says_who_they_are() {
    let house = House::new().await;
    let page = house.get("/api/docs").await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.text().contains("data-api=\"/api/openapi.json\" data-username=\"\""), "{}", page.text());
    let ana = house.sign_up("ana").await;
    let page = house.ask(ana.asks(TestRequest::get().uri("/api/docs"))).await;
    assert!(page.text().contains("data-username=\"ana\""), "{}", page.text());
}

#[actix_web::test]
async fn no_page_leads_to_another_site() {
    for own in ["/", "/rooms/sala-1?x=1#y", "/a//b"] {
        assert_eq!(safe_next(own), own);
    }
    for foreign in [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nset-cookie: a=b",
        "evil",
    ] {
        assert_eq!(safe_next(foreign), "/");
    }
    let house = House::new().await;
    house.sign_up("ana").await;
    let sent = send(&house, "/login", &[("login", "ana"), ("password", PASSWORD), ("next", "//evil.example")]).await;
    assert_eq!((sent.status, sent.header("location")), (303, "/"));
    assert!(!house.get("/login?next=//evil.example").await.text().contains("evil.example"));
}

#[actix_web::test]
async fn a_page_speaks_the_language_and_wears_the_theme_of_its_reader() {
    let house = House::new().await;
    let asked = house.get("/login?lang=en").await;
    assert!(asked.text().contains("<html lang=\"en\""));
    let kept = asked.cookies.iter().find(|cookie| cookie.name() == "papo_lang").unwrap().clone();
    assert!(house.ask(TestRequest::get().uri("/login").cookie(kept)).await.text().contains("<html lang=\"en\""));
    let plain = house.get("/login").await;
    assert!(plain.text().contains("<html lang=\"pt-BR\"") && plain.cookies.is_empty());
    let dark = house.ask(TestRequest::get().uri("/login").cookie(Cookie::new("papo_theme", "dark"))).await;
    assert!(dark.text().contains("data-theme=\"dark\""));
    let forged = house.ask(TestRequest::get().uri("/login").cookie(Cookie::new("papo_theme", "x\"onload="))).await;
    assert!(!forged.text().contains("onload"));
}

#[actix_web::test]
async fn a_problem_is_told_in_the_language_of_the_browser_and_in_english_to_programs() {
    let house = House::new().await;
    let login = || TestRequest::post().uri("/api/login").set_json(json!({"login": "ninguem", "password": "errada mesmo"}));
    let browser = house.ask(login().insert_header(("accept-language", "pt-BR"))).await.json();
    let program = house.ask(login()).await.json();
    assert_eq!((&browser["code"], &program["code"]), (&json!("bad_credentials"), &json!("bad_credentials")));
    assert_eq!(browser["detail"], "Usuário ou senha não conferem.");
    assert_eq!(program["detail"], "User name or password do not match.");
    let form = json!({"name": "", "username": "ana", "email": "ana@exemplo.com.br", "password": "goiabada com queijo"});
    let register = TestRequest::post().uri("/api/register").insert_header(("accept-language", "pt-BR")).set_json(form);
    assert_eq!(house.ask(register).await.json()["errors"][0]["message"], "Preencha este campo.");
}
