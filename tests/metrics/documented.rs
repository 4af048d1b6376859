//! What the documents and the dashboard say of metrics is what the server tells.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

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

#[test]
fn queries_for_what_every_program_tells_ask_for_the_jobs_of_papo() {
    let document = read("docs/METRICS.md");
    let jobs = document.lines().filter_map(|line| line.trim().strip_prefix("- job_name: "));
    assert!(jobs.clone().count() > 1 && jobs.into_iter().all(|job| job.starts_with("papo")), "the jobs of the example");
    let section = document.split("## Useful queries").nth(1).unwrap().split("## What to look at").next().unwrap();
    let mut asked = 0;
    for query in section.lines().filter(|line| line.starts_with("| ") || line.trim().starts_with("expr: ")) {
        for (at, name) in query.match_indices("process_").chain(query.match_indices("up{")) {
            let rest = query[at..].trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
            assert!(rest.starts_with("{job=~\"papo.*\"}"), "{name} in {query}");
            asked += 1;
        }
    }
    assert!(asked >= 5, "there are such queries: {asked}");
}

/// All `expr` of a dashboard, wherever they stand.
fn queries(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("expr").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|field| queries(field, found));
        }
        Value::Array(items) => items.iter().for_each(|item| queries(item, found)),
        _ => {}
    }
}

#[actix_web::test]
async fn the_dashboard_asks_for_what_is_told_and_each_panel_says_what_it_shows() {
    let (told, text) = (told().await, read("docs/grafana.json"));
    let dashboard: Value = serde_json::from_str(&text).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let ids: BTreeSet<i64> = panels.iter().map(|panel| panel["id"].as_i64().unwrap()).collect();
    assert_eq!(ids.len(), panels.len(), "no two panels with one id");
    for panel in panels.iter().filter(|panel| panel["type"] != "row") {
        let title = panel["title"].as_str().unwrap();
        assert!(panel["description"].as_str().is_some_and(|says| says.len() > 10), "{title}: what is it?");
        assert!(panel["datasource"]["uid"] == "${datasource}" && !panel["targets"].as_array().unwrap().is_empty(), "{title}");
    }
    for target in panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten() {
        let (query, legend) = (target["expr"].as_str().unwrap(), target["legendFormat"].as_str().unwrap_or_default());
        let is_apart = !query.contains("process_") || legend.contains("{{instance}}");
        assert!(is_apart, "a line for each server, and all of one name: {query}");
    }
    let variables = dashboard["templating"]["list"].as_array().unwrap();
    assert!(
        variables.iter().all(|one| one.get("allValue").is_none()),
        "all servers of Papo, and not all that Prometheus watches"
    );
    let mut expressions = Vec::new();
    queries(&dashboard, &mut expressions);
    assert!(expressions.len() > panels.len(), "queries can be read: {}", expressions.len());
    for query in &expressions {
        assert_eq!(invented(names(query), &told), [""; 0], "{query}");
        assert!(!names(query).is_empty() && query.contains("{instance=~\"$instance\""), "of the chosen servers alone: {query}");
    }
    let shown: BTreeSet<&str> = expressions.iter().flat_map(|query| names(query)).collect();
    let is_shown = |name: &str| {
        shown.iter().any(|word| word.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))
    };
    let missing: Vec<_> =
        told.types().into_keys().filter(|name| *name != "process_virtual_memory_bytes" && !is_shown(name)).collect();
    assert!(missing.is_empty(), "on no panel: {missing:?}");
}
