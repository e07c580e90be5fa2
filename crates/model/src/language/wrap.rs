//! From the body a student sends to a text that a compiler takes, with every line where it was.
//!
//! ```text
//!   import java.util.*;                      import java.util.*;
//!                                 ------>
//!   return input_str;                        static String solve(String input_str) { return input_str;
//!                                            }
//! ```
//!
//! The lines a body begins with that can not stand in a function (imports and the like) stay outside;
//! what makes a function of the rest is put in front of it on the same line. Where a language needs lines of
//! its own for that, [`LineMap`] knows how to count back.

use regex::Regex;
use serde::Deserialize;

/// In `before`, the place of the number of the body's first line: `before` is then a directive to the
/// compiler, which counts right by itself.
const LINE_PLACE: &str = "{line}";

/// How a body becomes a function. The default leaves the code as it is.
#[derive(Debug, Clone, Default)]
pub struct Wrapper {
    /// Matched at the very beginning of the code: what stays outside of the function.
    pub lift: Option<Regex>,
    /// The first that fits applies; if none does, the code stays as it is.
    pub wraps: Vec<Wrap>,
}

/// What is put around a body.
#[derive(Debug, Clone)]
pub struct Wrap {
    /// Found anywhere in the code it applies to; always, if there is none.
    pub when: Option<Regex>,
    /// In front of the body.
    pub before: String,
    /// Behind it.
    pub after: String,
    /// In front of every line of the body.
    pub indent: String,
}

/// The fields of [`Wrap`] as they are written in a language file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawWrap {
    pub when: Option<toml::Spanned<String>>,
    pub before: String,
    pub after: String,
    #[serde(default)]
    pub indent: String,
}

/// Code as it stands in the box, and how to count back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrapped {
    /// The text.
    pub text: String,
    /// From its lines to those of the code as it was sent.
    pub lines: LineMap,
}

/// From lines and columns of the text in the box to those of the code as it was sent. Both count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineMap {
    /// The line of the code on which the body begins.
    body: usize,
    /// How many lines stand in front of it that are not the student's.
    lines: usize,
    /// How many characters stand in front of it on its first line.
    columns: usize,
    /// How many stand in front of each of its lines.
    indent: usize,
    /// The last line of the code.
    last: usize,
}

impl Wrapper {
    /// Puts around `code` what it needs.
    pub fn wrap(&self, code: &str) -> Wrapped {
        let fits = |wrap: &&Wrap| wrap.when.as_ref().is_none_or(|when| when.is_match(code));
        let Some(Wrap { when: _, before, after, indent }) = self.wraps.iter().find(fits) else {
            return Wrapped { text: code.to_owned(), lines: LineMap::straight(code) };
        };
        let lifted = self.lift.as_ref().and_then(|lift| lift.find(code)).map_or(0, |found| found.end());
        let (head, body) = code.split_at(lifted);
        let body_line = head.matches('\n').count() + 1;
        let counts_itself = before.contains(LINE_PLACE);
        let before = before.replace(LINE_PLACE, &body_line.to_string());
        let own = |characters: usize| if counts_itself { 0 } else { characters };
        let lines = LineMap {
            body: body_line,
            lines: own(before.matches('\n').count()),
            columns: own(before.rsplit('\n').next().unwrap_or_default().chars().count()),
            indent: indent.chars().count(),
            last: code.lines().count().max(1),
        };
        let body = if indent.is_empty() { body.to_owned() } else { indented(body, indent) };
        Wrapped { text: format!("{head}{before}{body}{after}"), lines }
    }
}

fn indented(body: &str, indent: &str) -> String {
    let lines = body.split_inclusive('\n').map(|line| format!("{indent}{line}"));
    lines.collect()
}

impl LineMap {
    /// Nothing was put around this code.
    pub fn straight(code: &str) -> Self {
        Self { body: 1, lines: 0, columns: 0, indent: 0, last: code.lines().count().max(1) }
    }

    /// The line of the code; never one that it does not have, because an error at the end of what was put
    /// around it is one at its end.
    pub fn line(&self, line: usize) -> usize {
        let own = if line < self.body { line } else { line.saturating_sub(self.lines).max(self.body) };
        own.clamp(1, self.last)
    }

    /// The column of the code, for a column on this line of the text in the box.
    pub fn column(&self, line: usize, column: usize) -> usize {
        if line < self.body + self.lines {
            return column;
        }
        let on_first = if line == self.body + self.lines { self.columns } else { 0 };
        column.saturating_sub(on_first + self.indent).max(1)
    }
}
