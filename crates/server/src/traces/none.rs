//! What a build without the feature `otel` has instead of spans.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use executor::Observer;
use model::ExecId;
use store::Claim;

use super::AttemptEnd;
use crate::app::AppState;
use crate::config::Collector;

/// Nothing.
#[derive(Debug, Default)]
pub struct Traces;

impl Traces {
    /// Says that this build sends no spans, if a collector is named.
    ///
    /// # Errors
    /// Never.
    pub fn start(collector: Option<&Collector>) -> Result<Self, String> {
        if collector.is_some() {
            tracing::warn!(
                "otlp_endpoint is set, and this build sends no spans: it was built without the feature `otel`"
            );
        }
        Ok(Self)
    }

    /// Does nothing.
    pub fn stop(&self) {}

    /// Does nothing.
    pub fn accepting(&self, _: &[ExecId]) {}

    /// Nothing again.
    pub fn attempt(&self, _: &Claim) -> Attempt {
        Attempt
    }
}

/// Nothing.
#[derive(Debug)]
pub struct Attempt;

impl Attempt {
    /// `observer`.
    pub fn observed(&self, observer: Observer) -> Observer {
        observer
    }

    /// Does nothing.
    pub fn ended(&self, _: AttemptEnd) {}
}

/// Answers.
pub async fn request(_: State<Arc<AppState>>, request: Request, next: Next) -> Response {
    next.run(request).await
}
