//! The tutorial: its program is compiled here as its reader writes it, its tests run, and what it says one sees is what one sees.

#[rustfmt::skip]
#[expect(dead_code, reason = "a program has a `main`, which no test calls")]
mod tea;

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::common::TestServer;

/// What the reader has in `src/main.rs` at the end: the blocks of Rust one after the other, and `tea()` as it was told last.
fn program(tutorial: &str) -> String {
    let mut blocks: Vec<&str> = tutorial.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let wiring = |block: &&str| block.starts_with("fn tea() -> Builder {");
    let last = *blocks.iter().rfind(|block| wiring(block)).expect("the server is told of it");
    blocks.retain(|block| !wiring(block));
    let (first, rest) = blocks.split_first().expect("there is a program");
    let main = first.split("fn tea()").next().unwrap_or_default();
    let head = "//! The program of docs/EXTENDING.md; to write it anew: `PAPO_WRITE=1 cargo test --test extend tutorial`\n\n";
    let for_tests = "\n/// For the tests beside it.\npub fn as_told() -> Builder {\n    tea()\n}\n\n";
    [head, main, last, for_tests, &rest.join("\n")].concat()
}

#[test]
fn the_program_of_the_tutorial_is_the_one_that_is_compiled() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let told = program(&fs::read_to_string(root.join("docs/EXTENDING.md")).unwrap());
    let file = root.join("tests/extend/tutorial/tea.rs");
    if std::env::var_os("PAPO_WRITE").is_some() {
        fs::write(&file, &told).unwrap();
    }
    let compiled = fs::read_to_string(&file).unwrap();
    assert!(compiled == told, "write it anew: PAPO_WRITE=1 cargo test --test extend tutorial");
}

#[actix_web::test]
async fn what_the_tutorial_says_one_sees_is_what_one_sees() {
    let papo = TestServer::built(tea::as_told, |_| ()).await;
    let mut ana = papo.join("ana", "sala-1").await;
    ana.hears(json!({"type": "tea.told", "text": "🫖 There is no tea on."})).await;
    ana.does(json!({"type": "send", "text": "/brew"})).await;
    ana.hears(json!({"type": "tea.brewing", "minutes": 1})).await;
    ana.hears_message("ana", "🫖 I have put tea on.").await;
    let again = ana.is_refused(json!({"type": "send", "text": "/brew"}), "rejected").await;
    assert_eq!(again["message"], "There is tea on already.");
    let refused = ana.is_refused(json!({"type": "tea.brew", "minutes": 11}), "rejected").await;
    let told = include_str!("../../docs/EXTENDING.md");
    for sentence in [again["message"].as_str().unwrap(), refused["message"].as_str().unwrap(), "🫖 I have put tea on."] {
        assert!(told.contains(sentence), "{sentence}");
    }
}
