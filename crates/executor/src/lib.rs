//! Turns a [`Submission`] into a [`Report`].

#![forbid(unsafe_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use model::{Report, Submission};

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
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks; the report then says `cancelled`.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Has it been asked?
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
