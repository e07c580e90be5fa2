//! What a client is told when a request fails.
//!
//! [`ApiError`] is the only way to an error answer: it has a status, a stable code, one sentence and,
//! where one is meant, a field. The cause of a failure of ours is logged here, once, and is never
//! part of the answer.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use store::{MOST_KEYS, Scope, StoreError};
use utoipa::ToSchema;

use crate::idempotency;
use crate::keys::FIRST_OWNER;

const PROBLEM_JSON: HeaderValue = HeaderValue::from_static("application/problem+json");

/// What kind of failure it is, for programs. These names stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// 401.
    Unauthorized,
    /// 403: the API key may not do this.
    Forbidden,
    /// 400: `Host` is missing, there twice, or no name of a host.
    BadHost,
    /// 421: the request is for another host than this.
    WrongHost,
    /// 404.
    NotFound,
    /// 405.
    MethodNotAllowed,
    /// 409: there is or was a key of this name.
    NameTaken,
    /// 409: no more keys can be made.
    TooManyKeys,
    /// 409: the key is that of the settings.
    FixedKey,
    /// 408.
    RequestTimeout,
    /// 413.
    BodyTooLarge,
    /// 415.
    UnsupportedMediaType,
    /// 400: the body is not one well-formed JSON object.
    MalformedBody,
    /// 400: the header `Idempotency-Key` is there twice, or no key.
    InvalidIdempotencyKey,
    /// 422: the key of the header `Idempotency-Key` came with another request before.
    IdempotencyKeyReused,
    /// 422.
    MissingField,
    /// 422.
    UnknownField,
    /// 422: the JSON type is not the field's.
    WrongType,
    /// 422: a number outside of what is allowed.
    OutOfRange,
    /// 422: a text or a list that is too long.
    TooLong,
    /// 422.
    UnknownLanguage,
    /// 422: no such mode, or the language does not have it.
    UnsupportedMode,
    /// 422: no such class of urgency.
    UnknownPriority,
    /// 422: a file whose name is not allowed, or is there twice.
    InvalidFileName,
    /// 422: the content of a file is not what its encoding says.
    InvalidEncoding,
    /// 422: a word for a command line that the mode or the language has no use for, or that no command line can hold.
    InvalidOption,
    /// 422: a text that is not one of those that are allowed.
    InvalidValue,
    /// 429: the API key has made its requests of this minute, or has used its CPU time of this day.
    RateLimited,
    /// 503: the language is not installed, or does not work at the moment.
    LanguageUnavailable,
    /// 503: the queue is full.
    QueueFull,
    /// 503: the store can not be used.
    StoreUnavailable,
    /// 503: the sandbox is not ready.
    NotReady,
    /// 500.
    InternalError,
}

/// The body of every error answer (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "type": "about:blank", "title": "Unprocessable Entity", "status": 422,
    "detail": "inputs[3] must be a text, not a number", "code": "wrong_type", "field": "inputs[3]"
}))]
pub struct Problem {
    /// Always `about:blank`: the status says what kind of problem it is, and `code` says more.
    pub r#type: &'static str,
    /// The name of the HTTP status.
    pub title: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// One sentence that says what to change.
    pub detail: String,
    /// A stable name for programs.
    pub code: Code,
    /// The field that is meant, or the header, if one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// A request that failed.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: Code,
    detail: String,
    field: Option<String>,
    retry_after: Option<u32>,
}

impl ApiError {
    fn new(status: StatusCode, code: Code, detail: impl Into<String>) -> Self {
        Self { status, code, detail: detail.into(), field: None, retry_after: None }
    }

    /// No key, or not the right one. One answer for every reason.
    pub fn unauthorized() -> Self {
        let detail = "send one valid API key in the header x-api-key";
        Self::new(StatusCode::UNAUTHORIZED, Code::Unauthorized, detail)
    }

    /// The key lacks this scope.
    pub fn forbidden(scope: Scope) -> Self {
        let detail = format!("the API key lacks the scope `{}`, which this address needs", scope.name());
        Self::new(StatusCode::FORBIDDEN, Code::Forbidden, detail)
    }

    /// The key has made its `most` requests; one more may come after so many seconds.
    pub fn too_many_requests(most: u32, retry_after: u32) -> Self {
        let detail = format!("the API key may make {most} requests a minute; the next one in {retry_after} s");
        Self::rate_limited(detail, retry_after)
    }

    /// The key's submissions have used its `most` seconds of the day, which ends in `retry_after` seconds.
    pub fn cpu_time_used_up(most: u32, retry_after: u32) -> Self {
        let detail =
            format!("the API key has used its {most} s of CPU time of this UTC day, which ends in {retry_after} s");
        Self::rate_limited(detail, retry_after)
    }

