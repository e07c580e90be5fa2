//! Tests: inputs that come with what is expected, and how many points each is worth.
//!
//! A [`Test`] is judged after its run: only what ended `ok` is looked at, by the [`Checker`] of the test. Built-in checkers
//! compare texts, here and purely; a program as checker is run by others, who hand its report to [`Grading::judged_by`].
//! What is expected is never part of a box that student's code runs in.

mod checker;
mod points;

use serde::{Deserialize, Serialize};

use crate::{Fault, InputReport, Report, Verdict};
pub use checker::{Checker, CheckerProgram, MOST_PATTERN_CHARS, PatternError, Tolerance, check_pattern};
pub use points::{Points, PointsError, Share};

/// The tests of a submission, one for each of its inputs and in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grading {
    /// One for each input.
    pub tests: Vec<Test>,
    /// What the tests are checked by; each names its own by the place here.
    pub checkers: Vec<Checker>,
}

/// What is known of one input beside its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// Its name for people.
    pub name: Option<String>,
    /// What the checker compares with; a program as checker may do without.
    pub expected: String,
    /// Its place in [`Grading::checkers`].
    pub checker: usize,
    /// What it is worth.
    pub points: Points,
    /// Are its input and output kept from students?
    pub hidden: bool,
}

/// What came of a test, beside what came of its run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    /// Its name for people.
    pub name: Option<String>,
    /// Are its input and output kept from students?
    pub hidden: bool,
    /// What was given of its points.
    pub points: Points,
    /// What it is worth.
    pub of: Points,
    /// What the checker has to say to the student.
    pub message: Option<String>,
}

/// All tests of a submission together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// Tests whose verdict is `ok`.
    pub passed: usize,
    /// All tests.
    pub total: usize,
    /// What was given.
    pub points: Points,
    /// What could be had.
    pub of: Points,
}

/// What a checker says of an output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The share of the points.
    pub share: Share,
    /// What the reader of the verdict is told; none where the output is right.
    pub wrong: Option<Wrong>,
    /// What the checker has to say to the student.
    pub message: Option<String>,
}

/// Why an output does not count as right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wrong {
    /// It is not what is expected; the sentence says where, and never what was expected.
    Output(String),
    /// It may be right: the checker did not work. The sentence says how.
    Checker(String),
    /// The caller stopped the checker.
    Cancelled,
}

/// What is to be done with a report before it is final.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged<'a> {
    /// Nothing: its verdict stands.
    Stands,
    /// This program has the last word.
    By(&'a CheckerProgram),
}

impl Grading {
    /// Gives the report of the input with this index what its test says, unless a program is to be asked first. A report
    /// that was given that before stays as it is.
    pub fn judge(&self, index: usize, report: &mut InputReport) -> Judged<'_> {
        let Some(test) = self.tests.get(index).filter(|_| report.test.is_none()) else { return Judged::Stands };
        if report.verdict != Verdict::Ok {
            report.test = Some(test.report(Share::NONE, None));
            return Judged::Stands;
        }
        let mark = match self.checkers.get(test.checker) {
            Some(Checker::Program(program)) => return Judged::By(program),
            Some(checker) => checker.check(&report.output, &test.expected),
            None => Mark::broken("the test names a checker that is not there".to_owned()),
        };
        self.mark(index, report, mark);
        Judged::Stands
    }

    /// The same by what the program said of the output, which is told by the report of its run.
    pub fn judged_by(&self, index: usize, report: &mut InputReport, checker: &InputReport) {
        self.mark(index, report, CheckerProgram::mark(checker));
    }

    /// Gives every report that has nothing of its test yet what an input gets that was not run.
    pub fn complete(&self, report: &mut Report) {
        for (index, input) in report.inputs.iter_mut().enumerate() {
            if input.verdict != Verdict::Ok {
                self.judge(index, input);
            }
        }
    }

    fn mark(&self, index: usize, report: &mut InputReport, mark: Mark) {
        let Some(test) = self.tests.get(index) else { return };
        let Mark { share, wrong, message } = mark;
        let verdict_and_error = match wrong {
            None => None,
            Some(Wrong::Output(error)) => Some((Verdict::WrongAnswer, error)),
            Some(Wrong::Checker(error)) => Some((Verdict::InternalError, error)),
            Some(Wrong::Cancelled) => Some((Verdict::Cancelled, "the submission was cancelled".to_owned())),
        };
        if let Some((verdict, error)) = verdict_and_error {
            (report.verdict, report.fault, report.error) = (verdict, verdict.fault(), Some(error));
        }
        report.test = Some(test.report(share, message));
    }
}

impl Test {
    fn report(&self, share: Share, message: Option<String>) -> TestReport {
        let Self { name, expected: _, checker: _, points, hidden } = self;
        TestReport { name: name.clone(), hidden: *hidden, points: points.share(share), of: *points, message }
    }
}

impl Mark {
    /// It is right.
    pub(crate) const RIGHT: Self = Self { share: Share::ALL, wrong: None, message: None };

    /// It is wrong, which this sentence says.
    pub(crate) fn wrong(error: String) -> Self {
        Self { share: Share::NONE, wrong: Some(Wrong::Output(error)), message: None }
    }

    /// Nobody knows.
    pub(crate) fn broken(error: String) -> Self {
        Self { share: Share::NONE, wrong: Some(Wrong::Checker(error)), message: None }
    }
}

impl Report {
    /// All tests together; none where inputs came without.
    pub fn summary(&self) -> Option<Summary> {
        let mut summary = Summary { passed: 0, total: 0, points: Points::NONE, of: Points::NONE };
        for input in &self.inputs {
            let TestReport { name: _, hidden: _, points, of, message: _ } = input.test.as_ref()?;
            summary.passed += usize::from(input.verdict == Verdict::Ok);
            summary.total += 1;
            summary.points = summary.points.plus(*points);
            summary.of = summary.of.plus(*of);
        }
        (summary.total > 0).then_some(summary)
    }

    /// What a student may see of it: of hidden tests the verdict, the points and what the run cost.
    #[must_use]
    pub fn for_student(mut self) -> Self {
        self.inputs.iter_mut().for_each(InputReport::hide);
        self
    }
}

impl InputReport {
    /// Is its test kept from students?
    pub fn is_hidden(&self) -> bool {
        self.test.as_ref().is_some_and(|test| test.hidden)
    }

    /// Takes away what a student may not see, if its test is hidden.
    pub fn hide(&mut self) {
        if !self.is_hidden() {
            return;
        }
        self.input.clear();
        self.output.clear();
        (self.stdout, self.stderr, self.diagnostics) = (None, None, Vec::new());
        // A program's own words, the checker's too, may repeat what is hidden; what we say of limits does not.
        if matches!(self.fault, Some(Fault::Student | Fault::Platform)) {
            self.error = None;
        }
        if let Some(test) = &mut self.test {
            test.message = None;
        }
    }
}
