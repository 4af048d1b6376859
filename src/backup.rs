//! Floor 9 · `backup`: `papo backup FOLDER` copies what a server keeps, while it runs, into a folder that a server can run on.

use std::fs;
use std::io;
use std::path::Path;

use crate::folder;
use crate::made::Made;
use crate::secret;
use crate::settings::Settings;
use crate::store::{StartError, Store};
use crate::web::uploads::is_stored_name;

/// The folders within a back-up, as the server has them by default.
const DATA: &str = "data";
const UPLOADS: &str = "tmp";

/// What was copied.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// How many uploads and thumbnails.
    pub files: usize,
    /// Bytes of everything.
    pub bytes: u64,
}

/// Copies the database, the key of the data folder and the uploads of `settings` into the new folder `to`.
///
/// The database comes first, and as of one moment. Uploads never change, and are there before any message names them; so
/// every file that the copy of the database knows of is copied after it.
///
/// # Errors
/// One sentence for the operator; nothing of the copy is left then.
pub async fn backup(settings: &Settings, to: &Path) -> Result<Copied, StartError> {
    if to.exists() {
        return Err(StartError(format!("{} is there already: a back-up goes into a new folder", to.display())));
    }
    let mut made = Made::default();
    made.may_make_dir(to);
    let copied = copy(settings, to).await;
    match copied {
        Ok(_) => made.keep(),
        Err(_) => drop(fs::remove_dir_all(to)),
    }
    copied
}

async fn copy(settings: &Settings, to: &Path) -> Result<Copied, StartError> {
    let failed = |error: io::Error| StartError(format!("cannot copy into {}: {error}", to.display()));
    let (data, uploads) = (to.join(DATA), to.join(UPLOADS));
    folder::make_private(&data).and_then(|()| folder::make_private(&uploads)).map_err(failed)?;
    let database = data.join("papo.db");
    Store::copy(settings, &database).await?;
    let mut copied = Copied { files: 0, bytes: database.metadata().map_err(failed)?.len() };
    let key = settings.storage.data_dir.join(secret::FILE);
    if key.exists() {
        copied.bytes += fs::copy(&key, data.join(secret::FILE)).map_err(failed)?;
    }
    copy_uploads(&settings.storage.uploads_dir, &uploads, &mut copied).map_err(failed)?;
    // All of it at once, and only now: a file at a time would wait for the disk once for each.
    let folder = fs::File::open(to).map_err(failed)?;
    rustix::fs::syncfs(&folder).map_err(|error| failed(error.into()))?;
    Ok(copied)
}

fn copy_uploads(from: &Path, to: &Path, copied: &mut Copied) -> io::Result<()> {
    let entries = match fs::read_dir(from) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        if !name.to_str().is_some_and(is_stored_name) || !entry.file_type()?.is_file() {
            continue;
        }
        match fs::copy(entry.path(), to.join(&name)) {
            Ok(bytes) => {
                copied.files += 1;
                copied.bytes += bytes;
            }
            // No message uses it any more, and it was just taken away.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
