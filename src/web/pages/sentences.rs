//! Floor 8 · `web/pages`: errors in the words of those who read them.

use crate::codes::Code;
use crate::i18n::Locale;
use crate::names::{Email, Name, Password, Username};
use crate::web::problem::{FieldError, HttpError};

/// `error` with sentences in the language of `t`; codes stay as they are.
pub(crate) fn translated(t: Locale, error: &HttpError) -> HttpError {
    let mut error = error.clone();
    for field in &mut error.errors {
        field.message = field_sentence(t, field);
    }
    // What was written for one case alone says more than a sentence for all.
    if error.detail.is_none() {
        error.detail = Some(sentence(t, &error));
    }
    error
}

/// What went wrong with the whole of it.
pub(crate) fn sentence(t: Locale, error: &HttpError) -> String {
    match error.code {
        Code::RateLimited => t.with("problem-rate-limited", "seconds", error.retry_after_s().unwrap_or(1)),
        Code::BadCredentials => t.get("problem-bad-credentials"),
        Code::Invalid => t.get("problem-invalid"),
        Code::Busy => t.get("problem-busy"),
        Code::Unauthenticated => t.get("problem-unauthenticated"),
        Code::TooLarge | Code::NoSpace => t.get("problem-too-large"),
        Code::Forbidden => t.get("problem-forbidden"),
        Code::NotFound => t.get("problem-not-found"),
        _ if error.status.is_client_error() => error.to_string(),
        _ => t.get("problem-internal"),
    }
}

/// What is wrong with one field.
pub(crate) fn field_sentence(t: Locale, error: &FieldError) -> String {
    let (min, max) = match error.field {
        "username" => (Username::CHARS_MIN, Username::CHARS_MAX),
        "email" => (Email::CHARS_MIN, Email::CHARS_MAX),
        "password" => (Password::BYTES_MIN, Password::BYTES_MAX),
        _ => (Name::CHARS_MIN, Name::CHARS_MAX),
    };
    match (error.code, error.field) {
        ("too_short", _) => t.with("field-too-short", "min", min),
        ("too_long", _) => t.with("field-too-long", "max", max),
        ("look_alike", _) => t.get("field-look-alike"),
        ("taken", "email") => t.get("field-taken-email"),
        ("taken", _) => t.get("field-taken-username"),
        ("bad_email", _) => t.get("field-bad-email"),
        ("too_common", _) => t.get("field-too-common"),
        ("required", _) => t.get("field-required"),
        _ => t.get("field-bad-characters"),
    }
}
