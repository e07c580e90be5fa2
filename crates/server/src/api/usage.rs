//! `GET /usage` and `GET /keys/{name}/usage`: what a key used, and what is left to it.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use store::{KeyLimits, OwnerUsage};
use tokio::time::Instant;

use crate::app::AppState;
use crate::error::{ApiError, Problem};
use crate::keyring::Caller;
use crate::keys::FIRST_OWNER;
use crate::wire::{LeftBody, UsageBody, seconds};

/// Read what the calling key used
///
/// Counts submissions when they finish. For every key, whatever its scopes; the request is one of those that are
/// counted.
#[utoipa::path(
    get,
    path = "/usage",
    operation_id = "usage",
    tag = "keys",
    security(("api_key" = [])),
    responses(
        (status = 200, description = "The usage.", body = UsageBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn own(
    State(state): State<Arc<AppState>>,
    Extension(caller): Extension<Arc<Caller>>,
) -> Result<Json<UsageBody>, ApiError> {
    of(&state, caller.name.clone(), caller.limits).await
}

/// Read what a key used
///
/// The same as `GET /usage` says to that key, for whoever manages keys; also of keys that were revoked.
#[utoipa::path(
    get,
    path = "/keys/{name}/usage",
    operation_id = "usage_of_key",
    tag = "keys",
    security(("api_key" = [])),
    params(("name" = String, Path, description = "The name of the key.")),
    responses(
        (status = 200, description = "The usage.", body = UsageBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 404, description = "There is no such key.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn of_key(
    State(state): State<Arc<AppState>>,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<UsageBody>, ApiError> {
    let Path(name) = name.map_err(|_| ApiError::unknown_key())?;
    let limits = if name == FIRST_OWNER {
        KeyLimits::default()
    } else {
        let all = state.keys.store().keys().await?;
        all.into_iter().find(|key| key.name == name).ok_or_else(ApiError::unknown_key)?.limits
    };
    of(&state, name, limits).await
}

async fn of(state: &AppState, name: String, limits: KeyLimits) -> Result<Json<UsageBody>, ApiError> {
    let OwnerUsage { today, total } = state.keys.store().usage(&name).await?;
    let KeyLimits { requests_per_minute, cpu_seconds_per_day, running: _, result_days: _ } = limits;
    let cpu_time_left = |most: u32| Duration::from_secs(most.into()).saturating_sub(today.cpu_time);
    let left = LeftBody {
        requests: requests_per_minute.map(|most| state.keys.buckets.left(&name, most, Instant::now())),
        cpu_seconds: cpu_seconds_per_day.map(|most| seconds(cpu_time_left(most))),
    };
    Ok(Json(UsageBody { name, today: today.into(), total: total.into(), limits: limits.into(), left }))
}
