//! Checkers: is an output what is expected?
//!
//! What they say of a wrong output names its line and never what stands in what is expected, since it is shown to students.

use std::str::FromStr;

use regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use super::{Mark, Share, Wrong};
use crate::text::one_line;
use crate::{InputReport, Limits, Verdict};

/// The longest pattern, in characters.
pub const MOST_PATTERN_CHARS: usize = 1000;
/// What a pattern may grow to when it is made ready, in bytes.
const MOST_PATTERN_BYTES: usize = 256 * 1024;
/// What is kept of a message to the student, in characters.
const MOST_MESSAGE_CHARS: usize = 1000;
/// With this word a checker's first line gives a part of the points.
const SCORE: &str = "score ";

/// How an output is compared with what is expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checker {
    /// Character by character.
    Exact,
    /// Line by line, but for white space at the end of lines and for empty lines at the end.
    Lines,
    /// Word by word; how much white space is between them does not count.
    Tokens {
        /// Are `A` and `a` the same?
        ignore_case: bool,
    },
    /// Word by word; numbers may differ by as much as one of these.
    Float {
        /// By so much.
        absolute: Tolerance,
        /// Or by this part of what is expected.
        relative: Tolerance,
    },
    /// What is expected is a pattern that the whole output fits, without its last end of a line.
    Regex {
        /// Are `A` and `a` the same?
        ignore_case: bool,
    },
    /// A program says it.
    Program(CheckerProgram),
}

/// By how much a number may differ: finite and not negative.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tolerance(f64);

/// Finite numbers are equal to themselves.
impl Eq for Tolerance {}

/// A program that checks. It is run once for each test, in a box of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckerProgram {
    /// The `id` of its [`crate::Language`].
    pub language: String,
    /// Its source text, a whole program.
    pub code: String,
    /// What applies to its runs.
    pub limits: Limits,
}

/// Why a pattern can not be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// More than [`MOST_PATTERN_CHARS`], or too much when made ready.
    #[error("is too large a pattern; allowed are {MOST_PATTERN_CHARS} characters, and repetitions within bounds")]
    TooLarge,
    /// Not a pattern.
    #[error("is no regular expression: {0}")]
    Syntax(String),
}

/// Where an output differs.
enum Difference {
    /// In this line of the output; the first is 1.
    Line(usize),
    /// It ends before this line.
    Ends(usize),
    /// It goes on in this line, where nothing is expected.
    GoesOn(usize),
}

impl Tolerance {
    /// `None` for a number that is negative or not finite.
    pub fn new(number: f64) -> Option<Self> {
        (number.is_finite() && number >= 0.0).then_some(Self(number))
    }
}

impl Checker {
    /// What is said of `output` where `expected` is expected. A program is not run here: it counts as one that is broken.
    pub fn check(&self, output: &str, expected: &str) -> Mark {
        let difference = match self {
            Self::Exact => (output != expected).then(|| first_line_that_differs(output, expected)),
            Self::Lines => compare_lines(output, expected),
            Self::Tokens { ignore_case: false } => compare_words(output, expected, |found, wanted| found == wanted),
            Self::Tokens { ignore_case: true } => {
                compare_words(output, expected, |found, wanted| found.to_lowercase() == wanted.to_lowercase())
            }
            Self::Float { absolute, relative } => {
                compare_words(output, expected, |found, wanted| is_near(found, wanted, *absolute, *relative))
            }
            Self::Regex { ignore_case } => return fits(output, expected, *ignore_case),
            Self::Program(_) => return Mark::broken("the checker is a program and was not run".to_owned()),
        };
        difference.map_or(Mark::RIGHT, |difference| Mark::wrong(difference.sentence(output)))
    }
}

impl Difference {
    fn sentence(&self, output: &str) -> String {
        match self {
            _ if output.trim().is_empty() => "there is no output".to_owned(),
            Self::Line(line) => format!("line {line} of the output is not what is expected"),
            Self::Ends(line) => format!("the output ends before line {line}, where more is expected"),
            Self::GoesOn(line) => format!("the output goes on in line {line}, where nothing is expected"),
        }
    }
}

/// Of texts that are not the same.
fn first_line_that_differs(output: &str, expected: &str) -> Difference {
    let (mut found, mut wanted) = (output.split_inclusive('\n'), expected.split_inclusive('\n'));
    let mut line = 1;
    loop {
        match (found.next(), wanted.next()) {
            (Some(found), Some(wanted)) if found == wanted => line += 1,
            (None, _) => return Difference::Ends(line),
            (Some(_), None) => return Difference::GoesOn(line),
            (Some(_), Some(_)) => return Difference::Line(line),
        }
    }
}

fn compare_lines(output: &str, expected: &str) -> Option<Difference> {
    let (mut found, mut wanted) = (lines(output), lines(expected));
    let mut line = 1;
    loop {
        match (found.next(), wanted.next()) {
            (None, None) => return None,
            (Some(found), Some(wanted)) if found == wanted => line += 1,
            (None, Some(_)) => return Some(Difference::Ends(line)),
            (Some(_), None) => return Some(Difference::GoesOn(line)),
            (Some(_), Some(_)) => return Some(Difference::Line(line)),
        }
    }
}

