//! Code Runner, as any platform uses it: over HTTP, with an API key. Nothing here knows students or the database.
//!
//! Everything is bounded: the time of a request, the length of an answer, the addresses of a name that are tried. A
//! connection is for one request: there are few of them, and each waits for a run.

mod connect;
pub mod wire;

use std::fmt;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Method, Request, StatusCode, header};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use url::{Position, Url};

use connect::Connections;
use wire::{Done, Started};

/// The longest answer, in bytes: so much as all tests of an exercise can say at Code Runner's own limits.
const MOST_ANSWER: usize = 64 * 1024 * 1024;
/// The longest head of an answer, in bytes.
const MOST_HEAD: usize = 64 * 1024;
/// For a request that does not wait for a result.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long Code Runner is asked to wait for a result, in seconds.
const WAIT: u64 = 20;
/// The longest that `Retry-After` is heeded.
const MOST_RETRY_AFTER: Duration = Duration::from_secs(600);
/// Bytes of what Code Runner says of an error.
const MOST_DETAIL: usize = 500;

/// The key for Code Runner. It is never shown.
#[derive(Clone)]
pub struct ApiKey(HeaderValue);

impl ApiKey {
    /// None if no header can hold it.
    pub fn new(key: &str) -> Option<Self> {
        let mut value = HeaderValue::from_str(key.trim()).ok().filter(|value| !value.is_empty())?;
        value.set_sensitive(true);
        Some(Self(value))
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

/// Why something was not done. None of it is a student's fault.
#[derive(Debug, thiserror::Error)]
pub enum CodeRunnerError {
    /// The address can not be used.
    #[error("the address of Code Runner can not be used: {0}")]
    Address(String),
    /// Nobody answers there.
    #[error("Code Runner can not be reached: {0}")]
    Unreachable(String),
    /// What came is no answer of Code Runner.
    #[error("the answer is none of Code Runner: {0}")]
    Strange(String),
    /// It is busy, or not ready.
    #[error("Code Runner asks to come later ({status}): {detail}")]
    Later {
        /// 429 or 503.
        status: StatusCode,
        /// What it says.
        detail: String,
        /// When to come, if it says.
        after: Option<Duration>,
    },
    /// It does not know the result.
    #[error("Code Runner does not know the submission any more")]
    Unknown,
    /// The key is not good.
    #[error("Code Runner refuses the API key ({status}): {detail}")]
    Key {
        /// 401 or 403.
        status: StatusCode,
        /// What it says.
        detail: String,
    },
    /// It will not take this request, however often it is sent.
    #[error("Code Runner refuses the request ({status}): {detail}")]
    Refused {
        /// 400, 413, 422 and others.
        status: StatusCode,
        /// What it says.
        detail: String,
    },
}

impl CodeRunnerError {
    /// When Code Runner asks to be asked again.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Later { after, .. } => *after,
            _ => None,
        }
    }
}

/// What became of asking for a result.
#[derive(Debug)]
pub enum Asked {
    /// It is there.
    Done(Box<Done>),
    /// Not yet.
    Pending,
}

/// A client of one Code Runner.
pub struct CodeRunner {
    /// Without a slash at the end.
    base: String,
    key: ApiKey,
    connections: Connections,
}

