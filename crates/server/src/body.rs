//! Reads a request body within bounds of kind, length and time, before anybody looks into it.

use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

use crate::error::ApiError;

/// Bodies up to this many bytes are looked into at once; longer ones where they hold up nobody else.
const SMALL: usize = 64 * 1024;

/// How fast a body has to come.
#[derive(Debug, Clone)]
pub struct Pace {
    /// For all of it.
    pub whole: Duration,
    /// How far it may be behind `least_rate`.
    pub stall: Duration,
    /// Bytes a second.
    pub least_rate: u64,
}

impl Pace {
    /// When there must be more, of a body that began then and of which so much has come.
    fn deadline(&self, begin: Instant, received: usize) -> Instant {
        let earned = Duration::from_secs_f64(received as f64 / self.least_rate as f64);
        begin + self.whole.min(self.stall + earned)
    }
}

/// The bytes of a JSON body.
///
/// # Errors
/// 415 for another content type or a compressed body, 413 for one of more than `most` bytes (before it
/// is read, if its length is declared), 408 if it does not keep `pace`, 400 if it breaks off.
pub async fn read_json(headers: &HeaderMap, body: Body, most: usize, pace: &Pace) -> Result<Vec<u8>, ApiError> {
    check_kind(headers)?;
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > most as u64) {
        return Err(ApiError::body_too_large(most));
    }
    let (begin, mut bytes) = (Instant::now(), Vec::new());
    let mut chunks = body.into_data_stream();
    loop {
        let next = timeout_at(pace.deadline(begin, bytes.len()), chunks.next()).await;
        let Some(chunk) = next.map_err(|_| ApiError::request_timeout())? else { return Ok(bytes) };
        let chunk = chunk.map_err(|_| ApiError::malformed("the request body broke off"))?;
        if bytes.len() + chunk.len() > most {
            return Err(ApiError::body_too_large(most));
        }
        bytes.extend_from_slice(&chunk);
    }
}

/// Does work that takes as long as a body of this length is long.
///
/// # Errors
/// 500, if it panicked.
pub async fn aside<T: Send + 'static>(length: usize, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    if length <= SMALL {
        return Ok(work());
    }
    let span = tracing::Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work)).await.map_err(|error| {
        tracing::error!(error = %error, "looking into a request failed");
        ApiError::internal()
    })
}

fn check_kind(headers: &HeaderMap) -> Result<(), ApiError> {
    if headers
        .get(header::CONTENT_ENCODING)
        .is_some_and(|encoding| !encoding.as_bytes().eq_ignore_ascii_case(b"identity"))
    {
        return Err(ApiError::unsupported_media_type("send the body without a content encoding"));
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    if !parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        return Err(ApiError::unsupported_media_type("send the body with `content-type: application/json`"));
    }
    let charset = parts.filter_map(|part| part.split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("charset"));
    match charset.map(|(_, value)| value.trim_matches('"')) {
        Some(other) if !other.eq_ignore_ascii_case("utf-8") => {
            Err(ApiError::unsupported_media_type("JSON is always UTF-8; leave the charset out"))
        }
        _ => Ok(()),
    }
}
