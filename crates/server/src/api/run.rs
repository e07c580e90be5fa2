//! `POST /run`: accepts a submission.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use model::{Checker, ExecId, Phases, Report, Submission};
use store::{Once, Submissions};
use tokio::task::JoinError;

use super::result::{find, outlook};
use crate::app::{AppState, Owner};
use crate::backlog::Place;
use crate::body::{aside, read_json};
use crate::error::{ApiError, Problem};
use crate::execution_log::Line;
use crate::idempotency;
use crate::prefer::{self, PREFERENCE_APPLIED};
use crate::wire::{Done, RunRequest, Started, StartedStatus};

/// Run a student's code on a list of inputs
///
/// Accepts the code and its inputs and answers at once with an `exec_id`. When this says `started`, the
/// submission is on disk and will be finished, whatever happens to the server. Every input runs by
/// itself, in the order sent. Without any input the submission is done at once.
///
/// With the header `Prefer: wait=N` (RFC 7240) the answer waits up to N seconds, 30 at the most, and is the final result
/// if that is there in time; `Preference-Applied` says for how long. The submission is the same either way, and whoever
/// stops waiting finds it at `Location`.
///
/// With the header `Idempotency-Key` the request can be sent again, as long as it takes to get an answer: copies of it, also
/// at the same time, are one submission and get the same `exec_id`. A key is kept for 24 hours, for the API key that
/// sent it. A request that was refused is not remembered.
#[utoipa::path(
    post,
    path = "/run",
    operation_id = "run",
    tag = "submissions",
    security(("api_key" = [])),
    params(
        ("idempotency-key" = Option<String>, Header, description = "A name for this request, 1 to 255 visible ASCII characters without `\"` and `\\`, all of it maybe in double quotes. A copy has the same key and the same body.", pattern = r#"^([!#-\[\]-~]{1,255}|"[!#-\[\]-~]{1,255}")$"#),
        ("prefer" = Option<String>, Header, description = "`wait=N`: wait up to N seconds for the final result. Anything else is ignored."),
    ),
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
        (status = 400, description = "The body is not one well-formed JSON object, or `Idempotency-Key` is there twice or no key.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `run`.", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time, or too slowly.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not sent as plain JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is missing, unknown or not allowed, and `field` names it; or the `Idempotency-Key` came with another request before.", body = Problem, content_type = "application/problem+json"),
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
    let key = idempotency::key(&headers)?;
    let bytes = read_json(&headers, body, state.rules.sizes.body_bytes, &state.pace).await?;
    let (once, bytes) = idempotency::name(key, &owner, "/run", bytes).await?;
    let exec_id = match idempotency::earlier(&*state.store, once.as_ref()).await? {
        Some(earlier) => idempotency::single(earlier)?,
        None => accept(&state, &owner, bytes, once.as_ref()).await?,
    };
    Ok(answer(&state, &owner, exec_id, prefer::wait(&headers)).await)
}

/// What is told of a submission that was accepted, just now or from an earlier copy of the request.
async fn answer(state: &AppState, owner: &str, exec_id: ExecId, wait: Option<u64>) -> Response {
    let location = [(header::LOCATION, format!("/result/{exec_id}"))];
    let applied = wait.map(|seconds| [(PREFERENCE_APPLIED, format!("wait={seconds}"))]);
    if let Some(seconds) = wait {
        // It is accepted, whatever happens from here.
        let found = find(state, owner, exec_id, Duration::from_secs(seconds)).await.unwrap_or_default();
        if let Some(report) = found {
            return (location, applied, Json(Done::from(*report))).into_response();
        }
    }
    let (queue_position, eta_ms) = outlook(state, owner, exec_id).await;
    let started = Started { exec_id, status: StartedStatus::Started, queue_position, eta_ms };
    (StatusCode::ACCEPTED, location, applied, Json(started)).into_response()
}

/// Accepts a submission; of copies of one request at the same time, one.
async fn accept(state: &Arc<AppState>, owner: &str, bytes: Vec<u8>, once: Option<&Once>) -> Result<ExecId, ApiError> {
    let submission = parse(state, bytes, owner.to_owned()).await?;
    check_can_run(state, &submission)?;
    let report = report_without_inputs(&submission);
    let Some(place) = room(state, owner, u64::from(report.is_none())).await? else {
        // A copy may have taken the last place.
        let earlier = idempotency::earlier(&*state.store, once).await?;
        return earlier.map_or_else(|| Err(queue_full(state)), idempotency::single);
    };
    let id = submission.id;
    state.traces.accepting(&[id]);
    let (state, once) = (state.clone(), once.cloned());
    let accepting = async move {
        let accepted = Submissions::Single(&submission, report.as_ref());
        let earlier = idempotency::submit(&*state.store, once.as_ref(), accepted).await?;
        if earlier.is_none() {
            begin(&state, &submission, report.as_ref());
        }
        Ok::<_, ApiError>(earlier)
    };
    match place.hold(accepting).await.map_err(died)?? {
        Some(earlier) => idempotency::single(earlier),
        None => Ok(id),
    }
}

/// The report of a submission without inputs, which is final at once.
pub(super) fn report_without_inputs(submission: &Submission) -> Option<Report> {
    submission.inputs.is_empty().then(|| Report::new(Vec::new(), Phases::default()))
}

/// Nothing is accepted that nobody may run for now. Where several nodes share a store it waits for one that may.
pub(super) fn check_can_run(state: &AppState, submission: &Submission) -> Result<(), ApiError> {
    if state.fleet.is_some() {
        return Ok(());
    }
    state.executor.ready().map_err(|reason| ApiError::not_ready(&reason))?;
    for language in languages(submission) {
        if let Some(cause) = state.executor.language(language).unavailable() {
            tracing::warn!(language, cause, "a submission was refused, because its language can not be used");
            return Err(ApiError::language_unavailable(language));
        }
    }
    Ok(())
}

/// That of the code, and those of its checkers.
fn languages(submission: &Submission) -> impl Iterator<Item = &str> {
    let checkers = submission.grading.iter().flat_map(|grading| &grading.checkers);
    let programs = checkers.filter_map(|checker| match checker {
        Checker::Program(program) => Some(program.language.as_str()),
        _ => None,
    });
    std::iter::once(submission.language.as_str()).chain(programs)
}

/// Accepting panicked, or was ended with the server.
pub(super) fn died(error: JoinError) -> ApiError {
    tracing::error!(error = %error, "accepting a submission failed");
    ApiError::internal()
}

async fn parse(state: &Arc<AppState>, bytes: Vec<u8>, owner: String) -> Result<Submission, ApiError> {
    let state = state.clone();
    aside(bytes.len(), move || {
        let request = RunRequest::from_json(&bytes, state.rules.sizes.inputs)?;
        state.rules.submission(request, &owner)
    })
    .await?
}

/// Makes room in the queue for so many more of this owner, or for none of them.
pub(super) async fn room(state: &AppState, owner: &str, more: u64) -> Result<Option<Place>, ApiError> {
    let shared = state.keys.are_several().await?;
    Ok(state.backlog.admit(&*state.store, owner, more, shared).await?)
}

/// What is told where there is no room.
pub(super) fn queue_full(state: &AppState) -> ApiError {
    ApiError::queue_full(state.throughput.retry_after(state.backlog.most()))
}

/// What follows when a submission was accepted: what is final is counted, for anything else a worker is woken.
pub(super) fn begin(state: &AppState, submission: &Submission, report: Option<&Report>) {
    match report {
        Some(report) => {
            state.observed.finished(submission, report);
            state.waiters.finished(submission.id);
            state.log.write(&Line::new(submission, report));
        }
        None => state.wake.notify_one(),
    }
}
