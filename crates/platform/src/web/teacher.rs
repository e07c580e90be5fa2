//! What teachers see: classes, one exercise in a class with failures of the same kind together, a student's attempts.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use maud::{Markup, html};

use super::error::PageError;
use super::guard::Visitor;
use super::{App, layout};
use crate::database::attempts::{Attempt, Cell};
use crate::database::people::{Class, Person};

/// Attempts of a student that are listed.
const LISTED: u32 = 200;

/// `GET /` for a teacher.
pub async fn home(app: &App, visitor: &Visitor) -> Result<Markup, PageError> {
    let classes = app.database.classes().await?;
    let shelf = app.catalogue.shelf();
    let (waiting, stuck) = app.database.counts().await?;
    let body = html! {
        @if !*app.reached.borrow() {
            p.notice.warn { "Code Runner does not take attempts at the moment. What is handed in is kept and graded later." }
        }
        @if waiting > 0 { p { (waiting) " attempts wait or are being graded." } }
        @if stuck > 0 { p.notice.warn { (stuck) " attempts can not be graded; the overview of their class has them as “stuck”, and their pages say why." } }
        @if !shelf.errors.is_empty() {
            div.notice.bad {
                p { strong { "Exercises with mistakes" } " are shown as they were before, or not at all:" }
                ul { @for error in &shelf.errors { li { code { (error) } } } }
            }
        }
        h2 { "Classes" }
        @if classes.is_empty() { p { "There are none yet: " code { "code-runner platform users import" } " makes one." } }
        ul.cards {
            @for class in &classes {
                li {
                    h3 { a href={ "/classes/" (class.id) } { (class.name) } }
                    p.muted { (class.students) @if class.students == 1 { " student" } @else { " students" } }
                }
            }
        }
        h2 { "Exercises" }
        ul.cards {
            @for exercise in shelf.all() {
                li {
                    h3 { a href={ "/exercises/" (exercise.id) } { (exercise.title) } }
                    p.muted { (exercise.tests.len()) " tests · " (layout::counted(exercise.points())) }
                }
            }
        }
    };
    Ok(layout::page("Overview", Some(visitor), &body))
}

async fn class_of(app: &App, id: i64) -> Result<Class, PageError> {
    app.database.classes().await?.into_iter().find(|class| class.id == id).ok_or(PageError::NotFound)
}

/// The overview of a class: its students, the exercises (also those that are gone), and what is where they meet.
pub struct Overview {
    /// By name.
    pub students: Vec<Person>,
    /// Id and title.
    pub exercises: Vec<(String, String)>,
    cells: BTreeMap<(i64, String), Cell>,
}

impl Overview {
    /// Of one class.
    pub async fn of(app: &App, class: i64) -> Result<Self, PageError> {
        let students = app.database.people(Some(class)).await?;
        let cells = app.database.cells(class).await?;
        let shelf = app.catalogue.shelf();
        let mut exercises: Vec<_> =
            shelf.all().iter().map(|exercise| (exercise.id.clone(), exercise.title.clone())).collect();
        for cell in &cells {
            if !exercises.iter().any(|(id, _)| *id == cell.exercise) {
                exercises.push((cell.exercise.clone(), cell.exercise.clone()));
            }
        }
        let cells = cells.into_iter().map(|cell| ((cell.person, cell.exercise.clone()), cell)).collect();
        Ok(Self { students, exercises, cells })
    }

    /// What a student has done at an exercise.
    pub fn cell(&self, person: i64, exercise: &str) -> Option<&Cell> {
        self.cells.get(&(person, exercise.to_owned()))
    }
}

