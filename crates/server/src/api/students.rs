//! `DELETE /students/{tag}`: erases what belongs to a student.

use std::sync::Arc;

use axum::Extension;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::app::{AppState, Owner};
use crate::error::{ApiError, Problem};
use crate::execution_log::Line;
use crate::validate::checked_student;
use crate::wire::{ErasedBody, ErasedStatus};

/// Erase what belongs to a student
///
/// All submissions that were sent with this `student` and the calling key: those that wait are cancelled and deleted, those
/// that are done are deleted with their results, those that run are stopped. What was stopped has a result soon, and is
/// deleted by asking again: until the answer is `erased`. `GET /metrics` still counts all of them. A student of whom there
/// is nothing is answered like one of whom there was.
#[utoipa::path(
    delete,
    path = "/students/{tag}",
    operation_id = "erase_student",
    tag = "submissions",
    security(("api_key" = [])),
    params(("tag" = String, Path, description = "The `student` that was sent.", pattern = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")),
    responses(
        (status = 200, description = "There is nothing any more.", body = ErasedBody),
        (status = 202, description = "Some submissions run and are being stopped; ask again.", body = ErasedBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `run`.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "It is no `student` that can be sent.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached; what was erased by then stays erased.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn erase_student(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
    tag: Result<Path<String>, PathRejection>,
) -> Result<Response, ApiError> {
    let tag = tag.map_or_else(|_| String::new(), |Path(tag)| tag);
    let student = checked_student("tag", tag)?;
    let mut deleted = 0;
    let running = loop {
        let erased = state.store.erase(&owner, &student).await?;
        for (submission, report) in &erased.ended {
            state.observed.recorder.finished(submission, report);
            state.waiters.finished(submission.id);
            state.events.changed(submission.id);
            state.log.write(&Line::new(submission, report));
        }
        erased.asked.iter().for_each(|id| state.cancels.ask(*id));
        deleted += erased.deleted;
        if !erased.more {
            break erased.running;
        }
    };
    let (status, code) = match running {
        0 => (ErasedStatus::Erased, StatusCode::OK),
        _ => (ErasedStatus::Erasing, StatusCode::ACCEPTED),
    };
    Ok((code, Json(ErasedBody { status, deleted, running })).into_response())
}
