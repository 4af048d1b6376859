//! Who may read it, in which form, and when.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use papo::settings::{Readers, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::common::{Process, Raw, TestServer, command, output_of};
use super::scrape::{Scrape, scrape};

const TOKEN: &str = "goiabada-com-queijo";

fn with_token(settings: &mut Settings) {
    settings.metrics.token = Some(TOKEN.into());
}

#[actix_web::test]
async fn whoever_connects_from_the_machine_reads_it_in_the_form_they_ask_for() {
    let papo = TestServer::start().await;
    let plain = papo.get("/metrics").with("Accept-Encoding", "gzip, br").go().await.is(200);
    assert_eq!(plain.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    assert_eq!(plain.header("content-encoding"), "", "a scrape every second is not to be compressed");
    assert!(plain.text().contains("# TYPE papo_commands_total counter\n"), "{}", plain.text());
    let asked = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.1";
    let newer = papo.get("/metrics").with("Accept", asked).go().await.is(200);
    assert_eq!(newer.header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert!(newer.text().contains("# TYPE papo_commands counter\n") && newer.text().ends_with("# EOF\n"), "{}", newer.text());
    let head = papo.asked("HEAD", "/metrics").go().await.is(200);
    assert!(head.body.is_empty() && head.header("content-type").starts_with("text/plain"));
    papo.post("/metrics").go().await.refuses(405, "method_not_allowed");
}

#[actix_web::test]
async fn whoever_comes_by_way_of_a_proxy_needs_the_token_also_where_the_proxy_is_trusted() {
    let closed = TestServer::start().await;
    let trusting = TestServer::with(|settings| {
        settings.reach.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    });
    for papo in [&closed, &trusting.await] {
        for (name, value) in [("X-Forwarded-For", "127.0.0.1"), ("Forwarded", "for=127.0.0.1"), ("Via", "1.1 proxy")] {
            papo.get("/metrics").with(name, value).go().await.refuses(403, "forbidden");
        }
    }
    let open = TestServer::with(with_token).await;
    let asks = |token: Option<&str>| {
        let request = open.get("/metrics").with("X-Forwarded-For", "192.0.2.1");
        token.map_or_else(
            || open.get("/metrics").with("X-Real-IP", "192.0.2.1"),
            |token| request.with("Authorization", format!("Bearer {token}")),
        )
    };
    let refused = asks(None).go().await.refuses(401, "unauthenticated");
    assert_eq!(refused.header("www-authenticate"), "Bearer");
    for wrong in ["", "goiabada-com-queij", "goiabada-com-queijo!"] {
        asks(Some(wrong)).go().await.refuses(401, "unauthenticated");
    }
    assert!(asks(Some(TOKEN)).go().await.is(200).text().contains("papo_build_info"));
    scrape(&open).await;
    let garbled = open.get("/metrics").with("Authorization", "Bearer goiabada-com-pão").go().await;
    garbled.refuses(401, "unauthenticated");
    // The token of a user opens everything else.
    let ana = open.register("ana").await;
    open.get("/metrics").by(&ana).go().await.refuses(401, "unauthenticated");
}

#[actix_web::test]
async fn it_can_be_open_to_everyone_or_off() {
    let open = TestServer::with(|settings| settings.metrics.readers = Readers::All).await;
    open.get("/metrics").with("Via", "1.1 proxy").go().await.is(200);
    let off = TestServer::with(|settings| {
        with_token(settings);
        settings.metrics.readers = Readers::Off;
    });
    let off = off.await;
    off.get("/metrics").go().await.refuses(404, "not_found");
    off.get("/metrics").with("Authorization", format!("Bearer {TOKEN}")).go().await.refuses(404, "not_found");
}

#[actix_web::test]
async fn a_token_is_read_from_its_file_and_shown_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let file = file.to_str().unwrap();
    let papo = Process::start(&["--metrics-token-file", file, "--log-level", "trace"]);
    let asks = |token: &str| papo.get("/metrics").with("Via", "1.1 proxy").with("Authorization", format!("Bearer {token}"));
    asks(TOKEN).go().await.is(200);
    asks("errada demais, mesmo").go().await.is(401);
    assert!(!papo.log().contains(TOKEN), "{}", papo.log());
}

#[test]
fn a_token_that_could_be_guessed_or_that_nobody_could_send_stops_the_start() {
    let dir = tempfile::tempdir().unwrap();
    for (token, why) in [
        (&b"goiabada"[..], "at least 16"),
        (b"goiabada com queijo", "ASCII"),
        (b"goiabada-com-queijo\ngoiabada-com-queijo\n", "one line"),
        ("goiabada-com-pão-de-queijo".as_bytes(), "ASCII"),
        (b"goiabada-com-queijo-\xff", "token"),
    ] {
        std::fs::write(dir.path().join("token"), token).unwrap();
        let mut from_file = command(dir.path());
        from_file.args(["--listen", "127.0.0.1:0", "--metrics-token-file", "token"]);
        let mut from_variable = command(dir.path());
        from_variable.args(["--listen", "127.0.0.1:0"]).env("PAPO_METRICS_TOKEN", OsStr::from_bytes(token));
        for start in [&mut from_file, &mut from_variable] {
            let output = output_of(start);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!((output.status.code(), output.status.signal()), (Some(2), None), "{token:?}: {said}");
            assert!(said.contains(why) && said.lines().count() == 1 && !said.contains("goiabada"), "{said}");
        }
    }
}

#[actix_web::test]
async fn it_answers_while_the_server_goes_down() {
    let mut papo = Process::start(&[]);
    let who = papo.register("ana").await;
    // New connections are not taken any more by then.
    let mut kept = TcpStream::connect(papo.addr).await.unwrap();
    assert!(!asks(&mut kept).await.unwrap().contains("papo_draining 1"));
    let _slow = Raw::open_narrow(papo.addr, &who, 2048).await;
    papo.sends_signal("TERM");
    let mut answers = Vec::new();
    while let Some(answer) = asks(&mut kept).await {
        answers.push(answer);
    }
    assert!(answers.iter().any(|answer| answer.contains("papo_draining 1")), "{} answers, none while it drained", answers.len());
    assert_eq!(papo.ends_within(Duration::from_secs(10)).await.code(), Some(0));
}

/// The answer on a connection that stays open; `None` if that is gone.
async fn asks(connection: &mut TcpStream) -> Option<String> {
    connection.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").await.ok()?;
    let mut answer = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&answer).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            assert!(head.starts_with("HTTP/1.1 200 "), "{head}");
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            if body.len() >= length.parse::<usize>().unwrap() {
                return Some(Scrape::read(body.to_owned()).text);
            }
        }
        connection.read_buf(&mut answer).await.ok().filter(|read| *read > 0)?;
    }
}
