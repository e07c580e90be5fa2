//! The result of the whole: a row for each submission, what they add up to, and the exit code that it deserves.

use std::collections::BTreeMap;

use super::graded::Graded;
use super::tests_file::Exercise;

/// Every submission passed, or got as much as was asked for.
pub const PASSED: u8 = 0;
/// Every submission was graded, and one did not pass.
pub const FAILED: u8 = 1;
/// The command line, the tests or the key can not be used.
pub const USAGE: u8 = 2;
/// Some submission has no grade.
pub const NOT_GRADED: u8 = 3;

/// One submission.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Whose it is.
    pub student: String,
    /// The file or folder, within the place of submissions.
    pub path: String,
    /// The id of its language, if that is known.
    pub language: Option<String>,
    /// What became of it.
    pub state: State,
    /// It was graded by an earlier run.
    pub is_from_cache: bool,
}

/// What became of a submission.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// It was run on every test.
    Graded(Graded),
    /// It can not be run, for this reason. Somebody has to look at it.
    Refused(String),
    /// It was not run, by no fault of its own. The next run tries again.
    NotGraded(String),
}

impl State {
    /// In one word.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Graded(_) => "graded",
            Self::Refused(_) => "refused",
            Self::NotGraded(_) => "not_graded",
        }
    }

    /// The grades, if there are any.
    pub const fn graded(&self) -> Option<&Graded> {
        match self {
            Self::Graded(graded) => Some(graded),
            Self::Refused(_) | Self::NotGraded(_) => None,
        }
    }

    /// Why there are none.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Graded(_) => None,
            Self::Refused(reason) | Self::NotGraded(reason) => Some(reason),
        }
    }
}

/// Everything that is shown.
#[derive(Debug, Clone, Copy)]
pub struct Sheet<'a> {
    /// What was asked.
    pub exercise: &'a Exercise,
    /// One for each submission.
    pub rows: &'a [Row],
}

/// What the rows add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Totals {
    /// All submissions.
    pub submissions: usize,
    /// Those with grades.
    pub graded: usize,
    /// Those of them that passed every test.
    pub passed: usize,
    /// Those of them that an earlier run has graded.
    pub from_cache: usize,
    /// Those that can not be run.
    pub refused: usize,
    /// Those that were not run.
    pub not_graded: usize,
    /// What those with grades got on the average, of a hundred; none if there are none.
    pub average_percent: Option<f64>,
    /// Those with grades by their verdict.
    pub verdicts: BTreeMap<String, usize>,
}

impl Sheet<'_> {
    /// What the rows add up to.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals { submissions: self.rows.len(), ..Totals::default() };
        let mut percents = 0.0;
        for row in self.rows {
            match &row.state {
                State::Refused(_) => totals.refused += 1,
                State::NotGraded(_) => totals.not_graded += 1,
                State::Graded(graded) => {
                    totals.graded += 1;
                    totals.passed += usize::from(graded.passed());
                    totals.from_cache += usize::from(row.is_from_cache);
                    *totals.verdicts.entry(graded.verdict.clone()).or_default() += 1;
                    percents += graded.percent();
                }
            }
        }
        totals.average_percent = (totals.graded > 0).then(|| percents / totals.graded as f64);
        totals
    }

    /// The exit code. A submission is good enough with `fail_under` of a hundred of the points; without that, if it passed every
    /// test.
    pub fn exit_code(&self, fail_under: Option<f64>) -> u8 {
        let is_good = |graded: &Graded| fail_under.map_or_else(|| graded.passed(), |least| graded.percent() >= least);
        if self.rows.iter().any(|row| row.state.graded().is_none()) {
            NOT_GRADED
        } else if self.rows.iter().filter_map(|row| row.state.graded()).all(is_good) {
            PASSED
        } else {
            FAILED
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::super::graded::tests::{exercise, graded, run};
    use super::*;

    fn row(student: &str, language: &str, state: State) -> Row {
        let path = format!("{student}.x");
        Row { student: student.to_owned(), path, language: Some(language.to_owned()), state, is_from_cache: false }
    }

    /// One of each kind.
    pub fn rows() -> Vec<Row> {
        let ok = || run("ok", true, 1.0);
        let mut big = run("ok", true, 2.5);
        big["stderr"] = json!("warning: \u{1b}[31mred\u{1b}[0m & <b>\u{0}");
        let mut nearly = run("wrong_answer", false, 0.625);
        nearly["test"]["message"] = json!("=HYPERLINK(\"x\")\nsecond line ]]>");
        let mut broken = graded(
            "compile_error",
            &[run("compile_error", false, 0.0), run("compile_error", false, 0.0), run("compile_error", false, 0.0)],
        );
        broken.compile_output = Some("solution.c:1: error: expected ';'".to_owned());
        let last = run("ok", true, 0.5);
        vec![
            row("Ada", "python", State::Graded(graded("ok", &[ok(), big.clone(), last.clone()]))),
            Row {
                is_from_cache: true,
                ..row(
                    "=Ben",
                    "javascript",
                    State::Graded(graded("wrong_answer", &[ok(), nearly, run("time_limit", false, 0.0)])),
                )
            },
            row("Cleo, \"C\"", "c", State::Graded(broken)),
            Row { language: None, ..row("Dora \u{202e}", "", State::Refused("is not UTF-8 (line 2)".to_owned())) },
            row("Emil", "python", State::NotGraded("the connection was lost".to_owned())),
        ]
    }

    #[test]
    fn rows_add_up() {
        let (exercise, rows) = (exercise(), rows());
        let totals = Sheet { exercise: &exercise, rows: &rows }.totals();
        assert_eq!(
            totals,
            Totals {
                submissions: 5,
                graded: 3,
                passed: 1,
                from_cache: 1,
                refused: 1,
                not_graded: 1,
                average_percent: Some((100.0 + 40.625) / 3.0),
                verdicts: [("compile_error", 1), ("ok", 1), ("wrong_answer", 1)]
                    .map(|(name, count)| (name.to_owned(), count))
                    .into(),
            }
        );
    }

    #[test]
    fn the_exit_code_tells_what_was_not_graded_before_what_was_not_passed() {
        let (exercise, rows) = (exercise(), rows());
        let code = |rows: &[Row], fail_under| Sheet { exercise: &exercise, rows }.exit_code(fail_under);
        assert_eq!(code(&rows, None), NOT_GRADED);
        assert_eq!(code(&rows[3..4], Some(0.0)), NOT_GRADED);
        assert_eq!(code(&rows[4..], Some(0.0)), NOT_GRADED);
        assert_eq!(code(&rows[..3], None), FAILED);
        assert_eq!(code(&rows[..1], None), PASSED);
        assert_eq!(code(&rows[..1], Some(100.0)), PASSED);
        assert_eq!(code(&rows[..2], Some(40.0)), PASSED);
        assert_eq!(code(&rows[..2], Some(41.0)), FAILED);
        assert_eq!(code(&rows[..3], Some(0.0)), PASSED);
        assert_eq!(code(&[], None), PASSED);
    }
}
