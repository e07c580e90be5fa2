//! A node: a process that accepts submissions, or runs them, or both, from its parts.
//!
//! ```text
//!                +-- api side ------ requests, the router of `app`
//!  common ------ +-- worker side --- the scheduler, if something is run here
//!  (store, words +-- courier ------- callbacks
//!   in memory)   +-- housekeeping -- what has had its time
//!                +-- history ------- what happened when
//! ```
//!
//! This module puts them together, starts them and ends them in order. What each does is in its own module; how the process
//! comes by an executor and loses its privileges is for `commands::serve`.

mod api;
mod common;
mod error;
mod tasks;

use std::future::Future;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use executor::Executor;
use model::Language;
use store::{CallbackStore, HistoryStore, KeyStore, Store};
use tokio::time::Instant;

use crate::callbacks::courier::{self, Courier};
use crate::callbacks::outside::Outside;
use crate::callbacks::post::Post;
use crate::config::Config;
use crate::descriptors;
use crate::execution_log::ExecutionLog;
use crate::history::memory::Memory;
use crate::housekeeping;
use crate::http::{self, Bounds};
use crate::keys;
use crate::scheduler::{Scheduler, Stopper, Timing, stopper};
use crate::validate::Rules;
use api::ApiSide;
use common::Common;
pub use error::ServeError;
use tasks::Tasks;

/// How long running submissions and requests may take once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(20);

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
    let Surroundings { outside, memory } = surroundings;
    let address = listener.local_addr()?;
    let api = ApiSide {
        key: keys::first_key(&config, address.ip())?,
        keys: stores.keys.clone(),
        rules: Rules::new(&config, languages).map_err(ServeError::Rules)?,
        executor: executor.clone(),
    };
    let (log, _guard) = ExecutionLog::open(&config.log_dir)
        .map_err(|source| ServeError::Log { folder: config.log_dir.display().to_string(), source })?;
    let recovered = stores.submissions.recover().await?;
    if recovered > 0 {
        tracing::info!(submissions = recovered, "what was running when the server ended is run again");
    }
    let common = Common::new(&config, &stores, memory, log)?;
    let courier = courier(&config, &common, outside)?;

    let (stopper, stop) = stopper();
    let mut tasks = Tasks::default();
    tasks.start("the scheduler died", scheduler(&common, executor).run(config.workers(), stop.clone()));
    tasks.start("callbacks were not sent any more", courier.run(stop.clone()));
    let cleaning = housekeeping::Rules { results_kept: config.results_kept(), pause: housekeeping::PAUSE };
    let cleaning = housekeeping::run(common.store.clone(), cleaning, stop.clone());
    tasks.start("what has had its time was not deleted any more", cleaning);
    let history = common.history.clone();
    tasks.start("the history was not written any more", async move { history.run(stop).await });

    api.show_new_key(&config, address);
    tracing::info!(%address, workers = config.workers(), "listening");
    // The key is held by nobody from here on.
    let router = api.router(&config, &common, address);
    let told = stopped(&config, &common, &stopper, shutdown);
    let served = http::serve(listener, router, bounds(&config), told).await;
    // When serving failed nobody has asked the workers yet; dropping the stopper does.
    drop(stopper);
    tasks.ended().await;
    end(common).await;
    Ok(served?)
}

/// Sends callbacks.
fn courier(config: &Config, common: &Common, outside: Outside) -> Result<Arc<Courier>, ServeError> {
    Ok(Arc::new(Courier {
        store: common.callbacks.store.clone(),
        wake: common.callbacks.wake.clone(),
        post: Post {
            targets: config.callback_targets.clone(),
            connections: outside.connections()?,
            patience: Duration::from_millis(config.callback_timeout_ms),
        },
        observed: common.observed.clone(),
        rules: courier::Rules::new(config.callback_tries),
    }))
}

/// Runs submissions.
fn scheduler(common: &Common, executor: Arc<dyn Executor>) -> Arc<Scheduler> {
    let common = common.clone();
    Arc::new(Scheduler {
        store: common.store,
        executor,
        wake: common.wake,
        waiters: common.waiters,
        events: common.events,
        cancels: common.cancels,
        throughput: common.throughput,
        log: common.log,
        observed: common.observed,
        traces: common.traces,
        timing: Timing::default(),
    })
}

fn bounds(config: &Config) -> Bounds {
    Bounds {
        connections: descriptors::connections(config.max_connections, config.workers(), config.boxes_ahead().all),
        header_timeout: Duration::from_millis(config.header_timeout_ms),
        stall: Duration::from_millis(config.stall_timeout_ms),
        least_rate: config.min_rate,
        drain: DRAIN,
    }
}

/// Ends when no more connections are to be accepted; everybody knows by then.
async fn stopped(config: &Config, common: &Common, stopper: &Stopper, shutdown: impl Future<Output = ()>) {
    shutdown.await;
    common.draining.store(true, Ordering::Relaxed);
    tracing::info!("stopping: running submissions are finished");
    tokio::time::sleep(Duration::from_millis(config.drain_notice_ms)).await;
    stopper.stop(Instant::now() + DRAIN);
    common.waiters.close();
    common.events.close();
}

/// What is left to do when nothing runs any more.
async fn end(common: Common) {
    // What the workers have finished since they were told to stop.
    if let Err(error) = common.history.write().await {
        tracing::warn!(error = %error, "the last seconds are missing in the history");
    }
    // It waits for the collector, for as long as that may take.
    if let Err(error) = tokio::task::spawn_blocking(move || common.traces.stop()).await {
        tracing::error!(error = %error, "the last spans were not sent");
    }
}
