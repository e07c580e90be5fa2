//! The side of a node that runs submissions, and what one that does nothing else tells of itself: is it alive, is it ready, and
//! what does it count. Nothing else can be asked of it, and so nobody needs a key.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use executor::Executor;
use tower_http::set_header::SetResponseHeaderLayer;

use super::common::Common;
use crate::api::health;
use crate::error::ApiError;
use crate::fleet::Publisher;
use crate::metrics::{self, Format, Sources};
use crate::scheduler::{Scheduler, Timing};
use crate::wire::{Alive, HealthStatus};

/// Runs submissions.
pub(super) fn scheduler(
    common: &Common,
    executor: Arc<dyn Executor>,
    publisher: Option<Arc<Publisher>>,
    timing: Timing,
) -> Arc<Scheduler> {
    let common = common.clone();
    Arc::new(Scheduler {
        store: common.store,
        executor,
        wake: common.wake,
        waiters: common.waiters,
        events: common.events,
        cancels: common.cancels,
        throughput: common.throughput,
        log: common.log,
        observed: common.observed,
        traces: common.traces,
        publisher,
        timing,
    })
}

#[derive(Clone)]
struct Worker {
    common: Common,
    executor: Arc<dyn Executor>,
}

/// What can be asked of a node that only runs.
pub(super) fn router(common: &Common, executor: Arc<dyn Executor>) -> Router {
    let state = Arc::new(Worker { common: common.clone(), executor });
    Router::new()
        .route("/health/live", get(health::live))
        .route("/health/ready", get(ready))
        .route("/metrics", get(numbers))
        .fallback(async || ApiError::not_found())
        .method_not_allowed_fallback(async || ApiError::method_not_allowed())
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, HeaderValue::from_static("no-store")))
        .with_state(state)
}

/// Whether it takes submissions: it was not told to stop, the sandbox is intact and the store can be reached.
async fn ready(State(worker): State<Arc<Worker>>) -> Result<Json<Alive>, ApiError> {
    let Worker { common, executor } = &*worker;
    if common.draining.load(Ordering::Relaxed) {
        return Err(ApiError::not_ready("the worker has been told to stop"));
    }
    executor.ready().map_err(|reason| ApiError::not_ready(&reason))?;
    common.store.writable().await?;
    // The last write may be long ago; a read shows that the store is there now.
    common.store.totals().await?;
    Ok(Json(Alive { status: HealthStatus::Ok }))
}

/// What this process counts, for Prometheus. The store's counters are told by the nodes that accept.
async fn numbers(State(worker): State<Arc<Worker>>) -> Result<Response, ApiError> {
    let Worker { common, executor } = &*worker;
    let sources = Sources {
        totals: None,
        fleet_workers: None,
        compile_cache: executor.compile_cache(),
        boxes_ahead: executor.boxes_ahead(),
        lines_lost: common.log.lines_lost(),
        is_ready: executor.ready().is_ok() && !common.draining.load(Ordering::Relaxed),
        observed: &common.observed,
    };
    let text = metrics::openmetrics(&sources).map_err(|error| {
        tracing::error!(error = %error, "writing the metrics failed");
        ApiError::internal()
    })?;
    Ok(([(header::CONTENT_TYPE, Format::OpenMetrics.content_type())], text).into_response())
}
