//! Values as columns, and the clock of the leases.

use std::time::{Duration, Instant};

pub(super) use crate::columns::{Failure, duration, micros, micros_since_1970, now_utc, utc, verdict};

/// The clock on which leases run out: monotonic, so that setting the host's time neither ends all
/// leases at once nor makes one last for hours. It starts when the store is opened, and that is
/// enough, because whoever holds a lease lives in the process that has the store open.
#[derive(Debug, Clone, Copy)]
pub(super) struct LeaseClock {
    opened: Instant,
}

impl LeaseClock {
    pub(super) fn start() -> Self {
        Self { opened: Instant::now() }
    }

    /// Microseconds since the store was opened.
    pub(super) fn now(self) -> i64 {
        micros(self.opened.elapsed())
    }

    /// When a lease of this length, given now, runs out.
    pub(super) fn after(self, length: Duration) -> i64 {
        self.now().saturating_add(micros(length))
    }
}
