//! Callbacks in PostgreSQL: [`crate::CallbackStore`]. Rows come and go with reports, by triggers.
//!
//! Nodes pass over what another one is claiming. An owner that is busy is so for the node that says it: what a receiver gets
//! at the same moment is as much as each node sends to one, times the nodes that send; no node is held up by a slow receiver,
//! which is what being busy is for.

use std::time::Duration;

use async_trait::async_trait;
use model::ExecId;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use super::PostgresStore;
use super::attempt::ask;
use crate::StoreError;
use crate::callbacks::{
    Attempt, CallbackSecret, CallbackSecrets, CallbackState, CallbackStatus, CallbackStore, DueCallback, Tried,
};
use crate::columns::{Failure, micros, utc};
use crate::postgres::rows::{exec_id, length, text, uuid};

/// How long a report that is not to stay stays after it was told.
const AFTER_TOLD: Duration = Duration::from_secs(60);

/// The owner whose callback is due for the longest time. A look into the index for each owner that has something to be told,
/// and not for each callback: somebody's receiver may be down for a day.
const NEXT_OWNER: &str = "
    WITH RECURSIVE firsts (owner, next_at) AS (
        (SELECT owner, next_at FROM callbacks WHERE state = 'waiting' ORDER BY owner, next_at LIMIT 1)
        UNION ALL
        SELECT further.* FROM firsts CROSS JOIN LATERAL (
            SELECT other.owner, other.next_at FROM callbacks AS other
            WHERE other.state = 'waiting' AND other.owner > firsts.owner
            ORDER BY other.owner, other.next_at LIMIT 1) AS further)
    SELECT owner FROM firsts WHERE next_at <= (SELECT micros()) AND owner <> ALL ($1) ORDER BY next_at LIMIT 1";

const CLAIM: &str = "
    WITH claimed AS (
        UPDATE callbacks SET next_at = micros() + $2, fence = fence + 1, tries = tries + 1
        WHERE place = (
            SELECT place FROM callbacks
            WHERE state = 'waiting' AND owner = $1 AND next_at <= (SELECT micros())
            ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING place, fence, tries, url)
    SELECT id, fence, tries, url, body FROM claimed JOIN submissions USING (place) JOIN reports USING (place)";

#[async_trait]
impl CallbackStore for PostgresStore {
    async fn claim_callback(&self, busy: &[String], lease: Duration) -> Result<Option<DueCallback>, StoreError> {
        ask!(&self.database, "claiming a callback", connection => claim(connection, busy, lease))
    }

    async fn callback_tried(&self, of: Attempt, outcome: Tried) -> Result<bool, StoreError> {
        ask!(&self.database, "recording what came of a callback", connection => tried(connection, of, &outcome))
    }

    async fn callback(&self, owner: &str, id: ExecId) -> Result<Option<CallbackStatus>, StoreError> {
        ask!(self.database.for_request(), "reading a callback", connection => status(connection, owner, id))
    }

    async fn redeliver(&self, owner: &str, id: ExecId) -> Result<bool, StoreError> {
        ask!(self.database.for_request(), "asking for a callback again", connection => redeliver(connection, owner, id))
    }

    async fn callback_secrets(&self, owner: &str, fresh: CallbackSecret) -> Result<CallbackSecrets, StoreError> {
        ask!(self.database.for_request(), "reading a secret for callbacks", connection => secrets(connection, owner, &fresh))
    }

    async fn rotate_callback_secret(
        &self,
        owner: &str,
        fresh: CallbackSecret,
        overlap: Duration,
    ) -> Result<CallbackSecrets, StoreError> {
        let (database, fresh) = (self.database.for_request(), &fresh);
        ask!(database, "keeping a secret for callbacks", connection => rotate_secret(connection, owner, fresh, overlap))
    }
}

#[derive(FromRow)]
struct Claimed {
    id: Uuid,
    fence: i64,
    tries: i32,
    url: Vec<u8>,
    body: Vec<u8>,
}

/// See [`CallbackStore::claim_callback`].
async fn claim(
    connection: &mut PgConnection,
    busy: &[String],
    lease: Duration,
) -> Result<Option<DueCallback>, Failure> {
    let mut passed: Vec<Vec<u8>> = busy.iter().map(|owner| owner.clone().into_bytes()).collect();
    loop {
        let next: Option<(Vec<u8>,)> =
            sqlx::query_as(NEXT_OWNER).bind(passed.as_slice()).fetch_optional(&mut *connection).await?;
        // Mostly nothing is due, and then nothing is written.
        let Some((owner,)) = next else { return Ok(None) };
        let claimed: Option<Claimed> =
            sqlx::query_as(CLAIM).bind(owner.as_slice()).bind(length(lease)).fetch_optional(&mut *connection).await?;
        match claimed {
            Some(claimed) => return due(claimed, owner).map(Some),
            // Another node has what was due of this one.
            None => passed.push(owner),
        }
    }
}

fn due(claimed: Claimed, owner: Vec<u8>) -> Result<DueCallback, Failure> {
    let Claimed { id, fence, tries, url, body } = claimed;
    Ok(DueCallback {
        attempt: Attempt { id: exec_id(id), fence },
        owner: text(owner)?,
        url: text(url)?,
        tries: u32::try_from(tries)?,
        report: serde_json::from_slice(&body)?,
    })
}

/// See [`CallbackStore::callback_tried`].
async fn tried(connection: &mut PgConnection, attempt: Attempt, tried: &Tried) -> Result<bool, Failure> {
    let (state, wait, error) = match tried {
        Tried::Delivered => ("delivered", None, None),
        Tried::Failed { reason, again: None } => ("dead", None, Some(reason)),
        Tried::Failed { reason, again: Some(wait) } => ("waiting", Some(length(*wait)), Some(reason)),
    };
    // What is not to stay was had by somebody.
    let (recorded,): (bool,) = sqlx::query_as(
        "WITH recorded AS (
             UPDATE callbacks SET state = $3, next_at = micros() + $4, last_error = $5
             WHERE place = (SELECT place FROM submissions WHERE id = $1) AND fence = $2 RETURNING place),
         had AS (
             UPDATE passing_reports SET delete_at = least(delete_at, micros() + $6)
             FROM recorded JOIN submissions USING (place)
             WHERE passing_reports.place = recorded.place AND no_store AND $3 = 'delivered')
         SELECT EXISTS (SELECT 1 FROM recorded)",
    )
    .bind(uuid(attempt.id))
    .bind(attempt.fence)
    .bind(state)
    .bind(wait)
    .bind(error.map(String::as_bytes))
    .bind(micros(AFTER_TOLD))
    .fetch_one(&mut *connection)
    .await?;
    Ok(recorded)
}

