//! Cleaning up: [`crate::Store::clean`]. What has expired is deleted, and the file given back what it does not need.
//!
//! Everything is bounded, because the task that writes does nothing else meanwhile. A report may be long, and deleting one
//! takes as long as it is, so that reports are bounded by their bytes as well.
//!
//! Pages that are free are used again by what comes next, so that a quarter of the file may be free; what is beyond that is cut
//! off its end, for which SQLite moves other pages forward (`auto_vacuum = INCREMENTAL`, set in [`super::open`]). The file
//! itself gets shorter with the next checkpoint.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::{Executor, SqliteConnection};

use super::rows::{Failure, micros, now_utc};
use super::writer::Change;
use crate::Cleaned;

/// Rows of each kind that are deleted at once.
const MOST_ROWS: u32 = 200;
/// Bytes of reports that are deleted at once, unless a single one has more.
const MOST_REPORT_BYTES: i64 = 4 * 1024 * 1024;
/// Gives back so many pages at once, of 4096 bytes.
const GIVE_BACK: &str = "PRAGMA incremental_vacuum(1000)";
/// Free pages that are left in any case.
const LEAST_FREE: i64 = 256;

/// See [`crate::Store::clean`].
pub(super) struct Clean {
    pub(super) results_kept: Duration,
}

#[async_trait]
impl Change for Clean {
    type Output = Cleaned;
    const CONTEXT: &'static str = "deleting what has expired";
    // What comes back has still expired.
    const DURABLE: bool = false;

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<Cleaned, Failure> {
        let now = now_utc()?;
        let keys = delete_keys(&mut *connection, now).await?;
        let passed = delete_results(&mut *connection, PASSED, now).await?;
        let expired = delete_results(&mut *connection, EXPIRED, now.saturating_sub(micros(self.results_kept))).await?;
        let results = passed + expired;
        let pages = give_back(connection).await?;
        Ok(Cleaned { keys, results, pages })
    }
}

/// Moves what is in the write-ahead log into the file, and empties it, so that nothing is left there of what was deleted.
pub(super) struct EmptyLog;

#[async_trait]
impl Change for EmptyLog {
    type Output = ();
    const CONTEXT: &'static str = "emptying the write-ahead log";
    const EMPTIES_LOG: bool = true;

    async fn apply(&self, _: &mut SqliteConnection) -> Result<(), Failure> {
        Ok(())
    }
}

async fn delete_keys(connection: &mut SqliteConnection, now: i64) -> Result<u64, Failure> {
    let deleted = sqlx::query(
        "DELETE FROM idempotency_keys WHERE (owner, key) IN (
             SELECT owner, key FROM idempotency_keys INDEXED BY idempotency_keys_expiring
             WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)",
    )
    .bind(now)
    .bind(MOST_ROWS)
    .execute(connection)
    .await?;
    Ok(deleted.rows_affected())
}

/// Of submissions that were done at a time; those first that were done first.
const EXPIRED: &str = "SELECT place, length(body) FROM reports INDEXED BY reports_finished
    WHERE finished_at <= ? ORDER BY finished_at LIMIT ?";
/// Of submissions whose reports stay until a time; see [`super::passing`].
const PASSED: &str =
    "SELECT place, length(body) FROM passing_reports INDEXED BY passing_reports_ending JOIN reports USING (place)
    WHERE delete_at <= ? ORDER BY delete_at LIMIT ?";

/// Those that one of these selects.
async fn delete_results(connection: &mut SqliteConnection, which: &'static str, until: i64) -> Result<u64, Failure> {
    let expired: Vec<(i64, i64)> =
        sqlx::query_as(which).bind(until).bind(MOST_ROWS).fetch_all(&mut *connection).await?;
    let (mut results, mut bytes) = (0, 0);
    for (place, length) in expired {
        bytes += length;
        if results > 0 && bytes > MOST_REPORT_BYTES {
            break;
        }
        delete_result(&mut *connection, place).await?;
        results += 1;
    }
    Ok(results)
}

/// The report and all that is known of the submission at this place, but for what was counted.
pub(super) async fn delete_result(connection: &mut SqliteConnection, place: i64) -> Result<(), Failure> {
    sqlx::query("DELETE FROM reports WHERE place = ?; DELETE FROM submissions WHERE place = ?")
        .bind(place)
        .bind(place)
        .execute(connection)
        .await?;
    Ok(())
}

async fn give_back(connection: &mut SqliteConnection) -> Result<u64, Failure> {
    let (pages, free) = pages(&mut *connection).await?;
    if free <= LEAST_FREE.max(pages / 4) {
        return Ok(0);
    }
    connection.execute(GIVE_BACK).await?;
    let (_, left) = self::pages(connection).await?;
    Ok(u64::try_from(free - left)?)
}

/// How many there are, and how many of them are free.
async fn pages(connection: &mut SqliteConnection) -> Result<(i64, i64), Failure> {
    let all = "SELECT page_count, freelist_count FROM pragma_page_count, pragma_freelist_count";
    Ok(sqlx::query_as(all).fetch_one(connection).await?)
}
