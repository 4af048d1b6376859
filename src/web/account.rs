//! Floor 8 · `web/account`: making an account, signing in and out, as JSON; the forms of the pages do the same by way of here.

mod bodies;

pub use bodies::{Credentials, Profile, Registration, Welcome};

use std::time::Instant;

use actix_identity::Identity;
use actix_session::SessionExt as _;
use actix_web::{HttpMessage as _, HttpRequest, HttpResponse, web};

use super::context::Context;
use super::guard::Member;
use super::problem::{FieldError, HttpError};
use super::usernames;
use crate::clock::now_ms;
use crate::codes::Code;
use crate::ids::{LoginId, UserId, random_text};
use crate::limits::Source;
use crate::lobby::SignOut;
use crate::names::{Email, Name, NameError, Password, Username};
use crate::password::needs_rehash;
use crate::store::logins::{hash_of, state};
use crate::store::users::{Account, NewUser};
use crate::store::{StoreError, Taken};
use crate::user::Login;

/// Makes an account and signs it in.
///
/// # Errors
/// 409 for taken names, 422 with the fields that are wrong, 429, 503.
#[utoipa::path(
    post,
    path = "/api/register",
    tag = "accounts",
    request_body = Registration,
    responses((
        status = 201,
        description = "The account was made, and this is its first login.",
        body = Welcome,
        headers(("Set-Cookie" = String, description = "The same login for a browser")),
        links(("its profile" = (operation_id = "get_user", parameters(("username" = "$response.body#/user/username"))))),
    )),
    security(()),
    extensions(("x-refusals" = json!([Code::Invalid, Code::UsernameTaken, Code::EmailTaken, Code::RateLimited, Code::Busy])))
)]
pub async fn post_register(
    request: HttpRequest,
    context: web::Data<Context>,
    body: web::Json<Registration>,
) -> Result<HttpResponse, HttpError> {
    let account = register(&request, &context, &body).await?;
    let (_, token) = sign_in(&request, &context, &account).await?;
    Ok(HttpResponse::Created().json(Welcome::new(&account, token)))
}

/// Signs in by user name or e-mail address. Who was signed in with the same cookie before is signed out.
///
/// # Errors
/// 401 `bad_credentials`, 429, 503.
#[utoipa::path(
    post,
    path = "/api/login",
    tag = "accounts",
    request_body = Credentials,
    responses((
        status = 200,
        description = "A new login.",
        body = Welcome,
        headers(("Set-Cookie" = String, description = "The same login for a browser")),
    )),
    security(()),
    extensions(("x-refusals" = json!([Code::BadCredentials, Code::RateLimited, Code::Busy])))
)]
pub async fn post_login(
    request: HttpRequest,
    context: web::Data<Context>,
    body: web::Json<Credentials>,
) -> Result<HttpResponse, HttpError> {
    let account = check(&request, &context, &body).await?;
    let (_, token) = sign_in(&request, &context, &account).await?;
    Ok(HttpResponse::Ok().json(Welcome::new(&account, token)))
}

/// Signs out: this login ends, with its cookie, its token and its sockets. A guest is gone then.
///
/// # Errors
/// 401 without a sign-in, 503.
#[utoipa::path(
    post,
    path = "/api/logout",
    tag = "accounts",
    responses((status = 204, description = "Nobody is signed in with it any more.")),
    extensions(("x-refusals" = json!([Code::Busy])))
)]
pub async fn post_logout(
    request: HttpRequest,
    context: web::Data<Context>,
    Member(login, _): Member,
) -> Result<HttpResponse, HttpError> {
    end(&context, login.id, login.user.id).await?;
    if login.user.guest {
        context.store.retire_guests(&[login.user.id]).await?;
    }
    request.get_session().purge();
    tracing::info!(event = "LOGOUT", user = %login.user.username, address = %context.peer_address(&request), "signed out");
    Ok(HttpResponse::NoContent().finish())
}

/// Tells who is signed in.
#[utoipa::path(
    get,
    path = "/api/me",
    tag = "accounts",
    responses((status = 200, description = "Oneself.", body = Profile)),
    extensions(("x-refusals" = json!([Code::Busy])))
)]
pub async fn get_me(Member(_, account): Member) -> HttpResponse {
    HttpResponse::Ok().json(Profile::from(&account))
}

/// Tells who has a user name, to everyone who is signed in.
///
/// # Errors
/// 404 when nobody has that name, 503.
#[utoipa::path(
    get,
    path = "/api/users/{username}",
    tag = "accounts",
    params(("username" = Username, Path, description = "Their user name, in any case")),
    responses((status = 200, description = "This is them.", body = Profile)),
    extensions(("x-refusals" = json!([Code::NotFound, Code::Busy])))
)]
pub async fn get_user(context: web::Data<Context>, _: Member, username: web::Path<String>) -> Result<HttpResponse, HttpError> {
    let username = Username::parse(&username).map_err(|_| Code::NotFound)?;
    let account = context.store.user_by_username(&username).await?.ok_or(Code::NotFound)?;
    Ok(HttpResponse::Ok().json(Profile::from(&account)))
}

