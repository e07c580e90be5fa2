//! From the tests of a request to [`Grading`]: checkers that can only work as far as that can be known beforehand.

use model::grading::{Tolerance, check_pattern};
use model::{Checker, CheckerProgram, Grading, Mode, Points, Test};

use super::{Rules, too_long};
use crate::error::{ApiError, Code};
use crate::wire::{CheckerBody, CheckerForm, TestBody};

/// The longest name of a test, in characters.
const MOST_NAME_CHARS: usize = 100;
/// What numbers may differ by where a request does not say it.
const TOLERANCE: f64 = 1e-6;

impl Rules {
    /// The inputs of these tests, and what is expected of them. `default` is the checker of those that name none.
    ///
    /// # Errors
    /// 422 with the field and what is allowed.
    pub(super) fn grading(
        &self,
        tests: Vec<TestBody>,
        default: Option<CheckerBody>,
    ) -> Result<(Vec<String>, Grading), ApiError> {
        if tests.len() > self.sizes.inputs {
            return Err(too_long("tests", &format!("{} elements", self.sizes.inputs)));
        }
        // Looked at whether a test needs it or not: what is wrong is said the first time.
        let default = default.map_or(Ok(Checker::Lines), |body| self.checker("checker", body.into()))?;
        let mut grading = Grading { tests: Vec::with_capacity(tests.len()), checkers: vec![default] };
        let mut inputs = Vec::with_capacity(tests.len());
        for (index, body) in tests.into_iter().enumerate() {
            let field = format!("tests[{index}]");
            let TestBody { input, expected, name, points, hidden, checker } = body;
            let checker = match checker {
                None => 0,
                Some(body) => {
                    let checker = self.checker(&format!("{field}.checker"), body.into())?;
                    place(&mut grading.checkers, checker)
                }
            };
            let expected = self.expected(&field, expected, &grading.checkers[checker])?;
            if input.len() > self.sizes.input_bytes {
                return Err(too_long(&format!("{field}.input"), &format!("{} bytes", self.sizes.input_bytes)));
            }
            inputs.push(input);
            grading.tests.push(Test {
                name: name.map(|name| checked_name(&field, name)).transpose()?,
                expected,
                checker,
                points: points.map_or(Ok(Points::ONE), |points| checked_points(&field, points))?,
                hidden: hidden.unwrap_or(false),
            });
        }
        Ok((inputs, grading))
    }

    fn expected(&self, parent: &str, expected: Option<String>, checker: &Checker) -> Result<String, ApiError> {
        let field = format!("{parent}.expected");
        let Some(expected) = expected else {
            return match checker {
                Checker::Program(_) => Ok(String::new()),
                _ => Err(ApiError::invalid(
                    Code::MissingField,
                    field.as_str(),
                    format!("`{field}` is missing; only a program as checker does without"),
                )),
            };
        };
        if expected.len() > self.sizes.input_bytes {
            return Err(too_long(&field, &format!("{} bytes", self.sizes.input_bytes)));
        }
        if matches!(checker, Checker::Regex { .. }) {
            check_pattern(&expected)
                .map_err(|error| ApiError::invalid(Code::InvalidValue, field.as_str(), format!("`{field}` {error}")))?;
        }
        Ok(expected)
    }

    fn checker(&self, field: &str, form: CheckerForm) -> Result<Checker, ApiError> {
        Ok(match form {
            CheckerForm::Exact {} => Checker::Exact,
            CheckerForm::Lines {} => Checker::Lines,
            CheckerForm::Tokens { ignore_case } => Checker::Tokens { ignore_case: ignore_case.unwrap_or(false) },
            CheckerForm::Regex { ignore_case } => Checker::Regex { ignore_case: ignore_case.unwrap_or(false) },
            CheckerForm::Float { absolute, relative } => Checker::Float {
                absolute: tolerance(&format!("{field}.absolute"), absolute)?,
                relative: tolerance(&format!("{field}.relative"), relative)?,
            },
            CheckerForm::Program { language, code } => Checker::Program(self.program(field, &language, code)?),
        })
    }

    fn program(&self, parent: &str, language: &str, code: String) -> Result<CheckerProgram, ApiError> {
        let field = format!("{parent}.language");
        let language = self.find(language).ok_or_else(|| {
            let detail = format!("`{field}` must be one of {}", self.names());
            ApiError::invalid(Code::UnknownLanguage, field.as_str(), detail)
        })?;
        if !language.modes.contains_key(&Mode::Program) {
            let detail =
                format!("`{field}` must be a language with the mode `program`, which `{}` has not", language.id);
            return Err(ApiError::invalid(Code::UnsupportedMode, field, detail));
        }
        if code.len() > self.sizes.code_bytes {
            return Err(too_long(&format!("{parent}.code"), &format!("{} bytes", self.sizes.code_bytes)));
        }
        Ok(CheckerProgram { language: language.id.clone(), code, limits: self.default_limits(language) })
    }
}

/// Its place among the checkers, each of which stands there once.
fn place(checkers: &mut Vec<Checker>, checker: Checker) -> usize {
    checkers.iter().position(|known| *known == checker).unwrap_or_else(|| {
        checkers.push(checker);
        checkers.len() - 1
    })
}

fn checked_name(parent: &str, name: String) -> Result<String, ApiError> {
    let field = format!("{parent}.name");
    if name.chars().nth(MOST_NAME_CHARS).is_some() {
        return Err(too_long(&field, &format!("{MOST_NAME_CHARS} characters")));
    }
    if name.chars().any(char::is_control) {
        let detail = format!("`{field}` must be one line without control characters");
        return Err(ApiError::invalid(Code::InvalidValue, field, detail));
    }
    Ok(name)
}

fn checked_points(parent: &str, points: f64) -> Result<Points, ApiError> {
    let field = format!("{parent}.points");
    Points::new(points)
        .map_err(|error| ApiError::invalid(Code::OutOfRange, field.as_str(), format!("`{field}` {error}")))
}

fn tolerance(field: &str, number: Option<f64>) -> Result<Tolerance, ApiError> {
    Tolerance::new(number.unwrap_or(TOLERANCE)).ok_or_else(|| {
        ApiError::invalid(
            Code::OutOfRange,
            field,
            format!("`{field}` must be a number that is finite and not negative"),
        )
    })
}
