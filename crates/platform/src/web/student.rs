//! What students see: the exercises, one exercise with its editor, and handing in.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use time::OffsetDateTime;
use uuid::Uuid;

use super::error::PageError;
use super::guard::Visitor;
use super::{App, layout, teacher};
use crate::code_runner::wire;
use crate::database::attempts::{Accepted, Attempt, NewAttempt};
use crate::database::people::{Person, Role};
use crate::exercises::{Exercise, Language, Mode, language_name};

/// Bytes of code of one attempt.
pub const MOST_CODE: usize = 64 * 1024;
/// Attempts that are listed.
const LISTED: u32 = 50;

/// `GET /`: the exercises; for a teacher the classes as well.
pub async fn home(State(app): State<Arc<App>>, Extension(visitor): Extension<Visitor>) -> Result<Markup, PageError> {
    let person = visitor.someone()?;
    if person.role == Role::Teacher {
        return teacher::home(&app, &visitor).await;
    }
    let cells = app.database.cells_of(person.id).await?;
    let shelf = app.catalogue.shelf();
    let all = shelf.all();
    let body = html! {
        @if all.is_empty() { p { "There are no exercises yet." } }
        ul.cards {
            @for exercise in &all {
                @let cell = cells.iter().find(|cell| cell.exercise == exercise.id);
                li {
                    h2 { a href={ "/exercises/" (exercise.id) } { (exercise.title) } }
                    p {
                        @match cell {
                            Some(cell) => {
                                (layout::points(cell.best())) " · " (cell.attempts) @if cell.attempts == 1 { " attempt" } @else { " attempts" }
                                @if cell.under_way > 0 { " · being graded" }
                            }
                            None => span.muted { "Not tried yet · " (layout::counted(exercise.points())) },
                        }
                    }
                    (due(exercise))
                }
            }
        }
    };
    Ok(layout::page("Exercises", Some(&visitor), &body))
}

fn due(exercise: &Exercise) -> Markup {
    html! {
        @if let Some(due) = exercise.due {
            p.muted {
                @if exercise.is_over(OffsetDateTime::now_utc()) { "Was due " } @else { "Due " }
                (layout::moment(due))
            }
        }
    }
}

/// Which language's editor is shown.
#[derive(Debug, Deserialize)]
pub struct Choice {
    language: Option<String>,
    /// The attempt whose code the editor begins with.
    from: Option<String>,
}

/// `GET /exercises/{exercise}`
pub async fn exercise(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Query(choice): Query<Choice>,
) -> Result<Markup, PageError> {
    let person = visitor.someone()?;
    let exercise = app.catalogue.shelf().exercise(&id).ok_or(PageError::NotFound)?;
    let attempts = app.database.attempts(person.id, Some(&id), LISTED).await?;
    let from = choice.from.as_ref().and_then(|key| attempts.iter().find(|attempt| attempt.key == *key));
    let asked = choice.language.as_deref().or(from.map(|from| from.language.as_str()));
    let asked = asked.or(attempts.first().map(|last| last.language.as_str()));
    let language = asked.and_then(|asked| exercise.language(asked)).unwrap_or(&exercise.languages[0]);
    let last = from.or(attempts.first()).filter(|attempt| attempt.language == language.id);
    let last = last.or(attempts.iter().find(|attempt| attempt.language == language.id));
    let code = last.map_or(language.starter.as_str(), |attempt| attempt.code.as_str());
    Ok(exercise_page(&visitor, person, &exercise, language, code, &attempts, from.is_some(), None))
}

/// The name under which a browser keeps what is not handed in: whose it is is part of it, so that a computer which several use
/// does not show one what another has written.
pub fn draft(person: &Person, exercise: &str, language: &str) -> String {
    format!("{}/{exercise}/{language}", person.tag)
}