/// Makes the account that `form` asks for.
///
/// # Errors
/// Those of [`post_register`].
pub async fn register(request: &HttpRequest, context: &Context, form: &Registration) -> Result<Account, HttpError> {
    let (mut new, password) = parsed(form)?;
    let source = Source::from(context.peer_address(request));
    if context.settings.limits() {
        let now = Instant::now();
        if let Some(wait) = context.tries.wait_to_register(source, now) {
            return Err(HttpError::too_fast(wait));
        }
        // Counted before the costly part, whatever comes of it.
        context.tries.registered(source, now);
    }
    new.password_hash = context.passwords.hash(&password).await?;
    let account = match context.store.create_user(&new, now_ms()).await {
        // The one who has it may be a guest who has gone.
        Err(StoreError::Conflict(Taken::Username | Taken::LookAlike)) => {
            usernames::free(context, &new.username).await?;
            context.store.create_user(&new, now_ms()).await?
        }
        made => made?,
    };
    tracing::info!(event = "REGISTER", user = %account.user.username, address = %context.peer_address(request), "a new account");
    Ok(account)
}

/// The account that `form` is right about. A wrong password and an unknown user are one answer, and take one time.
///
/// # Errors
/// Those of [`post_login`].
pub async fn check(request: &HttpRequest, context: &Context, form: &Credentials) -> Result<Account, HttpError> {
    let source = Source::from(context.peer_address(request));
    let found = context.store.user_by_login(&form.login).await?;
    // One account has many spellings, and an e-mail address too.
    let key = found.as_ref().map_or_else(|| form.login.clone(), |account| account.user.id.to_string());
    let may_try = || match context.tries.wait_to_sign_in(&key, source, Instant::now()) {
        Some(wait) if context.settings.limits() => Err(HttpError::too_fast(wait)),
        _ => Ok(()),
    };
    may_try()?;
    let right = is_right(context, found.as_ref(), &form.password).await?;
    // Once more, because others may have failed while this one waited for its turn: many tries at once are no way around.
    may_try()?;
    let Some(account) = found.filter(|_| right) else {
        context.tries.failed(&key, source, Instant::now());
        // What was typed is not written down: people type their password into the wrong field.
        tracing::info!(event = "LOGIN_FAILED", address = %context.peer_address(request), "a sign-in failed");
        return Err(Code::BadCredentials.into());
    };
    if needs_rehash(&account.password_hash) {
        rehash(context, &account, &form.password).await;
    }
    Ok(account)
}

/// Signs `account` in with a fresh session; the login, and the token of it. Whoever was signed in with this cookie before is signed out.
///
/// # Errors
/// 503 if the store does not answer.
pub async fn sign_in(request: &HttpRequest, context: &Context, account: &Account) -> Result<(Login, String), HttpError> {
    let session = request.get_session();
    if let (Ok(Some(before)), Ok(Some(user))) = (session.get(state::SID), session.get(state::USER)) {
        end(context, before, user).await?;
    }
    session.clear();
    let (login, token) = (LoginId::random(), random_text::<32>());
    let kept = Identity::login(&request.extensions(), account.user.id.to_string()).is_ok()
        && session.insert(state::SID, &login).is_ok()
        && session.insert(state::USER, account.user.id).is_ok()
        && session.insert(state::TOKEN_HASH, hash_of(&token)).is_ok();
    if !kept {
        return Err(Code::Internal.into());
    }
    tracing::info!(event = "LOGIN", user = %account.user.username, address = %context.peer_address(request), "signed in");
    Ok((Login { id: login, user: account.user.clone() }, token))
}

/// Ends the sign-in `sid` of `user` in the store first, then its sockets: none can come back in between.
async fn end(context: &Context, sid: LoginId, user: UserId) -> Result<(), HttpError> {
    context.store.end_login(&sid).await?;
    if context.lobby.send(SignOut { login: sid, user }).await.is_err() {
        tracing::error!(event = "LOBBY_GONE", "sockets of a sign-out could not be closed");
    }
    Ok(())
}

async fn is_right(context: &Context, found: Option<&Account>, typed: &str) -> Result<bool, HttpError> {
    // A text that cannot be a password is wrong at once, for known and unknown users alike.
    let Ok(password) = Password::parse(typed) else { return Ok(false) };
    if let Some(account) = found {
        return Ok(context.passwords.verify(&password, &account.password_hash).await?);
    }
    context.passwords.verify_unknown(&password).await?;
    Ok(false)
}

/// Makes the hash anew with the parameters of today. It failing is no reason to refuse a right password.
async fn rehash(context: &Context, account: &Account, typed: &str) {
    let Ok(password) = Password::parse(typed) else { return };
    let Ok(hash) = context.passwords.hash(&password).await else { return };
    if let Err(error) = context.store.update_password(account.user.id, &hash).await {
        tracing::warn!(event = "REHASH_FAILED", %error, "an old hash is kept");
    }
}

/// The fields of `form`, all of them right; the hash is still empty.
fn parsed(form: &Registration) -> Result<(NewUser, Password), HttpError> {
    let mut errors = Vec::new();
    let name = taken_note(Name::parse(&form.name), "name", &mut errors);
    let username = taken_note(Username::parse(&form.username), "username", &mut errors);
    let email = taken_note(Email::parse(&form.email), "email", &mut errors);
    let password = taken_note(Password::parse(&form.password), "password", &mut errors);
    if password.as_ref().is_some_and(Password::is_too_common) {
        let message = "it is among the first that everyone tries".to_owned();
        errors.push(FieldError { field: "password", code: "too_common", message });
    }
    match (name, username, email, password) {
        (Some(name), Some(username), Some(email), Some(password)) if errors.is_empty() => {
            Ok((NewUser { username, name, email, password_hash: String::new() }, password))
        }
        _ => Err(HttpError::fields(errors)),
    }
}

fn taken_note<T>(parsed: Result<T, NameError>, field: &'static str, errors: &mut Vec<FieldError>) -> Option<T> {
    parsed.map_err(|error| errors.push(FieldError::new(field, error))).ok()
}

#[cfg(test)]
mod tests;
