//! `POST /run/batch` accepts several submissions or none; `GET /batch/{batch_id}` says how far they are.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use model::{ExecId, Phases, Report, Submission};
use uuid::Uuid;

use super::run::{check_can_run, died};
use crate::app::{AppState, Owner};
use crate::body::read_json;
use crate::error::{ApiError, Problem};
use crate::execution_log::Line;
use crate::wire::{BatchBody, BatchRequest, BatchStarted, StartedStatus};

/// Run several submissions
///
/// Takes up to 100 of what `POST /run` takes, in one body of the same greatest length, and accepts all of them or none: when
/// this says `started`, all are on disk. An error names the submission it is about, such as `submissions[3].inputs[0]`. They
/// wait in the order sent, as if each had been sent alone.
#[utoipa::path(
    post,
    path = "/run/batch",
    operation_id = "run_batch",
    tag = "submissions",
    security(("api_key" = [])),
    request_body = BatchRequest,
    responses(
        (status = 202, description = "All are accepted.", body = BatchStarted,
            headers(("location" = String, description = "The address that says how far the batch is."))),
        (status = 400, description = "The body is not one well-formed JSON object.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `run`.", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time, or too slowly.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not sent as plain JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is missing, unknown or not allowed; `field` names it.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute, or has used its CPU time of this day.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "A language can not be used for now, the sandbox is not intact, too many submissions wait, of all keys or of this one, or the store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn run_batch(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
    headers: HeaderMap,
    body: Body,
) -> Result<impl IntoResponse, ApiError> {
    let bytes = read_json(&headers, body, state.rules.sizes.body_bytes, &state.pace).await?;
    let members = {
        let (state, owner, span) = (state.clone(), owner.clone(), tracing::Span::current());
        // A batch is a long body as a rule, and would hold up others here.
        let parsing = tokio::task::spawn_blocking(move || span.in_scope(|| parse(&state, &bytes, &owner)));
        parsing.await.map_err(|error| {
            tracing::error!(error = %error, "taking a batch apart failed");
            ApiError::internal()
        })??
    };
    let waiting = members.iter().filter(|(_, report)| report.is_none()).count() as u64;
    let shared = state.keys.are_several().await?;
    let Some(place) = state.backlog.admit(&*state.store, &owner, waiting, shared).await? else {
        return Err(ApiError::queue_full(state.throughput.retry_after(state.backlog.most())));
    };
    let batch_id = ExecId::new(Uuid::new_v4());
    let exec_ids: Vec<ExecId> = members.iter().map(|(submission, _)| submission.id).collect();
    state.traces.accepting(&exec_ids);
    place.hold(accept(state, batch_id, members)).await.map_err(died)??;
    let location = [(header::LOCATION, format!("/batch/{batch_id}"))];
    Ok((StatusCode::ACCEPTED, location, Json(BatchStarted { batch_id, exec_ids, status: StartedStatus::Started })))
}

/// Has the store take all of them.
async fn accept(
    state: Arc<AppState>,
    batch_id: ExecId,
    members: Vec<(Submission, Option<Report>)>,
) -> Result<(), ApiError> {
    state.store.submit_batch(batch_id, &members).await?;
    for (submission, report) in &members {
        match report {
            Some(report) => state.log.write(&Line::new(submission, report)),
            // One worker for each, as far as there are idle ones.
            None => state.wake.notify_one(),
        }
    }
    Ok(())
}

/// The submissions, each with its report if it has one already because there is nothing to run.
fn parse(state: &AppState, bytes: &[u8], owner: &str) -> Result<Vec<(Submission, Option<Report>)>, ApiError> {
    let BatchRequest { submissions } = BatchRequest::from_json(bytes, state.rules.sizes.inputs)?;
    let member = |(index, request)| {
        let within = |error: ApiError| error.within(&format!("submissions[{index}]"));
        let submission = state.rules.submission(request, owner).map_err(within)?;
        check_can_run(state, &submission).map_err(within)?;
        let is_empty = submission.inputs.is_empty();
        Ok((submission, is_empty.then(|| Report::new(Vec::new(), Phases::default()))))
    };
    submissions.into_iter().enumerate().map(member).collect()
}

/// Ask how far a batch is
///
/// Lists its submissions with the state of each; the results are at `GET /result/{exec_id}`. Those that were deleted are left
/// out, and when all were, the batch is gone. An id that is unknown, malformed or belongs to another key is answered alike:
/// 404.
#[utoipa::path(
    get,
    path = "/batch/{batch_id}",
    operation_id = "batch",
    tag = "submissions",
    security(("api_key" = [])),
    params(("batch_id" = uuid::Uuid, Path, description = "The `batch_id` that `POST /run/batch` gave.")),
    responses(
        (status = 200, description = "How far it is.", body = BatchBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such batch of this key.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn batch(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
    batch_id: Result<Path<String>, PathRejection>,
) -> Result<Json<BatchBody>, ApiError> {
    let Path(batch_id) = batch_id.map_err(|_| ApiError::not_found())?;
    let id: ExecId = batch_id.parse().map_err(|_| ApiError::not_found())?;
    let members = state.store.batch(&owner, id).await?;
    if members.is_empty() { Err(ApiError::not_found()) } else { Ok(Json(BatchBody::from(members))) }
}
