//! Turns a [`Submission`] into a [`Report`].
//!
//! `languages` reads what can be run here, `plan` says without doing it what a submission needs, and
//! an [`Executor`] does it: [`NativeExecutor`] in boxes, [`fake`] in memory for tests of what stands
//! above. No language is known by name, and no wire format.

#![forbid(unsafe_code)]

mod languages;
mod native;
mod plan;

pub mod fake;

use std::sync::Arc;

use async_trait::async_trait;
use model::{Report, Submission};
use tokio::sync::watch;

pub use languages::{LoadedLanguage, load_languages};
pub use native::{InstalledLanguage, LauncherCommand, NativeExecutor};

/// Runs submissions. One call runs one submission to its end.
#[async_trait]
pub trait Executor: Send + Sync {
    /// Runs every input and reports. Waits for a free box slot.
    ///
    /// A program that fails is a report, never an error.
    ///
    /// # Errors
    /// [`ExecutorError`]: Code Runner itself failed; the submission may be tried again.
    async fn execute(&self, submission: &Submission, cancel: &Cancel) -> Result<Report, ExecutorError>;

    /// Is the wall intact and ready to run? The reason if not.
    fn ready(&self) -> Result<(), String>;
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
