//! Accounts and logins over HTTP: PROTOCOL section 2, and HARDENING 1–5, 8, 9, 13, 14, 32–34 and 38.

mod common;

use common::{Account, Greeting, PASSWORD, Reply, TestServer, registration};
use serde_json::{Value, json};

/// Everything that needs a login, with a body where one is needed.
const CLOSED: [(&str, &str, &str); 8] = [
    ("GET", "/api/me", ""),
    ("GET", "/api/users/ana", ""),
    ("GET", "/api/rooms", ""),
    ("GET", "/api/rooms/sala-1/events", ""),
    ("POST", "/api/rooms", r#"{"title":"Cozinha"}"#),
    ("POST", "/api/uploads", ""),
    ("GET", "/static/0192.png", ""),
    ("GET", "/ws", ""),
];

async fn status_of(papo: &TestServer, (method, path, body): (&str, &str, &str), who: Option<&Account>) -> u16 {
    let mut request = papo.asked(method, path).body("application/json", body);
    if let Some(who) = who {
        request = request.by(who);
    }
    if path == "/ws" {
        request = handshake(request);
    }
    request.go().await.status
}

fn handshake(request: common::Request) -> common::Request {
    let headers = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    headers.into_iter().fold(request, |request, (name, value)| request.with(name, value))
}

async fn fails_to_sign_in(papo: &TestServer, login: &str, from: [u8; 4]) -> Reply {
    papo.post("/api/login").from(from).json(json!({"login": login, "password": "errada demais"})).await
}

#[actix_web::test]
async fn who_registers_is_signed_in_by_token_and_by_cookie() {
    let papo = TestServer::start().await;
    let reply = papo.post("/api/register").json(registration("joão")).await.is(201);
    let body = reply.json();
    assert_eq!(body["user"]["username"], "joão");
    assert_eq!(body["user"]["name"], "joão Silva");
    assert_eq!(body["user"]["guest"], false);
    assert!(!reply.text().contains(PASSWORD));
    let joao = Account { username: "joão".into(), token: body["token"].as_str().unwrap().into(), cookie: reply.cookie() };
    for request in [papo.get("/api/me").by(&joao), papo.get("/api/me").by_cookie(&joao)] {
        let me = request.go().await.is(200).json();
        assert_eq!(me["username"], "joão");
        assert_eq!(me["email"], "joão@exemplo.com.br");
    }
}

#[actix_web::test]
async fn one_signs_in_by_user_name_or_by_email_in_any_case() {
    let papo = TestServer::start().await;
    papo.register("ana").await;
    for login in ["ana", "ANA", "ana@exemplo.com.br", "Ana@Exemplo.com.br"] {
        let body = papo.post("/api/login").json(json!({"login": login, "password": PASSWORD})).await.is(200).json();
        assert_eq!(body["user"]["username"], "ana", "{login}");
        assert!(body["token"].is_string());
    }
}

#[actix_web::test]
async fn a_taken_user_name_or_email_is_refused_in_every_spelling() {
    let papo = TestServer::start().await;
    papo.register("ana").await;
    for username in ["ana", "ANA", "ａｎａ"] {
        let mut again = registration("outra");
        again["username"] = username.into();
        papo.post("/api/register").json(again).await.refuses(409, "username_taken");
    }
    let mut again = registration("outra");
    again["email"] = "ANA@exemplo.com.br".into();
    papo.post("/api/register").json(again).await.refuses(409, "email_taken");
    papo.post("/api/login").json(json!({"login": "outra", "password": PASSWORD})).await.refuses(401, "bad_credentials");
}

#[actix_web::test]
async fn a_wrong_registration_is_told_every_field_that_is_wrong() {
    let papo = TestServer::start().await;
    let wrong = json!({"name": " ", "username": "a b", "email": "ana", "password": "curta"});
    let body = papo.post("/api/register").json(wrong).await.is(422).json();
    let fields: Vec<&Value> = body["errors"].as_array().expect("a list of fields").iter().map(|error| &error["field"]).collect();
    for field in ["name", "username", "email", "password"] {
        assert!(fields.contains(&&json!(field)), "{field} in {body}");
    }
    let one = json!({"name": "Ana", "username": "ana", "email": "ana@exemplo.com.br", "password": "curta"});
    let body = papo.post("/api/register").json(one).await.is(422).json();
    assert_eq!(body["errors"].as_array().unwrap().len(), 1, "{body}");
    assert_eq!(body["errors"][0]["field"], "password");
    papo.post("/api/login").json(json!({"login": "ana", "password": "curta"})).await.is(401);
}

#[actix_web::test]
async fn a_name_with_unseen_or_turning_characters_is_refused() {
    let papo = TestServer::start().await;
    for username in ["a\u{200b}na", "a\u{202e}na", "ana\n", "a\u{0}a", "", "x"] {
        let mut wrong = registration("ana");
        wrong["username"] = username.into();
        let reply = papo.post("/api/register").json(wrong).await;
        // Blanks around a name are no part of it.
        assert!(reply.status == 422 || (username == "ana\n" && reply.status == 201), "{username:?} {}", reply.status);
    }
}

#[actix_web::test]
async fn unknown_user_and_wrong_password_are_answered_alike() {
    let papo = TestServer::start().await;
    papo.register("ana").await;
    let known = fails_to_sign_in(&papo, "ana", [127, 0, 0, 1]).await.refuses(401, "bad_credentials");
    let unknown = fails_to_sign_in(&papo, "ninguem", [127, 0, 0, 1]).await.refuses(401, "bad_credentials");
    assert_eq!(known.json(), unknown.json());
    let names = |reply: &Reply| reply.headers.keys().map(ToString::to_string).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(names(&known), names(&unknown));
}

#[actix_web::test]
async fn after_ten_failed_tries_an_address_waits_and_the_right_password_works_from_elsewhere() {
    let papo = TestServer::start().await;
    papo.register("ana").await;
    for _ in 0..10 {
        fails_to_sign_in(&papo, "ana", [127, 0, 0, 5]).await.is(401);
    }
    let right = json!({"login": "ana", "password": PASSWORD});
    for _ in 0..2 {
        let reply = papo.post("/api/login").from([127, 0, 0, 5]).json(right.clone()).await.refuses(429, "rate_limited");
        let seconds: u64 = reply.header("retry-after").parse().expect("Retry-After in seconds");
        assert!((1..=300).contains(&seconds), "{seconds}");
    }
    papo.post("/api/login").from([127, 0, 0, 6]).json(right).await.is(200);
}

#[actix_web::test]
async fn an_address_cannot_try_one_account_after_the_other() {
    let papo = TestServer::start().await;
    for n in 0..10 {
        fails_to_sign_in(&papo, &format!("ninguem{n}"), [127, 0, 0, 5]).await.is(401);
    }
    fails_to_sign_in(&papo, "outro", [127, 0, 0, 5]).await.refuses(429, "rate_limited");
    fails_to_sign_in(&papo, "outro", [127, 0, 0, 6]).await.is(401);
}

#[actix_web::test]
async fn an_account_cannot_be_tried_from_one_address_after_the_other() {
    let papo = TestServer::start().await;
    papo.register("ana").await;
    let mut refused = 0;
    for n in 0..30 {
        refused += u16::from(fails_to_sign_in(&papo, "ana", [127, 0, 1, n % 3]).await.status == 429);
    }
    assert!(refused >= 17, "ten tries, and one more an address at most; {refused} of 30 were refused");
    let right = json!({"login": "ana", "password": PASSWORD});
    papo.post("/api/login").from([127, 0, 0, 9]).json(right).await.is(200);
}

#[actix_web::test]
async fn a_forwarded_address_is_not_believed() {
    let papo = TestServer::start().await;
    for n in 0..10 {
        let body = json!({"login": format!("ninguem{n}"), "password": "errada demais"});
        papo.post("/api/login").with("X-Forwarded-For", format!("10.0.0.{n}")).json(body).await.is(401);
    }
    let body = json!({"login": "outro", "password": "errada demais"});
    papo.post("/api/login").with("X-Forwarded-For", "10.0.0.99").json(body).await.is(429);
}

#[actix_web::test]
async fn a_login_that_was_signed_out_is_dead_on_every_route_and_on_the_handshake() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let other = papo.sign_in("ana").await;
    papo.post("/api/logout").by_cookie(&ana).go().await.is(204);
    for route in CLOSED {
        assert_eq!(status_of(&papo, route, Some(&ana)).await, 401, "{route:?} by token");
        let (method, path, body) = route;
        let request = papo.asked(method, path).body("application/json", body).by_cookie(&ana);
        let request = if path == "/ws" { handshake(request) } else { request };
        assert_eq!(request.go().await.status, 401, "{route:?} by cookie");
    }
    papo.get("/api/me").by(&other).go().await.is(200);
    papo.get("/api/me").by_cookie(&other).go().await.is(200);
}

