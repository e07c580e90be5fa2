//! The native executor: each input in a fresh box of its own.
//!
//! A submission holds one slot of the launcher from its first input to its last. The work happens on
//! a blocking thread that owns the slot, so that a caller who goes away can not leave a box behind.

mod cache;
mod outcome;
mod probe_list;
mod probes;
mod session;
mod templates;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use async_trait::async_trait;
use model::{Report, Submission};
use sandbox::{BoxRequest, Collected, Exit, Ground, Holes, Launcher, SandboxError, Slot, Step, StopFlag};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::languages::LoadedLanguage;
use crate::plan::{BoxKind, CompilePlan, Plan, plan};
use crate::{Cancel, Executor, ExecutorError, LanguageStatus};
pub use cache::{CacheScope, CompileCacheSettings, CompileCacheStatus};
use cache::{CompileCache, Given, Place, Recipe};
use probes::Probes;
pub use probes::{Probed, WallStatus};
use session::Session;
pub use templates::Ceilings;

/// How the launcher is started.
#[derive(Debug, Clone)]
pub struct LauncherCommand {
    /// The program whose `main` calls [`sandbox::launcher_main`].
    pub program: PathBuf,
    /// What makes it do so.
    pub arguments: Vec<String>,
    /// The static runner.
    pub runner: PathBuf,
    /// Where this process stands.
    pub ground: Ground,
    /// What a test takes away of the wall: nothing, except in a test build.
    pub holes: Holes,
    /// The static program that tries the wall.
    pub probe: PathBuf,
}

/// Runs submissions in native boxes.
pub struct NativeExecutor {
    shared: Arc<Shared>,
    free: Arc<Semaphore>,
    launcher: Mutex<Option<Launcher>>,
}

struct Shared {
    languages: Vec<LoadedLanguage>,
    kinds: Vec<BoxKind>,
    ceilings: Ceilings,
    compile_cache: CompileCache,
    probes: Probes,
    holes: Holes,
    slots: Mutex<Vec<Slot>>,
    /// By language id; of all that were read.
    statuses: Mutex<BTreeMap<String, LanguageStatus>>,
}

impl NativeExecutor {
    /// Starts the launcher with this many slots. Must be called with the privileges boxes need,
    /// while the process has one thread.
    ///
    /// # Errors
    /// [`SandboxError`] with the step that this host does not allow.
    pub fn start(
        command: &LauncherCommand,
        languages: Vec<LoadedLanguage>,
        ceilings: Ceilings,
        compile_cache: CompileCacheSettings,
        slots: u16,
    ) -> Result<Self, SandboxError> {
        let (kinds, mut templates) = templates::templates(&languages, &ceilings);
        let compile_cache = CompileCache::new(compile_cache, templates.iter().map(Recipe::of).collect());
        let probes = Probes::new(&command.probe, &mut templates)?;
        let config = templates::launcher_config(templates, slots, command);
        let arguments: Vec<&str> = command.arguments.iter().map(String::as_str).collect();
        let (launcher, slots) = Launcher::start(Path::new(&command.program), &arguments, &config)?;
        let free = Arc::new(Semaphore::new(slots.len()));
        let statuses = languages.iter().map(|loaded| (loaded.language.id.clone(), first_status(loaded))).collect();
        let (slots, statuses) = (Mutex::new(slots), Mutex::new(statuses));
        let holes = command.holes.clone();
        let shared = Shared { languages, kinds, ceilings, compile_cache, probes, holes, slots, statuses };
        let shared = Arc::new(shared);
        Ok(Self { shared, free, launcher: Mutex::new(Some(launcher)) })
    }

    /// Tries the wall before it is needed: the probe of all that needs no limit to be reached, and then the version
    /// command of one language after the other, `first` to begin with, until one was run in a box. Nobody else may
    /// be using the executor.
    ///
    /// # Errors
    /// When the wall is broken, or boxes can not be made.
    pub fn try_wall(&self, first: &str) -> Result<(), ExecutorError> {
        self.shared.try_walls()?;
        let mut failure = None;
        for id in std::iter::once(first).chain(self.languages().filter(|id| *id != first)) {
            match self.shared.self_test(id) {
                Ok(LanguageStatus::NotInstalled { .. }) => {}
                Ok(_) => return Ok(()),
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(()), Err)
    }

    /// Runs the version command of a language in a box, waiting for a slot first, and remembers the result.
    ///
    /// # Errors
    /// When no box could be made for it; that is remembered too.
    pub async fn self_test(&self, id: &str) -> Result<LanguageStatus, ExecutorError> {
        let failed = |cause: String| ExecutorError { context: "self-test", cause };
        let permit = Arc::clone(&self.free).acquire_owned().await.map_err(|error| failed(error.to_string()))?;
        let (shared, id) = (Arc::clone(&self.shared), id.to_owned());
        let test = tokio::task::spawn_blocking(move || {
            let status = shared.self_test(&id);
            drop(permit);
            status
        });
        test.await.map_err(|error| failed(error.to_string()))?
    }

    /// The ids of all languages, installed or not.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.shared.languages.iter().map(|loaded| loaded.language.id.as_str())
    }

