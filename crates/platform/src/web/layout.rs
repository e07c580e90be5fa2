//! What all pages have around their content, and small parts that several have.

use maud::{DOCTYPE, Markup, html};
use time::OffsetDateTime;
use time::macros::format_description;

use super::guard::Visitor;
use crate::database::attempts::{Attempt, State};
use crate::database::people::Role;
use crate::database::time_of;
use crate::points::Points;

/// A page. `visitor` is whoever is signed in; none on pages that look the same to everybody.
pub fn page(title: &str, visitor: Option<&Visitor>, body: &Markup) -> Markup {
    page_with(title, visitor, &html! {}, body)
}

/// The same with more in its head.
pub fn page_with(title: &str, visitor: Option<&Visitor>, head: &Markup, body: &Markup) -> Markup {
    let person = visitor.and_then(|visitor| visitor.person.as_ref());
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · Exercises" }
                link rel="icon" href="/favicon.ico" type="image/svg+xml";
                link rel="stylesheet" href="/assets/platform.css";
                script type="module" src="/assets/platform.js" {}
                (head)
            }
            body {
                a.skip href="#content" { "To the content" }
                header.top {
                    nav aria-label="Pages" {
                        a.brand href="/" { "Exercises" }
                    }
                    @if let (Some(person), Some(visitor)) = (person, visitor) {
                        div.who {
                            span { (person.name) @if person.role == Role::Teacher { " (teacher)" } }
                            a href="/password" { "Password" }
                            form method="post" action="/sign-out" data-forget="" {
                                (form_token(visitor))
                                button.plain type="submit" { "Sign out" }
                            }
                        }
                    }
                }
                main id="content" {
                    h1 { (title) }
                    (body)
                }
            }
        }
    }
}

/// What every form has to have.
pub fn form_token(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name="form_token" value=(visitor.form_token()); }
}

/// A moment; the script shows it in the reader's own time.
pub fn moment(at: OffsetDateTime) -> Markup {
    let utc = at.to_offset(time::UtcOffset::UTC);
    let machine = utc.format(format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z")).unwrap_or_default();
    let people = utc.format(format_description!("[year]-[month]-[day] [hour]:[minute] UTC")).unwrap_or_default();
    html! { time datetime=(machine) { (people) } }
}

/// `3 of 4`, marked by how good that is.
pub fn points(points: Option<(Points, Points)>) -> Markup {
    match points {
        None => html! { span.muted { "–" } },
        Some((got, of)) => {
            let class = if got == of {
                "ok"
            } else if got == Points::default() {
                "bad"
            } else {
                "warn"
            };
            html! { span class={ "badge " (class) } { (got) " of " (of) } }
        }
    }
}

/// `1 point`, `2.5 points`.
pub fn counted(points: Points) -> String {
    format!("{points} {}", if points == Points::ONE { "point" } else { "points" })
}

/// Where an attempt is, in words.
pub fn state_words(attempt: &Attempt) -> &'static str {
    match (attempt.state, &attempt.trouble) {
        (State::Waiting | State::Sent, Some(_)) => "waiting for Code Runner",
        (State::Waiting, None) => "waiting",
        (State::Sent, None) => "being graded",
        (State::Graded, _) => "graded",
        (State::Stuck, _) => "can not be graded at the moment",
    }
}

/// Attempts, the latest first.
pub fn attempts(attempts: &[Attempt], exercise_names: Option<&dyn Fn(&str) -> String>) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="Attempts" {
            table {
                thead { tr {
                    th scope="col" { "Attempt" }
                    @if exercise_names.is_some() { th scope="col" { "Exercise" } }
                    th scope="col" { "Language" } th scope="col" { "Points" } th scope="col" { "State" }
                } }
                tbody {
                    @for attempt in attempts {
                        tr {
                            td { a href={ "/attempts/" (attempt.key) } { (moment(time_of(attempt.made_at))) } }
                            @if let Some(name) = exercise_names { td { (name(&attempt.exercise)) } }
                            td { (crate::exercises::language_name(&attempt.language)) }
                            td { (points(attempt.points())) }
                            td { (state_words(attempt)) }
                        }
                    }
                }
            }
        }
    }
}