#[actix_web::test]
async fn signing_out_by_token_ends_the_cookie_of_that_login_too() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    papo.sign_out(&ana).await;
    papo.get("/api/me").by_cookie(&ana).go().await.is(401);
}

#[actix_web::test]
async fn signing_in_makes_a_new_session_and_takes_none_that_was_planted() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let body = json!({"login": "ana", "password": PASSWORD});
    let again =
        papo.post("/api/login").with("Cookie", ana.cookie.clone()).with("Origin", papo.origin()).json(body.clone()).await.is(200);
    assert_ne!(again.cookie(), ana.cookie);
    papo.get("/api/me").by_cookie(&ana).go().await.is(401);
    let name = ana.cookie.split('=').next().unwrap();
    let planted = format!("{name}={}", "A".repeat(64));
    let reply = papo.post("/api/login").with("Cookie", planted.clone()).with("Origin", papo.origin()).json(body).await.is(200);
    assert!(!reply.cookie().is_empty() && reply.cookie() != planted);
    papo.get("/api/me").with("Cookie", planted).go().await.is(401);
}

#[actix_web::test]
async fn a_login_survives_a_restart_of_the_server() {
    let mut papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    papo.restart().await;
    papo.get("/api/me").by(&ana).go().await.is(200);
    papo.get("/api/me").by_cookie(&ana).go().await.is(200);
    papo.enter(&ana, "sala-1").await.says("ainda aqui").await;
}

