//! `code-runner serve`: the server, from its parts.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use executor::Executor;
use model::Language;
use store::{CallbackStore, HistoryStore, KeyStore, SqliteStore, Store, StoreError};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::app::{self, AppState};
use crate::backend::{self, Backend};
use crate::backlog::Backlog;
use crate::callbacks::Callbacks;
use crate::callbacks::courier::{self, Courier};
use crate::callbacks::outside::{Outside, OutsideError};
use crate::callbacks::post::Post;
use crate::cancels::Cancels;
use crate::config::Config;
use crate::dagger;
use crate::descriptors;
use crate::events::Events;
use crate::execution_log::ExecutionLog;
use crate::history::History;
use crate::history::memory::Memory;
use crate::hosts::Hosts;
use crate::housekeeping;
use crate::http::{self, Bounds};
use crate::keyring::Keyring;
use crate::keys::{self, FirstKey, KeyError};
use crate::metrics::observed::Observed;
use crate::privileges::{self, PrivilegeError};
use crate::scheduler::{Scheduler, Timing, stopper};
use crate::self_tests;
use crate::signals;
use crate::sys;
use crate::throughput::Throughput;
use crate::traces::Traces;
use crate::validate::Rules;
use crate::waiters::Waiters;

/// The database in the data directory.
pub const DATABASE: &str = "code-runner.sqlite";

/// How long running submissions and requests may take once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(20);

