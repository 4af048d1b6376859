//! The rules of the house, read off the source: which file may name what. `ARCHITECTURE.md` tells why.

#[path = "house/deploy.rs"]
mod deploy;
#[path = "house/docs.rs"]
mod docs;
#[path = "house/public.rs"]
mod public;
#[path = "house/routes.rs"]
mod routes;
#[path = "house/source.rs"]
mod source;

use std::fmt::Display;

use source::{House, Source};

/// Longest file, in lines: what one can hold in one's head.
const LINES_MAX: usize = 300;
/// The highest floor of rules about a room; above it are the actors.
const RULES_FLOOR: u8 = 3;
/// What rules about a room may not name: they get the time as an argument, and what comes of them leaves as values.
const NOT_IN_A_RULE: &[&str] =
    &["actix", "sqlx", "tokio", "SystemTime", "Instant", "clock", "now_v7", "std::fs", "std::net", "std::env"];

/// Fails with every fault, one a line: the file, the line, and what to do.
fn none(faults: impl IntoIterator<Item = String>) {
    let faults: Vec<String> = faults.into_iter().collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn fault(source: &Source, line: usize, what: impl Display) -> String {
    format!("{}:{line}: {what}", source.file)
}

/// Every line of `sources` that has one of `words`, comments and tests apart.
fn naming(sources: impl IntoIterator<Item = Source>, words: &[&str], advice: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for source in sources {
        for (line, code) in source.code() {
            let found = words.iter().find(|word| source::has_word(&code, word));
            faults.extend(found.map(|word| fault(&source, line, format!("`{word}`: {advice}"))));
        }
    }
    faults
}

#[test]
fn the_first_line_of_a_file_says_what_it_is_and_on_which_floor() {
    let house = House::read();
    let wrong = house.sources.iter().filter(|source| source.path != "lib" && !house.says_where_it_is(source));
    none(wrong.map(|source| fault(source, 1, format!("begin with //! Floor N · `{}`: what it is", source.path))));
}

#[test]
fn nobody_names_a_file_on_a_floor_above() {
    let house = House::read();
    let above = house.names.iter().filter(|name| house.floor(&name.to) > house.floor(&name.from.path));
    none(above.map(|name| {
        let (to, own) = (house.floor(&name.to), house.floor(&name.from.path));
        fault(&name.from, name.line, format!("`{}` is on floor {to}, this file on {own}: move one of them", name.to))
    }));
}

#[test]
fn nobody_names_each_other_in_a_circle() {
    let house = House::read();
    let circle = house.circle().into_iter();
    none(circle.map(|name| fault(&name.from, name.line, format!("`{}` leads back here: take out what both need", name.to))));
}

#[test]
fn a_use_line_names_one_file() {
    let house = House::read();
    let mut faults = Vec::new();
    for source in &house.sources {
        for (line, code) in source.statements().filter(|(_, code)| code.contains("use crate::")) {
            let several = code.split_once('{').is_some_and(|(path, inside)| {
                let parent = path.rsplit_once("crate::").map_or("", |(_, path)| path).replace("::", "/");
                let names = inside.trim_end_matches(['}', ';', ' ']).split(',').map(str::trim);
                inside.contains("::") || names.into_iter().any(|name| house.has(&format!("{parent}{name}")))
            });
            faults.extend(several.then(|| fault(source, line, "name one file on each `use crate::` line")));
        }
    }
    none(faults);
}

#[test]
fn no_file_is_longer_than_it_can_be_held_in_ones_head() {
    let long = House::read().sources.into_iter().map(|source| (source.text.lines().count(), source));
    none(long.filter(|(lines, _)| *lines > LINES_MAX).map(|(lines, source)| {
        fault(&source, lines, format!("{lines} lines, at most {LINES_MAX}: give what it does besides to a file of its own"))
    }));
}

#[test]
fn a_behaviour_names_no_actor_no_database_and_no_clock() {
    let house = House::read();
    let rules =
        house.sources.iter().filter(|source| source.path.starts_with("room/") && house.floor(&source.path) <= RULES_FLOOR);
    none(naming(rules.cloned(), NOT_IN_A_RULE, "take it as an argument, or let it out as an effect"));
}

#[test]
fn only_the_store_speaks_sql() {
    let others = House::read().sources.into_iter().filter(|source| source.path != "store" && !source.path.starts_with("store/"));
    none(naming(others, &["sqlx::"], "write a method in store/ that says what you want to know"));
}

#[test]
fn only_the_session_names_actix_web_actors() {
    let others =
        House::read().sources.into_iter().filter(|source| source.path != "session" && !source.path.starts_with("session/"));
    none(naming(others, &["actix_web_actors"], "it is deprecated and stays behind session.rs"));
}

#[test]
fn nothing_is_unwrapped_outside_of_tests() {
    none(naming(House::read().sources, &[".unwrap()"], "use expect, and say why it cannot happen, or pass the error on"));
}

#[test]
fn nothing_is_left_to_do() {
    // In pieces, so that this list is not what is left to do.
    let words = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("to", "do!("), concat!("unimple", "mented!(")];
    let mut faults = Vec::new();
    for source in House::read().sources {
        for (line, text) in (1..).zip(source.text.lines()) {
            let found = words.iter().find(|word| text.contains(**word));
            faults.extend(found.map(|word| fault(&source, line, format!("{word}: do it, or write an issue"))));
        }
    }
    none(faults);
}
