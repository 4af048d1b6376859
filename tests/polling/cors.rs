//! Pages of other sites: those of the allow list may read answers, all others may not.

use serde_json::json;

use super::common::{Reply, TestServer};
use super::poller::Poller;

const FRIEND: &str = "https://app.example";
const STRANGER: &str = "https://evil.example";
const ROUTES: [(&str, &str); 7] = [
    ("POST", "/join"),
    ("POST", "/leave"),
    ("POST", "/send"),
    ("GET", "/receive"),
    ("GET", "/user_rooms"),
    ("POST", "/api/login"),
    ("GET", "/api/rooms/sala-1/events"),
];

async fn preflight(papo: &TestServer, origin: &str, (method, path): (&str, &str)) -> Reply {
    let asked = papo.asked("OPTIONS", path).with("Origin", origin).with("Access-Control-Request-Method", method);
    asked.with("Access-Control-Request-Headers", "authorization,content-type,idempotency-key").go().await
}

fn is_allowed(reply: &Reply) -> bool {
    let origin = reply.header("access-control-allow-origin");
    assert!(origin.is_empty() || origin == FRIEND, "never another, and never *: {origin}");
    !origin.is_empty()
}

#[actix_web::test]
async fn a_page_of_the_allow_list_reads_answers_and_errors_alike() {
    let papo = TestServer::with(|settings| settings.reach.allowed_origins = vec![FRIEND.parse().unwrap()]).await;
    for route in ROUTES {
        let reply = preflight(&papo, FRIEND, route).await.is(200);
        assert!(is_allowed(&reply) && reply.header("access-control-allow-methods").contains(route.0), "{route:?}");
        assert_eq!(reply.header("access-control-allow-credentials"), "true");
        assert!(reply.header("access-control-allow-headers").contains("authorization"));
        assert!(reply.header("vary").to_ascii_lowercase().contains("origin"));
        assert!(!is_allowed(&preflight(&papo, STRANGER, route).await.refuses(400, "invalid")), "{route:?}");
    }
    let bia = Poller::new(&papo, "bia").await;
    let joined = bia.post("/join").with("Origin", FRIEND).json(json!({"room": "sala-1"})).await.is(200);
    assert!(is_allowed(&joined) && joined.header("vary").to_ascii_lowercase().contains("origin"));
    for refused in [
        bia.post("/send")
            .with("Origin", FRIEND)
            .json(json!({"room": "sala-2", "message": "x"}))
            .await
            .refuses(403, "not_in_room"),
        papo.get("/user_rooms").with("Origin", FRIEND).go().await.refuses(401, "unauthenticated"),
        papo.get("/nothing").with("Origin", FRIEND).go().await.refuses(404, "not_found"),
    ] {
        assert!(is_allowed(&refused), "{}", refused.text());
        assert_eq!(refused.header("access-control-expose-headers"), "retry-after");
    }
    bia.post("/send").with("Origin", STRANGER).json(json!({"room": "sala-1", "message": "x"})).await.refuses(403, "forbidden");
    assert!(!is_allowed(&papo.get("/user_rooms").by(&bia.who).with("Origin", STRANGER).go().await));
    assert!(!is_allowed(&papo.get("/user_rooms").by(&bia.who).with("Origin", papo.origin()).go().await.is(200)));
}

#[actix_web::test]
async fn without_an_allow_list_no_page_of_another_site_reads_anything() {
    let papo = TestServer::start().await;
    for route in ROUTES {
        assert!(!is_allowed(&preflight(&papo, FRIEND, route).await.refuses(405, "method_not_allowed")));
    }
    let bia = Poller::new(&papo, "bia").await;
    bia.post("/join").with("Origin", FRIEND).json(json!({"room": "sala-1"})).await.refuses(403, "forbidden");
    let reply = papo.get("/user_rooms").by(&bia.who).with("Origin", FRIEND).go().await.is(200);
    assert!(!is_allowed(&reply) && reply.header("vary").is_empty(), "{:?}", reply.headers);
}