    /// The launcher's process id, for the operator.
    pub fn launcher_pid(&self) -> Option<u32> {
        lock(&self.launcher).as_ref().map(Launcher::pid)
    }

    /// Returns when the launcher has ended, which it never does by itself while this exists.
    pub async fn launcher_ended(&self) {
        let watch = lock(&self.launcher).as_ref().map(Launcher::watch);
        let Some(Ok(watch)) = watch else { return };
        let (ended, told) = oneshot::channel();
        // A thread of its own: it waits for as long as the server lives.
        std::thread::spawn(move || {
            watch.wait();
            ended.send(())
        });
        // An error means that the thread is gone, and with it the only one who could know.
        let _ = told.await;
    }

    /// Ends the launcher and waits until it has removed everything of its own. Nothing may be
    /// running.
    ///
    /// # Errors
    /// When the launcher ended badly.
    pub fn shut_down(&self) -> Result<(), SandboxError> {
        lock(&self.shared.slots).clear();
        lock(&self.launcher).take().map_or(Ok(()), Launcher::wait)
    }
}

#[async_trait]
impl Executor for NativeExecutor {
    async fn execute(&self, submission: &Submission, cancel: &Cancel) -> Result<Report, ExecutorError> {
        let failed = |cause: String| ExecutorError { context: "execute", cause };
        let permit = Arc::clone(&self.free).acquire_owned().await.map_err(|error| failed(error.to_string()))?;
        let stop = StopFlag::new().map_err(|error| failed(error.to_string()))?;
        let shared = Arc::clone(&self.shared);
        let run = {
            let (submission, stop) = (submission.clone(), stop.clone());
            tokio::task::spawn_blocking(move || shared.run(&submission, &stop, permit))
        };
        tokio::pin!(run);
        let result = tokio::select! {
            result = &mut run => result,
            () = cancel.cancelled() => {
                stop.raise();
                run.await
            }
        };
        result.map_err(|error| failed(error.to_string()))?
    }

    fn ready(&self) -> Result<(), String> {
        let slots = lock(&self.shared.slots);
        // An empty list means that all are busy, which is fine.
        if !slots.is_empty() && slots.iter().all(Slot::is_broken) {
            return Err("the launcher does not answer".to_owned());
        }
        // A test that has opened holes wants to see what comes through.
        self.shared.probes.broken().filter(|_| !self.shared.holes.any()).map_or(Ok(()), Err)
    }

    fn wall(&self) -> WallStatus {
        self.shared.probes.status()
    }

    fn compile_cache(&self) -> CompileCacheStatus {
        self.shared.compile_cache.status()
    }

    fn language(&self, id: &str) -> LanguageStatus {
        let unknown = || LanguageStatus::NotInstalled { missing: "its folder".to_owned() };
        lock(&self.shared.statuses).get(id).cloned().unwrap_or_else(unknown)
    }
}

/// What is known of a language before it was tried.
fn first_status(loaded: &LoadedLanguage) -> LanguageStatus {
    match &loaded.root {
        Ok(_) => LanguageStatus::Untested,
        Err(missing) => LanguageStatus::NotInstalled { missing: missing.clone() },
    }
}

impl Shared {
    fn take_slot(&self) -> Result<Slot, ExecutorError> {
        let mut slots = lock(&self.slots);
        let good = slots.iter().position(|slot| !slot.is_broken());
        match good {
            Some(index) => Ok(slots.swap_remove(index)),
            None => Err(ExecutorError { context: "take a slot", cause: "the launcher does not answer".to_owned() }),
        }
    }

    fn give_back(&self, slot: Slot) {
        lock(&self.slots).push(slot);
    }

