//! Tries the languages while the server serves: each after the start and then again and again, one after the
//! other, so that a toolchain that is broken or taken away is known before a student meets it.
//!
//! A language that fails is refused until it works again; no other is touched.

use std::sync::Arc;
use std::time::Duration;

use executor::{Executor, LanguageStatus, NativeExecutor};

/// From the end of one round to the start of the next.
const PAUSE: Duration = Duration::from_secs(600);

/// Goes on until it is aborted.
pub async fn run(executor: Arc<NativeExecutor>) {
    loop {
        round(&executor).await;
        tokio::time::sleep(PAUSE).await;
    }
}

/// Every language once. What has changed since the last time is said.
async fn round(executor: &NativeExecutor) {
    for id in executor.languages() {
        let before = executor.language(id).unavailable();
        let first = matches!(executor.language(id), LanguageStatus::Untested);
        // An error has been remembered as the language's status.
        let _ = executor.self_test(id).await;
        match executor.language(id) {
            LanguageStatus::Tested { result: Ok(version), .. } if first || before.is_some() => {
                tracing::info!(language = id, version, "runs in a box");
            }
            LanguageStatus::Tested { result: Err(reason), .. } if first || before.is_none() => {
                tracing::error!(language = id, reason, "a language can not be used");
            }
            _ => {}
        }
    }
}
