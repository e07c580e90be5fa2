//! How urgent a submission is, among those that wait.

use serde::{Deserialize, Serialize};

/// The class in which a submission waits. It says who is next, and nothing about how it is run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Somebody waits whose time is measured.
    Exam,
    /// Somebody waits.
    #[default]
    Normal,
    /// Nobody waits: a term's exercises are marked again over night.
    Batch,
}

impl Priority {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 3] = [Self::Exam, Self::Normal, Self::Batch];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exam => "exam",
            Self::Normal => "normal",
            Self::Batch => "batch",
        }
    }
}
