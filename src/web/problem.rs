//! Floor 8 · `web/problem`: what went wrong with one request, as `application/problem+json` (RFC 9457).

use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue, RETRY_AFTER};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

use super::policy;
use crate::codes::{Code, Rejection};
use crate::names::NameError;
use crate::password::PasswordError;
use crate::store::{StoreError, Taken};

/// The media type of these answers.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// How long to stay away when the server has too much to do.
pub(super) const BUSY: Duration = Duration::from_secs(1);
/// Why a user name is not to be had although nobody has it.
const LOOK_ALIKE: &str = "This user name looks like one that is taken.";

/// Why a request was not done. Clients switch on `code`, and on the codes of `errors`.
///
/// ```
/// use std::time::Duration;
///
/// use papo::{Code, Rejection};
/// use papo::http::HttpError;
///
/// let error = HttpError::because(Code::NotFound, "There is no such game.");
/// assert_eq!(error.status, 404);
/// assert_eq!(HttpError::too_fast(Duration::from_secs(3)).retry_after, Some(Duration::from_secs(3)));
/// let refused: HttpError = Rejection::because(Code::Rejected, "Not now.").into();
/// assert_eq!((refused.status.as_u16(), refused.detail.as_deref()), (422, Some("Not now.")));
/// ```
#[derive(Clone, Debug)]
pub struct HttpError {
    /// What clients switch on.
    pub code: Code,
    /// The HTTP status, usually the one of the code.
    pub status: StatusCode,
    /// A sentence that says more than the code's own.
    pub detail: Option<String>,
    /// How long to wait before trying again.
    pub retry_after: Option<Duration>,
    /// What is wrong with which field, for [`Code::Invalid`] and the taken names.
    #[doc(hidden)]
    pub errors: Vec<FieldError>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Its name in the request.
    pub field: &'static str,
    /// What clients switch on.
    #[schema(schema_with = field_codes)]
    pub code: &'static str,
    /// A sentence; it may change.
    pub message: String,
}

/// What went wrong (RFC 9457). Clients switch on `code`, and on the codes of `errors`; sentences may change.
#[derive(Serialize, ToSchema)]
pub(super) struct Problem<'a> {
    /// Always `about:blank`: the code says more than an address would.
    r#type: &'static str,
    /// The status in words.
    title: &'a str,
    /// The status again.
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    /// What clients switch on.
    code: Code,
    /// A sentence for people.
    detail: &'a str,
    /// How long to wait before trying again, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, minimum = 1)]
    retry_after_ms: Option<u64>,
    /// What is wrong with which field, for `invalid`, `username_taken` and `email_taken`.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    errors: &'a [FieldError],
}

fn field_codes() -> Object {
    let codes = ["required", "too_short", "too_long", "bad_characters", "bad_email", "too_common", "taken", "look_alike"];
    ObjectBuilder::new().schema_type(Type::String).description(Some("What clients switch on.")).enum_values(Some(codes)).build()
}

impl HttpError {
    /// An error that says more than its code.
    pub fn because(code: Code, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..code.into() }
    }

    /// Too fast: wait for `wait`.
    pub fn too_fast(wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..Code::RateLimited.into() }
    }

    /// Fields are wrong.
    pub(crate) fn fields(errors: Vec<FieldError>) -> Self {
        Self { errors, ..Code::Invalid.into() }
    }

    /// Not even readable: the sentence says what was expected.
    pub(crate) fn unreadable(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: Some(detail.into()), ..Code::Invalid.into() }
    }

    /// An error of a library as one of ours: its status is kept, its words are not.
    pub(crate) fn from_status(status: StatusCode) -> Self {
        let code = match status {
            StatusCode::UNAUTHORIZED => Code::Unauthenticated,
            StatusCode::FORBIDDEN => Code::Forbidden,
            StatusCode::NOT_FOUND => Code::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Code::MethodNotAllowed,
            StatusCode::PAYLOAD_TOO_LARGE => Code::TooLarge,
            StatusCode::SERVICE_UNAVAILABLE => Code::Busy,
            status if status.is_client_error() => Code::Invalid,
            _ => Code::Internal,
        };
        Self { status, ..code.into() }
    }

    /// How long to wait in whole seconds, rounded up, at least 1.
    pub(crate) fn retry_after_s(&self) -> Option<u64> {
        let wait = self.retry_after?;
        Some((wait.as_secs() + u64::from(wait.subsec_nanos() > 0)).max(1))
    }
}

