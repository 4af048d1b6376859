//! Floor 1 · `secret`: the key that seals cookies: given, or made at the first start and kept; and the token of `/metrics`, if one is given.

use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

use crate::folder;
use crate::ids::random_text;
use crate::settings::Settings;

/// Fewest bytes of a key: what sealing and signing take together.
pub const KEY_BYTES_MIN: usize = 64;

/// Fewest characters of the token of `/metrics`: what nobody guesses by trying.
pub const TOKEN_CHARS_MIN: usize = 16;

/// The file of the key in the data folder.
pub const FILE: &str = "secret.key";

/// The key of `settings`: `PAPO_SECRET_KEY`, or the file of the settings, or `secret.key` in the data folder, which is
/// made (folder 0700, file 0600) when it is not there.
///
/// # Errors
/// One sentence for the operator when there is no key of [`KEY_BYTES_MIN`] bytes and none can be made.
pub fn key(settings: &Settings) -> Result<SecretSlice<u8>, String> {
    if let Some(text) = &settings.secret_key {
        return long_enough(text.expose_secret(), "PAPO_SECRET_KEY");
    }
    let in_data = settings.storage.data_dir.join(FILE);
    let path = settings.storage.secret_key_file.as_ref().unwrap_or(&in_data);
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == ErrorKind::NotFound && *path == in_data => {
            make(path).map_err(|error| format!("cannot keep a secret key in {}: {error}", path.display()))
        }
        read => read.map_err(|error| format!("cannot read the secret key {}: {error}", path.display())),
    };
    long_enough(&text?, &path.display().to_string())
}

/// The token of `settings` for `/metrics`: `PAPO_METRICS_TOKEN`, or what stands in the file of the settings; `None` if there is none.
///
/// # Errors
/// One sentence for the operator when the file cannot be read, or the token is shorter than [`TOKEN_CHARS_MIN`] or cannot be sent in a
/// header.
pub fn metrics_token(settings: &Settings) -> Result<Option<SecretString>, String> {
    let (text, whence) = match (&settings.metrics.token, &settings.metrics.token_file) {
        (Some(token), _) => (token.expose_secret().to_owned(), "PAPO_METRICS_TOKEN".to_owned()),
        (None, Some(path)) => {
            let shown = path.display().to_string();
            (fs::read_to_string(path).map_err(|error| format!("cannot read the token of /metrics {shown}: {error}"))?, shown)
        }
        (None, None) => return Ok(None),
    };
    let token = text.trim();
    if !token.chars().all(|c| c.is_ascii_graphic()) {
        return Err(format!(
            "the token of /metrics in {whence} must be one line of ASCII letters, digits and signs, without spaces"
        ));
    }
    match token.chars().count() {
        TOKEN_CHARS_MIN.. => Ok(Some(token.into())),
        count => {
            Err(format!("the token of /metrics in {whence} has {count} characters and must have at least {TOKEN_CHARS_MIN}"))
        }
    }
}

fn make(path: &Path) -> std::io::Result<String> {
    if let Some(dir) = path.parent() {
        folder::make_private(dir)?;
    }
    // Written beside and linked into place, so that a key is there whole or not at all, and the first of two starts wins.
    let draft = path.with_extension(format!("key-{}", random_text::<8>()));
    let text = format!("{}\n", random_text::<64>());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
    let linked = file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(&draft, path));
    fs::remove_file(&draft)?;
    match linked {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => fs::read_to_string(path),
        other => other.map(|()| text),
    }
}

/// The bytes of `text`: decoded when it is base64 of enough bytes, otherwise as they stand.
fn long_enough(text: &str, whence: &str) -> Result<SecretSlice<u8>, String> {
    let text = text.trim();
    let decoded = STANDARD.decode(text).ok().filter(|bytes| bytes.len() >= KEY_BYTES_MIN);
    let bytes = decoded.unwrap_or_else(|| text.as_bytes().to_vec());
    if bytes.len() < KEY_BYTES_MIN {
        return Err(format!("the secret key of {whence} has {} bytes and must have at least {KEY_BYTES_MIN}", bytes.len()));
    }
    Ok(SecretSlice::from(bytes))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn a_key_is_made_once_and_for_this_user_alone() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings::for_tests(dir.path());
        let first = key(&settings).unwrap();
        assert_eq!(first.expose_secret(), key(&settings).unwrap().expose_secret());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&settings.storage.data_dir), 0o700);
        assert_eq!(mode(&settings.storage.data_dir.join("secret.key")), 0o600);
        assert_eq!(fs::read_dir(&settings.storage.data_dir).unwrap().count(), 1);
    }

    #[test]
    fn a_token_of_metrics_is_long_and_given_or_read_from_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::for_tests(dir.path());
        let token =
            |settings: &Settings| metrics_token(settings).map(|token| token.map(|token| token.expose_secret().to_owned()));
        assert_eq!(token(&settings), Ok(None));
        let file = dir.path().join("token");
        settings.metrics.token_file = Some(file.clone());
        assert!(token(&settings).unwrap_err().contains("token"), "the file is not there");
        fs::write(&file, "goiabada-com-queijo\n").unwrap();
        assert_eq!(token(&settings), Ok(Some("goiabada-com-queijo".into())));
        settings.metrics.token = Some("goiabada".into());
        let sentence = token(&settings).unwrap_err();
        assert!(
            !sentence.contains("goiabada") && sentence.contains("PAPO_METRICS_TOKEN") && sentence.contains("16"),
            "{sentence}"
        );
    }

    #[test]
    fn a_token_of_metrics_that_nobody_could_send_is_refused_without_showing_it() {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::for_tests(dir.path());
        let mut refuses = |token: &str| {
            settings.metrics.token = Some(token.into());
            metrics_token(&settings).err()
        };
        for token in [
            "goiabada com queijo",
            "goiabada-com-queijo\ngoiabada-com-queijo",
            "goiabada\tcom\tqueijo",
            "goiabada-com-pão-de-queijo",
            "goiabada-com-queijo\u{7f}",
            "goiabada\0com\0queijo",
        ] {
            let sentence = refuses(token).unwrap_or_else(|| panic!("{token:?} is a token"));
            assert!(!sentence.contains("goiabada") && sentence.contains("ASCII") && sentence.lines().count() == 1, "{sentence}");
        }
        let all: String = ('!'..='~').collect();
        assert_eq!(refuses(&all), None, "all that is visible can be sent");
    }

    #[test]
    fn a_short_key_is_refused_without_showing_it() {
        let dir = tempfile::tempdir().unwrap();
        let mut settings = Settings::for_tests(dir.path());
        settings.secret_key = Some("goiabada".into());
        let sentence = key(&settings).unwrap_err();
        assert!(!sentence.contains("goiabada") && sentence.contains("64"), "{sentence}");
        settings.secret_key = Some(STANDARD.encode([7; 64]).into());
        assert_eq!(key(&settings).unwrap().expose_secret(), [7; 64]);
    }
}
