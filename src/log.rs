//! Floor 9 · `log`: `papo log` shows an operator the traffic log, also while a server writes it.

use std::io::{self, Write};
use std::thread;
use std::time::Duration;

use clap::{Args, ValueEnum};

use crate::settings::Settings;
use crate::traffic::dir_of;
use crate::traffic::read::{newest, readable};

/// How often it is looked for new lines: at once to the eye of who follows.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Shows the newest lines of the traffic log of the same settings; --follow goes on with what is added, over midnight too
#[derive(Clone, Debug, Args)]
pub struct Log {
    /// Goes on with what is added, until it is interrupted
    #[arg(long, short, help_heading = "Log")]
    pub follow: bool,
    /// Shows what this user said and heard alone
    #[arg(long, value_name = "NAME", help_heading = "Log")]
    pub user: Option<String>,
    /// Lines to begin with
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 20, help_heading = "Log")]
    pub lines: usize,
    /// How lines are shown: auto is text on a terminal and json elsewhere
    #[arg(long, value_enum, default_value = "auto", help_heading = "Log")]
    pub format: Format,
}

/// How lines are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people on a terminal, and as they are elsewhere.
    Auto,
    /// As they are.
    Json,
    /// For people.
    Text,
}

#[expect(clippy::disallowed_methods, reason = "this thread has no sockets")]
fn pause() {
    thread::sleep(LOOK_AGAIN);
}

/// Shows what `asked` wants of the log of `settings` on `out`, which is or is not a terminal; ends when nobody reads any more.
///
/// # Errors
/// One sentence for the operator.
pub fn show(settings: &Settings, asked: &Log, out: &mut impl Write, terminal: bool) -> Result<(), String> {
    let dir = dir_of(settings);
    let cannot = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => format!(
            "there is no traffic log in {}: no server with these settings has written one yet (see --traffic-log-dir)",
            dir.display()
        ),
        _ => format!("the traffic log in {} cannot be read: {error}", dir.display()),
    };
    let text = asked.format == Format::Text || (asked.format == Format::Auto && terminal);
    let (mut lines, mut tail) = newest(&dir, asked.lines, asked.user.clone()).map_err(cannot)?;
    loop {
        let shown: String = lines.iter().map(|line| if text { readable(line) } else { line.clone() } + "\n").collect();
        if out.write_all(shown.as_bytes()).and_then(|()| out.flush()).is_err() || !asked.follow {
            // Who read has seen enough.
            return Ok(());
        }
        lines = loop {
            pause();
            let more = tail.more().map_err(cannot)?;
            if !more.is_empty() {
                break more;
            }
        };
    }
}