/// `GET /classes/{class}`
pub async fn class(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<i64>,
) -> Result<Markup, PageError> {
    let class = class_of(&app, id).await?;
    let overview = Overview::of(&app, id).await?;
    let body = html! {
        p { a href={ "/classes/" (id) "/points.csv" } download="" { "Points as CSV" } }
        div.scroll tabindex="0" role="region" aria-label="Points of the class" {
            table {
                thead { tr {
                    th scope="col" { "Student" }
                    @for (exercise, title) in &overview.exercises {
                        th scope="col" { a href={ "/classes/" (id) "/exercises/" (exercise) } { (title) } }
                    }
                } }
                tbody {
                    @for student in &overview.students {
                        tr {
                            th scope="row" { a href={ "/students/" (student.id) } { (student.name) } }
                            @for (exercise, _) in &overview.exercises { td { (cell(overview.cell(student.id, exercise))) } }
                        }
                    }
                }
            }
        }
    };
    Ok(layout::page(&class.name, Some(&visitor), &body))
}

fn cell(cell: Option<&Cell>) -> Markup {
    html! {
        @match cell {
            None => span.muted { "–" },
            Some(cell) => {
                (layout::points(cell.best()))
                " " span.muted { (cell.attempts) @if cell.attempts == 1 { " attempt" } @else { " attempts" } }
                @if cell.under_way > 0 { " " span.badge { "being graded" } }
                @if cell.stuck > 0 { " " span.badge.warn { "stuck" } }
            }
        }
    }
}

/// `GET /classes/{class}/exercises/{exercise}`: who fails, and how.
pub async fn exercise(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path((id, exercise)): Path<(i64, String)>,
) -> Result<Markup, PageError> {
    let class = class_of(&app, id).await?;
    let title = app.catalogue.shelf().exercise(&exercise).map_or(exercise.clone(), |exercise| exercise.title.clone());
    let students = app.database.people(Some(id)).await?;
    let latest = app.database.latest(id, &exercise).await?;
    let solved = latest.iter().filter(|attempt| attempt.failing.is_none()).count();
    let groups = groups(&latest);
    let name = |id: i64| students.iter().find(|student| student.id == id).map_or("", |student| student.name.as_str());
    let body = html! {
        p {
            a href={ "/classes/" (id) } { (class.name) } " · " (solved) " of " (students.len()) " students pass every test with their latest attempt, "
            (latest.len() - solved) " do not, " (students.len().saturating_sub(latest.len())) " have nothing graded yet."
        }
        @if !groups.is_empty() { h2 { "How the latest attempts fail" } }
        @for (failing, attempts) in &groups {
            section.group {
                h3 { (failing) }
                p.muted { (attempts.len()) @if attempts.len() == 1 { " student" } @else { " students" } }
                ul.names { @for attempt in attempts { li { a href={ "/attempts/" (attempt.key) } { (name(attempt.person)) } } } }
            }
        }
        @if solved > 0 {
            h2 { "Everything passed" }
            ul.names {
                @for attempt in latest.iter().filter(|attempt| attempt.failing.is_none()) {
                    li { a href={ "/attempts/" (attempt.key) } { (name(attempt.person)) } }
                }
            }
        }
    };
    Ok(layout::page(&title, Some(&visitor), &body))
}

/// Attempts that fail the same way, the largest group first.
fn groups(latest: &[Attempt]) -> Vec<(&str, Vec<&Attempt>)> {
    let mut groups: BTreeMap<&str, Vec<&Attempt>> = BTreeMap::new();
    for attempt in latest {
        if let Some(failing) = &attempt.failing {
            groups.entry(failing).or_default().push(attempt);
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, attempts)| std::cmp::Reverse(attempts.len()));
    groups
}

/// `GET /students/{person}`
pub async fn student(
    State(app): State<Arc<App>>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<i64>,
) -> Result<Markup, PageError> {
    let person = app.database.person_of(id).await?.ok_or(PageError::NotFound)?;
    let attempts = app.database.attempts(id, None, LISTED).await?;
    let shelf = app.catalogue.shelf();
    let title = |id: &str| shelf.exercise(id).map_or(id.to_owned(), |exercise| exercise.title.clone());
    let body = html! {
        p {
            "Account " code { (person.account) }
            @if let Some(class) = person.class { " · " a href={ "/classes/" (class) } { "To the class" } }
        }
        @if attempts.is_empty() { p { "No attempts yet." } } @else { (layout::attempts(&attempts, Some(&title))) }
    };
    Ok(layout::page(&person.name, Some(&visitor), &body))
}
