//! The pages. [`router`] lists every address, by who may see it; [`guard`] stands before all of them.
//!
//! Pages are made here and complete without a script; all text in them is escaped by `maud`. What is graded is shown by
//! [`Seen`](crate::feedback::Seen) alone.

mod assets;
mod attempt;
mod demo;
mod error;
mod export;
mod guard;
mod layout;
mod sign_in;
mod student;
mod teacher;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde_json::json;
use tokio::sync::{Notify, watch};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

use crate::database::Database;
use crate::exercises::catalogue::Catalogue;
use crate::secrets::Passwords;
use crate::tries::Tries;
use error::PageError;

/// For a whole request, its body included.
const PATIENCE: Duration = Duration::from_secs(30);

/// Scripts and styles from here alone, and none in the page itself. The editor underlines with pictures that its style sheet holds.
const CONTENT_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

/// What every page can reach.
pub struct App {
    /// People, sessions, attempts.
    pub database: Database,
    /// Exercises.
    pub catalogue: Arc<Catalogue>,
    /// Digests of passwords.
    pub passwords: Passwords,
    /// Who tries to sign in.
    pub tries: Tries,
    /// Tells the courier of a new attempt.
    pub wake: Arc<Notify>,
    /// Did Code Runner answer the last time?
    pub reached: watch::Receiver<bool>,
    /// A proxy in front speaks https, and says whose the requests are.
    pub behind_https: bool,
    /// What the page of the demonstration shows, where this is one.
    pub demo: Option<crate::demo::Demo>,
}

/// All addresses.
pub fn router(app: Arc<App>) -> Router {
    let everybody = Router::new()
        .route("/sign-in", get(sign_in::page).post(sign_in::sign_in))
        .route("/demo", get(demo::page))
        .route("/health", get(health))
        .route("/favicon.ico", get(assets::icon))
        .route("/assets/{file}", get(assets::asset));
    let signed_in = Router::new()
        .route("/", get(student::home))
        .route("/exercises/{exercise}", get(student::exercise))
        .route("/exercises/{exercise}/attempts", post(student::submit))
        .route("/attempts/{attempt}", get(attempt::page))
        .route("/attempts/{attempt}/state", get(attempt::state))
        .route_layer(from_fn(guard::own_password))
        .route("/password", get(sign_in::password_page).post(sign_in::change_password))
        .route("/sign-out", post(sign_in::sign_out))
        .route_layer(from_fn(guard::signed_in));
    let teachers = Router::new()
        .route("/classes/{class}", get(teacher::class))
        .route("/classes/{class}/points.csv", get(export::points))
        .route("/classes/{class}/exercises/{exercise}", get(teacher::exercise))
        .route("/students/{person}", get(teacher::student))
        .route("/attempts/{attempt}/grade", post(attempt::grade_again))
        .route_layer(from_fn(guard::teacher))
        .route_layer(from_fn(guard::own_password))
        .route_layer(from_fn(guard::signed_in));
    let set = |name: HeaderName, value: HeaderValue| SetResponseHeaderLayer::if_not_present(name, value);
    let mut router = Router::new()
        .merge(everybody)
        .merge(signed_in)
        .merge(teachers)
        .fallback(async || PageError::NotFound)
        .method_not_allowed_fallback(async || PageError::Method)
        .layer(from_fn_with_state(Arc::clone(&app), guard::guard))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, PATIENCE))
        .layer(CatchPanicLayer::new())
        .layer(set(header::CONTENT_SECURITY_POLICY, CONTENT_POLICY))
        .layer(set(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")))
        .layer(set(header::REFERRER_POLICY, HeaderValue::from_static("same-origin")))
        .layer(set(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")))
        // What is on a page is for whoever is signed in, also on a computer that others use next.
        .layer(set(header::CACHE_CONTROL, HeaderValue::from_static("no-store")));
    if app.behind_https {
        router = router.layer(set(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000")));
    }
    router.with_state(app)
}

/// `GET /health`: can people work here? That Code Runner is away is told, and no reason to restart the platform.
async fn health(State(app): State<Arc<App>>) -> impl IntoResponse {
    let counts = app.database.counts().await;
    let status = if counts.is_ok() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let (waiting, stuck) = counts.unwrap_or_default();
    let body = json!({
        "status": if status == StatusCode::OK { "ok" } else { "the database can not be read" },
        "version": env!("CARGO_PKG_VERSION"),
        "exercises": app.catalogue.shelf().all().len(),
        "exercises_with_errors": app.catalogue.shelf().errors.len(),
        "attempts_waiting": waiting,
        "attempts_stuck": stuck,
        "code_runner_reached": *app.reached.borrow(),
    });
    (status, Json(body))
}
