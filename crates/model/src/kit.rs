//! The kit: what a language must be able to do, the same for all, as data.
//!
//! `languages/kit.toml` says what is put in and what must come out; each language has the code for it in its
//! folder `examples/`. Comparing is done here, running elsewhere.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::language::LanguageError;
use crate::text::one_line;
use crate::{Diagnostic, InputReport, Language, LimitsRequest, Mode, Report, Verdict};

/// Every case, in the order of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kit {
    /// The cases.
    #[serde(rename = "case")]
    pub cases: Vec<Case>,
}

/// One program in every language.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The name of its file, without the extension.
    pub name: String,
    /// What it does, for the author of a language.
    pub what: String,
    /// How it is sent.
    pub mode: Mode,
    /// The verdict every run must get.
    pub verdict: Verdict,
    /// The exit code every run must have, where the verdict leaves one open.
    pub exit_code: Option<i32>,
    /// The line that must be named, by languages whose messages name lines.
    pub line: Option<usize>,
    /// What the request asks for.
    #[serde(default)]
    pub limits: LimitsRequest,
    /// One input each.
    pub runs: Vec<Run>,
}

/// An input and what must come of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The input.
    pub input: String,
    /// The output; any, if there is none.
    pub output: Option<String>,
    /// In function mode what is printed beside the answer; any, if there is none.
    pub stdout: Option<String>,
    /// Input and output are that many times as long.
    #[serde(default = "once")]
    pub times: usize,
}

const fn once() -> usize {
    1
}

impl Run {
    /// The whole input.
    pub fn whole_input(&self) -> String {
        self.input.repeat(self.times)
    }
}

impl Kit {
    /// Reads the text of a `kit.toml`. `file` is only for messages.
    ///
    /// # Errors
    /// [`LanguageError`] with the line.
    pub fn parse(file: &str, text: &str) -> Result<Self, LanguageError> {
        toml::from_str(text).map_err(|error| LanguageError {
            file: file.to_owned(),
            line: error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1),
            message: one_line(error.message()),
        })
    }

    /// The cases this language must have the code for.
    pub fn cases_of<'a>(&'a self, language: &'a Language) -> impl Iterator<Item = &'a Case> {
        self.cases
            .iter()
            .filter(|case| language.modes.contains_key(&case.mode) && !language.without.contains_key(&case.name))
    }

    /// Names in the language's list of what it can not have that are no names of cases.
    pub fn unknown<'a>(&self, without: &'a BTreeMap<String, String>) -> Option<&'a str> {
        without.keys().map(String::as_str).find(|name| self.cases.iter().all(|case| case.name != **name))
    }
}

impl Case {
    /// Is this what must come of it?
    ///
    /// # Errors
    /// What is different, in one sentence.
    pub fn compare(&self, language: &Language, report: &Report) -> Result<(), String> {
        if report.inputs.len() != self.runs.len() {
            return Err(format!("{} results for {} inputs", report.inputs.len(), self.runs.len()));
        }
        for (run, result) in self.runs.iter().zip(&report.inputs) {
            self.compare_run(run, result)
                .map_err(|difference| format!("input {:?}: {difference}", short(&run.whole_input())))?;
        }
        match self.line {
            None => Ok(()),
            Some(line) => self.compare_line(line, language, report),
        }
    }

    fn compare_run(&self, run: &Run, result: &InputReport) -> Result<(), String> {
        let InputReport { verdict, output, stdout, stderr, error, exit_code, .. } = result;
        if *verdict != self.verdict {
            let said = [error.as_deref(), stderr.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" | ");
            let said: String = said.chars().take(600).collect();
            return Err(format!("verdict {} instead of {}: {said}", verdict.name(), self.verdict.name()));
        }
        if self.verdict != Verdict::Ok && error.as_deref().unwrap_or_default().is_empty() {
            return Err("no error line".to_owned());
        }
        if self.exit_code.is_some() && *exit_code != self.exit_code {
            return Err(format!("exit code {exit_code:?} instead of {:?}", self.exit_code));
        }
        let differs = |what: &str, wanted: &Option<String>, found: &str| match wanted {
            Some(wanted) if wanted.repeat(run.times) != found => {
                Err(format!("{what} {:?} instead of {:?}", short(found), short(&wanted.repeat(run.times))))
            }
            _ => Ok(()),
        };
        differs("output", &run.output, output)?;
        differs("stdout", &run.stdout, stdout.as_deref().unwrap_or_default())
    }

    fn compare_line(&self, line: usize, language: &Language, report: &Report) -> Result<(), String> {
        let (names_lines, found) = if self.verdict == Verdict::CompileError {
            (language.messages.has_diagnostics(), report.diagnostics.as_slice())
        } else {
            let of_runs = report.inputs.first().map_or(&[][..], |run| run.diagnostics.as_slice());
            (language.messages.has_trace(), of_runs)
        };
        let first = found.iter().find(|diagnostic| diagnostic.severity == crate::Severity::Error);
        match first {
            _ if !names_lines => Ok(()),
            Some(Diagnostic { line: found, .. }) if *found == line => Ok(()),
            Some(diagnostic) => Err(format!("line {} instead of {line}: {}", diagnostic.line, diagnostic.message)),
            None => {
                let said = report.compile.as_ref().map(|compile| compile.output.as_str());
                let said = said.or(report.inputs.first().and_then(|run| run.stderr.as_deref())).unwrap_or_default();
                Err(format!("no line is named: {}", short(said)))
            }
        }
    }
}

/// The beginning of a long text.
fn short(text: &str) -> String {
    const MOST: usize = 300;
    let mut short: String = text.chars().take(MOST).collect();
    if text.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}
