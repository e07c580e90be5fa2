//! What happens to submissions that run and are watched, told from the node that runs them to the one that is asked.
//!
//! ```text
//!  watching node  --watch: a row and a notice-->  all nodes remember it; whoever runs it is told, now or with its claim
//!  running node   --publish: rows and a notice--> watching node  --published-->  the client
//! ```
//!
//! The tables are not logged, and nothing here is durable: an event that is lost was for somebody who watches, and not for the
//! result.

use std::time::Duration;

use model::ExecId;
use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use crate::Lease;
use crate::columns::{Failure, duration, micros};
use crate::fleet::{Published, WATCHED};
use crate::postgres::rows::{exec_id, uuid};

/// Of those that nobody watches any more, so many are deleted when somebody begins to.
const MOST_ENDED: i64 = 100;

/// See [`crate::Fleet::watch`]. The notice goes to all nodes, whether it runs or waits: a node that claims it later has heard of
/// it, and needs not ask.
pub(super) async fn watch(connection: &mut PgConnection, id: ExecId) -> Result<(), Failure> {
    sqlx::query(
        "WITH ended AS (
             DELETE FROM watched WHERE id IN (
                 SELECT id FROM watched WHERE watched_until <= (SELECT micros()) AND id <> $1
                 LIMIT $3 FOR UPDATE SKIP LOCKED)),
         kept AS (
             INSERT INTO watched AS known (id, watched_until) SELECT id, micros() + $2 FROM queue WHERE id = $1
             ON CONFLICT (id) DO UPDATE SET watched_until = greatest(known.watched_until, excluded.watched_until)
             RETURNING id)
         SELECT pg_notify('code_runner', 'watched ' || id) FROM kept",
    )
    .bind(uuid(id))
    .bind(micros(WATCHED))
    .bind(MOST_ENDED)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// What is watched, and for how long from now.
pub(super) async fn watched(from: impl PgExecutor<'_>) -> Result<Vec<(ExecId, Duration)>, Failure> {
    let rows: Vec<(Uuid, i64)> = sqlx::query_as(
        "SELECT id, rest FROM (SELECT id, watched_until - (SELECT micros()) AS rest FROM watched) AS all_of_them
         WHERE rest > 0",
    )
    .fetch_all(from)
    .await?;
    rows.into_iter().map(|(id, rest)| Ok((exec_id(id), duration(rest)?))).collect()
}

/// See [`crate::Fleet::publish`]. The row of the queue is locked, so that who ends the submission at this moment waits, and
/// then deletes these events with the others; or is waited for, and there is nothing to add them to.
pub(super) async fn publish(
    connection: &mut PgConnection,
    lease: Lease,
    first: u32,
    events: &[Vec<u8>],
) -> Result<(), Failure> {
    if events.is_empty() {
        return Ok(());
    }
    let first = i32::try_from(first)?;
    sqlx::query(
        "WITH last AS (
             SELECT id FROM queue WHERE id = $1 AND fence = $2 AND state = 'running' FOR KEY SHARE),
         before AS (
             DELETE FROM published USING last WHERE published.id = last.id AND attempt < $2),
         added AS (
             INSERT INTO published (id, attempt, index, event)
             SELECT last.id, $2, $3 + number - 1, event
             FROM last CROSS JOIN unnest($4::bytea[]) WITH ORDINALITY AS events (event, number)
             ON CONFLICT (id, attempt, index) DO NOTHING RETURNING id),
         durably AS (
             SELECT set_config('synchronous_commit', 'off', true))
         SELECT pg_notify('code_runner', 'published ' || id) FROM (SELECT DISTINCT id FROM added) AS one, durably",
    )
    .bind(uuid(lease.id))
    .bind(lease.fence)
    .bind(first)
    .bind(events)
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// See [`crate::Fleet::published`].
pub(super) async fn published(
    connection: &mut PgConnection,
    id: ExecId,
    attempt: i64,
    index: u32,
) -> Result<Vec<Published>, Failure> {
    let rows: Vec<(i64, i32, Vec<u8>)> = sqlx::query_as(
        "SELECT attempt, index, event FROM published JOIN queue USING (id)
         WHERE id = $1 AND attempt = fence AND (attempt <> $2 OR index >= $3) ORDER BY index",
    )
    .bind(uuid(id))
    .bind(attempt)
    .bind(i64::from(index))
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter()
        .map(|(attempt, index, event)| Ok(Published { attempt, index: u32::try_from(index)?, event }))
        .collect()
}
