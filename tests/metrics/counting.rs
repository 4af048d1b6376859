//! Each number moves when what it counts happens.

use std::sync::Arc;

use actix_web::HttpResponse;
use papo::http::at;
use papo::settings::Switch;
use papo::{App, Builder, Command, Effect, Member, Moment, Outside, Prepared, Rejection, RoomState, User};
use serde_json::json;

use super::bounded::asks;
use super::common::{Client, DEADLINE, File, Greeting, TestServer, until};
use super::scrape::{grown, scrape};

#[actix_web::test]
async fn a_command_counts_by_its_type_and_what_became_of_it() {
    let papo = TestServer::unlimited().await;
    let (mut ana, before) = (papo.join("ana", "sala-1").await, scrape(&papo).await);
    ana.says("oi").await;
    ana.says("tudo bem?").await;
    ana.is_refused(json!({"type": "send", "text": " "}), "empty_message").await;
    ana.is_refused(json!({"type": "send", "images": ["/static/nada.png"]}), "unknown_upload").await;
    ana.does(json!({"type": "number.put", "value": 7})).await;
    ana.is_refused(json!({"type": "number.put", "value": 700}), "bad_frame").await;
    ana.is_refused(json!({"type": "voar"}), "unknown_type").await;
    ana.speaks("oi?").await;
    assert_eq!(ana.next_answer().await["code"], "bad_frame");
    ana.is_refused(json!({"type": "join", "room": "a/b"}), "bad_room").await;
    for command in ["rooms", "ping", "leave"] {
        ana.does(json!({"type": command})).await;
    }
    ana.is_refused(json!({"type": "leave"}), "not_in_room").await;
    let after = scrape(&papo).await;
    for (kind, outcome, count) in [
        ("send", "ok", 2.0),
        ("send", "empty_message", 1.0),
        ("send", "unknown_upload", 1.0),
        ("number.put", "ok", 1.0),
        ("number.put", "bad_frame", 1.0),
        ("unknown", "unknown_type", 1.0),
        ("unknown", "bad_frame", 1.0),
        ("join", "ok", 0.0),
        ("join", "bad_room", 1.0),
        ("rooms", "ok", 1.0),
        ("ping", "ok", 1.0),
        ("leave", "ok", 1.0),
        ("leave", "not_in_room", 1.0),
    ] {
        let name = format!("papo_commands_total{{type=\"{kind}\",outcome=\"{outcome}\"}}");
        assert_eq!(grown(&before, &after, &name), count, "{name}");
    }
    let total = |of: &super::scrape::Scrape| -> f64 {
        of.series().iter().filter(|series| series.starts_with("papo_commands_total")).map(|series| of.value(series)).sum()
    };
    assert_eq!(total(&after) - total(&before), 13.0, "each once");
}

#[actix_web::test]
async fn a_message_counts_for_everyone_who_hears_it_and_in_the_journal() {
    let papo = TestServer::unlimited().await;
    let mut people = Vec::new();
    for name in ["ana", "bia", "caio", "davi"] {
        people.push(papo.join(name, "sala-1").await);
    }
    let mut ana = people.remove(0);
    // All that comes of the joins has come before.
    ana.does(json!({"type": "history", "limit": 1})).await;
    let before = scrape(&papo).await;
    let text = "goiabada ".repeat(40);
    ana.says(&text).await;
    for one in &mut people {
        one.hears_among_others(json!({"type": "message", "text": text})).await;
    }
    let after = scrape(&papo).await;
    let grown = |name: &str| grown(&before, &after, name);
    assert_eq!(grown("papo_deliveries_total"), 4.0, "three hear it, and it is answered");
    let bytes = grown("papo_delivery_bytes_total");
    assert!((1200.0..2400.0).contains(&bytes), "{bytes}");
    assert_eq!(grown("papo_frame_bytes_sum{direction=\"out\"}"), bytes);
    assert_eq!(grown("papo_frame_bytes_bucket{direction=\"out\",le=\"128\"}"), 1.0, "the answer is short");
    assert_eq!(grown("papo_frame_bytes_bucket{direction=\"out\",le=\"1024\"}"), 4.0);
    assert_eq!(grown("papo_frame_bytes_count{direction=\"in\"}"), 1.0);
    assert!(grown("papo_frame_bytes_sum{direction=\"in\"}") > 360.0);
    assert_eq!(grown("papo_journal_batch_events_sum"), 1.0);
    assert_eq!(grown("papo_journal_commit_seconds_count"), 1.0);
    assert!(grown("papo_journal_commit_seconds_sum") > 0.0);
    assert_eq!((grown("papo_journal_failures_total"), after.value("papo_journal_waiting_events")), (0.0, 0.0));
}

