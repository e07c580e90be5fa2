//! One attempt: its code, where it is, and what became of it.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Extension, Json};
use maud::{Markup, html};
use serde_json::json;

use super::error::PageError;
use super::guard::Visitor;
use super::student::draft;
use super::{App, layout};
use crate::code_runner::wire;
use crate::database::attempts::{Attempt, State as At};
use crate::database::people::Role;
use crate::database::time_of;
use crate::exercises::language_name;
use crate::feedback::{Detail, Feedback, Seen, TestFeedback, in_words};

/// The attempt, for whoever may see it: whose it is, and teachers.
async fn seen_by(app: &App, visitor: &Visitor, key: &str) -> Result<Attempt, PageError> {
    let person = visitor.someone()?;
    let attempt = app.database.attempt(key).await?;
    let may = |attempt: &Attempt| attempt.person == person.id || person.role == Role::Teacher;
    attempt.filter(may).ok_or(PageError::NotFound)
}

/// What of the feedback this visitor may see.
fn feedback(attempt: &Attempt, visitor: &Visitor) -> Option<Seen> {
    let feedback: Feedback = serde_json::from_str(attempt.feedback.as_deref()?).ok()?;
    let is_teacher = visitor.person.as_ref().is_some_and(|person| person.role == Role::Teacher);
    Some(if is_teacher { feedback.for_teacher() } else { feedback.for_student() })
}

/// `GET /attempts/{attempt}/state`
pub async fn state(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let attempt = seen_by(&app, &visitor, &key).await?;
    let done = matches!(attempt.state, At::Graded | At::Stuck);
    Ok(Json(json!({"done": done, "text": layout::state_words(&attempt)})).into_response())
}

