//! Reports that stay for less than others. Rows come and go by triggers (`migrations/sqlite/0010_no_store.sql` and 0011), which say when
//! they are deleted: those of a key that has a number of days of its own after these, and those that are not to stay
//! ([`model::Submission::no_store`]) after an hour, or soon after somebody had them.
//!
//! Not at once: an answer may be lost on its way, and whoever asks again in time gets it.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::SqliteConnection;

use super::rows::{Failure, micros, now_utc};
use super::writer::Change;

/// How long a report stays after it was fetched for the first time.
pub(super) const AFTER_FETCH: Duration = Duration::from_secs(60);

/// The report at this place was fetched.
pub(super) struct Fetched {
    pub(super) place: i64,
}

#[async_trait]
impl Change for Fetched {
    type Output = ();
    const CONTEXT: &'static str = "noting that a result was fetched";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        had(connection, self.place).await
    }
}

/// Somebody has the report at this place, if it is one that does not stay.
pub(super) async fn had(connection: &mut SqliteConnection, place: i64) -> Result<(), Failure> {
    sqlx::query(
        "UPDATE passing_reports SET delete_at = min(delete_at, ?)
         WHERE place = ? AND (SELECT no_store FROM submissions WHERE submissions.place = passing_reports.place) = 1",
    )
    .bind(now_utc()?.saturating_add(micros(AFTER_FETCH)))
    .bind(place)
    .execute(connection)
    .await?;
    Ok(())
}
