//! Floor 8 · `web/uploads`: the files of one request on their way to the disk. Dropped before its end, nothing is left of them.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use actix_web::web;
use tokio::fs::{File, OpenOptions};
use tokio::io::AsyncWriteExt as _;

use super::kind::{self, Seen};
use crate::codes::Code;
use crate::folder::{self, PARTIAL};
use crate::ids::{UserId, random_text};
use crate::names::FileName;
use crate::picture::Pictures;
use crate::settings::Settings;
use crate::store::uploads::{Thumb, Upload};
use crate::upload::Kind;
use crate::web::problem::HttpError;

/// Random bytes of a stored name: who was not told it does not find it.
const NAME_BYTES: usize = 16;
/// Longest ending of a stored name, in characters.
const ENDING_CHARS_MAX: usize = 8;

/// Whether `name` is one that we give: 32 hexadecimal digits and an ending.
pub fn is_stored_name(name: &str) -> bool {
    let Some((stem, ending)) = name.split_once('.') else { return false };
    stem.len() == 2 * NAME_BYTES
        && stem.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
        && (1..=ENDING_CHARS_MAX).contains(&ending.len())
        && ending.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'z'))
}

/// The files of one request.
pub(super) struct Batch {
    dir: PathBuf,
    pictures: Pictures,
    files_max: usize,
    file_bytes_max: u64,
    /// What its sender may still have.
    bytes_left: u64,
    disk_free_bytes_min: u64,
    uploads: Vec<Upload>,
}

/// A file that is not complete yet; removed when dropped.
pub(super) struct Partial {
    path: PathBuf,
    file: File,
    bytes: u64,
}

impl Batch {
    pub(super) fn new(settings: &Settings, pictures: &Pictures, bytes_left: u64) -> Result<Self, HttpError> {
        let bounds = &settings.bounds;
        let batch = Self {
            dir: settings.storage.uploads_dir.clone(),
            pictures: pictures.clone(),
            files_max: bounds.upload_files_max as usize,
            file_bytes_max: bounds.upload_file_bytes_max,
            bytes_left,
            disk_free_bytes_min: bounds.disk_free_bytes_min,
            uploads: Vec::new(),
        };
        // Someone may have taken the whole folder away; that is no reason to refuse what is new.
        folder::make_private(&batch.dir).map_err(|error| failed(&error))?;
        Ok(batch)
    }

    pub(super) async fn begin(&self) -> Result<Partial, HttpError> {
        if self.uploads.len() >= self.files_max {
            return Err(HttpError::because(Code::TooLarge, format!("A request may have {} files.", self.files_max)));
        }
        // Asked again for each file: one request may bring a quarter of a gigabyte.
        let disk = rustix::fs::statvfs(&self.dir).map_err(|error| failed(&error.into()))?;
        if disk.f_bavail.saturating_mul(disk.f_frsize) < self.disk_free_bytes_min {
            tracing::warn!(event = "DISK_LOW", "an upload was refused");
            return Err(Code::NoSpace.into());
        }
        self.create().await
    }

