//! What happened when: the last day, in stretches of time, for those who run a server.
//!
//! ```text
//!  finished, seen  --counted in memory-->  add_history, every few seconds  -->  fine (20 minutes) and coarse (25 hours)
//! ```
//!
//! Only sums are kept, and the most that was seen of something, so that stretches can be added up in any order: those of a
//! process that was started again to those of the one before it, minutes to hours. It is no part of what a submission
//! is accepted or finished with: what was counted and not yet added when a process is killed is missing here, and in no
//! total ([`crate::Store::totals`]). What a bucket of times means is for whoever counts.
//!
//! Beside that a list of the submissions that finished last. It has nothing of what was sent or answered, nothing of a
//! submission that is [`model::Submission::no_store`], and nothing of one whose result is deleted.

pub(crate) mod columns;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use model::{ExecId, Mode, Verdict};
use time::OffsetDateTime;

use crate::{StoreError, Used};

/// Submissions in the list of those that finished last, at the most.
pub const MOST_RECENT: u32 = 200;

/// How long a stretch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Ten seconds, for twenty minutes.
    Fine,
    /// A minute, for twenty-five hours.
    Coarse,
}

impl Resolution {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Fine, Self::Coarse];

    /// From the start of a stretch to its end, in whole seconds.
    pub const fn width(self) -> Duration {
        match self {
            Self::Fine => Duration::from_secs(10),
            Self::Coarse => Duration::from_secs(60),
        }
    }

    /// How long it is kept.
    pub const fn kept(self) -> Duration {
        match self {
            Self::Fine => Duration::from_secs(20 * 60),
            Self::Coarse => Duration::from_secs(25 * 60 * 60),
        }
    }
}

/// What a submission spent its time on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spent {
    /// Waiting for a worker.
    Queue,
    /// Everything after that ([`model::Report::execution_time`]).
    Execution,
}

impl Spent {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Queue, Self::Execution];

    /// Its name in the store.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Execution => "execution",
        }
    }
}

/// The most that was seen of each; none where nobody looked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Levels {
    /// Submissions that wait.
    pub queued: Option<u64>,
    /// Submissions that run.
    pub running: Option<u64>,
    /// Bytes of memory that the server itself has.
    pub server_memory: Option<u64>,
    /// Bytes of memory at the peak of the box that needed most, of those that ended.
    pub box_memory: Option<u64>,
}

/// What happened in some stretch of time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Happened {
    /// Submissions that finished, by language id and verdict.
    pub finished: BTreeMap<(String, Verdict), u64>,
    /// How often a time was in which bucket.
    pub times: BTreeMap<(Spent, i32), u64>,
    /// How full it was.
    pub levels: Levels,
}

impl Happened {
    /// Has this happen as well.
    pub fn add(&mut self, other: &Self) {
        let Self { finished, times, levels: Levels { queued, running, server_memory, box_memory } } = other;
        for (what, count) in finished {
            *self.finished.entry(what.clone()).or_default() += count;
        }
        for (what, count) in times {
            *self.times.entry(*what).or_default() += count;
        }
        let own = &mut self.levels;
        // None is less than any number.
        own.queued = own.queued.max(*queued);
        own.running = own.running.max(*running);
        own.server_memory = own.server_memory.max(*server_memory);
        own.box_memory = own.box_memory.max(*box_memory);
    }
}

/// A stretch of time, and what happened in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// When it begins.
    pub start: OffsetDateTime,
    /// What happened.
    pub happened: Happened,
}

/// The stretches by when they begin at this resolution, in seconds since 1970.
pub(crate) fn gathered(stretches: &[Stretch], resolution: Resolution) -> BTreeMap<i64, Happened> {
    let mut gathered = BTreeMap::<i64, Happened>::new();
    for Stretch { start, happened } in stretches {
        gathered.entry(start_of(*start, resolution.width())).or_default().add(happened);
    }
    gathered
}

/// When the stretch begins that this moment is in.
fn start_of(at: OffsetDateTime, width: Duration) -> i64 {
    let (at, width) = (at.unix_timestamp(), seconds(width));
    at - at.rem_euclid(width)
}

/// Whole seconds of a resolution or a step, at least one.
pub(crate) fn seconds(width: Duration) -> i64 {
    i64::try_from(width.as_secs()).unwrap_or(i64::MAX).max(1)
}

/// A submission that has finished, without anything of what was sent or answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecentSubmission {
    /// Which.
    pub id: ExecId,
    /// The name of the key it was sent with.
    pub owner: String,
    /// In which language.
    pub language: String,
    /// How the code is meant.
    pub mode: Mode,
    /// How many inputs it has.
    pub inputs: u32,
    /// How it went.
    pub verdict: Verdict,
    /// How long it waited; to the microsecond.
    pub queue_time: Duration,
    /// How long everything else took; to the microsecond.
    pub execution_time: Duration,
    /// When it finished; to the microsecond.
    pub finished_at: OffsetDateTime,
}

/// What an owner used, in two times that end now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UsedLately {
    /// On the current UTC day.
    pub today: Used,
    /// On the last thirty UTC days, the current one included.
    pub month: Used,
}

/// What those who run a server want to know of the last day.
#[async_trait]
pub trait HistoryStore: Send + Sync {
    /// Adds these stretches, which are [`Resolution::Fine`], to what is there, at both resolutions, and these submissions to
    /// the list of the last. Deletes what was kept for long enough. It may be gone if the machine loses power within
    /// seconds.
    async fn add_history(&self, stretches: &[Stretch], finished: &[RecentSubmission]) -> Result<(), StoreError>;

    /// What happened from `from` on and before `until`, in stretches of `step`, which is a multiple of the resolution's. A
    /// stretch begins at a multiple of `step` since 1970; those in which nothing is known to have happened are absent.
    async fn history(
        &self,
        resolution: Resolution,
        from: OffsetDateTime,
        until: OffsetDateTime,
        step: Duration,
    ) -> Result<Vec<Stretch>, StoreError>;

    /// The submissions that finished last, the very last first; no more than this, and no more than [`MOST_RECENT`].
    async fn recent(&self, most: u32) -> Result<Vec<RecentSubmission>, StoreError>;

    /// What these owners used lately; those who used nothing are absent.
    async fn used_lately(&self, owners: &[&str]) -> Result<BTreeMap<String, UsedLately>, StoreError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_adds_up_in_any_order() {
        let python = || ("python".to_owned(), Verdict::Ok);
        let one = Happened {
            finished: [(python(), 2)].into(),
            times: [((Spent::Queue, 3), 2)].into(),
            levels: Levels { queued: Some(7), server_memory: Some(5), ..Levels::default() },
        };
        let other = Happened {
            finished: [(python(), 1), (("c".to_owned(), Verdict::TimeLimit), 4)].into(),
            times: [((Spent::Queue, 3), 1), ((Spent::Execution, 3), 5)].into(),
            levels: Levels { queued: Some(4), running: Some(0), ..Levels::default() },
        };
        let sum = Happened {
            finished: [(python(), 3), (("c".to_owned(), Verdict::TimeLimit), 4)].into(),
            times: [((Spent::Queue, 3), 3), ((Spent::Execution, 3), 5)].into(),
            levels: Levels { queued: Some(7), running: Some(0), server_memory: Some(5), box_memory: None },
        };
        for (first, second) in [(&one, &other), (&other, &one)] {
            let mut both = first.clone();
            both.add(second);
            assert_eq!(both, sum);
        }
    }
}
