//! What can go wrong between us and an engine, told apart by what is to be done about it. None of it is ever a student's.

use serde_json::Value;

/// Why an engine gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The session did not begin.
    #[error("no session: {0}")]
    NoSession(String),
    /// Neither we nor this engine can be blamed: it is of a version that must not be used.
    #[error("this engine is not used: {0}")]
    Version(String),
    /// The connection was refused, or broke off.
    #[error("the session does not answer: {0}")]
    Lost(String),
    /// The session does not take our token.
    #[error("the session does not know us (HTTP 401)")]
    Unauthorized,
    /// The engine behind the session is gone.
    #[error("the engine is gone: {0}")]
    EngineGone(String),
    /// It did not answer in time.
    #[error("no answer within {0} s")]
    Deadline(u64),
    /// What came is no answer of an engine.
    #[error("the answer can not be used: {0}")]
    Answer(String),
    /// The engine says that it could not do what it was asked for.
    #[error("the engine refused: {0}")]
    Refused(String),
    /// The runner ended otherwise than by itself. The status is `None` where the engine does not say.
    #[error("the runner was ended in its container: {message}")]
    Exec {
        /// What the shell would say: 128 and more for a signal.
        status: Option<i32>,
        /// What the engine said.
        message: String,
    },
}

impl Failure {
    /// Is the session of no use any more?
    pub fn ends_session(&self) -> bool {
        match self {
            Self::NoSession(_) | Self::Version(_) | Self::Lost(_) | Self::Unauthorized | Self::EngineGone(_) => true,
            // Whoever does not answer in time may do so for others; a stale one never does.
            Self::Deadline(_) => true,
            Self::Answer(_) | Self::Refused(_) | Self::Exec { .. } => false,
        }
    }

    /// Was the program that the runner watches able to do this, where it is the same user? By SIGKILL, and nothing else.
    pub fn is_kill(&self) -> bool {
        matches!(self, Self::Exec { status: Some(137), .. })
    }

    /// What the errors in an answer mean.
    pub fn of_errors(errors: &Value) -> Self {
        let first = errors.get(0).unwrap_or(&Value::Null);
        let message = model::text::one_line(first["message"].as_str().unwrap_or("no message"));
        let extensions = &first["extensions"];
        // The engine waits for whoever opened the session; a new one has somebody.
        if message.contains("waiting for client session attachables") {
            return Self::Lost(message);
        }
        let said = extensions["exitCode"].as_i64().and_then(|status| i32::try_from(status).ok());
        let status = said.or_else(|| status_in(&message));
        if extensions["_type"].as_str() == Some("EXEC_ERROR") || status.is_some() {
            return Self::Exec { status, message };
        }
        Self::Refused(message)
    }

    /// What an answer means that is no success of HTTP.
    pub fn of_status(status: u16, body: &[u8]) -> Self {
        let text = model::text::one_line(&String::from_utf8_lossy(&body[..body.len().min(512)]));
        match status {
            401 | 403 => Self::Unauthorized,
            502..=504 => Self::EngineGone(format!("HTTP {status}: {text}")),
            _ => Self::Answer(format!("HTTP {status}: {text}")),
        }
    }
}

/// In engines that do not put the status beside the message.
fn status_in(message: &str) -> Option<i32> {
    let (_, rest) = message.split_once("exit code: ")?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_of_an_engine_are_told_apart() {
        let error = |message: &str, extensions: Value| {
            Failure::of_errors(&json!([{ "message": message, "extensions": extensions }]))
        };
        let exec = |status, message: &str| Failure::Exec { status, message: message.to_owned() };
        let cases = [
            (error("x", json!({ "_type": "EXEC_ERROR", "exitCode": 137 })), exec(Some(137), "x")),
            (error("x", json!({ "_type": "EXEC_ERROR" })), exec(None, "x")),
            (
                error("process did not complete: exit code: 139", Value::Null),
                exec(Some(139), "process did not complete: exit code: 139"),
            ),
            (error("no such image", Value::Null), Failure::Refused("no such image".to_owned())),
            (
                error("waiting for client session attachables: timeout", Value::Null),
                Failure::Lost("waiting for client session attachables: timeout".to_owned()),
            ),
            (Failure::of_errors(&json!([])), Failure::Refused("no message".to_owned())),
            (Failure::of_errors(&json!("odd")), Failure::Refused("no message".to_owned())),
        ];
        for (failure, expected) in cases {
            assert_eq!(failure, expected);
        }
    }

    #[test]
    fn only_what_a_new_session_mends_ends_one() {
        let text = String::new;
        for failure in [Failure::Lost(text()), Failure::Unauthorized, Failure::EngineGone(text()), Failure::Deadline(1)]
        {
            assert!(failure.ends_session(), "{failure}");
        }
        for failure in
            [Failure::Answer(text()), Failure::Refused(text()), Failure::Exec { status: None, message: text() }]
        {
            assert!(!failure.ends_session(), "{failure}");
        }
    }

    #[test]
    fn what_http_says_is_told_apart() {
        assert_eq!(Failure::of_status(401, b""), Failure::Unauthorized);
        assert_eq!(Failure::of_status(502, b"no engine\n"), Failure::EngineGone("HTTP 502: no engine".to_owned()));
        assert_eq!(Failure::of_status(500, b"?"), Failure::Answer("HTTP 500: ?".to_owned()));
    }
}
