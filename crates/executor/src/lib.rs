//! Turns a [`Submission`] into a [`Report`].
//!
//! `languages` reads what can be run here, `plan` says without doing it what a submission needs, and
//! an [`Executor`] does it: [`NativeExecutor`] in boxes, [`fake`] in memory for tests of what stands
//! above. [`kit`] tries a language out on an executor. No language is known by name, and no wire format.

#![forbid(unsafe_code)]

#[cfg(feature = "dagger")]
pub mod dagger;
mod engines;
mod grading;
mod languages;
mod native;
mod observer;
mod per_language;
mod plan;
mod reporting;

pub mod fake;
pub mod kit;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use model::{Report, Submission};
use tokio::sync::watch;

pub use engines::{Elsewhere, EngineStatus, Weaker};
pub use languages::{LoadedLanguage, load_languages};
pub use native::{
    Ahead, AheadStatus, CacheScope, Ceilings, CompileCacheSettings, CompileCacheStatus, LauncherCommand,
    NativeExecutor, Probed, Starts, WallStatus,
};
pub use observer::{Observer, Step};
pub use per_language::PerLanguage;

/// Runs submissions. One call runs one submission to its end.
#[async_trait]
pub trait Executor: Send + Sync {
    /// Runs every input and reports. Waits for a free box slot.
    ///
    /// A program that fails is a report, never an error.
    ///
    /// # Errors
    /// [`ExecutorError`]: Code Runner itself failed; the submission may be tried again.
    async fn execute(&self, submission: &Submission, cancel: &Cancel) -> Result<Report, ExecutorError> {
        self.execute_observed(submission, cancel, &Observer::default()).await
    }

    /// The same, and tells `observer` of each step as soon as it is done.
    ///
    /// # Errors
    /// As [`Executor::execute`].
    async fn execute_observed(
        &self,
        submission: &Submission,
        cancel: &Cancel,
        observer: &Observer,
    ) -> Result<Report, ExecutorError> {
        match &submission.grading {
            None => self.run(submission, cancel, observer).await,
            Some(grading) => grading::graded(self, submission, grading, cancel, observer).await,
        }
    }

    /// What an executor is: runs every input and reports, and leaves what is expected of them to
    /// [`Executor::execute_observed`], which is what is called.
    ///
    /// # Errors
    /// As [`Executor::execute`].
    async fn run(&self, submission: &Submission, cancel: &Cancel, observer: &Observer)
    -> Result<Report, ExecutorError>;

    /// Is the wall intact and ready to run? The reason if not; then nothing may be executed.
    fn ready(&self) -> Result<(), String>;

    /// How the wall stood when it was tried last.
    fn wall(&self) -> WallStatus;

    /// What the cache of compilations was good for.
    fn compile_cache(&self) -> CompileCacheStatus;

    /// What is made ahead of its use, and how often that was in time.
    fn boxes_ahead(&self) -> AheadStatus;

    /// How this language stands here; [`LanguageStatus::NotInstalled`] if nobody knows it.
    fn language(&self, id: &str) -> LanguageStatus;

    /// What is not run in boxes of this host, and by whom; `None` where everything is.
    fn elsewhere(&self) -> Option<Elsewhere> {
        None
    }
}

/// How a language stands on this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LanguageStatus {
    /// Some of its toolchain is not there.
    NotInstalled {
        /// The path that is not.
        missing: String,
    },
    /// It is there and has not been tried yet.
    Untested,
    /// It was tried last with this result.
    Tested {
        /// The first line its version command printed, or why it did not.
        result: Result<String, String>,
        /// When it was.
        at: SystemTime,
        /// How long it took.
        took: Duration,
    },
    /// It is not run here, but by another node of the fleet.
    OnAnotherNode {
        /// The version of its toolchain there, if that is known.
        version: Option<String>,
    },
    /// It is run by no node of the fleet at the moment.
    OnNoNode,
}

impl LanguageStatus {
    /// Why nothing can be run in it, if that is known.
    pub fn unavailable(&self) -> Option<String> {
        match self {
            Self::NotInstalled { missing } => Some(format!("it is not installed ({missing} is not on this host)")),
            Self::Untested | Self::Tested { result: Ok(_), .. } | Self::OnAnotherNode { .. } => None,
            Self::OnNoNode => Some("no worker that is there has it".to_owned()),
            Self::Tested { result: Err(reason), .. } => Some(format!("its self-test failed: {reason}")),
        }
    }
}

/// A failure that is ours, with its cause for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{context}: {cause}")]
pub struct ExecutorError {
    /// What was being done.
    pub context: &'static str,
    /// Why it failed.
    pub cause: String,
}

/// Asks a running submission to stop. Clones share the request.
#[derive(Debug, Clone)]
pub struct Cancel(Arc<watch::Sender<bool>>);

impl Default for Cancel {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Cancel {
    /// Asks; the report then says `cancelled`.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Has it been asked?
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until it is.
    pub async fn cancelled(&self) {
        // It can not be closed: this very value holds the sender.
        let _ = self.0.subscribe().wait_for(|asked| *asked).await;
    }
}
