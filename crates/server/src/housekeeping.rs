//! Deletes what has had its time, while the server serves: idempotency keys that have expired.
//!
//! A little at a time, each a write of its own, so that no request waits for more than one of them. Nothing depends on it
//! but the size of the file: what has expired means nothing any more, whether it is deleted or not.

use std::sync::Arc;
use std::time::Duration;

use store::{Store, StoreError};
use tokio::time::sleep;

use crate::scheduler::Stop;

/// From the end of one round to the start of the next.
pub const PAUSE: Duration = Duration::from_secs(60);

/// Rows that are deleted at once: a few milliseconds of the one task that writes.
const MOST_AT_ONCE: u32 = 200;

/// Goes on until it is asked to stop.
pub async fn run(store: Arc<dyn Store>, pause: Duration, stop: Stop) {
    while !stop.asked() {
        match round(&*store, &stop).await {
            Ok(0) => {}
            Ok(keys) => tracing::debug!(keys, "expired idempotency keys were deleted"),
            Err(error) => tracing::warn!(error = %error, "what has expired can not be deleted yet"),
        }
        tokio::select! {
            () = sleep(pause) => {}
            () = stop.clone().wait() => {}
        }
    }
}

/// Deletes all that has expired, and says how much it was.
async fn round(store: &dyn Store, stop: &Stop) -> Result<u64, StoreError> {
    let mut all = 0;
    while !stop.asked() {
        let deleted = store.forget_expired(MOST_AT_ONCE).await?;
        all += deleted;
        if deleted < u64::from(MOST_AT_ONCE) {
            break;
        }
    }
    Ok(all)
}
