//! The native executor: each input in a fresh box of its own.
//!
//! A submission holds a permit for one box at a time from its first input to its last, and further ones while nobody else
//! wants them. The work happens on a blocking thread that owns the permit, and on threads that end before it does, so that a
//! caller who goes away can not leave a box behind.

mod cache;
mod lanes;
mod outcome;
mod pool;
mod probe_list;
mod probes;
mod session;
mod templates;
mod turns;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use model::{Report, Submission};
use sandbox::{BoxRequest, Collected, Exit, Ground, Holes, Launcher, Limits, SandboxError, Step, StopFlag};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use crate::languages::LoadedLanguage;
use crate::plan::{BoxKind, CompilePlan, Plan, plan};
use crate::{Cancel, Executor, ExecutorError, LanguageStatus, Observer};
pub use cache::{CacheScope, CompileCacheSettings, CompileCacheStatus};
use cache::{CompileCache, Given, Place, Recipe};
use lanes::Lanes;
pub use pool::Ahead;
use pool::{Kind, Pool};
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
    /// How boxes and programs are started.
    pub starts: Starts,
}

/// How boxes and programs are started.
#[derive(Debug, Clone)]
pub struct Starts {
    /// The library that template processes fork with; without it interpreters are started anew for each run.
    pub zygote: Option<PathBuf>,
    /// What is made before it is asked for.
    pub ahead: Ahead,
    /// Is every program to be started when its files are there, for that use alone, and every box to have a network of its
    /// own? Boxes without a program may wait all the same.
    pub strict: bool,
}

impl Starts {
    /// Everything is made when it is asked for, and for that use alone.
    pub const STRICT: Self = Self { zygote: None, ahead: Ahead::NONE, strict: true };
}

/// What is made ahead of its use, and how often that was in time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AheadStatus {
    /// How many boxes are to wait for their use.
    pub wanted: usize,
    /// How many do, with their program warm where it can be.
    pub waiting: usize,
    /// How many boxes are in use.
    pub in_use: usize,
    /// How often none of its kind waited when a box was needed, since the start.
    pub misses: u64,
    /// Programs of submissions that were there before their files were, since the start.
    pub warm: u64,
    /// And those that were started for their use alone.
    pub cold: u64,
}

/// Runs submissions in native boxes.
pub struct NativeExecutor {
    shared: Arc<Shared>,
    launcher: Mutex<Option<Launcher>>,
}

struct Shared {
    languages: Vec<LoadedLanguage>,
    kinds: Vec<BoxKind>,
    ceilings: Ceilings,
    compile_cache: CompileCache,
    probes: Probes,
    holes: Holes,
    pool: Pool,
    lanes: Lanes,
    /// Of each kind, whether its program has a process of its own while it waits.
    heavy: Vec<bool>,
    /// Programs that were there before their files were.
    warm: AtomicU64,
    /// And those that were not.
    cold: AtomicU64,
    /// By language id; of all that were read.
    statuses: Mutex<BTreeMap<String, LanguageStatus>>,
}

