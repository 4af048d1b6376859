//! Whose word on the client counts, and what it changes.

use papo::settings::Settings;
use serde_json::json;

use crate::common::{Client, Greeting, House, Process, TestServer, registration};

/// Failed sign-ins that an address may have. PROTOCOL, "Logins".
const FAILED_MAX: usize = 10;

fn behind(proxies: &'static [&'static str]) -> impl Fn(&mut Settings) {
    move |settings| settings.reach.trusted_proxies = proxies.iter().map(|network| network.parse().unwrap()).collect()
}

/// The status of a sign-in with a wrong password, to an account that no other headers try, from `from`, with these.
async fn fails_to_sign_in(house: &House, from: [u8; 4], headers: &[(&str, &str)]) -> u16 {
    let nobody = format!("{headers:?}");
    let request = house.post("/api/login").from(from);
    let request = headers.iter().fold(request, |request, (name, value)| request.with(name, *value));
    request.json(json!({"login": nobody, "password": "errada demais"})).await.status
}

const LOOPBACK: [u8; 4] = [127, 0, 0, 1];
const OTHER: [u8; 4] = [127, 0, 0, 2];

#[actix_web::test]
async fn each_client_of_a_trusted_proxy_has_limits_of_its_own() {
    let papo = TestServer::with(behind(&["127.0.0.1"])).await;
    for n in 0..FAILED_MAX {
        // What the client itself wrote stands left of what the proxy wrote.
        let chain = format!("198.51.100.{n}, 192.0.2.1");
        assert_eq!(fails_to_sign_in(&papo, LOOPBACK, &[("x-forwarded-for", &chain)]).await, 401);
    }
    for chain in ["192.0.2.1", "6.6.6.6, 192.0.2.1:50123", "6.6.6.6, ::ffff:192.0.2.1", "6.6.6.6,192.0.2.1,,127.0.0.1"] {
        assert_eq!(fails_to_sign_in(&papo, LOOPBACK, &[("x-forwarded-for", chain)]).await, 429, "{chain}");
    }
    assert_eq!(fails_to_sign_in(&papo, LOOPBACK, &[("forwarded", "for=192.0.2.1;proto=https")]).await, 429);
    assert_eq!(fails_to_sign_in(&papo, LOOPBACK, &[("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "192.0.2.1")]).await, 429);
    assert_eq!(fails_to_sign_in(&papo, LOOPBACK, &[("x-forwarded-for", "192.0.2.2")]).await, 401);
    assert_eq!(fails_to_sign_in(&papo, LOOPBACK, &[]).await, 401, "the proxy itself");
}

#[actix_web::test]
async fn who_is_no_trusted_proxy_cannot_choose_an_address() {
    // Nobody is trusted; or someone else is.
    for proxies in [&[][..], &["127.0.0.1"]] {
        let papo = TestServer::with(behind(proxies)).await;
        for n in 0..FAILED_MAX {
            let (chain, forwarded) = (format!("192.0.2.{n}"), format!("for=192.0.2.{n}"));
            assert_eq!(fails_to_sign_in(&papo, OTHER, &[("x-forwarded-for", &chain), ("forwarded", &forwarded)]).await, 401);
        }
        assert_eq!(fails_to_sign_in(&papo, OTHER, &[("x-forwarded-for", "192.0.2.99")]).await, 429);
        assert_eq!(fails_to_sign_in(&papo, OTHER, &[("forwarded", "for=192.0.2.99")]).await, 429);
    }
}

#[actix_web::test]
async fn sockets_count_for_the_client_and_not_for_the_proxy() {
    let papo = TestServer::with(|settings| {
        behind(&["127.0.0.0/8"])(settings);
        settings.bounds.sockets_per_address_max = 1;
    })
    .await;
    let ana = papo.register("ana").await;
    let from = async |client: &str| Client::connect(papo.addr, &Greeting::by(&ana).with("X-Forwarded-For", client)).await;
    let _one = from("192.0.2.1").await.unwrap();
    assert_eq!(from("6.6.6.6, 192.0.2.1").await.err().as_deref(), Some("429"));
    let _two = from("192.0.2.2").await.unwrap();
    // A customer with IPv6 has a network, not an address.
    let _three = from("2001:db8::1").await.unwrap();
    assert_eq!(from("2001:db8::2").await.err().as_deref(), Some("429"));
    let _four = from("2001:db8:0:1::1").await.unwrap();
}

#[actix_web::test]
async fn records_name_the_client_and_not_the_proxy() {
    let papo = Process::start(&["--trusted-proxies", "127.0.0.1,10.0.0.0/8", "--log", "json"]);
    let chain = "6.6.6.6, 192.0.2.1, 10.1.1.1";
    let body = registration("ana");
    let reply = papo.post("/api/register").with("X-Forwarded-For", chain).json(body).await.is(201);
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    let greeting = Greeting::default().with("Authorization", format!("Bearer {token}")).with("X-Forwarded-For", chain);
    let socket = Client::connect(papo.addr, &greeting).await.unwrap();
    let wrong = json!({"login": "ana", "password": "errada demais"});
    papo.post("/api/login").with("X-Forwarded-For", chain).json(wrong).await.is(401);
    papo.post("/api/logout").with("Authorization", format!("Bearer {token}")).with("X-Forwarded-For", chain).go().await.is(204);
    drop(socket);
    let log = papo.log();
    let records = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let told: Vec<_> = records.filter(|record| record["address"].is_string()).collect();
    let events: Vec<_> = told.iter().map(|record| record["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["REGISTER", "LOGIN", "CONNECT", "LOGIN_FAILED", "LOGOUT"]);
    assert!(told.iter().all(|record| record["address"] == "192.0.2.1"), "{log}");
}

#[actix_web::test]
async fn a_trusted_proxy_says_by_which_scheme_and_host_our_pages_come() {
    let papo = TestServer::with(behind(&["127.0.0.1"])).await;
    let ana = papo.register("ana").await;
    let page = |origin: &'static str| Greeting::by_cookie(&ana).with("Origin", origin);
    let proxied = |origin| page(origin).with("X-Forwarded-Proto", "https").with("X-Forwarded-Host", "papo.example");
    assert_eq!(Client::connect(papo.addr, &proxied("https://papo.example")).await.unwrap().name, "ana");
    for origin in ["http://papo.example", "https://mau.example", "https://papo.example.mau.example"] {
        assert_eq!(Client::connect(papo.addr, &proxied(origin)).await.err().as_deref(), Some("403"), "{origin}");
    }
    let changes = |origin: &str| papo.post("/api/rooms").with("Cookie", ana.cookie.clone()).with("Origin", origin);
    let room = json!({"title": "Varanda"});
    let reply = changes("https://papo.example").with("X-Forwarded-Proto", "https").with("X-Forwarded-Host", "papo.example");
    reply.json(room.clone()).await.is(201);
    changes("https://papo.example").json(room.clone()).await.refuses(403, "forbidden");
    // Without TLS in front there is no page of ours with it.
    changes(&papo.origin().replace("http", "https")).json(room.clone()).await.refuses(403, "forbidden");
    changes(&papo.origin()).json(room).await.is(200);
}

#[actix_web::test]
async fn nobody_else_says_by_which_scheme_and_host_our_pages_come() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let greeting = Greeting::by_cookie(&ana).with("Origin", "https://papo.example");
    let greeting = greeting.with("X-Forwarded-Proto", "https").with("X-Forwarded-Host", "papo.example");
    assert_eq!(Client::connect(papo.addr, &greeting).await.err().as_deref(), Some("403"));
}

#[actix_web::test]
async fn cookies_follow_the_public_address_and_no_header() {
    let papo = TestServer::with(behind(&["127.0.0.1"])).await;
    let reply = papo.post("/api/register").with("X-Forwarded-Proto", "https").json(registration("ana")).await.is(201);
    assert!(!reply.cookies()[0].contains("Secure") && reply.header("strict-transport-security").is_empty());
    let papo = TestServer::with(|settings| settings.reach.public_url = Some("https://papo.example".parse().unwrap())).await;
    let reply = papo.post("/api/register").json(registration("ana")).await.is(201);
    assert!(reply.cookies()[0].starts_with("__Host-papo=") && reply.cookies()[0].contains("Secure"), "{:?}", reply.cookies());
    assert!(reply.header("strict-transport-security").starts_with("max-age="));
}
