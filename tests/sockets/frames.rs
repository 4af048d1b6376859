//! Frames that are wrong: the ones that are answered, and the ones that end a socket.

use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::common::{Account, Process, Raw, TestServer, frame, memory_kib};

const TEXT: u8 = 0x81;
const BINARY: u8 = 0x82;

const BAD: [&str; 12] = [
    "oi",
    "{",
    "[]",
    "7",
    "null",
    "\"ping\"",
    "{}",
    r#"{"type":7}"#,
    r#"{"type":"ping","id":"um"}"#,
    r#"{"type":"ping","id":1.5}"#,
    r#"{"type":"ping"}{"type":"ping"}"#,
    "\u{0}",
];

/// Sends these bytes, and says how the socket ends. A bystander must not mind.
async fn ends(papo: &TestServer, who: &Account, bytes: &[u8]) -> u16 {
    let mut raw = Raw::open(papo.addr, who).await;
    raw.writes(bytes).await;
    raw.is_closed().await
}

#[actix_web::test]
async fn a_bad_frame_is_answered_and_the_socket_lives_on() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    for bad in BAD {
        ana.speaks(bad).await;
        let answer = ana.next_answer().await;
        assert_eq!(
            (&answer["type"], &answer["code"], &answer["retry"]),
            (&json!("error"), &json!("bad_frame"), &json!(false)),
            "{bad}"
        );
    }
    ana.sends(Message::binary(b"{}".to_vec())).await;
    assert_eq!(ana.next_answer().await["code"], "bad_frame");
    ana.says("ainda aqui").await;
}

