//! The pages of `web/`, embedded in the program: the playground, the dashboard, and what they load.
//!
//! `scripts/build-web` has made the files and their compressed twins before this is compiled; here they are only chosen. They
//! are in test builds too, so that no program depends on the folder it is started in. A program that was compiled without them
//! says so on its pages, and does everything else.

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::error::ApiError;

/// Scripts, styles and data from this server alone, and none in the page itself. The editor underlines with pictures that
/// its style sheet holds.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// For names that hold a digest of what is in the file.
const FOR_GOOD: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// For all others: kept, and asked for again each time.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

const NOT_BUILT: &str = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Code Runner</title></head><body>\
    <h1>This page is not part of this program</h1>\
    <p>It was compiled without the pages of <code>web/</code>. <code>make web</code> builds them; compile it again then.</p>\
    <p>The API works, and is described at <a href=\"/swagger/index.html\">Swagger UI</a>.</p></body></html>\n";

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[allow_missing = true]
struct Files;

/// `GET /`
pub async fn playground(headers: HeaderMap) -> Response {
    page("index.html", &headers)
}

/// `GET /dashboard`
pub async fn dashboard(headers: HeaderMap) -> Response {
    page("dashboard.html", &headers)
}

/// `GET /favicon.ico`, which browsers ask for on pages that name no picture.
pub async fn icon(headers: HeaderMap) -> Result<Response, ApiError> {
    answer("assets/icon.svg", &headers).ok_or_else(ApiError::not_found)
}

/// `GET /assets/{file}`
pub async fn asset(path: Result<Path<String>, PathRejection>, headers: HeaderMap) -> Result<Response, ApiError> {
    let Path(path) = path.map_err(|_| ApiError::not_found())?;
    answer(&format!("assets/{path}"), &headers).ok_or_else(ApiError::not_found)
}

fn page(name: &str, headers: &HeaderMap) -> Response {
    answer(name, headers).unwrap_or_else(|| {
        let kind = (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        (StatusCode::SERVICE_UNAVAILABLE, [kind], NOT_BUILT).into_response()
    })
}

/// A file as this client takes it, or 304 if it has it; none if there is no such file.
fn answer(name: &str, headers: &HeaderMap) -> Option<Response> {
    let kind = content_type(name)?;
    let plain = Files::get(name)?;
    let (coding, file) = match accepted(headers).find_map(|coding| Some((coding, Files::get(&twin(name, coding))?))) {
        Some((coding, file)) => (Some(coding), file),
        None => (None, plain),
    };
    let tag = tag(&file);
    let mut answer = if has(headers, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let kind: (HeaderName, _) = (header::CONTENT_TYPE, HeaderValue::from_static(kind));
        ([kind], file.data).into_response()
    };
    let set = answer.headers_mut();
    if let Some(coding) = coding.filter(|_| set.contains_key(header::CONTENT_TYPE)) {
        set.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    set.insert(header::ETAG, tag);
    set.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    set.insert(header::CACHE_CONTROL, if is_fixed(name) { FOR_GOOD } else { ASK_AGAIN });
    set.insert(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY);
    Some(answer)
}

/// The types of what there is. Compressed twins have none: they are no files of their own to a client.
fn content_type(name: &str) -> Option<&'static str> {
    Some(match name.rsplit_once('.')?.1 {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "txt" | "md" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

/// The codings we have that this client takes, the smaller first.
fn accepted(headers: &HeaderMap) -> impl Iterator<Item = &'static str> {
    let asked: Vec<&str> =
        headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).collect();
    ["br", "gzip"].into_iter().filter(move |coding| {
        asked.iter().flat_map(|value| value.split(',')).any(|item| {
            let (name, quality) = item.split_once(';').unwrap_or((item, ""));
            let refused = quality.trim().strip_prefix("q=").is_some_and(|q| q.trim().parse() == Ok(0.0_f32));
            name.trim().eq_ignore_ascii_case(coding) && !refused
        })
    })
}

fn twin(name: &str, coding: &str) -> String {
    format!("{name}.{}", if coding == "br" { "br" } else { "gz" })
}

/// Half of the digest tells any two of these files apart.
fn tag(file: &EmbeddedFile) -> HeaderValue {
    let digest = file.metadata.sha256_hash();
    let digits: String = digest[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    HeaderValue::from_str(&format!("\"{digits}\"")).expect("hexadecimal digits in quotes are a header's value")
}

/// Does the client have the file with this tag?
fn has(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|item| {
            let item = item.trim();
            item == "*" || item.strip_prefix("W/").unwrap_or(item).as_bytes() == tag.as_bytes()
        })
    })
}

/// Is the name `assets/name.DIGEST.ending`, as `web/vite.config.ts` makes them?
fn is_fixed(name: &str) -> bool {
    name.starts_with("assets/") && name.split('.').count() == 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(value: &'static str) -> Vec<&'static str> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(value));
        accepted(&headers).collect()
    }

    #[test]
    fn a_client_gets_the_best_coding_that_it_takes() {
        assert_eq!(taken("gzip, deflate, br, zstd"), ["br", "gzip"]);
        assert_eq!(taken("GZIP"), ["gzip"]);
        assert_eq!(taken("br;q=0, gzip;q=0.5"), ["gzip"]);
        assert_eq!(taken("br; q=0.000"), [""; 0]);
        assert_eq!(taken("identity"), [""; 0]);
        assert_eq!(taken("brotli"), [""; 0]);
        assert_eq!(accepted(&HeaderMap::new()).count(), 0);
    }

    #[test]
    fn only_names_with_a_digest_are_kept_for_good() {
        assert!(is_fixed("assets/playground.B0dwCvvU.js"));
        for name in ["assets/platform.js", "assets/theme.js", "index.html", "assets/icon.svg"] {
            assert!(!is_fixed(name), "{name}");
        }
    }
}
