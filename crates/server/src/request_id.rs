//! A name for each request, in its answer and in every line the log has of it.
//!
//! A client's own name is kept if it is short and plain, so that it can be found in the logs of both; it is never
//! trusted to be unique. The address is logged as the pattern it matched and not as it came: what a client put there
//! may be a key, or text that was made for whoever reads logs.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use uuid::Uuid;

/// The header that carries it, both ways.
pub const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest that is taken from a client.
const MOST_LENGTH: usize = 64;

/// What stands for addresses that no route has.
pub const NO_ROUTE: &str = "none";

/// Gives the request its name, and the answer too.
pub async fn name(request: Request, next: Next) -> Response {
    let id = given(request.headers()).unwrap_or_else(|| Uuid::new_v4().simple().to_string());
    let span = tracing::error_span!("request", %id, method = method(&request), route = route(&request));
    let begin = std::time::Instant::now();
    let answer = async {
        let answer = next.run(request).await;
        tracing::debug!(status = answer.status().as_u16(), duration_us = begin.elapsed().as_micros(), "answered");
        answer
    };
    let mut answer = answer.instrument(span).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        answer.headers_mut().insert(HEADER, value);
    }
    answer
}

/// The pattern of the address that was asked for.
pub fn route(request: &Request) -> String {
    request.extensions().get::<MatchedPath>().map_or(NO_ROUTE, MatchedPath::as_str).to_owned()
}

/// A method's name, unless a client made one up.
pub fn method(request: &Request) -> &'static str {
    const KNOWN: [&str; 9] = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"];
    KNOWN.into_iter().find(|name| *name == request.method().as_str()).unwrap_or("another")
}

/// The client's name for its request: 1 to 64 letters, digits, `.`, `_` and `-` of ASCII, and given once.
fn given(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(HEADER).iter();
    let (only, None) = (all.next()?.to_str().ok()?, all.next()) else { return None };
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    ((1..=MOST_LENGTH).contains(&only.len()) && only.bytes().all(is_plain)).then(|| only.to_owned())
}
