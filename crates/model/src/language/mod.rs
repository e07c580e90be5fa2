//! A language as data: the content of `languages/<id>/language.toml`, checked.
//!
//! Reading the folder is the executor's work; `file` turns the text of the file into a [`Language`]
//! that can only be valid, and says file, line and field when it can not. `wrap` makes a function of
//! the body a student sends, `messages` finds lines and errors in what compilers and runtimes print.

mod container;
mod file;
mod messages;
mod wrap;

use std::collections::BTreeMap;
use std::fmt;

use regex::Regex;
use serde::{Deserialize, Serialize};

pub use container::{Container, ContainerSource};
pub use messages::{Innermost, Messages};
pub use wrap::{LineMap, Wrap, Wrapped, Wrapper};

use crate::LimitsRequest;

/// What `code` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The body of a function of `input_str` that returns its answer.
    Function,
    /// A whole program: input on stdin, answer on stdout.
    Program,
}

impl Mode {
    /// Both modes.
    pub const ALL: [Self; 2] = [Self::Function, Self::Program];

    /// Its name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Program => "program",
        }
    }
}

/// One language.
#[derive(Debug, Clone)]
pub struct Language {
    /// The name on the wire: lower-case letters, digits, `+`, `#`, `.` and `-`.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Other names a caller may use.
    pub aliases: Vec<String>,
    /// Extensions of its files beside those of its sources, without the dot.
    pub further_extensions: Vec<String>,
    /// What brings its toolchain.
    pub packages: Packages,
    /// Prints the installed version on its first line; runs inside a box.
    pub version_command: Vec<String>,
    /// Files and folders of the host the box sees, read-only: absolute paths or patterns. Where one is
    /// not there, the language is not installed.
    pub paths: Vec<String>,
    /// The same, but each may be absent.
    pub optional_paths: Vec<String>,
    /// The whole environment of a run.
    pub env: BTreeMap<String, String>,
    /// Its toolchain insists on flock(2): it is told that a lock is held, and none is. Elsewhere the call fails.
    pub fake_locks: bool,
    /// What applies to a run when the request says nothing; where it is more than the operator's maximum,
    /// that applies.
    pub limits: LimitsRequest,
    /// The container it is run in where an engine makes it; none if there is no image that fits.
    pub dagger: Option<Container>,
    /// How each mode is run.
    pub modes: BTreeMap<Mode, ModeSpec>,
    /// How its messages are read.
    pub messages: Messages,
    /// The cases of the kit it can not have, and why.
    pub without: BTreeMap<String, String>,
}

/// Where a toolchain is from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Packages {
    /// Debian packages.
    pub debian: Vec<String>,
    /// npm packages with their exact version, as `name@version`.
    pub npm: Vec<String>,
    /// PyPI packages with their exact version, as `name==version`.
    pub pypi: Vec<String>,
}

/// How one mode of a language is run.
#[derive(Debug, Clone)]
pub struct ModeSpec {
    /// The name the student's code gets in the box's `/code` folder.
    pub source: String,
    /// Files of the language's folder that stand beside it.
    pub harness: Vec<String>,
    /// What comes before the runs.
    pub preparation: Preparation,
    /// The command line; the first word is an absolute path inside the box.
    pub run: Vec<String>,
    /// How the program of a run is started before there is anything for it to do.
    pub warm: Option<WarmSpec>,
    /// The same of a compiler.
    pub warm_compile: Option<WarmSpec>,
    /// How a body becomes a function.
    pub wrapper: Wrapper,
}

/// How a program is started before there is anything for it to do. It warms up, opens `/code/gate` and reads one byte from
/// it; then its files are there, and it does what the command it stands for does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarmSpec {
    /// Who starts it.
    pub kind: WarmKind,
    /// Files of the language's folder that stand in `/warm` in every box of the kind.
    pub files: Vec<String>,
    /// The command line; the first word is an absolute path inside the box.
    pub command: Vec<String>,
}

/// Who starts a program ahead of its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarmKind {
    /// Each box has a process of its own, which warms up by itself.
    Process,
    /// One process outside of all boxes is warm and forks into them. It loads the library that does so from descriptor 4.
    Fork,
}

/// What comes before the runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Preparation {
    /// The code is run as it is.
    None,
    /// The code is run as it is. When a run failed, this command says whether it can be parsed at all.
    Check(Vec<String>),
    /// The code is compiled once.
    Compile {
        /// Writes its product to `/artifact`.
        command: Vec<String>,
        /// The name of the product in the `/code` folder of each run.
        artifact: String,
    },
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

/// What is wrong with a language file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct LanguageError {
    /// The file as the reader knows it.
    pub file: String,
    /// The line, where one is known; the first is 1.
    pub line: Option<usize>,
    /// What is wrong, naming the field.
    pub message: String,
}

impl fmt::Display for LanguageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.message),
            None => write!(f, "{}: {}", self.file, self.message),
        }
    }
}

impl Language {
    /// Reads the text of a `language.toml`. `file` is only for messages.
    ///
    /// # Errors
    /// [`LanguageError`] with the line and the field, for text that is not TOML, an unknown or
    /// missing field, a name with characters that do not belong, a command that does not begin with
    /// an absolute path, or a pattern that is no regular expression.
    pub fn parse(file: &str, text: &str) -> Result<Self, LanguageError> {
        file::parse(file, text)
    }

    /// Does `name` mean this language? Its id or one of its aliases, exactly.
    pub fn answers_to(&self, name: &str) -> bool {
        self.id == name || self.aliases.iter().any(|alias| alias == name)
    }

    /// The extensions by which its files are known, without the dot: those of its sources, then further ones.
    pub fn extensions(&self) -> Vec<&str> {
        let sources =
            self.modes.values().filter_map(|spec| spec.source.rsplit_once('.').map(|(_, extension)| extension));
        let mut extensions: Vec<&str> = Vec::new();
        for extension in sources.chain(self.further_extensions.iter().map(String::as_str)) {
            if !extensions.contains(&extension) {
                extensions.push(extension);
            }
        }
        extensions
    }

    /// The names that Code Runner itself gives to files in `/code` in this mode; a file sent beside the
    /// code can not have one of them.
    pub fn own_files(&self, mode: Mode) -> Vec<&str> {
        let Some(ModeSpec { source, harness, preparation, .. }) = self.modes.get(&mode) else {
            return Vec::new();
        };
        let artifact = match preparation {
            Preparation::Compile { artifact, .. } => Some(artifact.as_str()),
            Preparation::None | Preparation::Check(_) => None,
        };
        std::iter::once(source).chain(harness).map(String::as_str).chain(artifact).collect()
    }
}

/// A pattern of a language file: `^` and `$` are the ends of lines.
fn multi_line(pattern: &str) -> Result<Regex, regex::Error> {
    Regex::new(&format!("(?m){pattern}"))
}

/// What a file in a box may be called: no path, no option, nothing hidden, nothing that two file systems
/// could take for the same.
pub fn is_file_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    (1..=64).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed)
}
