//! Which web pages of other origins a browser lets use this server. None, unless the operator names them.
//!
//! A page needs a key like everybody else; that it has an origin gives it no right. Cookies and the like are never asked
//! for, and no origin is answered that is not in the list.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::api::events::LAST_EVENT_ID;
use crate::prefer::{PREFER, PREFERENCE_APPLIED};
use crate::{idempotency, keys, request_id};

/// How long a browser may remember what it was told.
const REMEMBERED: Duration = Duration::from_secs(600);

/// The layer that answers for these origins; none if there are none, and then nothing is answered at all.
pub fn layer(origins: &[String]) -> Option<CorsLayer> {
    // The setting takes visible ASCII only.
    let origins: Vec<HeaderValue> = origins.iter().filter_map(|origin| HeaderValue::from_str(origin).ok()).collect();
    let sent: [HeaderName; 6] =
        [keys::HEADER, header::CONTENT_TYPE, request_id::HEADER, PREFER, LAST_EVENT_ID, idempotency::HEADER];
    let read: [HeaderName; 4] = [header::LOCATION, header::RETRY_AFTER, request_id::HEADER, PREFERENCE_APPLIED];
    (!origins.is_empty()).then(|| {
        CorsLayer::new()
            .allow_origin(AllowOrigin::list(origins))
            .allow_methods([Method::GET, Method::HEAD, Method::POST, Method::PATCH, Method::DELETE])
            .allow_headers(sent)
            .expose_headers(read)
            .max_age(REMEMBERED)
    })
}
