//! `GET /result/{exec_id}`: what became of a submission.

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use model::ExecId;
use store::Status;

use crate::app::{AppState, Owner};
use crate::error::{ApiError, Problem};
use crate::wire::{Done, Pending, PendingStatus};

/// Fetch the result of a submission
///
/// Answers 202 while the submission waits or runs, and 200 with the final result afterwards. A result
/// never changes. An id that is unknown, malformed or belongs to another key is answered alike: 404.
#[utoipa::path(
    get,
    path = "/result/{exec_id}",
    operation_id = "result",
    tag = "submissions",
    security(("api_key" = [])),
    params(("exec_id" = uuid::Uuid, Path, description = "The `exec_id` that `POST /run` gave.")),
    responses(
        (status = 200, description = "Done; this is the final result.", body = Done),
        (status = 202, description = "The submission waits or runs.", body = Pending),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such submission of this key.", body = Problem, content_type = "application/problem+json"),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn result(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
    exec_id: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let Path(exec_id) = exec_id.map_err(|_| ApiError::not_found())?;
    let id: ExecId = exec_id.parse().map_err(|_| ApiError::not_found())?;
    match state.store.status(&owner, id).await? {
        None => Err(ApiError::not_found()),
        Some(Status::Pending) => {
            Ok((StatusCode::ACCEPTED, Json(Pending { status: PendingStatus::Pending })).into_response())
        }
        Some(Status::Done(report)) => Ok(Json(Done::from(*report)).into_response()),
    }
}
