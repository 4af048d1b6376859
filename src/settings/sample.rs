//! Floor 1 · `settings`: the sample file `.env.example`, written from the settings themselves.

use std::fmt::Write as _;

use clap::{ArgAction, CommandFactory as _};

use super::Settings;

const HEAD: &str = "\
# Settings of Papo. Copy this file to .env and take the # from what you want to change.
# Written from `papo --help` by a test; to write it anew: PAPO_WRITE=1 cargo test env_example
";

const TAIL: &str = "
# Secrets
# The key of cookies itself, at least 64 bytes, as text or base64; instead of a file with it
# PAPO_SECRET_KEY=
# The token of /metrics itself, at least 16 visible ASCII characters; instead of a file with it
# PAPO_METRICS_TOKEN=
";

/// The text of `.env.example`: every variable with its sentence and its default, all of them commented out.
pub fn env_example() -> String {
    let mut text = HEAD.to_owned();
    let mut last_heading = String::new();
    for setting in Settings::command().get_arguments() {
        let Some(variable) = setting.get_env() else { continue };
        let heading = setting.get_help_heading().unwrap_or("Other");
        if heading != last_heading {
            heading.clone_into(&mut last_heading);
            // Writing to a string does not fail.
            let _ = write!(text, "\n# {heading}\n");
        }
        let sentence = setting.get_help().map(ToString::to_string).unwrap_or_default();
        let choices: Vec<String> = setting.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        let choices = if choices.is_empty() { String::new() } else { format!(" ({})", choices.join(" or ")) };
        let mut defaults: Vec<_> = setting.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if matches!(setting.get_action(), ArgAction::SetTrue) {
            defaults = vec!["false".into()];
        }
        let _ = writeln!(text, "# {sentence}{choices}\n# {}={}", variable.to_string_lossy(), defaults.join(","));
    }
    text + TAIL
}
