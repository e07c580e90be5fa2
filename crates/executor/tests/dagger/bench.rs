//! Fake engines, executors that use them, and submissions.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use executor::dagger::{DaggerExecutor, DaggerSettings, Opener, RunAs, SessionRules};
use executor::{Ceilings, LoadedLanguage, load_languages};
use model::{Container, ContainerSource, ExecId, Limits, Mode, Submission};

use crate::engine::SCHEME;

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// The languages that are tried.
pub const LANGUAGES: [&str; 3] = ["bash", "c", "python"];

/// The user ids of the programs: nobody else's on this host.
pub const FIRST_UID: u32 = 1_700_000_100;

/// A fake engine: the folder that says what it does.
pub struct FakeEngine(tempfile::TempDir);

/// A session still writes into the folder until it has ended.
impl Drop for FakeEngine {
    fn drop(&mut self) {
        let deadline = Instant::now() + PATIENCE;
        while self.sessions() > 0 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

impl FakeEngine {
    /// One that does what it is asked for, once these are done with: see `engine`.
    pub fn new(script: &[&str]) -> Self {
        let engine = Self(tempfile::tempdir().expect("a folder"));
        engine.script(script);
        engine
    }

    /// The same, with another handshake.
    pub fn greeting(handshake: &str) -> Self {
        let engine = Self::new(&[]);
        engine.set("handshake", handshake);
        engine
    }

    pub fn script(&self, script: &[&str]) {
        self.set("script", &script.join("\n"));
    }

    pub fn set(&self, name: &str, content: &str) {
        fs::write(self.0.path().join(name), content).expect("can be written");
    }

    pub fn host(&self) -> String {
        format!("{SCHEME}{}", self.0.path().display())
    }

    pub fn log(&self) -> String {
        fs::read_to_string(self.0.path().join("log")).unwrap_or_default()
    }

    /// How many of its sessions are processes that live.
    pub fn sessions(&self) -> usize {
        let lives = |pid: &&str| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            stat.rsplit_once(") ").is_some_and(|(_, rest)| !rest.starts_with('Z'))
        };
        self.log().lines().filter_map(|line| line.strip_prefix("pid ")).filter(lives).count()
    }

    /// How often this line is in its log.
    pub fn count(&self, line: &str) -> usize {
        self.log().lines().filter(|other| *other == line).count()
    }

    /// Until this line is in its log so often.
    pub async fn seen(&self, line: &str, times: usize) {
        let deadline = Instant::now() + PATIENCE;
        while self.count(line) < times {
            assert!(Instant::now() < deadline, "`{line}` is not {times} times in:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// As the repository has them, each with a container.
pub fn languages() -> Vec<LoadedLanguage> {
    let mut languages = load_languages(&repository().join("languages")).expect("are readable");
    languages.retain(|loaded| LANGUAGES.contains(&loaded.language.id.as_str()));
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
    DaggerExecutor::new(settings(engines, changes), languages()).expect("the settings are right")
}

/// With what applies when nothing is asked for.
pub fn submission(language: &str, mode: Mode, code: &str, inputs: &[&str]) -> Submission {
    Submission {
        id: ExecId::new(uuid::Uuid::new_v4()),
        owner: "test".to_owned(),
        language: language.to_owned(),
        mode,
        code: code.to_owned(),
        inputs: inputs.iter().map(|input| (*input).to_owned()).collect(),
        limits: Limits::default(),
        files: Vec::new(),
        compile_options: Vec::new(),
        args: Vec::new(),
        compile_cache: true,
        priority: Default::default(),
        student: None,
        callback_url: None,
        no_store: false,
        grading: None,
    }
}

/// A Python program that prints its input.
pub fn echo(inputs: &[&str]) -> Submission {
    submission("python", Mode::Program, "print(input(), end='')", inputs)
}
