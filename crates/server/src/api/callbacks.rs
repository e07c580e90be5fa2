//! `/result/{exec_id}/callback` and `/callbacks/secret`: how far a callback is, once more from the start, and what callbacks
//! are signed with. They are sent by [`crate::callbacks`].

use std::sync::Arc;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use model::ExecId;

use crate::app::{AppState, Owner};
use crate::callbacks::{self, SecretError};
use crate::error::{ApiError, Problem};
use crate::wire::{CallbackSecretBody, CallbackStatusBody};

/// Ask how far a callback is
///
/// There is one as soon as there is the result of a submission that was sent with `callback_url`. It goes with the result.
#[utoipa::path(
    get,
    path = "/result/{exec_id}/callback",
    operation_id = "callback",
    tag = "submissions",
    security(("api_key" = [])),
    params(("exec_id" = uuid::Uuid, Path, description = "The `exec_id` that `POST /run` gave.")),
    responses(
        (status = 200, description = "How far it is.", body = CallbackStatusBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such submission of this key, or it has no `callback_url`, or no result yet.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn callback(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
    exec_id: Result<Path<String>, PathRejection>,
) -> Result<Json<CallbackStatusBody>, ApiError> {
    find(&state, &owner, id(exec_id)?).await
}

/// Send a callback again
///
/// Whether it was delivered, is dead or waits: it is tried now, and as often as a new one. `webhook-id` is the same as before.
#[utoipa::path(
    post,
    path = "/result/{exec_id}/callback",
    operation_id = "redeliver",
    tag = "submissions",
    security(("api_key" = [])),
    params(("exec_id" = uuid::Uuid, Path, description = "The `exec_id` that `POST /run` gave.")),
    responses(
        (status = 202, description = "It will be sent.", body = CallbackStatusBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `run`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "No such submission of this key, or it has no `callback_url`, or no result yet.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn redeliver(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
    exec_id: Result<Path<String>, PathRejection>,
) -> Result<(StatusCode, Json<CallbackStatusBody>), ApiError> {
    let id = id(exec_id)?;
    if !state.callbacks.store.redeliver(&owner, id).await? {
        return Err(ApiError::not_found());
    }
    state.callbacks.wake.notify_one();
    Ok((StatusCode::ACCEPTED, find(&state, &owner, id).await?))
}

/// Fetch the secret of callbacks
///
/// What callbacks of this key's submissions are signed with, for whoever receives them. It is made when it is first needed.
#[utoipa::path(
    get,
    path = "/callbacks/secret",
    operation_id = "callback_secret",
    tag = "submissions",
    security(("api_key" = [])),
    responses(
        (status = 200, description = "The secret.", body = CallbackSecretBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `run`.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn secret(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
) -> Result<Json<CallbackSecretBody>, ApiError> {
    Ok(Json(callbacks::secrets(&*state.callbacks.store, &owner).await.map_err(failed)?.into()))
}

/// Make another secret of callbacks
///
/// Callbacks are signed with both, the new one and the one before it, for 24 hours, so that receivers can change to the new one
/// meanwhile. A secret before that ends at once.
#[utoipa::path(
    post,
    path = "/callbacks/secret",
    operation_id = "rotate_callback_secret",
    tag = "submissions",
    security(("api_key" = [])),
    responses(
        (status = 200, description = "The new secret.", body = CallbackSecretBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `run`.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn rotate_secret(
    State(state): State<Arc<AppState>>,
    Extension(Owner(owner)): Extension<Owner>,
) -> Result<Json<CallbackSecretBody>, ApiError> {
    let secrets = callbacks::rotate_secret(&*state.callbacks.store, &owner).await.map_err(failed)?;
    tracing::info!(key = owner, "the secret of callbacks was rotated");
    Ok(Json(secrets.into()))
}

fn id(exec_id: Result<Path<String>, PathRejection>) -> Result<ExecId, ApiError> {
    let Path(exec_id) = exec_id.map_err(|_| ApiError::not_found())?;
    exec_id.parse().map_err(|_| ApiError::not_found())
}

async fn find(state: &AppState, owner: &str, id: ExecId) -> Result<Json<CallbackStatusBody>, ApiError> {
    let found = state.callbacks.store.callback(owner, id).await?.ok_or_else(ApiError::not_found)?;
    Ok(Json(found.into()))
}

fn failed(error: SecretError) -> ApiError {
    match error {
        SecretError::Store(error) => error.into(),
        SecretError::Random(_) => {
            tracing::error!(error = %error, "a secret for callbacks can not be made");
            ApiError::internal()
        }
    }
}
