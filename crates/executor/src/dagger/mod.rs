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
//! there is one. Dropping a query is what cancels it. What is weaker than a box is listed in [`WEAKER`], and in
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
pub mod usher;
mod version;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use async_trait::async_trait;
use model::{Container, ContainerSource, Report, Submission};
use runner::container::wire::{self, Done, Job};
use tokio::sync::Notify;

pub use engine::SessionRules;
use engine::{Engine, Permit};
use failure::Failure;
use job::Identity;
pub use session::Opener;
use session::Session;

use crate::languages::LoadedLanguage;
use crate::native::Ceilings;
use crate::plan::plan;
use crate::{
    AheadStatus, Cancel, CompileCacheStatus, Elsewhere, EngineStatus, Executor, ExecutorError, LanguageStatus,
    Observer, WallStatus, Weaker,
};

/// How often a submission is tried here before it is given back as failed.
const TRIES: usize = 3;

/// How long making a language's container may take: an image may have to be pulled.
const BASE_TIME: Duration = Duration::from_secs(600);

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
    /// What an engine may take beside the programs' own limits before a query is given up.
    pub grace: Duration,
    /// The operator's maximum.
    pub ceilings: Ceilings,
}

/// All of it, whatever the engine.
pub const WEAKER: &[Weaker] = &[
    Weaker {
        name: "isolation",
        there: "the engine is privileged root; who gets out of a container is root on its host",
    },
    Weaker { name: "network", there: "refused by the system call filter alone; the container has an interface" },
    Weaker {
        name: "memory",
        there: "looked at every 5 ms and summed, not bounded by a cgroup; what the kernel holds for a program is not counted",
    },
    Weaker {
        name: "cpu_time",
        there: "looked at every 5 ms; what lives for less and is waited for by nobody is not counted",
    },
    Weaker { name: "processors", there: "no weight: a program competes with whatever runs on the engine's host" },
    Weaker {
        name: "inputs",
        there: "all inputs of a submission share one container, emptied and with nobody alive between them",
    },
    Weaker {
        name: "traces",
        there: "code and inputs are part of what the engine keeps on its disk until it prunes them",
    },
];

/// Where the runner is no root.
const SAME_USER: Weaker = Weaker {
    name: "user",
    there: "programs are the same user as the runner, and only kept out of it by the kernel's rules for PID 1",
};

