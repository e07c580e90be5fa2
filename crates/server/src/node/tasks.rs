//! What goes on beside requests, each in a task of its own, until the node stops.

use std::future::Future;

use tokio::task::JoinHandle;

/// Those that were started, each with what it means if it dies.
#[derive(Default)]
pub(super) struct Tasks(Vec<(&'static str, JoinHandle<()>)>);

impl Tasks {
    /// Starts one.
    pub fn start(&mut self, loss: &'static str, task: impl Future<Output = ()> + Send + 'static) {
        self.0.push((loss, tokio::spawn(task)));
    }

    /// Waits until all have ended, which they were asked to.
    pub async fn ended(self) {
        for (loss, task) in self.0 {
            if let Err(error) = task.await {
                tracing::error!(error = %error, "{loss}");
            }
        }
    }
}
