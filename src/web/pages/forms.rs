//! Floor 8 · `web/pages`: the two forms, sent without JavaScript: on to the next page, or back with what is wrong.

use actix_web::{HttpRequest, HttpResponse, web};

use super::{LoginForm, LoginPage, Reader, RegisterForm, RegisterPage, safe_next, safe_next_or_none, to};
use crate::assets;
use crate::codes::Code;
use crate::i18n::Locale;
use crate::names::{Email, Name, Password, Username};
use crate::web::account::{self, Credentials, Registration};
use crate::web::context::Context;
use crate::web::problem::{FieldError, HttpError};

/// `POST /login`.
pub async fn form_login(
    request: HttpRequest,
    context: web::Data<Context>,
    reader: Reader,
    form: web::Form<Credentials>,
) -> HttpResponse {
    let done = async {
        let account = account::check(&request, &context, &form).await?;
        account::sign_in(&request, &context, &account).await
    };
    let Err(error) = done.await else { return to(safe_next(&form.next)) };
    let form = LoginForm { login: form.login.clone(), next: safe_next_or_none(&form.next), error: sentence(reader.t, &error) };
    reader.page(error.status.as_u16(), &LoginPage { t: reader.t, build: assets::build(), theme: reader.theme, form })
}

/// `POST /register`.
pub async fn form_register(
    request: HttpRequest,
    context: web::Data<Context>,
    reader: Reader,
    form: web::Form<Registration>,
) -> HttpResponse {
    let done = async {
        let account = account::register(&request, &context, &form).await?;
        account::sign_in(&request, &context, &account).await
    };
    let Err(error) = done.await else { return to(safe_next(&form.next)) };
    let mut errors: Vec<_> = error.errors.iter().map(|error| (error.field.to_owned(), field_sentence(reader.t, error))).collect();
    if errors.is_empty() {
        errors.push(("form".to_owned(), sentence(reader.t, &error)));
    }
    let form = RegisterForm {
        name: form.name.clone(),
        username: form.username.clone(),
        email: form.email.clone(),
        next: safe_next_or_none(&form.next),
        errors,
    };
    reader.page(error.status.as_u16(), &RegisterPage { t: reader.t, build: assets::build(), theme: reader.theme, form })
}

/// What went wrong with the whole of it.
fn sentence(t: Locale, error: &HttpError) -> String {
    match error.code {
        Code::RateLimited => t.with("problem-rate-limited", "seconds", error.retry_after_s().unwrap_or(1)),
        Code::BadCredentials => t.get("problem-bad-credentials"),
        Code::Invalid => t.get("problem-invalid"),
        Code::Busy => t.get("problem-busy"),
        _ => t.get("problem-internal"),
    }
}

/// What is wrong with one field.
fn field_sentence(t: Locale, error: &FieldError) -> String {
    let (min, max) = match error.field {
        "username" => (Username::CHARS_MIN, Username::CHARS_MAX),
        "email" => (Email::CHARS_MIN, Email::CHARS_MAX),
        "password" => (Password::BYTES_MIN, Password::BYTES_MAX),
        _ => (Name::CHARS_MIN, Name::CHARS_MAX),
    };
    match (error.code, error.field) {
        ("too_short", _) => t.with("field-too-short", "min", min),
        ("too_long", _) => t.with("field-too-long", "max", max),
        ("taken", "email") => t.get("field-taken-email"),
        ("taken", _) => t.get("field-taken-username"),
        ("bad_email", _) => t.get("field-bad-email"),
        ("too_common", _) => t.get("field-too-common"),
        ("required", _) => t.get("field-required"),
        _ => t.get("field-bad-characters"),
    }
}
