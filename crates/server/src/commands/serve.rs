//! `code-runner serve`: makes a process a server, step by step, and hands over to [`crate::node`].

use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;

use executor::Executor;
use store::SqliteStore;

use crate::backend::{self, Backend};
use crate::callbacks::outside::Outside;
use crate::config::Config;
use crate::dagger;
use crate::descriptors;
use crate::history::memory::Memory;
use crate::keys;
use crate::node::{ServeError, Stores, Surroundings, serve_with};
use crate::privileges;
use crate::self_tests;
use crate::signals;
use crate::sys;

/// The database in the data directory.
pub const DATABASE: &str = "code-runner.sqlite";

/// The command: serves until it is told to stop by a signal.
pub fn run(config: Config) -> ExitCode {
    match try_run(config) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("code-runner: {error}");
            ExitCode::FAILURE
        }
    }
}

fn try_run(mut config: Config) -> Result<(), ServeError> {
    sys::give_memory_back();
    // In this order, while there is one thread: what needs the host as it is, what needs privileges, then without them.
    let prepared = dagger::prepare(&config).map_err(ServeError::Backend)?;
    let Backend { languages, executor, ground } = backend::start(&config).map_err(ServeError::Backend)?;
    descriptors::raise();
    // Where it is looked for can not be seen any more without privileges.
    if let Some(lost) = backend::lost_without_library(&config) {
        tracing::warn!("{lost}");
    }
    let listener =
        TcpListener::bind(config.listen).map_err(|source| ServeError::Bind { address: config.listen, source })?;
    let is_told = !config.callback_targets.is_empty();
    let outside = if is_told { Outside::read() } else { Outside::given(None, Vec::new()) };
    let surroundings = Surroundings { outside, memory: Memory::of_this_process() };
    keys::take_from_file(&mut config)?;
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
        let lost = Arc::clone(&native);
        let mut launcher_lost = false;
        let store = Arc::new(SqliteStore::open(&config.data_dir.join(DATABASE)).await?);
        let until = async {
            tokio::select! {
                () = shutdown => {}
                () = lost.launcher_ended() => {
                    launcher_lost = true;
                    tracing::error!("the launcher ended; the server stops, and what was accepted waits for the next start");
                }
            }
        };
        native.warm_up(&default);
        let self_tests = tokio::spawn(self_tests::run(native.clone()));
        let elsewhere = elsewhere.map(|running| tokio::spawn(running.keep()));
        let stores = Stores {
            submissions: store.clone(),
            keys: store.clone(),
            callbacks: store.clone(),
            history: store.clone(),
        };
        let served = serve_with(config, languages, stores, surroundings, executor, listener, until).await;
        self_tests.abort();
        if let Some(elsewhere) = elsewhere {
            elsewhere.abort();
        }
        // It was stopped just now, or had a defect that the next start will show again.
        let _ = self_tests.await;
        served?;
        store.close().await?;
        if launcher_lost { Err(ServeError::LauncherLost) } else { Ok(()) }
    });
    outcome.and(native.shut_down().map_err(|error| ServeError::Backend(error.to_string())))
}