/// The page, with `code` in its editor; if it `is_asked_for`, also where the browser has a draft.
#[expect(clippy::too_many_arguments, reason = "each is a part of the page")]
fn exercise_page(
    visitor: &Visitor,
    person: &Person,
    exercise: &Exercise,
    language: &Language,
    code: &str,
    attempts: &[Attempt],
    is_asked_for: bool,
    wrong: Option<&str>,
) -> Markup {
    let over = exercise.is_over(OffsetDateTime::now_utc());
    let address = format!("/exercises/{}", exercise.id);
    let draft = draft(person, &exercise.id, &language.id);
    let body = html! {
        @if let Some(wrong) = wrong { p.notice.bad role="alert" { (wrong) } }
        div.split {
            section.text aria-label="What to do" {
                (PreEscaped(&exercise.statement))
                (examples(exercise))
            }
            section aria-labelledby="solution" {
                h2 id="solution" { "Your solution" }
                (due(exercise))
                @if exercise.languages.len() > 1 {
                    nav.tabs aria-label="Language" {
                        @for other in &exercise.languages {
                            a href={ (address) "?language=" (other.id) } aria-current=[(other.id == language.id).then_some("page")] {
                                (language_name(&other.id))
                            }
                        }
                    }
                }
                form method="post" action={ (address) "/attempts" } data-editor="" {
                    (layout::form_token(visitor))
                    input type="hidden" name="language" value=(language.id);
                    label.unseen for="code" { "Code in " (language_name(&language.id)) }
                    textarea id="code" name="code" rows="16" spellcheck="false" autocapitalize="none" autocomplete="off"
                        maxlength=(MOST_CODE) data-language=(language.id) data-draft=(draft) data-fixed[is_asked_for] data-starter=(language.starter)
                        aria-describedby="mode" {
                        // Browsers leave out the first line end behind the tag.
                        "\n" (code)
                    }
                    p.muted id="mode" {
                        @match exercise.mode {
                            Mode::Function => {
                                "The body of a function: " code { "input_str" } " is the input as text, and what you return is the answer."
                            }
                            Mode::Program => "A whole program: it reads standard input and writes its answer to standard output.",
                        }
                    }
                    @if over {
                        p.notice { "This exercise is closed. No more attempts are taken." }
                    } @else {
                        div.actions {
                            button.primary type="submit" { "Hand in" }
                            button.plain type="button" hidden data-reset="" { "Begin anew" }
                            span.muted role="status" data-saved="" {}
                        }
                    }
                }
                h2 { "Your attempts" }
                @if attempts.is_empty() { p.muted { "None yet." } } @else { (layout::attempts(attempts, None)) }
            }
        }
    };
    layout::page(&exercise.title, Some(visitor), &body)
}

fn examples(exercise: &Exercise) -> Markup {
    let hidden = exercise.tests.iter().filter(|test| test.hidden).count();
    html! {
        h2 { "Tests" }
        @for test in exercise.tests.iter().filter(|test| !test.hidden) {
            details {
                summary { (test.name) " " span.muted { (layout::counted(test.points)) } }
                h3 { "Input" }
                pre tabindex="0" { (test.input) }
                @if let Some(expected) = &test.expected {
                    h3 { "Expected" }
                    pre tabindex="0" { (expected) }
                }
            }
        }
        @if hidden > 0 {
            p.muted { (hidden) @if hidden == 1 { " further test is" } @else { " further tests are" } " hidden: you see whether you pass, and not what is in them." }
        }
    }
}

/// `POST /exercises/{exercise}/attempts`: when this answers that it was taken, it is on the disk.
pub async fn submit(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let person = visitor.someone()?;
    let exercise = app.catalogue.shelf().exercise(&id).ok_or(PageError::NotFound)?;
    let language = exercise.language(visitor.field("language"));
    let language = language.ok_or_else(|| PageError::Bad("There is no such language in this exercise.".to_owned()))?;
    // Browsers send line ends as CR LF.
    let code = visitor.field("code").replace("\r\n", "\n");
    let wrong = if code.len() > MOST_CODE {
        Some(format!("The code has {} bytes; at most {MOST_CODE} are allowed.", code.len()))
    } else if code.trim().is_empty() {
        Some("There is no code yet.".to_owned())
    } else if exercise.is_over(OffsetDateTime::now_utc()) {
        Some("This exercise is closed. No more attempts are taken.".to_owned())
    } else {
        None
    };
    let refused = match wrong {
        Some(wrong) => (StatusCode::UNPROCESSABLE_ENTITY, wrong),
        None => {
            let key = Uuid::new_v4().to_string();
            let request = wire::submission(&exercise, &language.id, &code, Some(&person.tag)).to_string();
            let (exercise, language) = (&exercise.id, &language.id);
            let attempt =
                NewAttempt { key: &key, person: person.id, exercise, language, code: &code, request: &request };
            match app.database.accept(&attempt).await? {
                Accepted::Yes => {
                    tracing::info!(attempt = key, exercise, language, "accepted");
                    app.wake.notify_one();
                    return Ok(Redirect::to(&format!("/attempts/{key}?accepted")).into_response());
                }
                Accepted::OneIsUnderWay => {
                    let what = "Your last attempt is still being graded. Hand in again when it is done.";
                    (StatusCode::CONFLICT, what.to_owned())
                }
                Accepted::TooMany => (
                    StatusCode::CONFLICT,
                    "You have made as many attempts at this exercise as there may be.".to_owned(),
                ),
                Accepted::Full => return Err(PageError::Full),
            }
        }
    };
    // Nothing that was written is lost.
    let attempts = app.database.attempts(person.id, Some(&id), LISTED).await?;
    let page = exercise_page(&visitor, person, &exercise, language, &code, &attempts, true, Some(&refused.1));
    Ok((refused.0, page).into_response())
}