#[actix_web::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
    let papo = TestServer::start().await;
    let reply = papo.post("/api/register").json(registration("ana")).await.is(201);
    let cookies = reply.cookies();
    assert_eq!(cookies.len(), 1, "{cookies:?}");
    let attributes: Vec<String> = cookies[0].split(';').skip(1).map(|part| part.trim().to_lowercase()).collect();
    for wanted in ["httponly", "samesite=lax", "path=/"] {
        assert!(attributes.iter().any(|attribute| attribute == wanted), "{wanted} in {attributes:?}");
    }
    assert!(!attributes.iter().any(|attribute| attribute == "secure" || attribute.starts_with("domain")), "{attributes:?}");
}

#[actix_web::test]
async fn behind_tls_the_cookie_is_secure_and_bound_to_the_host() {
    let papo = TestServer::with(|settings| settings.reach.public_url = Some("https://papo.example".parse().unwrap())).await;
    let reply = papo.post("/api/register").json(registration("ana")).await.is(201);
    let cookie = reply.cookies().remove(0);
    assert!(cookie.starts_with("__Host-"), "{cookie}");
    assert!(cookie.to_lowercase().contains("; secure"), "{cookie}");
    assert!(reply.header("strict-transport-security").contains("max-age="), "{:?}", reply.headers);
}

#[actix_web::test]
async fn logins_are_long_random_and_in_no_file_of_the_server() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let again = papo.sign_in("ana").await;
    assert_ne!(ana.token, again.token);
    // 128 bits are 22 characters of base64.
    assert!(ana.token.len() >= 22, "{}", ana.token);
    let cookie = ana.cookie.split_once('=').unwrap().1.to_owned();
    assert!(cookie.len() >= 22, "{cookie}");
    let mut files = Vec::new();
    let mut folders = vec![papo.dir().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    assert!(files.iter().any(|file| *file == papo.database()), "{files:?}");
    for file in files {
        let content = std::fs::read(&file).unwrap();
        for secret in [&ana.token, &again.token, &cookie, &PASSWORD.to_owned()] {
            let found = content.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{secret} is in {}", file.display());
        }
    }
}

