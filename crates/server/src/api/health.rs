//! `GET /health` and its two halves: is this process alive, and shall submissions be sent to it?

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Json;
use axum::extract::State;
use store::Totals;
use time::OffsetDateTime;

use crate::app::AppState;
use crate::error::{ApiError, Problem};
use crate::wire::{Alive, BoxesAhead, Health, HealthStatus, NodeHealth, WallTest};

/// Ask whether the server is ready
///
/// Needs no key. Answers 503 with the reason when the sandbox is not intact, the store can not be reached or the server
/// has been told to stop. The server tries the sandbox from inside, with programs of its own, at the start and every minute;
/// while one of them finds a hole nothing is accepted and nothing is run. Where several nodes share a store, a node is ready
/// when it can reach that, since what it accepts is run by any of them; `nodes` lists them.
#[utoipa::path(
    get,
    path = "/health",
    operation_id = "health",
    tag = "operation",
    responses(
        (status = 200, description = "Ready.", body = Health),
        (status = 503, description = "Not ready; `detail` says why.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn health(State(state): State<Arc<AppState>>) -> Result<Json<Health>, ApiError> {
    let totals = readiness(&state).await?;
    Ok(Json(Health {
        status: HealthStatus::Ok,
        version: env!("CARGO_PKG_VERSION"),
        queued: totals.queued,
        boxes_ahead: BoxesAhead::from(state.executor.boxes_ahead()),
        wall_test: WallTest::new(&state.executor.wall()),
        dagger: state.executor.elsewhere().map(Into::into),
        nodes: state.fleet.as_ref().map(|fleet| {
            let now = OffsetDateTime::now_utc();
            fleet.members.nodes().iter().map(|known| NodeHealth::new(known, now)).collect()
        }),
    }))
}

/// Ask whether the process is alive
///
/// Needs no key, and answers for as long as anything is answered at all. Whoever restarts servers asks this; a server that
/// is not ready is not mended by a new start.
#[utoipa::path(
    get,
    path = "/health/live",
    operation_id = "health_live",
    tag = "operation",
    responses((status = 200, description = "Alive.", body = Alive))
)]
pub async fn live() -> Json<Alive> {
    Json(Alive { status: HealthStatus::Ok })
}

/// Ask whether submissions can be sent here
///
/// Needs no key. What `GET /health` says, in short, for whoever shares out requests. When the server is told to stop, this
/// answers 503 at once, and the server goes on for `drain_notice_ms` before it accepts no more connections.
#[utoipa::path(
    get,
    path = "/health/ready",
    operation_id = "health_ready",
    tag = "operation",
    responses(
        (status = 200, description = "Ready.", body = Alive),
        (status = 503, description = "Not ready; `detail` says why.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn ready(State(state): State<Arc<AppState>>) -> Result<Json<Alive>, ApiError> {
    readiness(&state).await?;
    Ok(Json(Alive { status: HealthStatus::Ok }))
}

/// The store's totals, as a proof that it can be read, if all else is well and it can be written.
async fn readiness(state: &AppState) -> Result<Totals, ApiError> {
    if state.draining.load(Ordering::Relaxed) {
        return Err(ApiError::not_ready("the server has been told to stop"));
    }
    state.executor.ready().map_err(|reason| ApiError::not_ready(&reason))?;
    state.store.writable().await?;
    Ok(state.store.totals().await?)
}
