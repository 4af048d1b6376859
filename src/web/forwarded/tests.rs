//! Tests of `web/forwarded`: who counts as the client, and how it came.

use actix_web::test::TestRequest;

use super::*;

/// Our proxies: this machine, a network, and one by IPv6.
const PROXIES: [&str; 4] = ["127.0.0.1", "10.0.0.0/8", "fd00::/8", "::1"];

fn trusted() -> Vec<Network> {
    PROXIES.map(|network| network.parse().unwrap()).to_vec()
}

fn request(peer: &str, headers: &[(&str, &str)]) -> HttpRequest {
    let request = TestRequest::get().peer_addr(SocketAddr::new(peer.parse().unwrap(), 4711)).uri("http://papo.internal/");
    headers.iter().fold(request, |request, header| request.append_header(*header)).to_http_request()
}

fn of(peer: &str, headers: &[(&str, &str)]) -> String {
    client(&request(peer, headers), &trusted()).to_string()
}

fn x_forwarded(line: &str) -> String {
    of("127.0.0.1", &[("x-forwarded-for", line)])
}

fn forwarded(line: &str) -> String {
    of("127.0.0.1", &[("forwarded", line)])
}

#[test]
fn who_is_no_proxy_of_ours_is_believed_nothing() {
    for header in [("x-forwarded-for", "192.0.2.1"), ("forwarded", "for=192.0.2.1")] {
        assert_eq!(of("198.51.100.7", &[header]), "198.51.100.7");
        assert_eq!(client(&request("127.0.0.1", &[header]), &[]).to_string(), "127.0.0.1");
        assert_eq!(client(&TestRequest::get().append_header(header).to_http_request(), &trusted()).to_string(), "0.0.0.0");
    }
    assert_eq!(of("127.0.0.1", &[]), "127.0.0.1");
}

#[test]
fn the_client_is_the_right_most_hop_that_is_no_proxy_of_ours() {
    assert_eq!(x_forwarded("192.0.2.1"), "192.0.2.1");
    assert_eq!(x_forwarded("6.6.6.6, 192.0.2.1"), "192.0.2.1");
    assert_eq!(x_forwarded("6.6.6.6, 192.0.2.1, 10.1.1.1, 10.2.2.2"), "192.0.2.1");
    assert_eq!(x_forwarded("10.3.3.3, 6.6.6.6, 10.1.1.1"), "6.6.6.6");
    // Someone on one of the proxies asks: the whole chain is ours.
    assert_eq!(x_forwarded("10.3.3.3, 10.1.1.1"), "10.3.3.3");
    assert_eq!(of("fd00::9", &[("x-forwarded-for", "2001:db8::1, fd00::8")]), "2001:db8::1");
}

