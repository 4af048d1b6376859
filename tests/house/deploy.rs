//! What it is run with elsewhere is in step with the program: the image has all that is compiled in, and settings are settings.

use std::collections::BTreeSet;

use papo::settings::unknown;

use super::docs::read;
use super::none;
use super::source::House;

/// What speaks of settings to those who run it.
const FILES: [&str; 7] = [
    "Dockerfile",
    "compose.yaml",
    "Procfile",
    "deploy/Caddyfile",
    "deploy/nginx.conf",
    "deploy/papo.service",
    "docs/DEPLOYING.md",
];

/// What the Dockerfile copies from the project.
fn copied() -> BTreeSet<String> {
    let dockerfile = read("Dockerfile");
    let lines = dockerfile.lines().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--from"));
    lines.flat_map(|line| line.rsplit_once(' ').map_or("", |(from, _)| from).split(' ')).map(str::to_owned).collect()
}

#[test]
fn the_image_gets_what_the_dockerfile_copies_and_no_more() {
    let ignore = read(".dockerignore");
    let let_in: BTreeSet<String> = ignore.lines().filter_map(|line| line.strip_prefix('!')).map(str::to_owned).collect();
    assert_eq!(let_in, copied(), ".dockerignore (left) lets in what the Dockerfile (right) copies");
    assert!(ignore.lines().any(|line| line == "*"), ".dockerignore keeps everything else out");
}

#[test]
fn the_image_is_built_from_all_that_is_compiled_in() {
    let copied = copied();
    let mut faults = Vec::new();
    for source in House::read().sources {
        for (line, code) in source.code().into_iter().filter(|(_, code)| !code.trim_start().starts_with("#[doc")) {
            for file in code.split("include_").skip(1).filter_map(|rest| rest.split('"').nth(1)) {
                let folder = source.file.rsplit_once('/').map_or("", |(folder, _)| folder);
                let mut path: Vec<&str> = folder.split('/').collect();
                for part in file.split('/') {
                    if part == ".." {
                        path.pop();
                    } else {
                        path.push(part);
                    }
                }
                if !copied.contains(path[0]) {
                    faults.push(format!("{}:{line}: {} is not copied by the Dockerfile", source.file, path.join("/")));
                }
            }
        }
    }
    none(faults);
    for needed in ["Cargo.toml", "Cargo.lock", "src", "migrations", "static", "templates"] {
        assert!(copied.contains(needed), "the Dockerfile copies {needed}");
    }
}

#[test]
fn the_image_is_built_by_the_rust_that_the_project_names() {
    let manifest = read("Cargo.toml");
    let version = manifest.lines().find_map(|line| line.strip_prefix("rust-version = ")).expect("Cargo.toml names it");
    let image = format!("FROM rust:{}-", version.trim_matches('"'));
    assert!(read("Dockerfile").contains(&image), "the Dockerfile begins {image}");
}

#[test]
fn what_they_set_are_settings() {
    let mut faults = Vec::new();
    for file in FILES {
        let text = read(file);
        let words = text.split(|c: char| !(c.is_ascii_uppercase() || c == '_')).filter(|word| word.len() > "PAPO_".len());
        faults.extend(unknown(words.map(str::to_owned)).into_iter().map(|name| format!("{file}: {name} is no setting")));
    }
    none(faults);
}
