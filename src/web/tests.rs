//! Tests of `web`: what holds for every route.

use std::sync::atomic::Ordering;

use actix_web::http::Method;
use actix_web::test::TestRequest;
use serde_json::json;

use super::testing::{House, PASSWORD, registration};

const PROTECTED: [(&str, &str); 5] = [
    ("GET", "/api/me"),
    ("GET", "/api/users/ana"),
    ("POST", "/api/logout"),
    ("POST", "/api/uploads"),
    ("GET", "/static/0123456789abcdef0123456789abcdef.png"),
];

fn request(method: &str, path: &str) -> TestRequest {
    TestRequest::with_uri(path).method(Method::from_bytes(method.as_bytes()).unwrap())
}

#[actix_web::test]
async fn who_is_not_signed_in_gets_nothing() {
    let house = House::new().await;
    house.sign_up("ana").await;
    for (method, path) in PROTECTED {
        assert_eq!(house.ask(request(method, path)).await.code(), "unauthenticated", "{path}");
        for forged in ["Bearer ", "Bearer x", "Bearer ' or 1=1 --"] {
            let answer = house.ask(request(method, path).insert_header(("authorization", forged))).await;
            assert_eq!((answer.status, answer.code().as_str()), (401, "unauthenticated"));
        }
        let forged = actix_web::cookie::Cookie::new("papo", "x".repeat(64));
        assert_eq!(house.ask(request(method, path).cookie(forged)).await.status, 401);
    }
}

#[actix_web::test]
async fn every_answer_has_its_headers() {
    let house = House::with(|settings| settings.reach.public_url = Some("https://papo.example".parse().unwrap())).await;
    let paths = [
        "/",
        "/login",
        "/api/docs",
        "/api/openapi.json",
        "/api/me",
        "/nothing",
        "/healthz",
        "/assets/x/img/favicon.svg",
        "/assets/x/nothing",
    ];
    for path in paths {
        let answer = house.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'") && policy.contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!policy.contains("unsafe") && !policy.contains("  "));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert!(answer.header("strict-transport-security").starts_with("max-age="));
        assert_eq!(answer.header("access-control-allow-origin"), "");
        let cache = answer.header("cache-control");
        assert_eq!(cache, if path.contains("favicon") { "no-cache" } else { "no-store" }, "{path}");
    }
    assert_eq!(House::new().await.get("/login").await.header("strict-transport-security"), "");
}

#[actix_web::test]
async fn a_change_that_another_site_asks_for_is_refused() {
    let house = House::new().await;
    let ana = house.sign_up("ana").await;
    let foreign = [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://localhost:8080.evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ];
    let form = ("content-type", "application/x-www-form-urlencoded");
    for header in foreign {
        for path in ["/api/logout", "/api/uploads", "/api/login", "/login", "/register", "/nothing"] {
            let asked = ana.asks(TestRequest::post().uri(path)).insert_header(header).insert_header(form);
            let answer = house.ask(asked.insert_header(("host", "localhost:8080")).set_payload("login=ana")).await;
            assert_eq!(answer.code(), "forbidden", "{path} {header:?}");
        }
    }
    assert_eq!(house.ask(ana.asks(TestRequest::get().uri("/api/me"))).await.status, 200);
    for header in [("origin", "http://localhost:8080"), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none")] {
        let body = json!({"login": "ana", "password": PASSWORD});
        let asked = TestRequest::post().uri("/api/login").insert_header(("host", "localhost:8080")).insert_header(header);
        assert_eq!(house.ask(asked.set_json(body)).await.status, 200, "{header:?}");
    }
}

#[actix_web::test]
async fn an_error_is_a_problem_for_programs_and_a_page_for_people() {
    let house = House::new().await;
    for (method, path, status, code) in [
        ("TRACE", "/api/me", 405, "method_not_allowed"),
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("GET", "/static/", 404, "not_found"),
        ("GET", "/.env", 404, "not_found"),
        ("GET", "/api/login", 405, "method_not_allowed"),
        ("DELETE", "/login", 405, "method_not_allowed"),
        ("OPTIONS", "/api/me", 405, "method_not_allowed"),
        ("BREW", "/login", 405, "method_not_allowed"),
    ] {
        let answer = house.ask(request(method, path)).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code), "{method} {path}");
        assert_eq!(answer.json()["status"], status);
    }
    let browser = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    let page = house.ask(TestRequest::get().uri("/nothing?lang=en").insert_header(browser)).await;
    assert_eq!((page.status, page.header("content-type")), (404, "text/html; charset=utf-8"));
    assert!(page.text().contains("<html lang=\"en\""), "{}", page.text());
    assert_eq!(house.ask(TestRequest::get().uri("/api/nothing").insert_header(browser)).await.code(), "not_found");
    let login = house.ask(TestRequest::get().uri("/static/x.png").insert_header(browser)).await;
    assert_eq!((login.status, login.header("location")), (303, "/login?next=%2Fstatic%2Fx%2Epng"));
}

