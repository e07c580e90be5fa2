//! What is read, on connections of their own: a reader sees everything that was acknowledged before
//! it began, and never waits for the writer.

use model::ExecId;
use sqlx::{SqliteConnection, SqlitePool};

use super::passing::AFTER_FETCH;
use super::rows::{Failure, duration, micros, now_utc, utc, verdict};
use crate::{Status, Totals, Waiting};

/// What is known of this owner's submission, and its place if nobody has fetched its report yet, which does not stay.
pub(super) async fn status(
    readers: &SqlitePool,
    owner: &str,
    id: ExecId,
) -> Result<(Option<Status>, Option<i64>), Failure> {
    let found: Option<(i64, Option<Vec<u8>>, Option<i64>)> = sqlx::query_as(
        "SELECT place, reports.body, iif(no_store, delete_at, NULL)
         FROM submissions LEFT JOIN reports USING (place)
             LEFT JOIN passing_reports USING (place)
         WHERE submissions.id = ? AND submissions.owner = ?",
    )
    .bind(id.as_bytes().as_slice())
    .bind(owner)
    .fetch_optional(readers)
    .await?;
    let latest = now_utc()?.saturating_add(micros(AFTER_FETCH));
    Ok(match found {
        None => (None, None),
        Some((_, None, _)) => (Some(Status::Pending), None),
        Some((place, Some(body), delete_at)) => {
            let is_first = delete_at.is_some_and(|delete_at| delete_at > latest);
            (Some(Status::Done(Box::new(serde_json::from_slice(&body)?))), is_first.then_some(place))
        }
    })
}

/// How much waits: a look at a row for each class and owner.
pub(super) async fn waiting(readers: &SqlitePool, owner: &str) -> Result<Waiting, Failure> {
    let (all, own): (i64, i64) = sqlx::query_as(
        "SELECT coalesce(sum(waiting), 0), coalesce(sum(iif(owner = ?, waiting, 0)), 0)
         FROM queues INDEXED BY queues_waiting WHERE waiting > 0",
    )
    .bind(owner)
    .fetch_one(readers)
    .await?;
    Ok(Waiting { all: all.try_into()?, own: own.try_into()? })
}

/// The counters, all as of the same moment.
pub(super) async fn totals(readers: &SqlitePool) -> Result<Totals, Failure> {
    let mut moment = readers.begin().await?;
    let (queued, running) = unfinished(&mut moment).await?;
    let by_verdict = by_verdict(&mut moment).await?;
    let by_language = by_language(&mut moment).await?;
    let (last, max, sum): (Option<i64>, i64, i64) =
        sqlx::query_as("SELECT last_execution, max_execution_time, sum_execution_time FROM time_totals")
            .fetch_one(&mut *moment)
            .await?;
    Ok(Totals {
        in_progress: queued + running,
        queued,
        by_verdict,
        by_language,
        last_execution: last.map(utc).transpose()?,
        max_execution_time: duration(max)?,
        sum_execution_time: duration(sum)?,
    })
}

/// How many wait, which is counted already, and how many run, counted in the index that holds only those.
async fn unfinished(moment: &mut SqliteConnection) -> Result<(u64, u64), Failure> {
    let (queued, running): (i64, i64) = sqlx::query_as(
        "SELECT (SELECT coalesce(sum(waiting), 0) FROM queues INDEXED BY queues_waiting WHERE waiting > 0),
                (SELECT count(*) FROM submissions INDEXED BY submissions_running WHERE state = 'running')",
    )
    .fetch_one(moment)
    .await?;
    Ok((u64::try_from(queued)?, u64::try_from(running)?))
}

/// In the order of [`model::Verdict::ALL`].
async fn by_verdict(moment: &mut SqliteConnection) -> Result<Vec<(model::Verdict, u64)>, Failure> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT verdict, finished FROM verdict_totals").fetch_all(moment).await?;
    let mut counted = rows
        .into_iter()
        .map(|(name, finished)| Ok((verdict(&name)?, u64::try_from(finished)?)))
        .collect::<Result<Vec<_>, Failure>>()?;
    counted.sort_by_key(|(verdict, _)| *verdict);
    Ok(counted)
}

/// In the order of the language ids.
async fn by_language(moment: &mut SqliteConnection) -> Result<Vec<(String, u64)>, Failure> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT language, finished FROM language_totals ORDER BY language").fetch_all(moment).await?;
    rows.into_iter().map(|(language, finished)| Ok((language, u64::try_from(finished)?))).collect()
}
