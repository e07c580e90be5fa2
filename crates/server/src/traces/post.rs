//! How spans get to the collector: one request after the other, on the thread that sends them.
//!
//! Whether they are taken is said when it changes: a collector that is away for a night is two lines.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use ureq::Agent;

/// For one request, from connecting to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// An answer has at most a message in it.
const MOST_ANSWER: u64 = 64 * 1024;

/// A client that waits on the thread it is called on.
#[derive(Debug)]
pub(super) struct Post {
    agent: Agent,
    works: AtomicBool,
}

impl Post {
    pub(super) fn new() -> Self {
        // No proxy, whatever the environment says: the setting names an address, and spans go there or nowhere.
        let agent = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .build();
        Self { agent: agent.into(), works: AtomicBool::new(true) }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (parts, body) = request.into_parts();
        let (parts, mut answer) = self.agent.run(Request::from_parts(parts, body.to_vec()))?.into_parts();
        let body = answer.with_config().limit(MOST_ANSWER).read_to_vec()?;
        Ok(Response::from_parts(parts, body.into()))
    }
}

#[async_trait]
impl HttpClient for Post {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.send(request);
        let problem = match &answer {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("it answers with status {}", answer.status().as_u16())),
            Err(error) => Some(error.to_string()),
        };
        match (problem, self.works.load(Ordering::Relaxed)) {
            (Some(problem), true) => tracing::warn!(problem, "the collector takes no spans; they are lost"),
            (None, false) => tracing::info!("the collector takes spans again"),
            (Some(_), false) | (None, true) => {}
        }
        self.works.store(answer.as_ref().is_ok_and(|answer| answer.status().is_success()), Ordering::Relaxed);
        Ok(answer?)
    }
}
