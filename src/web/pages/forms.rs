//! Floor 8 · `web/pages`: the forms, sent without JavaScript: on to the next page, or back with what is wrong.

use actix_web::{HttpRequest, HttpResponse, web};

use super::sentences::{field_sentence, sentence};
use super::{GuestForm, LoginForm, Reader, RegisterForm, RegisterPage, error_page, login_page, safe_next, safe_next_or_none, to};
use crate::assets;
use crate::codes::Code;
use crate::web::account::{self, Credentials, Registration};
use crate::web::context::Context;
use crate::web::guest::{self, Arrival};

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
    login_page(&reader, &context, error.status.as_u16(), form, GuestForm::default())
}

/// `POST /guest`.
pub async fn form_guest(
    request: HttpRequest,
    context: web::Data<Context>,
    reader: Reader,
    form: web::Form<Arrival>,
) -> HttpResponse {
    let Err(error) = guest::enter(&request, &context, &form.username).await else { return to(safe_next(&form.next)) };
    if error.code == Code::NotFound {
        return error_page(&request, &error);
    }
    let why = error.errors.first().map_or_else(|| sentence(reader.t, &error), |field| field_sentence(reader.t, field));
    let login = LoginForm { next: safe_next_or_none(&form.next), ..LoginForm::default() };
    let guest = GuestForm { username: form.username.clone(), error: why };
    login_page(&reader, &context, error.status.as_u16(), login, guest)
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
