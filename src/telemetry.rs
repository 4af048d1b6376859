//! Floor 0 · `telemetry`: log records on standard error, one a line, as text for people or as JSON for machines.

use std::any::Any;
use std::fmt::Write as _;
use std::io::{IsTerminal as _, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::{FormatFields, debug_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer, registry};

/// What the noisy crates may say unless the level asks for more. A forged cookie is no news, and anyone can send one; nor is a
/// request whose head is not HTTP, which the dispatcher calls an error: it is answered with 400.
const QUIET: &str = "actix_session=error,sqlx=warn,actix_server=warn,actix_http::h1::dispatcher=off";

/// How a record is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people: one line of words, in colour on a terminal.
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// Sends the records of this process to standard error, those of `level` and above. `level` is a level (`info`), or a
/// list such as `info,papo=debug`. Does nothing when someone (a test) already listens.
///
/// # Errors
/// A sentence when `level` is neither.
pub fn init(format: LogFormat, level: &str) -> Result<(), String> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", parse_level(level)?)).map_err(|error| error.to_string())?;
    // The first listener wins; tests start many servers in one process.
    let _ = match format {
        LogFormat::Text => registry().with(filter).with(text(std::io::stderr, std::io::stderr().is_terminal())).try_init(),
        LogFormat::Json => registry().with(filter).with(json(|| OneLine(std::io::stderr()))).try_init(),
    };
    Ok(())
}

/// `text` as what [`init`] takes: a level, or a list of such and of `target=level`.
///
/// # Errors
/// A sentence when it is neither.
pub fn parse_level(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    // A word that is no level would be taken for a target, of which then everything is written; an empty one for `error`.
    let legal = |part: &&str| part.contains('=') || !part.is_empty() && part.parse::<LevelFilter>().is_ok();
    let text = parts.join(",");
    if parts.iter().all(legal) && EnvFilter::try_new(&text).is_ok() {
        return Ok(text);
    }
    Err("this is error, warn, info, debug, trace or off, or a list such as info,papo=debug".into())
}

fn text<S, W>(writer: W, colours: bool) -> impl Layer<S>
where
    S: tracing::Subscriber + for<'a> registry::LookupSpan<'a>,
    W: for<'w> tracing_subscriber::fmt::MakeWriter<'w> + 'static,
{
    tracing_subscriber::fmt::layer().with_ansi(colours).fmt_fields(escaped_fields()).with_writer(writer)
}

fn json<S, W>(writer: W) -> impl Layer<S>
where
    S: tracing::Subscriber + for<'a> registry::LookupSpan<'a>,
    W: for<'w> tracing_subscriber::fmt::MakeWriter<'w> + 'static,
{
    let format = tracing_subscriber::fmt::format().json().flatten_event(true).with_current_span(false);
    let fields = tracing_subscriber::fmt::format::JsonFields::new();
    tracing_subscriber::fmt::layer().event_format(format).fmt_fields(fields).with_writer(writer)
}

/// `message key=value …`, where no value can end the line or talk to the terminal.
fn escaped_fields() -> impl for<'w> FormatFields<'w> + 'static {
    use tracing_subscriber::field::MakeExt as _;
    debug_fn(|out, field, value| match field.name() {
        "message" => write!(out, "{}", escaped(&format!("{value:?}"))),
        // The `log` crate's own bookkeeping says nothing that the record does not say already.
        name if name.starts_with("log.") => Ok(()),
        name => write!(out, "{name}={}", escaped(&format!("{value:?}"))),
    })
    .delimited(" ")
}

/// What a panic that was caught has to say. What it carries is gone then; that may panic as well, and ends nobody.
pub fn panic_text(panic: Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no reason given").to_owned();
    if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
        std::mem::forget(again);
    }
    text
}

/// `text` with everything that could start a new line, turn the writing around or command a terminal spelled out.
fn escaped(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unsafe(c) {
            // Writing to a string does not fail.
            let _ = write!(line, "{}", c.escape_unicode());
        } else {
            line.push(c);
        }
    }
    line
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `json`, which has no line feed, safe for terminals and for readers of lines: JSON lets U+2028 and its like stand in a string, and
/// some readers take them for a line end.
pub fn one_line(json: &str) -> String {
    if !json.contains(is_unsafe) {
        return json.to_owned();
    }
    let mut line = String::with_capacity(json.len() + 8);
    for c in json.chars() {
        if is_unsafe(c) {
            let _ = write!(line, "\\u{:04x}", u32::from(c));
        } else {
            line.push(c);
        }
    }
    line
}

struct OneLine<W>(W);

impl<W: Write> Write for OneLine<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let lines: Vec<String> = text.split('\n').map(one_line).collect();
        self.0.write_all(lines.join("\n").as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Paper {
        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    const NASTY: &str = "ana\r\nINFO forged\u{1b}[31m\u{2028}end\u{85}";

    fn speak() {
        tracing::info!(event = "LOGIN", user = NASTY, shown = %NASTY, debug = ?NASTY, "hello {NASTY}");
    }

    #[test]
    fn a_record_is_one_line_of_text_whatever_its_values() {
        let paper = Paper::default();
        let ink = paper.clone();
        tracing::subscriber::with_default(registry().with(text(move || ink.clone(), false)), speak);
        let line = paper.text();
        assert_eq!(line.matches('\n').count(), 1, "{line}");
        assert!(line.ends_with('\n') && !line.trim_end_matches('\n').contains(is_unsafe), "{line}");
        assert!(line.contains("event=\"LOGIN\""), "{line}");
    }

    #[test]
    fn a_record_is_one_line_of_json_whatever_its_values() {
        let paper = Paper::default();
        let ink = paper.clone();
        tracing::subscriber::with_default(registry().with(json(move || OneLine(ink.clone()))), speak);
        let line = paper.text();
        assert!(line.ends_with('\n') && !line.trim_end_matches('\n').contains(is_unsafe), "{line}");
        let record: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(record["user"], NASTY);
    }

    #[test]
    fn a_second_start_in_one_process_is_no_error() {
        assert_eq!(init(LogFormat::Text, "warn"), Ok(()));
        assert_eq!(init(LogFormat::Json, "info,papo=debug"), Ok(()));
        assert!(init(LogFormat::Text, "loud=very=much").is_err());
    }

    #[test]
    fn a_level_is_one_that_there_is() {
        for good in ["info", "WARN", "off", "info,papo=debug", "papo::web=trace", "warn, papo=info"] {
            assert!(parse_level(good).is_ok(), "{good}");
        }
        for bad in ["", "loud", "info,", "info,loud", "papo=loud", "loud=very=much", "papo"] {
            assert!(parse_level(bad).is_err(), "{bad}");
        }
    }
}