/// Why the server does not run. Fits after "code-runner: ".
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// There is no key to start with.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Nothing can be run on this host.
    #[error("{0}")]
    Backend(String),
    /// The address is taken or not ours.
    #[error("CODE_RUNNER_LISTEN is {address}, where nothing can listen: {source}")]
    Bind {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The server could not be made harmless.
    #[error(transparent)]
    Privileges(#[from] PrivilegeError),
    /// The launcher died under the server.
    #[error("the launcher ended before the server did")]
    LauncherLost,
    /// The settings and the languages do not fit.
    #[error("{0}")]
    Rules(String),
    /// The execution log can not be opened.
    #[error("the log directory {folder} can not be used: {source}")]
    Log {
        /// The folder.
        folder: String,
        /// Why.
        source: io::Error,
    },
    /// Callbacks can not be sent.
    #[error("callbacks can not be sent: {0}")]
    Callbacks(#[from] OutsideError),
    /// Spans can not be sent.
    #[error("{0}")]
    Traces(String),
    /// The store does not work.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The operating system refused something the server needs.
    #[error("the server can not run: {0}")]
    System(#[from] io::Error),
}

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

/// What is kept, by what it is kept for: the same store, as the server sees it from several sides.
pub struct Stores {
    /// The queue, the results and the counters.
    pub submissions: Arc<dyn Store>,
    /// The keys beside the first.
    pub keys: Arc<dyn KeyStore>,
    /// Whom to tell of results.
    pub callbacks: Arc<dyn CallbackStore>,
    /// What happened when.
    pub history: Arc<dyn HistoryStore>,
}

/// What is known of the host, read while it could be seen.
pub struct Surroundings {
    /// How others are reached.
    pub outside: Outside,
    /// What this process needs.
    pub memory: Memory,
}

/// Serves on `listener` until `shutdown`, then finishes what runs. The store must be this server's alone:
/// what is still claimed in it is taken for the leftovers of a crash and run again.
///
/// # Errors
/// [`ServeError`], before anything was accepted.
pub async fn serve_with(
    config: Config,
    languages: Vec<Language>,
    stores: Stores,
    surroundings: Surroundings,
    executor: Arc<dyn Executor>,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let Stores { submissions: store, keys: key_store, callbacks: callback_store, history: history_store } = stores;
    let Surroundings { outside, memory } = surroundings;
    let address = listener.local_addr()?;
    let key = keys::first_key(&config, address.ip())?;
    let rules = Rules::new(&config, languages).map_err(ServeError::Rules)?;
    let (log, _guard) = ExecutionLog::open(&config.log_dir)
        .map_err(|source| ServeError::Log { folder: config.log_dir.display().to_string(), source })?;
    let recovered = store.recover().await?;
    if recovered > 0 {
        tracing::info!(submissions = recovered, "what was running when the server ended is run again");
    }

    let traces = Arc::new(Traces::start(config.otlp_endpoint.as_ref()).map_err(ServeError::Traces)?);
    let wake = Arc::new(Notify::new());
    let waiters = Arc::new(Waiters::default());
    let observed = Arc::new(Observed::default());
    let history = History::new(observed.recorder.clone(), history_store, store.clone(), memory);
    let history = Arc::new(history);
    let draining = Arc::new(AtomicBool::new(false));
    let events = Arc::new(Events::default());
    let cancels = Arc::new(Cancels::default());
    let throughput = Arc::new(Throughput::new(config.workers()));
    let callbacks = Callbacks { store: callback_store, wake: waiters.courier() };
    let router = app::router(Arc::new(AppState {
        callbacks: callbacks.clone(),
        store: store.clone(),
        executor: executor.clone(),
        rules,
        keys: Keyring::new(key.secret(), key_store),
        backlog: Backlog::new(config.max_queued),
        throughput: throughput.clone(),
        wake: wake.clone(),
        waiters: waiters.clone(),
        events: events.clone(),
        cancels: cancels.clone(),
        log: log.clone(),
        pace: config.pace(),
        hosts: Hosts::new(config.hosts.as_deref(), address.ip()),
        cors_origins: config.cors_origins.clone().unwrap_or_default(),
        pages: config.pages,
        traces: traces.clone(),
        draining: draining.clone(),
        observed: observed.clone(),
        history: history.clone(),
    }));
    let courier = Arc::new(Courier {
        store: callbacks.store,
        wake: callbacks.wake,
        post: Post {
            targets: config.callback_targets.clone(),
            connections: outside.connections()?,
            patience: Duration::from_millis(config.callback_timeout_ms),
        },
        observed: observed.clone(),
        rules: courier::Rules::new(config.callback_tries),
    });
    let store_to_clean = store.clone();
    let scheduler = Arc::new(Scheduler {
        store,
        executor,
        wake,
        waiters: waiters.clone(),
        events: events.clone(),
        cancels,
        throughput,
        log,
        observed,
        traces: traces.clone(),
        timing: Timing::default(),
    });
    let bounds = Bounds {
        connections: descriptors::connections(config.max_connections, config.workers(), config.boxes_ahead().all),
        header_timeout: Duration::from_millis(config.header_timeout_ms),
        stall: Duration::from_millis(config.stall_timeout_ms),
        least_rate: config.min_rate,
        drain: DRAIN,
    };

    let (stopper, stop) = stopper();
    let housekeeping_rules = housekeeping::Rules { results_kept: config.results_kept(), pause: housekeeping::PAUSE };
    let cleaning = tokio::spawn(housekeeping::run(store_to_clean, housekeeping_rules, stop.clone()));
    let sending = tokio::spawn(courier.run(stop.clone()));
    let recording = tokio::spawn({
        let (history, stop) = (history.clone(), stop.clone());
        async move { history.run(stop).await }
    });
    let workers = tokio::spawn(scheduler.run(config.workers(), stop));
    if let FirstKey::Made(_) = &key {
        show(&key, address, &config);
    }
    tracing::info!(%address, workers = config.workers(), "listening");
    drop(key);
    let stopped = async {
        shutdown.await;
        draining.store(true, Ordering::Relaxed);
        tracing::info!("stopping: running submissions are finished");
        tokio::time::sleep(Duration::from_millis(config.drain_notice_ms)).await;
        stopper.stop(Instant::now() + DRAIN);
        waiters.close();
        events.close();
    };
    let served = http::serve(listener, router, bounds, stopped).await;
    // When serving failed nobody has asked the workers yet; dropping the stopper does.
    drop(stopper);
    if let Err(error) = workers.await {
        tracing::error!(error = %error, "the scheduler died");
    }
    if let Err(error) = sending.await {
        tracing::error!(error = %error, "callbacks were not sent any more");
    }
    if let Err(error) = cleaning.await {
        tracing::error!(error = %error, "what has had its time was not deleted any more");
    }
    if let Err(error) = recording.await {
        tracing::error!(error = %error, "the history was not written any more");
    }
    // What the workers have finished since they were told to stop.
    if let Err(error) = history.write().await {
        tracing::warn!(error = %error, "the last seconds are missing in the history");
    }
    // It waits for the collector, for as long as that may take.
    if let Err(error) = tokio::task::spawn_blocking(move || traces.stop()).await {
        tracing::error!(error = %error, "the last spans were not sent");
    }
    Ok(served?)
}

/// The one time a key is shown: when it was made, to whoever started the server.
fn show(key: &FirstKey, address: SocketAddr, config: &Config) {
    let key = key.secret().expose();
    println!(
        "An API key was made and is kept in {}. It is shown only now:",
        config.data_dir.join(keys::FILE).display()
    );
    println!("\n  {key}\n\nTry it:\n");
    println!("  curl -i http://{address}/run -H 'x-api-key: {key}' -H 'content-type: application/json' \\");
    println!(r#"    -d '{{"code":"return str(int(input_str) * int(input_str))","inputs":["4","x"]}}'"#);
    println!();
}
