//! Cleaning up: [`crate::Store::clean`]. What has expired is deleted a little at once, and room that is free is used again by
//! what comes next: PostgreSQL's autovacuum sees to that, and nothing is given back to the file system here.
//!
//! Several nodes may clean at the same time: what one of them has in hand, the others pass over.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::PgConnection;

use super::database::Change;
use super::rows::length;
use crate::Cleaned;
use crate::columns::Failure;

/// Rows of each kind that are deleted at once.
const MOST_ROWS: i64 = 200;
/// Bytes of reports that are deleted at once, unless a single one has more.
const MOST_REPORT_BYTES: i64 = 4 * 1024 * 1024;
/// How long a report that is not to stay stays after it was fetched for the first time.
pub(super) const AFTER_FETCH: Duration = Duration::from_secs(60);

const KEYS: &str = "
    DELETE FROM idempotency_keys WHERE (owner, key) IN (
        SELECT owner, key FROM idempotency_keys WHERE expires_at <= micros()
        ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)";
/// Of submissions that were done for so long; those first that were done first. Reports are long, so that their bytes count: those of a
/// report are what the database has for it, which may be less than its text.
const EXPIRED: &str = "
    SELECT place, pg_column_size(body)::bigint FROM reports WHERE finished_at <= micros() - $1
    ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED";
/// Of submissions whose reports stay until a time.
const PASSED: &str = "
    SELECT place, pg_column_size(body)::bigint FROM passing_reports JOIN reports USING (place)
    WHERE delete_at <= micros() - $1 ORDER BY delete_at LIMIT $2 FOR UPDATE OF reports SKIP LOCKED";

/// See [`crate::Store::clean`].
pub(super) struct Clean {
    pub(super) results_kept: Duration,
}

#[async_trait]
impl Change for Clean {
    type Output = Cleaned;
    const CONTEXT: &'static str = "deleting what has expired";

    async fn apply(&self, connection: &mut PgConnection) -> Result<Cleaned, Failure> {
        // What comes back after a crash has still expired.
        sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *connection).await?;
        let keys = sqlx::query(KEYS).bind(MOST_ROWS).execute(&mut *connection).await?.rows_affected();
        let passed = delete_results(&mut *connection, PASSED, 0).await?;
        let expired = delete_results(&mut *connection, EXPIRED, length(self.results_kept)).await?;
        Ok(Cleaned { keys, results: passed + expired, pages: 0 })
    }
}

/// Those that one of these selects.
async fn delete_results(connection: &mut PgConnection, which: &'static str, before: i64) -> Result<u64, Failure> {
    let expired: Vec<(i64, i64)> =
        sqlx::query_as(which).bind(before).bind(MOST_ROWS).fetch_all(&mut *connection).await?;
    let (mut places, mut bytes) = (Vec::new(), 0);
    for (place, length) in expired {
        bytes += length;
        if !places.is_empty() && bytes > MOST_REPORT_BYTES {
            break;
        }
        places.push(place);
    }
    if places.is_empty() {
        return Ok(0);
    }
    let deleted =
        sqlx::query("DELETE FROM submissions WHERE place = ANY ($1)").bind(&places).execute(connection).await?;
    Ok(deleted.rows_affected())
}

/// All that is known of the submission at this place, but for what was counted; says whether there was one.
pub(super) async fn delete_result(connection: &mut PgConnection, place: i64) -> Result<bool, Failure> {
    let deleted = sqlx::query("DELETE FROM submissions WHERE place = $1").bind(place).execute(connection).await?;
    Ok(deleted.rows_affected() > 0)
}

/// Somebody has the report at this place, if it is one that does not stay.
pub(super) async fn had(connection: &mut PgConnection, place: i64) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE passing_reports SET delete_at = least(delete_at, micros() + $1)
         WHERE place = $2 AND EXISTS (
             SELECT 1 FROM submissions WHERE submissions.place = passing_reports.place AND no_store)",
    )
    .bind(length(AFTER_FETCH))
    .bind(place)
    .execute(connection)
    .await?;
    Ok(())
}

/// The report at this place was fetched.
pub(super) struct Fetched {
    pub(super) place: i64,
}

#[async_trait]
impl Change for Fetched {
    type Output = ();
    const CONTEXT: &'static str = "noting that a result was fetched";

    async fn apply(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        had(connection, self.place).await
    }
}

/// See [`crate::Store::writable`].
pub(super) struct TryToWrite;

#[async_trait]
impl Change for TryToWrite {
    type Output = ();
    const CONTEXT: &'static str = "trying to write";

    async fn apply(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        // A row that is made, and gone before anybody sees it: that every table is there, and room for it.
        sqlx::query(
            "WITH fresh AS (INSERT INTO payloads VALUES (-txid_current(), '')) SELECT 1 FROM queue, reports LIMIT 1",
        )
        .execute(&mut *connection)
        .await?;
        sqlx::query("DELETE FROM payloads WHERE place = -txid_current()").execute(connection).await?;
        Ok(())
    }
}
