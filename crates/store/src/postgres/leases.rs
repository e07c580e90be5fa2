//! What is done with a claim beside finishing it: [`crate::Store::extend`], [`crate::Store::release`] and
//! [`crate::Store::recover`].

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;
use sqlx::PgConnection;
use uuid::Uuid;

use super::database::{Change, Database};
use super::lanes::{Grouped, after_failure, are_first};
use super::rows::{length, uuid};
use crate::columns::Failure;
use crate::{Extended, Lease, LeaseUse, StoreError};

/// A lease that is lost with the machine is worth nothing after it, and so nobody waits for the disk. In the order of the rows, so that
/// nodes do not deadlock.
const EXTEND: &str = "
    WITH given AS MATERIALIZED (
        SELECT place, length FROM unnest($1::uuid[], $2::bigint[], $3::bigint[]) AS given (id, fence, length)
        JOIN queue ON queue.id = given.id AND queue.fence = given.fence AND state = 'running'
        CROSS JOIN (SELECT set_config('synchronous_commit', 'off', true)) AS quickly
        ORDER BY place FOR UPDATE OF queue)
    UPDATE queue SET lease_until = micros() + given.length FROM given WHERE queue.place = given.place
    RETURNING queue.id, queue.cancel_asked";

/// See [`crate::Store::extend`].
pub(super) struct Extend {
    pub(super) lease: Lease,
    pub(super) length: Duration,
}

/// Several at once, each submission once.
struct ExtendAll<'a>(Vec<&'a Extend>);

#[async_trait]
impl Change for ExtendAll<'_> {
    /// Those that were, and whether they are to be cancelled.
    type Output = HashMap<Uuid, bool>;
    const CONTEXT: &'static str = <Extend as Grouped>::CONTEXT;

    async fn apply(&self, connection: &mut PgConnection) -> Result<HashMap<Uuid, bool>, Failure> {
        let extended: Vec<(Uuid, bool)> = sqlx::query_as(EXTEND)
            .bind(self.0.iter().map(|one| uuid(one.lease.id)).collect::<Vec<_>>())
            .bind(self.0.iter().map(|one| one.lease.fence).collect::<Vec<_>>())
            .bind(self.0.iter().map(|one| length(one.length)).collect::<Vec<_>>())
            .fetch_all(connection)
            .await?;
        Ok(extended.into_iter().collect())
    }
}

#[async_trait]
impl Grouped for Extend {
    type Output = Extended;
    const CONTEXT: &'static str = "extending a lease";

    async fn together(database: &Database, group: Vec<Self>) -> Vec<Result<Extended, StoreError>> {
        let first = are_first(group.iter().map(|one| one.lease.id));
        if let Some(second) = first.iter().position(|first| !first) {
            let mut group = group;
            let rest = group.split_off(second);
            let mut answers = Self::together(database, group).await;
            answers.extend(Self::together(database, rest).await);
            return answers;
        }
        match database.write(&ExtendAll(group.iter().collect())).await {
            Ok(extended) => {
                let answer = |one: &Self| match extended.get(&uuid(one.lease.id)) {
                    None => Ok(Extended::Superseded),
                    Some(false) => Ok(Extended::Done),
                    Some(true) => Ok(Extended::CancelAsked),
                };
                group.iter().map(answer).collect()
            }
            Err(error) => after_failure(database, group, error).await,
        }
    }
}

/// See [`crate::Store::release`].
pub(super) struct Release {
    pub(super) lease: Lease,
}

#[async_trait]
impl Change for Release {
    type Output = LeaseUse;
    const CONTEXT: &'static str = "releasing a submission";

    async fn apply(&self, connection: &mut PgConnection) -> Result<LeaseUse, Failure> {
        let released = sqlx::query(
            "UPDATE queue SET state = 'queued', lease_until = NULL WHERE id = $1 AND fence = $2 AND state = 'running'",
        )
        .bind(uuid(self.lease.id))
        .bind(self.lease.fence)
        .execute(connection)
        .await?;
        Ok(if released.rows_affected() == 0 { LeaseUse::Superseded } else { LeaseUse::Done })
    }
}

/// See [`crate::Store::recover`].
pub(super) struct Recover;

#[async_trait]
impl Change for Recover {
    type Output = u64;
    const CONTEXT: &'static str = "giving back what was claimed";

    async fn apply(&self, connection: &mut PgConnection) -> Result<u64, Failure> {
        let recovered = sqlx::query("UPDATE queue SET state = 'queued', lease_until = NULL WHERE state = 'running'")
            .execute(connection)
            .await?;
        Ok(recovered.rows_affected())
    }
}
