//! `DELETE /result/{exec_id}`: cancels what waits or runs, deletes what is done.

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::ExecId;
use store::Cancelled;

use crate::app::{AppState, Owner};
use crate::error::{ApiError, Problem};
use crate::execution_log::Line;
use crate::wire::{Cancelling, CancellingStatus};

/// Cancel a submission, or delete its result
///
/// One that waits is final at once, with the verdict `cancelled` for each input. One that runs is stopped; its result says
/// `cancelled` for what had not finished, and the rest stays. The result of one that is done is deleted, so that its
/// address answers 404 from then on; `GET /metrics` still counts it. So what was cancelled can be deleted by asking again.
#[utoipa::path(
    delete,
    path = "/result/{exec_id}",
    operation_id = "cancel",
    tag = "submissions",
    security(("api_key" = [])),
    params(("exec_id" = uuid::Uuid, Path, description = "The `exec_id` that `POST /run` gave.")),
    responses(
        (status = 202, description = "It runs and is being stopped; its result comes soon.", body = Cancelling),
        (status = 204, description = "It waited and is cancelled, or it was done and its result is deleted."),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `run`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such submission of this key.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn cancel(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
    exec_id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(exec_id) = exec_id.map_err(|_| ApiError::not_found())?;
    let id: ExecId = exec_id.parse().map_err(|_| ApiError::not_found())?;
    match state.store.cancel(&owner, id).await?.ok_or_else(ApiError::not_found)? {
        Cancelled::Ended(ended) => {
            let (submission, report) = *ended;
            state.observed.recorder.finished(&submission, &report);
            state.waiters.finished(id);
            state.events.changed(id);
            state.log.write(&Line::new(&submission, &report));
        }
        Cancelled::Asked => {
            state.cancels.ask(id);
            let cancelling = Cancelling { status: CancellingStatus::Cancelling };
            return Ok((StatusCode::ACCEPTED, Json(cancelling)).into_response());
        }
        Cancelled::Deleted => {}
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
