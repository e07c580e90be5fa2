//! Runs submissions on a server, over its API: `POST /run` with an `Idempotency-Key`, then `GET /result` that waits.
//!
//! A connection that is lost, a server that is down or starts again, and one that asks for patience cost time and nothing else:
//! the same request is sent again, and is the same submission. How long that may go on is bounded.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use axum::http::{HeaderMap, Method, StatusCode, header};
use executor::Cancel;
use model::ExecId;
use serde::Deserialize;
use serde_json::Value;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::client::{Answer, Client};
use super::grader::{Grader, INTERRUPTED, Reply};
use super::known::{KnownLanguage, KnownLanguages};
use crate::idempotency;

/// How long the server may wait for a result before it answers that there is none yet, in seconds.
const WAIT: u64 = 25;
/// For a request that the server is told of when nobody waits for its submission any more.
const FAREWELL: Duration = Duration::from_secs(3);

/// How long is waited for what.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// The first wait after a connection was lost; each is twice as long as the one before.
    pub first: Duration,
    /// The longest of these waits.
    pub longest: Duration,
    /// How long a server may be out of reach.
    pub lost: Duration,
    /// How long a server may go on to say that it is busy.
    pub busy: Duration,
    /// How long a server that has just started may take to try its languages, before it is done without their versions.
    pub trying: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(250),
            longest: Duration::from_secs(10),
            lost: Duration::from_secs(120),
            busy: Duration::from_secs(30 * 60),
            trying: Duration::from_secs(30),
        }
    }
}

/// A server.
pub struct Remote {
    /// Sends single requests.
    pub client: Client,
    /// How long is waited.
    pub patience: Patience,
}

/// What the answer to `POST /run` is read for.
#[derive(Deserialize)]
struct Started {
    exec_id: ExecId,
}

/// What a refusal is read for.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    detail: String,
    code: String,
    field: Option<String>,
}

impl Remote {
    /// The languages of the server.
    ///
    /// # Errors
    /// Why it does not say.
    pub async fn languages(&self, cancel: &Cancel) -> Result<KnownLanguages, String> {
        match self.ask(&Method::GET, "/languages", &[], &[], cancel).await {
            Ok(answer) if answer.status == StatusCode::NOT_FOUND => Err(self.nobody()),
            Ok(answer) => KnownLanguages::from_json(json(&answer)?),
            Err(Reply::Refused { detail, .. } | Reply::Failed(detail) | Reply::Impossible(detail)) => Err(detail),
            Err(Reply::Done(_)) => Err("the server answers something else".to_owned()),
        }
    }

    /// The same, once these have been tried, so that their versions are known: a result depends on them.
    ///
    /// # Errors
    /// Why it does not say.
    pub async fn tried_languages(
        &self,
        mut known: KnownLanguages,
        needed: &BTreeSet<String>,
        cancel: &Cancel,
    ) -> Result<KnownLanguages, String> {
        let begun = Instant::now();
        let is_untried = |known: &KnownLanguages, name: &String| known.named(name).is_ok_and(KnownLanguage::is_untried);
        while needed.iter().any(|name| is_untried(&known, name)) && begun.elapsed() < self.patience.trying {
            sleep(self.patience.first).await;
            known = self.languages(cancel).await?;
        }
        Ok(known)
    }

    fn nobody(&self) -> String {
        format!("there is no Code Runner at {}", self.client.address())
    }

    /// Sends a request until there is an answer that is none of a moment.
    async fn ask(
        &self,
        method: &Method,
        path: &str,
        headers: &[(header::HeaderName, String)],
        body: &[u8],
        cancel: &Cancel,
    ) -> Result<Answer, Reply> {
        let (begun, mut pause) = (Instant::now(), self.patience.first);
        loop {
            let sent = tokio::select! {
                sent = self.client.send(method.clone(), path, headers, body) => sent,
                () = cancel.cancelled() => return Err(Reply::Failed(INTERRUPTED.to_owned())),
            };
            let (reason, wait) = match sent {
                Err(error) if begun.elapsed() > self.patience.lost => return Err(Reply::Failed(error.to_string())),
                Err(error) => (error.to_string(), pause),
                Ok(answer) => match self.judged(answer, pause, begun.elapsed()) {
                    Judged::Answer(answer) => return Ok(answer),
                    Judged::Reply(reply) => return Err(reply),
                    Judged::Again(reason, wait) => (reason, wait),
                },
            };
            tracing::debug!(%reason, path, "a request is sent again");
            tokio::select! {
                () = sleep(wait) => {}
                () = cancel.cancelled() => return Err(Reply::Failed(INTERRUPTED.to_owned())),
            }
            pause = (pause * 2).min(self.patience.longest);
        }
    }

