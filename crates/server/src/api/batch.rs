//! `POST /run/batch` accepts several submissions or none; `GET /batch/{batch_id}` says how far they are.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use axum::{Extension, Json};
use model::{ExecId, Report, Submission};
use store::{Once, Submissions};
use uuid::Uuid;

use super::run::{begin, check_can_run, died, queue_full, report_without_inputs, room};
use crate::app::{AppState, Owner};
use crate::body::{aside, read_json};
use crate::error::{ApiError, Problem};
use crate::idempotency;
use crate::wire::{BatchBody, BatchRequest, BatchStarted, StartedStatus};

/// Run several submissions
///
/// Takes up to 100 of what `POST /run` takes, in one body of the same greatest length, and accepts all of them or none: when
/// this says `started`, all are on disk. An error names the submission it is about, such as `submissions[3].inputs[0]`. They
/// wait in the order sent, as if each had been sent alone. The header `Idempotency-Key` is that of `POST /run`: copies of the
/// request are one batch.
#[utoipa::path(
    post,
    path = "/run/batch",
    operation_id = "run_batch",
    tag = "submissions",
    security(("api_key" = [])),
    params(
        ("idempotency-key" = Option<String>, Header, description = "A name for this request, 1 to 255 visible ASCII characters without `\"` and `\\`, all of it maybe in double quotes. A copy has the same key and the same body.", pattern = r#"^([!#-\[\]-~]{1,255}|"[!#-\[\]-~]{1,255}")$"#),
    ),
    request_body = BatchRequest,
    responses(
        (status = 202, description = "All are accepted.", body = BatchStarted,
            headers(("location" = String, description = "The address that says how far the batch is."))),
        (status = 400, description = "The body is not one well-formed JSON object, or `Idempotency-Key` is there twice or no key.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `run`.", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time, or too slowly.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not sent as plain JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is missing, unknown or not allowed, and `field` names it; or the `Idempotency-Key` came with another request before.", body = Problem, content_type = "application/problem+json"),
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
    let key = idempotency::key(&headers)?;
    let bytes = read_json(&headers, body, state.rules.sizes.body_bytes, &state.pace).await?;
    let (once, bytes) = idempotency::name(key, &owner, "/run/batch", bytes).await?;
    let (batch_id, exec_ids) = match idempotency::earlier(&*state.store, once.as_ref()).await? {
        Some(earlier) => idempotency::batch(earlier)?,
        None => accept(&state, &owner, bytes, once.as_ref()).await?,
    };
    let location = [(header::LOCATION, format!("/batch/{batch_id}"))];
    Ok((StatusCode::ACCEPTED, location, Json(BatchStarted { batch_id, exec_ids, status: StartedStatus::Started })))
}

/// Accepts a batch; of copies of one request at the same time, one.
async fn accept(
    state: &Arc<AppState>,
    owner: &str,
    bytes: Vec<u8>,
    once: Option<&Once>,
) -> Result<(ExecId, Vec<ExecId>), ApiError> {
    let parsing = {
        let (state, owner) = (state.clone(), owner.to_owned());
        aside(bytes.len(), move || parse(&state, &bytes, &owner))
    };
    let members = parsing.await??;
    let waiting = members.iter().filter(|(_, report)| report.is_none()).count() as u64;
    let Some(place) = room(state, owner, waiting).await? else {
        // A copy may have taken the last places.
        let earlier = idempotency::earlier(&*state.store, once).await?;
        return earlier.map_or_else(|| Err(queue_full(state)), idempotency::batch);
    };
    let batch_id = ExecId::new(Uuid::new_v4());
    let exec_ids: Vec<ExecId> = members.iter().map(|(submission, _)| submission.id).collect();
    state.traces.accepting(&exec_ids);
    let (state, once) = (state.clone(), once.cloned());
    let accepting = async move {
        let accepted = Submissions::Batch(batch_id, &members);
        let earlier = idempotency::submit(&*state.store, once.as_ref(), accepted).await?;
        if earlier.is_none() {
            // One worker is woken for each that waits, as far as there are idle ones.
            members.iter().for_each(|(submission, report)| begin(&state, submission, report.as_ref()));
        }
        Ok::<_, ApiError>(earlier)
    };
    match place.hold(accepting).await.map_err(died)?? {
        Some(earlier) => idempotency::batch(earlier),
        None => Ok((batch_id, exec_ids)),
    }
}

/// The submissions, each with its report if it has one already because there is nothing to run.
fn parse(state: &AppState, bytes: &[u8], owner: &str) -> Result<Vec<(Submission, Option<Report>)>, ApiError> {
    let BatchRequest { submissions } = BatchRequest::from_json(bytes, state.rules.sizes.inputs)?;
    let member = |(index, request)| {
        let within = |error: ApiError| error.within(&format!("submissions[{index}]"));
        let submission = state.rules.submission(request, owner).map_err(within)?;
        check_can_run(state, &submission).map_err(within)?;
        let report = report_without_inputs(&submission);
        Ok((submission, report))
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
