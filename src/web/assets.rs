//! Floor 8 · `web/assets`: the front end's files. Their address names the build, so they may be kept for ever.

use actix_web::http::header::{
    AcceptEncoding, CACHE_CONTROL, CONTENT_ENCODING, ContentEncoding, ETAG, Encoding, EntityTag, Header as _, IfNoneMatch, VARY,
};
use actix_web::{HttpRequest, HttpResponse, web};

use super::problem::HttpError;
use crate::assets::{self, Asset, DEV};
use crate::codes::Code;
use crate::packed::{Coding, packed};

/// `GET /assets/{build}/{path}`.
///
/// # Errors
/// 404 for what is not there.
pub async fn get_asset(request: HttpRequest, path: web::Path<(String, String)>) -> Result<HttpResponse, HttpError> {
    let (build, path) = path.into_inner();
    // A page that was drawn before an update asks by the old name; it gets the new file, but not to keep.
    let keep = build == assets::build() && build != DEV;
    let asset = assets::asset(&path).ok_or(Code::NotFound)?;
    Ok(answer(&request, asset, &path, if keep { "public, max-age=31536000, immutable" } else { "no-cache" }).await)
}

/// `GET /favicon.ico`, which browsers ask for where no page says better.
///
/// # Errors
/// 404 without an icon.
pub async fn get_favicon(request: HttpRequest) -> Result<HttpResponse, HttpError> {
    let icon = assets::asset("img/favicon.svg").ok_or(Code::NotFound)?;
    Ok(answer(&request, icon, "favicon.svg", "public, max-age=86400").await)
}

async fn answer(request: &HttpRequest, asset: Asset, path: &str, cache: &'static str) -> HttpResponse {
    let (media_type, is_text) = media_type(path);
    // Weak: the same file in another coding is another row of bytes.
    let tag = EntityTag::new_weak(asset.hash.clone());
    let same = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|kept| kept.weak_eq(&tag)),
        Ok(IfNoneMatch::Any) | Err(_) => false,
    };
    let mut answer = if same { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((ETAG, tag.to_string())).insert_header((CACHE_CONTROL, cache));
    if is_text {
        answer.insert_header((VARY, "Accept-Encoding"));
    }
    if same {
        return answer.finish();
    }
    answer.content_type(media_type);
    let coding = is_text.then(|| best_coding(request)).flatten();
    if let Some((coding, name)) = coding
        && let Some(bytes) = packed(&asset, coding).await
    {
        // With it nothing on the way out packs it again.
        return answer.insert_header((CONTENT_ENCODING, name)).body(bytes);
    }
    answer.body(asset.bytes)
}

/// What the one who asks takes, by their weights; of two they like the same, the smaller one.
fn best_coding(request: &HttpRequest) -> Option<(Coding, ContentEncoding)> {
    let codings = [Encoding::brotli(), Encoding::gzip(), Encoding::identity()];
    match AcceptEncoding::parse(request).ok()?.negotiate(codings.iter())? {
        Encoding::Known(name @ ContentEncoding::Brotli) => Some((Coding::Brotli, name)),
        Encoding::Known(name @ ContentEncoding::Gzip) => Some((Coding::Gzip, name)),
        _ => None,
    }
}

/// The type of what is at `path`, and whether it is text, so that packing it helps.
fn media_type(path: &str) -> (&'static str, bool) {
    match path.rsplit('.').next().unwrap_or_default() {
        "js" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "ftl" => ("text/plain; charset=utf-8", true),
        "svg" => ("image/svg+xml", true),
        "json" => ("application/json", true),
        "webmanifest" => ("application/manifest+json", true),
        "png" => ("image/png", false),
        "webp" => ("image/webp", false),
        "ico" => ("image/x-icon", false),
        "woff2" => ("font/woff2", false),
        _ => ("application/octet-stream", false),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use crate::web::testing::{Answer, House};

    const SHEET: &str = "/assets/dev/css/tokens.css";

    async fn in_coding(house: &House, path: &str, accept: &str) -> Answer {
        house.ask(TestRequest::get().uri(path).insert_header(("accept-encoding", accept))).await
    }

    #[actix_web::test]
    async fn the_front_end_is_served_with_its_types() {
        let house = House::new().await;
        for (path, mime) in [
            ("css/tokens.css", "text/css; charset=utf-8"),
            ("i18n/en.ftl", "text/plain; charset=utf-8"),
            ("img/favicon.svg", "image/svg+xml"),
            ("vendor/papo-vendor.js", "text/javascript; charset=utf-8"),
        ] {
            let answer = house.get(&format!("/assets/dev/{path}")).await;
            assert_eq!((answer.status, answer.header("content-type")), (200, mime));
        }
        assert_eq!(house.get("/favicon.ico").await.status, 200);
    }

    #[actix_web::test]
    async fn each_browser_gets_the_smallest_that_it_takes() {
        let house = House::new().await;
        let whole = house.get(SHEET).await.bytes.len();
        let mut sizes = Vec::new();
        for (accept, coding) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip, deflate", "gzip"),
            ("br;q=0.5, gzip;q=0.9", "gzip"),
            ("br;q=0, gzip;q=0", ""),
            ("identity", ""),
        ] {
            let answer = in_coding(&house, SHEET, accept).await;
            assert_eq!((answer.status, answer.header("content-encoding")), (200, coding), "{accept}");
            assert_eq!(answer.header("vary").to_ascii_lowercase(), "accept-encoding", "{accept}");
            sizes.push(answer.bytes.len());
        }
        assert!(sizes[0] < sizes[1] && sizes[1] == sizes[2] && sizes[2] < whole / 2, "{sizes:?}");
        assert_eq!(sizes[3..], [whole; 2]);
    }

    #[actix_web::test]
    async fn who_has_the_file_is_not_sent_it_again() {
        let house = House::new().await;
        let first = in_coding(&house, SHEET, "br").await;
        let again = |tag: &str| TestRequest::get().uri(SHEET).insert_header(("if-none-match", tag));
        let same = house.ask(again(first.header("etag")).insert_header(("accept-encoding", "gzip"))).await;
        assert_eq!((same.status, same.bytes.len()), (304, 0));
        for name in ["etag", "cache-control", "vary"] {
            assert_eq!(same.header(name).to_ascii_lowercase(), first.header(name).to_ascii_lowercase());
        }
        assert_eq!(house.ask(again("W/\"other\"")).await.status, 200);
    }
}
