//! What is read, each in one statement, and so as of one moment.

use model::{ExecId, Verdict};
use sqlx::PgConnection;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::clean::AFTER_FETCH;
use super::rows::{exec_id, length, text, uuid};
use crate::columns::{Failure, duration, utc, verdict};
use crate::{BatchMember, MemberState, Status, Totals, Waiting};

/// What is known of this owner's submission, and its place if nobody has fetched its report yet, which does not stay.
pub(super) async fn status(
    connection: &mut PgConnection,
    owner: &str,
    id: ExecId,
) -> Result<(Option<Status>, Option<i64>), Failure> {
    let found: Option<(i64, Option<Vec<u8>>, bool)> = sqlx::query_as(
        "SELECT place, reports.body, no_store AND coalesce(delete_at > micros() + $3, false)
         FROM submissions LEFT JOIN reports USING (place) LEFT JOIN passing_reports USING (place)
         WHERE submissions.id = $1 AND submissions.owner = $2",
    )
    .bind(uuid(id))
    .bind(owner.as_bytes())
    .bind(length(AFTER_FETCH))
    .fetch_optional(&mut *connection)
    .await?;
    Ok(match found {
        None => (None, None),
        Some((_, None, _)) => (Some(Status::Pending), None),
        Some((place, Some(body), is_first)) => {
            (Some(Status::Done(Box::new(serde_json::from_slice(&body)?))), is_first.then_some(place))
        }
    })
}

/// See [`crate::Store::batch`].
pub(super) async fn batch(
    connection: &mut PgConnection,
    owner: &str,
    batch: ExecId,
) -> Result<Vec<BatchMember>, Failure> {
    let rows: Vec<(Uuid, Option<String>)> = sqlx::query_as(
        "SELECT submissions.id, state FROM submissions LEFT JOIN queue USING (place)
         WHERE batch = $1 AND submissions.owner = $2 ORDER BY batch_index",
    )
    .bind(uuid(batch))
    .bind(owner.as_bytes())
    .fetch_all(&mut *connection)
    .await?;
    let member = |(id, state): (Uuid, Option<String>)| BatchMember {
        id: exec_id(id),
        state: match state.as_deref() {
            Some("queued") => MemberState::Queued,
            Some(_) => MemberState::Running,
            None => MemberState::Done,
        },
    };
    Ok(rows.into_iter().map(member).collect())
}

/// How much waits: a look at a few rows for each class and owner.
pub(super) async fn waiting(connection: &mut PgConnection, owner: &str) -> Result<Waiting, Failure> {
    let (all, own): (i64, i64) = sqlx::query_as(
        "SELECT coalesce(sum(waiting), 0)::bigint, coalesce(sum(waiting) FILTER (WHERE owner = $1), 0)::bigint
         FROM waiting_counts",
    )
    .bind(owner.as_bytes())
    .fetch_one(&mut *connection)
    .await?;
    Ok(Waiting { all: all.try_into()?, own: own.try_into()? })
}

/// What waits and runs, and one row of totals.
#[derive(sqlx::FromRow)]
struct Row {
    queued: i64,
    running: i64,
    language: Option<Vec<u8>>,
    verdict: Option<String>,
    finished: Option<i64>,
    last: Option<i64>,
    longest: Option<i64>,
    sum: Option<i64>,
}

/// See [`crate::Store::totals`].
pub(super) async fn totals(connection: &mut PgConnection) -> Result<Totals, Failure> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT * FROM (SELECT
             (SELECT coalesce(sum(waiting), 0)::bigint FROM waiting_counts) AS queued,
             (SELECT count(*) FROM queue WHERE state = 'running') AS running) AS now
         LEFT JOIN (
             SELECT language, verdict, sum(finished)::bigint AS finished, max(last_execution) AS last,
                 max(max_execution_time) AS longest, sum(sum_execution_time)::bigint AS sum
             FROM totals GROUP BY language, verdict) AS finished ON true",
    )
    .fetch_all(&mut *connection)
    .await?;
    let (mut totals, mut sum) = (Totals::default(), 0_i64);
    let (mut by_verdict, mut by_language) = (BTreeMap::<Verdict, u64>::new(), BTreeMap::<String, u64>::new());
    for row in rows {
        totals.queued = u64::try_from(row.queued)?;
        totals.in_progress = totals.queued + u64::try_from(row.running)?;
        let (Some(language), Some(name), Some(finished)) = (row.language, row.verdict, row.finished) else { continue };
        let finished = u64::try_from(finished)?;
        *by_verdict.entry(verdict(&name)?).or_default() += finished;
        *by_language.entry(text(language)?).or_default() += finished;
        totals.last_execution = totals.last_execution.max(row.last.map(utc).transpose()?);
        totals.max_execution_time = totals.max_execution_time.max(duration(row.longest.unwrap_or(0))?);
        sum = sum.saturating_add(row.sum.unwrap_or(0));
    }
    totals.sum_execution_time = duration(sum)?;
    totals.by_verdict = by_verdict.into_iter().collect();
    totals.by_language = by_language.into_iter().collect();
    Ok(totals)
}
