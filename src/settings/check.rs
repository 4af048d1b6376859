//! Floor 1 · `settings`: values that cannot be meant, and variables that mean nothing.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::CommandFactory as _;

use super::Settings;
use crate::names::RoomName;

/// How the variables of the settings begin.
const PREFIX: &str = "PAPO_";
/// Variables that are no flags of the server.
const OTHERS: [&str; 3] = ["PAPO_SECRET_KEY", "PAPO_METRICS_TOKEN", "PAPO_DEMO_PASSWORD"];
/// The name of the key among the credentials that systemd hands to a service (`LoadCredential=`).
const CREDENTIAL: &str = "secret.key";

/// An address to listen on.
///
/// # Errors
/// What it should be.
pub(super) fn listen_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| "this is an IP address with a port, such as 127.0.0.1:8080 or [::]:8080".to_owned())
}

/// A room that is named twice, also in another spelling.
pub(super) fn named_twice(rooms: &[RoomName]) -> Option<&RoomName> {
    let mut ids = BTreeSet::new();
    rooms.iter().find(|room| !ids.insert(room.id().clone()))
}

/// The key among the credentials of a systemd service, if there is one.
pub(super) fn credential() -> Option<PathBuf> {
    let file = PathBuf::from(std::env::var_os("CREDENTIALS_DIRECTORY")?).join(CREDENTIAL);
    file.exists().then_some(file)
}

/// Those of `variables` that look like settings and are none: most likely misspelt.
pub fn unknown(variables: impl Iterator<Item = String>) -> Vec<String> {
    let command = Settings::command();
    let known: BTreeSet<_> = command.get_arguments().filter_map(|setting| setting.get_env()?.to_str()).chain(OTHERS).collect();
    variables.filter(|name| name.starts_with(PREFIX) && !known.contains(name.as_str())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_named_once_in_whatever_spelling() {
        let rooms = |names: &[&str]| names.iter().map(|name| RoomName::parse(name).unwrap()).collect::<Vec<_>>();
        assert!(named_twice(&rooms(&["sala-1", "sala-2"])).is_none());
        assert_eq!(named_twice(&rooms(&["sala-1", "b", "Sala 1"])).unwrap().title(), "Sala 1");
    }

    #[test]
    fn a_misspelt_variable_is_found() {
        let names = ["PAPO_LISTEN", "PAPO_LISTN", "PAPO_SECRET_KEY", "PATH", "PAPO_DEMO_PASSWORD", "papo_listn"];
        assert_eq!(unknown(names.map(str::to_owned).into_iter()), ["PAPO_LISTN"]);
    }
}
