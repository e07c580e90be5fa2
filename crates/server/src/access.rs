//! What stands before every address that needs a key: whose it is, whether it may, and whether it still may.
//!
//! In this order: 401 for whoever has no valid key, 429 for a key that has made its requests, 403 for one that lacks
//! the scope, 429 for one that has used its CPU time of the day and wants to run more. The handlers behind it find
//! an [`Owner`] and a [`Caller`] and ask nothing of this again.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use store::{KeyLimits, Scope, StoreError};
use time::{OffsetDateTime, Time};
use tokio::time::Instant;

use crate::app::{AppState, Owner};
use crate::error::ApiError;
use crate::fleet::Together;
use crate::keyring::Caller;

/// What an address asks of a key.
#[derive(Clone)]
pub struct Guard {
    /// Knows the keys.
    pub app: Arc<AppState>,
    /// The scope that is needed; any key will do if none.
    pub scope: Option<Scope>,
}

/// The middleware.
pub async fn guard(State(guard): State<Guard>, mut request: Request, next: Next) -> Response {
    match admit(&guard, request.method(), request.headers()).await {
        Err(refusal) => refusal.into_response(),
        Ok(caller) => {
            request.extensions_mut().insert(Owner(caller.name.clone()));
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
    }
}

async fn admit(Guard { app, scope }: &Guard, method: &Method, headers: &HeaderMap) -> Result<Arc<Caller>, ApiError> {
    let caller = app.keys.caller(headers).await?.ok_or_else(ApiError::unauthorized)?;
    let KeyLimits { requests_per_minute, cpu_seconds_per_day, running: _, result_days: _ } = caller.limits;
    if let Some(most) = requests_per_minute {
        let taken = take_request(app, &caller.name, most).await?;
        taken.map_err(|wait| ApiError::too_many_requests(most, whole_seconds(wait)))?;
    }
    let Some(scope) = *scope else { return Ok(caller) };
    if !caller.scopes.has(scope) {
        return Err(ApiError::forbidden(scope));
    }
    if let (Scope::Run, &Method::POST, Some(most)) = (scope, method, cpu_seconds_per_day) {
        let used = app.keys.store().cpu_time_today(&caller.name).await?;
        if used >= Duration::from_secs(most.into()) {
            return Err(ApiError::cpu_time_used_up(most, whole_seconds(until_midnight(OffsetDateTime::now_utc()))));
        }
    }
    Ok(caller)
}

/// Takes a request of this key: here, or where several nodes share a store, from what is left to it at all of them.
async fn take_request(app: &AppState, key: &str, most: u32) -> Result<Result<(), Duration>, StoreError> {
    let Some(Together { store, members: _ }) = &app.fleet else {
        return Ok(app.keys.buckets.take(key, most, Instant::now()));
    };
    let taken = store.take_request(key, most).await?;
    app.keys.buckets.note(key, taken.unwrap_or(0), most, Instant::now());
    Ok(taken.map(|_| ()))
}

/// Until the next UTC day begins.
fn until_midnight(now: OffsetDateTime) -> Duration {
    let passed: Duration = (now.time() - Time::MIDNIGHT).unsigned_abs();
    Duration::from_secs(86_400).saturating_sub(passed)
}

/// Rounded up, and at least one: who waits that long has waited long enough.
fn whole_seconds(wait: Duration) -> u32 {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    u32::try_from(seconds).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up() {
        let waits = [0, 1, 999_999_999, 1_000_000_000, 1_000_000_001, 60_000_000_000].map(Duration::from_nanos);
        assert_eq!(waits.map(whole_seconds), [1, 1, 1, 1, 2, 60]);
    }

    #[test]
    fn a_day_ends_at_midnight() {
        let evening = OffsetDateTime::from_unix_timestamp(86_400 * 20_000 - 90).unwrap();
        assert_eq!(until_midnight(evening), Duration::from_secs(90));
        assert_eq!(until_midnight(evening + Duration::from_secs(90)), Duration::from_secs(86_400));
    }
}