/// See [`CallbackStore::redeliver`].
async fn redeliver(connection: &mut PgConnection, owner: &str, id: ExecId) -> Result<bool, Failure> {
    // A try that is going on has its say no more.
    let asked = sqlx::query(
        "UPDATE callbacks SET state = 'waiting', tries = 0, fence = fence + 1, next_at = micros()
         WHERE place = (SELECT place FROM submissions WHERE id = $1 AND owner = $2)",
    )
    .bind(uuid(id))
    .bind(owner.as_bytes())
    .execute(&mut *connection)
    .await?;
    Ok(asked.rows_affected() > 0)
}

#[derive(FromRow)]
struct StatusRow {
    state: String,
    tries: i32,
    next_at: Option<i64>,
    last_error: Option<Vec<u8>>,
}

/// See [`CallbackStore::callback`].
async fn status(connection: &mut PgConnection, owner: &str, id: ExecId) -> Result<Option<CallbackStatus>, Failure> {
    let found: Option<StatusRow> = sqlx::query_as(
        "SELECT callbacks.state, tries, next_at, last_error FROM submissions JOIN callbacks USING (place)
         WHERE submissions.id = $1 AND submissions.owner = $2",
    )
    .bind(uuid(id))
    .bind(owner.as_bytes())
    .fetch_optional(&mut *connection)
    .await?;
    let Some(StatusRow { state, tries, next_at, last_error }) = found else { return Ok(None) };
    let state = match state.as_str() {
        "waiting" => CallbackState::Waiting,
        "delivered" => CallbackState::Delivered,
        _ => CallbackState::Dead,
    };
    Ok(Some(CallbackStatus {
        state,
        tries: u32::try_from(tries)?,
        next_try_at: next_at.map(utc).transpose()?,
        last_error: last_error.map(text).transpose()?,
    }))
}

#[derive(FromRow)]
struct SecretsRow {
    secret: Vec<u8>,
    previous: Option<Vec<u8>>,
    previous_until: Option<i64>,
}

/// See [`CallbackStore::callback_secrets`]. Of several nodes that have none at the same moment, one has its way.
async fn secrets(
    connection: &mut PgConnection,
    owner: &str,
    fresh: &CallbackSecret,
) -> Result<CallbackSecrets, Failure> {
    if let Some(known) = known_secrets(&mut *connection, owner).await? {
        return Ok(known);
    }
    sqlx::query("INSERT INTO callback_secrets (owner, secret) VALUES ($1, $2) ON CONFLICT (owner) DO NOTHING")
        .bind(owner.as_bytes())
        .bind(fresh.0.as_slice())
        .execute(&mut *connection)
        .await?;
    known_secrets(&mut *connection, owner).await?.ok_or_else(|| "a secret that was kept is not there".into())
}

/// See [`CallbackStore::rotate_callback_secret`].
async fn rotate_secret(
    connection: &mut PgConnection,
    owner: &str,
    fresh: &CallbackSecret,
    overlap: Duration,
) -> Result<CallbackSecrets, Failure> {
    let row: SecretsRow = sqlx::query_as(
        "INSERT INTO callback_secrets AS kept (owner, secret) VALUES ($1, $2)
         ON CONFLICT (owner) DO UPDATE SET previous = kept.secret, previous_until = micros() + $3, secret = excluded.secret
         RETURNING secret, CASE WHEN previous_until > micros() THEN previous END AS previous, previous_until",
    )
    .bind(owner.as_bytes())
    .bind(fresh.0.as_slice())
    .bind(length(overlap))
    .fetch_one(&mut *connection)
    .await?;
    row.read()
}

async fn known_secrets(connection: &mut PgConnection, owner: &str) -> Result<Option<CallbackSecrets>, Failure> {
    let found: Option<SecretsRow> = sqlx::query_as(
        "SELECT secret, CASE WHEN previous_until > micros() THEN previous END AS previous, previous_until
         FROM callback_secrets WHERE owner = $1",
    )
    .bind(owner.as_bytes())
    .fetch_optional(&mut *connection)
    .await?;
    found.map(SecretsRow::read).transpose()
}

impl SecretsRow {
    fn read(self) -> Result<CallbackSecrets, Failure> {
        let Self { secret: current, previous, previous_until } = self;
        let secret = |bytes: Vec<u8>| -> Result<CallbackSecret, Failure> {
            Ok(CallbackSecret(bytes.try_into().map_err(|_| "a secret for callbacks is not 32 bytes long")?))
        };
        let previous = match previous.zip(previous_until) {
            Some((bytes, until)) => Some((secret(bytes)?, utc(until)?)),
            None => None,
        };
        Ok(CallbackSecrets { current: secret(current)?, previous })
    }
}