#[actix_web::test]
async fn who_is_here_is_told_as_it_is_and_who_goes_counts_by_the_close_code() {
    let papo = TestServer::with(|settings| {
        settings.guests.allowed = true;
        settings.bounds.sockets_per_user_max = 2;
    });
    let papo = papo.await;
    let ana = papo.register("ana").await;
    let (one, mut two) = (papo.enter(&ana, "quintal").await, papo.enter(&ana, "quintal").await);
    let bia = papo.guest("bia").await;
    papo.post("/join").by(&bia).json(json!({"room": "sala-1"})).await.is(200);
    let now = scrape(&papo).await;
    let told = |name: &str| now.value(name);
    assert_eq!((told("papo_sockets{kind=\"socket\"}"), told("papo_sockets{kind=\"poller\"}")), (2.0, 1.0));
    assert_eq!((told("papo_users"), told("papo_guests"), told("papo_members")), (2.0, 1.0, 2.0));
    assert_eq!((told("papo_rooms"), told("papo_rooms_open")), (4.0, 2.0));
    assert_eq!(told("papo_sockets_opened_total{kind=\"socket\"}"), 2.0);
    let third = Client::connect(papo.addr, &Greeting::by(&ana)).await;
    assert_eq!(third.err().as_deref(), Some("4503"));
    one.closes().await;
    papo.sign_out(&ana).await;
    two.is_closed_with(4501).await;
    papo.post("/leave").by(&bia).json(json!({"room": "sala-1"})).await.is(200);
    until("everyone is gone", DEADLINE, async || {
        let now = scrape(&papo).await;
        ["papo_users", "papo_members", "papo_sockets{kind=\"socket\"}"].iter().all(|name| now.value(name) == 0.0)
    })
    .await;
    let now = scrape(&papo).await;
    for (close, count) in [
        ("code=\"1000\",reason=\"closed\"", 2.0),
        ("code=\"4501\",reason=\"signed out\"", 1.0),
        ("code=\"4503\",reason=\"too many sockets\"", 1.0),
    ] {
        assert_eq!(now.value(&format!("papo_sockets_closed_total{{{close}}}")), count, "{close}");
    }
    assert_eq!(now.value("papo_sockets_refused_total{reason=\"user\"}"), 1.0);
}

#[actix_web::test]
async fn sockets_that_are_not_let_in_count_by_the_reason() {
    let papo = TestServer::with(|settings| settings.bounds.sockets_max = 1).await;
    let (ana, bia) = (papo.register("ana").await, papo.register("bia").await);
    let _here = papo.connect(&ana).await;
    assert!(Client::connect(papo.addr, &Greeting::by(&bia)).await.is_err());
    assert_eq!(scrape(&papo).await.value("papo_sockets_refused_total{reason=\"full\"}"), 1.0);
}

#[actix_web::test]
async fn a_request_counts_by_its_route_method_and_status() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    papo.get("/api/users/ana").by(&ana).go().await.is(200);
    papo.get("/api/users/ninguem").by(&ana).go().await.is(404);
    papo.get("/api/users/ana").go().await.is(401);
    papo.asked("HEAD", "/api/me").by(&ana).go().await.is(200);
    papo.asked("PATCH", "/api/me").by(&ana).go().await.is(405);
    papo.get("/nada").go().await.is(404);
    papo.post("/api/rooms").with("Origin", "https://other.example").by_cookie(&ana).json(json!({"title": "x"})).await.is(403);
    let _socket = papo.enter(&ana, "sala-1").await;
    let now = scrape(&papo).await;
    for (route, method, status) in [
        ("/api/register", "POST", 201),
        ("/api/users/{username}", "GET", 200),
        ("/api/users/{username}", "GET", 404),
        ("/api/users/{username}", "GET", 401),
        ("/api/me", "HEAD", 200),
        ("/api/me", "PATCH", 405),
        ("none", "GET", 404),
        ("/api/rooms", "POST", 403),
        ("/ws", "GET", 101),
    ] {
        let name = format!("papo_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}");
        assert_eq!(now.value(&name), 1.0, "{name} in {}", now.text);
    }
    assert_eq!(now.value("papo_http_request_duration_seconds_count{route=\"/api/users/{username}\"}"), 3.0);
    assert!(now.value("papo_http_request_duration_seconds_sum{route=\"/api/register\"}") > 0.001, "it hashes a password");
}

