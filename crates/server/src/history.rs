//! What happened when: counts what finishes, looks now and then how full the server is, and adds both to the store.
//!
//! ```text
//!  a submission finishes --> Recorder (memory) --+
//!                                                +-- every ten seconds, or when somebody asks --> HistoryStore
//!  a look every two seconds ---------------------+
//! ```
//!
//! Nothing is added to what a submission waits for: it is counted after its result is stored, in memory, and written with all
//! others of some seconds in one transaction that nobody waits for. What was counted and not written when the process is
//! killed is missing in the history, and nowhere else. While the store fails the last quarter of an hour is kept here.
//!
//! [`percentiles`] says what a bucket of times is, [`memory`] what the server itself needs. What is shown of all this, and to
//! whom, is for `api::stats`.

pub mod memory;
pub mod percentiles;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::{Report, Submission};
use store::{
    Happened, HistoryStore, Levels, MOST_RECENT, RecentSubmission, Resolution, Spent, Store, StoreError, Stretch,
    Totals,
};
use time::OffsetDateTime;
use tokio::sync::Mutex as AsyncMutex;
use tokio::time::{Instant, sleep};

use crate::scheduler::Stop;
use memory::Memory;
use percentiles::bucket;

/// From one look at how full the server is to the next.
const LOOK: Duration = Duration::from_secs(2);
/// So many looks are written together.
const LOOKS: u32 = 5;
/// What was written so long ago or less is news enough for whoever asks.
const NEWS: Duration = Duration::from_secs(1);
/// Stretches that are kept while they can not be written: a quarter of an hour.
const MOST_STRETCHES: usize = 90;

/// What was counted and is not in the store yet.
#[derive(Debug, Default)]
pub struct Recorder {
    counted: Mutex<Counted>,
}

#[derive(Debug, Default)]
struct Counted {
    /// By when they begin, in seconds since 1970.
    stretches: BTreeMap<i64, Happened>,
    /// The last is the latest.
    recent: VecDeque<RecentSubmission>,
}

impl Recorder {
    /// Counts a submission that has just become final with this report.
    pub fn finished(&self, submission: &Submission, report: &Report) {
        let now = OffsetDateTime::now_utc();
        let execution_time = report.execution_time();
        let mut counted = self.counted();
        let happened = counted.at(now);
        *happened.finished.entry((submission.language.clone(), report.verdict)).or_default() += 1;
        // What was never run has no times: it had no inputs, or somebody cancelled it while it waited.
        if execution_time > Duration::ZERO {
            for (spent, time) in [(Spent::Queue, report.phases.queue), (Spent::Execution, execution_time)] {
                *happened.times.entry((spent, bucket(time))).or_default() += 1;
            }
        }
        let kib = report.inputs.iter().map(|input| input.memory_kib).max().filter(|kib| *kib > 0);
        happened.levels.box_memory = happened.levels.box_memory.max(kib.map(|kib| kib * 1024));
        if !submission.no_store {
            counted.recent.push_back(recent(submission, report, now));
            counted.shorten();
        }
    }

    /// Remembers how full it is now, if it was never fuller in this stretch.
    fn saw(&self, levels: Levels) {
        let seen = Happened { levels, ..Happened::default() };
        let mut counted = self.counted();
        counted.at(OffsetDateTime::now_utc()).add(&seen);
        counted.shorten();
    }

    fn take(&self) -> (Vec<Stretch>, Vec<RecentSubmission>) {
        let Counted { stretches, recent } = std::mem::take(&mut *self.counted());
        let stretch = |(start, happened)| Some(Stretch { start: moment(start)?, happened });
        (stretches.into_iter().filter_map(stretch).collect(), recent.into())
    }