#[actix_web::test]
async fn without_a_login_there_is_nothing_to_see() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    ana.says("um segredo").await;
    for route in CLOSED {
        assert_eq!(status_of(&papo, route, None).await, 401, "{route:?}");
        let (method, path, body) = route;
        let reply = papo.asked(method, path).with("Authorization", "Bearer AAAA").body("application/json", body).go().await;
        assert_eq!(reply.status, 401, "{route:?} with a token that was never given");
    }
    papo.get("/api/me").go().await.refuses(401, "unauthenticated");
    for page in ["/", "/rooms/sala-1"] {
        let reply = papo.get(page).with("Accept", "text/html").go().await;
        assert!((302..=303).contains(&reply.status), "{page} {}", reply.status);
        assert!(reply.header("location").starts_with("/login"), "{}", reply.header("location"));
    }
    for page in ["/login", "/register", "/healthz", "/readyz"] {
        let text = papo.get(page).go().await.is(200).text();
        assert!(!text.contains("segredo") && !text.contains("ana Silva") && !text.contains("Sala 1"), "{page}");
    }
}

#[actix_web::test]
async fn users_are_looked_up_by_name_in_any_case() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    papo.register("Bia").await;
    let bia = papo.get("/api/users/bia").by(&ana).go().await.is(200).json();
    assert_eq!((&bia["username"], &bia["name"], &bia["guest"]), (&json!("Bia"), &json!("Bia Silva"), &json!(false)));
    papo.get("/api/users/ninguem").by(&ana).go().await.refuses(404, "not_found");
}

#[actix_web::test]
async fn a_room_made_on_purpose_is_listed_and_stays() {
    let mut papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let rooms = papo.get("/api/rooms").by(&ana).go().await.is(200).json();
    let rooms = if rooms.is_array() { rooms } else { rooms["rooms"].clone() };
    let titles: Vec<&Value> = rooms.as_array().unwrap().iter().map(|room| &room["title"]).collect();
    assert_eq!(titles, [&json!("Sala 1"), &json!("Sala 2"), &json!("Sala 3")]);
    let made = papo.post("/api/rooms").by(&ana).json(json!({"title": "Café do João"})).await.is(201).json();
    assert_eq!(made["id"], "café-do-joão");
    papo.post("/api/rooms").by(&ana).json(json!({"title": "a/b"})).await.refuses(400, "bad_room");
    papo.restart().await;
    let mut socket = papo.connect(&ana).await;
    let listed = socket.does(json!({"type": "rooms"})).await["rooms"].clone();
    let made = listed.as_array().unwrap().iter().find(|room| room["id"] == "café-do-joão").expect("it is there after a restart");
    assert_eq!((&made["title"], &made["permanent"], &made["members"]), (&json!("Café do João"), &json!(true), &json!(0)));
}

