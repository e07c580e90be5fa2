//! The application: what a request can reach, and the layers every request passes. The same function
//! builds it for the server and for the tests.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use axum::Router;
use axum::extract::Request;
use axum::handler::Handler;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use executor::Executor;
use store::Store;
use tokio::sync::Notify;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::access::{Guard, guard};
use crate::backlog::Backlog;
use crate::body::Pace;
use crate::callbacks::Callbacks;
use crate::cancels::Cancels;
use crate::cors;
use crate::error::ApiError;
use crate::events::Events;
use crate::execution_log::ExecutionLog;
use crate::fleet::Together;
use crate::history::History;
use crate::hosts::{self, Hosts};
use crate::keyring::Keyring;
use crate::metrics::observed::{self, Observed};
use crate::request_id;
use crate::routes;
use crate::throughput::Throughput;
use crate::traces::{self, Traces};
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
    pub keys: Keyring,
    /// Whether one more submission may wait.
    pub backlog: Backlog,
    /// How fast what waits is worked off.
    pub throughput: Arc<Throughput>,
    /// Wakes a worker when something was submitted.
    pub wake: Arc<Notify>,
    /// Whom to tell of results.
    pub callbacks: Callbacks,
    /// Who waits for a result.
    pub waiters: Arc<Waiters>,
    /// What has happened to what runs here.
    pub events: Arc<Events>,
    /// What runs here, to be stopped when its owner asks.
    pub cancels: Arc<Cancels>,
    /// For submissions that are finished at once.
    pub log: ExecutionLog,
    /// What is counted in memory.
    pub observed: Arc<Observed>,
    /// What happened when.
    pub history: Arc<History>,
    /// How fast a client has to send a body.
    pub pace: Pace,
    /// Whom requests may be for.
    pub hosts: Hosts,
    /// The origins of web pages that may use this server.
    pub cors_origins: Vec<String>,
    /// Are there pages for people?
    pub pages: bool,
    /// Takes down what happens, for whoever collects it.
    pub traces: Arc<Traces>,
    /// The nodes that share the store, if several can.
    pub fleet: Option<Together>,
    /// Set when the server was told to stop.
    pub draining: Arc<AtomicBool>,
}

/// The name of the key a request came with.
#[derive(Debug, Clone)]
pub struct Owner(pub String);

/// The whole application.
pub fn router(state: Arc<AppState>) -> Router {
    let guarded = |scope| from_fn_with_state(Guard { app: state.clone(), scope }, guard);
    let protected = routes::protected()
        .into_iter()
        .fold(Router::new(), |all, (scope, routes)| all.merge(Router::from(routes).route_layer(guarded(scope))));
    // An address may have methods of several scopes; which it has not is told to every key, and to nobody else.
    let protected = protected.method_not_allowed_fallback(method_not_allowed.layer(guarded(None)));
    let open = Router::from(routes::open());
    let open = if state.pages { open.merge(routes::pages()) } else { open };
    let open = open.method_not_allowed_fallback(method_not_allowed);
    let unless_set =
        |name: HeaderName, value| SetResponseHeaderLayer::if_not_present(name, HeaderValue::from_static(value));
    let all = protected.merge(open).fallback(not_found);
    let all = match cors::layer(&state.cors_origins) {
        None => all,
        Some(cors) => all.layer(cors),
    };
    // The first is the outermost. In one: each on its own would clone and box all within it for each request.
    let layers = (
        from_fn(request_id::name),
        from_fn_with_state(state.clone(), traces::request),
        from_fn_with_state(state.clone(), observed::count),
        from_fn(end_chunked),
        unless_set(header::REFERRER_POLICY, "no-referrer"),
        unless_set(header::CACHE_CONTROL, "no-store"),
        unless_set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
        unless_set(header::X_FRAME_OPTIONS, "DENY"),
        unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        CatchPanicLayer::custom(panicked),
        from_fn_with_state(state.clone(), hosts::check),
    );
    all.layer(layers).with_state(state)
}

/// Where a chunked body ends is not followed by [`crate::http`], and so the connection ends with its answer.
async fn end_chunked(request: Request, next: Next) -> Response {
    let is_chunked = request.headers().contains_key(header::TRANSFER_ENCODING);
    let mut answer = next.run(request).await;
    if is_chunked {
        answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    answer
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
