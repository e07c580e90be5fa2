//! Programs that are there before their code is: what they answer must be what they answer when they are started cold, which
//! the test program `boxes` shows. Needs root, and the runner and the library of templates built beside the test (`make test`
//! sees to all).
//!
//! This binary is also the launcher of its own boxes: `launcher` as the only argument.

mod kit;
mod templates;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use executor::{
    Ahead, Cancel, Ceilings, CompileCacheSettings, Executor, LauncherCommand, LoadedLanguage, NativeExecutor, Starts,
    load_languages,
};
use libtest_mimic::{Arguments, Trial};
use model::{ExecId, Limits, Mode, Report, Submission};

/// Submissions at the same time.
const WORKERS: u16 = 2;

/// How long all that is to wait may take to be ready. Many times the usual.
const PATIENCE: Duration = Duration::from_secs(120);

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("launcher") {
        return sandbox::launcher_main();
    }
    let mut arguments = Arguments::from_args();
    // A language at a time has boxes waiting.
    arguments.test_threads = Some(1);
    let mut trials: Vec<Trial> = Vec::new();
    for id in kit::warm_languages(&languages()) {
        trials.extend(kit::trials(&id));
    }
    trials.extend(templates::trials());
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// An executor, and what it takes to wait for it. It ends with its launcher.
struct Bench {
    runtime: tokio::runtime::Runtime,
    executor: Arc<NativeExecutor>,
}

impl Bench {
    /// With boxes of this language waiting, and all of them warm.
    fn of(language: &str) -> Result<Self, String> {
        let languages = languages();
        // Whether a compiler is warm can not be seen where nothing is compiled.
        let cache = CompileCacheSettings { bytes: 0, ..CompileCacheSettings::default() };
        let executor = NativeExecutor::start(&launcher_command(), languages, ceilings(), cache, WORKERS);
        let executor = Arc::new(executor.map_err(|error| format!("boxes can not be made: {error}"))?);
        let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
        executor.warm_up(language);
        let bench = Self { runtime, executor };
        bench.wait_until_warm()?;
        Ok(bench)
    }

    fn wait_until_warm(&self) -> Result<(), String> {
        if self.executor.wait_until_warm(PATIENCE) { Ok(()) } else { Err("boxes do not get ready".to_owned()) }
    }

    fn execute(&self, submission: &Submission) -> Result<Report, String> {
        let cancel = Cancel::default();
        let run = self.executor.execute(submission, &cancel);
        self.runtime.block_on(run).map_err(|error| error.to_string())
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.executor.shut_down().expect("the launcher ends well");
    }
}

fn languages() -> Vec<LoadedLanguage> {
    load_languages(&repository().join("languages")).expect("the languages are right")
}

/// This program again, as the launcher.
fn launcher_command() -> LauncherCommand {
    let program = std::env::current_exe().expect("has a path");
    let folder = program.parent().and_then(Path::parent).expect("lies in target/…/deps").to_owned();
    let zygote = folder.join("code-runner-zygote.so");
    assert!(zygote.is_file(), "`make binaries` builds the library of templates");
    LauncherCommand {
        program,
        arguments: vec!["launcher".to_owned()],
        runner: folder.join("code-runner-runner"),
        probe: folder.join("code-runner-probe"),
        ground: sandbox::Ground::take().expect("has a folder for lock files"),
        holes: sandbox::Holes::default(),
        starts: Starts { zygote: Some(zygote), ahead: Ahead::for_workers(WORKERS.into()), strict: false },
    }
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What applies when nothing is configured.
fn ceilings() -> Ceilings {
    Ceilings { run: Limits::default(), compile: Limits::for_compiling() }
}

/// A submission in Python with the operator's limits.
fn python(mode: Mode, code: &str, inputs: &[&str]) -> Submission {
    let inputs = inputs.iter().map(|input| (*input).to_owned()).collect();
    Submission::plain(ExecId::new(uuid::Uuid::new_v4()), "test", "python", mode, code, inputs)
}
