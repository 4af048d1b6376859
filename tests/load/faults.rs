//! Whoever breaks a promise is found out and named, and the exit code is 1.

use super::common::Process;
use super::proxy::{self, Fault};
use super::*;

const LOAD: &str = "--sockets 12 --rooms 2 --rate 20 --for 2s --settle 2s --json";

#[actix_web::test]
async fn a_frame_that_is_dropped_is_lost_and_named() {
    let papo = open_house().await;
    let network = proxy::with(papo.addr, Fault::Drop, 60);
    let told = told(&drives(network, LOAD), 1);
    let (count, named) = broken(&told, "lost");
    assert_eq!((&told["verdict"], count), (&"broken".into(), 1), "{told}");
    assert!(named.contains("load-") && named.contains(" seq ") && named.contains(": missed by load-"), "{named}");
    assert_eq!(told["broken"].as_array().unwrap().len(), 1, "and nothing else: {told}");
}

#[actix_web::test]
async fn the_last_frame_that_is_dropped_is_lost_too() {
    let papo = open_house().await;
    // Two messages a second in one room of three: eight deliveries in two seconds, of which the eighth is the last.
    let network = proxy::with(papo.addr, Fault::Drop, 8);
    let output = drives(network, "--sockets 3 --rooms 1 --rate 2 --for 1800ms --settle 2s");
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{out}");
    assert!(out.starts_with("BROKEN: 1 lost\n") && out.contains("LOST 1: ") && out.contains("seq 4: missed by"), "{out}");
}

#[actix_web::test]
async fn a_frame_that_comes_twice_is_a_double() {
    let papo = open_house().await;
    let told = told(&drives(proxy::with(papo.addr, Fault::Repeat, 60), LOAD), 1);
    assert_eq!((broken(&told, "doubled").0, told["broken"].as_array().unwrap().len()), (1, 1), "{told}");
    assert!(broken(&told, "doubled").1.contains(" again"));
}

#[actix_web::test]
async fn frames_that_change_places_are_out_of_order() {
    let papo = open_house().await;
    let told = told(&drives(proxy::with(papo.addr, Fault::Swap, 60), LOAD), 1);
    assert_eq!((broken(&told, "disordered").0, told["broken"].as_array().unwrap().len()), (1, 1), "{told}");
}

#[actix_web::test]
async fn a_text_that_changes_on_the_way_is_altered() {
    let papo = open_house().await;
    let told = told(&drives(proxy::with(papo.addr, Fault::Change, 60), LOAD), 1);
    assert_eq!((broken(&told, "altered").0, told["broken"].as_array().unwrap().len()), (1, 1), "{told}");
}

#[actix_web::test]
async fn a_server_that_is_killed_breaks_every_connection() {
    let mut papo = Process::start(&["--guests", "--limits", "off"]);
    let running = Running::begins(papo.addr, "--sockets 20 --rooms 2 --rate 200 --for 1m --json");
    papo.kill_9();
    let told = told(&running.ends(), 1);
    let (count, named) = broken(&told, "cut");
    assert_eq!((count, told["closes"]["1006"].as_u64()), (20, Some(20)), "{told}");
    assert!(named.contains("load-") && named.contains(" in load-"), "{named}");
    assert!(told["run_ms"].as_u64().unwrap() < 30_000, "it does not go on when nobody is there");
}
