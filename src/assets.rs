//! Floor 0 · `assets`: the front end within the binary; a debug build reads it from the folder, so that a reload shows a change.

use std::borrow::Cow;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use rust_embed::RustEmbed;
use sha2::{Digest as _, Sha256};

use crate::bare::bare;

/// The build of a debug binary: its assets may change at any moment.
pub const DEV: &str = "dev";
/// Bytes of the hash that names a build: chance never gives two builds of one server the same.
const BUILD_BYTES: usize = 9;

#[derive(RustEmbed)]
#[folder = "static/"]
#[exclude = "*.md"]
#[exclude = ".*"]
struct Static;

/// A file of the front end.
#[derive(Debug)]
pub struct Asset {
    /// What is in it; of a module, without its comments.
    pub bytes: Bytes,
    /// The SHA-256 of the file as short text.
    pub hash: String,
}

/// The file at `path` within `static/`, if there is one.
pub fn asset(path: &str) -> Option<Asset> {
    let file = Static::get(path)?;
    let hash = URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..BUILD_BYTES]);
    let ours = path.starts_with("js/").then(|| str::from_utf8(&file.data).ok().map(bare)).flatten();
    let bytes = match (ours, file.data) {
        (Some(ours), _) => ours.into(),
        (None, Cow::Borrowed(embedded)) => Bytes::from_static(embedded),
        (None, Cow::Owned(read)) => read.into(),
    };
    Some(Asset { bytes, hash })
}

/// The name of this front end in addresses: another content, another name.
pub fn build() -> &'static str {
    static BUILD: LazyLock<String> = LazyLock::new(|| {
        let mut paths: Vec<_> = Static::iter().collect();
        paths.sort();
        let mut all = Sha256::new();
        for path in paths {
            let Some(file) = asset(&path) else { continue };
            all.update(path.as_bytes());
            all.update(&file.bytes);
        }
        URL_SAFE_NO_PAD.encode(&all.finalize()[..BUILD_BYTES])
    });
    if cfg!(debug_assertions) { DEV } else { &BUILD }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_outside_the_folder_is_an_asset() {
        assert!(asset("i18n/en.ftl").is_some());
        for outside in ["", "../Cargo.toml", "i18n/../../Cargo.toml", "/etc/passwd", "i18n", "vendor/VENDOR.md"] {
            assert!(asset(outside).is_none(), "{outside}");
        }
    }

    #[test]
    fn no_module_is_sent_with_comments_and_none_loses_a_line() {
        let mut modules = 0;
        for path in Static::iter().filter(|path| path.starts_with("js/")) {
            let (source, sent) = (Static::get(&path).unwrap().data, asset(&path).unwrap().bytes);
            let (source, sent) = (str::from_utf8(&source).unwrap(), str::from_utf8(&sent).unwrap());
            assert_eq!(source.lines().count(), sent.lines().count(), "{path}");
            for (line, kept) in source.lines().zip(sent.lines()) {
                let is_comment = ["// ", "/** ", "/**", "* ", "*/"].iter().any(|mark| line.trim_start().starts_with(mark));
                assert_eq!(kept, if is_comment { "" } else { line }, "{path}");
            }
            modules += 1;
        }
        assert!(modules > 40);
        assert!(asset("vendor/papo-vendor.js").unwrap().bytes.starts_with(b"// Preact"), "the licences stay");
    }
}