    /// What was taken, and could not be written.
    fn put_back(&self, stretches: &[Stretch], recent: Vec<RecentSubmission>) {
        let mut counted = self.counted();
        for Stretch { start, happened } in stretches {
            counted.at(*start).add(happened);
        }
        let later = std::mem::replace(&mut counted.recent, recent.into());
        counted.recent.extend(later);
        counted.shorten();
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    fn at(&mut self, at: OffsetDateTime) -> &mut Happened {
        self.stretches.entry(start_of(at, Resolution::Fine.width())).or_default()
    }

    fn shorten(&mut self) {
        while self.stretches.len() > MOST_STRETCHES {
            self.stretches.pop_first();
        }
        let more = self.recent.len().saturating_sub(MOST_RECENT as usize);
        self.recent.drain(..more);
    }
}

fn recent(submission: &Submission, report: &Report, finished_at: OffsetDateTime) -> RecentSubmission {
    RecentSubmission {
        id: submission.id,
        owner: submission.owner.clone(),
        language: submission.language.clone(),
        mode: submission.mode,
        inputs: u32::try_from(submission.inputs.len()).unwrap_or(u32::MAX),
        verdict: report.verdict,
        queue_time: report.phases.queue,
        execution_time: report.execution_time(),
        finished_at,
    }
}

/// When the stretch of this width begins that a moment is in, in seconds since 1970.
pub fn start_of(at: OffsetDateTime, width: Duration) -> i64 {
    let (at, width) = (at.unix_timestamp(), i64::try_from(width.as_secs()).unwrap_or(i64::MAX).max(1));
    at - at.rem_euclid(width)
}

fn moment(seconds: i64) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(seconds).ok()
}

/// The way from what is counted to the store.
pub struct History {
    /// What is counted.
    pub recorder: Arc<Recorder>,
    /// Where it goes, and is read.
    pub store: Arc<dyn HistoryStore>,
    /// Says how much waits and runs.
    pub submissions: Arc<dyn Store>,
    /// Says what the server needs.
    pub memory: Memory,
    /// When the server started.
    pub started_at: OffsetDateTime,
    /// When all that had been counted was last written; nobody else writes while this is held.
    written_at: AsyncMutex<Option<Instant>>,
}

impl History {
    /// Of a server that starts now.
    pub fn new(
        recorder: Arc<Recorder>,
        store: Arc<dyn HistoryStore>,
        submissions: Arc<dyn Store>,
        memory: Memory,
    ) -> Self {
        let started_at = OffsetDateTime::now_utc();
        Self { recorder, store, submissions, memory, started_at, written_at: AsyncMutex::default() }
    }

    /// Looks and writes until it is asked to stop. What finishes after that is for [`History::write`].
    pub async fn run(&self, stop: Stop) {
        let mut complained = false;
        while !stop.asked() {
            let mut looked = self.look().await.map(drop);
            for _ in 1..LOOKS {
                tokio::select! {
                    () = sleep(LOOK) => looked = self.look().await.map(drop),
                    () = stop.clone().wait() => break,
                }
            }
            match looked.and(self.write().await) {
                Ok(()) => complained = false,
                Err(error) if !complained => {
                    complained = true;
                    tracing::warn!(error = %error, "the history can not be written yet");
                }
                Err(_) => {}
            }
            tokio::select! {
                () = sleep(LOOK) => {}
                () = stop.clone().wait() => {}
            }
        }
    }

    /// Remembers how full the server is now, and says how much waits and runs.
    ///
    /// # Errors
    /// The store's.
    pub async fn look(&self) -> Result<Totals, StoreError> {
        let totals = self.submissions.totals().await?;
        self.recorder.saw(Levels {
            queued: Some(totals.queued),
            running: Some(totals.in_progress.saturating_sub(totals.queued)),
            server_memory: self.memory.resident_bytes(),
            box_memory: None,
        });
        Ok(totals)
    }

    /// Writes what was counted.
    ///
    /// # Errors
    /// The store's. Nothing is lost then: what could not be written is written with the next.
    pub async fn write(&self) -> Result<(), StoreError> {
        let mut written_at = self.written_at.lock().await;
        self.write_as(&mut written_at).await
    }

    /// Writes what was counted, unless that was done a moment ago; for whoever is about to read. Where it can not be
    /// written, what is there can still be read.
    pub async fn refresh(&self) {
        let mut written_at = self.written_at.lock().await;
        if written_at.is_none_or(|at| at.elapsed() >= NEWS)
            && let Err(error) = self.write_as(&mut written_at).await
        {
            tracing::debug!(error = %error, "the history is read without what was counted last");
        }
    }

    async fn write_as(&self, written_at: &mut Option<Instant>) -> Result<(), StoreError> {
        let (stretches, recent) = self.recorder.take();
        if stretches.is_empty() && recent.is_empty() {
            return Ok(());
        }
        let added = self.store.add_history(&stretches, &recent).await;
        match &added {
            Ok(()) => *written_at = Some(Instant::now()),
            Err(_) => self.recorder.put_back(&stretches, recent),
        }
        added
    }
}
