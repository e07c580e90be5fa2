//! What happened when, in PostgreSQL: [`crate::HistoryStore`]. Here it is written; [`reads`] reads it.
//!
//! All nodes add to the same stretches. What finished is added up. Of levels the most is kept: what waits and what runs is
//! counted in the store, so that each node has seen that of all; memory is that of the node, or the box, that had most.
//!
//! Each table is written with one statement, whatever there is to add, in one transaction every few seconds. Nodes do so
//! one after the other, so that they do not wait for each other's rows crosswise.

mod reads;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::attempt::ask;
use super::database::Change;
use super::{PostgresStore, usage};
use crate::StoreError;
use crate::columns::{Failure, micros, micros_since_1970};
use crate::history::{
    Happened, HistoryStore, MOST_RECENT, RecentSubmission, Resolution, Stretch, UsedLately, gathered, seconds,
};
use crate::postgres::rows::uuid;

/// Held by whoever adds; no other lock of this kind has this number.
const LOCK: i64 = 0x0068_6973_746f_7279;

#[async_trait]
impl HistoryStore for PostgresStore {
    async fn add_history(&self, stretches: &[Stretch], finished: &[RecentSubmission]) -> Result<(), StoreError> {
        self.database.write(&AddHistory { stretches, finished }).await
    }

    async fn history(
        &self,
        resolution: Resolution,
        from: OffsetDateTime,
        until: OffsetDateTime,
        step: Duration,
    ) -> Result<Vec<Stretch>, StoreError> {
        let database = self.database.for_request();
        ask!(database, "reading the history", connection => reads::between(connection, resolution, from, until, step))
    }

    async fn recent(&self, most: u32) -> Result<Vec<RecentSubmission>, StoreError> {
        ask!(self.database.for_request(), "reading which submissions finished last", connection => reads::recent(connection, most))
    }

    async fn used_lately(&self, owners: &[&str]) -> Result<BTreeMap<String, UsedLately>, StoreError> {
        ask!(self.database.for_request(), "reading what owners used lately", connection => usage::lately(connection, owners))
    }
}

/// See [`HistoryStore::add_history`].
struct AddHistory<'a> {
    stretches: &'a [Stretch],
    finished: &'a [RecentSubmission],
}

#[async_trait]
impl Change for AddHistory<'_> {
    type Output = ();
    const CONTEXT: &'static str = "adding to the history";

    async fn apply(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        // It is no part of what anybody was promised.
        sqlx::query("SELECT pg_advisory_xact_lock($1), set_config('synchronous_commit', 'off', true)")
            .bind(LOCK)
            .execute(&mut *connection)
            .await?;
        for resolution in Resolution::ALL {
            let gathered: Vec<(i64, Happened)> = gathered(self.stretches, resolution).into_iter().collect();
            let width = i32::try_from(seconds(resolution.width()))?;
            add_finished(connection, width, &gathered).await?;
            add_times(connection, width, &gathered).await?;
            add_levels(connection, width, &gathered).await?;
            forget(connection, width, seconds(resolution.kept())).await?;
        }
        add_recent(connection, self.finished).await
    }
}

