//! Who gets a socket, and what it is told first.

use serde_json::json;

use crate::common::{Client, Greeting, TestServer};

#[actix_web::test]
async fn without_a_login_there_is_no_socket() {
    let papo = TestServer::start().await;
    for greeting in [
        Greeting::default(),
        Greeting::default().with("Origin", papo.origin()),
        Greeting::default().with("Authorization", "Bearer nada"),
        Greeting::default().with("Authorization", "Bearer "),
        Greeting::default().with("Cookie", "id=nada").with("Origin", papo.origin()),
    ] {
        let refused = Client::connect(papo.addr, &greeting).await.err();
        assert_eq!(refused.as_deref(), Some("401"), "{greeting:?}");
    }
}

#[actix_web::test]
async fn a_cookie_counts_only_with_an_origin_of_ours() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let foreign = [
        "https://mau.example",
        "null",
        "",
        "http://127.0.0.1:1",
        &format!("{}.mau.example", papo.origin()),
        &papo.origin().replace("http", "https"),
    ];
    assert_eq!(Client::connect(papo.addr, &Greeting::by_cookie(&ana)).await.err().as_deref(), Some("403"), "no origin");
    for origin in foreign {
        let greeting = Greeting::by_cookie(&ana).with("Origin", origin);
        assert_eq!(Client::connect(papo.addr, &greeting).await.err().as_deref(), Some("403"), "{origin:?}");
    }
    let own = Greeting::by_cookie(&ana).with("Origin", papo.origin());
    assert_eq!(Client::connect(papo.addr, &own).await.unwrap().name, "ana");
}

#[actix_web::test]
async fn a_header_that_is_no_token_does_not_make_a_cookie_count() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    for authorization in ["Basic bWF1Om1hdQ==", "Bearer", "Bearer nada", "x"] {
        let greeting = Greeting::by_cookie(&ana).with("Authorization", authorization).with("Origin", "https://mau.example");
        let refused = Client::connect(papo.addr, &greeting).await.err();
        assert!(matches!(refused.as_deref(), Some("401" | "403")), "{authorization:?} {refused:?}");
    }
}

#[actix_web::test]
async fn a_token_needs_no_origin() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    assert_eq!(papo.connect(&ana).await.name, "ana");
}

#[actix_web::test]
async fn hello_tells_what_a_client_must_know() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let (one, two) = (papo.connect(&ana).await, papo.connect(&ana).await);
    let hello = &one.hello;
    assert_eq!((&hello["user"]["username"], &hello["user"]["name"]), (&json!("ana"), &json!("ana Silva")));
    assert!(hello["ping_ms"].as_u64().is_some_and(|ms| ms >= 1000), "{hello}");
    assert!(hello["limits"].is_object() && hello["version"].is_string() && hello["rooms"].is_array(), "{hello}");
    assert_ne!(hello["session"], two.hello["session"]);
    assert!(!hello.to_string().contains(&ana.token));
}

#[actix_web::test]
async fn an_address_that_is_no_handshake_is_refused() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let reply = papo.get("/ws").by(&ana).go().await;
    assert!((400..500).contains(&reply.status), "{}", reply.status);
    let reply = papo.post("/ws").by(&ana).go().await;
    assert!((400..500).contains(&reply.status), "{}", reply.status);
    let headers = [
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "12"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ];
    let old = headers.into_iter().fold(papo.get("/ws").by(&ana), |request, (name, value)| request.with(name, value)).go().await;
    assert!((400..=426).contains(&old.status), "{}", old.status);
}

#[actix_web::test]
async fn too_many_sockets_of_one_user_are_turned_away_and_a_closed_one_frees_its_place() {
    let papo = TestServer::with(|settings| settings.bounds.sockets_per_user_max = 3).await;
    let (ana, bia) = (papo.register("ana").await, papo.register("bia").await);
    let one = papo.connect(&ana).await;
    let mut two = papo.connect(&ana).await;
    let _three = papo.connect(&ana).await;
    assert_eq!(Client::connect(papo.addr, &Greeting::by(&ana)).await.err().as_deref(), Some("4503"));
    let other_login = papo.sign_in("ana").await;
    assert_eq!(Client::connect(papo.addr, &Greeting::by(&other_login)).await.err().as_deref(), Some("4503"));
    papo.connect(&bia).await;
    two.does(json!({"type": "ping"})).await;
    one.vanishes();
    let free = async || Client::connect(papo.addr, &Greeting::by(&ana)).await.is_ok();
    crate::common::until("a place is free", crate::common::DEADLINE, free).await;
}

#[actix_web::test]
async fn too_many_sockets_of_one_address_are_turned_away_and_the_pages_still_answer() {
    let papo = TestServer::with(|settings| settings.bounds.sockets_per_address_max = 3).await;
    let (ana, bia) = (papo.register("ana").await, papo.register("bia").await);
    let _held = [papo.connect(&ana).await, papo.connect(&ana).await, papo.connect(&bia).await];
    let refused = Client::connect(papo.addr, &Greeting::by(&bia)).await.err().expect("it is turned away");
    assert!(["429", "503", "4503"].contains(&refused.as_str()), "{refused}");
    papo.get("/healthz").go().await.is(200);
}

#[actix_web::test]
async fn past_the_cap_of_the_server_sockets_get_503_and_health_still_answers() {
    let papo = TestServer::with(|settings| settings.bounds.sockets_max = 2).await;
    let (ana, bia) = (papo.register("ana").await, papo.register("bia").await);
    let _held = [papo.connect(&ana).await, papo.connect(&bia).await];
    assert_eq!(Client::connect(papo.addr, &Greeting::by(&bia)).await.err().as_deref(), Some("503"));
    papo.get("/healthz").go().await.is(200);
    papo.get("/readyz").go().await.is(200);
}
