//! What those who run a server see of it, as it goes out.

use std::collections::BTreeMap;
use std::time::Duration;

use executor::AheadStatus;
use serde::Serialize;
use store::{Happened, Levels, RecentSubmission, Spent, Stretch, UsedLately};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::keys::rfc3339;
use super::languages::{LanguageBody, SelfTest};
use super::names::{ModeName, VerdictName};
use super::response::{WallTest, milliseconds};
use super::{KeyBody, UsedBody};
use crate::history::percentiles::{Percentiles, percentiles};

/// The server now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Overview {
    /// Whether submissions are accepted and run.
    pub status: ServerStatus,
    /// Why not, if they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The version of Code Runner.
    #[schema(example = "0.1.0")]
    pub version: &'static str,
    /// When this server was started (RFC 3339, UTC).
    #[schema(format = DateTime)]
    pub started_at: String,
    /// The time of the server's clock (RFC 3339, UTC).
    #[schema(format = DateTime)]
    pub now: String,
    /// How many submissions can run at the same time.
    #[schema(example = 4)]
    pub workers: usize,
    /// How many do.
    #[schema(example = 3)]
    pub running: u64,
    /// How many wait for a worker.
    #[schema(example = 0)]
    pub queued: u64,
    /// How many may wait.
    #[schema(example = 10_000)]
    pub max_queued: u64,
    /// How many finished since the store was made.
    #[schema(example = 1000)]
    pub finished: u64,
    /// Boxes, which every input has one of while it runs.
    pub boxes: BoxesBody,
    /// Bytes of memory that the server itself has now (resident), without boxes and launcher; null where the host does not say.
    #[schema(required, example = 41_943_040)]
    pub server_memory_bytes: Option<u64>,
    /// Bytes of it that are kept of compilations.
    #[schema(example = 1_048_576)]
    pub compile_cache_bytes: u64,
    /// Lines of the execution log that are lost, since the start.
    #[schema(example = 0)]
    pub log_lines_lost: u64,
    /// The last round of programs that tried the sandbox from inside; null before the first, and where it found a hole.
    #[schema(required)]
    pub wall_test: Option<WallTest>,
    /// The languages, in the order of their ids.
    pub languages: Vec<LanguageState>,
}

/// Whether submissions are accepted and run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServerStatus {
    /// They are.
    Ok,
    /// Not at the moment.
    NotReady,
    /// Not any more: the server was told to stop.
    Stopping,
}

/// How many boxes there are.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoxesBody {
    /// In use.
    #[schema(example = 3)]
    pub in_use: usize,
    /// Made ahead, waiting for their use.
    #[schema(example = 8)]
    pub waiting: usize,
    /// How many are to wait.
    #[schema(example = 8)]
    pub wanted: usize,
}

impl From<AheadStatus> for BoxesBody {
    fn from(status: AheadStatus) -> Self {
        let AheadStatus { wanted, waiting, in_use, misses: _, warm: _, cold: _ } = status;
        Self { in_use, waiting, wanted }
    }
}

/// A language, and how its last self-test went.
#[derive(Debug, Serialize, ToSchema)]
pub struct LanguageState {
    /// What a request calls it.
    #[schema(example = "python")]
    pub id: String,
    /// What people call it.
    #[schema(example = "Python 3")]
    pub name: String,
    /// Can it be used?
    pub available: bool,
    /// The installed version, as it names itself; null if that is not known.
    #[schema(required, example = "Python 3.11.2")]
    pub version: Option<String>,
    /// Why it can not be used, with what this host said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The last time it was tried; null before the first.
    #[schema(required)]
    pub self_test: Option<SelfTest>,
}

impl From<LanguageBody> for LanguageState {
    fn from(language: LanguageBody) -> Self {
        let LanguageBody { id, name, available, version, cause, self_test, .. } = language;
        Self { id, name, available, version, cause, self_test }
    }
}

