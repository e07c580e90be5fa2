//! What owners used: counted with each result, in its transaction, and read by UTC day.

use std::time::Duration;

use sqlx::{SqliteConnection, SqlitePool};

use super::rows::{Failure, duration, now_utc, verdict};
use crate::keys::{OwnerUsage, Used};

const MICROS_OF_DAY: i64 = 86_400_000_000;

/// Counts a report for the owner of the submission at a place. Parameters: day, verdict, runs, CPU time, place.
/// A macro, so that it can be part of a longer statement.
macro_rules! count {
    () => {
        "INSERT INTO usage_by_day SELECT owner, ?, ?, 1, ?, ? FROM submissions WHERE place = ?
         ON CONFLICT (owner, day, verdict) DO UPDATE SET submissions = submissions + 1,
         runs = runs + excluded.runs, cpu_time = cpu_time + excluded.cpu_time"
    };
}
pub(super) use count;

/// The UTC day of a time in a column, counted from 1970-01-01.
pub(super) fn day(at: i64) -> i64 {
    at.div_euclid(MICROS_OF_DAY)
}

/// What this owner used today and in total, as of the same moment.
pub(super) async fn of_owner(readers: &SqlitePool, owner: &str) -> Result<OwnerUsage, Failure> {
    let mut moment = readers.begin().await?;
    let today = since(&mut moment, owner, day(now_utc()?)).await?;
    let total = since(&mut moment, owner, i64::MIN).await?;
    Ok(OwnerUsage { today, total })
}

/// CPU time this owner used today.
pub(super) async fn cpu_time_today(readers: &SqlitePool, owner: &str) -> Result<Duration, Failure> {
    let (used,) = sqlx::query_as("SELECT coalesce(sum(cpu_time), 0) FROM usage_by_day WHERE owner = ? AND day = ?")
        .bind(owner)
        .bind(day(now_utc()?))
        .fetch_one(readers)
        .await?;
    duration(used)
}

async fn since(moment: &mut SqliteConnection, owner: &str, first_day: i64) -> Result<Used, Failure> {
    let rows: Vec<(String, i64, i64, i64)> = sqlx::query_as(
        "SELECT verdict, sum(submissions), sum(runs), sum(cpu_time) FROM usage_by_day
         WHERE owner = ? AND day >= ? GROUP BY verdict",
    )
    .bind(owner)
    .bind(first_day)
    .fetch_all(moment)
    .await?;
    let mut used = Used::default();
    for (name, submissions, runs, cpu_time) in rows {
        let submissions = u64::try_from(submissions)?;
        used.submissions += submissions;
        used.runs += u64::try_from(runs)?;
        used.cpu_time += duration(cpu_time)?;
        used.by_verdict.push((verdict(&name)?, submissions));
    }
    used.by_verdict.sort_by_key(|(verdict, _)| *verdict);
    Ok(used)
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn a_day_ends_at_midnight_utc() {
        let midnight = 20_000 * super::MICROS_OF_DAY;
        assert_eq!([midnight - 1, midnight, midnight + 1].map(day), [19_999, 20_000, 20_000]);
        assert_eq!(day(-1), -1);
    }
}
