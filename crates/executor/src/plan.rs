//! From a submission to what must be done, without doing it.

use model::{Mode, Submission};

use crate::languages::LoadedLanguage;

/// What it takes to run each input of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Which kind of box.
    pub boxes: BoxKind,
    /// What stands in `/code`: name and content.
    pub files: Vec<(String, String)>,
    /// Does the program leave an answer beside what it prints?
    pub has_answer: bool,
}

/// Names a kind of box.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BoxKind {
    /// Runs submissions of this language in this mode.
    Run(String, Mode),
    /// Prints this language's version.
    Version(String),
}

/// The plan; `None` if the language has no such mode.
pub fn plan(submission: &Submission, loaded: &LoadedLanguage) -> Option<Plan> {
    let LoadedLanguage { language, harnesses, root: _ } = loaded;
    let mode = submission.mode;
    let spec = language.modes.get(&mode)?;
    let mut files = vec![(spec.source.clone(), submission.code.clone())];
    if let Some(name) = &spec.harness {
        files.push((name.clone(), harnesses.get(&mode)?.clone()));
    }
    Some(Plan { boxes: BoxKind::Run(language.id.clone(), mode), files, has_answer: has_answer(mode) })
}

/// Function mode has a value to return; a whole program only prints.
pub fn has_answer(mode: Mode) -> bool {
    mode == Mode::Function
}