/// What happened in the last quarter of an hour, or day.
#[derive(Debug, Serialize, ToSchema)]
pub struct HistoryBody {
    /// When it begins (RFC 3339, UTC).
    #[schema(format = DateTime)]
    pub from: String,
    /// When its last stretch ends (RFC 3339, UTC), which is not yet.
    #[schema(format = DateTime)]
    pub until: String,
    /// How long a stretch is, in seconds.
    #[schema(example = 10)]
    pub step_seconds: u64,
    /// The most that a percentile is off, as a part of the true one; up to 0.1 ms it is off by no more than that.
    #[schema(example = 0.05)]
    pub percentile_error: f64,
    /// All of it together. The percentiles are those of all its submissions, and no mean.
    pub total: TotalBody,
    /// Its stretches, one after the other and without a gap; the last is not over.
    pub stretches: Vec<StretchBody>,
}

/// What happened in all of the time.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotalBody {
    /// What happened.
    #[serde(flatten)]
    pub happened: HappenedBody,
    /// The finished submissions by language and verdict; verdicts that did not occur are absent.
    pub languages: BTreeMap<String, BTreeMap<&'static str, u64>>,
}

/// A stretch of time.
#[derive(Debug, Serialize, ToSchema)]
pub struct StretchBody {
    /// When it begins (RFC 3339, UTC).
    #[schema(format = DateTime)]
    pub at: String,
    /// What happened.
    #[serde(flatten)]
    pub happened: HappenedBody,
}

/// What happened in some time.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct HappenedBody {
    /// How many submissions finished.
    #[schema(example = 12)]
    pub finished: u64,
    /// Those by verdict; verdicts that did not occur are absent.
    pub verdicts: BTreeMap<&'static str, u64>,
    /// How long they had waited; null if nothing was run.
    #[schema(required)]
    pub queue_ms: Option<PercentilesBody>,
    /// How long everything after that took: boxes, compiling, running all inputs; null if nothing was run.
    #[schema(required)]
    pub execution_ms: Option<PercentilesBody>,
    /// The most that were seen waiting, at a look every other second; null if there was none.
    #[schema(required, example = 4)]
    pub queued: Option<u64>,
    /// The most that were seen running; null likewise.
    #[schema(required, example = 2)]
    pub running: Option<u64>,
    /// The most memory that the server was seen to have, in bytes; null likewise.
    #[schema(required, example = 41_943_040)]
    pub server_memory_bytes: Option<u64>,
    /// The peak of the box that needed most memory, in bytes, of the submissions that finished; null if nothing was run.
    #[schema(required, example = 10_485_760)]
    pub box_memory_bytes: Option<u64>,
}

/// Half, nineteen of twenty, ninety-nine of a hundred took no longer than this, in milliseconds.
#[derive(Debug, Serialize, ToSchema)]
pub struct PercentilesBody {
    /// The median.
    #[schema(example = 12.5)]
    pub p50: f64,
    /// The 95th percentile.
    #[schema(example = 48.2)]
    pub p95: f64,
    /// The 99th.
    #[schema(example = 97.1)]
    pub p99: f64,
}

impl From<Percentiles> for PercentilesBody {
    fn from(percentiles: Percentiles) -> Self {
        let Percentiles { p50, p95, p99 } = percentiles;
        let [p50, p95, p99] = [p50, p95, p99].map(milliseconds);
        Self { p50, p95, p99 }
    }
}

impl From<&Happened> for HappenedBody {
    fn from(happened: &Happened) -> Self {
        let Happened { finished, times, levels: Levels { queued, running, server_memory, box_memory } } = happened;
        let mut verdicts = BTreeMap::new();
        for ((_, verdict), count) in finished {
            *verdicts.entry(verdict.name()).or_default() += count;
        }
        let took = |spent| percentiles(times, spent).map(PercentilesBody::from);
        Self {
            finished: finished.values().sum(),
            verdicts,
            queue_ms: took(Spent::Queue),
            execution_ms: took(Spent::Execution),
            queued: *queued,
            running: *running,
            server_memory_bytes: *server_memory,
            box_memory_bytes: *box_memory,
        }
    }
}

