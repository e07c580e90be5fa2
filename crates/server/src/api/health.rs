//! `GET /health`: can this server accept and run submissions?

use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::app::AppState;
use crate::error::{ApiError, Problem};
use crate::wire::{BoxesAhead, Health, HealthStatus, WallTest};

/// Ask whether the server is ready
///
/// Needs no key. Answers 503 with the reason when the sandbox is not intact or the store can not be
/// reached. The server tries the sandbox from inside, with programs of its own, at the start and every minute;
/// while one of them finds a hole nothing is accepted and nothing is run.
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
    state.executor.ready().map_err(|reason| ApiError::not_ready(&reason))?;
    let totals = state.store.totals().await?;
    Ok(Json(Health {
        status: HealthStatus::Ok,
        version: env!("CARGO_PKG_VERSION"),
        queued: totals.queued,
        boxes_ahead: BoxesAhead::from(state.executor.boxes_ahead()),
        wall_test: WallTest::new(&state.executor.wall()),
    }))
}