    async fn create(&self) -> Result<Partial, HttpError> {
        let path = self.dir.join(format!("{PARTIAL}{}", random_text::<NAME_BYTES>()));
        let file =
            OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).await.map_err(|error| failed(&error))?;
        Ok(Partial { path, file, bytes: 0 })
    }

    pub(super) async fn write(&mut self, partial: &mut Partial, chunk: &[u8]) -> Result<(), HttpError> {
        let bytes = chunk.len() as u64;
        partial.bytes += bytes;
        if partial.bytes > self.file_bytes_max {
            return Err(HttpError::because(Code::TooLarge, format!("A file may have {} bytes.", self.file_bytes_max)));
        }
        let Some(left) = self.bytes_left.checked_sub(bytes) else {
            return Err(HttpError::because(Code::TooLarge, "Your files take all the room you have."));
        };
        self.bytes_left = left;
        partial.file.write_all(chunk).await.map_err(|error| failed(&error))
    }

    /// The file is complete: it gets its name.
    pub(super) async fn end(&mut self, mut partial: Partial, shown: FileName, user: UserId) -> Result<(), HttpError> {
        partial.file.flush().await.map_err(|error| failed(&error))?;
        let path = partial.path.clone();
        let asked = shown.clone();
        // Decoders of foreign bytes run where a panic of theirs costs one answer.
        let seen = web::block(move || kind::look(&path, &asked)).await.map_err(|_| Code::Internal)?;
        let mut seen = seen.map_err(|error| failed(&error))?;
        let small = if seen.is_picture() { self.clean(&mut partial, &mut seen).await? } else { None };
        partial.file.sync_all().await.map_err(|error| failed(&error))?;
        let name = format!("{}.{}", random_name(), seen.ending);
        let thumb = small.as_ref().map(|(small, ending)| Thumb {
            name: format!("{}.{ending}", random_name()),
            bytes: i64::try_from(small.bytes).unwrap_or(i64::MAX),
        });
        let mut files = vec![(&partial, name.clone())];
        files.extend(small.iter().zip(&thumb).map(|((small, _), thumb)| (small, thumb.name.clone())));
        // Before the files have these names: where the second cannot get its own, the first is taken away with the batch.
        self.uploads.push(Upload {
            name,
            user,
            shown_name: shown.to_string(),
            bytes: i64::try_from(partial.bytes).unwrap_or(i64::MAX),
            mime: seen.mime.to_owned(),
            kind: seen.kind,
            pixels: seen.pixels,
            thumb,
        });
        for (file, name) in files {
            tokio::fs::rename(&file.path, self.dir.join(name)).await.map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    /// Cleans a picture; its thumbnail with the ending of its name, if it gets one. Both count.
    async fn clean(&mut self, partial: &mut Partial, seen: &mut Seen) -> Result<Option<(Partial, &'static str)>, HttpError> {
        let (path, mime, shown) = (partial.path.clone(), seen.mime, seen.kind == Kind::Image);
        let cleaned = self.pictures.in_turn(move || kind::clean(&path, mime, shown)).await.ok_or(Code::Internal)?;
        let Some(cleaned) = cleaned.map_err(|error| failed(&error))? else { return Ok(None) };
        self.bytes_left = self.bytes_left.saturating_add(partial.bytes).saturating_sub(cleaned.bytes);
        partial.bytes = cleaned.bytes;
        if cleaned.sideways {
            seen.pixels = seen.pixels.map(|(width, height)| (height, width));
        }
        let Some(thumb) = cleaned.thumb else { return Ok(None) };
        let mut small = self.create().await?;
        self.write(&mut small, &thumb.bytes).await?;
        small.file.flush().await.map_err(|error| failed(&error))?;
        small.file.sync_all().await.map_err(|error| failed(&error))?;
        Ok(Some((small, thumb.ending)))
    }

    /// Makes the names last through a power cut.
    pub(super) async fn settle(&self) -> Result<(), HttpError> {
        let dir = File::open(&self.dir).await.map_err(|error| failed(&error))?;
        dir.sync_all().await.map_err(|error| failed(&error))
    }

    pub(super) fn uploads(&self) -> &[Upload] {
        &self.uploads
    }

    /// The files stay.
    pub(super) fn keep(mut self) -> Vec<Upload> {
        std::mem::take(&mut self.uploads)
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        for upload in &self.uploads {
            for name in upload.thumb.iter().map(|thumb| &thumb.name).chain([&upload.name]) {
                remove(&self.dir.join(name));
            }
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        // A partial file is gone when it has got its name.
        Err(error) if error.kind() != ErrorKind::NotFound => {
            tracing::warn!(event = "FILE_STAYS", %error, "a file could not be removed");
        }
        _ => {}
    }
}

fn random_name() -> String {
    let mut name = String::with_capacity(2 * NAME_BYTES);
    for byte in uuid_bytes() {
        use std::fmt::Write as _;
        // Writing to a string does not fail.
        let _ = write!(name, "{byte:02x}");
    }
    name
}

fn uuid_bytes() -> [u8; NAME_BYTES] {
    use rand::TryRngCore as _;
    let mut bytes = [0; NAME_BYTES];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).expect("the operating system gives random bytes, or nothing here is safe");
    bytes
}

fn failed(error: &std::io::Error) -> HttpError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Code::NoSpace.into(),
        ErrorKind::FileTooLarge => Code::TooLarge.into(),
        _ => {
            tracing::error!(event = "UPLOAD_FAILED", %error, "an upload cannot be kept");
            Code::Internal.into()
        }
    }
}
