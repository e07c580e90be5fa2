//! What owners used, as it is read: rows of all shards, added up. Days are those of the database's clock.

use std::collections::BTreeMap;
use std::time::Duration;

use sqlx::PgConnection;

use crate::columns::{Failure, duration, verdict};
use crate::history::UsedLately;
use crate::keys::{OwnerUsage, Used};
use crate::postgres::rows::text;

/// UTC days of [`UsedLately::month`].
const MONTH: i32 = 30;

/// The current UTC day, as in a column.
macro_rules! today {
    () => {
        "(SELECT (micros() / 86400000000)::integer)"
    };
}

/// What somebody used that ended in one way; on the current day or before.
#[derive(sqlx::FromRow)]
struct Row {
    owner: Vec<u8>,
    today: bool,
    verdict: String,
    submissions: i64,
    runs: i64,
    cpu_time: i64,
}

impl Row {
    fn add_to(&self, used: &mut Used) -> Result<(), Failure> {
        let (verdict, submissions) = (verdict(&self.verdict)?, u64::try_from(self.submissions)?);
        used.submissions += submissions;
        used.runs += u64::try_from(self.runs)?;
        used.cpu_time += duration(self.cpu_time)?;
        match used.by_verdict.binary_search_by_key(&verdict, |(known, _)| *known) {
            Ok(at) => used.by_verdict[at].1 += submissions,
            Err(at) => used.by_verdict.insert(at, (verdict, submissions)),
        }
        Ok(())
    }
}

/// See [`crate::KeyStore::usage`].
pub(super) async fn of_owner(connection: &mut PgConnection, owner: &str) -> Result<OwnerUsage, Failure> {
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT owner, day >= ",
        today!(),
        " AS today, verdict, sum(submissions)::bigint AS submissions, sum(runs)::bigint AS runs, sum(cpu_time)::bigint AS cpu_time
         FROM usage_by_day WHERE owner = $1 GROUP BY 1, 2, 3",
    ))
    .bind(owner.as_bytes())
    .fetch_all(&mut *connection)
    .await?;
    let mut usage = OwnerUsage::default();
    for row in rows {
        row.add_to(&mut usage.total)?;
        if row.today {
            row.add_to(&mut usage.today)?;
        }
    }
    Ok(usage)
}

/// See [`crate::KeyStore::cpu_time_today`].
pub(super) async fn cpu_time_today(connection: &mut PgConnection, owner: &str) -> Result<Duration, Failure> {
    let (used,) = sqlx::query_as(concat!(
        "SELECT coalesce(sum(cpu_time), 0)::bigint FROM usage_by_day WHERE owner = $1 AND day = ",
        today!()
    ))
    .bind(owner.as_bytes())
    .fetch_one(&mut *connection)
    .await?;
    duration(used)
}

/// See [`crate::HistoryStore::used_lately`]: for each owner a look into the part of the index that has its last days.
pub(super) async fn lately(
    connection: &mut PgConnection,
    owners: &[&str],
) -> Result<BTreeMap<String, UsedLately>, Failure> {
    let owners: Vec<&[u8]> = owners.iter().map(|owner| owner.as_bytes()).collect();
    let rows: Vec<Row> = sqlx::query_as(concat!(
        "SELECT owner, day >= ",
        today!(),
        " AS today, verdict, sum(submissions)::bigint AS submissions, sum(runs)::bigint AS runs, sum(cpu_time)::bigint AS cpu_time
         FROM usage_by_day WHERE owner = ANY ($1) AND day > ",
        today!(),
        " - $2 GROUP BY 1, 2, 3",
    ))
    .bind(owners)
    .bind(MONTH)
    .fetch_all(&mut *connection)
    .await?;
    let mut all = BTreeMap::<String, UsedLately>::new();
    for row in rows {
        let lately = all.entry(text(row.owner.clone())?).or_default();
        row.add_to(&mut lately.month)?;
        if row.today {
            row.add_to(&mut lately.today)?;
        }
    }
    Ok(all)
}