    fn rate_limited(detail: String, retry_after: u32) -> Self {
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, Code::RateLimited, detail);
        Self { retry_after: Some(retry_after), ..error }
    }

    /// A key of this name can not be made.
    pub fn name_taken() -> Self {
        let detail = "there is or was a key of this name; a name is given once";
        Self { field: Some("name".to_owned()), ..Self::new(StatusCode::CONFLICT, Code::NameTaken, detail) }
    }

    /// No more keys can be made.
    pub fn too_many_keys() -> Self {
        let detail = format!("there are {MOST_KEYS} keys, revoked ones included, and no more can be made");
        Self::new(StatusCode::CONFLICT, Code::TooManyKeys, detail)
    }

    /// The first key is none that can be changed here.
    pub fn fixed_key() -> Self {
        let detail = format!("`{FIRST_OWNER}` is the key of the settings; change API_TOKEN and start the server again");
        Self::new(StatusCode::CONFLICT, Code::FixedKey, detail)
    }

    /// The name of a key is there for good.
    pub fn fixed_name() -> Self {
        let detail = "`name` can not be changed: it is the owner of what was submitted with the key; make another key";
        Self::invalid(Code::UnknownField, "name", detail)
    }

    /// No such key; for those who manage keys.
    pub fn unknown_key() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound, "there is no such key, or it was revoked")
    }

    /// Nobody can say whom the request is for.
    pub fn bad_host() -> Self {
        let detail = "send one header Host with the name or address of this server";
        Self::new(StatusCode::BAD_REQUEST, Code::BadHost, detail)
    }

    /// The request is for somebody else.
    pub fn wrong_host() -> Self {
        let detail =
            "this server does not answer to the name in the header Host; its operator can add it to the setting hosts";
        Self::new(StatusCode::MISDIRECTED_REQUEST, Code::WrongHost, detail)
    }

    /// No such page or submission, or it is somebody else's.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, Code::NotFound, "there is nothing at this address")
    }

    /// The address exists, the method does not.
    pub fn method_not_allowed() -> Self {
        let detail = "this address has no such method; the header Allow lists those it has";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, Code::MethodNotAllowed, detail)
    }

    /// The body did not come in time.
    pub fn request_timeout() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, Code::RequestTimeout, "the request body did not arrive in time")
    }

    /// The body is longer than `most` bytes.
    pub fn body_too_large(most: usize) -> Self {
        let detail = format!("the request body is longer than {most} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, Code::BodyTooLarge, detail)
    }

    /// The body is not sent as plain JSON.
    pub fn unsupported_media_type(detail: &str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, Code::UnsupportedMediaType, detail)
    }

    /// The body is not one well-formed JSON object.
    pub fn malformed(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, Code::MalformedBody, detail)
    }

    /// The header `Idempotency-Key` can not be used; `what` is said of it.
    pub fn bad_idempotency_key(what: &str) -> Self {
        let detail = format!("`{}` {what}", idempotency::HEADER);
        let error = Self::new(StatusCode::BAD_REQUEST, Code::InvalidIdempotencyKey, detail);
        Self { field: Some(idempotency::HEADER.to_string()), ..error }
    }

    /// The key of the header `Idempotency-Key` has been used for something else.
    pub fn idempotency_key_reused() -> Self {
        let header = idempotency::HEADER.to_string();
        let detail = format!("`{header}` came with another request in the last 24 hours; a copy has the same body");
        Self::invalid(Code::IdempotencyKeyReused, header, detail)
    }

    /// A field that can not be accepted. `detail` names it again, for people.
    pub fn invalid(code: Code, field: impl Into<String>, detail: impl Into<String>) -> Self {
        let field = Some(field.into());
        Self { field, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail) }
    }

    /// The same about a part of a request: what is said of a field is said of that field of this part.
    #[must_use]
    pub fn within(self, part: &str) -> Self {
        let field = self.field.map(|field| format!("{part}.{field}"));
        Self { detail: format!("in {part}: {}", self.detail), field, ..self }
    }

    /// No more submissions are accepted for now, and probably not for this many seconds.
    pub fn queue_full(retry_after: u32) -> Self {
        let detail = "too many submissions are waiting, or too many of this key; try again later";
        Self { retry_after: Some(retry_after), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::QueueFull, detail) }
    }

    /// The language can not be used for now. Why is in the log, and in `GET /languages` for keys that may manage keys: it names
    /// paths of this host and failures of its system, none of which a client could change.
    pub fn language_unavailable(id: &str) -> Self {
        let detail = format!(
            "`{id}` can not be used on this server for now, and other languages can; its operator has to mend it"
        );
        let field = Some("language".to_owned());
        Self {
            field,
            retry_after: Some(60),
            ..Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::LanguageUnavailable, detail)
        }
    }

    /// The sandbox can not run anything; the reason is meant for the operator and names no secret.
    pub fn not_ready(reason: &str) -> Self {
        let error =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::NotReady, format!("not ready to run code: {reason}"));
        Self { retry_after: Some(5), ..error }
    }

    /// We failed, and there is nothing a client could change.
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Code::InternalError, "Code Runner failed to answer this request")
    }

    /// The field that is meant, if one is.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// The sentence for people.
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<StoreError> for ApiError {
    /// Logs the cause for the operator; the client learns that it may try again.
    fn from(error: StoreError) -> Self {
        tracing::error!(error = %error, "a request failed because the store did");
        let detail = "Code Runner can not reach its store; try again later";
        Self { retry_after: Some(5), ..Self::new(StatusCode::SERVICE_UNAVAILABLE, Code::StoreUnavailable, detail) }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let Self { status, code, detail, field, retry_after } = self;
        let title = status.canonical_reason().unwrap_or("Error");
        let problem = Problem { r#type: "about:blank", title, status: status.as_u16(), detail, code, field };
        let mut response = (status, Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, PROBLEM_JSON);
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("ApiKey header=\"x-api-key\""));
        }
        response
    }
}
