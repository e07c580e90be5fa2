//! Callbacks: what is sent, and what is told of them.

use model::{ExecId, Report};
use serde::Serialize;
use store::{CallbackSecrets, CallbackState, CallbackStatus};
use utoipa::ToSchema;

use super::keys::rfc3339;
use super::response::Done;
use crate::callbacks::signature::secret_text;

/// The body of a callback.
#[derive(Debug, Serialize)]
pub struct CallbackBody {
    /// Which submission.
    pub exec_id: ExecId,
    /// Its result, as `GET /result/{exec_id}` gives it.
    #[serde(flatten)]
    pub result: Done,
}

impl CallbackBody {
    /// That of the submission with this report.
    pub fn new(exec_id: ExecId, report: Report) -> Self {
        Self { exec_id, result: Done::from(report) }
    }
}

/// How far the callback of a submission is.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallbackStatusBody {
    /// How far it is.
    pub status: CallbackStateName,
    /// How often it was tried since the result came, or since it was asked for again.
    #[schema(example = 2)]
    pub tries: u32,
    /// When it is tried again at the earliest, in RFC 3339; only while it waits. It is tried just now if that is past, or
    /// within a minute or so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, example = "2026-01-31T12:00:25Z")]
    pub next_try_at: Option<String>,
    /// Why the last try failed, if one has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "it answered 500 Internal Server Error")]
    pub last_error: Option<String>,
}

/// How far a callback is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallbackStateName {
    /// It is tried now, or will be.
    Waiting,
    /// The receiver has answered with a status 2xx.
    Delivered,
    /// It was tried as often as it is, and will not be again unless that is asked for.
    Dead,
}

impl From<CallbackStatus> for CallbackStatusBody {
    fn from(callback: CallbackStatus) -> Self {
        let CallbackStatus { state, tries, next_try_at, last_error } = callback;
        let status = match state {
            CallbackState::Waiting => CallbackStateName::Waiting,
            CallbackState::Delivered => CallbackStateName::Delivered,
            CallbackState::Dead => CallbackStateName::Dead,
        };
        Self { status, tries, next_try_at: next_try_at.map(rfc3339), last_error }
    }
}

/// What callbacks to a key are signed with.
#[derive(Debug, Serialize, ToSchema)]
pub struct CallbackSecretBody {
    /// The secret, as libraries for Standard Webhooks take it: `whsec_` and 32 bytes in base64.
    #[schema(example = "whsec_UNhY4JhezH9gQYqvDMWrWH9CwlcKiECVqejMrND2VFw=")]
    pub secret: String,
    /// Until when callbacks are signed with the secret before this one, too, in RFC 3339; only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, example = "2026-01-31T12:00:00Z")]
    pub previous_until: Option<String>,
}

impl From<CallbackSecrets> for CallbackSecretBody {
    fn from(secrets: CallbackSecrets) -> Self {
        let CallbackSecrets { current, previous } = secrets;
        Self { secret: secret_text(&current), previous_until: previous.map(|(_, until)| rfc3339(until)) }
    }
}
