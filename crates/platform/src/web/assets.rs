//! Scripts and styles: what the build of `web/` has made for the platform, embedded in the program.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::error::PageError;

#[derive(RustEmbed)]
#[folder = "../../web/dist/assets"]
#[allow_missing = true]
struct Files;

/// `GET /favicon.ico`
pub async fn icon(headers: HeaderMap) -> Result<Response, PageError> {
    answer("icon.svg", &headers)
}

/// `GET /assets/{file}`
pub async fn asset(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, PageError> {
    answer(&file, &headers)
}

fn answer(name: &str, headers: &HeaderMap) -> Result<Response, PageError> {
    let kind = match name.rsplit_once('.').ok_or(PageError::NotFound)?.1 {
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        _ => return Err(PageError::NotFound),
    };
    let takes_gzip = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let takes_gzip = takes_gzip.is_some_and(|value| value.split(',').any(|coding| coding.trim() == "gzip"));
    let packed = takes_gzip.then(|| Files::get(&format!("{name}.gz"))).flatten();
    let is_packed = packed.is_some();
    let file = packed.or_else(|| Files::get(name)).ok_or(PageError::NotFound)?;
    let tag = tag(&file);
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| *known == tag);
    let mut answer = if known { StatusCode::NOT_MODIFIED.into_response() } else { file.data.into_response() };
    let set = answer.headers_mut();
    set.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    if is_packed && !known {
        set.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    set.insert(header::ETAG, tag);
    set.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    // `name.DIGEST.js` never changes; all others are asked for again.
    let kept = if name.split('.').count() == 3 { "public, max-age=31536000, immutable" } else { "no-cache" };
    set.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
    Ok(answer)
}

fn tag(file: &EmbeddedFile) -> HeaderValue {
    let digits: String = file.metadata.sha256_hash()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{digits}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}
