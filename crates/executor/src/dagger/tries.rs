//! A job's way to an engine and back: a permit, a session, the language's container, one query; and again elsewhere if that fails.

use std::time::{Duration, Instant, SystemTime};

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use model::{Container, ContainerSource};
use runner::container::wire::{self, Done, Job};

use super::engine::{Engine, Permit};
use super::failure::Failure;
use super::job::{self, Identity};
use super::session::{self, Session};
use super::{DaggerExecutor, RunAs, client, documents, lock};
use crate::Executor as _;
use crate::languages::LoadedLanguage;

/// How soon it is looked again whether an engine has come back.
const RETRY: Duration = Duration::from_millis(100);

/// How long making a language's container may take: an image may have to be pulled.
const BASE_TIME: Duration = Duration::from_secs(600);

/// How often a submission is tried here before it is given back as failed.
const TRIES: usize = 3;

/// Makes the job of a try.
pub type MakeJob<'a> = dyn Fn(Vec<Vec<u64>>, Identity) -> Option<Job> + Send + Sync + 'a;

impl DaggerExecutor {
    /// What came of a job, on whichever engine; each try has a job of its own.
    pub(super) async fn done(&self, loaded: &LoadedLanguage, make: &MakeJob<'_>) -> Result<Done, Failure> {
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

    /// A permit of the engine that has most of them free. Waits for one, and for an engine that is gone, which may be
    /// starting anew; fails when none has come back in time.
    async fn permit(&self) -> Result<(&Engine, Permit), Failure> {
        let deadline = Instant::now() + self.settings.grace;
        loop {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            let mut open: Vec<&Engine> = self.engines.iter().filter(|engine| engine.is_open()).collect();
            if open.is_empty() {
                self.first_session(deadline).await;
                open = self.engines.iter().filter(|engine| engine.is_open()).collect();
            }
            if open.is_empty() {
                if Instant::now() >= deadline {
                    return Err(Failure::NoSession(self.ready().err().unwrap_or_default()));
                }
                // Those that failed may be tried again only after a pause.
                let _ = tokio::time::timeout(RETRY, changed).await;
                continue;
            }
            open.sort_by_key(|engine| std::cmp::Reverse(engine.free()));
            if let Some(found) = open.into_iter().find_map(|engine| Some((engine, engine.try_permit()?))) {
                return Ok(found);
            }
            changed.await;
        }
    }

    /// Until an engine that may be tried has a session, or none of them can have one.
    async fn first_session(&self, deadline: Instant) {
        let may_try = self.engines.iter().filter(|engine| engine.may_try());
        let mut opening: FuturesUnordered<_> = may_try.map(Engine::session).collect();
        let first = async {
            while let Some(opened) = opening.next().await {
                if opened.is_ok() {
                    return;
                }
            }
        };
        let _ = tokio::time::timeout_at(deadline.into(), first).await;
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
