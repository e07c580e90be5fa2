//! `code-runner serve` and `code-runner worker`: makes a process a node, step by step, and hands over to [`crate::node`].
//!
//! The order is the point: what needs the host as it is, what needs privileges, then, without them, everything else.

use std::future::Future;
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use executor::{Executor, NativeExecutor, load_languages};
use model::Language;
use store::DatabaseAddress;

use crate::backend::{self, Backend};
use crate::callbacks::outside::Outside;
use crate::config::{Config, StoreChoice};
use crate::dagger;
use crate::descriptors;
use crate::history::memory::Memory;
use crate::keys;
use crate::node::{Runs, ServeError, Surroundings, Work, serve_with};
use crate::privileges;
use crate::self_tests;
use crate::signals;
use crate::stores::{self, Opened};
use crate::sys;

/// The database in the data directory.
pub const DATABASE: &str = "code-runner.sqlite";

/// What a node is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// To accept submissions and run what is accepted.
    Both,
    /// To accept.
    Accepts,
    /// To run.
    Runs,
}

/// The command: works until it is told to stop by a signal.
pub fn run(config: Config, role: Role) -> ExitCode {
    let outcome = match role {
        Role::Accepts => accept(config),
        Role::Both | Role::Runs => accept_and_run(config, role),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("code-runner: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A node without boxes: it needs no privileges, and no toolchain.
fn accept(mut config: Config) -> Result<(), ServeError> {
    sys::give_memory_back();
    stores::take_address_from_file(&mut config)?;
    demand_shared(&config, "`code-runner serve --no-worker`")?;
    let loaded = load_languages(&config.languages_dir).map_err(|error| ServeError::Backend(error.to_string()))?;
    let languages = loaded.into_iter().map(|loaded| loaded.language).collect();
    descriptors::raise();
    let listener = bind(&config)?;
    let surroundings = surroundings(&config);
    let database = stores::prepare(&config, &surroundings.outside)?;
    keys::take_from_file(&mut config)?;
    privileges::become_ordinary(&mut config)?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let shutdown = signals::shutdown()?;
        let opened = Opened::open(&config, database, Vec::new()).await?;
        let work = Work { accepts: Some(languages), runs: None };
        serve_with(config, work, opened.stores(), surroundings, listener, shutdown).await?;
        Ok(opened.close().await?)
    })
}

/// A node with boxes.
fn accept_and_run(mut config: Config, role: Role) -> Result<(), ServeError> {
    sys::give_memory_back();
    stores::take_address_from_file(&mut config)?;
    if role == Role::Runs {
        demand_shared(&config, "`code-runner worker`")?;
    }
    // In this order, while there is one thread: what needs the host as it is, what needs privileges, then without them.
    let prepared = dagger::prepare(&config).map_err(ServeError::Backend)?;
    let Backend { languages, executor, ground } = backend::start(&config).map_err(ServeError::Backend)?;
    descriptors::raise();
    // Where it is looked for can not be seen any more without privileges.
    if let Some(lost) = backend::lost_without_library(&config) {
        tracing::warn!("{lost}");
    }
    let listener = bind(&config)?;
    let surroundings = surroundings(&config);
    let database = stores::prepare(&config, &surroundings.outside)?;
    if role == Role::Both {
        keys::take_from_file(&mut config)?;
    }
    privileges::give_up(&mut config, &ground)?;
    let native = Arc::clone(&executor);
    let (executor, elsewhere): (Arc<dyn Executor>, _) = match prepared {
        None => (executor, None),
        Some(prepared) => {
            let (all, running) = prepared.beside(&config, executor).map_err(ServeError::Backend)?;
            (all, Some(running))
        }
    };
    let default = languages.iter().find(|language| language.answers_to(&config.language));
    let default = default.map_or_else(|| config.language.clone(), |language| language.id.clone());
    let outcome = tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let shutdown = signals::shutdown()?;
        let mut launcher_lost = false;
        native.warm_up(&default);
        let elsewhere = elsewhere.map(|running| tokio::spawn(running.keep()));
        let served = {
            let mut until = std::pin::pin!(until(shutdown, &native, &mut launcher_lost));
            let boxes = Boxes { native: native.clone(), executor, languages, database };
            boxes.serve(config, role, surroundings, listener, until.as_mut()).await
        };
        if let Some(elsewhere) = elsewhere {
            elsewhere.abort();
        }
        served?;
        if launcher_lost { Err(ServeError::LauncherLost) } else { Ok(()) }
    });
    outcome.and(native.shut_down().map_err(|error| ServeError::Backend(error.to_string())))
}