#[actix_web::test]
async fn a_method_that_an_address_does_not_answer_is_told_those_it_does() {
    let house = House::new().await;
    for (method, path, allow) in [
        ("PUT", "/api/rooms", "GET, HEAD, POST"),
        ("GET", "/api/login", "POST"),
        ("OPTIONS", "/healthz", "GET, HEAD"),
        ("DELETE", "/register", "GET, HEAD, POST"),
    ] {
        let answer = house.ask(request(method, path)).await;
        assert_eq!((answer.status, answer.header("allow")), (405, allow), "{method} {path}");
    }
    let page = house.ask(request("DELETE", "/register").insert_header(("accept", "text/html"))).await;
    assert_eq!((page.status, page.header("allow")), (405, "GET, HEAD, POST"));
}

#[actix_web::test]
async fn what_cannot_be_read_is_refused_without_telling_how() {
    let house = House::new().await;
    let post = |body: &str| {
        TestRequest::post().uri("/api/login").insert_header(("content-type", "application/json")).set_payload(body.to_owned())
    };
    for (body, status) in
        [("{", 400), ("7", 400), ("{\"login\":7}", 400), ("", 400), (&"[".repeat(60_000), 400), (&" ".repeat(70_000), 413)]
    {
        let answer = house.ask(post(body)).await;
        assert_eq!(answer.status, status);
        let text = answer.text();
        assert!(["line", "column", "serde", "src/", "expected value"].iter().all(|word| !text.contains(word)), "{text}");
    }
    let answer = house.ask(TestRequest::post().uri("/api/login").set_payload("login=ana")).await;
    assert_eq!((answer.status, answer.code().as_str()), (415, "invalid"));
    for path in ["/api/users/%FF", "/rooms/%FF", "/assets/x/..%2f..%2fCargo.toml", "/static/%00"] {
        let answer = house.get(path).await;
        assert!((300..500).contains(&answer.status), "{path} {}", answer.status);
    }
    assert_eq!(house.get("/login?next=%FF").await.status, 200);
}

#[actix_web::test]
async fn a_store_that_is_gone_is_a_503_and_not_ready() {
    let house = House::new().await;
    let ana = house.sign_up("ana").await;
    assert_eq!(house.get("/readyz").await.status, 200);
    house.context.draining.store(true, Ordering::Release);
    assert_eq!(house.get("/readyz").await.code(), "busy");
    house.context.draining.store(false, Ordering::Release);
    house.context.store.close().await;
    assert_eq!(house.get("/readyz").await.status, 503);
    assert_eq!(house.get("/healthz").await.text(), "ok");
    let answer = house.ask(ana.calls(TestRequest::get().uri("/api/me"))).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "busy"));
    let answer = house.ask(ana.asks(TestRequest::get().uri("/api/me"))).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "busy"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(house.post("/api/register", registration("bia")).await.status, 503);
    let page = ana.asks(TestRequest::get().uri("/rooms/sala-1")).insert_header(("accept", "text/html"));
    let page = house.ask(page.insert_header(("accept-language", "en"))).await;
    assert_eq!((page.status, page.header("retry-after")), (503, "1"));
    assert!(page.text().contains("Back in a moment"), "people get a page: {}", page.text());
    assert!(page.header("content-security-policy").starts_with("default-src 'none'"));
}