#[actix_web::test]
async fn the_number_of_a_bad_command_comes_back_where_it_could_be_read() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    for (bad, code) in [
        (r#"{"id":41}"#, "bad_frame"),
        (r#"{"id":41,"type":7}"#, "bad_frame"),
        (r#"{"id":41,"type":"send","text":7}"#, "bad_frame"),
        (r#"{"id":41,"type":"nada"}"#, "unknown_type"),
        (r#"{"id":41,"type":"numero.nada"}"#, "unknown_type"),
        (r#"{"id":41,"type":""}"#, "unknown_type"),
    ] {
        ana.speaks(bad).await;
        let answer = ana.next_answer().await;
        assert_eq!((&answer["id"], &answer["code"]), (&json!(41), &json!(code)), "{bad}");
    }
}

#[actix_web::test]
async fn unknown_fields_and_any_number_are_fine() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    for id in [0_i64, -1, i64::from(u32::MAX) + 7, 9_007_199_254_740_991] {
        ana.speaks(&json!({"type": "ping", "id": id, "novo": [1, {"x": null}]}).to_string()).await;
        let answer = ana.next_answer().await;
        assert_eq!((&answer["type"], &answer["id"]), (&json!("ok"), &json!(id)));
    }
}

#[actix_web::test]
async fn json_without_end_in_depth_is_an_error_and_no_disconnect() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let deep = format!(r#"{{"type":"send","text":{}1{}}}"#, "[".repeat(20_000), "]".repeat(20_000));
    ana.speaks(&deep).await;
    assert_eq!(ana.next_answer().await["code"], "bad_frame");
    let many = format!(r#"{{"type":"send","text":"oi","files":[{}]}}"#, vec!["\"/static/x\""; 3000].join(","));
    ana.speaks(&many).await;
    assert_eq!(ana.next_answer().await["type"], "error");
    ana.says("ainda aqui").await;
}

#[actix_web::test]
async fn twenty_bad_frames_in_a_row_end_the_socket() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    for _ in 0..3 {
        for _ in 0..19 {
            ana.speaks("oi").await;
            assert_eq!(ana.next_answer().await["code"], "bad_frame");
        }
        // A good one in between begins the count anew.
        ana.does(json!({"type": "ping"})).await;
    }
    for _ in 0..20 {
        ana.speaks("oi").await;
    }
    ana.is_closed_with(4500).await;
}

#[actix_web::test]
async fn unknown_commands_with_good_form_do_not_end_the_socket() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    for _ in 0..30 {
        ana.is_refused(json!({"type": "nada"}), "unknown_type").await;
    }
    ana.does(json!({"type": "ping"})).await;
}

#[actix_web::test]
async fn the_largest_frame_is_64_kib() {
    let papo = TestServer::unlimited().await;
    let who = papo.register("ana").await;
    let mut ana = papo.connect(&who).await;
    let of_size = |bytes: usize| {
        let empty = r#"{"type":"ping","id":7,"x":""}"#;
        empty.replace("\"\"", &format!("\"{}\"", "x".repeat(bytes - empty.len())))
    };
    ana.speaks(&of_size(64 * 1024)).await;
    assert_eq!(ana.next_answer().await["type"], "ok");
    ana.speaks(&of_size(64 * 1024 + 1)).await;
    ana.is_closed_with(1009).await;
}

#[actix_web::test]
async fn a_message_in_fragments_is_put_together_up_to_64_kib() {
    let papo = TestServer::unlimited().await;
    let who = papo.register("ana").await;
    let mut raw = Raw::open(papo.addr, &who).await;
    assert_eq!(raw.reads().await.unwrap().opcode, 1, "hello");
    raw.sends(0x01, br#"{"type":"#).await;
    raw.sends(0x89, b"eco").await;
    raw.sends(0x00, br#""ping","#).await;
    raw.sends(0x80, br#""id":7}"#).await;
    let (mut pong, mut ok) = (false, false);
    while !(pong && ok) {
        let frame = raw.reads().await.expect("the socket lives on");
        pong |= frame.opcode == 10 && frame.payload == b"eco";
        ok |= frame.opcode == 1 && String::from_utf8_lossy(&frame.payload).contains(r#""id":7"#);
    }
    raw.sends(0x01, &vec![b' '; 40 * 1024]).await;
    raw.sends(0x80, &vec![b' '; 40 * 1024]).await;
    assert_eq!(raw.is_closed().await, 1009);
}

#[actix_web::test]
async fn a_header_that_promises_too_much_is_refused_before_a_byte_of_it_comes() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    for length in [64 * 1024 + 1, 1 << 31, 1 << 62, u64::MAX >> 1] {
        let mut header = vec![TEXT, 0xFF];
        header.extend(u64::to_be_bytes(length));
        header.extend([0; 4]);
        let mut raw = Raw::open(papo.addr, &who).await;
        raw.writes(&header).await;
        let ended = tokio::time::timeout(std::time::Duration::from_secs(5), raw.is_closed()).await;
        assert_eq!(ended, Ok(1009), "{length}");
    }
}

#[actix_web::test]
async fn a_frame_that_is_far_too_large_takes_no_memory() {
    let papo = Process::start(&[]);
    let who = papo.register("ana").await;
    let mut raw = Raw::open(papo.addr, &who).await;
    raw.reads().await.expect("hello");
    let before = memory_kib(papo.pid());
    let mut header = vec![TEXT, 0xFF];
    header.extend(u64::to_be_bytes(1 << 30));
    header.extend([0; 4]);
    raw.writes(&header).await;
    for _ in 0..64 {
        // The server may be gone, or read no more.
        let _ = tokio::time::timeout(std::time::Duration::from_millis(200), raw.writes(&vec![b'x'; 1 << 20])).await;
    }
    let grown = memory_kib(papo.pid()).saturating_sub(before);
    assert!(grown < 4 * 1024, "{grown} KiB more after 64 MiB of one frame");
    papo.get("/healthz").go().await.is(200);
}

#[actix_web::test]
async fn text_that_is_not_utf_8_ends_the_socket_with_1007() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    assert_eq!(ends(&papo, &who, &frame(TEXT, b"{\"type\":\"ping\xff\"}")).await, 1007);
    assert_eq!(ends(&papo, &who, &frame(TEXT, b"\xed\xa0\x80")).await, 1007);
    let split = [frame(0x01, b"\xf0\x9f"), frame(0x80, b"\x28\x28")].concat();
    assert_eq!(ends(&papo, &who, &split).await, 1007, "split over fragments");
}

#[actix_web::test]
async fn a_character_may_be_split_over_fragments() {
    let papo = TestServer::start().await;
    let (who, mut bia) = (papo.register("ana").await, papo.join("bia", "sala-1").await);
    let mut raw = Raw::open(papo.addr, &who).await;
    raw.says(r#"{"type":"join","room":"sala-1"}"#).await;
    bia.hears(json!({"type": "member_joined"})).await;
    let text = r#"{"type":"send","text":"🙂"}"#.as_bytes();
    let middle = text.len() - 4;
    raw.sends(0x01, &text[..middle]).await;
    raw.sends(0x80, &text[middle..]).await;
    bia.hears_message("ana", "🙂").await;
}

#[actix_web::test]
async fn what_rfc_6455_forbids_ends_the_socket_with_1002() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut others = Vec::new();
    for (name, bytes) in [
        ("unmasked", vec![TEXT, 2, b'{', b'}']),
        ("a message within another", [frame(0x01, b"a"), frame(0x01, b"b")].concat()),
        ("RSV1", frame(0xC1, b"{}")),
        ("RSV2", frame(0xA1, b"{}")),
        ("RSV3", frame(0x91, b"{}")),
        ("a reserved opcode", frame(0x83, b"{}")),
        ("a reserved control opcode", frame(0x8B, b"")),
        ("a fragmented ping", frame(0x09, b"x")),
        ("a long ping", frame(0x89, &[b'x'; 126])),
        ("a continuation of nothing", frame(0x80, b"{}")),
        ("a close of one byte", frame(0x88, b"x")),
        ("a close with a code nobody may send", frame(0x88, &[0x03, 0xED])),
    ] {
        let code = ends(&papo, &who, &bytes).await;
        if code != 1002 {
            others.push((name, code));
        }
    }
    assert_eq!(others, []);
}

#[actix_web::test]
async fn what_comes_after_a_broken_frame_is_not_done() {
    let papo = TestServer::start().await;
    let (who, mut bia) = (papo.register("ana").await, papo.join("bia", "sala-1").await);
    let join = frame(TEXT, br#"{"type":"join","room":"sala-1"}"#);
    let bytes = [frame(0xC1, b"{}"), join].concat();
    assert_eq!(ends(&papo, &who, &bytes).await, 1002);
    bia.hears_nothing_before_a_ping().await;
}

#[actix_web::test]
async fn a_close_is_answered_with_a_close_and_the_connection_ends() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    for payload in [&[][..], &[0x03, 0xE8], b"\x0f\xa0tchau"] {
        let mut raw = Raw::open(papo.addr, &who).await;
        raw.sends(0x88, payload).await;
        assert!(matches!(raw.is_closed().await, 1000 | 1005 | 4000), "{payload:?}");
        assert_eq!(raw.reads().await, None, "the connection ends");
    }
}

#[actix_web::test]
async fn binary_frames_in_a_row_end_the_socket_too() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut raw = Raw::open(papo.addr, &who).await;
    for _ in 0..20 {
        raw.sends(BINARY, &[1, 2, 3]).await;
    }
    assert_eq!(raw.is_closed().await, 4500);
}

#[actix_web::test]
async fn a_frame_may_come_byte_by_byte() {
    let papo = TestServer::start().await;
    let who = papo.register("ana").await;
    let mut raw = Raw::open(papo.addr, &who).await;
    raw.reads().await.expect("hello");
    for byte in frame(TEXT, br#"{"type":"ping","id":7}"#) {
        raw.writes(&[byte]).await;
        crate::common::pause(2).await;
    }
    let answer = raw.reads().await.expect("an answer");
    assert_eq!(String::from_utf8_lossy(&answer.payload), r#"{"type":"ok","id":7}"#);
}

#[actix_web::test]
async fn errors_of_one_socket_are_told_to_nobody_else() {
    let papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    ana.speaks("oi").await;
    ana.is_refused(json!({"type": "send", "text": ""}), "empty_message").await;
    bia.hears_nothing_before_a_ping().await;
}
