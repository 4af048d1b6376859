//! Floor 2 · `traffic`: its files: one a day, or more where a day is long; the oldest go when they are too old, or all are too large.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{Date, OffsetDateTime};

use crate::folder::make_private;
use crate::settings::TrafficLog;

const BEGIN: &str = "traffic-";
const END: &str = ".jsonl";
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
/// The log is made of so many parts at least, so that not half of it goes when it is full.
const PARTS_MIN: u64 = 16;
/// Largest part: what a reader looks through in a moment.
const PART_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// How often it is looked whether the disk has room.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// A file of the log, by its name: its day, and which part of that day it is, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Name {
    pub(super) day: Date,
    pub(super) part: u32,
}

impl Name {
    /// `traffic-2026-11-24.jsonl`, and then `traffic-2026-11-24.2.jsonl`.
    fn file(self) -> String {
        let day = self.day.format(DAY).expect("years of clocks have four digits");
        if self.part == 1 { format!("{BEGIN}{day}{END}") } else { format!("{BEGIN}{day}.{}{END}", self.part) }
    }
}

/// What the name of `path` says, if it is a file of the log.
fn name_of(path: &Path) -> Option<Name> {
    let name = path.file_name()?.to_str()?.strip_prefix(BEGIN)?.strip_suffix(END)?;
    let (day, part) = match name.split_once('.') {
        Some((day, part)) => (day, part.parse().ok().filter(|part| *part > 1)?),
        None => (name, 1),
    };
    Some(Name { day: Date::parse(day, DAY).ok()?, part })
}

/// The files of the log in `dir`, the oldest first.
pub(super) fn files_in(dir: &Path) -> io::Result<Vec<(Name, PathBuf)>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        files.extend(name_of(&path).map(|name| (name, path)));
    }
    files.sort();
    Ok(files)
}

/// The day of `ms`, in UTC.
fn day_of(ms: i64) -> Date {
    OffsetDateTime::from_unix_timestamp(ms.div_euclid(1000)).map_or(Date::MAX, OffsetDateTime::date)
}

/// The files that are written.
pub(super) struct Files {
    dir: PathBuf,
    days: u32,
    bytes_max: u64,
    disk_free_bytes_min: u64,
    now: Option<Now>,
    looked: Option<Instant>,
}

/// The file that is written now.
struct Now {
    name: Name,
    file: File,
    bytes: u64,
}

impl Files {
    /// The log in `dir`, which is made if it is not there.
    pub(super) fn open(dir: &Path, settings: &TrafficLog, disk_free_bytes_min: u64) -> io::Result<Self> {
        make_private(dir)?;
        files_in(dir)?;
        Ok(Self {
            dir: dir.to_owned(),
            days: settings.days,
            bytes_max: settings.bytes_max,
            disk_free_bytes_min,
            now: None,
            looked: None,
        })
    }

    /// Writes `lines` at the end.
    pub(super) fn append(&mut self, now_ms: i64, lines: &[u8]) -> io::Result<()> {
        self.look_for_room()?;
        let now = self.file_for(now_ms)?;
        now.bytes += lines.len() as u64;
        let written = now.file.write_all(lines);
        if written.is_err() {
            // What is there of the last line is ended before the next one begins.
            self.now = None;
        }
        written
    }

    /// All of it is on the disk when this returns.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.now.as_ref().map_or(Ok(()), |now| now.file.sync_data())
    }

    /// Removes what is too old, and the oldest of what is too much.
    pub(super) fn tidy(&mut self, now_ms: i64) -> io::Result<()> {
        let files = files_in(&self.dir)?;
        let sizes: Vec<u64> = files.iter().map(|(_, path)| path.metadata().map_or(0, |data| data.len())).collect();
        let mut bytes: u64 = sizes.iter().sum();
        let oldest = day_of(now_ms).to_julian_day() - i32::try_from(self.days).unwrap_or(i32::MAX);
        for ((name, path), size) in files.iter().zip(sizes) {
            let in_use = self.now.as_ref().is_some_and(|now| now.name == *name);
            // A part that is about to be begun has its room already.
            if !in_use && (name.day.to_julian_day() <= oldest || bytes + self.part_bytes() > self.bytes_max) {
                fs::remove_file(path)?;
                bytes -= size;
            }
        }
        Ok(())
    }

    fn part_bytes(&self) -> u64 {
        (self.bytes_max / PARTS_MIN).min(PART_BYTES_MAX)
    }

    fn file_for(&mut self, now_ms: i64) -> io::Result<&mut Now> {
        let day = day_of(now_ms);
        let full = self.part_bytes();
        // A clock that was set back writes on where it was.
        let fits = self.now.as_ref().is_some_and(|now| now.name.day >= day && now.bytes < full);
        if !fits {
            self.now = None;
            self.tidy(now_ms)?;
            self.now = Some(self.begin(day)?);
        }
        Ok(self.now.as_mut().expect("it was made a line above where there was none"))
    }

    /// The newest file of `day` if it has room, otherwise the next.
    fn begin(&self, day: Date) -> io::Result<Now> {
        let newest = files_in(&self.dir)?.pop().map(|(name, _)| name).filter(|name| name.day >= day);
        let name = newest.unwrap_or(Name { day, part: 1 });
        let now = open(&self.dir, name)?;
        if now.bytes < self.part_bytes() { Ok(now) } else { open(&self.dir, Name { part: name.part + 1, ..name }) }
    }

    /// A log that fills the disk would stop the database; and a file that somebody took away is begun anew.
    fn look_for_room(&mut self) -> io::Result<()> {
        if self.looked.is_some_and(|looked| looked.elapsed() < LOOK_AGAIN) {
            return Ok(());
        }
        make_private(&self.dir)?;
        self.now = self.now.take().filter(|now| self.dir.join(now.name.file()).exists());
        let disk = rustix::fs::statvfs(&self.dir)?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < self.disk_free_bytes_min {
            return Err(io::Error::new(io::ErrorKind::StorageFull, "the disk is nearly full (--disk-free-bytes-min)"));
        }
        self.looked = Some(Instant::now());
        Ok(())
    }
}