    /// What an answer means for the request, `since` so long ago sent for the first time.
    fn judged(&self, answer: Answer, pause: Duration, since: Duration) -> Judged {
        let status = answer.status;
        // What is not there is for the caller to judge.
        if status.is_success() || status == StatusCode::NOT_FOUND {
            return Judged::Answer(answer);
        }
        let Problem { detail, code, field } = serde_json::from_slice(&answer.body).unwrap_or_default();
        let said = if detail.is_empty() { format!("the server answered {status}") } else { detail };
        match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE if code != "language_unavailable" => {
                let wait = retry_after(&answer.headers).unwrap_or(pause);
                if since + wait > self.patience.busy {
                    return Judged::Reply(Reply::Failed(said));
                }
                Judged::Again(said, wait)
            }
            StatusCode::SERVICE_UNAVAILABLE => Judged::Reply(Reply::Failed(said)),
            _ if status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT => {
                if since > self.patience.lost {
                    return Judged::Reply(Reply::Failed(said));
                }
                Judged::Again(said, pause)
            }
            StatusCode::BAD_REQUEST
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY => Judged::Reply(Reply::Refused { field, detail: said }),
            _ if status.is_redirection() => Judged::Reply(Reply::Impossible(format!(
                "the server answered {status}, and redirects are not followed"
            ))),
            _ => Judged::Reply(Reply::Impossible(said)),
        }
    }

    async fn result(&self, id: ExecId, cancel: &Cancel) -> Reply {
        let path = format!("/result/{id}?wait={WAIT}");
        loop {
            match self.ask(&Method::GET, &path, &[], &[], cancel).await {
                Ok(answer) if answer.status == StatusCode::OK => {
                    return json(&answer).map_or_else(Reply::Failed, Reply::Done);
                }
                Ok(answer) if answer.status == StatusCode::NOT_FOUND => {
                    return Reply::Failed("the server knows nothing of the submission any more".to_owned());
                }
                Ok(_) => {}
                // It was accepted, so that it is not what was sent that is wrong.
                Err(Reply::Refused { detail, .. }) => return Reply::Failed(detail),
                Err(reply) => return reply,
            }
        }
    }

    /// Tells the server that nobody waits for it; whether it hears is its own affair.
    async fn leave(&self, id: ExecId) {
        let _ = timeout(FAREWELL, self.client.send(Method::DELETE, &format!("/result/{id}"), &[], &[])).await;
    }
}

/// What an answer means for the request.
enum Judged {
    Answer(Answer),
    Reply(Reply),
    Again(String, Duration),
}

#[async_trait]
impl Grader for Remote {
    fn place(&self) -> String {
        self.client.address().to_owned()
    }

    async fn run(&self, body: &[u8], cancel: &Cancel) -> Reply {
        // The same for every copy of this request, and for nothing else.
        let key = Uuid::new_v4().to_string();
        let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (idempotency::HEADER, key)];
        let answer = match self.ask(&Method::POST, "/run", &headers, body, cancel).await {
            Ok(answer) if answer.status == StatusCode::NOT_FOUND => return Reply::Impossible(self.nobody()),
            Ok(answer) => answer,
            Err(reply) => return reply,
        };
        let started: Started =
            match json(&answer).and_then(|json| serde_json::from_value(json).map_err(|e| e.to_string())) {
                Ok(started) => started,
                Err(reason) => {
                    return Reply::Impossible(format!("the server does not answer as Code Runner does: {reason}"));
                }
            };
        let reply = self.result(started.exec_id, cancel).await;
        if cancel.is_cancelled() && !matches!(reply, Reply::Done(_)) {
            self.leave(started.exec_id).await;
        }
        reply
    }
}

fn json(answer: &Answer) -> Result<Value, String> {
    serde_json::from_slice(&answer.body).map_err(|error| format!("the answer is not JSON: {error}"))
}

/// The seconds of `Retry-After`, if there are any.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}

#[cfg(test)]
mod tests;
