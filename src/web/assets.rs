//! Floor 8 · `web/assets`: the front end's files. Their address names the build, so they may be kept for ever.

use actix_web::http::header::{CACHE_CONTROL, ETAG, EntityTag, Header as _, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, web};

use super::problem::HttpError;
use crate::assets::{self, Asset, DEV};
use crate::codes::Code;

/// `GET /assets/{build}/{path}`.
///
/// # Errors
/// 404 for what is not there.
pub async fn get_asset(request: HttpRequest, path: web::Path<(String, String)>) -> Result<HttpResponse, HttpError> {
    let (build, path) = path.into_inner();
    // A page that was drawn before an update asks by the old name; it gets the new file, but not to keep.
    let keep = build == assets::build() && build != DEV;
    let asset = assets::asset(&path).ok_or(Code::NotFound)?;
    Ok(answer(&request, asset, &path, if keep { "public, max-age=31536000, immutable" } else { "no-cache" }))
}

/// `GET /favicon.ico`, which browsers ask for where no page says better.
///
/// # Errors
/// 404 without an icon.
pub async fn get_favicon(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let icon = assets::asset("img/favicon.svg").ok_or(Code::NotFound)?;
    Ok(answer(&request, icon, "favicon.svg", "public, max-age=86400"))
}

fn answer(request: &HttpRequest, asset: Asset, path: &str, cache: &'static str) -> HttpResponse {
    let tag = EntityTag::new_weak(asset.hash);
    let same = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|kept| kept.weak_eq(&tag)),
        Ok(IfNoneMatch::Any) | Err(_) => false,
    };
    let mut answer = if same { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, tag.to_string())).insert_header((CACHE_CONTROL, cache));
    if same {
        return answer.finish();
    }
    answer.content_type(media_type(path)).body(web::Bytes::from(asset.bytes.into_owned()))
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "ftl" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        _ => "application/octet-stream",
    }
}
