//! Tries the wall and the languages while the server serves, again and again, so that what has broken is known
//! before a student meets it.
//!
//! While the wall is broken nothing is accepted and nothing run, whatever language it is in: the executor is not
//! [`Executor::ready`], which `GET /health`, `POST /run` and the scheduler ask. A language that fails is refused
//! until it works again; no other is touched.

use std::sync::Arc;
use std::time::Duration;

use executor::{Executor, LanguageStatus, NativeExecutor, WallStatus};

/// From the end of one round of languages to the start of the next.
const LANGUAGES_PAUSE: Duration = Duration::from_secs(600);

/// From the end of one attempt with a language that fails to the next: what was missing may be there again.
const BROKEN_LANGUAGE_PAUSE: Duration = Duration::from_secs(30);

/// From the end of one round of probes to the start of the next.
const WALL_PAUSE: Duration = Duration::from_secs(60);

/// The same after a round that failed: nobody is served until one has passed.
const BROKEN_WALL_PAUSE: Duration = Duration::from_secs(5);

/// Goes on until it is aborted. Languages that were all tried just now are not tried again at once.
pub async fn run(executor: Arc<NativeExecutor>, were_tried: bool) {
    tokio::join!(try_wall(&executor), try_languages(&executor, were_tried));
}

/// Each of these languages once, or every language, for a node that has to say what it runs before it takes anything.
pub async fn try_languages_once(executor: &NativeExecutor, ids: Option<&[String]>) {
    languages_round(executor, |id, _| ids.is_none_or(|ids| ids.iter().any(|wanted| wanted == id))).await;
}

async fn try_wall(executor: &NativeExecutor) {
    loop {
        wall_round(executor).await;
        let broken = matches!(executor.wall(), WallStatus::Broken { .. });
        tokio::time::sleep(if broken { BROKEN_WALL_PAUSE } else { WALL_PAUSE }).await;
    }
}

/// Every probe once. A breach is said each time, that all is well only when it is news.
async fn wall_round(executor: &NativeExecutor) {
    let before = executor.wall();
    for probed in executor.probe().await {
        if let Err(reason) = probed.result {
            tracing::error!(probe = probed.name, reason, "the wall is broken; nothing is run until it holds again");
        }
    }
    match executor.wall() {
        WallStatus::Intact { took, .. } if !matches!(before, WallStatus::Intact { .. }) => {
            tracing::info!(duration_ms = took.as_millis(), "the wall holds");
        }
        _ => {}
    }
}

async fn try_languages(executor: &NativeExecutor, mut were_tried: bool) {
    loop {
        if !std::mem::take(&mut were_tried) {
            languages_round(executor, |_, _| true).await;
        }
        for _ in 0..LANGUAGES_PAUSE.as_secs() / BROKEN_LANGUAGE_PAUSE.as_secs() {
            tokio::time::sleep(BROKEN_LANGUAGE_PAUSE).await;
            languages_round(executor, |_, status| matches!(status, LanguageStatus::Tested { result: Err(_), .. }))
                .await;
        }
    }
}

/// Every such language once, one after the other. What has changed since the last time is said.
async fn languages_round(executor: &NativeExecutor, is_meant: impl Fn(&str, &LanguageStatus) -> bool) {
    for id in executor.languages().filter(|id| is_meant(id, &executor.language(id))) {
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
