//! Asking the workers to stop: a point in time until which what runs may finish.

use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Asks. Dropping it asks as well: to stop at once.
pub struct Stopper(watch::Sender<Option<Instant>>);

/// Is asked. Clones listen to the same [`Stopper`].
#[derive(Clone)]
pub struct Stop(watch::Receiver<Option<Instant>>);

/// Both ends.
pub fn stopper() -> (Stopper, Stop) {
    let (sender, receiver) = watch::channel(None);
    (Stopper(sender), Stop(receiver))
}

impl Stopper {
    /// No new work; what runs may finish until `deadline`.
    pub fn stop(&self, deadline: Instant) {
        self.0.send_replace(Some(deadline));
    }
}

impl Stop {
    /// Has it been asked?
    pub fn asked(&self) -> bool {
        self.0.borrow().is_some() || self.0.has_changed().is_err()
    }

    /// Returns when it is asked.
    pub async fn wait(mut self) {
        // An error means that the stopper is gone, which is the same wish.
        let _ = self.0.wait_for(Option::is_some).await;
    }

    /// Returns at the deadline.
    pub async fn deadline(mut self) {
        let deadline = self.0.wait_for(Option::is_some).await.ok().and_then(|asked| *asked);
        if let Some(deadline) = deadline {
            sleep_until(deadline).await;
        }
    }
}
