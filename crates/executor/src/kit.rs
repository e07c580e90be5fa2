//! Tries a language out: every case of the kit, as a submission like any other.
//!
//! What must come of a case is said once for all languages in `kit.toml` (see [`model::kit`]); the code
//! is in the language's folder `examples/`. What is the language's own business is in its folder `conformance/`: a
//! `kit.toml` of its own, with the code beside it. Nothing here knows how a submission is run.

use std::fs;
use std::path::{Path, PathBuf};

use model::kit::{Case, Run};
use model::{ExecId, Kit, Language, LanguageError, Limits, Phases, Submission};

use crate::{Cancel, Executor};

/// The file beside the folders of the languages, and in the folder of a language's own cases.
const FILE: &str = "kit.toml";
/// The code of the cases of all languages, in the folder of each.
const EXAMPLES: &str = "examples";
/// The cases that are the language's own, in its folder, if it has any.
const CONFORMANCE: &str = "conformance";

/// A case and its code in one language.
#[derive(Debug, Clone)]
pub struct Example {
    /// What is put in and must come out.
    pub case: Case,
    /// The code.
    pub code: String,
}

/// What came of an example.
#[derive(Debug, Clone)]
pub struct Tried {
    /// What is different from what must come of it, if anything.
    pub result: Result<(), String>,
    /// How long each phase took.
    pub phases: Phases,
}

/// Reads the kit of this folder of languages.
///
/// # Errors
/// When it can not be read.
pub fn load_kit(folder: &Path) -> Result<Kit, LanguageError> {
    let file = folder.join(FILE);
    let text = fs::read_to_string(&file).map_err(|error| problem(&file, format!("can not be read: {error}")))?;
    Kit::parse(&file.display().to_string(), &text)
}

/// The examples of a language: one for each case it must have, then one for each of its own.
///
/// # Errors
/// When one is missing, or the language names a case that there is not.
pub fn load_examples(folder: &Path, kit: &Kit, language: &Language) -> Result<Vec<Example>, LanguageError> {
    let home = folder.join(&language.id);
    if let Some(name) = kit.unknown(&language.without) {
        return Err(problem(&home.join("language.toml"), format!("without: there is no case `{name}`")));
    }
    let mut examples = with_code(&home.join(EXAMPLES), kit.cases_of(language))?;
    let own = home.join(CONFORMANCE);
    if own.is_dir() {
        examples.extend(with_code(&own, load_kit(&own)?.cases.iter())?);
    }
    Ok(examples)
}

/// The cases with their code, which is in this folder.
fn with_code<'a>(folder: &Path, cases: impl Iterator<Item = &'a Case>) -> Result<Vec<Example>, LanguageError> {
    cases
        .map(|case| {
            let file = example_file(folder, &case.name)?;
            let code = fs::read_to_string(&file).map_err(|error| problem(&file, error.to_string()))?;
            Ok(Example { case: case.clone(), code })
        })
        .collect()
}

/// The one file of this name in a folder of examples, whatever its extension.
///
/// # Errors
/// When there is none, or more than one.
pub fn example_file(examples: &Path, name: &str) -> Result<PathBuf, LanguageError> {
    let entries = fs::read_dir(examples).map_err(|error| problem(examples, error.to_string()))?;
    let mut found: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).collect();
    found.retain(|path| path.file_stem().is_some_and(|stem| stem == name));
    match found.as_slice() {
        [file] => Ok(file.clone()),
        [] => Err(problem(examples, format!("the case `{name}` is missing"))),
        _ => Err(problem(examples, format!("the case `{name}` is there more than once"))),
    }
}

fn problem(file: &Path, message: String) -> LanguageError {
    LanguageError { file: file.display().to_string(), line: None, message }
}

/// Runs an example and compares. `id` names the submission; `limits` are the operator's maximum.
pub async fn try_example(
    executor: &dyn Executor,
    language: &Language,
    example: &Example,
    limits: &Limits,
    id: ExecId,
) -> Tried {
    let failed = |error: String| Tried { result: Err(error), phases: Phases::default() };
    let Example { case, code } = example;
    let asked = case.limits.or(&limits.default_with(&language.limits).as_request());
    let limits = match limits.lowered(&asked) {
        Ok(limits) => limits,
        Err(error) => return failed(error.to_string()),
    };
    let submission = Submission {
        limits,
        // What is tried is the compiler.
        compile_cache: false,
        ..Submission::plain(id, "kit", &language.id, case.mode, code, case.runs.iter().map(Run::whole_input).collect())
    };
    match executor.execute(&submission, &Cancel::default()).await {
        Ok(report) => Tried { result: case.compare(language, &report), phases: report.phases },
        Err(error) => failed(error.to_string()),
    }
}
