//! Cancelling and erasing: [`crate::Store::cancel`] and [`crate::Store::erase`]. What waits is finished here, what runs is
//! marked, what is done is deleted. The row of the queue is locked first: whoever comes second, this or a claim or a report, sees what
//! the first has made of it.

use async_trait::async_trait;
use model::{ExecId, Phases, Report, Submission};
use sqlx::PgConnection;
use uuid::Uuid;

use super::clean::delete_result;
use super::database::Change;
use super::finish::record;
use super::rows::{Final, exec_id, uuid};
use crate::columns::{Failure, duration};
use crate::{Cancelled, Erased};

/// Submissions that are erased at once: a report may be long.
const MOST: usize = 20;

/// Takes a place, and what a report is made of.
const END: &str = concat!(
    "WITH ended AS (DELETE FROM queue WHERE place = $1 RETURNING place, owner, language),
    gone AS (DELETE FROM payloads WHERE place = $1),
    finished AS (
        SELECT place, owner, language, $2::bytea AS body, $3::text AS verdict, $4::bigint AS execution_time,
            $5::bigint AS runs, $6::bigint AS cpu_time
        FROM ended),",
    record!(),
    " SELECT place FROM finished"
);

/// See [`crate::Store::cancel`].
pub(super) struct Cancelling {
    pub(super) owner: String,
    pub(super) id: ExecId,
}

#[async_trait]
impl Change for Cancelling {
    type Output = Option<Cancelled>;
    const CONTEXT: &'static str = "cancelling a submission";

    async fn apply(&self, connection: &mut PgConnection) -> Result<Option<Cancelled>, Failure> {
        let found: Option<(i64,)> = sqlx::query_as("SELECT place FROM submissions WHERE id = $1 AND owner = $2")
            .bind(uuid(self.id))
            .bind(self.owner.as_bytes())
            .fetch_optional(&mut *connection)
            .await?;
        let Some((place,)) = found else { return Ok(None) };
        Ok(Some(match lock(&mut *connection, place).await? {
            Some(State::Queued) => Cancelled::Ended(Box::new(end(connection, place).await?)),
            Some(State::Running) => {
                mark(connection, place).await?;
                Cancelled::Asked
            }
            None => {
                if !delete_result(connection, place).await? {
                    // Somebody was quicker.
                    return Ok(None);
                }
                Cancelled::Deleted
            }
        }))
    }
}

enum State {
    Queued,
    Running,
}

/// Locks what waits or runs, and gives which of them it does; none if it is done.
async fn lock(connection: &mut PgConnection, place: i64) -> Result<Option<State>, Failure> {
    let found: Option<(bool,)> = sqlx::query_as("SELECT state = 'queued' FROM queue WHERE place = $1 FOR UPDATE")
        .bind(place)
        .fetch_optional(connection)
        .await?;
    Ok(found.map(|(is_queued,)| if is_queued { State::Queued } else { State::Running }))
}

/// Makes what waits, and is locked, final without a run.
async fn end(connection: &mut PgConnection, place: i64) -> Result<(Submission, Report), Failure> {
    let (body, queue): (Vec<u8>, i64) = sqlx::query_as(
        "SELECT body, greatest(micros() - submitted_at, 0) FROM payloads JOIN submissions USING (place) WHERE place = $1",
    )
    .bind(place)
    .fetch_one(&mut *connection)
    .await?;
    let submission: Submission = serde_json::from_slice(&body)?;
    let report = Report::cancelled(&submission, Phases { queue: duration(queue)?, ..Phases::default() });
    let Final { body, verdict, execution_time, runs, cpu_time } = Final::new(&report)?;
    sqlx::query(END)
        .bind(place)
        .bind(body)
        .bind(verdict)
        .bind(execution_time)
        .bind(runs)
        .bind(cpu_time)
        .execute(connection)
        .await?;
    Ok((submission, report))
}

/// Has whoever runs it learn of the wish.
async fn mark(connection: &mut PgConnection, place: i64) -> Result<(), Failure> {
    sqlx::query("UPDATE queue SET cancel_asked = true WHERE place = $1").bind(place).execute(connection).await?;
    Ok(())
}

/// See [`crate::Store::erase`].
pub(super) struct Erasing {
    pub(super) owner: String,
    pub(super) student: String,
}

#[async_trait]
impl Change for Erasing {
    type Output = Erased;
    const CONTEXT: &'static str = "erasing what belongs to a student";

    async fn apply(&self, connection: &mut PgConnection) -> Result<Erased, Failure> {
        let rows: Vec<(i64, Uuid)> = sqlx::query_as(
            "SELECT submissions.place, submissions.id FROM submissions LEFT JOIN queue USING (place)
             WHERE submissions.owner = $1 AND student = $2 AND (state IS NULL OR state = 'queued' OR NOT cancel_asked)
             ORDER BY submissions.place LIMIT $3",
        )
        .bind(self.owner.as_bytes())
        .bind(self.student.as_bytes())
        .bind(i64::try_from(MOST)?)
        .fetch_all(&mut *connection)
        .await?;
        let mut erased = Erased { more: rows.len() == MOST, ..Erased::default() };
        for (place, id) in rows {
            match lock(&mut *connection, place).await? {
                Some(State::Running) => {
                    mark(&mut *connection, place).await?;
                    erased.asked.push(exec_id(id));
                    continue;
                }
                Some(State::Queued) => erased.ended.push(end(&mut *connection, place).await?),
                None => {}
            }
            if delete_result(&mut *connection, place).await? {
                erased.deleted += 1;
            }
        }
        let (running,): (i64,) = sqlx::query_as(
            "SELECT count(*) FROM queue JOIN submissions USING (place)
             WHERE state = 'running' AND queue.owner = $1 AND student = $2",
        )
        .bind(self.owner.as_bytes())
        .bind(self.student.as_bytes())
        .fetch_one(connection)
        .await?;
        erased.running = u64::try_from(running)?;
        Ok(erased)
    }
}
