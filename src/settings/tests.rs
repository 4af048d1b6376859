//! Tests of `settings`.

use clap::{CommandFactory as _, Parser as _};

use super::*;

fn storage(url: &str) -> Storage {
    Settings::parse_from(["papo", "--database-url", url]).storage
}

#[test]
fn the_command_line_is_well_formed_and_every_setting_has_a_variable() {
    let command = Settings::command();
    command.clone().debug_assert();
    for setting in command.get_arguments().filter(|setting| setting.get_long().is_some()) {
        let flag = setting.get_long().unwrap();
        let variable = format!("PAPO_{}", flag.replace('-', "_").to_uppercase());
        assert_eq!(setting.get_env(), Some(std::ffi::OsStr::new(&variable)));
        assert!(setting.get_help().is_some(), "{flag} says nothing about itself");
        assert!(setting.get_help_heading().is_some(), "{flag} is in no group");
    }
}

#[test]
fn env_example_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example");
    if std::env::var_os("PAPO_WRITE").is_some() {
        std::fs::write(&path, env_example()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(kept, env_example(), "write it anew: PAPO_WRITE=1 cargo test env_example");
}

#[test]
fn the_defaults_are_what_the_protocol_says() {
    let settings = Settings::parse_from(["papo"]);
    assert_eq!(settings.reach.listen.to_string(), "127.0.0.1:8080");
    let rooms: Vec<_> = settings.rooms.iter().map(|room| (room.id().to_string(), room.title().to_owned())).collect();
    assert_eq!(rooms[0], ("sala-1".to_owned(), "Sala 1".to_owned()));
    assert_eq!(rooms.len(), 3);
    assert!(settings.limits() && !settings.is_https());
    assert_eq!(settings.storage.database_file().unwrap(), Path::new("data/papo.db"));
}

#[test]
fn a_wrong_setting_is_refused() {
    for wrong in ["--rooms=a/b", "--listen=everywhere", "--public-url=papo", "--workers=0", "--limits=maybe", "--ping-ms=1"] {
        assert!(Settings::try_parse_from(["papo", wrong]).is_err(), "{wrong}");
    }
    assert_eq!(listen_on("3000").unwrap().to_string(), "0.0.0.0:3000");
    assert!(listen_on("http").is_err());
}

#[test]
fn a_database_address_names_a_file() {
    assert_eq!(storage("sqlite:///srv/papo.db").database_file().unwrap(), Path::new("/srv/papo.db"));
    assert_eq!(storage("sqlite:papo.db").database_file().unwrap(), Path::new("papo.db"));
    let sentence = storage("postgres://papo:hunter2@db/papo").database_file().unwrap_err();
    assert!(sentence.contains("postgres") && !sentence.contains("hunter2"), "{sentence}");
    assert!(storage("sqlite::memory:").database_file().is_err());
}

#[test]
fn a_secret_is_not_in_the_debug_form() {
    let mut settings = Settings::parse_from(["papo", "--database-url", "postgres://papo:hunter2@db/papo"]);
    settings.secret_key = Some("goiabada".into());
    settings.metrics.token = Some("queijo".into());
    let shown = format!("{settings:?}");
    assert!(["hunter2", "goiabada", "queijo"].iter().all(|secret| !shown.contains(secret)), "{shown}");
}

#[test]
fn a_switch_is_off_unless_it_is_named() {
    let guests = |flags: &[&str]| Settings::parse_from([&["papo"], flags].concat()).guests;
    assert!(!guests(&[]).allowed && !guests(&[]).uploads);
    assert!(guests(&["--guests"]).allowed && !guests(&["--guests"]).uploads);
    assert!(Settings::try_parse_from(["papo", "--guests=true"]).is_err());
}