#[actix_web::test]
async fn the_log_of_a_room_is_for_its_members_alone() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let mut socket = papo.enter(&ana, "sala-1").await;
    for text in ["um", "dois", "três"] {
        socket.says(text).await;
    }
    let texts = |body: Value| {
        body["events"].as_array().unwrap().iter().map(|event| event["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let page = papo.get("/api/rooms/sala-1/events?after=1").by(&ana).go().await.is(200).json();
    assert_eq!((texts(page.clone()), &page["more"]), (vec!["dois".into(), "três".into()], &json!(false)));
    let page = papo.get("/api/rooms/sala-1/events?before=3&limit=1").by(&ana).go().await.is(200).json();
    assert_eq!((texts(page.clone()), &page["more"]), (vec!["dois".into()], &json!(true)));
    let bia = papo.register("bia").await;
    for who in [&bia, &ana] {
        for room in ["sala-1", "sala-2", "nenhuma"] {
            if (who.username.as_str(), room) != ("ana", "sala-1") {
                papo.get(&format!("/api/rooms/{room}/events")).by(who).go().await.is(403);
            }
        }
    }
}

#[actix_web::test]
async fn without_guests_there_is_no_guest_door() {
    let papo = TestServer::start().await;
    papo.post("/api/guest").json(json!({"username": "visita"})).await.is(404);
}

#[actix_web::test]
async fn another_sites_page_changes_nothing() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let rooms = || papo.post("/api/rooms").with("Cookie", ana.cookie.clone()).body("application/json", r#"{"title":"Cozinha"}"#);
    for foreign in [
        "https://mau.example",
        "null",
        "http://127.0.0.1:1",
        "http://127.0.0.1.mau.example",
        &format!("{}.mau.example", papo.origin()),
    ] {
        rooms().with("Origin", foreign).go().await.refuses(403, "forbidden");
    }
    for site in ["cross-site", "same-site"] {
        rooms().with("Sec-Fetch-Site", site).go().await.is(403);
    }
    for (path, body) in [
        ("/api/login", json!({"login": "ana", "password": PASSWORD})),
        ("/api/register", registration("bia")),
        ("/api/logout", json!({})),
    ] {
        papo.post(path).with("Cookie", ana.cookie.clone()).with("Origin", "https://mau.example").json(body).await.is(403);
    }
    let form = format!("login=ana&password={}", PASSWORD.replace(' ', "+"));
    let reply = papo.post("/login").with("Origin", "https://mau.example").form(&form).await.is(403);
    assert!(reply.cookies().is_empty());
    papo.post("/register")
        .with("Origin", "https://mau.example")
        .form("name=B&username=bia&email=b%40c&password=goiabada+boa")
        .await
        .is(403);
    papo.post("/api/uploads").with("Cookie", ana.cookie.clone()).with("Origin", "https://mau.example").files(&[]).await.is(403);
    papo.get("/api/me").by_cookie(&ana).go().await.is(200);
    rooms().with("Origin", papo.origin()).go().await.is(201);
}

#[actix_web::test]
async fn sites_of_the_allow_list_may_act() {
    let papo = TestServer::with(|settings| settings.reach.allowed_origins = vec!["https://amigo.example".parse().unwrap()]).await;
    let ana = papo.register("ana").await;
    let rooms = papo.post("/api/rooms").with("Cookie", ana.cookie.clone()).with("Origin", "https://amigo.example");
    rooms.json(json!({"title": "Cozinha"})).await.is(201);
    let greeting = Greeting::by_cookie(&ana).with("Origin", "https://amigo.example");
    common::Client::connect(papo.addr, &greeting).await.unwrap();
}

#[actix_web::test]
async fn nothing_is_changed_by_a_get() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    for path in ["/api/logout", "/api/login", "/api/register", "/api/uploads"] {
        papo.get(path).by_cookie(&ana).go().await.refuses(405, "method_not_allowed");
    }
    papo.get("/api/me").by_cookie(&ana).go().await.is(200);
}

#[actix_web::test]
async fn other_sites_read_nothing() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    for path in ["/api/me", "/login", "/healthz"] {
        let reply = papo.get(path).with("Cookie", ana.cookie.clone()).with("Origin", "https://mau.example").go().await;
        assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
        let preflight = papo
            .asked("OPTIONS", path)
            .with("Origin", "https://mau.example")
            .with("Access-Control-Request-Method", "POST")
            .go()
            .await;
        assert_eq!(preflight.header("access-control-allow-origin"), "", "{path}");
        assert_eq!(preflight.header("access-control-allow-credentials"), "", "{path}");
    }
}

#[actix_web::test]
async fn every_page_is_fenced_in_by_its_headers() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    for (path, who) in
        [("/login", None), ("/register", None), ("/rooms/sala-1", Some(&ana)), ("/nada", None), ("/api/me", Some(&ana))]
    {
        let mut request = papo.get(path).with("Accept", "text/html");
        if let Some(who) = who {
            request = request.by_cookie(who);
        }
        let reply = request.go().await;
        let csp = reply.header("content-security-policy");
        assert!(csp.contains("default-src") && csp.contains("frame-ancestors 'none'"), "{path} {csp}");
        assert!(
            !csp.contains("unsafe-eval") && !csp.contains("script-src 'unsafe-inline'") && !csp.contains('*'),
            "{path} {csp}"
        );
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert!(!reply.header("referrer-policy").is_empty(), "{path}");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("strict-transport-security"), "", "{path} without TLS");
    }
}

