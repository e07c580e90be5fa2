//! What the parts of a node share: the store, and the little that they tell each other in memory.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use store::Store;
use tokio::sync::Notify;

use super::{ServeError, Stores};
use crate::callbacks::Callbacks;
use crate::cancels::Cancels;
use crate::config::Config;
use crate::events::Events;
use crate::execution_log::ExecutionLog;
use crate::history::History;
use crate::history::memory::Memory;
use crate::metrics::observed::Observed;
use crate::throughput::Throughput;
use crate::traces::Traces;
use crate::waiters::Waiters;

/// All of it; clones are the same.
#[derive(Clone)]
pub(super) struct Common {
    pub store: Arc<dyn Store>,
    pub callbacks: Callbacks,
    pub wake: Arc<Notify>,
    pub waiters: Arc<Waiters>,
    pub events: Arc<Events>,
    pub cancels: Arc<Cancels>,
    pub observed: Arc<Observed>,
    pub history: Arc<History>,
    pub throughput: Arc<Throughput>,
    pub traces: Arc<Traces>,
    pub log: ExecutionLog,
    pub draining: Arc<AtomicBool>,
}

impl Common {
    /// Around this store, with nothing in it yet.
    pub fn new(config: &Config, stores: &Stores, memory: Memory, log: ExecutionLog) -> Result<Self, ServeError> {
        let waiters = Arc::new(Waiters::default());
        let observed = Arc::new(Observed::default());
        let store = stores.submissions.clone();
        let history = History::new(observed.recorder.clone(), stores.history.clone(), store.clone(), memory);
        Ok(Self {
            store,
            callbacks: Callbacks { store: stores.callbacks.clone(), wake: waiters.courier() },
            wake: Arc::default(),
            waiters,
            events: Arc::default(),
            cancels: Arc::default(),
            observed,
            history: Arc::new(history),
            throughput: Arc::new(Throughput::new(config.workers())),
            traces: Arc::new(Traces::start(config.otlp_endpoint.as_ref()).map_err(ServeError::Traces)?),
            log,
            draining: Arc::default(),
        })
    }
}
