//! What is read of the history.

use std::collections::BTreeMap;
use std::time::Duration;

use model::Mode;
use sqlx::{PgConnection, PgPool};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::columns::{Failure, duration, utc, verdict};
use crate::history::{Happened, Levels, MOST_RECENT, RecentSubmission, Resolution, Spent, Stretch, seconds};
use crate::postgres::rows::{exec_id, text};

/// Which stretches are meant, all in seconds: since 1970 where it is a moment.
#[derive(Clone, Copy)]
struct Which {
    width: i32,
    from: i64,
    until: i64,
    step: i64,
}

/// By when they begin, in seconds since 1970.
type Found = BTreeMap<i64, Happened>;

/// See [`crate::HistoryStore::history`]; all as of the same moment.
pub(super) async fn between(
    pool: &PgPool,
    resolution: Resolution,
    from: OffsetDateTime,
    until: OffsetDateTime,
    step: Duration,
) -> Result<Vec<Stretch>, Failure> {
    let which = Which {
        width: i32::try_from(seconds(resolution.width()))?,
        from: from.unix_timestamp(),
        until: until.unix_timestamp(),
        step: seconds(step),
    };
    let mut found = Found::new();
    let mut moment = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    finished(&mut moment, which, &mut found).await?;
    times(&mut moment, which, &mut found).await?;
    levels(&mut moment, which, &mut found).await?;
    moment.commit().await?;
    let stretch = |(start, happened)| Ok(Stretch { start: OffsetDateTime::from_unix_timestamp(start)?, happened });
    found.into_iter().map(stretch).collect()
}

async fn finished(moment: &mut PgConnection, which: Which, found: &mut Found) -> Result<(), Failure> {
    let rows: Vec<(i64, Vec<u8>, String, i64)> = sqlx::query_as(
        "SELECT start - start % $1 AS at, language, verdict, sum(submissions)::bigint FROM history_finished
         WHERE width = $2 AND start >= $3 AND start < $4 GROUP BY at, language, verdict",
    )
    .bind(which.step)
    .bind(which.width)
    .bind(which.from)
    .bind(which.until)
    .fetch_all(moment)
    .await?;
    for (at, language, name, count) in rows {
        let what = (text(language)?, verdict(&name)?);
        found.entry(at).or_default().finished.insert(what, u64::try_from(count)?);
    }
    Ok(())
}

async fn times(moment: &mut PgConnection, which: Which, found: &mut Found) -> Result<(), Failure> {
    let rows: Vec<(i64, String, i32, i64)> = sqlx::query_as(
        "SELECT start - start % $1 AS at, kind, bucket, sum(times)::bigint FROM history_times
         WHERE width = $2 AND start >= $3 AND start < $4 GROUP BY at, kind, bucket",
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

async fn levels(moment: &mut PgConnection, which: Which, found: &mut Found) -> Result<(), Failure> {
    let rows: Vec<LevelsRow> = sqlx::query_as(
        "SELECT start - start % $1 AS at, max(queued) AS queued, max(running) AS running,
             max(server_memory) AS server_memory, max(box_memory) AS box_memory
         FROM history_levels WHERE width = $2 AND start >= $3 AND start < $4 GROUP BY at",
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
pub(super) async fn recent(pool: &PgPool, most: u32) -> Result<Vec<RecentSubmission>, Failure> {
    let rows: Vec<Recent> = sqlx::query_as(
        "SELECT id, owner, language, mode, inputs, verdict, queue_time, execution_time, finished_at
         FROM recent_submissions ORDER BY finished_at DESC, place DESC LIMIT $1",
    )
    .bind(i64::from(most.min(MOST_RECENT)))
    .fetch_all(pool)
    .await?;
    rows.into_iter().map(Recent::read).collect()
}

#[derive(sqlx::FromRow)]
struct Recent {
    id: Uuid,
    owner: Vec<u8>,
    language: Vec<u8>,
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
            id: exec_id(self.id),
            owner: text(self.owner)?,
            language: text(self.language)?,
            mode: known.ok_or("unknown mode in the list of the last submissions")?,
            inputs: u32::try_from(self.inputs)?,
            verdict: verdict(&self.verdict)?,
            queue_time: duration(self.queue_time)?,
            execution_time: duration(self.execution_time)?,
            finished_at: utc(self.finished_at)?,
        })
    }
}