#[actix_web::test]
async fn an_error_has_a_stable_code_and_tells_nothing_of_the_house() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let wrong = [
        papo.post("/api/login").body("application/json", "{").go().await,
        papo.post("/api/login").body("application/json", r#"{"login":7}"#).go().await,
        papo.post("/api/login").body("text/plain", "oi").go().await,
        papo.post("/api/register").body("application/json", "[]").go().await,
        papo.post("/api/register").body("application/json", vec![b' '; 3 << 20]).go().await,
        papo.get("/api/users/'%20or%201=1--").by(&ana).go().await,
        papo.get("/api/users/%00").by(&ana).go().await,
        papo.get("/api/users/%ff").by(&ana).go().await,
        papo.get("/api/rooms/..%2f..%2fetc/events").by(&ana).go().await,
        papo.get("/api/rooms/sala-1/events?before=x").by(&ana).go().await,
        papo.get("/api/nada").go().await,
        papo.get("/static/..%2f..%2fpapo.db").by(&ana).go().await,
        papo.asked("DELETE", "/api/me").by(&ana).go().await,
        papo.post("/api/uploads").by(&ana).body("multipart/form-data", "x").go().await,
    ];
    for reply in wrong {
        let text = reply.text();
        assert!((400..500).contains(&reply.status), "{} {text}", reply.status);
        assert!(reply.header("content-type").starts_with("application/problem+json"), "{} {:?}", reply.status, reply.headers);
        assert!(reply.json()["code"].is_string(), "{text}");
        for secret in
            ["src/", ".rs", "panicked", "select ", "sqlite", "papo.db", "line 1", "column", papo.dir().to_str().unwrap()]
        {
            assert!(!text.to_lowercase().contains(secret), "{secret} in {text}");
        }
    }
    papo.get("/api/me").by(&ana).go().await.is(200);
}

#[actix_web::test]
async fn the_two_forms_work_without_javascript() {
    let papo = TestServer::start().await;
    let password = PASSWORD.replace(' ', "+");
    let form = format!("name=Ana+Silva&username=ana&email=ana%40exemplo.com.br&password={password}");
    let reply = papo.post("/register").with("Origin", papo.origin()).form(&form).await.is(303);
    let first = reply.cookie();
    assert!(reply.header("location").starts_with('/'), "{}", reply.header("location"));
    let reply = papo.post("/login").with("Origin", papo.origin()).form(&format!("login=ana&password={password}")).await.is(303);
    let second = reply.cookie();
    for cookie in [first, second] {
        assert_eq!(papo.get("/api/me").with("Cookie", cookie.clone()).go().await.is(200).json()["username"], "ana");
        papo.get("/rooms/sala-1").with("Cookie", cookie).go().await.is(200);
    }
    let wrong = papo.post("/login").with("Origin", papo.origin()).form("login=ana&password=errada+demais").await;
    assert!(wrong.status != 303 && wrong.header("content-type").starts_with("text/html"), "{}", wrong.status);
    assert!(!wrong.text().contains("errada demais"), "a password does not come back");
}

#[actix_web::test]
async fn a_form_shows_again_what_was_typed_as_text() {
    let papo = TestServer::start().await;
    let form = "name=%3Cscript%3Ealert(1)%3C%2Fscript%3E&username=%22%3E%3Cimg+src%3Dx%3E&email=x&password=curta";
    let reply = papo.post("/register").with("Origin", papo.origin()).form(form).await;
    assert!((400..500).contains(&reply.status), "{}", reply.status);
    let text = reply.text();
    assert!(!text.contains("<script>alert") && !text.contains("<img src=x"), "{text}");
    assert!(!text.contains("curta"), "a password does not come back");
}
