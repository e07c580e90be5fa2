//! `GET /metrics`: counters, as JSON or as OpenMetrics text.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};

use crate::app::AppState;
use crate::error::{ApiError, Problem};
use crate::metrics::{self, Format, Metrics, Sources};

/// Read the counters
///
/// They count since the store was made and survive a restart. With `Accept: application/openmetrics-text`
/// or `text/plain` the answer is the text that Prometheus reads; in it are also the state of the
/// queue and of boxes, and what is counted since the start: times, verdicts by language, answers, the compile cache. Where
/// several nodes share a store, the counters and the state of the queue are those of all, and every node answers with the same;
/// what is counted since the start, and boxes, are those of the node that answers.
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
    let sources = Sources {
        totals: Some(&totals),
        fleet_workers: state.fleet.as_ref().map(|fleet| fleet.members.workers()),
        compile_cache: state.executor.compile_cache(),
        boxes_ahead: state.executor.boxes_ahead(),
        lines_lost: state.log.lines_lost(),
        is_ready: state.executor.ready().is_ok() && !state.draining.load(Ordering::Relaxed),
        observed: &state.observed,
    };
    let text = metrics::openmetrics(&sources).map_err(|error| {
        tracing::error!(error = %error, "writing the metrics failed");
        ApiError::internal()
    })?;
    Ok(([(header::CONTENT_TYPE, format.content_type())], text).into_response())
}
