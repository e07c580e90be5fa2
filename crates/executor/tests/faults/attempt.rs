//! One submission in a traced launcher, with one call that fails or none.

use std::path::{Path as FilePath, PathBuf};

use executor::{
    Cancel, Ceilings, CompileCacheSettings, Executor, LauncherCommand, LoadedLanguage, NativeExecutor, Starts,
    load_languages,
};
use model::{Limits, Report};

use crate::left::Owner;
use crate::path::Path;
use crate::trace::{Fault, Part, Trace, Tracing};

/// What every attempt needs.
pub struct Bench {
    runtime: tokio::runtime::Runtime,
    languages: Vec<LoadedLanguage>,
}

/// A launcher with one slot.
pub struct Launched<'a> {
    bench: &'a Bench,
    executor: NativeExecutor,
    pid: u32,
    owner: Owner,
}

/// What came of a submission.
pub struct Attempt {
    /// What its caller was told.
    pub result: Result<Report, String>,
    /// How the launcher ended, if it has.
    pub ended: Result<(), String>,
    /// What was seen meanwhile.
    pub trace: Trace,
}

impl Bench {
    /// Reads the languages that are used here.
    pub fn new() -> Result<Self, String> {
        let mut languages = load_languages(&repository().join("languages")).map_err(|error| error.to_string())?;
        languages.retain(|loaded| ["c", "javascript", "python"].contains(&loaded.language.id.as_str()));
        let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
        Ok(Self { runtime, languages })
    }

    /// All that were read.
    pub fn languages(&self) -> &[LoadedLanguage] {
        &self.languages
    }

    /// A new launcher.
    pub fn launch(&self) -> Result<Launched<'_>, String> {
        let ceilings = Ceilings { run: Limits::default(), compile: Limits::for_compiling() };
        let executor = NativeExecutor::start(
            &launcher_command(),
            self.languages.clone(),
            ceilings,
            CompileCacheSettings::default(),
            1,
        );
        let executor = executor.map_err(|error| error.to_string())?;
        let pid = executor.launcher_pid().ok_or("no launcher")?;
        Ok(Launched { bench: self, executor, pid, owner: Owner::of(pid)? })
    }
}

impl Launched<'_> {
    /// The path's submission, untraced.
    pub fn run(&self, path: &Path) -> Result<Report, String> {
        let (submission, cancel) = (path.submission(), Cancel::default());
        let run = self.executor.execute(&submission, &cancel);
        self.bench.runtime.block_on(run).map_err(|error| error.to_string())
    }

    /// The path's submission, with a fault or none. After one in a box the launcher must be as it was.
    pub fn attempt(&self, path: &Path, fault: Option<&Fault>) -> Result<Attempt, String> {
        let before = self.owner.look();
        let tracing = Tracing::begin(self.pid, fault)?;
        let result = self.run(path);
        let trace = tracing.cut()?;
        let left = match fault {
            Some(fault) if fault.place.part == Part::Launcher => self.owner.must_settle(),
            _ => self.owner.must_be(&before, path.kinds),
        };
        left.map_err(|left| format!("{left}\nafter {result:?}"))?;
        let alive = self.owner.is_alive();
        let ended = if alive { Ok(()) } else { Err("the launcher has ended by itself".to_owned()) };
        Ok(Attempt { result, ended, trace })
    }

    /// The path's submission, and then the launcher's own end, with a fault anywhere or none.
    pub fn attempt_to_the_end(self, path: &Path, fault: Option<&Fault>) -> Result<Attempt, String> {
        let tracing = Tracing::begin(self.pid, fault)?;
        let result = self.run(path);
        let settled = self.owner.must_settle();
        let ended = self.executor.shut_down().map_err(|error| error.to_string());
        let trace = tracing.end()?;
        if ended.is_err() {
            // What a launcher that died has left, the next removes.
            self.bench.launch()?.end(true)?;
        }
        settled.and_then(|()| self.owner.must_be_gone())?;
        Ok(Attempt { result, ended, trace })
    }

    /// Can it be used again?
    pub fn is_sound(&self) -> bool {
        self.executor.ready().is_ok() && self.owner.is_alive() && self.owner.must_have_no_box().is_ok()
    }

    /// Ends it. `well` says that it has to be able to do so.
    pub fn end(self, well: bool) -> Result<(), String> {
        let ended = self.executor.shut_down().map_err(|error| error.to_string());
        if let Err(error) = ended {
            if well {
                return Err(error);
            }
            self.bench.launch()?.end(true)?;
        }
        self.owner.must_be_gone()
    }
}

/// This program again, as the launcher.
pub fn launcher_command() -> LauncherCommand {
    let program = std::env::current_exe().expect("has a path");
    let folder = program.parent().and_then(FilePath::parent).expect("lies in target/…/deps").to_owned();
    let ground = sandbox::Ground::take().expect("has a folder for lock files");
    LauncherCommand {
        program,
        arguments: vec!["launcher".to_owned()],
        runner: folder.join("code-runner-runner"),
        probe: folder.join("code-runner-probe"),
        ground,
        holes: sandbox::Holes::default(),
        starts: Starts::STRICT,
    }
}

fn repository() -> PathBuf {
    FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