/// Ends when the node is to stop: it was told to, or can not make boxes any more.
async fn until(shutdown: impl Future<Output = ()>, native: &NativeExecutor, launcher_lost: &mut bool) {
    tokio::select! {
        () = shutdown => {}
        () = native.launcher_ended() => {
            *launcher_lost = true;
            tracing::error!("the launcher ended; the server stops, and what was accepted waits for the next start");
        }
    }
}

/// What runs here, once there is a runtime.
struct Boxes {
    native: Arc<NativeExecutor>,
    executor: Arc<dyn Executor>,
    languages: Vec<Language>,
    database: Option<DatabaseAddress>,
}

impl Boxes {
    async fn serve(
        self,
        config: Config,
        role: Role,
        surroundings: Surroundings,
        listener: TcpListener,
        mut until: impl Future<Output = ()> + Unpin,
    ) -> Result<(), ServeError> {
        let is_shared = self.database.is_some();
        if is_shared {
            // What is claimed from a store that others share has to be run here, so it is tried before.
            tokio::select! {
                () = self_tests::try_languages_once(&self.native, config.node_languages.as_deref()) => {}
                () = &mut until => return Ok(()),
            }
        }
        let claims = self.claims(&config)?;
        let opened = Opened::open(&config, self.database, claims.clone()).await?;
        let self_tests = tokio::spawn(self_tests::run(self.native, is_shared));
        let runs = Runs { executor: self.executor, languages: claims, workers: config.workers() };
        let accepts = (role == Role::Both).then_some(self.languages);
        let work = Work { accepts, runs: Some(runs) };
        let served = serve_with(config, work, opened.stores(), surroundings, listener, until).await;
        self_tests.abort();
        // It was stopped just now, or had a defect that the next start will show again.
        let _ = self_tests.await;
        served?;
        Ok(opened.close().await?)
    }

    /// The languages that are taken out of a queue which others share: those that work here, and of these the ones the settings
    /// name.
    fn claims(&self, config: &Config) -> Result<Vec<String>, ServeError> {
        let ids = || self.languages.iter().map(|language| &language.id);
        let wanted = config.node_languages.as_deref();
        if let Some(unknown) = wanted.unwrap_or_default().iter().find(|id| !ids().any(|known| known == *id)) {
            let known = ids().cloned().collect::<Vec<_>>().join(", ");
            let folder = config.languages_dir.display();
            return Err(ServeError::Rules(format!(
                "CODE_RUNNER_NODE_LANGUAGES names `{unknown}`; allowed is {known} (the languages in {folder})"
            )));
        }
        let is_meant = |id: &&String| wanted.is_none_or(|wanted| wanted.contains(id));
        let works = |id: &&String| self.executor.language(id).unavailable().is_none();
        Ok(ids().filter(is_meant).filter(works).cloned().collect())
    }
}

/// # Errors
/// The store is one server's alone.
fn demand_shared(config: &Config, command: &'static str) -> Result<(), ServeError> {
    match config.store {
        StoreChoice::Sqlite => Err(ServeError::NotShared(command)),
        StoreChoice::Postgres(_) => Ok(()),
    }
}

fn bind(config: &Config) -> Result<TcpListener, ServeError> {
    TcpListener::bind(config.listen).map_err(|source| ServeError::Bind { address: config.listen, source })
}

/// What has to be read of the host while it can be seen.
fn surroundings(config: &Config) -> Surroundings {
    let is_needed = !config.callback_targets.is_empty() || config.store != StoreChoice::Sqlite;
    let outside = if is_needed { Outside::read() } else { Outside::given(None, Vec::new()) };
    Surroundings { outside, memory: Memory::of_this_process() }
}