async fn add_finished(connection: &mut PgConnection, width: i32, all: &[(i64, Happened)]) -> Result<(), Failure> {
    let (mut starts, mut languages, mut verdicts, mut counts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (start, happened) in all {
        for ((language, verdict), count) in &happened.finished {
            starts.push(*start);
            languages.push(language.as_bytes());
            verdicts.push(verdict.name());
            counts.push(i64::try_from(*count)?);
        }
    }
    sqlx::query(
        "INSERT INTO history_finished AS kept (width, start, language, verdict, submissions)
         SELECT $1, * FROM unnest($2::bigint[], $3::bytea[], $4::text[], $5::bigint[])
         ON CONFLICT (width, start, language, verdict)
         DO UPDATE SET submissions = kept.submissions + excluded.submissions",
    )
    .bind(width)
    .bind(starts)
    .bind(languages)
    .bind(verdicts)
    .bind(counts)
    .execute(connection)
    .await?;
    Ok(())
}

async fn add_times(connection: &mut PgConnection, width: i32, all: &[(i64, Happened)]) -> Result<(), Failure> {
    let (mut starts, mut kinds, mut buckets, mut counts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (start, happened) in all {
        for ((spent, bucket), count) in &happened.times {
            starts.push(*start);
            kinds.push(spent.name());
            buckets.push(*bucket);
            counts.push(i64::try_from(*count)?);
        }
    }
    sqlx::query(
        "INSERT INTO history_times AS kept (width, start, kind, bucket, times)
         SELECT $1, * FROM unnest($2::bigint[], $3::text[], $4::integer[], $5::bigint[])
         ON CONFLICT (width, start, kind, bucket) DO UPDATE SET times = kept.times + excluded.times",
    )
    .bind(width)
    .bind(starts)
    .bind(kinds)
    .bind(buckets)
    .bind(counts)
    .execute(connection)
    .await?;
    Ok(())
}

async fn add_levels(connection: &mut PgConnection, width: i32, all: &[(i64, Happened)]) -> Result<(), Failure> {
    let starts: Vec<i64> = all.iter().map(|(start, _)| *start).collect();
    let column = |level: fn(&Happened) -> Option<u64>| -> Result<Vec<Option<i64>>, Failure> {
        all.iter().map(|(_, happened)| Ok(level(happened).map(i64::try_from).transpose()?)).collect()
    };
    // `greatest` passes over null.
    sqlx::query(
        "INSERT INTO history_levels AS kept (width, start, queued, running, server_memory, box_memory)
         SELECT $1, * FROM unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
         ON CONFLICT (width, start) DO UPDATE SET
             queued = greatest(kept.queued, excluded.queued),
             running = greatest(kept.running, excluded.running),
             server_memory = greatest(kept.server_memory, excluded.server_memory),
             box_memory = greatest(kept.box_memory, excluded.box_memory)",
    )
    .bind(width)
    .bind(starts)
    .bind(column(|happened| happened.levels.queued)?)
    .bind(column(|happened| happened.levels.running)?)
    .bind(column(|happened| happened.levels.server_memory)?)
    .bind(column(|happened| happened.levels.box_memory)?)
    .execute(connection)
    .await?;
    Ok(())
}

/// Deletes what was there for so many seconds, and what a clock that was ahead has left.
async fn forget(connection: &mut PgConnection, width: i32, kept: i64) -> Result<(), Failure> {
    for table in [
        "DELETE FROM history_finished WHERE width = $1 AND abs(start - (SELECT micros()) / 1000000) > $2",
        "DELETE FROM history_times WHERE width = $1 AND abs(start - (SELECT micros()) / 1000000) > $2",
        "DELETE FROM history_levels WHERE width = $1 AND abs(start - (SELECT micros()) / 1000000) > $2",
    ] {
        sqlx::query(table).bind(width).bind(kept).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Of what is there and is to stay: its result may have been deleted since. Whoever deletes it at this moment waits, and then
/// finds it in the list.
async fn add_recent(connection: &mut PgConnection, finished: &[RecentSubmission]) -> Result<(), Failure> {
    let mut columns = RecentColumns::default();
    for recent in finished {
        columns.push(recent)?;
    }
    columns.insert(&mut *connection).await?;
    sqlx::query(
        "DELETE FROM recent_submissions WHERE place IN (
             SELECT place FROM recent_submissions
             WHERE (finished_at, place) < (
                 SELECT finished_at, place FROM recent_submissions
                 ORDER BY finished_at DESC, place DESC OFFSET $1 - 1 LIMIT 1)
             FOR UPDATE SKIP LOCKED)",
    )
    .bind(i64::from(MOST_RECENT))
    .execute(connection)
    .await?;
    Ok(())
}

/// The list as a statement takes it: an array for each column.
#[derive(Default)]
struct RecentColumns<'a> {
    ids: Vec<Uuid>,
    owners: Vec<&'a [u8]>,
    languages: Vec<&'a [u8]>,
    modes: Vec<&'static str>,
    inputs: Vec<i64>,
    verdicts: Vec<&'static str>,
    queue_times: Vec<i64>,
    execution_times: Vec<i64>,
    finished_at: Vec<i64>,
}

impl<'a> RecentColumns<'a> {
    fn push(&mut self, recent: &'a RecentSubmission) -> Result<(), Failure> {
        let RecentSubmission { id, owner, language, mode, inputs, verdict, queue_time, execution_time, finished_at } =
            recent;
        self.ids.push(uuid(*id));
        self.owners.push(owner.as_bytes());
        self.languages.push(language.as_bytes());
        self.modes.push(mode.name());
        self.inputs.push(i64::from(*inputs));
        self.verdicts.push(verdict.name());
        self.queue_times.push(micros(*queue_time));
        self.execution_times.push(micros(*execution_time));
        self.finished_at.push(micros_since_1970(*finished_at)?);
        Ok(())
    }

    async fn insert(self, connection: &mut PgConnection) -> Result<(), Failure> {
        sqlx::query(
            "INSERT INTO recent_submissions (place, id, owner, language, mode, inputs, verdict, queue_time, execution_time,
                 finished_at)
             SELECT place, told.* FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::text[], $5::bigint[], $6::text[],
                     $7::bigint[], $8::bigint[], $9::bigint[])
                 AS told (id, owner, language, mode, inputs, verdict, queue_time, execution_time, finished_at)
                 JOIN submissions USING (id) JOIN reports USING (place)
             WHERE NOT no_store ORDER BY place FOR KEY SHARE OF reports
             ON CONFLICT (place) DO NOTHING",
        )
        .bind(self.ids)
        .bind(self.owners)
        .bind(self.languages)
        .bind(self.modes)
        .bind(self.inputs)
        .bind(self.verdicts)
        .bind(self.queue_times)
        .bind(self.execution_times)
        .bind(self.finished_at)
        .execute(connection)
        .await?;
        Ok(())
    }
}
