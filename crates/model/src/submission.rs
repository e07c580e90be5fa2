//! A submission that has been validated, and its id.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Grading, Limits, Mode, Priority};

/// Names one accepted submission; `exec_id` on the wire. 122 random bits (UUID version 4), so that
/// an id can not be guessed from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExecId(Uuid);

impl ExecId {
    /// Wraps an id; `Uuid::new_v4()` at the edge makes a fresh one.
    pub const fn new(id: Uuid) -> Self {
        Self(id)
    }

    /// The 16 bytes, as a store keeps them.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// The id with these 16 bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }
}

impl fmt::Display for ExecId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_hyphenated().fmt(f)
    }
}

/// The text is not an `exec_id` in its one spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an exec_id")]
pub struct NotAnExecId;

impl FromStr for ExecId {
    type Err = NotAnExecId;

    /// Accepts exactly the spelling [`fmt::Display`] gives, so that one submission has one address.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let id = Self(Uuid::try_parse(text).map_err(|_| NotAnExecId)?);
        if id.to_string() == text { Ok(id) } else { Err(NotAnExecId) }
    }
}

/// A file that stands beside the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmittedFile {
    /// A plain file name (see [`crate::language::is_file_name`]).
    pub name: String,
    /// Its bytes.
    #[serde(with = "crate::base64_bytes")]
    pub content: Vec<u8>,
}

/// Code and inputs, checked: the language exists and has the mode, the limits are within the
/// operator's maximum, names of files are plain and different, sizes are within bounds. Only `TryFrom` at an edge makes one from raw input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Its name.
    pub id: ExecId,
    /// The name of the API key it came with; a submission is visible to its owner only.
    pub owner: String,
    /// The `id` of its [`crate::Language`].
    pub language: String,
    /// Function or program.
    pub mode: Mode,
    /// The student's source text.
    pub code: String,
    /// One run each, in this order, duplicates included.
    pub inputs: Vec<String>,
    /// What applies to every run.
    pub limits: Limits,
    /// What stands beside the code.
    #[serde(default)]
    pub files: Vec<SubmittedFile>,
    /// Further words for the compiler's command line.
    #[serde(default)]
    pub compile_options: Vec<String>,
    /// Further words for the command line of every run.
    #[serde(default)]
    pub args: Vec<String>,
    /// May an artifact that was made of the same before be used, and this one be kept?
    #[serde(default = "yes")]
    pub compile_cache: bool,
    /// The class in which it waits.
    #[serde(default)]
    pub priority: Priority,
    /// Whose code it is, in words of the owner's that nobody else understands ([`is_student`]). No box sees it.
    #[serde(default)]
    pub student: Option<String>,
    /// Where its result is told of when it is final: an address that the server allows. No box sees it.
    #[serde(default)]
    pub callback_url: Option<String>,
    /// Is its result to be deleted soon after it was fetched?
    #[serde(default)]
    pub no_store: bool,
    /// What is expected of each input, where the caller wants to know whether it came. No box of the code sees it.
    #[serde(default)]
    pub grading: Option<Grading>,
}

impl Submission {
    /// One for which nothing is asked but to run this code on these inputs.
    pub fn plain(id: ExecId, owner: &str, language: &str, mode: Mode, code: &str, inputs: Vec<String>) -> Self {
        Self {
            id,
            owner: owner.to_owned(),
            language: language.to_owned(),
            mode,
            code: code.to_owned(),
            inputs,
            limits: Limits::default(),
            files: Vec::new(),
            compile_options: Vec::new(),
            args: Vec::new(),
            compile_cache: true,
            priority: Priority::default(),
            student: None,
            callback_url: None,
            no_store: false,
            grading: None,
        }
    }
}

/// Whether a text can name a student: 1 to 64 letters, digits, `.`, `_` or `-` of ASCII, the first one a letter or digit. So
/// it is the same in a body, in an address and in a log, and no address of mail.
pub fn is_student(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    (1..=64).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed)
}

fn yes() -> bool {
    true
}
