//! The files of `src/`, what they say of themselves, and which others they name.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// A file of `src/`.
#[derive(Clone)]
pub struct Source {
    /// `room/typing`
    pub path: String,
    /// `src/room/typing.rs`
    pub file: String,
    pub text: String,
}

/// One place where a file names another.
pub struct Naming {
    pub from: Source,
    pub line: usize,
    /// The path of the file that is named.
    pub to: String,
}

/// All files.
pub struct House {
    pub sources: Vec<Source>,
    pub names: Vec<Naming>,
}

impl House {
    pub fn read() -> Self {
        let mut sources = Vec::new();
        walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), "", &mut sources);
        let mut house = Self { sources, names: Vec::new() };
        house.names = house.sources.iter().flat_map(|source| house.named_by(source)).collect();
        house
    }

    pub fn has(&self, path: &str) -> bool {
        self.sources.iter().any(|source| source.path == path)
    }

    /// The floor that the first line of `path` tells. A file that tells none stands above all others.
    pub fn floor(&self, path: &str) -> u8 {
        let source = self.sources.iter().find(|source| source.path == path);
        let told = source.and_then(|source| source.text.strip_prefix("//! Floor ")?.split(' ').next()?.parse().ok());
        told.unwrap_or(u8::MAX)
    }

    /// Whether the first line is as it must be. A private part may speak for the module it belongs to.
    pub fn says_where_it_is(&self, source: &Source) -> bool {
        let first = source.text.lines().next().unwrap_or_default();
        if source.is_test() {
            return first.starts_with("//! ");
        }
        let told = first
            .strip_prefix("//! Floor ")
            .and_then(|rest| rest.split_once(" · `"))
            .and_then(|(_, rest)| rest.split_once("`: "));
        told.is_some_and(|(path, what)| !what.is_empty() && (path == source.path || path == self.unit(&source.path)))
            && self.floor(&source.path) < u8::MAX
    }

    /// The module that a file is a private part of, or the file itself: circles within one module are its own affair.
    pub fn unit<'a>(&self, path: &'a str) -> &'a str {
        let Some((parent, name)) = path.rsplit_once('/') else { return path };
        let private = format!("\nmod {name};");
        let of_parent = self.sources.iter().any(|source| source.path == parent && source.text.contains(&private));
        if of_parent { self.unit(parent) } else { path }
    }

    /// What makes a circle. Only files on one floor can: who names a floor above is found by another rule.
    pub fn circle(&self) -> Vec<&Naming> {
        let ends = |name: &Naming| (self.unit(&name.from.path).to_owned(), self.unit(&name.to).to_owned());
        let level = |name: &&Naming| self.floor(&name.from.path) == self.floor(&name.to) && ends(name).0 != ends(name).1;
        let mut left: Vec<&Naming> = self.names.iter().filter(level).collect();
        loop {
            let count = left.len();
            // Who is not named, or names nobody, is in no circle.
            let (from, to): (BTreeSet<String>, BTreeSet<String>) = left.iter().map(|name| ends(name)).unzip();
            left.retain(|name| to.contains(&ends(name).0) && from.contains(&ends(name).1));
            if left.len() == count {
                return left;
            }
        }
    }

    fn named_by(&self, source: &Source) -> Vec<Naming> {
        let mut names = Vec::new();
        for (line, code) in source.statements() {
            for (at, word) in [("crate::", ""), ("papo::", ""), ("super::", source.parent())] {
                for (start, _) in code.match_indices(at).filter(|(start, _)| is_start(&code, *start)) {
                    let rest = &code[start + at.len()..];
                    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).unwrap_or(rest.len());
                    let path = format!("{word}/{}", rest[..end].replace("::", "/"));
                    names.extend(self.longest(path.trim_matches('/')).map(|to| Naming { from: source.clone(), line, to }));
                }
            }
        }
        names.retain(|name| name.to != source.path);
        names
    }

    /// The file that `path` leads to: `room/line/Asker` is something in `room/line`.
    fn longest(&self, path: &str) -> Option<String> {
        if self.has(path) {
            return Some(path.to_owned());
        }
        self.longest(path.rsplit_once('/')?.0)
    }
}

impl Source {
    fn is_test(&self) -> bool {
        ["tests", "testing"].contains(&self.path.rsplit('/').next().unwrap_or_default())
    }

    fn parent(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(parent, _)| parent)
    }

    /// Its lines with their numbers, without comments and without tests.
    pub fn code(&self) -> Vec<(usize, String)> {
        let mut code = Vec::new();
        let mut lines = (1..).zip(self.text.lines());
        while let Some((number, line)) = lines.next() {
            if line.trim() == "#[cfg(test)]" {
                // What follows is one line, or goes on to the brace that stands where it began.
                let end = format!("{}}}", &line[..line.len() - line.trim_start().len()]);
                let opens = lines
                    .find(|(_, line)| !line.trim_start().starts_with("#["))
                    .is_some_and(|(_, line)| line.trim_end().ends_with('{'));
                opens.then(|| lines.find(|(_, line)| *line == end));
            } else if !self.is_test() {
                code.push((number, line.split("//").next().unwrap_or_default().to_owned()));
            }
        }
        code
    }

    /// The same, each `use` as one line.
    pub fn statements(&self) -> impl Iterator<Item = (usize, String)> {
        let mut statements: Vec<(usize, String)> = Vec::new();
        let mut open = false;
        for (number, line) in self.code() {
            match statements.last_mut().filter(|_| open) {
                Some((_, statement)) => statement.push_str(line.trim()),
                None => statements.push((number, line)),
            }
            open = statements.last().is_some_and(|(_, line)| has_word(line, "use") && line.contains("::") && !line.contains(';'));
        }
        statements.into_iter()
    }
}

/// Whether `code` has `word`, not as a part of another.
pub fn has_word(code: &str, word: &str) -> bool {
    let ends =
        |at: usize| !code[at..].starts_with(|c: char| c.is_alphanumeric() || c == '_') || !word.ends_with(char::is_alphanumeric);
    code.match_indices(word).any(|(start, _)| is_start(code, start) && ends(start + word.len()))
}

fn is_start(code: &str, start: usize) -> bool {
    !code[start..].starts_with(char::is_alphanumeric) || !code[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_')
}

fn walk(folder: &Path, path: &str, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).expect("the folder of the sources can be read") {
        let entry = entry.expect("a folder that can be opened can be listed").path();
        let name = entry.file_stem().and_then(|name| name.to_str()).expect("sources have plain names").to_owned();
        let path = if path.is_empty() { name } else { format!("{path}/{name}") };
        if entry.is_dir() {
            walk(&entry, &path, sources);
        } else if entry.extension().is_some_and(|ending| ending == "rs") {
            let text = fs::read_to_string(&entry).expect("a source can be read");
            sources.push(Source { file: format!("src/{path}.rs"), path, text });
        }
    }
    sources.sort_by(|one, other| one.path.cmp(&other.path));
}
