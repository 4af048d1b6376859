//! Floor 0 · `made`: what a start may make before it is known to succeed; a failed one leaves nothing of it behind.

use std::fs;
use std::path::{Path, PathBuf};

/// Files and folders that were not there. Dropped without [`Made::keep`], those that were made since are removed again.
#[derive(Debug, Default)]
pub struct Made {
    files: Vec<PathBuf>,
    dirs: Vec<PathBuf>,
}

impl Made {
    /// `path` and what is above it may be made from now on; what is there already stays whatever happens.
    pub fn may_make_file(&mut self, path: &Path) {
        if !path.exists() {
            self.files.push(path.to_owned());
        }
        if let Some(dir) = path.parent() {
            self.may_make_dir(dir);
        }
    }

    /// The folder `dir` and what is above it may be made from now on.
    pub fn may_make_dir(&mut self, dir: &Path) {
        let missing = dir.ancestors().take_while(|dir| !dir.as_os_str().is_empty() && !dir.exists());
        self.dirs.extend(missing.map(Path::to_owned));
    }

    /// It all stays: the start succeeded.
    pub fn keep(mut self) {
        self.files.clear();
        self.dirs.clear();
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // Whatever cannot be removed is not there, or was not ours alone.
        for file in &self.files {
            let _ = fs::remove_file(file);
        }
        // The innermost first.
        self.dirs.sort_by_key(|dir| std::cmp::Reverse(dir.components().count()));
        for dir in &self.dirs {
            let _ = fs::remove_dir(dir);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_goes_and_what_was_there_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (there, file) = (dir.path().join("there"), dir.path().join("a/b/file"));
        fs::write(&there, "x").unwrap();
        let mut made = Made::default();
        made.may_make_file(&there);
        made.may_make_file(&file);
        made.may_make_dir(&dir.path().join("a/c"));
        fs::create_dir_all(dir.path().join("a/b")).unwrap();
        fs::write(&file, "y").unwrap();
        drop(made);
        assert!(there.exists() && !dir.path().join("a").exists());
    }

    #[test]
    fn what_is_kept_stays() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("a/file");
        let mut made = Made::default();
        made.may_make_file(&file);
        fs::create_dir_all(dir.path().join("a")).unwrap();
        fs::write(&file, "y").unwrap();
        made.keep();
        assert!(file.exists());
    }
}
