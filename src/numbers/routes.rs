//! Floor 9 · `numbers/routes`: the number service over plain HTTP, for programs with an account and without, and its page.

use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::number::{LISTED_MAX, Number, Whose, names};
use super::rates::Rates;
use super::value::{Increment, Value};
use crate::http::{Address, HttpError, Page, Reader, Visitor, asset, at, to_login};
use crate::{Code, Outside};

/// What programs may ask for here.
#[derive(OpenApi)]
#[openapi(
    paths(post_user, get_users, get_value, put_value, get_even, get_odd),
    tags((name = "numbers", description = "Even and odd numbers"))
)]
pub(super) struct Described;

/// The routes of the number service.
pub(super) fn add(routes: &mut ServiceConfig) {
    routes
        .service(at("/registeruser/{user}").post(post_user).logged())
        .service(at("/getusers").get(get_users).logged())
        .service(at("/getgeneralvalue/{user}").get(get_value).logged())
        .service(at("/putgeneralvalue/{user}/{increment}").put(put_value).logged())
        .service(at("/even").get(get_even).logged())
        .service(at("/odd").get(get_odd).logged())
        .service(at("/numbers").get(get_page));
}

/// A number and whose it is.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnedNumber)]
struct Owned {
    /// Whose.
    user: String,
    /// The number.
    value: Value,
}

/// Who has a number.
#[derive(Serialize, ToSchema)]
#[schema(as = NumberUsers)]
struct Users {
    /// At most 1,000 names.
    users: Vec<String>,
    /// Whether there are more after the last of them.
    more: bool,
}

/// A number by chance.
#[derive(Serialize, ToSchema)]
#[schema(as = RandomNumber)]
struct Random {
    /// It.
    value: Value,
}

/// Which names.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Bounds {
    /// Only names after this one.
    #[param(nullable = false)]
    after: Option<String>,
    /// Most names; more than 1,000 counts as 1,000.
    #[param(nullable = false, minimum = 1, default = 1000)]
    limit: Option<i64>,
}

/// Gives the name a number, 0 at first. One that it has stays as it is.
///
/// # Errors
/// 422 for what is no name, 413 when there are too many.
#[utoipa::path(
    post,
    path = "/registeruser/{user}",
    tag = "numbers",
    params(("user" = String, Path, description = "1 to 64 letters, digits, `.`, `_` or `-`, and for another client of the same user `:2` to `:8`")),
    responses(
        (status = 201, description = "From now on it has one.", body = Owned),
        (status = 200, description = "It had one already.", body = Owned),
    ),
    security((), ("token" = []), ("cookie" = [])),
    extensions(("x-refusals" = json!([Code::Invalid, Code::Unauthenticated, Code::TooLarge, Code::RateLimited, Code::Busy])))
)]
async fn post_user(
    Visitor(login): Visitor,
    address: Address,
    outside: Data<Outside>,
    name: Path<String>,
) -> Result<HttpResponse, HttpError> {
    Rates::ask(&outside, address)?;
    let number = Number::named(&outside, login.as_ref().map(|login| &*login.user), &name).await?;
    if let Some(value) = number.kept().await? {
        return Ok(HttpResponse::Ok().json(Owned { user: number.user, value }));
    }
    Rates::register(&outside, address)?;
    let value = number.start().await?;
    Ok(HttpResponse::Created().json(Owned { user: number.user, value }))
}

/// Lists the names that have a number: those of programs, and for who is signed in those of people, too.
///
/// # Errors
/// 422 for a limit that makes no sense.
#[utoipa::path(
    get,
    path = "/getusers",
    tag = "numbers",
    params(Bounds),
    responses((status = 200, description = "In the order of the names.", body = Users)),
    security((), ("token" = []), ("cookie" = [])),
    extensions(("x-refusals" = json!([Code::Invalid, Code::Unauthenticated, Code::RateLimited, Code::Busy])))
)]
async fn get_users(
    Visitor(login): Visitor,
    address: Address,
    outside: Data<Outside>,
    bounds: Query<Bounds>,
) -> Result<HttpResponse, HttpError> {
    Rates::ask(&outside, address)?;
    let limit = match bounds.limit {
        Some(limit) if limit < 1 => return Err(HttpError::because(Code::Invalid, "limit must be at least 1.")),
        Some(limit) => usize::try_from(limit).unwrap_or(LISTED_MAX).min(LISTED_MAX),
        None => LISTED_MAX,
    };
    let (users, more) = names(&outside, login.is_some(), bounds.after.as_deref(), limit).await?;
    Ok(HttpResponse::Ok().json(Users { users, more }))
}