/// The lines without white space at their ends, and without empty ones at the end.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim_end();
    // Nothing has one line for `split`.
    let count = if text.is_empty() { 0 } else { usize::MAX };
    text.split('\n').map(str::trim_end).take(count)
}

fn compare_words(output: &str, expected: &str, same: impl Fn(&str, &str) -> bool) -> Option<Difference> {
    let (mut found, mut wanted) = (words(output), expected.split_whitespace());
    loop {
        match (found.next(), wanted.next()) {
            (None, None) => return None,
            (Some((_, found)), Some(wanted)) if same(found, wanted) => {}
            (Some((line, _)), Some(_)) => return Some(Difference::Line(line)),
            (Some((line, _)), None) => return Some(Difference::GoesOn(line)),
            (None, Some(_)) => return Some(Difference::Ends(lines(output).count() + 1)),
        }
    }
}

/// The words, each with the number of its line.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split('\n').enumerate().flat_map(|(index, line)| line.split_whitespace().map(move |word| (index + 1, word)))
}

fn is_near(found: &str, wanted: &str, Tolerance(absolute): Tolerance, Tolerance(relative): Tolerance) -> bool {
    let (Ok(number), Ok(goal)) = (f64::from_str(found), f64::from_str(wanted)) else { return found == wanted };
    if number == goal || number.is_nan() && goal.is_nan() {
        return true;
    }
    let difference = (number - goal).abs();
    // Two infinities that differ are no distance apart that could be compared.
    difference.is_finite() && (difference <= absolute || difference <= relative * goal.abs())
}

/// Can this be what a [`Checker::Regex`] expects?
///
/// # Errors
/// [`PatternError`] says why not.
pub fn check_pattern(pattern: &str) -> Result<(), PatternError> {
    if pattern.chars().nth(MOST_PATTERN_CHARS).is_some() {
        return Err(PatternError::TooLarge);
    }
    // By itself first: `a)(b` is none, whatever stands around it.
    for text in [pattern.to_owned(), whole(pattern)] {
        ready(&text, false).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => PatternError::TooLarge,
            error => PatternError::Syntax(one_line(&error.to_string())),
        })?;
    }
    Ok(())
}

fn fits(output: &str, pattern: &str, ignore_case: bool) -> Mark {
    let output = output.strip_suffix('\n').unwrap_or(output);
    let output = output.strip_suffix('\r').unwrap_or(output);
    match ready(&whole(pattern), ignore_case) {
        Err(_) => Mark::broken("what the test expects is no regular expression".to_owned()),
        Ok(pattern) if pattern.is_match(output) => Mark::RIGHT,
        Ok(_) if output.is_empty() => Mark::wrong("there is no output".to_owned()),
        Ok(_) => Mark::wrong("the output does not have the form that is expected".to_owned()),
    }
}

fn whole(pattern: &str) -> String {
    format!(r"\A(?:{pattern})\z")
}

fn ready(pattern: &str, ignore_case: bool) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).case_insensitive(ignore_case).size_limit(MOST_PATTERN_BYTES).build()
}

impl CheckerProgram {
    /// The file with the input of the test, in the folder that the program is in.
    pub const INPUT: &'static str = "input.txt";
    /// The file with what is expected.
    pub const EXPECTED: &'static str = "expected.txt";
    /// The file with the output of the student's program.
    pub const OUTPUT: &'static str = "output.txt";

    /// What its run says of the output: exit code 0 that it is right, 1 that it is wrong. Every other end is its own fault
    /// and not the student's, and so is 1 with words on standard error: many languages end so what they could not go on with.
    pub(crate) fn mark(run: &InputReport) -> Mark {
        match (run.verdict, run.exit_code, &run.stderr) {
            (Verdict::Ok, _, _) => Mark { message: message(&run.output), ..Mark::RIGHT },
            (Verdict::RuntimeError, Some(1), None) => Self::wrong(&run.output),
            (Verdict::Cancelled, _, _) => Mark { share: Share::NONE, wrong: Some(Wrong::Cancelled), message: None },
            _ => {
                let why = run.error.as_deref().unwrap_or_else(|| run.verdict.name());
                Mark::broken(format!("the test's checker did not work: {why}"))
            }
        }
    }

    fn wrong(said: &str) -> Mark {
        let (first, rest) = said.split_once('\n').unwrap_or((said, ""));
        let share = first.trim_end().strip_prefix(SCORE).and_then(|number| Share::new(number.trim().parse().ok()?));
        let error = Some(Wrong::Output("the output is not what is expected".to_owned()));
        match share {
            None => Mark { share: Share::NONE, wrong: error, message: message(said) },
            Some(share) => Mark { share, wrong: error, message: message(rest) },
        }
    }
}

/// What of a checker's words is kept for the student.
fn message(said: &str) -> Option<String> {
    let clean = |c: char| if c == '\n' || c == '\t' || !c.is_control() { c } else { ' ' };
    let kept: String = said.trim().chars().take(MOST_MESSAGE_CHARS).map(clean).collect();
    (!kept.is_empty()).then_some(kept)
}
