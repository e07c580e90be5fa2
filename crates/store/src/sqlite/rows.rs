//! Values as columns: times, durations, verdicts and JSON bodies; and the clock of the leases.
//!
//! Columns hold microseconds. A sum of execution times then has room for 292 000 years, which the
//! nanoseconds of a `Duration` would not leave a large site.

use std::error::Error;
use std::time::{Duration, Instant};

use model::Verdict;
use time::OffsetDateTime;

/// Why a single operation failed.
pub(super) type Failure = Box<dyn Error + Send + Sync>;

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

/// A duration as a column; what is shorter than a microsecond is cut off.
pub(super) fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// The duration in a column.
pub(super) fn duration(micros: i64) -> Result<Duration, Failure> {
    Ok(Duration::from_micros(u64::try_from(micros)?))
}

/// The host's time as a column.
pub(super) fn now_utc() -> Result<i64, Failure> {
    micros_since_1970(OffsetDateTime::now_utc())
}

/// A time as a column.
pub(super) fn micros_since_1970(at: OffsetDateTime) -> Result<i64, Failure> {
    Ok(i64::try_from(at.unix_timestamp_nanos() / 1000)?)
}

/// The time in a column.
pub(super) fn utc(micros: i64) -> Result<OffsetDateTime, Failure> {
    Ok(OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000)?)
}

/// The verdict whose name is in a column.
pub(super) fn verdict(name: &str) -> Result<Verdict, Failure> {
    let known = Verdict::ALL.into_iter().find(|verdict| verdict.name() == name);
    known.ok_or_else(|| format!("unknown verdict `{name}` in the totals").into())
}
