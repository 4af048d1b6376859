//! Floor 8 · `web/uploads`: files come in: streamed, counted, looked at, named by us; all of a request or none.

mod batch;
mod kind;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use futures_util::StreamExt as _;
use utoipa::ToSchema;

use self::batch::Batch;
use super::context::Context;
use super::guard::SignedIn;
use super::problem::HttpError;
use crate::clock::now_ms;
use crate::codes::Code;
use crate::ids::UserId;
use crate::names::FileName;
use crate::picture::Pictures;
use crate::settings::Settings;
use crate::store::Store;
use crate::store::uploads::Upload;

pub use batch::is_stored_name;

/// Most parts of one request, files or not. The multipart crate has no limit of its own.
const PARTS_MAX: usize = 64;
/// Most bytes of a part that is no file.
const OTHER_BYTES_MAX: usize = 64 * 1024;

/// Takes files in, all of a request or none.
///
/// # Errors
/// 401; 403 for guests, unless the settings let them; 413 for too much of something; 422 without a file; 507 when the disk is full. Nothing is kept then.
#[utoipa::path(
    post,
    path = "/api/uploads",
    tag = "uploads",
    request_body(content = Files, content_type = "multipart/form-data"),
    responses((status = 201, description = "They are kept: one entry a file, in their order.", body = Vec<Answer>)),
    extensions(("x-refusals" = json!([Code::Invalid, Code::TooLarge, Code::NoSpace, Code::Busy])))
)]
pub async fn post_uploads(
    context: web::Data<Context>,
    SignedIn(login): SignedIn,
    mut parts: Multipart,
) -> Result<HttpResponse, HttpError> {
    if !context.settings.guests.may_send_files(login.user.guest) {
        return Err(HttpError::because(Code::Forbidden, "Guests may not send files here."));
    }
    let user = login.user.id;
    let bounds = &context.settings.bounds;
    let stored_bytes = context.store.upload_bytes_of(user).await?;
    let mut batch =
        Batch::new(&context.settings, &context.pictures, bounds.uploads_per_user_bytes_max.saturating_sub(stored_bytes))?;
    let mut count = 0;
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(|error| unreadable(&error))?;
        count += 1;
        if count > PARTS_MAX {
            return Err(HttpError::because(Code::TooLarge, format!("A request may have {PARTS_MAX} parts.")));
        }
        match shown_name(&part) {
            Some(shown) if part.name() == Some("files") => receive(&mut batch, &mut part, FileName::parse(&shown), user).await?,
            _ => skip(&mut part).await?,
        }
    }
    if batch.uploads().is_empty() {
        return Err(HttpError::because(Code::Invalid, "There is no file in the field files."));
    }
    // It may have taken a while, and whoever has signed out since sends nothing any more.
    if context.store.login(&login.id).await?.is_none() {
        return Err(Code::Unauthenticated.into());
    }
    // On its own, because a client that goes away now must not stop it half-way.
    let metrics = context.metrics.clone();
    let kept = actix_web::rt::spawn(async move { keep(&context.settings, &context.store, user, batch).await });
    let uploads = kept.await.map_err(|_| Code::Internal)??;
    for upload in &uploads {
        metrics.uploaded(upload.kind == crate::upload::Kind::Image, upload.bytes.unsigned_abs());
    }
    Ok(HttpResponse::Created().json(uploads.iter().map(Answer::from).collect::<Vec<_>>()))
}

/// Files to be kept.
#[derive(ToSchema)]
#[expect(dead_code, reason = "parts are read one by one; this is how they are described")]
struct Files {
    /// Each with the name people see.
    #[schema(min_items = 1, max_items = 10, value_type = Vec<String>, format = Binary)]
    files: Vec<Vec<u8>>,
}

/// An upload as its sender hears of it: an attachment with its kind.
#[derive(serde::Serialize, ToSchema)]
#[schema(as = Upload)]
struct Answer {
    kind: crate::upload::Kind,
    #[serde(flatten)]
    attachment: crate::upload::Attachment,
}

impl From<&Upload> for Answer {
    fn from(upload: &Upload) -> Self {
        Self { kind: upload.kind, attachment: upload.attachment() }
    }
}

async fn receive(batch: &mut Batch, part: &mut Field, shown: FileName, user: UserId) -> Result<(), HttpError> {
    let mut file = batch.begin().await?;
    while let Some(chunk) = part.next().await {
        let chunk = chunk.map_err(|error| unreadable(&error))?;
        batch.write(&mut file, &chunk).await?;
    }
    batch.end(file, shown, user).await
}

async fn skip(part: &mut Field) -> Result<(), HttpError> {
    let mut bytes = 0;
    while let Some(chunk) = part.next().await {
        bytes += chunk.map_err(|error| unreadable(&error))?.len();
        if bytes > OTHER_BYTES_MAX {
            return Err(HttpError::because(Code::TooLarge, "A field that is no file is too large."));
        }
    }
    Ok(())
}

/// Adds one file of `user` that did not come by HTTP, in the same way.
///
/// # Errors
/// As [`post_uploads`]: too large, no room, a store that does not answer.
pub async fn add(
    settings: &Settings,
    store: &Store,
    pictures: &Pictures,
    user: UserId,
    shown: FileName,
    bytes: &[u8],
) -> Result<Upload, HttpError> {
    let stored_bytes = store.upload_bytes_of(user).await?;
    let mut batch = Batch::new(settings, pictures, settings.bounds.uploads_per_user_bytes_max.saturating_sub(stored_bytes))?;
    let mut file = batch.begin().await?;
    batch.write(&mut file, bytes).await?;
    batch.end(file, shown, user).await?;
    Ok(keep(settings, store, user, batch).await?.pop().ok_or(Code::Internal)?)
}

async fn keep(settings: &Settings, store: &Store, user: UserId, batch: Batch) -> Result<Vec<Upload>, HttpError> {
    batch.settle().await?;
    let quota = settings.bounds.uploads_per_user_bytes_max;
    store.add_uploads(user, batch.uploads(), quota, now_ms()).await?;
    Ok(batch.keep())
}

/// The name its sender gives a file, which is what makes a part one.
fn shown_name(part: &Field) -> Option<String> {
    let about = part.content_disposition()?;
    let exact = about.get_filename_ext().map(|name| String::from_utf8_lossy(&name.value).into_owned());
    exact.or_else(|| about.get_filename().map(str::to_owned))
}

fn unreadable(error: &MultipartError) -> HttpError {
    match error {
        MultipartError::ContentTypeMissing | MultipartError::ContentTypeIncompatible | MultipartError::ContentTypeParse => {
            HttpError::unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Files are sent as multipart/form-data.")
        }
        _ => HttpError::unreadable(StatusCode::BAD_REQUEST, "The parts of this request cannot be read."),
    }
}

#[cfg(test)]
mod tests;