/// `GET /attempts/{attempt}`
pub async fn page(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Markup, PageError> {
    let attempt = seen_by(&app, &visitor, &key).await?;
    // Just now: the browser need not keep the code any more.
    let someone = visitor.someone()?;
    let is_new = query.as_deref() == Some("accepted");
    let draft = is_new.then(|| draft(someone, &attempt.exercise, &attempt.language));
    let is_teacher = someone.role == Role::Teacher;
    let author = if is_teacher { app.database.person_of(attempt.person).await? } else { None };
    let exercise = app.catalogue.shelf().exercise(&attempt.exercise);
    let title = exercise.as_ref().map_or(attempt.exercise.clone(), |exercise| exercise.title.clone());
    let is_under_way = matches!(attempt.state, At::Waiting | At::Sent);
    // Without a script the page asks again by itself.
    let head = html! { @if is_under_way { noscript { meta http-equiv="refresh" content="3"; } } };
    let body = html! {
        p data-accepted=[draft] {
            "Handed in " (layout::moment(time_of(attempt.made_at))) " in " (language_name(&attempt.language))
            @if let Some(author) = &author { " by " a href={ "/students/" (author.id) } { (author.name) } }
            " · " (layout::points(attempt.points()))
        }
        (progress(&attempt, is_teacher))
        @if let Some(seen) = feedback(&attempt, &visitor) { (results(&seen)) }
        h2 { "Code" }
        pre.code tabindex="0" aria-label="Code" data-code=(attempt.language) { (attempt.code) }
        div.actions {
            @if exercise.is_some() && !is_teacher {
                a.button href={ "/exercises/" (attempt.exercise) "?from=" (attempt.key) } { "Go on from this code" }
            }
            @if is_teacher && !is_under_way && exercise.is_some() {
                form method="post" action={ "/attempts/" (attempt.key) "/grade" } {
                    (layout::form_token(&visitor))
                    button.plain type="submit" { "Grade again" }
                }
            }
        }
    };
    Ok(layout::page_with(&title, Some(&visitor), &head, &body))
}

fn progress(attempt: &Attempt, is_teacher: bool) -> Markup {
    html! {
        @match attempt.state {
            At::Waiting | At::Sent => {
                div.notice data-poll={ "/attempts/" (attempt.key) "/state" } {
                    p role="status" { strong data-state="" { (layout::state_words(attempt)) } }
                    @if attempt.trouble.is_some() {
                        p { "Your attempt is kept. It is graded by itself as soon as Code Runner is there again; that is not your fault, and there is nothing you need to do." }
                    } @else {
                        p { "This page shows the result when it is there." }
                    }
                    @if let Some(trouble) = attempt.trouble.as_ref().filter(|_| is_teacher) { p.muted { "For you as a teacher: " (trouble) } }
                }
            }
            At::Stuck => {
                div.notice.warn {
                    p { "This attempt can not be graded at the moment. The reason is not in the code; the teacher sees it on the page of the class. Another attempt can be handed in." }
                    @if let Some(trouble) = attempt.trouble.as_ref().filter(|_| is_teacher) { p { "For you as a teacher: " (trouble) } }
                }
            }
            At::Graded => {}
        }
    }
}

fn results(seen: &Seen) -> Markup {
    let passed = seen.tests().iter().filter(|test| test.passed).count();
    let compiles = seen.verdict() != "compile_error";
    html! {
        h2 { "Tests: " (passed) " of " (seen.tests().len()) " passed" }
        @if !compiles {
            div.notice.bad {
                p { strong { "The code does not compile." } }
                (diagnostics(seen.diagnostics()))
            }
        }
        @if !seen.compiler().trim().is_empty() {
            details open[!compiles] {
                summary { "What the compiler says" }
                pre tabindex="0" aria-label="What the compiler says" { (seen.compiler()) }
            }
        }
        ol.tests {
            @for test in seen.tests() {
                li class=(if test.passed { "test ok" } else { "test bad" }) { (one(test)) }
            }
        }
    }
}

fn one(test: &TestFeedback) -> Markup {
    let heading = html! {
        span.verdict { (if test.passed { "✓ " } else { "✗ " }) (in_words(&test.verdict)) }
        strong { (test.name) }
        @if test.hidden { span.badge { "hidden" } }
        span.muted { (test.points) " of " (test.of) }
    };
    html! {
        @match &test.detail {
            None => div.line { (heading) },
            Some(detail) => {
                // What does not compile is told once, above.
                details open[!test.passed && test.verdict != "compile_error"] {
                    summary.line { (heading) }
                    (detail_of(detail, test.verdict != "compile_error"))
                }
            }
        }
    }
}

/// `has_run`: there is an answer, and it took time.
fn detail_of(detail: &Detail, has_run: bool) -> Markup {
    let Detail {
        input,
        expected,
        output,
        stdout,
        stderr,
        error,
        message,
        cpu_time_ms,
        memory_kib,
        truncated,
        diagnostics: lines,
    } = detail;
    let text = |title: &str, text: &str| {
        html! { div { h3 { (title) } @if text.is_empty() { p.muted { "nothing" } } @else { pre tabindex="0" aria-label=(title) { (text) } } } }
    };
    html! {
        @if let Some(error) = error { p { (error) } }
        @if let Some(message) = message { p.message { (message) } }
        (diagnostics(lines))
        div.columns {
            (text("Input", input))
            @if let Some(expected) = expected { (text("Expected", expected)) }
            @if has_run { (text("Your answer", output)) }
            @if let Some(stdout) = stdout { (text("What the code printed", stdout)) }
            @if let Some(stderr) = stderr { (text("Standard error", stderr)) }
        }
        @if has_run { p.muted {
            (format!("{cpu_time_ms:.0} ms, {} MiB", memory_kib / 1024))
            @if *truncated { " · what was written is longer than is kept" }
        } }
    }
}

fn diagnostics(lines: &[wire::Diagnostic]) -> Markup {
    html! {
        @if !lines.is_empty() {
            ul { @for line in lines { li { "Line " (line.line) ": " (line.message) } } }
        }
    }
}

/// `POST /attempts/{attempt}/grade`: with the tests as they are now.
pub async fn grade_again(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(key): Path<String>,
) -> Result<Redirect, PageError> {
    let attempt = seen_by(&app, &visitor, &key).await?;
    let author = app.database.person_of(attempt.person).await?.ok_or(PageError::NotFound)?;
    let exercise = app.catalogue.shelf().exercise(&attempt.exercise);
    let exercise = exercise.ok_or_else(|| PageError::Bad("There is no such exercise any more.".to_owned()))?;
    let request = wire::submission(&exercise, &attempt.language, &attempt.code, Some(&author.tag)).to_string();
    if !app.database.grade_again(&key, &request).await? {
        let what = "An attempt of this student at this exercise is being graded; try again when it is done.";
        return Err(PageError::Bad(what.to_owned()));
    }
    app.wake.notify_one();
    Ok(Redirect::to(&format!("/attempts/{key}")))
}
