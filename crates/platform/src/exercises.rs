//! Exercises, as a teacher keeps them: folders of plain files, in git or not.
//!
//! ```text
//!  EXERCISES/<id>/exercise.toml        title, languages, checker, limits, points, due
//!                 exercise.md          what is to be done, CommonMark
//!                 starter/<language>.* what the editor begins with
//!                 tests/visible/NN-name.in and .out,  tests/hidden/NN-name.in and .out
//!                 solution/<language>.* for `code-runner platform check` alone
//! ```
//!
//! [`settings`] reads `exercise.toml`, [`load`] the rest of a folder, [`text`] makes a page of the text, [`catalogue`] keeps
//! what was read and looks for changes. Nothing here knows students, attempts or Code Runner.

pub mod catalogue;
pub mod load;
#[cfg(test)]
mod load_tests;
mod settings;
mod text;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;

use crate::points::Points;

/// One exercise, complete and valid.
#[derive(Debug, Clone)]
pub struct Exercise {
    /// The name of its folder.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where it stands among the others: smaller is earlier.
    pub order: i64,
    /// What is to be done, as harmless HTML.
    pub statement: String,
    /// What the code is.
    pub mode: Mode,
    /// In which languages it can be solved; at least one.
    pub languages: Vec<Language>,
    /// The limits of a run, as Code Runner takes them; empty for its own.
    pub limits: serde_json::Map<String, Value>,
    /// How outputs are judged, as Code Runner takes it.
    pub checker: Value,
    /// In their order; at least one.
    pub tests: Vec<Test>,
    /// From when on no attempt is taken.
    pub due: Option<OffsetDateTime>,
}

/// What the code of an exercise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// The body of a function of `input_str`, or a function `solve`.
    #[default]
    Function,
    /// A whole program.
    Program,
}

/// A language of an exercise.
#[derive(Debug, Clone)]
pub struct Language {
    /// As Code Runner names it.
    pub id: String,
    /// What the editor begins with.
    pub starter: String,
    /// Code that passes every test, if there is some. No student sees it.
    pub solution: Option<String>,
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// For people: the name of its files without the number.
    pub name: String,
    /// Students learn its name, verdict and points, and nothing else.
    pub hidden: bool,
    /// What the code is given.
    pub input: String,
    /// What it should answer; none where a program judges without it.
    pub expected: Option<String>,
    /// What it is worth.
    pub points: Points,
}

/// What is wrong with an exercise, for whoever writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadError {
    /// The file or folder, from the folder of all exercises.
    pub file: String,
    /// The line, from 1, if it is one line's fault.
    pub line: Option<usize>,
    /// What is wrong, and what is allowed.
    pub what: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, line, what } = self;
        match line {
            Some(line) => write!(f, "{file}:{line}: {what}"),
            None => write!(f, "{file}: {what}"),
        }
    }
}

impl Exercise {
    /// What can be reached.
    pub fn points(&self) -> Points {
        self.tests.iter().map(|test| test.points).sum()
    }

    /// One of its languages.
    pub fn language(&self, id: &str) -> Option<&Language> {
        self.languages.iter().find(|language| language.id == id)
    }

    /// Are no more attempts taken?
    pub fn is_over(&self, now: OffsetDateTime) -> bool {
        self.due.is_some_and(|due| now >= due)
    }
}

/// The name of a language for people.
pub fn language_name(id: &str) -> String {
    match id {
        "javascript" => "JavaScript".into(),
        "typescript" => "TypeScript".into(),
        "cpp" => "C++".into(),
        "csharp" => "C#".into(),
        "php" => "PHP".into(),
        other => {
            let mut letters = other.chars();
            letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
        }
    }
}