impl From<&Happened> for TotalBody {
    fn from(happened: &Happened) -> Self {
        let mut languages = BTreeMap::<String, BTreeMap<_, _>>::new();
        for ((language, verdict), count) in &happened.finished {
            languages.entry(language.clone()).or_default().insert(verdict.name(), *count);
        }
        Self { happened: happened.into(), languages }
    }
}

impl HistoryBody {
    /// What is known to have happened from a moment on, in so many steps; of the others nothing is known.
    pub fn new(from: OffsetDateTime, step: Duration, steps: u32, known: &[Stretch], error: f64) -> Self {
        let mut total = Happened::default();
        known.iter().for_each(|stretch| total.add(&stretch.happened));
        let stretch = |number| {
            let at = from + step * number;
            let known = known.iter().find(|stretch| stretch.start == at);
            StretchBody { at: rfc3339(at), happened: known.map(|known| (&known.happened).into()).unwrap_or_default() }
        };
        Self {
            from: rfc3339(from),
            until: rfc3339(from + step * steps),
            step_seconds: step.as_secs(),
            percentile_error: error,
            total: (&total).into(),
            stretches: (0..steps).map(stretch).collect(),
        }
    }
}

/// The submissions that finished last.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecentBody {
    /// The very last first.
    pub submissions: Vec<RecentSubmissionBody>,
}

/// A submission that has finished, without anything of what was sent or answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecentSubmissionBody {
    /// Which. Only the key it was sent with can fetch its result.
    #[schema(value_type = uuid::Uuid)]
    pub exec_id: String,
    /// When it finished (RFC 3339, UTC).
    #[schema(format = DateTime)]
    pub finished_at: String,
    /// The name of the key it was sent with.
    #[schema(example = "school-a")]
    pub key: String,
    /// In which language.
    #[schema(example = "python")]
    pub language: String,
    /// How the code is meant.
    pub mode: ModeName,
    /// How many inputs it has.
    #[schema(example = 10)]
    pub inputs: u32,
    /// How it went.
    pub verdict: VerdictName,
    /// How long it waited.
    #[schema(example = 3.5)]
    pub queue_ms: f64,
    /// How long everything after that took.
    #[schema(example = 50.25)]
    pub execution_ms: f64,
}

impl From<RecentSubmission> for RecentSubmissionBody {
    fn from(recent: RecentSubmission) -> Self {
        let RecentSubmission { id, owner, language, mode, inputs, verdict, queue_time, execution_time, finished_at } =
            recent;
        Self {
            exec_id: id.to_string(),
            finished_at: rfc3339(finished_at),
            key: owner,
            language,
            mode: ModeName(mode),
            inputs,
            verdict: VerdictName(verdict),
            queue_ms: milliseconds(queue_time),
            execution_ms: milliseconds(execution_time),
        }
    }
}

/// All keys, and what they used lately.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeysInUse {
    /// First `default`, the key of the settings, then the others by name; of those that were revoked only the ones that used
    /// something in the last thirty days.
    pub keys: Vec<KeyInUse>,
}

/// A key, and what it used lately.
#[derive(Debug, Serialize, ToSchema)]
pub struct KeyInUse {
    /// The key, without anything secret.
    pub key: KeyBody,
    /// What it used on the current UTC day.
    pub today: UsedBody,
    /// What it used on the last thirty UTC days, this one included.
    pub month: UsedBody,
}

impl KeyInUse {
    /// A key, with what is known of its use.
    pub fn new(key: KeyBody, used: Option<UsedLately>) -> Self {
        let UsedLately { today, month } = used.unwrap_or_default();
        Self { key, today: today.into(), month: month.into() }
    }
}
