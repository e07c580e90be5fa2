//! The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a client names a request, and may then send it
//! again without knowing what became of the first.
//!
//! What was accepted under a key is kept by the store, with the submissions and as durably. A copy, the same bytes for the
//! same address, is answered with what the first was told; something else under the same key is refused. Copies at the
//! same time are told apart in the store, where one of them comes first: none of them is refused because another one is
//! being handled. What was refused is not remembered, so that it can be sent again under its key.
//!
//! This module does not know what a submission is.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};
use model::ExecId;
use sha2::{Digest, Sha256};
use store::{Accepted, Earlier, Once, Store, Submissions};

use crate::body::aside;
use crate::error::ApiError;

/// The header.
pub const HEADER: HeaderName = HeaderName::from_static("idempotency-key");

/// How long a key is kept.
pub const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// Characters of a key.
pub const MOST_CHARACTERS: usize = 255;

/// The key, if the request has one. The draft wants double quotes around it, and many clients leave them out: with or
/// without, it is the same key.
///
/// # Errors
/// 400 if it is there twice, empty, too long or not of visible ASCII.
pub fn key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let mut values = headers.get_all(HEADER).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(ApiError::bad_idempotency_key("is there twice; send one"));
    }
    let key = value.to_str().ok().map(unquoted).filter(|key| is_key(key));
    let wrong = || {
        let allowed = format!("must be 1 to {MOST_CHARACTERS} visible ASCII characters without `\"` and `\\`");
        ApiError::bad_idempotency_key(&format!("{allowed}; all of it may stand in double quotes"))
    };
    key.map(|key| Some(key.to_owned())).ok_or_else(wrong)
}

fn unquoted(value: &str) -> &str {
    value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value)
}

fn is_key(key: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\';
    (1..=MOST_CHARACTERS).contains(&key.len()) && key.bytes().all(is_allowed)
}

/// The name of this body of this owner for this address, if it has a key; and the body again.
///
/// # Errors
/// 500, if reading it panicked.
pub async fn name(
    key: Option<String>,
    owner: &str,
    address: &'static str,
    body: Vec<u8>,
) -> Result<(Option<Once>, Vec<u8>), ApiError> {
    let Some(key) = key else { return Ok((None, body)) };
    let (request, body) = aside(body.len(), move || (digest(address, &body), body)).await?;
    Ok((Some(Once { owner: owner.to_owned(), key, request, kept: KEPT }), body))
}

fn digest(address: &str, body: &[u8]) -> [u8; 32] {
    // No address has a zero byte.
    Sha256::new().chain_update(address).chain_update([0]).chain_update(body).finalize().into()
}

/// What was accepted from an earlier copy of this request, if there was one and it is known by now.
///
/// # Errors
/// 422 if its key came with another request, 503 if the store fails.
pub async fn earlier(store: &dyn Store, once: Option<&Once>) -> Result<Option<Earlier>, ApiError> {
    let Some(once) = once else { return Ok(None) };
    let found = store.submitted_once(&once.owner, &once.key).await?;
    found.map(|earlier| same(earlier, once)).transpose()
}

/// Has these accepted; or says what was accepted from a copy that came first.
///
/// # Errors
/// As [`earlier`].
pub async fn submit(
    store: &dyn Store,
    once: Option<&Once>,
    submissions: Submissions<'_>,
) -> Result<Option<Earlier>, ApiError> {
    match (once, submissions) {
        (Some(once), submissions) => match store.submit_once(once, submissions).await? {
            Accepted::Now => Ok(None),
            Accepted::Before(earlier) => same(earlier, once).map(Some),
        },
        (None, Submissions::Single(submission, None)) => Ok(store.submit(submission).await.map(|()| None)?),
        (None, Submissions::Single(submission, Some(report))) => {
            Ok(store.submit_finished(submission, report).await.map(|()| None)?)
        }
        (None, Submissions::Batch(batch, members)) => Ok(store.submit_batch(batch, members).await.map(|()| None)?),
    }
}

fn same(earlier: Earlier, once: &Once) -> Result<Earlier, ApiError> {
    if earlier.request == once.request { Ok(earlier) } else { Err(ApiError::idempotency_key_reused()) }
}

/// The one submission of a request for one.
///
/// # Errors
/// 500: there is none, though the digest says that the request was one for `POST /run`.
pub fn single(earlier: Earlier) -> Result<ExecId, ApiError> {
    earlier.submissions.first().copied().ok_or_else(ApiError::internal)
}

/// The batch and its submissions, of a request for a batch.
///
/// # Errors
/// 500: there is none, though the digest says that the request was one for `POST /run/batch`.
pub fn batch(earlier: Earlier) -> Result<(ExecId, Vec<ExecId>), ApiError> {
    let Earlier { batch, submissions, request: _ } = earlier;
    batch.map(|batch| (batch, submissions)).ok_or_else(ApiError::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_what_stands_in_the_quotes_or_all_of_it() {
        let long = "x".repeat(MOST_CHARACTERS);
        let quoted = format!("\"{long}\"");
        let cases = [
            ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
            ("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
            ("!~,;=", "!~,;="),
            ("0", "0"),
            (&long, &long),
            (&quoted, &long),
        ];
        for (sent, expected) in cases {
            let headers = HeaderMap::from_iter([(HEADER, sent.parse().unwrap())]);
            assert_eq!(key(&headers).unwrap().as_deref(), Some(expected), "{sent}");
        }
        assert_eq!(key(&HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let long = "x".repeat(MOST_CHARACTERS + 1);
        let quoted = format!("\"{long}\"");
        let cases: [&[u8]; 16] = [
            b"",
            b"\"\"",
            b"\"",
            b"\"a",
            b"a\"",
            b"a\"b",
            b"\"a\"b\"",
            b"\"a\";p=1",
            b"a\\b",
            b"\"a\\\"b\"",
            b"a b",
            b"a\tb",
            "\u{e4}".as_bytes(),
            b"\xff",
            long.as_bytes(),
            quoted.as_bytes(),
        ];
        for sent in cases {
            let value = axum::http::HeaderValue::from_bytes(sent).unwrap();
            let error = key(&HeaderMap::from_iter([(HEADER, value)])).unwrap_err();
            assert!(error.detail().starts_with("`idempotency-key` must be 1 to 255"), "{sent:?}: {}", error.detail());
        }
    }

    #[test]
    fn a_digest_tells_addresses_and_bodies_apart() {
        let all = [("/run", "a"), ("/run", "b"), ("/run/batch", "a"), ("/run", "/batch\0a"), ("/run", "")];
        let digests: std::collections::HashSet<_> =
            all.into_iter().map(|(address, body)| digest(address, body.as_bytes())).collect();
        assert_eq!(digests.len(), all.len());
    }
}
