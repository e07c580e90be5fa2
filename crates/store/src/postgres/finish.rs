//! Recording reports: [`crate::Store::finish`], and the part of it that others share.

use std::collections::HashSet;

use async_trait::async_trait;
use model::Report;
use sqlx::PgConnection;
use uuid::Uuid;

use super::database::{Change, Database};
use super::lanes::{Grouped, after_failure, are_first};
use super::rows::{Final, uuid};
use crate::columns::Failure;
use crate::{Lease, LeaseUse, StoreError};

/// Stores and counts the reports of `finished (place, owner, language, body, verdict, execution_time, runs, cpu_time)`, a query
/// before this one in a WITH. Triggers do the rest (`migrations/postgres/0002_triggers.sql`).
macro_rules! record {
    () => {
        "kept AS (INSERT INTO reports (place, body, finished_at) SELECT place, body, micros() FROM finished),
        counted AS (
            INSERT INTO totals AS sums
            SELECT shard(), language, verdict, count(*), max(micros()), max(execution_time), sum(execution_time)
            FROM finished GROUP BY language, verdict ORDER BY language, verdict
            ON CONFLICT (shard, language, verdict) DO UPDATE SET finished = sums.finished + excluded.finished,
                last_execution = greatest(sums.last_execution, excluded.last_execution),
                max_execution_time = greatest(sums.max_execution_time, excluded.max_execution_time),
                sum_execution_time = sums.sum_execution_time + excluded.sum_execution_time),
        used AS (
            INSERT INTO usage_by_day AS sums
            SELECT owner, (min(micros()) / 86400000000)::integer, verdict, shard(), count(*), sum(runs), sum(cpu_time)
            FROM finished GROUP BY owner, verdict ORDER BY owner, verdict
            ON CONFLICT (owner, day, verdict, shard) DO UPDATE SET submissions = sums.submissions + excluded.submissions,
                runs = sums.runs + excluded.runs, cpu_time = sums.cpu_time + excluded.cpu_time)"
    };
}
pub(super) use record;

/// Ends those that are claimed under these leases, and gives which they were.
const FINISH: &str = concat!(
    "WITH given AS MATERIALIZED (
        SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[])
        AS given (id, fence, body, verdict, execution_time, runs, cpu_time)),
    ended AS (
        DELETE FROM queue USING given
        WHERE queue.id = given.id AND queue.fence = given.fence AND queue.state = 'running'
        RETURNING queue.place, queue.id, queue.fence, owner, language, body, verdict, execution_time, runs, cpu_time),
    finished AS (SELECT * FROM ended),
    gone AS (DELETE FROM payloads USING ended WHERE payloads.place = ended.place),",
    record!(),
    " SELECT id, fence FROM ended"
);

/// See [`crate::Store::finish`].
pub(super) struct Finish {
    id: Uuid,
    fence: i64,
    report: Final,
}

impl Finish {
    pub(super) fn new(lease: Lease, report: &Report) -> Result<Self, StoreError> {
        let report = Final::new(report).map_err(|error| StoreError::new(<Self as Grouped>::CONTEXT, error))?;
        Ok(Self { id: uuid(lease.id), fence: lease.fence, report })
    }
}

/// Several at once, each submission once.
struct FinishAll<'a>(Vec<&'a Finish>);

#[async_trait]
impl Change for FinishAll<'_> {
    /// Those that were finished, with the fence.
    type Output = HashSet<(Uuid, i64)>;
    const CONTEXT: &'static str = <Finish as Grouped>::CONTEXT;

    async fn apply(&self, connection: &mut PgConnection) -> Result<HashSet<(Uuid, i64)>, Failure> {
        let all = &self.0;
        let finished: Vec<(Uuid, i64)> = sqlx::query_as(FINISH)
            .bind(all.iter().map(|one| one.id).collect::<Vec<_>>())
            .bind(all.iter().map(|one| one.fence).collect::<Vec<_>>())
            .bind(all.iter().map(|one| one.report.body.as_slice()).collect::<Vec<_>>())
            .bind(all.iter().map(|one| one.report.verdict).collect::<Vec<_>>())
            .bind(all.iter().map(|one| one.report.execution_time).collect::<Vec<_>>())
            .bind(all.iter().map(|one| one.report.runs).collect::<Vec<_>>())
            .bind(all.iter().map(|one| one.report.cpu_time).collect::<Vec<_>>())
            .fetch_all(connection)
            .await?;
        Ok(finished.into_iter().collect())
    }

    async fn is_there(&self, connection: &mut PgConnection, finished: &HashSet<(Uuid, i64)>) -> Result<bool, Failure> {
        let (count,): (i64,) = sqlx::query_as(
            "SELECT count(*) FROM submissions WHERE id = ANY ($1) AND NOT EXISTS (
                 SELECT 1 FROM queue WHERE queue.place = submissions.place)",
        )
        .bind(finished.iter().map(|(id, _)| *id).collect::<Vec<_>>())
        .fetch_one(connection)
        .await?;
        Ok(usize::try_from(count)? == finished.len())
    }
}

#[async_trait]
impl Grouped for Finish {
    type Output = LeaseUse;
    const CONTEXT: &'static str = "recording a report";

    fn length(&self) -> usize {
        self.report.body.len()
    }

    async fn together(database: &Database, group: Vec<Self>) -> Vec<Result<LeaseUse, StoreError>> {
        // Of two reports of a submission in a group the first is written, and the second is late.
        let first = are_first(group.iter().map(|one| (one.id, one.fence)));
        let all = group.iter().zip(&first).filter(|(_, first)| **first).map(|(one, _)| one);
        match database.write(&FinishAll(all.collect())).await {
            Ok(finished) => {
                let done = |one: &Self, first| first && finished.contains(&(one.id, one.fence));
                let answer = |done| Ok(if done { LeaseUse::Done } else { LeaseUse::Superseded });
                group.iter().zip(first).map(|(one, first)| answer(done(one, first))).collect()
            }
            Err(error) => after_failure(database, group, error).await,
        }
    }
}
