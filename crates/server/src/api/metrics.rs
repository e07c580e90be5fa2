//! `GET /metrics`: counters, as JSON or as OpenMetrics text.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use crate::app::AppState;
use crate::error::{ApiError, Problem};
use crate::metrics::{self, Format, Metrics};

/// Read the counters
///
/// They count since the store was made and survive a restart. With `Accept: application/openmetrics-text`
/// or `text/plain` the answer is the text that Prometheus reads; in it are those of the compile cache and of
/// what is made ahead of its use, too, which count since the start.
#[utoipa::path(
    get,
    path = "/metrics",
    operation_id = "metrics",
    tag = "operation",
    security(("api_key" = [])),
    responses(
        (status = 200, description = "The counters.", content(
            (Metrics = "application/json"),
            (String = "application/openmetrics-text"),
            (String = "text/plain"),
        )),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn metrics(State(state): State<Arc<AppState>>, headers: HeaderMap) -> Result<Response, ApiError> {
    let totals = state.store.totals().await?;
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let format = metrics::preferred(accept);
    if format == Format::Json {
        return Ok(Json(Metrics::from(totals)).into_response());
    }
    let (cache, ahead) = (state.executor.compile_cache(), state.executor.boxes_ahead());
    let text = metrics::openmetrics(&totals, &cache, &ahead).map_err(|error| {
        tracing::error!(error = %error, "writing the metrics failed");
        ApiError::internal()
    })?;
    Ok(([(header::CONTENT_TYPE, format.content_type())], text).into_response())
}
