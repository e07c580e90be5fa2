//! `GET /languages`: what can be run here.

use std::sync::Arc;

use axum::extract::State;
use axum::{Extension, Json};

use crate::app::AppState;
use crate::error::Problem;
use crate::keyring::Caller;
use crate::wire::Languages;

/// List the languages
///
/// Every language this server knows: installed or not, in which version, with which limits, and how its last
/// self-test went. What this host said of a language that can not be used is told to keys with the scope `admin`.
#[utoipa::path(
    get,
    path = "/languages",
    operation_id = "languages",
    tag = "submissions",
    security(("api_key" = [])),
    responses(
        (status = 200, description = "The languages.", body = Languages),
        (status = 401, description = "No valid API key.", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "The key lacks the scope `read`.", body = Problem, content_type = "application/problem+json"),
        (status = 429, description = "The key has made its requests of this minute.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
        (status = 503, description = "The store can not be reached.", body = Problem, content_type = "application/problem+json",
            headers(("retry-after" = u32, description = "Seconds to wait before the next attempt."))),
    )
)]
pub async fn languages(
    State(state): State<Arc<AppState>>,
    Extension(caller): Extension<Arc<Caller>>,
) -> Json<Languages> {
    Json(state.rules.describe(&*state.executor, caller.scopes.admin))
}
