//! Floor 1 · `folder`: the folders of the settings: for the user who runs the server alone, and fit to be written.

use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use crate::ids::random_text;
use crate::settings::Storage;

/// How the name of a file begins that is not complete yet, or only tried. No address leads to a name with a dot in front.
pub const PARTIAL: &str = ".partial-";

/// Makes `dir` and what is above it, for this user alone; one that is there stays as it is.
///
/// # Errors
/// What the file system says.
pub fn make_private(dir: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Makes the folders of the data and of the uploads, and tries whether they can be written: rights do not tell of a disk that
/// is read-only or full.
///
/// # Errors
/// One sentence for the operator.
pub fn prepare(storage: &Storage) -> Result<(), String> {
    for (what, dir) in [("data", &storage.data_dir), ("uploads", &storage.uploads_dir)] {
        try_out(dir).map_err(|error| format!("the {what} folder {} cannot be used: {error}", dir.display()))?;
    }
    // Through links and dots, now that both are there.
    let real = |dir: &Path| dir.canonicalize().ok();
    if real(&storage.data_dir).is_some_and(|data| real(&storage.uploads_dir) == Some(data)) {
        return Err("the uploads folder is the data folder: give it one of its own with --uploads-dir".into());
    }
    Ok(())
}

fn try_out(dir: &Path) -> io::Result<()> {
    let file = dir.join(format!("{PARTIAL}{}", random_text::<16>()));
    make_private(dir)?;
    fs::write(&file, "")?;
    fs::remove_file(&file)
}
