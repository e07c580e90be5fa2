//! From a submission to what must be done, without doing it.

use model::{LineMap, Mode, Preparation, Submission, Wrapped};
use sandbox::FileKind;

use crate::languages::LoadedLanguage;

/// The file in the box that the answer of a function is left in.
pub const ANSWER: &str = "/answer";
/// The file in the box that a compiler leaves its product in.
pub const ARTIFACT: &str = "/artifact";

/// What it takes to compile a submission and to run each of its inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What stands in `/code`, in every box.
    pub files: Vec<PlannedFile>,
    /// From the lines of the code in the box to those of the code as it was sent.
    pub lines: LineMap,
    /// What is done once, before the runs.
    pub compile: Option<CompilePlan>,
    /// The kind of box that says of code that failed whether it can be parsed.
    pub check: Option<BoxKind>,
    /// The kind of box of each run.
    pub run: BoxKind,
    /// Does the program leave an answer beside what it prints?
    pub has_answer: bool,
}

/// How the artifact is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompilePlan {
    /// The kind of box.
    pub boxes: BoxKind,
    /// The name of its product in the boxes of the runs.
    pub artifact: String,
}

/// A file to be put into a box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFile {
    /// Its name.
    pub name: String,
    /// What it is there.
    pub kind: FileKind,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// Names a kind of box.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum BoxKind {
    /// Compiles submissions of this language in this mode.
    Compile(String, Mode),
    /// Says whether code of this language in this mode can be parsed.
    Check(String, Mode),
    /// Runs submissions of this language in this mode.
    Run(String, Mode),
    /// Prints this language's version.
    Version(String),
}

/// The plan; `None` if the language has no such mode.
pub fn plan(submission: &Submission, loaded: &LoadedLanguage) -> Option<Plan> {
    let LoadedLanguage { language, harness, root: _ } = loaded;
    let mode = submission.mode;
    let spec = language.modes.get(&mode)?;
    let Wrapped { text, lines } = spec.wrapper.wrap(&submission.code);
    let mut files = vec![file(&spec.source, FileKind::Code, text.into_bytes())];
    for name in &spec.harness {
        files.push(file(name, FileKind::Code, harness.get(name)?.clone().into_bytes()));
    }
    files.extend(submission.files.iter().map(|sent| file(&sent.name, FileKind::Data, sent.content.clone())));
    let id = || language.id.clone();
    let (compile, check) = match &spec.preparation {
        Preparation::None => (None, None),
        Preparation::Check(_) => (None, Some(BoxKind::Check(id(), mode))),
        Preparation::Compile { command: _, artifact } => {
            (Some(CompilePlan { boxes: BoxKind::Compile(id(), mode), artifact: artifact.clone() }), None)
        }
    };
    Some(Plan { files, lines, compile, check, run: BoxKind::Run(id(), mode), has_answer: has_answer(mode) })
}

fn file(name: &str, kind: FileKind, content: Vec<u8>) -> PlannedFile {
    PlannedFile { name: name.to_owned(), kind, content }
}

/// Function mode has a value to return; a whole program only prints.
pub fn has_answer(mode: Mode) -> bool {
    mode == Mode::Function
}
