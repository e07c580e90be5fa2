//! What compilers and runtimes print, read for a person: which line, which error.
//!
//! Nothing here decides a verdict. A program can print what it likes; all it can change is the line that
//! is shown with its own failure.

use regex::{Captures, Regex};

use super::LineMap;
use crate::diagnostic::{Diagnostic, Severity};
use crate::text::one_line;

/// More diagnostics of one text than anybody reads.
const MOST_DIAGNOSTICS: usize = 100;

/// How the messages of a language are read.
#[derive(Debug, Clone, Default)]
pub struct Messages {
    /// Finds error lines in what a failing program wrote to standard error; the last match counts.
    pub(super) error_line: Option<Regex>,
    /// Each finds diagnostics in what a compiler wrote. Named groups: `line` and `message`, and if
    /// it likes `column` and `severity`.
    pub(super) diagnostics: Vec<Regex>,
    /// Finds lines of the student's code in the trace of a failed run. Named groups: `line`, and if it
    /// likes `column`.
    pub(super) trace: Option<(Regex, Innermost)>,
}

/// Which match in a trace is where it happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Innermost {
    /// The trace begins with it.
    First,
    /// The trace ends with it.
    Last,
}

impl Messages {
    /// The line of `messages` that names the error, if this language knows how to find it.
    pub fn error_line(&self, messages: &str) -> Option<String> {
        let found = self.error_line.as_ref()?.find_iter(messages).last()?;
        Some(one_line(found.as_str()))
    }

    /// Are lines in a compiler's text found?
    pub fn has_diagnostics(&self) -> bool {
        !self.diagnostics.is_empty()
    }

    /// Are lines in a trace found?
    pub fn has_trace(&self) -> bool {
        self.trace.is_some()
    }

    /// What a compiler said, in the order it said it, with the lines of the code as it was sent. The same
    /// thing said twice stands here once.
    pub fn diagnostics(&self, text: &str, lines: &LineMap) -> Vec<Diagnostic> {
        let mut found: Vec<(usize, Diagnostic)> = Vec::new();
        for pattern in &self.diagnostics {
            for captures in pattern.captures_iter(text) {
                let Some((line, column)) = place(&captures, lines) else { continue };
                let group = |name| captures.name(name).map_or("", |group| group.as_str());
                let diagnostic = Diagnostic {
                    line,
                    column,
                    severity: severity(group("severity")),
                    message: one_line(group("message")),
                };
                found.push((captures.get_match().start(), diagnostic));
            }
        }
        found.sort_by_key(|(start, _)| *start);
        let mut diagnostics: Vec<Diagnostic> = Vec::new();
        for (_, diagnostic) in found {
            if diagnostics.len() < MOST_DIAGNOSTICS && !diagnostics.contains(&diagnostic) {
                diagnostics.push(diagnostic);
            }
        }
        diagnostics
    }

    /// Where a run failed, by the trace it printed, with the error as the message.
    pub fn failure(&self, trace: &str, error: &str, lines: &LineMap) -> Option<Diagnostic> {
        let (pattern, innermost) = self.trace.as_ref()?;
        let mut places = pattern.captures_iter(trace).filter_map(|captures| place(&captures, lines));
        let (line, column) = match innermost {
            Innermost::First => places.next(),
            Innermost::Last => places.last(),
        }?;
        Some(Diagnostic { line, column, severity: Severity::Error, message: error.to_owned() })
    }

    /// The same text with the line and column numbers of the code as it was sent.
    pub fn with_lines_as_sent(&self, text: &str, lines: &LineMap) -> String {
        let mut changes: Vec<(std::ops::Range<usize>, usize)> = Vec::new();
        for pattern in self.diagnostics.iter().chain(self.trace.iter().map(|(pattern, _)| pattern)) {
            for captures in pattern.captures_iter(text) {
                let Some((line, column)) = place(&captures, lines) else { continue };
                let numbers = [captures.name("line").zip(Some(line)), captures.name("column").zip(column)];
                changes.extend(numbers.into_iter().flatten().map(|(group, number)| (group.range(), number)));
            }
        }
        changes.sort_by_key(|(range, _)| range.start);
        // One pass over the text: a program can fill it with lines of this kind.
        let mut result = String::with_capacity(text.len());
        let mut done = 0;
        for (range, number) in changes {
            // Two patterns may have found the same number.
            if range.start >= done {
                result.push_str(&text[done..range.start]);
                result.push_str(&number.to_string());
                done = range.end;
            }
        }
        result.push_str(&text[done..]);
        result
    }
}

/// Line and column of a match, as in the code that was sent.
fn place(captures: &Captures<'_>, lines: &LineMap) -> Option<(usize, Option<usize>)> {
    let number = |name| captures.name(name).and_then(|group| group.as_str().parse::<usize>().ok());
    let line = number("line")?;
    let column = number("column").map(|column| lines.column(line, column));
    Some((lines.line(line), column))
}

fn severity(word: &str) -> Severity {
    let word = word.to_lowercase();
    if word.contains("warn") {
        Severity::Warning
    } else if word.contains("note") || word.contains("info") {
        Severity::Note
    } else {
        Severity::Error
    }
}
