//! What an extension sees of the library: every type, trait, function and module of it has an example, and every method is in one.

use std::collections::BTreeSet;

use super::source::{House, Source, has_word};
use super::{fault, none};

/// Something that `src/lib.rs` shows.
struct Shown {
    /// The file it is said to be in, or a file above that.
    path: String,
    name: String,
    /// Whether it has an example where it is shown.
    has_example: bool,
}

/// The lines of documentation and the attributes above `line`, which counts from 0.
fn above<'a>(lines: &[&'a str], line: usize) -> Vec<&'a str> {
    let above = lines[..line].iter().rev().map(|line| line.trim());
    above.take_while(|line| line.starts_with("///") || line.starts_with("#[")).collect()
}

fn has_example(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.starts_with("/// ```") || line.starts_with("//! ```"))
}

/// The code of all examples of `source`.
fn examples(source: &Source) -> String {
    let (mut inside, mut code) = (false, String::new());
    for line in source.text.lines().map(str::trim).filter_map(|line| line.strip_prefix("///").or(line.strip_prefix("//!"))) {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if inside {
            code.push_str(line);
            code.push('\n');
        }
    }
    code
}

/// `web::pages::{Page, Reader}` as `web/pages` and its names.
fn named(tree: &str) -> Vec<(String, String)> {
    let (path, names) = tree.rsplit_once("::").unwrap_or(("", tree));
    let (path, names) = tree.split_once('{').map_or((path, names), |(path, names)| (path.trim_end_matches("::"), names));
    let path = path.trim_start_matches("crate::").trim_start_matches("self::").replace("::", "/");
    let names = names.trim_end_matches('}').split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(|name| (path.clone(), name.to_owned())).collect()
}

/// Everything that is shown by `source`, which stands in the folder `inside`.
fn shown_by(source: &Source, inside: &str) -> Vec<Shown> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut shown = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some(tree) = line.trim().strip_prefix("pub use ").and_then(|rest| rest.strip_suffix(';')) else { continue };
        for (path, name) in named(tree) {
            let path = format!("{inside}/{path}").trim_matches('/').to_owned();
            shown.push(Shown { path, name, has_example: has_example(&above(&lines, at)) });
        }
    }
    shown
}

fn shown() -> (House, Vec<Shown>) {
    let house = House::read();
    let of = |path: &str| house.sources.iter().find(|source| source.path == path).expect("the library has this file");
    let mut shown = shown_by(of("lib"), "");
    shown.extend(shown_by(of("testing"), "testing"));
    shown.push(Shown { path: "testing".into(), name: "TestRoom".into(), has_example: false });
    (house, shown)
}

/// The files that `item` may stand in, and the line of it where it does.
fn places<'a>(house: &'a House, item: &'a Shown) -> impl Iterator<Item = &'a Source> {
    let within = format!("{}/", item.path);
    house.sources.iter().filter(move |source| source.path == item.path || source.path.starts_with(&within))
}

fn declares(line: &str, name: &str) -> bool {
    let kinds = ["pub struct ", "pub enum ", "pub trait ", "pub fn ", "pub type "];
    kinds.iter().any(|kind| line.strip_prefix(kind).is_some_and(|rest| rest.starts_with(name) && has_word(rest, name)))
}

/// The public methods of `name` in `source`: the line, counted from 0, and the name of each.
fn methods<'a>(source: &'a Source, name: &str) -> Vec<(usize, &'a str)> {
    let (mut inside, mut methods) = (None, Vec::new());
    for (at, line) in source.text.lines().enumerate() {
        let opens = |start: &str| line.starts_with(start) && has_word(line, name) && !has_word(line, "for");
        if line.starts_with('}') {
            inside = None;
        } else if opens("impl") && line.ends_with('{') {
            inside = Some("pub ");
        } else if opens("pub trait ") {
            inside = Some("");
        } else if let Some(public) = inside
            && let Some(rest) = line.strip_prefix("    ").and_then(|line| line.strip_prefix(public))
            && !rest.starts_with([' ', '/'])
            && let Some((before, rest)) = rest.split_once("fn ")
            && ["", "const ", "async "].contains(&before)
        {
            methods.push((at, rest.split(['(', '<']).next().unwrap_or_default()));
        }
    }
    methods
}

#[test]
fn every_item_that_an_extension_sees_has_an_example_that_runs() {
    let (house, shown) = shown();
    assert!(shown.len() > 40, "src/lib.rs can be read: it shows {}", shown.len());
    let mut faults = Vec::new();
    for item in shown.iter().filter(|item| !item.has_example) {
        let mut places = places(&house, item).flat_map(|source| {
            let lines: Vec<&str> = source.text.lines().collect();
            let declared: Vec<usize> = (0..lines.len()).filter(|at| declares(lines[*at], &item.name)).collect();
            declared.into_iter().map(move |at| (source, at, above(&lines, at)))
        });
        match places.next() {
            None => faults.push(format!("src/lib.rs: {} is not found in src/{}", item.name, item.path)),
            Some((_, _, above)) if has_example(&above) => {}
            Some((source, at, _)) => faults.push(fault(source, at + 1, format!("{} has no example", item.name))),
        }
    }
    none(faults);
}

#[test]
fn every_method_that_an_extension_sees_is_in_an_example() {
    let (house, shown) = shown();
    let lib = house.sources.iter().find(|source| source.path == "lib").map(examples).unwrap_or_default();
    let mut faults = BTreeSet::new();
    let mut count = 0;
    for item in &shown {
        let code: String = places(&house, item).map(examples).chain([lib.clone()]).collect();
        for source in places(&house, item) {
            let lines: Vec<&str> = source.text.lines().collect();
            for (at, method) in methods(source, &item.name) {
                count += 1;
                let above = above(&lines, at);
                if !above.contains(&"#[doc(hidden)]") && !has_example(&above) && !has_word(&code, method) {
                    faults.insert(fault(source, at + 1, format!("no example of {} shows `{method}`", item.name)));
                }
            }
        }
    }
    assert!(count > 80, "methods can be read: there are {count}");
    none(faults);
}

#[test]
fn what_is_not_for_extensions_is_hidden() {
    let house = House::read();
    let lib = house.sources.iter().find(|source| source.path == "lib").expect("there is a library");
    let lines: Vec<&str> = lib.text.lines().collect();
    let modules = (0..lines.len()).filter(|at| lines[*at].starts_with("pub mod ") && lines[*at].ends_with(';'));
    let seen = modules.filter(|at| !above(&lines, *at).contains(&"#[doc(hidden)]")).map(|at| lines[at]);
    assert_eq!(seen.collect::<Vec<_>>(), ["pub mod testing;"], "write #[doc(hidden)] above the others in src/lib.rs");
}
