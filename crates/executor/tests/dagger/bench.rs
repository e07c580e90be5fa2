//! Executors that use fake engines, and submissions.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use executor::dagger::{DaggerExecutor, DaggerSettings, Opener, RunAs, SessionRules};
use executor::{Ceilings, LoadedLanguage, load_languages};
use fake_engine::FakeEngine;
use model::{Container, ContainerSource, ExecId, Limits, Mode, Submission};

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The languages that are tried.
pub const LANGUAGES: [&str; 3] = ["bash", "c", "python"];

/// The user ids of the programs: nobody else's on this host.
pub const FIRST_UID: u32 = 1_700_000_100;

/// Until this holds; others go on meanwhile.
pub async fn until(holds: impl Fn() -> bool, otherwise: impl Fn() -> String) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "{}", otherwise());
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

/// Until this line is in the log of this engine so often.
pub async fn seen(engine: &FakeEngine, line: &str, times: usize) {
    until(|| engine.count(line) >= times, || format!("`{line}` is not {times} times in:\n{}", engine.log())).await;
}

/// Until a program with this word on its command line runs, in whatever box or container of this host.
pub async fn runs_with(word: &str) {
    let has_word = |process: std::fs::DirEntry| {
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|part| part == word.as_bytes())
    };
    let is_there = || std::fs::read_dir("/proc").expect("a folder").filter_map(Result::ok).any(has_word);
    until(is_there, || format!("no program with `{word}` runs")).await;
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// [`LANGUAGES`], each with a container.
pub fn languages() -> Vec<LoadedLanguage> {
    languages_named(&LANGUAGES)
}

/// These, as the repository has them, each with a container.
pub fn languages_named(names: &[&str]) -> Vec<LoadedLanguage> {
    let mut languages = load_languages(&repository().join("languages")).expect("are readable");
    languages.retain(|loaded| names.contains(&loaded.language.id.as_str()));
    for loaded in &mut languages {
        let source = ContainerSource::Image("registry.test/image:1".to_owned());
        loaded.language.dagger = Some(Container { source, links: Default::default() });
    }
    languages
}

/// What tests change of the settings.
pub struct Changes {
    pub run_as: RunAs,
    pub permits: u32,
    pub patience: Duration,
    pub jobs: u64,
    pub age: Duration,
    pub grace: Duration,
}

impl Default for Changes {
    fn default() -> Self {
        let forever = Duration::from_secs(100_000);
        Self {
            run_as: RunAs::Root,
            permits: 2,
            patience: PATIENCE,
            jobs: u64::MAX,
            age: forever,
            grace: Duration::from_millis(300),
        }
    }
}

pub fn settings(engines: &[&FakeEngine], changes: Changes) -> DaggerSettings {
    let Changes { run_as, permits, patience, jobs, age, grace } = changes;
    let program = std::env::current_exe().expect("has a path");
    let folder = program.parent().and_then(Path::parent).expect("lies in target/…/deps");
    DaggerSettings {
        engines: engines.iter().map(|engine| engine.host()).collect(),
        permits,
        runner: folder.join("code-runner-runner"),
        sessions: SessionRules { opener: Opener::Itself(program.clone()), patience, jobs, age },
        run_as,
        first_uid: FIRST_UID,
        grace,
        ceilings: Ceilings { run: Limits::default(), compile: Limits::for_compiling() },
    }
}

pub fn executor(engines: &[&FakeEngine], changes: Changes) -> DaggerExecutor {
    executor_of(engines, changes, &LANGUAGES)
}

/// The same, for these languages.
pub fn executor_of(engines: &[&FakeEngine], changes: Changes, names: &[&str]) -> DaggerExecutor {
    DaggerExecutor::new(settings(engines, changes), languages_named(names)).expect("the settings are right")
}

/// With what applies when nothing is asked for.
pub fn submission(language: &str, mode: Mode, code: &str, inputs: &[&str]) -> Submission {
    let inputs = inputs.iter().map(|input| (*input).to_owned()).collect();
    Submission::plain(ExecId::new(uuid::Uuid::new_v4()), "test", language, mode, code, inputs)
}

/// A Python program that prints its input.
pub fn echo(inputs: &[&str]) -> Submission {
    submission("python", Mode::Program, "print(input(), end='')", inputs)
}
