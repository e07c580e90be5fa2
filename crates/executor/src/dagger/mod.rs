//! The executor that runs each submission in a container of a Dagger Engine.
//!
//! The same plan as for boxes, the same judgements, and inside the container the same static runner, which holds the programs to
//! their limits by itself (`runner::container`), because an engine has no limit per container. One submission is one query.
//!
//! ```text
//! submission -> plan -> job (a nonce, files, limits, filters) -> stdin of the runner -> envelope on its stdout -> report
//!                        |                                                                ^
//!                        engine: permit, session, base container -- one GraphQL query --- |
//! ```
//!
//! What can fail on the way is told apart in `failure`, and none of it is a student's: it is tried again, on another engine if
//! there is one. Dropping a query is what cancels it. What is weaker than a box is listed in `weaker`, and in
//! `docs/dagger.md` with what to do about it.
//!
//! Our own client speaks to the session, and not the official crate: its answers have no bound, it follows redirects with the
//! session's token in its hands, and it brings a licence that is not on our list. `docs/dagger.md` has the details.

mod client;
pub mod documents;
mod engine;
mod failure;
mod job;
mod report;
mod session;
mod tries;
pub mod usher;
mod version;
mod weaker;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use model::{Report, Submission};
use runner::container::wire::{self, Done};
use tokio::sync::Notify;

use engine::Engine;
pub use engine::SessionRules;
use failure::Failure;
pub use session::Opener;
use weaker::{NO_LANDLOCK, SAME_USER, WEAKER};

use crate::languages::LoadedLanguage;
use crate::native::Ceilings;
use crate::plan::plan;
use crate::{
    AheadStatus, Cancel, CompileCacheStatus, Elsewhere, EngineStatus, Executor, ExecutorError, LanguageStatus,
    Observer, WallStatus, Weaker,
};

/// How often it is seen to that each engine has a session.
const LOOK: Duration = Duration::from_millis(500);

/// Who the runner is in its container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunAs {
    /// Root, which makes each program another user.
    Root,
    /// An ordinary user, and so is each program: the same.
    User,
}

/// How engines are used.
#[derive(Clone)]
pub struct DaggerSettings {
    /// Where they are, as `_EXPERIMENTAL_DAGGER_RUNNER_HOST` says it.
    pub engines: Vec<String>,
    /// How many submissions each may run at the same time.
    pub permits: u32,
    /// When sessions are opened, and with what.
    pub sessions: SessionRules,
    /// The static runner on this host.
    pub runner: PathBuf,
    /// Who it is.
    pub run_as: RunAs,
    /// The first of as many user ids as an engine has permits.
    pub first_uid: u32,
    /// What an engine may take beside the programs' own limits before a query is given up, and how long one that is gone is
    /// waited for.
    pub grace: Duration,
    /// The operator's maximum.
    pub ceilings: Ceilings,
}

/// Runs submissions in containers of Dagger Engines.
pub struct DaggerExecutor {
    settings: DaggerSettings,
    languages: Vec<LoadedLanguage>,
    engines: Vec<Engine>,
    /// Somebody gave a permit back, or an engine has a session again.
    changed: Arc<Notify>,
    statuses: Mutex<BTreeMap<String, LanguageStatus>>,
    /// What the last envelope said of its wall, and when it came.
    seen: Mutex<Option<(wire::Wall, SystemTime, Duration)>>,
}

