//! `POST /run`: accepts a submission.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use model::{Phases, Report, Submission};
use tokio::task::JoinError;

use super::result::{find, outlook};
use crate::app::{AppState, Owner};
use crate::body::read_json;
use crate::error::{ApiError, Problem};
use crate::execution_log::Line;
use crate::prefer::{self, PREFERENCE_APPLIED};
use crate::wire::{Done, RunRequest, Started, StartedStatus};

/// Bodies up to this size are taken apart at once; longer ones where they hold up nobody else.
const SMALL_BODY: usize = 64 * 1024;

/// Run a student's code on a list of inputs
///
/// Accepts the code and its inputs and answers at once with an `exec_id`. When this says `started`, the
/// submission is on disk and will be finished, whatever happens to the server. Every input runs by
/// itself, in the order sent. Without any input the submission is done at once.
///
/// With the header `Prefer: wait=N` (RFC 7240) the answer waits up to N seconds, 30 at the most, and is the final result
/// if that is there in time; `Preference-Applied` says for how long. The submission is the same either way, and whoever
/// stops waiting finds it at `Location`.
#[utoipa::path(
    post,
    path = "/run",
    operation_id = "run",
    tag = "submissions",
    security(("api_key" = [])),
    params(("prefer" = Option<String>, Header, description = "`wait=N`: wait up to N seconds for the final result. Anything else is ignored.")),
    request_body = RunRequest,
    responses(
        (status = 200, description = "Accepted, and done within the time of `Prefer: wait=N`; this is the final result.", body = Done,
            headers(
                ("location" = String, description = "The address of the result."),
                ("preference-applied" = String, description = "`wait=N`, with the seconds it would have waited."),
            )),
        (status = 202, description = "Accepted.", body = Started,
            headers(
                ("location" = String, description = "The address of the result."),
                ("preference-applied" = String, description = "`wait=N`, with the seconds it has waited, if it was asked to."),
            )),
        (status = 400, description = "The body is not one well-formed JSON object.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `run`.", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time, or too slowly.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not sent as plain JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is missing, unknown or not allowed; `field` names it.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute, or has used its CPU time of this day.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The language can not be used for now, the sandbox is not intact, too many submissions wait, of all keys or of this one, or the store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn run(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiError> {
    let bytes = read_json(&headers, body, state.rules.sizes.body_bytes, &state.pace).await?;
    let submission = parse(&state, bytes, owner).await?;
    let owner = &submission.owner;
    check_can_run(&state, &submission)?;
    accept(&state, &submission).await?;
    let exec_id = submission.id;
    let location = [(header::LOCATION, format!("/result/{exec_id}"))];
    let wait = prefer::wait(&headers);
    let applied = wait.map(|seconds| [(PREFERENCE_APPLIED, format!("wait={seconds}"))]);
    if let Some(seconds) = wait {
        // It is accepted, whatever happens from here.
        let found = find(&state, owner, exec_id, Duration::from_secs(seconds)).await.unwrap_or_default();
        if let Some(report) = found {
            return Ok((location, applied, Json(Done::from(*report))).into_response());
        }
    }
    let (queue_position, eta_ms) = outlook(&state, owner, exec_id).await;
    let started = Started { exec_id, status: StartedStatus::Started, queue_position, eta_ms };
    Ok((StatusCode::ACCEPTED, location, applied, Json(started)).into_response())
}

/// Nothing is accepted that nobody may run for now.
pub(super) fn check_can_run(state: &AppState, submission: &Submission) -> Result<(), ApiError> {
    state.executor.ready().map_err(|reason| ApiError::not_ready(&reason))?;
    let language = submission.language.as_str();
    match state.executor.language(language).unavailable() {
        Some(cause) => {
            tracing::warn!(language, cause, "a submission was refused, because its language can not be used");
            Err(ApiError::language_unavailable(language))
        }
        None => Ok(()),
    }
}

/// Accepting panicked, or was ended with the server.
pub(super) fn died(error: JoinError) -> ApiError {
    tracing::error!(error = %error, "accepting a submission failed");
    ApiError::internal()
}

async fn parse(state: &Arc<AppState>, bytes: Vec<u8>, owner: String) -> Result<Submission, ApiError> {
    if bytes.len() <= SMALL_BODY {
        return parse_now(state, &bytes, &owner);
    }
    let (state, span) = (state.clone(), tracing::Span::current());
    let parsing = tokio::task::spawn_blocking(move || span.in_scope(|| parse_now(&state, &bytes, &owner)));
    parsing.await.map_err(|error| {
        tracing::error!(error = %error, "taking a request apart failed");
        ApiError::internal()
    })?
}

fn parse_now(state: &AppState, bytes: &[u8], owner: &str) -> Result<Submission, ApiError> {
    let request = RunRequest::from_json(bytes, state.rules.sizes.inputs)?;
    state.rules.submission(request, owner)
}

async fn accept(state: &AppState, submission: &Submission) -> Result<(), ApiError> {
    if submission.inputs.is_empty() {
        let report = Report::new(Vec::new(), Phases::default());
        state.store.submit_finished(submission, &report).await?;
        state.observed.finished(submission, &report);
        state.log.write(&Line::new(submission, &report));
        return Ok(());
    }
    let shared = state.keys.are_several().await?;
    let Some(place) = state.backlog.admit(&*state.store, &submission.owner, 1, shared).await? else {
        return Err(ApiError::queue_full(state.throughput.retry_after(state.backlog.most())));
    };
    state.traces.accepting(&[submission.id]);
    let (store, wake, submission) = (state.store.clone(), state.wake.clone(), submission.clone());
    let submit = async move { store.submit(&submission).await.map(|()| wake.notify_one()) };
    Ok(place.hold(submit).await.map_err(died)??)
}
