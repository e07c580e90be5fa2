//! A node: a process that accepts submissions, or runs them, or both, from its parts.
//!
//! ```text
//!                +-- api side ------ requests, the router of `app`
//!  common ------ +-- worker side --- the scheduler, if something is run here
//!  (store, words +-- courier ------- callbacks
//!   in memory)   +-- housekeeping -- what has had its time
//!                +-- history ------- what happened when
//!                +-- fleet --------- says that it is there, and hears the others, if several nodes share the store
//! ```
//!
//! A node that only runs has no courier and no housekeeping: those that accept do that, and it needs nothing of the world outside.
//!
//! This module puts them together, starts them and ends them in order. What each does is in its own module; how the process
//! comes by an executor and loses its privileges is for `commands::serve`.

mod api;
mod common;
mod error;
mod tasks;
mod together;
mod worker;

use std::future::Future;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use executor::Executor;
use model::Language;
use store::{CallbackStore, Fleet, HistoryStore, KeyStore, Store};
use tokio::time::Instant;

use crate::callbacks::courier::{self, Courier};
use crate::callbacks::outside::Outside;
use crate::callbacks::post::Post;
use crate::config::Config;
use crate::descriptors;
use crate::execution_log::ExecutionLog;
pub use crate::fleet::Runs;
use crate::fleet::{Abroad, Members};
use crate::history::memory::Memory;
use crate::housekeeping;
use crate::http::{self, Bounds};
use crate::keys;
use crate::scheduler::{Stopper, Timing, stopper};
use crate::validate::Rules;
use api::ApiSide;
use common::Common;
pub use error::ServeError;
use tasks::Tasks;
use together::Joined;

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
    /// What several nodes share beside, if they can.
    pub fleet: Option<Arc<dyn Fleet>>,
}

/// What is known of the host, read while it could be seen.
pub struct Surroundings {
    /// How others are reached.
    pub outside: Outside,
    /// What this process needs.
    pub memory: Memory,
}

/// What a node does: at least one of both.
pub struct Work {
    /// It accepts submissions in these languages, by which requests are checked.
    pub accepts: Option<Vec<Language>>,
    /// It runs them.
    pub runs: Option<Runs>,
}

/// Works until `shutdown`, then finishes what runs, and answers on `listener` meanwhile. Where there is no fleet, the store must
/// be this server's alone: what is still claimed in it is taken for the leftovers of a crash and run again.
///
/// # Errors
/// [`ServeError`], before anything was accepted.
pub async fn serve_with(
    config: Config,
    work: Work,
    stores: Stores,
    surroundings: Surroundings,
    listener: TcpListener,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let Surroundings { outside, memory } = surroundings;
    let Work { accepts, runs } = work;
    let address = listener.local_addr()?;
    let members = Arc::new(Members::default());
    let executor = runs.as_ref().map(|runs| runs.executor.clone());
    let api = accepts
        .map(|languages| {
            Ok::<_, ServeError>(ApiSide {
                key: keys::first_key(&config, address.ip())?,
                keys: stores.keys.clone(),
                rules: Rules::new(&config, languages).map_err(ServeError::Rules)?,
                executor: seen_by_api(&stores, runs.clone(), &members),
            })
        })
        .transpose()?;
    let (log, _guard) = ExecutionLog::open(&config.log_dir)
        .map_err(|source| ServeError::Log { folder: config.log_dir.display().to_string(), source })?;
    let common = Common::new(&config, &stores, memory, log)?;
    let courier = api.as_ref().map(|_| courier(&config, &common, outside)).transpose()?;
    let joined = match &stores.fleet {
        Some(fleet) => Some(Joined::new(&config, &common, fleet.clone(), members, runs).await?),
        None => {
            recover(&*common.store).await?;
            None
        }
    };

    let (stopper, stop) = stopper();
    let mut tasks = Tasks::default();
    if let Some(joined) = &joined {
        joined.keep(&mut tasks, stop.clone());
    }
    if let Some(executor) = &executor {
        let publisher = joined.as_ref().map(|joined| joined.publisher.clone());
        let scheduler = worker::scheduler(&common, executor.clone(), publisher, Timing::with_lease(config.lease()));
        tasks.start("the scheduler died", scheduler.run(config.workers(), stop.clone()));
    }
    if let Some(courier) = courier {
        tasks.start("callbacks were not sent any more", courier.run(stop.clone()));
        let rules = housekeeping::Rules { results_kept: config.results_kept(), pause: housekeeping::PAUSE };
        let cleaning = housekeeping::run(common.store.clone(), rules, stop.clone());
        tasks.start("what has had its time was not deleted any more", cleaning);
    }
    let history = common.history.clone();
    tasks.start("the history was not written any more", async move { history.run(stop).await });

    if let Some(api) = &api {
        api.show_new_key(&config, address);
    }
    let workers = if executor.is_some() { config.workers() } else { 0 };
    let bounds = bounds(&config, workers);
    tracing::info!(%address, workers, "listening");
    let together = joined.as_ref().map(|joined| joined.together.clone());
    // Nobody sends requests to a node that only runs, and so nobody has to be told to send them elsewhere first.
    let notice = api.as_ref().map(|_| Duration::from_millis(config.drain_notice_ms)).unwrap_or_default();
    let router = match (api, executor) {
        // The key is held by nobody from here on.
        (Some(api), _) => api.router(&config, &common, together, address),
        (None, Some(executor)) => worker::router(&common, executor),
        (None, None) => return Err(ServeError::Idle),
    };
    let told = stopped(notice, &common, &stopper, shutdown);
    let served = http::serve(listener, router, bounds, told).await;
    // When serving failed nobody has asked the workers yet; dropping the stopper does.
    drop(stopper);
    tasks.ended().await;
    if let Some(joined) = joined {
        joined.leave().await;
    }
    end(common).await;
    Ok(served?)
}

/// What the API asks for languages and for the state of boxes: where there are other nodes, these too.
fn seen_by_api(stores: &Stores, own: Option<Runs>, members: &Arc<Members>) -> Arc<dyn Executor> {
    match (own, &stores.fleet) {
        (Some(own), None) => own.executor,
        (own, _) => Arc::new(Abroad::new(own, members.clone())),
    }
}

/// Gives back what a server that crashed had claimed.
async fn recover(store: &dyn Store) -> Result<(), ServeError> {
    let recovered = store.recover().await?;
    if recovered > 0 {
        tracing::info!(submissions = recovered, "what was running when the server ended is run again");
    }
    Ok(())
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

fn bounds(config: &Config, workers: usize) -> Bounds {
    let ahead = if workers == 0 { 0 } else { config.boxes_ahead().all };
    Bounds {
        connections: descriptors::connections(config.max_connections, workers, ahead),
        header_timeout: Duration::from_millis(config.header_timeout_ms),
        stall: Duration::from_millis(config.stall_timeout_ms),
        least_rate: config.min_rate,
        drain: DRAIN,
    }
}

/// Ends when no more connections are to be accepted, so long after `shutdown`; everybody knows by then.
async fn stopped(notice: Duration, common: &Common, stopper: &Stopper, shutdown: impl Future<Output = ()>) {
    shutdown.await;
    common.draining.store(true, Ordering::Relaxed);
    tracing::info!("stopping: running submissions are finished");
    tokio::time::sleep(notice).await;
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
