//! Floor 8 · `web/files`: what was sent in, for those who are signed in. Nothing of it ever runs in our origin.

use std::fs::File;
use std::path::Path;

use actix_files::NamedFile;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
    HeaderName, HeaderValue,
};
use actix_web::{HttpRequest, HttpResponse, web};
use rustix::fs::{Mode, OFlags};

use super::context::Context;
use super::guard::SignedIn;
use super::problem::{HttpError, PROBLEM_JSON, Problem};
use super::uploads::is_stored_name;
use crate::codes::Code;
use crate::picture::Thumb;
use crate::store::uploads::Upload;
use crate::store::{Store, StoreError};
use crate::upload::Kind;

/// A document from here is nobody's: no script, no form, no origin.
const POLICY: &str = "sandbox; default-src 'none'";

/// Gives what was uploaded: images to be shown, everything else to be downloaded.
///
/// # Errors
/// 401, 404.
#[utoipa::path(
    get,
    path = "/static/{name}",
    tag = "uploads",
    params(("name" = String, Path, description = "As in the `url` or `thumb` of an upload", pattern = "^[0-9a-f]{32}\\.[0-9a-z]{1,8}$")),
    responses(
        (
            status = 200,
            description = "The file.",
            content(("*/*")),
            headers(
                ("Content-Disposition" = String, description = "Its name, and whether it may be shown"),
                ("ETag" = String, description = "To ask with `If-None-Match`"),
            ),
        ),
        (
            status = 206,
            description = "The part of it that `Range` asks for.",
            content(("*/*")),
            headers(("Content-Range" = String, description = "Which part of how many bytes")),
        ),
        (status = 303, description = "A browser that asks for a page, and nobody is signed in: to the page for that."),
        (status = 304, description = "`If-None-Match` has its `ETag`."),
        (
            status = 416,
            description = "`invalid`: `Range` asks for what is not there.",
            body = Problem,
            content_type = PROBLEM_JSON,
            headers(("Content-Range" = String, description = "How many bytes there are")),
        ),
    ),
    extensions(("x-refusals" = json!([Code::NotFound, Code::Busy])))
)]
pub async fn get_file(
    request: HttpRequest,
    context: web::Data<Context>,
    _: SignedIn,
    name: web::Path<String>,
) -> Result<HttpResponse, HttpError> {
    if !is_stored_name(&name) {
        return Err(Code::NotFound.into());
    }
    let upload = find(&context.store, &name).await?.ok_or(Code::NotFound)?;
    let path = context.settings.storage.uploads_dir.join(&*name);
    let open = move || open(&path).and_then(|file| NamedFile::from_file(file, &path));
    let file = web::block(open).await.map_err(|_| Code::Internal)?.map_err(|error| {
        tracing::warn!(event = "FILE_MISSING", name = upload.name, %error, "an upload cannot be read");
        HttpError::from(Code::NotFound)
    })?;
    let mime = upload.mime.parse().map_err(|_| Code::Internal)?;
    let mut answer = file.set_content_type(mime).set_content_disposition(disposition(&upload)).into_response(&request);
    let headers = answer.headers_mut();
    let keep = HeaderValue::from_static("private, max-age=31536000, immutable");
    headers.insert(CACHE_CONTROL, keep);
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    Ok(answer)
}

/// The upload called `name`; the thumbnail of one is told as an image of its own.
async fn find(store: &Store, name: &str) -> Result<Option<Upload>, StoreError> {
    if let Some(upload) = store.upload_by_name(name).await? {
        return Ok(Some(upload));
    }
    let Some(upload) = store.upload_by_thumb(name).await? else { return Ok(None) };
    let ending = name.rsplit('.').next().unwrap_or_default();
    let stem = upload.shown_name.rsplit_once('.').map_or(&*upload.shown_name, |(stem, _)| stem);
    let shown_name = format!("{stem}.{ending}");
    Ok(Some(Upload { name: name.to_owned(), shown_name, mime: Thumb::mime_of(ending).to_owned(), ..upload }))
}

/// Opens the file itself, and nothing that a link of its name would lead to.
fn open(path: &Path) -> std::io::Result<File> {
    let file = File::from(rustix::fs::open(
        path,
        OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC | OFlags::NONBLOCK,
        Mode::empty(),
    )?);
    if file.metadata()?.is_file() { Ok(file) } else { Err(std::io::ErrorKind::NotFound.into()) }
}

fn disposition(upload: &Upload) -> ContentDisposition {
    let disposition = if upload.kind == Kind::Image { DispositionType::Inline } else { DispositionType::Attachment };
    // Two names: one that every client reads, one with all characters (RFC 5987) that wins where it is understood.
    let plain = |c: char| if c.is_ascii_alphanumeric() || ".-_ ()".contains(c) { c } else { '_' };
    let exact = ExtendedValue {
        charset: Charset::Ext("UTF-8".into()),
        language_tag: None,
        value: upload.shown_name.clone().into_bytes(),
    };
    let plain = DispositionParam::Filename(upload.shown_name.chars().map(plain).collect());
    ContentDisposition { disposition, parameters: vec![plain, DispositionParam::FilenameExt(exact)] }
}
