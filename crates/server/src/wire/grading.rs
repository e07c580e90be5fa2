//! Tests on the wire: how they are sent, and what is told of them.
//!
//! Read by hand as the rest of a request is ([`super::request`]), so that every refusal names its field.

use model::{Report, Summary, TestReport};
use serde::Serialize;
use utoipa::ToSchema;

use super::request::{boolean, members, missing, number, optional, text, unknown, wrong_type};
use crate::error::{ApiError, Code};
use crate::json::{Json, Shape};

/// An input, and what is expected of it. What is expected is never where the code could see it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestBody {
    /// The input of the run.
    #[schema(example = "4")]
    pub input: String,
    /// What the output is compared with; for the checker `regex`, the pattern. May be left out where the checker is a program.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "16")]
    pub expected: Option<String>,
    /// A name for people, of at most 100 characters. Without it, none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 100, example = "a small number")]
    pub name: Option<String>,
    /// What the test is worth: a number with at most three decimals. Without it, 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 1_000_000, multiple_of = 0.001, default = 1, example = 2)]
    pub points: Option<f64>,
    /// Are its input and output to be left out of what is made for students (`view=student`)? Without it, `false`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(default = false)]
    pub hidden: Option<bool>,
    /// How its output is compared. Without it, as `checker` beside `tests` says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checker: Option<CheckerBody>,
}

/// How an output is compared with what is expected: a name, or an object with its options.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum CheckerBody {
    /// With the options it has by itself.
    Named(CheckerName),
    /// With these options.
    Full(CheckerForm),
}

/// A checker by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CheckerName)]
pub enum CheckerName {
    /// Character by character.
    Exact,
    /// Line by line, but for white space at the end of lines and empty lines at the end.
    Lines,
    /// Word by word.
    Tokens,
    /// Word by word, numbers within 0.000001.
    Float,
    /// What is expected is a regular expression for the whole output.
    Regex,
}

/// A checker with its options.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "lowercase", deny_unknown_fields)]
#[schema(as = Checker)]
pub enum CheckerForm {
    /// Character by character.
    Exact {},
    /// Line by line, but for white space at the end of lines and empty lines at the end.
    Lines {},
    /// Word by word; how much white space is between words does not count.
    Tokens {
        /// Are `A` and `a` the same? Without it, `false`.
        #[serde(skip_serializing_if = "Option::is_none")]
        ignore_case: Option<bool>,
    },
    /// Word by word; where both are numbers, they may differ by `absolute`, or by the part `relative` of what is expected.
    Float {
        /// A number that is not negative. Without it, 0.000001.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0)]
        absolute: Option<f64>,
        /// A number that is not negative. Without it, 0.000001.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[schema(minimum = 0)]
        relative: Option<f64>,
    },
    /// What is expected is a regular expression (of Rust's crate `regex`) for the whole output without its last end of a line.
    Regex {
        /// Are `A` and `a` the same? Without it, `false`.
        #[serde(skip_serializing_if = "Option::is_none")]
        ignore_case: Option<bool>,
    },
    /// A program says it. It is run in a sandbox of its own for each test whose run was `ok`, in a folder with `input.txt`,
    /// `expected.txt` and `output.txt`. Exit code 0: the output is right. 1, with nothing on standard error: it is wrong; if
    /// the first line that it prints is `score` and a number from 0 to 1, that part of the points is given. Anything else
    /// is the checker's own failure, and gives the verdict `internal_error`. What it prints besides is `message` in the result.
    Program {
        /// Its language: an id or one of its other names.
        #[schema(example = "python")]
        language: String,
        /// Its source text, a whole program.
        #[schema(example = "import sys\nsys.exit(open('output.txt').read() != open('expected.txt').read())")]
        code: String,
    },
}

/// What came of a test, beside what came of its run.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestResultBody {
    /// Its name, if it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "a small number")]
    pub name: Option<String>,
    /// Are its input and output left out of what is made for students?
    pub hidden: bool,
    /// Is its verdict `ok`?
    pub passed: bool,
    /// What was given of its points.
    #[schema(example = 2.0)]
    pub points: f64,
    /// What it is worth.
    #[schema(example = 2.0)]
    pub of: f64,
    /// What a program as checker says to the student.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// All tests of a submission together.
#[derive(Debug, Serialize, ToSchema)]
pub struct SummaryBody {
    /// Tests whose verdict is `ok`.
    #[schema(example = 3)]
    pub passed: usize,
    /// All tests.
    #[schema(example = 5)]
    pub total: usize,
    /// What was given.
    #[schema(example = 6.5)]
    pub points: f64,
    /// What could be had.
    #[schema(example = 10.0)]
    pub of: f64,
}

impl TestResultBody {
    /// Of a test with this verdict.
    pub fn new(test: TestReport, passed: bool) -> Self {
        let TestReport { name, hidden, points, of, message } = test;
        Self { name, hidden, passed, points: points.as_f64(), of: of.as_f64(), message }
    }
}

impl SummaryBody {
    /// Of a report; none where inputs came without tests.
    pub fn of(report: &Report) -> Option<Self> {
        let Summary { passed, total, points, of } = report.summary()?;
        Some(Self { passed, total, points: points.as_f64(), of: of.as_f64() })
    }
}

