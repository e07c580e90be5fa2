//! What is read of the history, and of what owners used lately.

use std::collections::BTreeMap;
use std::time::Duration;

use model::{ExecId, Verdict};
use sqlx::{SqliteConnection, SqlitePool};
use time::OffsetDateTime;

use super::super::rows::{Failure, duration, now_utc, verdict};
use super::super::usage;
use crate::Used;
use crate::history::columns::{Found, LevelsRow, Recent, Which};
use crate::history::{MOST_RECENT, RecentSubmission, Resolution, Stretch, UsedLately};

/// UTC days of [`UsedLately::month`].
const MONTH: i64 = 30;

/// See [`crate::HistoryStore::history`]; all as of the same moment.
pub(in super::super) async fn between(
    readers: &SqlitePool,
    resolution: Resolution,
    from: OffsetDateTime,
    until: OffsetDateTime,
    step: Duration,
) -> Result<Vec<Stretch>, Failure> {
    let which = Which::new(resolution, from, until, step);
    let mut found = Found::default();
    let mut moment = readers.begin().await?;
    finished(&mut moment, which, &mut found).await?;
    times(&mut moment, which, &mut found).await?;
    levels(&mut moment, which, &mut found).await?;
    found.stretches()
}

async fn finished(moment: &mut SqliteConnection, which: Which, found: &mut Found) -> Result<(), Failure> {
    let rows: Vec<(i64, String, String, i64)> = sqlx::query_as(
        "SELECT start - start % ? AS at, language, verdict, sum(submissions) FROM history_finished
         WHERE width = ? AND start >= ? AND start < ? GROUP BY at, language, verdict",
    )
    .bind(which.step)
    .bind(which.width)
    .bind(which.from)
    .bind(which.until)
    .fetch_all(moment)
    .await?;
    rows.into_iter().try_for_each(|(at, language, name, count)| found.finished(at, language, &name, count))
}

async fn times(moment: &mut SqliteConnection, which: Which, found: &mut Found) -> Result<(), Failure> {
    let rows: Vec<(i64, String, i32, i64)> = sqlx::query_as(
        "SELECT start - start % ? AS at, kind, bucket, sum(times) FROM history_times
         WHERE width = ? AND start >= ? AND start < ? GROUP BY at, kind, bucket",
    )
    .bind(which.step)
    .bind(which.width)
    .bind(which.from)
    .bind(which.until)
    .fetch_all(moment)
    .await?;
    rows.into_iter().try_for_each(|(at, kind, bucket, count)| found.times(at, &kind, bucket, count))
}

async fn levels(moment: &mut SqliteConnection, which: Which, found: &mut Found) -> Result<(), Failure> {
    let rows: Vec<LevelsRow> = sqlx::query_as(
        "SELECT start - start % ? AS at, max(queued) AS queued, max(running) AS running,
             max(server_memory) AS server_memory, max(box_memory) AS box_memory
         FROM history_levels WHERE width = ? AND start >= ? AND start < ? GROUP BY at",
    )
    .bind(which.step)
    .bind(which.width)
    .bind(which.from)
    .bind(which.until)
    .fetch_all(moment)
    .await?;
    rows.into_iter().try_for_each(|row| found.levels(row))
}

/// See [`crate::HistoryStore::recent`].
pub(in super::super) async fn recent(readers: &SqlitePool, most: u32) -> Result<Vec<RecentSubmission>, Failure> {
    let rows: Vec<RecentRow> = sqlx::query_as(
        "SELECT id, owner, language, mode, inputs, verdict, queue_time, execution_time, finished_at
         FROM recent_submissions ORDER BY finished_at DESC, place DESC LIMIT ?",
    )
    .bind(most.min(MOST_RECENT))
    .fetch_all(readers)
    .await?;
    rows.into_iter().map(RecentRow::read).collect()
}

#[derive(sqlx::FromRow)]
struct RecentRow {
    id: Vec<u8>,
    owner: String,
    language: String,
    #[sqlx(flatten)]
    rest: Recent,
}

impl RecentRow {
    fn read(self) -> Result<RecentSubmission, Failure> {
        self.rest.of(ExecId::from_bytes(self.id.as_slice().try_into()?), self.owner, self.language)
    }
}

/// See [`crate::HistoryStore::used_lately`]: for each owner a look into the part of the index that has its last days.
pub(in super::super) async fn used_lately(
    readers: &SqlitePool,
    owners: &[&str],
) -> Result<BTreeMap<String, UsedLately>, Failure> {
    let today = usage::day(now_utc()?);
    let rows: Vec<(String, i64, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT owner, day, verdict, submissions, runs, cpu_time
         FROM json_each(?) CROSS JOIN usage_by_day ON owner = value AND day > ?",
    )
    .bind(serde_json::to_string(owners)?)
    .bind(today - MONTH)
    .fetch_all(readers)
    .await?;
    let mut all = BTreeMap::<String, UsedLately>::new();
    for (owner, day, name, submissions, runs, cpu_time) in rows {
        let used = (verdict(&name)?, u64::try_from(submissions)?, u64::try_from(runs)?, duration(cpu_time)?);
        let lately = all.entry(owner).or_default();
        add(&mut lately.month, used);
        if day == today {
            add(&mut lately.today, used);
        }
    }
    Ok(all)
}

fn add(used: &mut Used, (verdict, submissions, runs, cpu_time): (Verdict, u64, u64, Duration)) {
    used.submissions += submissions;
    used.runs += runs;
    used.cpu_time += cpu_time;
    match used.by_verdict.binary_search_by_key(&verdict, |(known, _)| *known) {
        Ok(at) => used.by_verdict[at].1 += submissions,
        Err(at) => used.by_verdict.insert(at, (verdict, submissions)),
    }
}
