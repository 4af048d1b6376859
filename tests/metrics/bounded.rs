//! No client makes a new label.

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::common::{House, TestServer};
use super::scrape::scrape;

/// Asks for `what` on a connection of its own, as whoever invents methods does; the status.
pub async fn asks(papo: &House, what: &str) -> u16 {
    let mut connection = TcpStream::connect(papo.addr).await.unwrap();
    let request = format!("{what} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    // A server that does not like the rest of a request may reset it.
    let _ = connection.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).split_whitespace().nth(1).unwrap_or_default().parse().unwrap_or_default()
}

/// All that a stranger can invent, `n` times.
async fn invents(papo: &House, ana: &mut super::common::Client, n: std::ops::Range<usize>) {
    for n in n.clone() {
        ana.gives(json!({"type": format!("voar.{n}")})).await;
    }
    for _ in n.clone() {
        assert_eq!(ana.next_answer().await["code"], "unknown_type");
    }
    let all: Vec<usize> = n.collect();
    for some in all.chunks(50) {
        let paths = some.iter().map(async |n| asks(papo, &format!("GET /nada/{n}/mais")).await);
        assert!(join_all(paths).await.iter().all(|status| *status == 404));
        let names = some.iter().map(async |n| asks(papo, &format!("GET /api/users/u{n}")).await);
        assert!(join_all(names).await.iter().all(|status| *status == 401));
        let methods = some.iter().map(async |n| asks(papo, &format!("VOAR{n} /api/me")).await);
        assert!(join_all(methods).await.iter().all(|status| [403, 405].contains(status)));
        let methods = some.iter().map(async |n| asks(papo, &format!("VOAR{n} /nada/{n}")).await);
        assert!(join_all(methods).await.iter().all(|status| [403, 404].contains(status)));
    }
}

#[actix_web::test]
async fn a_thousand_invented_paths_methods_and_commands_make_no_series_that_was_not_there() {
    let papo = TestServer::unlimited().await;
    let mut ana = papo.join("ana", "sala-1").await;
    invents(&papo, &mut ana, 0..2).await;
    scrape(&papo).await;
    let before = scrape(&papo).await;
    invents(&papo, &mut ana, 2..1002).await;
    let after = scrape(&papo).await;
    let new: Vec<_> = after.series().difference(&before.series()).map(|series| (*series).to_owned()).collect();
    assert!(new.is_empty(), "{new:?}");
    let counted = |name: &str| after.value(name) - before.value(name);
    assert_eq!(counted("papo_commands_total{type=\"unknown\",outcome=\"unknown_type\"}"), 1000.0);
    assert_eq!(counted("papo_http_requests_total{route=\"none\",method=\"GET\",status=\"404\"}"), 1000.0);
    assert_eq!(counted("papo_http_requests_total{route=\"/api/users/{username}\",method=\"GET\",status=\"401\"}"), 1000.0);
    let asked = "papo_http_request_duration_seconds_count{route=\"none\"}";
    assert_eq!(counted(asked), 2000.0, "also with methods that nobody has heard of");
}