/// Where the container's kernel has no Landlock.
const NO_LANDLOCK: Weaker =
    Weaker { name: "landlock", there: "there is none: what is writable for everybody in the image can be written" };

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
        if let Opener::Itself(cli) = &settings.sessions.opener
            && !cli.is_file()
        {
            return Err(format!("there is no {}; it is never downloaded", cli.display()));
        }
        if !settings.runner.is_file() {
            return Err(format!("there is no {} to be put into containers", settings.runner.display()));
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
        loop {
            self.connect().await;
            tokio::time::sleep(LOOK).await;
        }
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

    /// What came of a job, on whichever engine; each try has a job of its own.
    async fn done(&self, loaded: &LoadedLanguage, make: &MakeJob<'_>) -> Result<Done, Failure> {
        let mut last = Failure::NoSession("no engine has a session".to_owned());
        for _ in 0..TRIES {
            let (engine, permit) = self.permit().await?;
            match self.on(engine, &permit, loaded, make).await {
                Ok(done) => return Ok(done),
                Err(failure) => {
                    tracing::warn!(engine = engine.host, error = %failure, "a submission could not be run");
                    if failure.is_kill() && self.settings.run_as == RunAs::User {
                        return Err(failure);
                    }
                    last = failure;
                }
            }
        }
        Err(last)
    }

    /// A permit of the engine that has most of them free. Waits for one; fails where no engine has a session.
    async fn permit(&self) -> Result<(&Engine, Permit), Failure> {
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let mut open: Vec<&Engine> = self.engines.iter().filter(|engine| engine.is_open()).collect();
            if open.is_empty() {
                // Somebody has to be the first; those who may not be tried yet are known to be gone.
                self.connect().await;
                open = self.engines.iter().filter(|engine| engine.is_open()).collect();
            }
            if open.is_empty() {
                let reason = self.ready().err().unwrap_or_default();
                return Err(Failure::NoSession(reason));
            }
            open.sort_by_key(|engine| std::cmp::Reverse(engine.free()));
            if let Some(found) = open.into_iter().find_map(|engine| Some((engine, engine.try_permit()?))) {
                return Ok(found);
            }
            changed.await;
        }
    }

    /// One try on this engine.
    async fn on(
        &self,
        engine: &Engine,
        permit: &Permit,
        loaded: &LoadedLanguage,
        make: &MakeJob<'_>,
    ) -> Result<Done, Failure> {
        let session = engine.session().await?;
        session.begin_job();
        let result = self.in_session(&session, permit, loaded, make).await;
        if let Err(failure) = &result
            && failure.ends_session()
        {
            engine.give_up(&session, failure);
        }
        result
    }

    async fn in_session(
        &self,
        session: &Session,
        permit: &Permit,
        loaded: &LoadedLanguage,
        make: &MakeJob<'_>,
    ) -> Result<Done, Failure> {
        let broken = |cause: String| Failure::Answer(cause);
        let base = session.base(&loaded.language.id, || self.make_base(session, loaded)).await?;
        let seccomp =
            sandbox::container_filters(loaded.language.fake_locks).map_err(|error| broken(error.to_string()))?;
        let uid = self.settings.first_uid.saturating_add(permit.slot);
        let identity = Identity { nonce: uuid::Uuid::new_v4().simple().to_string(), uid };
        let job = make(seccomp, identity).ok_or_else(|| broken("there is no such mode".to_owned()))?;
        let text = wire::encode_job(&job).map_err(broken)?;
        let user = match self.settings.run_as {
            RunAs::Root => "0:0".to_owned(),
            RunAs::User => format!("{uid}:{uid}"),
        };
        let (code_bytes, scratch_bytes) = job::sizes(&job);
        let run = documents::Run { base: &base, user: &user, job: &text, code_bytes, scratch_bytes };
        let document = documents::submission(run);
        // In JSON the envelope's quotes are two bytes each.
        let most = usize::try_from(wire::most_envelope_bytes(&job).saturating_mul(2)).unwrap_or(usize::MAX);
        let patience = job::longest(&job) + self.settings.grace;
        let start = Instant::now();
        let asked = tokio::time::timeout(patience, session.client.ask(&document, most)).await;
        let printed = asked.unwrap_or(Err(Failure::Deadline(patience.as_secs())))?;
        let done = wire::open_envelope(&printed, &job).map_err(broken)?;
        if done.wall.other_user != (self.settings.run_as == RunAs::Root) {
            return Err(broken("the runner was not the user it was to be".to_owned()));
        }
        *lock(&self.seen) = Some((done.wall, SystemTime::now(), start.elapsed()));
        Ok(done)
    }

    /// The container of a language, with the runner in it.
    async fn make_base(&self, session: &Session, loaded: &LoadedLanguage) -> Result<String, Failure> {
        let none = || Failure::Answer(format!("{} has no table [dagger]", loaded.language.id));
        let Container { source, links } = loaded.language.dagger.as_ref().ok_or_else(none)?;
        let client = &session.client;
        let runner = session::ask(client, &documents::file(&self.settings.runner.display().to_string())).await?;
        let links: Vec<(&str, &str)> = links.iter().map(|(link, target)| (link.as_str(), target.as_str())).collect();
        let document = match source {
            ContainerSource::Image(name) => documents::base(documents::From::Image(name), &runner, &links),
            ContainerSource::Archive(path) => {
                let id = session::ask(client, &documents::file(path)).await?;
                documents::base(documents::From::Archive(&id), &runner, &links)
            }
            ContainerSource::Root(path) => {
                let id = session::ask(client, &documents::folder(path)).await?;
                documents::base(documents::From::Root(&id), &runner, &links)
            }
        };
        let asked = tokio::time::timeout(BASE_TIME, client.ask(&document, client::SMALL)).await;
        asked.unwrap_or(Err(Failure::Deadline(BASE_TIME.as_secs())))
    }
}

/// Makes the job of a try.
type MakeJob<'a> = dyn Fn(Vec<Vec<u64>>, Identity) -> Option<Job> + Send + Sync + 'a;

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