    /// Runs the version command and remembers what came of it.
    fn self_test(&self, id: &str) -> Result<LanguageStatus, ExecutorError> {
        let known = lock(&self.statuses).get(id).cloned();
        match known {
            None => return Ok(LanguageStatus::NotInstalled { missing: "its folder".to_owned() }),
            Some(absent @ LanguageStatus::NotInstalled { .. }) => return Ok(absent),
            Some(_) => {}
        }
        let start = Instant::now();
        let version = self.version(id);
        let result = match &version {
            Ok(version) => version.clone(),
            Err(error) => Err(error.to_string()),
        };
        let status = LanguageStatus::Tested { result, at: SystemTime::now(), took: start.elapsed() };
        lock(&self.statuses).insert(id.to_owned(), status.clone());
        version.map(|_| status)
    }

    /// The first line its version command prints, or why it does not; an error if there was no box to run it in.
    fn version(&self, id: &str) -> Result<Result<String, String>, ExecutorError> {
        let failed = |error: SandboxError| ExecutorError { context: "self-test", cause: error.to_string() };
        let template = self.template(&BoxKind::Version(id.to_owned()))?;
        let limits = templates::box_limits(&self.ceilings.run);
        let request = BoxRequest { template, args: &[], files: &[], stdin: &[], limits };
        let stop = StopFlag::new().map_err(failed)?;
        let mut slot = self.take_slot()?;
        let outcome = slot.run(&request, &stop);
        self.give_back(slot);
        match outcome {
            Ok(outcome) if outcome.exit == Exit::Status(0) => {
                let line = first_line(&outcome.stdout).or_else(|| first_line(&outcome.stderr));
                Ok(line.ok_or_else(|| "version_command prints nothing".to_owned()))
            }
            Ok(outcome) => {
                let said = first_line(&outcome.stderr).or_else(|| first_line(&outcome.stdout)).unwrap_or_default();
                Ok(Err(format!("version_command ended with {:?}: {said}", outcome.exit)))
            }
            // The box stood; the program could not be executed in it.
            Err(error) if error.step == Step::Program => Ok(Err(error.to_string())),
            Err(error) => Err(failed(error)),
        }
    }

    fn template(&self, kind: &BoxKind) -> Result<usize, ExecutorError> {
        self.kinds
            .iter()
            .position(|other| other == kind)
            .ok_or_else(|| ExecutorError { context: "find a box", cause: format!("there is none for {kind:?}") })
    }

    /// Where what is made of a submission is kept: nowhere if it does not want that, or while nobody knows with
    /// which version of the tool chain it is made.
    fn place<'a>(
        &'a self,
        submission: &'a Submission,
        plan: &Plan,
        compile: &CompilePlan,
    ) -> Result<Option<Place<'a>>, ExecutorError> {
        let status = lock(&self.statuses).get(&submission.language).cloned();
        let Some(LanguageStatus::Tested { result: Ok(version), .. }) = status else { return Ok(None) };
        let recipe = self.compile_cache.recipe(self.template(&compile.boxes)?);
        let Some(recipe) = recipe.filter(|_| submission.compile_cache) else { return Ok(None) };
        let given = Given { recipe, version: &version, submission, plan, compile };
        Ok(self.compile_cache.place(&submission.owner, &given))
    }

    /// All of a submission, in one slot.
    fn run(
        &self,
        submission: &Submission,
        stop: &StopFlag,
        _permit: OwnedSemaphorePermit,
    ) -> Result<Report, ExecutorError> {
        let loaded = self.languages.iter().find(|loaded| loaded.language.id == submission.language);
        let planned = loaded.and_then(|loaded| Some((loaded, plan(submission, loaded)?)));
        let (loaded, plan) = planned.ok_or_else(|| ExecutorError {
            context: "plan",
            cause: format!("{} has no mode {}", submission.language, submission.mode.name()),
        })?;
        let mut slot = self.take_slot()?;
        let result = Session::new(self, loaded, submission, &plan, &mut slot, stop).and_then(Session::run);
        self.give_back(slot);
        result
    }
}

/// The first line with something on it, fit to show.
fn first_line(collected: &Collected) -> Option<String> {
    let text = String::from_utf8_lossy(&collected.bytes);
    text.lines().find(|line| !line.trim().is_empty()).map(model::text::one_line)
}

/// A panic elsewhere does not make the list of slots wrong.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