impl CodeRunner {
    /// For the Code Runner at `base`, such as `http://127.0.0.1:5000`. To be called within a tokio runtime.
    ///
    /// # Errors
    /// The address is none, or would send the key in the clear to another host, and `plain_http` does not allow it.
    pub fn new(base: &str, key: ApiKey, plain_http: bool) -> Result<Self, CodeRunnerError> {
        let url = Url::parse(base).map_err(|error| CodeRunnerError::Address(format!("`{base}`: {error}")))?;
        let wrong = |what: &str| Err(CodeRunnerError::Address(format!("`{base}` {what}")));
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return wrong("must begin with http:// or https:// and a host");
        }
        if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return wrong("must have no user, query or fragment");
        }
        if url.scheme() == "http" && !connect::is_loopback(&url) && !plain_http {
            return wrong(
                "would send the API key in the clear to another host; use https, or set PLATFORM_ALLOW_PLAIN_HTTP=true where \
                 nobody can listen on the way",
            );
        }
        let base = url.as_str().trim_end_matches('/').to_owned();
        Ok(Self { base, key, connections: Connections::of_this_host().map_err(CodeRunnerError::Address)? })
    }

    /// Sends a submission; the same `once` is one submission, however often it is sent. Gives its `exec_id`.
    ///
    /// # Errors
    /// [`CodeRunnerError`].
    pub async fn run(&self, once: &str, body: String) -> Result<String, CodeRunnerError> {
        let request = self.request(Method::POST, "/run")?.header("idempotency-key", format!("\"{once}\""));
        let request =
            request.header(header::CONTENT_TYPE, "application/json").header(header::CONTENT_LENGTH, body.len());
        let (_, bytes) = self.send(request.body(Body::from(body)), PATIENCE).await?;
        Ok(json::<Started>(&bytes)?.exec_id)
    }

    /// Waits for a result, for a while.
    ///
    /// # Errors
    /// [`CodeRunnerError`].
    pub async fn result(&self, exec_id: &str) -> Result<Asked, CodeRunnerError> {
        let request = self.request(Method::GET, &format!("/result/{exec_id}?wait={WAIT}"))?;
        let (status, bytes) = self.send(request.body(Body::empty()), PATIENCE + Duration::from_secs(WAIT)).await?;
        if status == StatusCode::ACCEPTED {
            return Ok(Asked::Pending);
        }
        Ok(Asked::Done(Box::new(json(&bytes)?)))
    }

    /// Has everything erased that was sent with this tag. Says whether nothing is left.
    ///
    /// # Errors
    /// [`CodeRunnerError`].
    pub async fn erase(&self, tag: &str) -> Result<bool, CodeRunnerError> {
        let request = self.request(Method::DELETE, &format!("/students/{tag}"))?;
        let (status, _) = self.send(request.body(Body::empty()), PATIENCE).await?;
        Ok(status == StatusCode::OK)
    }

    fn request(&self, method: Method, path: &str) -> Result<axum::http::request::Builder, CodeRunnerError> {
        let url = format!("{}{path}", self.base);
        let url = Url::parse(&url).map_err(|error| CodeRunnerError::Address(error.to_string()))?;
        Ok(Request::builder()
            .method(method)
            .uri(&url[Position::BeforePath..Position::AfterQuery])
            .header(header::HOST, &url[Position::BeforeHost..Position::AfterPort])
            .header(header::USER_AGENT, concat!("code-runner-platform/", env!("CARGO_PKG_VERSION")))
            .header(header::CONNECTION, "close")
            .header("x-api-key", self.key.0.clone()))
    }

    /// The status and the body of an answer that is a success.
    async fn send(
        &self,
        request: Result<Request<Body>, axum::http::Error>,
        patience: Duration,
    ) -> Result<(StatusCode, Vec<u8>), CodeRunnerError> {
        let request = request.map_err(|error| CodeRunnerError::Address(error.to_string()))?;
        let base = Url::parse(&self.base).map_err(|error| CodeRunnerError::Address(error.to_string()))?;
        let talk = async {
            match self.connections.to(&base).await.map_err(CodeRunnerError::Unreachable)? {
                connect::Stream::Plain(stream) => exchange(stream, request).await,
                connect::Stream::Tls(stream) => exchange(*stream, request).await,
            }
        };
        let late = |_| CodeRunnerError::Unreachable(format!("no answer in {} s", patience.as_secs()));
        let (head, bytes) = timeout(patience, talk).await.map_err(late)??;
        let status = head.status;
        if status.is_success() {
            return Ok((status, bytes));
        }
        let detail = detail(&bytes);
        Err(match status {
            StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
                let after = head.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
                let after = after.map(|seconds| Duration::from_secs(seconds).min(MOST_RETRY_AFTER));
                CodeRunnerError::Later { status, detail, after }
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => CodeRunnerError::Key { status, detail },
            StatusCode::NOT_FOUND => CodeRunnerError::Unknown,
            StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE | StatusCode::UNPROCESSABLE_ENTITY => {
                CodeRunnerError::Refused { status, detail }
            }
            _ => CodeRunnerError::Strange(format!("{status}: {detail}")),
        })
    }
}

/// What an error answer says, for the log and the teacher.
fn detail(bytes: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Problem {
        detail: String,
    }
    let text = match serde_json::from_slice::<Problem>(bytes) {
        Ok(problem) => problem.detail,
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    };
    text.chars().take(MOST_DETAIL).collect()
}

fn json<T: for<'de> Deserialize<'de>>(bytes: &[u8]) -> Result<T, CodeRunnerError> {
    serde_json::from_slice(bytes).map_err(|error| CodeRunnerError::Strange(error.to_string()))
}

async fn exchange(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
    request: Request<Body>,
) -> Result<(axum::http::response::Parts, Vec<u8>), CodeRunnerError> {
    let unreachable = |error: hyper::Error| CodeRunnerError::Unreachable(error.to_string());
    let mut http = http1::Builder::new();
    http.max_buf_size(MOST_HEAD);
    let (mut sender, connection) = http.handshake(TokioIo::new(stream)).await.map_err(unreachable)?;
    let talk = async {
        let (head, body) = sender.send_request(request).await.map_err(unreachable)?.into_parts();
        let bytes = to_bytes(Body::new(body), MOST_ANSWER).await;
        let bytes = bytes.map_err(|error| CodeRunnerError::Unreachable(format!("the answer broke off: {error}")))?;
        Ok((head, bytes.to_vec()))
    };
    // The connection is worked on here and ends with this, and so with the time there is.
    let mut talk = std::pin::pin!(talk);
    tokio::select! {
        answer = &mut talk => answer,
        _ = connection => talk.await,
    }
}
