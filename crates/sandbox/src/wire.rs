//! The frames between client and launcher, with the descriptors that travel beside them.
//!
//! One frame per packet on a `SOCK_SEQPACKET` socket, one socket per slot, at most one box per slot.

use std::time::Duration;

use runner::protocol::{FileKind, Go};
use serde::{Deserialize, Serialize};

pub use runner::protocol::{MAX_FDS, receive, send};

use crate::error::SandboxError;
use crate::spec::{Exit, Hit, Limits, Usage};

/// From the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Make a box and start its program. Descriptors: stdin, stdout, stderr, then one per file.
    Spawn(Spawn),
    /// Kill the box of this slot, for this reason. Without a box it means nothing.
    Kill(Hit),
    /// Make a box, and let it wait. Descriptors: stdin, stdout, stderr.
    Prepare(Prepare),
    /// Use the box that waits. Descriptors: one per file.
    Use(Use),
}

/// What the client may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spawn {
    /// Index of a template.
    pub template: usize,
    /// At most the template's ceiling.
    pub limits: Limits,
    /// Further words for the command line.
    pub args: Vec<String>,
    /// Name and kind of each file, in the order of their descriptors.
    pub files: Vec<(String, FileKind)>,
}

/// A box ahead of its use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepare {
    /// Index of a template.
    pub template: usize,
    /// At most the template's ceiling.
    pub limits: Limits,
}

/// What a box that waits is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Use {
    /// At most what the box was made with.
    pub cpu_time: Duration,
    /// At most what the box was made with.
    pub wall_time: Duration,
    /// What its program gets.
    pub go: Go,
}

/// From the launcher. Every `Spawn` and every `Prepare` is answered by exactly one `Ended`, `Failed` or `Unused`, when the
/// box is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// The program ran. Where the template has a product, its file travels with this frame.
    Ended {
        /// How it ended.
        exit: Exit,
        /// The first limit that was hit.
        hit: Option<Hit>,
        /// What it used.
        usage: Usage,
        /// Was its program there before its files were?
        warm: bool,
    },
    /// The program did not run, or what became of it is not known.
    Failed(SandboxError),
    /// What was prepared waits for its use.
    Waits,
    /// What was prepared is gone, and nothing of a submission has run in it.
    Unused(SandboxError),
}

#[cfg(test)]
mod tests;
