//! Carries the store's notices to whoever on this node is waiting for such a thing.

use std::sync::Arc;

use store::{Fleet, Notice};
use tokio::sync::Notify;

use super::publisher::Publisher;
use crate::cancels::Cancels;
use crate::events::Events;
use crate::waiters::Waiters;

/// One for each node: a notice is given out once.
pub struct Bridge {
    /// Where notices come from.
    pub fleet: Arc<dyn Fleet>,
    /// Wakes a worker. One at a time: each that finds something wakes the next.
    pub wake: Arc<Notify>,
    /// Who waits for a result, callbacks included.
    pub waiters: Arc<Waiters>,
    /// Who watches a submission.
    pub events: Arc<Events>,
    /// What runs here, to be stopped.
    pub cancels: Arc<Cancels>,
    /// What runs here, to be told of.
    pub publisher: Arc<Publisher>,
}

impl Bridge {
    /// Goes on until it is aborted.
    pub async fn run(self) {
        loop {
            self.pass_on(self.fleet.notice().await);
        }
    }

    fn pass_on(&self, notice: Notice) {
        match notice {
            Notice::Queued => self.wake.notify_one(),
            Notice::Finished(id) => {
                self.waiters.finished(id);
                self.events.changed(id);
            }
            Notice::CancelAsked(id) => self.cancels.ask(id),
            Notice::Watched(id) => self.publisher.watched(id),
            Notice::Published(id) => self.events.changed(id),
            // The store says why. A wish to cancel is found by the heartbeat of whoever runs the submission.
            Notice::Missed => {
                self.wake.notify_one();
                self.waiters.look();
                self.events.look();
                self.publisher.all_watched();
            }
        }
    }
}
