//! The documents say what the code does: their links lead somewhere, and codes, settings and floors are those that there are.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory as _;
use papo::settings::Settings;

use super::none;
use super::source::House;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The documents: `*.md` and `docs/**/*.md`.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of the project can be read") {
            let path = entry.expect("a folder that can be opened can be listed").path();
            if path.is_dir() && path.starts_with(root().join("docs")) {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                found.push(path);
            }
        }
    }
    found
}

/// The cells of the rows of tables in `text`, from the heading `after` to the next.
fn rows(text: &str, after: &str) -> Vec<Vec<String>> {
    let (_, rest) = text.split_once(&format!("\n{after}\n")).unwrap_or_else(|| panic!("no heading {after:?}"));
    let section = rest.split("\n#").next().unwrap_or_default();
    let lines = section.lines().filter(|line| line.starts_with('|')).skip(2);
    lines.map(|line| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect()).collect()
}

/// The words in backticks of `text`.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The rows of `src/codes.rs` that begin with `first`: their parts between the commas, without quotes.
fn code_rows(first: fn(char) -> bool) -> BTreeSet<Vec<String>> {
    let source = read("src/codes.rs");
    let rows = source.split("=> (").skip(1).filter(|row| row.starts_with(first));
    rows.map(|row| {
        row.split(')').next().unwrap_or_default().split(',').map(|part| part.trim().trim_matches('"').to_owned()).collect()
    })
    .collect()
}

#[test]
fn every_relative_link_leads_to_a_file() {
    let mut faults = Vec::new();
    for document in documents() {
        let text = fs::read_to_string(&document).expect("a document can be read");
        for (line, content) in (1..).zip(text.lines()) {
            for link in content.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
                let target = link.split('#').next().unwrap_or_default();
                let elsewhere = target.is_empty() || target.contains("://") || target.starts_with("mailto:");
                if !elsewhere && !document.with_file_name(target).exists() {
                    let shown = document.strip_prefix(root()).unwrap_or(&document).display();
                    faults.push(format!("{shown}:{line}: {target} is not there"));
                }
            }
        }
    }
    none(faults);
}

#[test]
fn the_protocol_lists_every_error_code_and_no_other() {
    let told = rows(&read("docs/PROTOCOL.md"), "### Error codes").into_iter();
    let told: BTreeSet<Vec<String>> =
        told.map(|row| vec![row[0].trim_matches('`').to_owned(), row[1].clone(), row[2].clone()]).collect();
    let retry = |word: &str| if word == "true" { "yes" } else { "no" }.to_owned();
    let real = code_rows(|c| c == '"').into_iter().map(|row| vec![row[0].clone(), row[1].clone(), retry(&row[2])]).collect();
    assert_eq!(
        told, real,
        "docs/PROTOCOL.md, \"Error codes\" (left) differs from src/codes.rs (right): name, HTTP status, retry"
    );
}

#[test]
fn the_page_knows_what_is_said_of_a_refusal_without_a_reason() {
    let told = format!("const NO_REASON = \"{}\";", papo::Code::Rejected.sentence());
    assert!(read("static/js/store/outbox.js").contains(&told), "static/js/store/outbox.js: {told}");
}

#[test]
fn the_protocol_lists_every_close_code_and_no_other() {
    let told = rows(&read("docs/PROTOCOL.md"), "### Close codes").into_iter();
    let told: BTreeSet<Vec<String>> = told.map(|row| row[..2].to_vec()).collect();
    let real = code_rows(|c| c.is_ascii_digit()).into_iter().collect();
    assert_eq!(told, real, "docs/PROTOCOL.md, \"Close codes\" (left) differs from src/codes.rs (right): number, reason");
}

#[test]
fn the_protocol_lists_every_setting_and_no_other() {
    let command = Settings::command();
    let real = command.get_arguments().filter_map(|setting| Some((setting.get_long()?, setting.get_env()?.to_str()?)));
    let real: BTreeSet<(String, String)> = real.map(|(flag, variable)| (format!("--{flag}"), variable.to_owned())).collect();
    let told = rows(&read("docs/PROTOCOL.md"), "## 3. The command").into_iter();
    let first = |cell: &str| quoted(cell).next().unwrap_or_default().to_owned();
    let told: BTreeSet<(String, String)> = told.map(|row| (first(&row[0]), first(&row[1]))).collect();
    assert_eq!(told, real, "docs/PROTOCOL.md, \"The command\" (left) differs from papo --help (right)");
}

#[test]
fn the_map_shows_files_on_their_own_floors() {
    let house = House::read();
    let mut faults = Vec::new();
    for row in rows(&read("ARCHITECTURE.md"), "## The floors") {
        let wrong = quoted(&row[1]).filter(|path| house.floor(path).to_string() != row[0]);
        faults.extend(wrong.map(|path| format!("ARCHITECTURE.md: `{path}` is not on floor {}", row[0])));
    }
    none(faults);
}

/// Bytes of all pictures of the screens: who clones the project gets them too.
const PICTURES_MOST: u64 = 2_000_000;

#[test]
fn the_pictures_of_the_screens_are_light_and_dark_and_small() {
    let (mut faults, mut bytes) = (Vec::new(), 0);
    for entry in fs::read_dir(root().join("docs/screenshots")).expect("the pictures are there") {
        let entry = entry.expect("a folder that can be opened can be listed");
        bytes += entry.metadata().expect("a file that is there has a size").len();
        let name = entry.file_name().to_string_lossy().into_owned();
        let other = if name.contains("-dark.") { name.replace("-dark.", "-light.") } else { name.replace("-light.", "-dark.") };
        if other == name || !entry.path().with_file_name(&other).exists() {
            faults.push(format!("docs/screenshots/{name}: there is no other theme of it; tests/web/shots.mjs takes both"));
        }
    }
    if bytes > PICTURES_MOST {
        faults.push(format!("docs/screenshots has {bytes} bytes, more than {PICTURES_MOST}"));
    }
    none(faults);
}

/// What a document says in any language: the levels of its headings, its code without words beside it, and where its links lead.
fn skeleton(text: &str) -> (Vec<usize>, Vec<&str>, Vec<&str>) {
    let (mut headings, mut code, mut inside) = (Vec::new(), Vec::new(), false);
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
            code.push(line);
        } else if inside {
            // What stands behind two blanks is for the reader.
            code.push(line.split("  ").next().unwrap_or_default());
        } else if line.starts_with('#') {
            headings.push(line.len() - line.trim_start_matches('#').len());
        }
    }
    let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    (headings, code, links.filter(|link| !link.starts_with("README")).collect())
}

#[test]
fn the_readme_is_the_same_in_both_languages() {
    let (english, portuguese) = (read("README.md"), read("README.pt-BR.md"));
    assert_eq!(skeleton(&english), skeleton(&portuguese), "README.md (left) and README.pt-BR.md (right): headings, code, links");
    assert!(english.contains("](README.pt-BR.md)") && portuguese.contains("](README.md)"), "each leads to the other");
}