impl NativeExecutor {
    /// Starts the launcher for this many submissions, and boxes of submissions, at the same time. Must be called with the privileges boxes need,
    /// while the process has one thread.
    ///
    /// # Errors
    /// [`SandboxError`] with the step that this host does not allow.
    pub fn start(
        command: &LauncherCommand,
        languages: Vec<LoadedLanguage>,
        ceilings: Ceilings,
        compile_cache: CompileCacheSettings,
        workers: u16,
    ) -> Result<Self, SandboxError> {
        let (kinds, mut templates) = templates::templates(&languages, &ceilings);
        let compile_cache = CompileCache::new(compile_cache, templates.iter().map(Recipe::of).collect());
        let probes = Probes::new(&command.probe, &mut templates)?;
        let Starts { zygote: _, ahead, strict } = command.starts.clone();
        // Then no program waits, and a box without one costs next to nothing.
        let heavy = templates.iter().map(|template| templates::is_heavy(template) && !strict).collect();
        // Each worker has one, in whichever lane, and the thread that fills them another in its hands.
        let reserve = usize::from(workers) + usize::from(ahead != Ahead::NONE);
        let all = u16::try_from(reserve + ahead.all).unwrap_or(u16::MAX);
        let config = templates::launcher_config(templates, all, command);
        let arguments: Vec<&str> = command.arguments.iter().map(String::as_str).collect();
        let (launcher, slots) = Launcher::start(Path::new(&command.program), &arguments, &config)?;
        let (pool, lanes) = (Pool::new(slots, ahead, reserve), Lanes::new(workers));
        let statuses = languages.iter().map(|loaded| (loaded.language.id.clone(), first_status(loaded))).collect();
        let (holes, statuses) = (command.holes.clone(), Mutex::new(statuses));
        let (warm, cold) = (AtomicU64::new(0), AtomicU64::new(0));
        let shared = Shared {
            languages,
            kinds,
            ceilings,
            compile_cache,
            probes,
            holes,
            pool,
            lanes,
            heavy,
            warm,
            cold,
            statuses,
        };
        let shared = Arc::new(shared);
        Ok(Self { shared, launcher: Mutex::new(Some(launcher)) })
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
        let permit = self.shared.lanes.permit().await.map_err(|error| failed(error.to_string()))?;
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

    /// Begins to make boxes ahead of their use: always those of this language, and those of others after they have been
    /// used. Starts a thread.
    pub fn warm_up(&self, language: &str) {
        let (shared, run) = (&self.shared, &self.shared.ceilings.run);
        let loaded = shared.languages.iter().find(|loaded| loaded.language.id == language);
        for (template, kind) in shared.kinds.iter().enumerate() {
            let limits = match kind {
                BoxKind::Compile(id, _) if id == language => shared.ceilings.compile.clone(),
                BoxKind::Run(id, _) if id == language => {
                    loaded.map_or_else(|| run.clone(), |loaded| run.default_with(&loaded.language.limits))
                }
                _ => continue,
            };
            let kind = Kind { template, is_heavy: shared.heavy[template] };
            shared.pool.want(kind, shared.made_with(kind, &limits));
        }
        shared.pool.start();
    }

    /// Waits until all boxes that are wanted ahead wait for their use. False if some do not in time.
    pub fn wait_until_warm(&self, patience: Duration) -> bool {
        self.shared.pool.wait_until_filled(patience)
    }

    /// How many programs were there before their files were, and how many were started for their use alone.
    pub fn started(&self) -> (u64, u64) {
        (self.shared.warm.load(Ordering::Relaxed), self.shared.cold.load(Ordering::Relaxed))
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
        self.shared.pool.close();
        lock(&self.launcher).take().map_or(Ok(()), Launcher::wait)
    }
}

#[async_trait]
impl Executor for NativeExecutor {
    async fn run(
        &self,
        submission: &Submission,
        cancel: &Cancel,
        observer: &Observer,
    ) -> Result<Report, ExecutorError> {
        let failed = |cause: String| ExecutorError { context: "execute", cause };
        let permit = self.shared.lanes.permit().await.map_err(|error| failed(error.to_string()))?;
        let stop = StopFlag::new().map_err(|error| failed(error.to_string()))?;
        let shared = Arc::clone(&self.shared);
        let run = {
            let (submission, stop, observer) = (submission.clone(), stop.clone(), observer.clone());
            tokio::task::spawn_blocking(move || shared.run(&submission, &stop, &observer, permit))
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
        if !self.shared.pool.is_alive() {
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

    fn boxes_ahead(&self) -> AheadStatus {
        let ((wanted, waiting), (warm, cold)) = (self.shared.pool.filled(), self.started());
        let (in_use, misses) = self.shared.pool.used();
        AheadStatus { wanted, waiting, in_use, misses, warm, cold }
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
        let mut slot = self.pool.take_empty()?;
        let outcome = slot.run(&request, &stop);
        self.pool.give_back(slot);
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

    /// The limits with which a box is made ahead for one that is wanted with these: its times and its output can be
    /// lowered when it is used.
    fn made_with(&self, kind: Kind, limits: &model::Limits) -> Limits {
        let ceiling = match self.kinds.get(kind.template) {
            Some(BoxKind::Compile(..) | BoxKind::Check(..)) => &self.ceilings.compile,
            _ => &self.ceilings.run,
        };
        let model::Limits { cpu_time, wall_time, output_bytes, .. } = ceiling.clone();
        templates::box_limits(&model::Limits { cpu_time, wall_time, output_bytes, ..limits.clone() })
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

    /// All of a submission.
    fn run(
        &self,
        submission: &Submission,
        stop: &StopFlag,
        observer: &Observer,
        _permit: OwnedSemaphorePermit,
    ) -> Result<Report, ExecutorError> {
        let loaded = self.languages.iter().find(|loaded| loaded.language.id == submission.language);
        let planned = loaded.and_then(|loaded| Some((loaded, plan(submission, loaded)?)));
        let (loaded, plan) = planned.ok_or_else(|| ExecutorError {
            context: "plan",
            cause: format!("{} has no mode {}", submission.language, submission.mode.name()),
        })?;
        Session::new(self, loaded, submission, &plan, stop, observer)?.run()
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
