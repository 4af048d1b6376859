//! What the documents and the dashboard say of metrics is what the server tells.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::common::TestServer;
use super::scrape::{Scrape, scrape};

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// A scrape after another, so that there is a request to tell of.
async fn told() -> Scrape {
    let papo = TestServer::start().await;
    scrape(&papo).await;
    scrape(&papo).await
}

/// What stands between backticks in `text`.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// All words of `text` that are the name of a metric, or of a part of one.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.filter(|word| word.starts_with("papo_") || word.starts_with("process_")).collect()
}

/// Those of `names` that nobody tells.
fn invented<'a>(names: impl IntoIterator<Item = &'a str>, told: &Scrape) -> Vec<String> {
    let types = told.types();
    let is_told = |name: &str| {
        let of = |part: &str| name.strip_suffix(part).is_some_and(|name| types.get(name) == Some(&"histogram"));
        types.get(name).is_some_and(|kind| *kind != "histogram") || ["_bucket", "_sum", "_count"].iter().any(|part| of(part))
    };
    names.into_iter().filter(|name| !is_told(name)).map(str::to_owned).collect()
}

#[actix_web::test]
async fn every_metric_is_documented_with_its_type_and_labels_and_no_other() {
    let (told, document) = (told().await, read("docs/METRICS.md"));
    let rows = document.lines().filter(|line| line.starts_with("| `papo_") || line.starts_with("| `process_"));
    let mut documented = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [name, kind, labels, meaning] = cells[..] else { panic!("{row}") };
        let labels: BTreeSet<String> = quoted(labels).map(str::to_owned).collect();
        assert!(!meaning.is_empty() && name.matches('`').count() == 2, "{row}");
        let twice = documented.insert(name.trim_matches('`').to_owned(), (kind.to_owned(), labels));
        assert!(twice.is_none(), "{row}");
    }
    let types = told.types().into_iter();
    let real: BTreeMap<_, _> = types.map(|(name, kind)| (name.to_owned(), (kind.to_owned(), told.labels(name)))).collect();
    assert_eq!(documented, real, "docs/METRICS.md (left) and GET /metrics (right)");
}

#[actix_web::test]
async fn queries_and_alerts_of_the_document_ask_for_what_is_told() {
    let (told, document) = (told().await, read("docs/METRICS.md"));
    let queries = document.split("## Useful queries").nth(1).unwrap();
    let words = names(queries).into_iter().filter(|name| !["papo_journal_commit_seconds"].contains(name));
    assert_eq!(invented(words, &told), [""; 0]);
}