/// Tells the number that a name has. Who is not signed in sees those of programs alone.
///
/// # Errors
/// 404 if it has none, 422 for what is no name.
#[utoipa::path(
    get,
    path = "/getgeneralvalue/{user}",
    tag = "numbers",
    params(("user" = String, Path, description = "1 to 64 letters, digits, `.`, `_` or `-`, and for another client of the same user `:2` to `:8`")),
    responses((status = 200, description = "Its number.", body = Owned)),
    security((), ("token" = []), ("cookie" = [])),
    extensions(("x-refusals" = json!([Code::NotFound, Code::Invalid, Code::Unauthenticated, Code::RateLimited, Code::Busy])))
)]
async fn get_value(
    Visitor(login): Visitor,
    address: Address,
    outside: Data<Outside>,
    name: Path<String>,
) -> Result<HttpResponse, HttpError> {
    Rates::ask(&outside, address)?;
    let number = Number::named(&outside, login.as_ref().map(|login| &*login.user), &name).await?;
    let value = number.value().await?;
    Ok(HttpResponse::Ok().json(Owned { user: number.user, value }))
}

/// Adds to the number that a name has, modulo 100: what comes of it is from 0 to 99, also when the increment is negative.
///
/// # Errors
/// 403 for the number of somebody else, 404 if it has none, 422 for what is no name or no integer.
#[utoipa::path(
    put,
    path = "/putgeneralvalue/{user}/{increment}",
    tag = "numbers",
    params(
        ("user" = String, Path, description = "As at `/registeruser/{user}`"),
        ("increment" = String, Path, description = "An integer of up to 1,000 digits", pattern = r"^[+-]?[0-9]{1,1000}$"),
    ),
    responses((status = 200, description = "Its number now.", body = Owned)),
    security((), ("token" = []), ("cookie" = [])),
    extensions(("x-refusals" = json!([Code::Forbidden, Code::NotFound, Code::Invalid, Code::Unauthenticated, Code::TooLarge, Code::RateLimited, Code::Busy])))
)]
async fn put_value(
    Visitor(login): Visitor,
    address: Address,
    outside: Data<Outside>,
    path: Path<(String, String)>,
) -> Result<HttpResponse, HttpError> {
    Rates::ask(&outside, address)?;
    let (name, increment) = path.into_inner();
    let increment = Increment::parse(&increment)?;
    let number = Number::named(&outside, login.as_ref().map(|login| &*login.user), &name).await?;
    if number.whose == Whose::Others {
        return Err(HttpError::because(Code::Forbidden, "This number belongs to somebody else."));
    }
    let value = number.add(increment).await?;
    Ok(HttpResponse::Ok().json(Owned { user: number.user, value }))
}

/// An even number from 0 to 99, by chance.
///
/// # Errors
/// 429 for who asks too fast.
#[utoipa::path(
    get,
    path = "/even",
    tag = "numbers",
    responses((status = 200, description = "The number.", body = Random)),
    security(()),
    extensions(("x-refusals" = json!([Code::RateLimited])))
)]
async fn get_even(address: Address, outside: Data<Outside>) -> Result<HttpResponse, HttpError> {
    random(address, &outside, false)
}

/// An odd number from 0 to 99, by chance.
///
/// # Errors
/// 429 for who asks too fast.
#[utoipa::path(
    get,
    path = "/odd",
    tag = "numbers",
    responses((status = 200, description = "The number.", body = Random)),
    security(()),
    extensions(("x-refusals" = json!([Code::RateLimited])))
)]
async fn get_odd(address: Address, outside: Data<Outside>) -> Result<HttpResponse, HttpError> {
    random(address, &outside, true)
}

fn random(address: Address, outside: &Outside, odd: bool) -> Result<HttpResponse, HttpError> {
    Rates::ask(outside, address)?;
    // The next one is another one.
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(Random { value: Value::random(odd) }))
}

/// The page `/numbers`: the client.
async fn get_page(request: HttpRequest, Visitor(login): Visitor, reader: Reader) -> HttpResponse {
    let Some(login) = login else { return to_login(&request) };
    let page = Page {
        title: reader.t.get("numbers-title"),
        styles: vec![asset("css/numbers.css")],
        scripts: vec![asset("js/pages/numbers.js")],
    };
    page.answer(&reader, &login.user)
}
