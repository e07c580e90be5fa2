//! What is read of the history.

use std::time::Duration;

use sqlx::{Connection, PgConnection};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::columns::Failure;
use crate::history::columns::{Found, LevelsRow, Recent, Which};
use crate::history::{MOST_RECENT, RecentSubmission, Resolution, Stretch};
use crate::postgres::rows::{exec_id, text};

/// See [`crate::HistoryStore::history`]; all as of the same moment.
pub(super) async fn between(
    connection: &mut PgConnection,
    resolution: Resolution,
    from: OffsetDateTime,
    until: OffsetDateTime,
    step: Duration,
) -> Result<Vec<Stretch>, Failure> {
    let which = Which::new(resolution, from, until, step);
    let mut found = Found::default();
    let mut moment = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    finished(&mut moment, which, &mut found).await?;
    times(&mut moment, which, &mut found).await?;
    levels(&mut moment, which, &mut found).await?;
    moment.commit().await?;
    found.stretches()
}

async fn finished(moment: &mut PgConnection, which: Which, found: &mut Found) -> Result<(), Failure> {
    let rows: Vec<(i64, Vec<u8>, String, i64)> = sqlx::query_as(
        "SELECT start - start % $1 AS at, language, verdict, sum(submissions)::bigint FROM history_finished
         WHERE width = $2 AND start >= $3 AND start < $4 GROUP BY at, language, verdict",
    )
    .bind(which.step)
    .bind(i32::try_from(which.width)?)
    .bind(which.from)
    .bind(which.until)
    .fetch_all(moment)
    .await?;
    rows.into_iter().try_for_each(|(at, language, name, count)| found.finished(at, text(language)?, &name, count))
}

async fn times(moment: &mut PgConnection, which: Which, found: &mut Found) -> Result<(), Failure> {
    let rows: Vec<(i64, String, i32, i64)> = sqlx::query_as(
        "SELECT start - start % $1 AS at, kind, bucket, sum(times)::bigint FROM history_times
         WHERE width = $2 AND start >= $3 AND start < $4 GROUP BY at, kind, bucket",
    )
    .bind(which.step)
    .bind(i32::try_from(which.width)?)
    .bind(which.from)
    .bind(which.until)
    .fetch_all(moment)
    .await?;
    rows.into_iter().try_for_each(|(at, kind, bucket, count)| found.times(at, &kind, bucket, count))
}

async fn levels(moment: &mut PgConnection, which: Which, found: &mut Found) -> Result<(), Failure> {
    let rows: Vec<LevelsRow> = sqlx::query_as(
        "SELECT start - start % $1 AS at, max(queued) AS queued, max(running) AS running,
             max(server_memory) AS server_memory, max(box_memory) AS box_memory
         FROM history_levels WHERE width = $2 AND start >= $3 AND start < $4 GROUP BY at",
    )
    .bind(which.step)
    .bind(i32::try_from(which.width)?)
    .bind(which.from)
    .bind(which.until)
    .fetch_all(moment)
    .await?;
    rows.into_iter().try_for_each(|row| found.levels(row))
}

/// See [`crate::HistoryStore::recent`].
pub(super) async fn recent(connection: &mut PgConnection, most: u32) -> Result<Vec<RecentSubmission>, Failure> {
    let rows: Vec<RecentRow> = sqlx::query_as(
        "SELECT id, owner, language, mode, inputs, verdict, queue_time, execution_time, finished_at
         FROM recent_submissions ORDER BY finished_at DESC, place DESC LIMIT $1",
    )
    .bind(i64::from(most.min(MOST_RECENT)))
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter().map(RecentRow::read).collect()
}

#[derive(sqlx::FromRow)]
struct RecentRow {
    id: Uuid,
    owner: Vec<u8>,
    language: Vec<u8>,
    #[sqlx(flatten)]
    rest: Recent,
}

impl RecentRow {
    fn read(self) -> Result<RecentSubmission, Failure> {
        self.rest.of(exec_id(self.id), text(self.owner)?, text(self.language)?)
    }
}
