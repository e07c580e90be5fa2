//! A language as data: the content of `languages/<id>/language.toml`, checked.
//!
//! Reading the folder is the executor's work; this module turns the text of the file into a value
//! that can only be valid, and says file, line and field when it can not.

use std::collections::BTreeMap;
use std::fmt;

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::text::one_line;

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

/// How one mode of a language is run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModeSpec {
    /// The name the student's code gets in the box's `/code` folder.
    pub source: String,
    /// A file of the language's folder that stands beside it.
    pub harness: Option<String>,
    /// The command line; the first word is an absolute path inside the box.
    pub run: Vec<String>,
}

/// One language.
#[derive(Debug, Clone)]
pub struct Language {
    /// The name on the wire: lower-case letters, digits and `-`.
    pub id: String,
    /// The name for people.
    pub name: String,
    /// Other names a caller may use.
    pub aliases: Vec<String>,
    /// Prints the installed version on its first line; runs inside a box.
    pub version_command: Vec<String>,
    /// Files and folders of the host the box sees, read-only: absolute paths or patterns.
    pub paths: Vec<String>,
    /// The whole environment of a run.
    pub env: BTreeMap<String, String>,
    /// How each mode is run.
    pub modes: BTreeMap<Mode, ModeSpec>,
    /// Finds error lines in what a failing program wrote to standard error; the last match counts.
    error_line: Option<Regex>,
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

/// The file as written, before it is checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLanguage {
    id: toml::Spanned<String>,
    name: String,
    #[serde(default)]
    aliases: Vec<toml::Spanned<String>>,
    version_command: toml::Spanned<Vec<String>>,
    paths: Vec<toml::Spanned<String>>,
    #[serde(default)]
    env: BTreeMap<String, String>,
    modes: toml::Spanned<BTreeMap<Mode, toml::Spanned<ModeSpec>>>,
    error_line: Option<toml::Spanned<String>>,
}

impl Language {
    /// Reads the text of a `language.toml`. `file` is only for messages.
    ///
    /// # Errors
    /// [`LanguageError`] with the line and the field, for text that is not TOML, an unknown or
    /// missing field, a name with characters that do not belong, a command that does not begin with
    /// an absolute path, or a pattern that is no regular expression.
    pub fn parse(file: &str, text: &str) -> Result<Self, LanguageError> {
        let at = |offset: usize, message: String| LanguageError {
            file: file.to_owned(),
            line: Some(text[..offset.min(text.len())].matches('\n').count() + 1),
            message,
        };
        let raw: RawLanguage = toml::from_str(text).map_err(|error| {
            let message = one_line(error.message());
            match error.span() {
                Some(span) => at(span.start, message),
                None => LanguageError { file: file.to_owned(), line: None, message },
            }
        })?;

        for (field, name) in std::iter::once(("id", &raw.id)).chain(raw.aliases.iter().map(|a| ("aliases", a))) {
            if !is_name(name.get_ref()) {
                return Err(at(
                    name.span().start,
                    format!(
                        "{field}: `{}` must be 1 to 32 lower-case letters, digits, `+`, `#`, `.` or `-`",
                        name.get_ref()
                    ),
                ));
            }
        }
        check_command("version_command", raw.version_command.get_ref())
            .map_err(|message| at(raw.version_command.span().start, message))?;
        for path in &raw.paths {
            if !path.get_ref().starts_with('/') || path.get_ref().split('/').any(|part| part == "..") {
                return Err(at(path.span().start, format!("paths: `{}` must be an absolute path", path.get_ref())));
            }
        }
        if raw.modes.get_ref().is_empty() {
            return Err(at(raw.modes.span().start, "modes: at least one of `function`, `program`".to_owned()));
        }
        for (mode, spec) in raw.modes.get_ref() {
            check_mode(*mode, spec.get_ref()).map_err(|message| at(spec.span().start, message))?;
        }
        let error_line = raw
            .error_line
            .map(|pattern| {
                Regex::new(&format!("(?m){}", pattern.get_ref()))
                    .map_err(|error| at(pattern.span().start, format!("error_line: {}", one_line(&error.to_string()))))
            })
            .transpose()?;

        Ok(Self {
            id: raw.id.into_inner(),
            name: raw.name,
            aliases: raw.aliases.into_iter().map(toml::Spanned::into_inner).collect(),
            version_command: raw.version_command.into_inner(),
            paths: raw.paths.into_iter().map(toml::Spanned::into_inner).collect(),
            env: raw.env,
            modes: raw.modes.into_inner().into_iter().map(|(mode, spec)| (mode, spec.into_inner())).collect(),
            error_line,
        })
    }

    /// Does `name` mean this language? Its id or one of its aliases, exactly.
    pub fn answers_to(&self, name: &str) -> bool {
        self.id == name || self.aliases.iter().any(|alias| alias == name)
    }

    /// The line of `messages` that names the error, if this language knows how to find it.
    pub fn error_line(&self, messages: &str) -> Option<String> {
        let found = self.error_line.as_ref()?.find_iter(messages).last()?;
        Some(one_line(found.as_str()))
    }
}

fn is_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+#.-".contains(c);
    (1..=32).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed)
}

fn is_file_name(text: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    (1..=64).contains(&text.len()) && text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(allowed)
}

fn check_command(field: &str, command: &[String]) -> Result<(), String> {
    match command.first() {
        Some(program) if program.starts_with('/') => Ok(()),
        _ => Err(format!("{field}: the first word must be an absolute path")),
    }
}

fn check_mode(mode: Mode, spec: &ModeSpec) -> Result<(), String> {
    let ModeSpec { source, harness, run } = spec;
    let field = format!("modes.{}", mode.name());
    for (part, name) in std::iter::once(("source", source)).chain(harness.iter().map(|name| ("harness", name))) {
        if !is_file_name(name) {
            return Err(format!("{field}.{part}: `{name}` must be a plain file name"));
        }
    }
    if harness.as_ref() == Some(source) {
        return Err(format!("{field}.harness: must differ from source"));
    }
    check_command(&format!("{field}.run"), run)
}