impl DaggerExecutor {
    /// For these languages, each of which needs to say what its container is made from. Nothing is connected yet:
    /// [`DaggerExecutor::maintain`] does that.
    ///
    /// # Errors
    /// What of the settings, or of a language, can not be used.
    pub fn new(settings: DaggerSettings, languages: Vec<LoadedLanguage>) -> Result<Self, String> {
        if settings.engines.is_empty() {
            return Err("no engine is named".to_owned());
        }
        // Whoever has an usher can not see the host any more.
        if let Opener::Itself(cli) = &settings.sessions.opener {
            if !cli.is_file() {
                return Err(format!("there is no {}; it is never downloaded", cli.display()));
            }
            if !settings.runner.is_file() {
                return Err(format!("there is no {} to be put into containers", settings.runner.display()));
            }
        }
        if let Some(loaded) = languages.iter().find(|loaded| loaded.language.dagger.is_none()) {
            return Err(format!("{0}: languages/{0}/language.toml has no table [dagger]", loaded.language.id));
        }
        // Compiled once here, so that it can not fail later.
        sandbox::container_filters(true).map_err(|error| error.to_string())?;
        let changed = Arc::new(Notify::new());
        let engine = |host: &String| {
            Engine::new(host.clone(), settings.permits, settings.sessions.clone(), Arc::clone(&changed))
        };
        let engines = settings.engines.iter().map(engine).collect();
        let statuses = languages.iter().map(|loaded| (loaded.language.id.clone(), LanguageStatus::Untested)).collect();
        let (statuses, seen) = (Mutex::new(statuses), Mutex::new(None));
        Ok(Self { settings, languages, engines, changed, statuses, seen })
    }

    /// Sees to it that every engine has a session, for ever.
    pub async fn maintain(&self) {
        let keep = async |engine: &Engine| loop {
            if !engine.is_open() && engine.may_try() && engine.session().await.is_ok() {
                self.changed.notify_waiters();
            }
            tokio::time::sleep(LOOK).await;
        };
        // Each for itself: one that is silent holds up no other.
        futures_util::future::join_all(self.engines.iter().map(keep)).await;
    }

    /// Opens a session with each engine that has none and may be tried again. Returns when all have been tried.
    pub async fn connect(&self) {
        let missing = self.engines.iter().filter(|engine| !engine.is_open() && engine.may_try());
        let opened = futures_util::future::join_all(missing.map(Engine::session)).await;
        if opened.iter().any(Result::is_ok) {
            self.changed.notify_waiters();
        }
    }

    /// Ends all sessions.
    pub fn shut_down(&self) {
        self.engines.iter().for_each(Engine::close);
    }

    /// How each engine stands.
    pub fn engines(&self) -> Vec<EngineStatus> {
        self.engines.iter().map(Engine::status).collect()
    }

    /// What is weaker here than in a box, as far as it is known by now.
    pub fn weaker(&self) -> Vec<Weaker> {
        let seen = lock(&self.seen).map(|(wall, _, _)| wall);
        let same_user = self.settings.run_as == RunAs::User;
        let no_landlock = seen.is_some_and(|wall| !wall.landlock);
        let more = [(same_user, SAME_USER), (no_landlock, NO_LANDLOCK)];
        WEAKER.iter().copied().chain(more.into_iter().filter_map(|(holds, weaker)| holds.then_some(weaker))).collect()
    }

    /// The ids of all languages.
    pub fn languages(&self) -> impl Iterator<Item = &str> {
        self.languages.iter().map(|loaded| loaded.language.id.as_str())
    }

    /// Runs the version command of a language in a container, and remembers the result.
    ///
    /// # Errors
    /// When there was no container; that is remembered too.
    pub async fn self_test(&self, id: &str) -> Result<LanguageStatus, ExecutorError> {
        let Some(loaded) = self.loaded(id) else { return Ok(self.language(id)) };
        let start = Instant::now();
        let limits = &self.settings.ceilings.run;
        let make = |seccomp, identity| Some(job::of_version(loaded, seccomp, limits, identity));
        let result = self.done(loaded, &make).await;
        let result_of = |done: Done| match done.runs.as_slice() {
            [facts] if facts.ending == wire::Ending::Exited(0) => {
                let printed = [&facts.stdout, &facts.stderr].map(|stream| String::from_utf8_lossy(&stream.bytes.0));
                let line = printed.iter().find_map(|text| text.lines().find(|line| !line.trim().is_empty()));
                line.map(model::text::one_line).ok_or_else(|| "version_command prints nothing".to_owned())
            }
            [facts] => Err(format!("version_command ended with {:?}", facts.ending)),
            _ => Err("version_command was not run".to_owned()),
        };
        let result = result.map(result_of);
        let remembered = match &result {
            Ok(version) => version.clone(),
            Err(failure) => Err(failure.to_string()),
        };
        let status = LanguageStatus::Tested { result: remembered, at: SystemTime::now(), took: start.elapsed() };
        lock(&self.statuses).insert(id.to_owned(), status.clone());
        result.map(|_| status).map_err(|failure| failed("self-test", &failure))
    }