#[actix_web::test]
async fn a_request_whose_path_is_written_with_percent_signs_counts_by_the_route_that_answers_it() {
    let papo = TestServer::start().await;
    for (asked, status, method, route) in [
        ("HEAD /%6detrics", 200, "HEAD", "/metrics"),
        ("GET /%68ealthz", 200, "GET", "/healthz"),
        ("GET /api/%6de", 401, "GET", "/api/me"),
        ("PATCH /api/%6de", 405, "PATCH", "/api/me"),
        ("GET /api/%75sers/%61na", 401, "GET", "/api/users/{username}"),
        ("GET /api/users/a%2Fb", 401, "GET", "/api/users/{username}"),
        ("GET /api%2Fme", 404, "GET", "none"),
        ("GET /%6eada", 404, "GET", "none"),
    ] {
        let name = format!("papo_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}}");
        let before = scrape(&papo).await;
        assert_eq!(asks(&papo, asked).await, status, "{asked}");
        assert_eq!(grown(&before, &scrape(&papo).await, &name), 1.0, "{asked} is {name}");
    }
}

#[actix_web::test]
async fn files_and_what_the_process_takes_are_told() {
    let papo = TestServer::start().await;
    let ana = papo.register("ana").await;
    let files = [File::new("a.txt", "text/plain", "0123456789"), File::new("b.txt", "text/plain", "01234")];
    papo.post("/api/uploads").by(&ana).files(&files).await.is(201);
    let now = scrape(&papo).await;
    assert_eq!(now.value("papo_uploads_total{kind=\"file\"}"), 2.0);
    assert_eq!(now.value("papo_upload_bytes_total"), 15.0);
    assert!(now.value("papo_database_bytes{file=\"main\"}") > 0.0 && now.value("process_threads") > 1.0);
    assert!(now.value("process_resident_memory_bytes") > 1e6 && now.value("process_cpu_seconds_total") > 0.0);
    assert!((1.0..now.value("process_max_fds")).contains(&now.value("process_open_fds")));
    assert_eq!(now.value("papo_scrape_unanswered{actor=\"lobby\"}"), 0.0);
    assert!(now.value("papo_mailbox_wait_seconds{actor=\"journal\"}") > 0.0);
}

/// Panics.
#[derive(serde::Deserialize)]
struct Boom {}

impl Command for Boom {
    const NAME: &'static str = "boom.now";

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        panic!("on purpose");
    }
}

/// Panics before its room hears of it.
#[derive(serde::Deserialize)]
struct Early {}

impl Command for Early {
    const NAME: &'static str = "boom.early";

    fn prepare(self, _: &Arc<User>, _: &Outside) -> Prepared<Self> {
        panic!("on purpose");
    }

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        Ok(Vec::new())
    }
}

async fn get_boom() -> HttpResponse {
    panic!("on purpose");
}

fn booms() -> Builder {
    App::builder().command::<Boom>().command::<Early>().routes(|routes| {
        routes.service(at("/boom/{why}").get(get_boom));
    })
}

#[actix_web::test]
async fn commands_and_routes_of_an_extension_count_by_their_names_and_so_do_panics() {
    let papo = TestServer::built(booms, |settings| settings.bounds.limits = Switch::Off).await;
    let mut ana = papo.join("ana", "sala-1").await;
    ana.is_refused(json!({"type": "boom.now"}), "internal").await;
    ana.is_refused(json!({"type": "boom.early"}), "internal").await;
    let who = papo.sign_in("ana").await;
    let reply = papo.get("/boom/porque").by(&who).with("Accept", "text/html").go().await;
    assert_eq!(reply.status, 500);
    let now = scrape(&papo).await;
    assert_eq!(now.value("papo_commands_total{type=\"boom.now\",outcome=\"internal\"}"), 1.0);
    assert_eq!(now.value("papo_http_requests_total{route=\"/boom/{why}\",method=\"GET\",status=\"500\"}"), 1.0);
    for place in ["room", "prepare", "route"] {
        assert_eq!(now.value(&format!("papo_panics_total{{place=\"{place}\"}}")), 1.0, "{place}");
    }
}
