//! `/keys`: makes, lists, changes, rotates and revokes keys, for keys with the scope `admin`.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use time::OffsetDateTime;

use crate::app::{AppState, Owner};
use crate::body::read_json;
use crate::error::{ApiError, Problem};
use crate::key_rules::{is_added, key_change, new_key, not_the_first, overlap};
use crate::secrets;
use crate::wire::{KeyBody, KeyChangeRequest, KeyList, KeyRequest, KeyWithSecret, RotateRequest};

/// Far more than a request for a key takes.
const MOST_BODY: usize = 16 * 1024;

/// Make a key
///
/// The secret is in the answer and nowhere else: what is kept of it can not be sent as a key.
#[utoipa::path(
    post,
    path = "/keys",
    operation_id = "make_key",
    tag = "keys",
    security(("api_key" = [])),
    request_body = KeyRequest,
    responses(
        (status = 201, description = "The key was made.", body = KeyWithSecret),
        (status = 400, description = "The body is not one well-formed JSON object.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "There is or was a key of this name, or no more keys can be made.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not sent as plain JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is missing, unknown or not allowed; `field` names it.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn make(
    State(state): State<Arc<AppState>>,
    Extension(Owner(by)): Extension<Owner>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<KeyWithSecret>), ApiError> {
    let bytes = read_json(&headers, body, MOST_BODY, &state.pace).await?;
    let (secret, kept) = fresh()?;
    let key = new_key(KeyRequest::from_json(&bytes)?, kept, OffsetDateTime::now_utc())?;
    is_added(state.keys.store().add_key(&key).await?)?;
    state.keys.changed().await;
    tracing::info!(key = key.name.as_str(), by, "a key was made");
    let key = find(&state, key.name.as_str()).await?;
    Ok((StatusCode::CREATED, Json(KeyWithSecret { secret: secret.expose().to_owned(), key })))
}

/// List the keys
///
/// All that were ever made, without their secrets.
#[utoipa::path(
    get,
    path = "/keys",
    operation_id = "keys",
    tag = "keys",
    security(("api_key" = [])),
    responses(
        (status = 200, description = "The keys.", body = KeyList),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn list(State(state): State<Arc<AppState>>) -> Result<Json<KeyList>, ApiError> {
    Ok(Json(KeyList::new(state.keys.store().keys().await?, OffsetDateTime::now_utc())))
}

/// Change a key
///
/// Changes what it may do, how much and until when. What is left out stays as it is, and null takes a limit, or the end,
/// away. Whoever uses the key notices within a second; what waits because as many run as the key may begins when more may.
/// Its secret, its submissions and what it has used stay; so does its name, which is their owner.
#[utoipa::path(
    patch,
    path = "/keys/{name}",
    operation_id = "change_key",
    tag = "keys",
    security(("api_key" = [])),
    params(("name" = String, Path, description = "The name of the key.")),
    request_body = KeyChangeRequest,
    responses(
        (status = 200, description = "The key is like this now.", body = KeyBody),
        (status = 400, description = "The body is not one well-formed JSON object.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such key, or it was revoked.", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`default` is changed in the settings.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not sent as plain JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is unknown, not allowed or can not be changed; `field` names it.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn change(
    State(state): State<Arc<AppState>>,
    Extension(Owner(by)): Extension<Owner>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<KeyBody>, ApiError> {
    let bytes = read_json(&headers, body, MOST_BODY, &state.pace).await?;
    let change = key_change(KeyChangeRequest::from_json(&bytes)?, OffsetDateTime::now_utc())?;
    let Path(name) = name.map_err(|_| ApiError::unknown_key())?;
    not_the_first(&name)?;
    if !state.keys.store().change_key(&name, &change).await? {
        return Err(ApiError::unknown_key());
    }
    state.keys.changed().await;
    // More of it may run now, on every worker that is idle.
    state.wake.notify_waiters();
    tracing::info!(key = name, by, ?change, "a key was changed");
    Ok(Json(find(&state, &name).await?))
}

/// Give a key another secret
///
/// The present secret stays valid for `overlap_seconds`, so that whoever uses it can change to the new one; a secret
/// that was replaced before is valid no longer. Name, scopes, limits and submissions stay.
#[utoipa::path(
    post,
    path = "/keys/{name}/rotate",
    operation_id = "rotate_key",
    tag = "keys",
    security(("api_key" = [])),
    params(("name" = String, Path, description = "The name of the key.")),
    request_body = RotateRequest,
    responses(
        (status = 200, description = "The key has the secret of the answer.", body = KeyWithSecret),
        (status = 400, description = "The body is not one well-formed JSON object.", body = Problem, content_type = "application/problem+json"),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such key, or it was revoked.", body = Problem, content_type = "application/problem+json"),
        (status = 408, description = "The body did not arrive in time.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`default` is changed in the settings.", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "The body is too long.", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "The body is not sent as plain JSON.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "A field is unknown or not allowed; `field` names it.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn rotate(
    State(state): State<Arc<AppState>>,
    Extension(Owner(by)): Extension<Owner>,
    name: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<KeyWithSecret>, ApiError> {
    let bytes = read_json(&headers, body, MOST_BODY, &state.pace).await?;
    let overlap = overlap(&RotateRequest::from_json(&bytes)?)?;
    let Path(name) = name.map_err(|_| ApiError::unknown_key())?;
    not_the_first(&name)?;
    let (secret, kept) = fresh()?;
    if !state.keys.store().rotate_key(&name, &kept, overlap).await? {
        return Err(ApiError::unknown_key());
    }
    state.keys.changed().await;
    tracing::info!(key = name, by, overlap_s = overlap.as_secs(), "a key was rotated");
    let key = find(&state, &name).await?;
    Ok(Json(KeyWithSecret { secret: secret.expose().to_owned(), key }))
}

/// Revoke a key
///
/// None of its secrets is valid any more. What was submitted with it stays and is run, but no key can read it:
/// the name is not given again.
#[utoipa::path(
    delete,
    path = "/keys/{name}",
    operation_id = "revoke_key",
    tag = "keys",
    security(("api_key" = [])),
    params(("name" = String, Path, description = "The name of the key.")),
    responses(
        (status = 200, description = "The key is revoked.", body = KeyBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such key, or it was revoked before.", body = Problem, content_type = "application/problem+json"),
        (status = 409, description = "`default` is changed in the settings.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn revoke(
    State(state): State<Arc<AppState>>,
    Extension(Owner(by)): Extension<Owner>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<KeyBody>, ApiError> {
    let Path(name) = name.map_err(|_| ApiError::unknown_key())?;
    not_the_first(&name)?;
    if !state.keys.store().revoke_key(&name).await? {
        return Err(ApiError::unknown_key());
    }
    state.keys.changed().await;
    tracing::info!(key = name, by, "a key was revoked");
    Ok(Json(find(&state, &name).await?))
}

fn fresh() -> Result<(crate::config::Secret, store::SecretDigest), ApiError> {
    secrets::make().map_err(|error| {
        tracing::error!(error = %error, "a key can not be made without random bytes");
        ApiError::internal()
    })
}

async fn find(state: &AppState, name: &str) -> Result<KeyBody, ApiError> {
    let all = state.keys.store().keys().await?;
    let found = all.into_iter().find(|key| key.name == name).ok_or_else(ApiError::unknown_key)?;
    Ok(KeyBody::new(found, OffsetDateTime::now_utc()))
}
