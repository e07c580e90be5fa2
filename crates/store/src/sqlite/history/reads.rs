//! What is read of the history, and of what owners used lately.

use std::collections::BTreeMap;
use std::time::Duration;

use model::{ExecId, Mode, Verdict};
use sqlx::{SqliteConnection, SqlitePool};
use time::OffsetDateTime;

use super::super::rows::{Failure, duration, now_utc, utc, verdict};
use super::super::usage;
use crate::Used;
use crate::history::{
    Happened, Levels, MOST_RECENT, RecentSubmission, Resolution, Spent, Stretch, UsedLately, seconds,
};

/// UTC days of [`UsedLately::month`].
const MONTH: i64 = 30;

/// Which stretches are meant, all in seconds: since 1970 where it is a moment.
#[derive(Clone, Copy)]
struct Which {
    width: i64,
    from: i64,
    until: i64,
    step: i64,
}

/// By when they begin, in seconds since 1970.
type Found = BTreeMap<i64, Happened>;

/// See [`crate::HistoryStore::history`]; all as of the same moment.
pub(in super::super) async fn between(
    readers: &SqlitePool,
    resolution: Resolution,
    from: OffsetDateTime,
    until: OffsetDateTime,
    step: Duration,
) -> Result<Vec<Stretch>, Failure> {
    let which = Which {
        width: seconds(resolution.width()),
        from: from.unix_timestamp(),
        until: until.unix_timestamp(),
        step: seconds(step),
    };
    let mut found = Found::new();
    let mut moment = readers.begin().await?;
    finished(&mut moment, which, &mut found).await?;
    times(&mut moment, which, &mut found).await?;
    levels(&mut moment, which, &mut found).await?;
    let stretch = |(start, happened)| Ok(Stretch { start: OffsetDateTime::from_unix_timestamp(start)?, happened });
    found.into_iter().map(stretch).collect()
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
    for (at, language, name, count) in rows {
        found.entry(at).or_default().finished.insert((language, verdict(&name)?), u64::try_from(count)?);
    }
    Ok(())
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
    for (at, kind, bucket, count) in rows {
        found.entry(at).or_default().times.insert((spent(&kind)?, bucket), u64::try_from(count)?);
    }
    Ok(())
}

#[derive(sqlx::FromRow)]
struct LevelsRow {
    at: i64,
    queued: Option<i64>,
    running: Option<i64>,
    server_memory: Option<i64>,
    box_memory: Option<i64>,
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
    let level = |value: Option<i64>| value.map(u64::try_from).transpose();
    for LevelsRow { at, queued, running, server_memory, box_memory } in rows {
        found.entry(at).or_default().levels = Levels {
            queued: level(queued)?,
            running: level(running)?,
            server_memory: level(server_memory)?,
            box_memory: level(box_memory)?,
        };
    }
    Ok(())
}

fn spent(name: &str) -> Result<Spent, Failure> {
    let known = Spent::ALL.into_iter().find(|spent| spent.name() == name);
    known.ok_or_else(|| format!("unknown kind of time `{name}` in the history").into())
}

/// See [`crate::HistoryStore::recent`].
pub(in super::super) async fn recent(readers: &SqlitePool, most: u32) -> Result<Vec<RecentSubmission>, Failure> {
    let rows: Vec<Recent> = sqlx::query_as(
        "SELECT id, owner, language, mode, inputs, verdict, queue_time, execution_time, finished_at
         FROM recent_submissions ORDER BY finished_at DESC, place DESC LIMIT ?",
    )
    .bind(most.min(MOST_RECENT))
    .fetch_all(readers)
    .await?;
    rows.into_iter().map(Recent::read).collect()
}

#[derive(sqlx::FromRow)]
struct Recent {
    id: Vec<u8>,
    owner: String,
    language: String,
    mode: String,
    inputs: i64,
    verdict: String,
    queue_time: i64,
    execution_time: i64,
    finished_at: i64,
}

impl Recent {
    fn read(self) -> Result<RecentSubmission, Failure> {
        let known = Mode::ALL.into_iter().find(|mode| mode.name() == self.mode);
        Ok(RecentSubmission {
            id: ExecId::from_bytes(self.id.as_slice().try_into()?),
            owner: self.owner,
            language: self.language,
            mode: known.ok_or("unknown mode in the list of the last submissions")?,
            inputs: u32::try_from(self.inputs)?,
            verdict: verdict(&self.verdict)?,
            queue_time: duration(self.queue_time)?,
            execution_time: duration(self.execution_time)?,
            finished_at: utc(self.finished_at)?,
        })
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
