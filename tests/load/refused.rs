//! A test that cannot run says why in a sentence, and the exit code is 2.

use super::common::run;
use super::*;

#[track_caller]
fn refused(output: &Output, words: &str) {
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!((output.status.code(), &*out), (Some(2), ""), "{error}");
    let last = error.trim_end().lines().last().unwrap_or_default();
    assert!(last.starts_with("papo load: ") && last.contains(words), "{words:?} in {error}");
}

#[actix_web::test]
async fn a_server_that_is_not_there_or_is_none() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    refused(&drives(nobody, ""), "no server answers on");
    let papo = open_house().await;
    let dir = tempfile::tempdir().unwrap();
    refused(&run(dir.path(), &["load", "--url", "https://papo.example"]), "TLS is the proxy's");
    refused(&run(dir.path(), &["load", "--url", "papo.example"]), "is not http://HOST:PORT");
    refused(&drives(papo.addr, "--pid 4194305"), "there is no process 4194305");
    refused(&drives(papo.addr, "--sockets 1000000"), "open files");
    refused(&drives(papo.addr, "--report /nowhere/out.html"), "/nowhere/out.html cannot be written");
}

#[actix_web::test]
async fn a_server_that_lets_in_neither_guests_nor_these_accounts() {
    let papo = TestServer::start().await;
    refused(&drives(papo.addr, ""), "start it with --guests, or name accounts with --accounts FILE");
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("accounts");
    let words = format!("--accounts {}", file.display());
    refused(&drives(papo.addr, &words), "cannot be read");
    std::fs::write(&file, "ana goiabada com queijo\n").unwrap();
    refused(&drives(papo.addr, &words), "the server does not sign in ana: 401");
    papo.register("ana").await;
    refused(&drives(papo.addr, &words), "1 accounts cannot be in 5 rooms");
    refused(&drives(papo.addr, &(words + " --sockets 11 --rooms 1")), "no more sockets of one user");
}

#[actix_web::test]
async fn a_server_that_counts_names_the_setting() {
    let papo = TestServer::with(|settings| settings.guests.allowed = true).await;
    refused(&drives(papo.addr, "--sockets 101"), "--limits off");
    let papo = TestServer::with(|settings| {
        settings.guests.allowed = true;
        settings.bounds.sockets_per_address_max = 10;
    })
    .await;
    refused(&drives(papo.addr, "--sockets 11"), "start it with --limits off");
}

#[actix_web::test]
async fn messages_that_are_refused_by_rate_are_counted_and_explained() {
    let papo = TestServer::with(|settings| settings.guests.allowed = true).await;
    let output = drives(papo.addr, "--sockets 2 --rooms 1 --rate 100 --for 2s");
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "no promise was broken: {out}");
    assert!(
        out.starts_with("HELD, BUT DID NOT TAKE ALL OF IT") && out.contains("refused by rate") && out.contains("--limits off"),
        "{out}"
    );
}

#[test]
fn options_that_make_no_sense() {
    let nobody = "127.0.0.1:9".parse().unwrap();
    for wrong in [
        "--sockets 0",
        "--rooms 5000",
        "--rate 0",
        "--bytes 15",
        "--for 10",
        "--shape round",
        "--from here",
        "--listen 1.2.3.4:5",
    ] {
        let output = drives(nobody, wrong);
        let error = String::from_utf8_lossy(&output.stderr);
        let option = wrong.split(' ').next().unwrap();
        assert!(output.status.code() == Some(2) && error.contains(option), "{wrong}: {error}");
    }
}