    fn loaded(&self, id: &str) -> Option<&LoadedLanguage> {
        self.languages.iter().find(|loaded| loaded.language.id == id)
    }
}

#[async_trait]
impl Executor for DaggerExecutor {
    async fn run(
        &self,
        submission: &Submission,
        cancel: &Cancel,
        observer: &Observer,
    ) -> Result<Report, ExecutorError> {
        let loaded = self.loaded(&submission.language);
        let planned = loaded.and_then(|loaded| Some((loaded, plan(submission, loaded)?)));
        let (loaded, plan) = planned.ok_or_else(|| ExecutorError {
            context: "plan",
            cause: format!("{} has no mode {}", submission.language, submission.mode.name()),
        })?;
        let ceilings = &self.settings.ceilings;
        let make = |seccomp, identity| job::of_submission(submission, &plan, loaded, seccomp, ceilings, identity);
        let start = Instant::now();
        let done = tokio::select! {
            // What was cancelled before it began is not begun.
            biased;
            () = cancel.cancelled() => return Ok(Report::cancelled(submission, Default::default())),
            done = self.done(loaded, &make) => done,
        };
        match done {
            Ok(done) => {
                let parts = report::Parts { submission, plan: &plan, loaded, ceilings, took: start.elapsed() };
                parts.report(done, observer).map_err(|cause| ExecutorError { context: "run a container", cause })
            }
            Err(failure) if failure.is_kill() && self.settings.run_as == RunAs::User => {
                Ok(report::killed(submission, start.elapsed()))
            }
            Err(failure) => Err(failed("run a container", &failure)),
        }
    }

    fn ready(&self) -> Result<(), String> {
        if self.engines.iter().any(Engine::is_open) {
            return Ok(());
        }
        let reasons = self
            .engines
            .iter()
            .map(Engine::status)
            .map(|EngineStatus { host, version, .. }| format!("{host}: {}", version.err().unwrap_or_default()));
        Err(format!("no Dagger engine can be used: {}", reasons.collect::<Vec<_>>().join("; ")))
    }

    fn wall(&self) -> WallStatus {
        match (self.ready(), *lock(&self.seen)) {
            (Err(reason), _) => WallStatus::Broken { reason },
            (Ok(()), Some((_, at, took))) => WallStatus::Intact { at, took },
            (Ok(()), None) => WallStatus::Untested,
        }
    }

    fn compile_cache(&self) -> CompileCacheStatus {
        CompileCacheStatus::default()
    }

    fn boxes_ahead(&self) -> AheadStatus {
        AheadStatus::default()
    }

    fn language(&self, id: &str) -> LanguageStatus {
        let unknown = || LanguageStatus::NotInstalled { missing: "its folder".to_owned() };
        lock(&self.statuses).get(id).cloned().unwrap_or_else(unknown)
    }

    fn elsewhere(&self) -> Option<Elsewhere> {
        let languages = self.languages().map(str::to_owned).collect();
        Some(Elsewhere { languages, engines: self.engines(), weaker: self.weaker() })
    }
}

fn failed(context: &'static str, failure: &Failure) -> ExecutorError {
    ExecutorError { context, cause: failure.to_string() }
}

/// A panic elsewhere does not make what is kept here wrong.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
