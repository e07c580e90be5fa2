//! `GET /stats` and what is below it: the server as those who run it see it. For keys with the scope `admin`; what it says of
//! submissions is of those of all keys.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use serde::Deserialize;
use store::{MOST_RECENT, Resolution};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use crate::app::AppState;
use crate::error::{ApiError, Code, Problem};
use crate::history::{percentiles, start_of};
use crate::wire::{
    HistoryBody, KeyInUse, KeyList, KeyState, KeysInUse, Overview, RecentBody, ServerStatus, WallTest, rfc3339,
};

/// Submissions that are listed when nothing else is asked for.
const DEFAULT_LIMIT: u32 = 50;

/// Read how the server is
///
/// Answers also while nothing is accepted or run, and says why.
#[utoipa::path(
    get,
    path = "/stats",
    operation_id = "stats",
    tag = "operation",
    security(("api_key" = [])),
    responses(
        (status = 200, description = "The server now.", body = Overview),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn stats(State(state): State<Arc<AppState>>) -> Result<Json<Overview>, ApiError> {
    let totals = state.history.look().await?;
    let (status, reason) = status(&state).await;
    Ok(Json(Overview {
        status,
        reason,
        version: env!("CARGO_PKG_VERSION"),
        started_at: rfc3339(state.history.started_at),
        now: rfc3339(OffsetDateTime::now_utc()),
        workers: state.throughput.workers(),
        running: totals.in_progress.saturating_sub(totals.queued),
        queued: totals.queued,
        max_queued: state.backlog.most(),
        finished: totals.by_verdict.iter().map(|(_, count)| count).sum(),
        boxes: state.executor.boxes_ahead().into(),
        server_memory_bytes: state.history.memory.resident_bytes(),
        compile_cache_bytes: state.executor.compile_cache().bytes,
        log_lines_lost: state.log.lines_lost(),
        wall_test: WallTest::new(&state.executor.wall()),
        languages: state.rules.describe(&*state.executor, true).languages.into_iter().map(Into::into).collect(),
    }))
}

async fn status(state: &AppState) -> (ServerStatus, Option<String>) {
    if state.draining.load(Ordering::Relaxed) {
        return (ServerStatus::Stopping, Some("the server has been told to stop".to_owned()));
    }
    if let Err(reason) = state.executor.ready() {
        return (ServerStatus::NotReady, Some(reason));
    }
    match state.store.writable().await {
        Ok(()) => (ServerStatus::Ok, None),
        Err(error) => {
            tracing::error!(error = %error, "nothing can be accepted because the store can not be written");
            (ServerStatus::NotReady, Some("the store can not be written; the server's messages say why".to_owned()))
        }
    }
}

/// How far back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
pub enum Range {
    /// A quarter of an hour, in steps of ten seconds.
    #[serde(rename = "15m")]
    QuarterHour,
    /// A day, in steps of five minutes.
    #[serde(rename = "24h")]
    Day,
}

impl Range {
    /// How it is kept, how long a step is, and how many there are.
    const fn steps(self) -> (Resolution, Duration, u32) {
        match self {
            Self::QuarterHour => (Resolution::Fine, Resolution::Fine.width(), 90),
            Self::Day => (Resolution::Coarse, Duration::from_secs(300), 288),
        }
    }
}

/// What can be asked of the history.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// How far back: `15m`, in steps of ten seconds, as without it, or `24h`, in steps of five minutes.
    #[serde(default = "quarter_hour")]
    #[param(inline)]
    range: Range,
}

const fn quarter_hour() -> Range {
    Range::QuarterHour
}

/// Read what happened
///
/// Finished submissions, times, queue and memory of the last quarter of an hour or day. It survives a restart; what finished
/// in the last ten seconds before a server was killed is missing here, and in no other counter.
#[utoipa::path(
    get,
    path = "/stats/history",
    operation_id = "stats_history",
    tag = "operation",
    security(("api_key" = [])),
    params(HistoryQuery),
    responses(
        (status = 200, description = "What happened.", body = HistoryBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`range` is neither `15m` nor `24h`.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn history(
    State(state): State<Arc<AppState>>,
    query: Result<Query<HistoryQuery>, QueryRejection>,
) -> Result<Json<HistoryBody>, ApiError> {
    let wrong = || ApiError::invalid(Code::InvalidValue, "range", "`range` must be `15m` or `24h`");
    let Query(HistoryQuery { range }) = query.map_err(|_| wrong())?;
    let (resolution, step, steps) = range.steps();
    state.history.refresh().await;
    let last = start_of(OffsetDateTime::now_utc(), step);
    let until = OffsetDateTime::from_unix_timestamp(last).map_err(|_| ApiError::internal())? + step;
    let from = until - step * steps;
    let known = state.history.store.history(resolution, from, until, step).await?;
    Ok(Json(HistoryBody::new(from, step, steps, &known, percentiles::ERROR)))
}

/// What can be asked of the list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct RecentQuery {
    /// How many to list at the most.
    #[serde(default = "default_limit")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: u32,
}

const fn default_limit() -> u32 {
    DEFAULT_LIMIT
}

/// List the submissions that finished last
///
/// Of all keys, and never their code, inputs or outputs. Those that were sent with `no_store`, and those whose result is
/// deleted, are not in the list.
#[utoipa::path(
    get,
    path = "/stats/submissions",
    operation_id = "stats_submissions",
    tag = "operation",
    security(("api_key" = [])),
    params(RecentQuery),
    responses(
        (status = 200, description = "The submissions.", body = RecentBody),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 422, description = "`limit` is not a whole number from 1 to 200.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn submissions(
    State(state): State<Arc<AppState>>,
    query: Result<Query<RecentQuery>, QueryRejection>,
) -> Result<Json<RecentBody>, ApiError> {
    let wrong =
        |code| ApiError::invalid(code, "limit", format!("`limit` must be a whole number from 1 to {MOST_RECENT}"));
    let Query(RecentQuery { limit }) = query.map_err(|_| wrong(Code::WrongType))?;
    if !(1..=MOST_RECENT).contains(&limit) {
        return Err(wrong(Code::OutOfRange));
    }
    state.history.refresh().await;
    let recent = state.history.store.recent(limit).await?;
    Ok(Json(RecentBody { submissions: recent.into_iter().map(Into::into).collect() }))
}

/// List the keys with what they used
///
/// As `GET /keys` lists them and `GET /keys/{name}/usage` counts, for today and the last thirty days.
#[utoipa::path(
    get,
    path = "/stats/keys",
    operation_id = "stats_keys",
    tag = "operation",
    security(("api_key" = [])),
    responses(
        (status = 200, description = "The keys.", body = KeysInUse),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `admin`.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn keys(State(state): State<Arc<AppState>>) -> Result<Json<KeysInUse>, ApiError> {
    let KeyList { keys } = KeyList::new(state.keys.store().keys().await?, OffsetDateTime::now_utc());
    let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
    let mut used = state.history.store.used_lately(&names).await?;
    let in_use = keys.into_iter().filter_map(|key| {
        let lately = used.remove(&key.name);
        (key.state != KeyState::Revoked || lately.is_some()).then(|| KeyInUse::new(key, lately))
    });
    Ok(Json(KeysInUse { keys: in_use.collect() }))
}