#[test]
fn addresses_are_read_in_every_form_that_proxies_write() {
    for (written, read) in [
        ("192.0.2.1:50123", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("[::ffff:192.0.2.1]:50123", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        (" \t192.0.2.1 \t", "192.0.2.1"),
        ("192.0.2.9,,192.0.2.1, ,", "192.0.2.1"),
        ("192.0.2.1, ::ffff:10.1.1.1", "192.0.2.1"),
    ] {
        assert_eq!(x_forwarded(written), read, "{written:?}");
    }
    assert_eq!(of("::ffff:127.0.0.1", &[("x-forwarded-for", "192.0.2.1")]), "192.0.2.1");
    assert_eq!(of("::ffff:198.51.100.7", &[("x-forwarded-for", "192.0.2.1")]), "198.51.100.7");
}

#[test]
fn a_hop_that_cannot_be_read_is_nobody_and_its_proxy_counts() {
    for garbage in
        ["", " ", ",", "unknown", "_hidden", "192.0.2.1.5", "192.0.2.1:port", "[2001:db8::1", "\"192.0.2.1\"", "x\u{e9}"]
    {
        assert_eq!(x_forwarded(garbage), "127.0.0.1", "{garbage:?}");
        assert_eq!(x_forwarded(&format!("6.6.6.6, {garbage}, 192.0.2.1")), "192.0.2.1", "{garbage:?}");
    }
    assert_eq!(x_forwarded("6.6.6.6, unknown, 10.1.1.1"), "10.1.1.1");
    assert_eq!(x_forwarded(&format!("{}192.0.2.1", "6.6.6.6, ".repeat(3000))), "192.0.2.1");
}

#[test]
fn many_lines_of_a_header_are_one_chain() {
    let lines = |lines: &[&str]| {
        let headers: Vec<_> = lines.iter().map(|line| ("x-forwarded-for", *line)).collect();
        of("127.0.0.1", &headers)
    };
    assert_eq!(lines(&["6.6.6.6", "192.0.2.1"]), "192.0.2.1");
    assert_eq!(lines(&["6.6.6.6, 192.0.2.1", "10.1.1.1"]), "192.0.2.1");
    assert_eq!(lines(&["6.6.6.6", "", "10.1.1.1"]), "6.6.6.6");
}

#[test]
fn forwarded_says_the_same_in_its_own_words() {
    for (written, read) in [
        ("for=192.0.2.1", "192.0.2.1"),
        ("For=\"192.0.2.1:4711\";proto=https;by=203.0.113.1", "192.0.2.1"),
        ("proto=https; host=\"a,b;c\" ;FOR=\"[2001:db8::1]:4711\"", "2001:db8::1"),
        ("for=6.6.6.6, for=192.0.2.1,for=10.1.1.1", "192.0.2.1"),
        ("for=192.0.2.1, ,", "192.0.2.1"),
        ("for=\"\\192.0.2.1\"", "192.0.2.1"),
        ("for=6.6.6.6, for=unknown, for=10.1.1.1", "10.1.1.1"),
        ("for=6.6.6.6, proto=https", "127.0.0.1"),
        ("", "127.0.0.1"),
    ] {
        assert_eq!(forwarded(written), read, "{written:?}");
    }
}

#[test]
fn what_is_quoted_cannot_pass_for_a_hop_nor_swallow_one() {
    // What a client writes, and what the proxy makes of it by writing behind it.
    for theirs in [
        "for=\"6.6.6.6",
        "for=6.6.6.6, for=\"",
        "for=6.6.6.6;host=\"",
        "for=6.6.6.6;x",
        "for=6.6.6.6 x",
        "for=\"6.6.6.6\"x",
        "6.6.6.6",
        "\"",
    ] {
        for ours in ["for=192.0.2.1", "for=\"[2001:db8::1]:1\"", "for=192.0.2.1;host=\"papo.example\"", "host=\"\";for=192.0.2.1"]
        {
            assert_eq!(forwarded(&format!("{theirs}, {ours}")), "127.0.0.1", "{theirs} {ours}");
        }
    }
    // The host is the client's word in the proxy's mouth.
    assert_eq!(forwarded("for=192.0.2.1;host=\"x\\\",for=6.6.6.6;y=\\\"\""), "192.0.2.1");
    assert_eq!(forwarded("for=192.0.2.1;host=\"x,for=6.6.6.6\""), "192.0.2.1");
}

#[test]
fn two_headers_that_differ_say_nothing() {
    let both = |x: &str, forwarded: &str| of("127.0.0.1", &[("x-forwarded-for", x), ("forwarded", forwarded)]);
    assert_eq!(both("192.0.2.1", "for=192.0.2.1"), "192.0.2.1");
    assert_eq!(both("192.0.2.1", "for=6.6.6.6"), "127.0.0.1");
    assert_eq!(both("6.6.6.6", "for=192.0.2.1"), "127.0.0.1");
    assert_eq!(both("192.0.2.1", "garbage"), "127.0.0.1");
}

#[test]
fn scheme_and_host_are_the_proxys_word_only_where_that_is_trusted() {
    let said = [("host", "inside:8080"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "papo.example")];
    assert_eq!(asked(&request("127.0.0.1", &said), &trusted()), Asked { https: true, host: "papo.example" });
    assert_eq!(asked(&request("198.51.100.7", &said), &trusted()), Asked { https: false, host: "inside:8080" });
    assert_eq!(asked(&request("127.0.0.1", &said[..1]), &trusted()), Asked { https: false, host: "inside:8080" });
    assert_eq!(asked(&request("127.0.0.1", &[]), &trusted()), Asked { https: false, host: "papo.internal" });
    for unclear in [("x-forwarded-proto", "https, http"), ("x-forwarded-proto", ""), ("x-forwarded-proto", "wss")] {
        assert!(!asked(&request("127.0.0.1", &[unclear]), &trusted()).https, "{unclear:?}");
    }
    let twice = [("host", "a"), ("x-forwarded-host", "b"), ("x-forwarded-host", "c")];
    assert_eq!(asked(&request("127.0.0.1", &twice), &trusted()).host, "a");
}
