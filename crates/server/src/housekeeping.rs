//! Deletes what has had its time, while the server serves: results that are old enough, and idempotency keys that have
//! expired. Gives back what the store's file does not need.
//!
//! A little at a time, each a write of its own, so that no request waits for more than one of them. How much a little is, is
//! the store's to know.

use std::sync::Arc;
use std::time::Duration;

use store::{Cleaned, Store, StoreError};
use tokio::time::sleep;

use crate::scheduler::Stop;

/// What is deleted, and how often.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// How long a result is kept.
    pub results_kept: Duration,
    /// From the end of one round to the start of the next.
    pub pause: Duration,
}

/// From the end of one round to the start of the next, in a server.
pub const PAUSE: Duration = Duration::from_secs(60);

/// Goes on until it is asked to stop.
pub async fn run(store: Arc<dyn Store>, rules: Rules, stop: Stop) {
    while !stop.asked() {
        match round(&*store, rules.results_kept, &stop).await {
            Ok(Cleaned { keys: 0, results: 0, pages: 0 }) => {}
            Ok(Cleaned { keys, results, pages }) => {
                tracing::info!(keys, results, pages, "what has had its time was deleted");
            }
            Err(error) => tracing::warn!(error = %error, "what has had its time can not be deleted yet"),
        }
        tokio::select! {
            () = sleep(rules.pause) => {}
            () = stop.clone().wait() => {}
        }
    }
}

/// Deletes all that has had its time, and says how much it was.
async fn round(store: &dyn Store, results_kept: Duration, stop: &Stop) -> Result<Cleaned, StoreError> {
    let mut all = Cleaned::default();
    while !stop.asked() {
        let cleaned = store.clean(results_kept).await?;
        if cleaned == Cleaned::default() {
            break;
        }
        let Cleaned { keys, results, pages } = cleaned;
        all = Cleaned { keys: all.keys + keys, results: all.results + results, pages: all.pages + pages };
    }
    Ok(all)
}