fn open(dir: &Path, name: Name) -> io::Result<Now> {
    let path = dir.join(name.file());
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)?;
    let bytes = file.metadata()?.len();
    if bytes > 0 {
        // Whoever wrote here last may have been killed within a line.
        let mut last = [0];
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    Ok(Now { name, file, bytes })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::settings::Logged;

    /// 2026-11-24, 00:00 UTC.
    const MIDNIGHT_MS: i64 = 1_795_478_400_000;
    const DAY_MS: i64 = 24 * 3600 * 1000;

    fn log(dir: &Path, days: u32, bytes_max: u64) -> Files {
        let settings = TrafficLog { what: Logged::All, dir: None, days, bytes_max };
        Files::open(&dir.join("traffic"), &settings, 0).unwrap()
    }

    fn names(dir: &Path) -> Vec<String> {
        let files = files_in(&dir.join("traffic")).unwrap();
        files.into_iter().map(|(_, path)| path.file_name().unwrap().to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn each_day_has_a_file_that_its_owner_alone_reads() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = log(dir.path(), 30, 1 << 20);
        for ms in [MIDNIGHT_MS - 1, MIDNIGHT_MS, MIDNIGHT_MS + DAY_MS - 1] {
            log.append(ms, b"{}\n").unwrap();
        }
        assert_eq!(names(dir.path()), ["traffic-2026-11-23.jsonl", "traffic-2026-11-24.jsonl"]);
        let path = dir.path().join("traffic");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(&path.join("traffic-2026-11-24.jsonl"))), (0o700, 0o600));
        assert_eq!(fs::read_to_string(path.join("traffic-2026-11-24.jsonl")).unwrap(), "{}\n{}\n");
    }

    #[test]
    fn a_file_is_kept_for_its_days_and_what_is_not_of_the_log_for_ever() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = log(dir.path(), 2, 1 << 20);
        fs::write(dir.path().join("traffic/traffic-old.jsonl"), "x").unwrap();
        for day in 0..4 {
            log.append(MIDNIGHT_MS + day * DAY_MS, b"{}\n").unwrap();
        }
        assert_eq!(names(dir.path()), ["traffic-2026-11-26.jsonl", "traffic-2026-11-27.jsonl"]);
        assert!(dir.path().join("traffic/traffic-old.jsonl").exists());
        // Also while nothing is written.
        log.tidy(MIDNIGHT_MS + 4 * DAY_MS).unwrap();
        assert_eq!(names(dir.path()), ["traffic-2026-11-27.jsonl"]);
    }

    #[test]
    fn a_long_day_has_parts_and_the_whole_never_grows_beyond_its_bound() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = log(dir.path(), 30, 1 << 20);
        let line = [b"x".repeat(1023), b"\n".to_vec()].concat();
        let mut most = 0;
        for _ in 0..3000 {
            log.append(MIDNIGHT_MS, &line).unwrap();
            let files = files_in(&dir.path().join("traffic")).unwrap();
            most = most.max(files.iter().map(|(_, path)| path.metadata().unwrap().len()).sum());
        }
        assert!(most <= 1 << 20 && most > 900 * 1024, "{most}");
        let names = names(dir.path());
        assert_eq!(names.last().map(String::as_str), Some("traffic-2026-11-24.47.jsonl"), "{names:?}");
    }

    #[test]
    fn a_line_that_was_cut_off_does_not_spoil_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("traffic/traffic-2026-11-24.jsonl");
        log(dir.path(), 30, 1 << 20).append(MIDNIGHT_MS, b"{}\n{\"at\":").unwrap();
        log(dir.path(), 30, 1 << 20).append(MIDNIGHT_MS, b"{}\n").unwrap();
        assert_eq!(fs::read_to_string(path).unwrap(), "{}\n{\"at\":\n{}\n");
    }

    #[test]
    fn a_file_that_somebody_took_away_is_begun_anew() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = log(dir.path(), 30, 1 << 20);
        log.append(MIDNIGHT_MS, b"{}\n").unwrap();
        fs::remove_dir_all(dir.path().join("traffic")).unwrap();
        log.looked = None;
        log.append(MIDNIGHT_MS, b"{}\n").unwrap();
        assert_eq!(names(dir.path()), ["traffic-2026-11-24.jsonl"]);
    }

    #[test]
    fn a_disk_that_is_nearly_full_is_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let settings = TrafficLog { what: Logged::All, dir: None, days: 1, bytes_max: 1 << 20 };
        let mut log = Files::open(dir.path(), &settings, u64::MAX).unwrap();
        assert_eq!(log.append(MIDNIGHT_MS, b"{}\n").unwrap_err().kind(), io::ErrorKind::StorageFull);
    }
}
