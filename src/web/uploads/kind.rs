//! Floor 8 · `web/uploads`: what a file is, by its content; what its sender says of it is not believed. A picture is cleaned.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::names::FileName;
use crate::picture::{self, PIXELS_MAX, Thumb};
use crate::upload::Kind;

/// How much of a file is looked at for its magic bytes.
const HEAD_BYTES: u64 = 8 * 1024;

/// Types that are told as they are: browsers download them, or show them without running anything.
const PASSIVE: [&str; 12] = [
    "application/epub+zip",
    "application/gzip",
    "application/msword",
    "application/pdf",
    "application/rtf",
    "application/x-7z-compressed",
    "application/x-tar",
    "application/zip",
    "image/avif",
    "image/bmp",
    "image/heif",
    "image/tiff",
];
/// Endings of files that a browser or a system would run; they are stored under another one.
const ACTIVE: [&str; 17] = [
    "css", "hta", "htm", "html", "js", "mhtml", "mjs", "shtml", "svg", "svgz", "swf", "wasm", "xht", "xhtml", "xml", "xsl",
    "xslt",
];

/// What a file turned out to be.
pub(super) struct Seen {
    pub(super) kind: Kind,
    pub(super) mime: &'static str,
    /// The ending of its stored name, for the comfort of whoever looks into the folder.
    pub(super) ending: String,
    pub(super) pixels: Option<(i64, i64)>,
}

/// What became of a picture.
pub(super) struct Cleaned {
    /// Its size now.
    pub(super) bytes: u64,
    /// Whether width and height change places when it is upright.
    pub(super) sideways: bool,
    pub(super) thumb: Option<Thumb>,
}

impl Seen {
    /// Whether it may tell of places and devices, shown or not.
    pub(super) fn is_picture(&self) -> bool {
        self.mime.strip_prefix("image/").is_some_and(|kind| self.ending == kind || self.ending == "jpg")
    }
}

/// Takes out of the picture at `path` what others need not know, and makes a thumbnail if it is one to be shown. `None` if it
/// is no picture after all.
pub(super) fn clean(path: &Path, mime: &str, shown: bool) -> std::io::Result<Option<Cleaned>> {
    let bytes = std::fs::read(path)?;
    let Some(clean) = picture::clean(&bytes, mime) else { return Ok(None) };
    if clean.bytes != bytes {
        std::fs::write(path, &clean.bytes)?;
    }
    drop(bytes);
    let thumb = if shown { clean.thumb(mime) } else { None };
    Ok(Some(Cleaned { bytes: clean.bytes.len() as u64, sideways: clean.is_sideways(), thumb }))
}

/// Looks at the file at `path`, which its sender calls `shown`.
pub(super) fn look(path: &Path, shown: &FileName) -> std::io::Result<Seen> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    let found = infer::get(&head).map_or("", |found| found.mime_type());
    if let Some((mime, ending)) = image(found) {
        let pixels = imagesize::size(path).ok().and_then(|size| measured(size.width, size.height));
        let kind = if pixels.is_some() { Kind::Image } else { Kind::File };
        return Ok(Seen { kind, mime, ending: ending.to_owned(), pixels });
    }
    let ending = ending(shown);
    Ok(Seen { kind: Kind::File, mime: harmless(found, &ending), ending, pixels: None })
}

/// The images that every browser shows and that cannot carry a script.
fn image(mime: &str) -> Option<(&'static str, &'static str)> {
    Some(match mime {
        "image/png" => ("image/png", "png"),
        "image/jpeg" => ("image/jpeg", "jpg"),
        "image/gif" => ("image/gif", "gif"),
        "image/webp" => ("image/webp", "webp"),
        _ => return None,
    })
}

fn measured(width: usize, height: usize) -> Option<(i64, i64)> {
    let (width, height) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    let pixels = u64::from(width) * u64::from(height);
    (1..=PIXELS_MAX).contains(&pixels).then_some((width.into(), height.into()))
}

/// The ending that `shown` asks for, if it is a plain one of a type that does nothing when it is opened here.
fn ending(shown: &FileName) -> String {
    let asked = shown.ending().unwrap_or_default().to_ascii_lowercase();
    let plain = (1..=8).contains(&asked.len()) && asked.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    if plain && !ACTIVE.contains(&asked.as_str()) { asked } else { "bin".to_owned() }
}

/// The type to tell for a file with these magic bytes, or with this ending where it has none; never one that browsers run.
fn harmless(found: &'static str, ending: &str) -> &'static str {
    let passive = ["audio/", "video/", "font/", "application/vnd."].iter().any(|kind| found.starts_with(kind));
    if passive || PASSIVE.contains(&found) {
        return found;
    }
    match ending {
        // Magic bytes tell nothing about plain text, and a wrong word about it does no harm.
        "txt" | "log" | "md" | "csv" | "json" | "toml" | "yaml" | "yml" | "ini" | "rs" | "py" | "c" | "h" | "sh" | "sql"
            if found.is_empty() =>
        {
            "text/plain; charset=utf-8"
        }
        _ => "application/octet-stream",
    }
}
