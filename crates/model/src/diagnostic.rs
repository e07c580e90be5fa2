//! One thing a compiler or a runtime said about one line of the code, for editors to show.

use serde::{Deserialize, Serialize};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// It has to be changed.
    Error,
    /// It may have to be changed.
    Warning,
    /// It says more about another one.
    Note,
}

impl Severity {
    /// All of them, for documentation.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Note];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What was said, and about which line of the code as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// The first is 1.
    pub line: usize,
    /// The first is 1; in the unit of the compiler, which is a character or a byte.
    pub column: Option<usize>,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub message: String,
}