impl FieldError {
    /// `error` in `field`.
    pub fn new(field: &'static str, error: NameError) -> Self {
        Self { field, code: error.code(), message: error.to_string() }
    }
}

impl From<Code> for HttpError {
    fn from(code: Code) -> Self {
        let status = StatusCode::from_u16(code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Whoever is sent away for a while is told for how long, also where nobody knows better.
        let retry_after = matches!(code, Code::Busy | Code::RateLimited).then_some(BUSY);
        Self { code, status, detail: None, retry_after, errors: Vec::new() }
    }
}

impl From<Rejection> for HttpError {
    fn from(rejection: Rejection) -> Self {
        let plain = Self::from(rejection.code);
        Self { detail: rejection.detail, retry_after: rejection.retry_after.or(plain.retry_after), ..plain }
    }
}

impl From<StoreError> for HttpError {
    fn from(error: StoreError) -> Self {
        let taken = |field, why, code: Code, sentence: &str| {
            let message = sentence.to_owned();
            Self { detail: Some(message.clone()), errors: vec![FieldError { field, code: why, message }], ..code.into() }
        };
        match error {
            StoreError::Conflict(Taken::Username) => {
                taken("username", "taken", Code::UsernameTaken, Code::UsernameTaken.sentence())
            }
            StoreError::Conflict(Taken::LookAlike) => taken("username", "look_alike", Code::UsernameTaken, LOOK_ALIKE),
            StoreError::Conflict(Taken::Email) => taken("email", "taken", Code::EmailTaken, Code::EmailTaken.sentence()),
            StoreError::Full => Self::because(Code::TooLarge, "Your files take all the room you have."),
            StoreError::Down(source) => {
                tracing::error!(event = "STORE_DOWN", error = %source, "the database does not answer");
                Code::Busy.into()
            }
            StoreError::Damaged(what) => {
                tracing::error!(event = "STORE_DAMAGED", what, "a row cannot be read");
                Code::Internal.into()
            }
        }
    }
}

impl From<PasswordError> for HttpError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Code::Busy.into(),
            PasswordError::Broken => {
                tracing::error!(event = "HASH_BROKEN", "a password could not be hashed");
                Code::Internal.into()
            }
        }
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.detail.as_deref().unwrap_or(self.code.sentence()))
    }
}

impl ResponseError for HttpError {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let retry_after_ms = self.retry_after.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1));
        let body = Problem {
            r#type: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            code: self.code,
            detail: &self.to_string(),
            retry_after_ms,
            errors: &self.errors,
        };
        let mut answer = HttpResponse::build(self.status);
        answer.insert_header((CACHE_CONTROL, HeaderValue::from_static("no-store")));
        if let Some(seconds) = self.retry_after_s() {
            answer.insert_header((RETRY_AFTER, seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            answer.insert_header(("www-authenticate", "Bearer"));
        }
        let body = serde_json::to_vec(&body).unwrap_or_default();
        let mut answer = answer.content_type(PROBLEM_JSON).body(body);
        // Here too, for what never gets as far as the one that adds them.
        policy::add(answer.headers_mut(), false);
        answer
    }
}

/// For addresses that are not there.
///
/// # Errors
/// Always [`Code::NotFound`].
pub async fn not_found() -> Result<HttpResponse, HttpError> {
    Err(Code::NotFound.into())
}
