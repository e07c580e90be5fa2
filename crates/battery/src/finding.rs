//! Something that is not as it should be, by the name of the check that found it.

use serde::{Deserialize, Serialize};

/// One failed check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// `expectation`, or a check that follows every attack, such as `U3 mounts`.
    pub check: String,
    /// What was expected and seen.
    pub detail: String,
}

impl Finding {
    /// A finding of this check.
    pub fn new(check: &str, detail: impl Into<String>) -> Self {
        Self { check: check.to_owned(), detail: detail.into() }
    }
}
