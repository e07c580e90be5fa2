//! `GET /result/{exec_id}`: what became of a submission.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use model::{ExecId, Report};
use serde::Deserialize;
use store::Status;
use utoipa::IntoParams;

use super::view::{self, View, ViewQuery};
use crate::app::{AppState, Owner};
use crate::error::{ApiError, Code, Problem};
use crate::fleet::{Available, Together};
use crate::wire::{Done, Pending, PendingStatus};

/// The longest wait, in seconds: shorter than proxies give up.
pub const MOST_WAIT: u64 = 30;

/// What can be asked beside the id.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ResultQuery {
    /// Seconds to wait for the final result, if it is not there yet.
    #[serde(default)]
    #[param(minimum = 0, maximum = 30)]
    wait: u64,
    /// Who it is for: `owner` (everything, as without it), or `student`. Then hidden tests are without input, output, printed
    /// text, messages and error lines of the code, and are not in `output`.
    #[param(value_type = Option<View>, inline)]
    view: Option<String>,
}

/// Fetch the result of a submission
///
/// Answers 202 while the submission waits or runs, and 200 with the final result afterwards; with `wait`, as soon as
/// it is there, or 202 when the time is up. A result
/// never changes. One that was sent with `no_store` is deleted within two minutes of being fetched for the first time. An id that is unknown, malformed or belongs to another key is answered alike: 404.
#[utoipa::path(
    get,
    path = "/result/{exec_id}",
    operation_id = "result",
    tag = "submissions",
    security(("api_key" = [])),
    params(("exec_id" = uuid::Uuid, Path, description = "The `exec_id` that `POST /run` gave."), ResultQuery),
    responses(
        (status = 200, description = "Done; this is the final result.", body = Done),
        (status = 202, description = "The submission waits or runs.", body = Pending),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such submission of this key.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`wait` is not a whole number from 0 to 30, or `view` is no view.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn result(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
    exec_id: Result<Path<String>, PathRejection>,
    query: Result<Query<ResultQuery>, QueryRejection>,
) -> Result<Response, ApiError> {
    let Path(exec_id) = exec_id.map_err(|_| ApiError::not_found())?;
    let id: ExecId = exec_id.parse().map_err(|_| ApiError::not_found())?;
    let (wait, view) = asked(query)?;
    if let Some(report) = find(&state, &owner, id, wait).await? {
        return Ok(Json(view.of(*report)).into_response());
    }
    let (queue_position, eta_ms) = outlook(&state, &owner, id).await;
    let waiting_for = lack(&state, &owner, id).await;
    let pending = Pending { status: PendingStatus::Pending, queue_position, eta_ms, waiting_for };
    Ok((StatusCode::ACCEPTED, Json(pending)).into_response())
}

/// The result, if it is there within this time.
///
/// # Errors
/// 404 if this owner has no such submission, 503 if the store fails.
pub(super) async fn find(
    state: &AppState,
    owner: &str,
    id: ExecId,
    wait: Duration,
) -> Result<Option<Box<Report>>, ApiError> {
    let look = || async {
        match state.store.status(owner, id).await? {
            None => Err(ApiError::not_found()),
            Some(Status::Pending) => Ok(None),
            Some(Status::Done(report)) => Ok(Some(report)),
        }
    };
    if wait.is_zero() {
        return look().await;
    }
    let listener = state.waiters.listen(id);
    match tokio::time::timeout(wait, listener.find(look)).await {
        Ok(found) => found,
        // The time is up, which is no error. What another node finished may have come without a notice.
        Err(_) if state.fleet.is_some() => look().await,
        Err(_) => Ok(None),
    }
}

/// What this submission waits for that is not there: a worker with its language, where several nodes share a store. Nothing if
/// there is one, or that can not be found out.
async fn lack(state: &AppState, owner: &str, id: ExecId) -> Option<String> {
    let Together { store, members } = state.fleet.as_ref()?;
    let is_there = |language: &str| members.language(language) != Available::Nowhere;
    if state.rules.languages.iter().all(|language| is_there(&language.id)) {
        return None;
    }
    let language = store.waits_in(owner, id).await.unwrap_or_else(|error| {
        tracing::warn!(exec_id = %id, error = %error, "what a submission waits for is not known");
        None
    })?;
    (!is_there(&language)).then(|| format!("a worker with the language {language}"))
}

/// The place of a submission without a result, and the milliseconds it may still take; each only if it is known. What
/// has a result since, or can not be asked for, is answered without: the rest of the answer is true.
pub(super) async fn outlook(state: &AppState, owner: &str, id: ExecId) -> (Option<u64>, Option<u64>) {
    let place = state.store.place(owner, id).await.unwrap_or_else(|error| {
        tracing::warn!(exec_id = %id, error = %error, "a place in the queue is not known");
        None
    });
    (place, place.and_then(|place| state.throughput.eta_ms(place)))
}

fn asked(query: Result<Query<ResultQuery>, QueryRejection>) -> Result<(Duration, View), ApiError> {
    let wrong = |code| ApiError::invalid(code, "wait", format!("`wait` must be a whole number from 0 to {MOST_WAIT}"));
    let Query(ResultQuery { wait, view }) = query.map_err(|error| {
        // A name that is there twice is the only thing that can be wrong with a text.
        if error.body_text().contains("`view`") { view::wrong() } else { wrong(Code::WrongType) }
    })?;
    if wait > MOST_WAIT {
        return Err(wrong(Code::OutOfRange));
    }
    Ok((Duration::from_secs(wait), ViewQuery { view }.view()?))
}