impl From<CheckerBody> for CheckerForm {
    fn from(body: CheckerBody) -> Self {
        match body {
            CheckerBody::Full(form) => form,
            CheckerBody::Named(CheckerName::Exact) => Self::Exact {},
            CheckerBody::Named(CheckerName::Lines) => Self::Lines {},
            CheckerBody::Named(CheckerName::Tokens) => Self::Tokens { ignore_case: None },
            CheckerBody::Named(CheckerName::Float) => Self::Float { absolute: None, relative: None },
            CheckerBody::Named(CheckerName::Regex) => Self::Regex { ignore_case: None },
        }
    }
}

/// Reads `tests`; at most so many are looked at.
pub(super) fn tests(value: Json<'_>, most: usize) -> Result<Vec<TestBody>, ApiError> {
    if value.shape() != Shape::List {
        return Err(wrong_type("tests", "a list of objects", value));
    }
    let mut tests = Vec::new();
    value.each_element(|index, element| {
        if index == most {
            return Err(ApiError::invalid(Code::TooLong, "tests", format!("`tests` has more than {most} elements")));
        }
        tests.push(test(&format!("tests[{index}]"), element)?);
        Ok(())
    })?;
    Ok(tests)
}

fn test(parent: &str, value: Json<'_>) -> Result<TestBody, ApiError> {
    if value.shape() != Shape::Object {
        return Err(wrong_type(parent, "an object", value));
    }
    let (mut input, mut expected, mut test_name) = (None, None, None);
    let (mut points, mut hidden, mut checker_body) = (None, None, None);
    for (name, value) in members(value)? {
        let field = format!("{parent}.{name}");
        match &*name {
            "input" => input = Some(text(&field, value)?),
            "expected" => expected = optional(value, |value| text(&field, value))?,
            "name" => test_name = optional(value, |value| text(&field, value))?,
            "points" => points = optional(value, |value| number(&field, value))?,
            "hidden" => hidden = optional(value, |value| boolean(&field, value))?,
            "checker" => checker_body = optional(value, |value| checker(&field, value))?,
            _ => {
                let known = "`input`, `expected`, `name`, `points`, `hidden` and `checker`";
                return Err(unknown(&format!("{parent}."), &name, known));
            }
        }
    }
    Ok(TestBody {
        input: input.ok_or_else(|| missing(&format!("{parent}.input")))?,
        expected,
        name: test_name,
        points,
        hidden,
        checker: checker_body,
    })
}

/// Reads a checker, which stands in this field.
pub(super) fn checker(parent: &str, value: Json<'_>) -> Result<CheckerBody, ApiError> {
    match value.shape() {
        Shape::Text => named(parent, &text(parent, value)?).map(CheckerBody::Named),
        Shape::Object => form(parent, value).map(CheckerBody::Full),
        _ => Err(wrong_type(parent, "the name of a checker or an object", value)),
    }
}

fn named(field: &str, name: &str) -> Result<CheckerName, ApiError> {
    Ok(match name {
        "exact" => CheckerName::Exact,
        "lines" => CheckerName::Lines,
        "tokens" => CheckerName::Tokens,
        "float" => CheckerName::Float,
        "regex" => CheckerName::Regex,
        _ => {
            let allowed = "`exact`, `lines`, `tokens`, `float`, `regex`, or an object of the type `program`";
            return Err(ApiError::invalid(Code::InvalidValue, field, format!("`{field}` must be one of {allowed}")));
        }
    })
}

fn form(parent: &str, value: Json<'_>) -> Result<CheckerForm, ApiError> {
    let members = members(value)?;
    let kind = members.iter().find(|(name, _)| name == "type").ok_or_else(|| missing(&format!("{parent}.type")))?;
    let kind = text(&format!("{parent}.type"), kind.1)?;
    let (mut ignore_case, mut absolute, mut relative) = (None, None, None);
    let (mut language, mut code) = (None, None);
    let known = match kind.as_str() {
        "exact" | "lines" => "`type`",
        "tokens" | "regex" => "`type` and `ignore_case`",
        "float" => "`type`, `absolute` and `relative`",
        "program" => "`type`, `language` and `code`",
        _ => {
            let field = format!("{parent}.type");
            let allowed = "`exact`, `lines`, `tokens`, `float`, `regex`, `program`";
            let detail = format!("`{field}` must be one of {allowed}");
            return Err(ApiError::invalid(Code::InvalidValue, field, detail));
        }
    };
    for (name, value) in members {
        let field = format!("{parent}.{name}");
        match &*name {
            "type" => {}
            name if !known.contains(&format!("`{name}`")) => return Err(unknown(&format!("{parent}."), name, known)),
            "ignore_case" => ignore_case = optional(value, |value| boolean(&field, value))?,
            "absolute" => absolute = optional(value, |value| number(&field, value))?,
            "relative" => relative = optional(value, |value| number(&field, value))?,
            "language" => language = Some(text(&field, value)?),
            _ => code = Some(text(&field, value)?),
        }
    }
    Ok(match kind.as_str() {
        "exact" => CheckerForm::Exact {},
        "lines" => CheckerForm::Lines {},
        "tokens" => CheckerForm::Tokens { ignore_case },
        "regex" => CheckerForm::Regex { ignore_case },
        "float" => CheckerForm::Float { absolute, relative },
        _ => CheckerForm::Program {
            language: language.ok_or_else(|| missing(&format!("{parent}.language")))?,
            code: code.ok_or_else(|| missing(&format!("{parent}.code")))?,
        },
    })
}
