//! The application: what a request can reach, and the layers every request passes. The same function
//! builds it for the server and for the tests.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use executor::Executor;
use store::Store;
use tokio::sync::Notify;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::backlog::Backlog;
use crate::cancels::Cancels;
use crate::error::ApiError;
use crate::events::Events;
use crate::execution_log::ExecutionLog;
use crate::keys::Keys;
use crate::pace::Pace;
use crate::routes;
use crate::validate::Rules;
use crate::waiters::Waiters;

/// Everything a handler may use.
pub struct AppState {
    /// Accepts submissions and knows their results.
    pub store: Arc<dyn Store>,
    /// Says whether the sandbox is ready; the scheduler runs submissions, not a handler.
    pub executor: Arc<dyn Executor>,
    /// What a submission has to fulfil.
    pub rules: Rules,
    /// Whose key is whose.
    pub keys: Keys,
    /// Whether one more submission may wait.
    pub backlog: Backlog,
    /// How fast what waits is worked off.
    pub pace: Arc<Pace>,
    /// Wakes a worker when something was submitted.
    pub wake: Arc<Notify>,
    /// Who waits for a result.
    pub waiters: Arc<Waiters>,
    /// What has happened to what runs here.
    pub events: Arc<Events>,
    /// What runs here, to be stopped when its owner asks.
    pub cancels: Arc<Cancels>,
    /// For submissions that are finished at once.
    pub log: ExecutionLog,
    /// How long a client may take to send a body.
    pub body_timeout: Duration,
}

/// The name of the key a request came with.
#[derive(Debug, Clone)]
pub struct Owner(pub String);

/// The whole application.
pub fn router(state: Arc<AppState>) -> Router {
    let protected = Router::from(routes::protected())
        .method_not_allowed_fallback(method_not_allowed)
        .layer(from_fn_with_state(state.clone(), require_key));
    let open = Router::from(routes::open()).merge(routes::pages()).method_not_allowed_fallback(method_not_allowed);
    let unless_set =
        |name: HeaderName, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    protected
        .merge(open)
        .fallback(not_found)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(unless_set(header::X_FRAME_OPTIONS, "DENY"))
        .layer(unless_set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"))
        .layer(unless_set(header::CACHE_CONTROL, "no-store"))
        .layer(unless_set(header::REFERRER_POLICY, "no-referrer"))
        .with_state(state)
}

async fn require_key(State(state): State<Arc<AppState>>, mut request: Request, next: Next) -> Response {
    match state.keys.owner(request.headers()) {
        None => ApiError::unauthorized().into_response(),
        Some(owner) => {
            let owner = Owner(owner.to_owned());
            request.extensions_mut().insert(owner);
            next.run(request).await
        }
    }
}

async fn not_found() -> ApiError {
    ApiError::not_found()
}

async fn method_not_allowed() -> ApiError {
    ApiError::method_not_allowed()
}

/// A defect of ours. The panic's own words may hold a client's data and go nowhere.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    tracing::error!("a request handler panicked");
    ApiError::internal().into_response()
}
