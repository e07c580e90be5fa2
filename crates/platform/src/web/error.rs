//! What a page says when there is none. The cause of a failure of ours is logged here, once, and is on no page.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::html;

use super::layout;

/// Why there is no page.
#[derive(Debug)]
pub enum PageError {
    /// No such address, or nothing there for this person: the same to whoever asks.
    NotFound,
    /// Not with this method.
    Method,
    /// Not for students.
    Forbidden,
    /// The form is not from one of our pages, or from one of another session.
    Form,
    /// Something in the form, in one sentence.
    Bad(String),
    /// The body is too long.
    TooLarge,
    /// Too many wait.
    Full,
    /// Ours.
    Internal,
}

impl From<sqlx::Error> for PageError {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the database failed");
        Self::Internal
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        let (status, title, text) = match self {
            Self::NotFound => (StatusCode::NOT_FOUND, "Not found", "There is nothing here, or nothing that is yours.".to_owned()),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "Not like this", "This address takes another kind of request.".to_owned()),
            Self::Forbidden => (StatusCode::FORBIDDEN, "For teachers", "This page is for teachers.".to_owned()),
            Self::Form => (
                StatusCode::FORBIDDEN,
                "The form has expired",
                "The form was from another session. Go back, load the page again and send it once more.".to_owned(),
            ),
            Self::Bad(text) => (StatusCode::UNPROCESSABLE_ENTITY, "This can not be taken", text),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "Too long", "What was sent is too long.".to_owned()),
            Self::Full => (
                StatusCode::SERVICE_UNAVAILABLE,
                "Too many attempts wait",
                "Your attempt was not taken, because too many wait to be graded. Go back and send it again in a few minutes.".to_owned(),
            ),
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "Something failed here",
                "It was not your fault. Go back and try again; tell your teacher if it stays so.".to_owned(),
            ),
        };
        let body = html! { p { (text) } p { a href="/" { "To the start" } } };
        let mut answer = (status, layout::page(title, None, &body)).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("120"));
        }
        answer
    }
}
