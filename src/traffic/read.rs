//! Floor 2 · `traffic/read`: reads the log for people: its newest lines, and then what is added, from one file into the next.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::value::RawValue;
use time::OffsetDateTime;
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;

use super::files::{Name, files_in};
use crate::telemetry::one_line;

const SHOWN: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]");
/// Longest line that is read: what is longer was not written by us.
const LINE_BYTES_MAX: usize = 8 * 1024 * 1024;

/// Reads on where it was.
pub struct Tail {
    dir: PathBuf,
    user: Option<String>,
    at: Option<(Name, u64)>,
}

#[derive(Deserialize)]
struct Line<'a> {
    at: i64,
    #[serde(borrow)]
    user: Option<std::borrow::Cow<'a, str>>,
    session: Option<u64>,
    dir: Option<&'a str>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    #[serde(borrow)]
    text: Option<&'a RawValue>,
    lost: Option<u64>,
}

/// The newest `count` lines in `dir` (of `user` alone, if one is given), the oldest first, and who reads on from there.
///
/// # Errors
/// What the file system says.
pub fn newest(dir: &Path, count: usize, user: Option<String>) -> io::Result<(Vec<String>, Tail)> {
    let mut tail = Tail { dir: dir.to_owned(), user, at: None };
    let mut found: VecDeque<String> = VecDeque::new();
    for (name, path) in files_in(dir)?.into_iter().rev() {
        let mut of_file = VecDeque::new();
        let end = tail.read(&path, 0, |line| {
            of_file.push_back(line);
            if of_file.len() + found.len() > count {
                of_file.pop_front();
            }
        })?;
        tail.at = tail.at.or(Some((name, end)));
        of_file.append(&mut found);
        found = of_file;
        if found.len() >= count {
            break;
        }
    }
    Ok((found.into(), tail))
}

impl Tail {
    /// What was added since, in its order.
    ///
    /// # Errors
    /// What the file system says.
    pub fn more(&mut self) -> io::Result<Vec<String>> {
        let mut lines = Vec::new();
        for (name, path) in files_in(&self.dir)? {
            let from = match self.at {
                Some((at, _)) if name < at => continue,
                Some((at, end)) if name == at => end,
                _ => 0,
            };
            let end = self.read(&path, from, |line| lines.push(line))?;
            self.at = Some((name, end));
        }
        Ok(lines)
    }

    /// Gives the lines of `path` from the byte `from` on to `take`, those that are complete; where the next one begins.
    fn read(&self, path: &Path, from: u64, mut take: impl FnMut(String)) -> io::Result<u64> {
        let mut file = match File::open(path) {
            // It was the oldest, and has gone in the meantime.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(from),
            file => file?,
        };
        file.seek(SeekFrom::Start(from))?;
        let (mut reader, mut end, mut line) = (BufReader::new(file), from, Vec::new());
        loop {
            line.clear();
            let bytes = io::Read::take(&mut reader, LINE_BYTES_MAX as u64).read_until(b'\n', &mut line)?;
            if bytes == 0 || (!line.ends_with(b"\n") && bytes < LINE_BYTES_MAX) {
                return Ok(end);
            }
            end += bytes as u64;
            let text = String::from_utf8_lossy(&line);
            if self.is_wanted(text.trim_end()) {
                take(one_line(text.trim_end()));
            }
        }
    }

    fn is_wanted(&self, line: &str) -> bool {
        let Some(user) = &self.user else { return !line.is_empty() };
        serde_json::from_str::<Line<'_>>(line).is_ok_and(|line| line.user.as_deref() == Some(user))
    }
}

/// A line of the log for people to read. What is no line of the log stays as it is.
pub fn readable(line: &str) -> String {
    let Ok(line) = serde_json::from_str::<Line<'_>>(line) else { return line.to_owned() };
    let at = OffsetDateTime::from_unix_timestamp_nanos(i128::from(line.at) * 1_000_000).ok();
    let at = at.and_then(|at| at.format(SHOWN).ok()).unwrap_or_else(|| line.at.to_string());
    if let Some(lost) = line.lost {
        return format!("{at}  … {lost} lines were lost here");
    }
    let who = line.user.as_deref().unwrap_or("-");
    let session = line.session.map_or_else(String::new, |session| format!(" #{session}"));
    let arrow = if line.dir == Some("in") { '→' } else { '←' };
    let said = line.message.or(line.text).map_or("", RawValue::get);
    format!("{at}  {who}{session} {arrow} {said}")
}
