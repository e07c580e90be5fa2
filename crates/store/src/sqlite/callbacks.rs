//! Callbacks in SQLite: [`crate::CallbackStore`]. Rows come and go by triggers (`migrations/sqlite/0009_callbacks.sql`).

use std::time::Duration;

use async_trait::async_trait;
use model::ExecId;
use sqlx::{SqliteConnection, SqlitePool};

use super::rows::{Failure, micros, now_utc, utc};
use super::writer::Change;
use super::{SqliteStore, passing};
use crate::StoreError;
use crate::callbacks::{
    Attempt, CallbackSecret, CallbackSecrets, CallbackState, CallbackStatus, CallbackStore, DueCallback, Tried,
};

/// Takes those that are busy as JSON. A look into the index for each owner that has something to be told, and not for each
/// callback: somebody's receiver may be down for a day.
const NEXT: &str = "
    WITH RECURSIVE owners (owner) AS (
        SELECT min(owner) FROM callbacks INDEXED BY callbacks_waiting WHERE state = 'waiting'
        UNION ALL
        SELECT (SELECT min(other.owner) FROM callbacks AS other INDEXED BY callbacks_waiting
                WHERE other.state = 'waiting' AND other.owner > owners.owner)
        FROM owners WHERE owners.owner IS NOT NULL)
    SELECT owner, (SELECT min(first.next_at) FROM callbacks AS first INDEXED BY callbacks_waiting
                   WHERE first.state = 'waiting' AND first.owner = owners.owner) AS next_at
    FROM owners WHERE owner IS NOT NULL AND owner NOT IN (SELECT value FROM json_each(?))
    ORDER BY next_at LIMIT 1";

#[async_trait]
impl CallbackStore for SqliteStore {
    async fn claim_callback(&self, busy: &[String], lease: Duration) -> Result<Option<DueCallback>, StoreError> {
        // Mostly nothing is due, and then nothing is written.
        let due = next_owner(&self.readers, busy).await;
        match due.map_err(|source| StoreError::new("looking for a callback", source))? {
            None => Ok(None),
            Some(owner) => self.writer.write(ClaimCallback { owner, lease }).await,
        }
    }

    async fn callback_tried(&self, attempt: Attempt, tried: Tried) -> Result<bool, StoreError> {
        self.writer.write(RecordTry { attempt, tried }).await
    }

    async fn callback(&self, owner: &str, id: ExecId) -> Result<Option<CallbackStatus>, StoreError> {
        status(&self.readers, owner, id).await.map_err(|source| StoreError::new("reading a callback", source))
    }

    async fn redeliver(&self, owner: &str, id: ExecId) -> Result<bool, StoreError> {
        self.writer.write(Redeliver { owner: owner.to_owned(), id }).await
    }

    async fn callback_secrets(&self, owner: &str, fresh: CallbackSecret) -> Result<CallbackSecrets, StoreError> {
        let known = secrets(&self.readers, owner).await;
        match known.map_err(|source| StoreError::new("reading a secret for callbacks", source))? {
            Some(known) => Ok(known),
            None => self.writer.write(KeepSecret { owner: owner.to_owned(), fresh, overlap: None }).await,
        }
    }

    async fn rotate_callback_secret(
        &self,
        owner: &str,
        fresh: CallbackSecret,
        overlap: Duration,
    ) -> Result<CallbackSecrets, StoreError> {
        self.writer.write(KeepSecret { owner: owner.to_owned(), fresh, overlap: Some(overlap) }).await
    }
}

/// The owner whose callback is due for the longest time.
async fn next_owner(readers: &SqlitePool, busy: &[String]) -> Result<Option<String>, Failure> {
    let next: Option<(String, i64)> =
        sqlx::query_as(NEXT).bind(serde_json::to_string(busy)?).fetch_optional(readers).await?;
    let now = now_utc()?;
    Ok(next.filter(|(_, next_at)| *next_at <= now).map(|(owner, _)| owner))
}

struct ClaimCallback {
    owner: String,
    lease: Duration,
}

#[async_trait]
impl Change for ClaimCallback {
    type Output = Option<DueCallback>;
    const CONTEXT: &'static str = "claiming a callback";
    // A claim that is lost is made again.
    const DURABLE: bool = false;

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<Option<DueCallback>, Failure> {
        let now = now_utc()?;
        let claimed: Option<(i64, i64, u32, String)> = sqlx::query_as(
            "UPDATE callbacks SET next_at = ?, fence = fence + 1, tries = tries + 1 WHERE place = (
                 SELECT place FROM callbacks INDEXED BY callbacks_waiting
                 WHERE state = 'waiting' AND owner = ? AND next_at <= ? ORDER BY next_at LIMIT 1)
             RETURNING place, fence, tries, url",
        )
        .bind(now.saturating_add(micros(self.lease)))
        .bind(self.owner.as_str())
        .bind(now)
        .fetch_optional(&mut *connection)
        .await?;
        let Some((place, fence, tries, url)) = claimed else { return Ok(None) };
        let (id, body): (Vec<u8>, Vec<u8>) =
            sqlx::query_as("SELECT id, body FROM submissions JOIN reports USING (place) WHERE place = ?")
                .bind(place)
                .fetch_one(connection)
                .await?;
        let attempt = Attempt { id: ExecId::from_bytes(id.as_slice().try_into()?), fence };
        Ok(Some(DueCallback { attempt, owner: self.owner.clone(), url, tries, report: serde_json::from_slice(&body)? }))
    }
}

struct RecordTry {
    attempt: Attempt,
    tried: Tried,
}

#[async_trait]
impl Change for RecordTry {
    type Output = bool;
    const CONTEXT: &'static str = "recording what came of a callback";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<bool, Failure> {
        let (state, next_at, error) = match &self.tried {
            Tried::Delivered => ("delivered", None, None),
            Tried::Failed { reason, again: None } => ("dead", None, Some(reason)),
            Tried::Failed { reason, again: Some(wait) } => {
                ("waiting", Some(now_utc()?.saturating_add(micros(*wait))), Some(reason))
            }
        };
        let recorded: Option<(i64,)> = sqlx::query_as(
            "UPDATE callbacks SET state = ?, next_at = ?, last_error = ?
             WHERE place = (SELECT place FROM submissions WHERE id = ?) AND fence = ? RETURNING place",
        )
        .bind(state)
        .bind(next_at)
        .bind(error)
        .bind(self.attempt.id.as_bytes().as_slice())
        .bind(self.attempt.fence)
        .fetch_optional(&mut *connection)
        .await?;
        if let (Some((place,)), Tried::Delivered) = (recorded, &self.tried) {
            passing::had(connection, place).await?;
        }
        Ok(recorded.is_some())
    }
}

struct Redeliver {
    owner: String,
    id: ExecId,
}

#[async_trait]
impl Change for Redeliver {
    type Output = bool;
    const CONTEXT: &'static str = "asking for a callback again";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<bool, Failure> {
        // A try that is going on has its say no more.
        let asked = sqlx::query(
            "UPDATE callbacks SET state = 'waiting', tries = 0, fence = fence + 1, next_at = ?
             WHERE place = (SELECT place FROM submissions WHERE id = ? AND owner = ?)",
        )
        .bind(now_utc()?)
        .bind(self.id.as_bytes().as_slice())
        .bind(self.owner.as_str())
        .execute(connection)
        .await?;
        Ok(asked.rows_affected() > 0)
    }
}

async fn status(readers: &SqlitePool, owner: &str, id: ExecId) -> Result<Option<CallbackStatus>, Failure> {
    let found: Option<(String, u32, Option<i64>, Option<String>)> = sqlx::query_as(
        "SELECT callbacks.state, tries, next_at, last_error FROM submissions JOIN callbacks USING (place)
         WHERE submissions.id = ? AND submissions.owner = ?",
    )
    .bind(id.as_bytes().as_slice())
    .bind(owner)
    .fetch_optional(readers)
    .await?;
    let Some((state, tries, next_at, last_error)) = found else { return Ok(None) };
    let state = match state.as_str() {
        "waiting" => CallbackState::Waiting,
        "delivered" => CallbackState::Delivered,
        _ => CallbackState::Dead,
    };
    Ok(Some(CallbackStatus { state, tries, next_try_at: next_at.map(utc).transpose()?, last_error }))
}

/// Keeps a secret: the first, or with an `overlap` another one.
struct KeepSecret {
    owner: String,
    fresh: CallbackSecret,
    overlap: Option<Duration>,
}

#[async_trait]
impl Change for KeepSecret {
    type Output = CallbackSecrets;
    const CONTEXT: &'static str = "keeping a secret for callbacks";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<CallbackSecrets, Failure> {
        if let Some(overlap) = self.overlap {
            sqlx::query(
                "UPDATE callback_secrets SET previous = secret, previous_until = ?, secret = ? WHERE owner = ?",
            )
            .bind(now_utc()?.saturating_add(micros(overlap)))
            .bind(self.fresh.0.as_slice())
            .bind(self.owner.as_str())
            .execute(&mut *connection)
            .await?;
        }
        sqlx::query("INSERT INTO callback_secrets (owner, secret) VALUES (?, ?) ON CONFLICT (owner) DO NOTHING")
            .bind(self.owner.as_str())
            .bind(self.fresh.0.as_slice())
            .execute(&mut *connection)
            .await?;
        secrets(connection, &self.owner).await?.ok_or_else(|| "a secret that was kept is not there".into())
    }
}

#[derive(sqlx::FromRow)]
struct SecretsRow {
    secret: Vec<u8>,
    previous: Option<Vec<u8>>,
    previous_until: Option<i64>,
}

async fn secrets<'c>(
    from: impl sqlx::Executor<'c, Database = sqlx::Sqlite>,
    owner: &str,
) -> Result<Option<CallbackSecrets>, Failure> {
    let found: Option<SecretsRow> =
        sqlx::query_as("SELECT secret, previous, previous_until FROM callback_secrets WHERE owner = ?")
            .bind(owner)
            .fetch_optional(from)
            .await?;
    let Some(SecretsRow { secret: current, previous, previous_until }) = found else { return Ok(None) };
    let secret = |bytes: Vec<u8>| -> Result<CallbackSecret, Failure> {
        Ok(CallbackSecret(bytes.try_into().map_err(|_| "a secret for callbacks is not 32 bytes long")?))
    };
    let now = now_utc()?;
    let previous = match previous.zip(previous_until) {
        Some((bytes, until)) if until > now => Some((secret(bytes)?, utc(until)?)),
        _ => None,
    };
    Ok(Some(CallbackSecrets { current: secret(current)?, previous }))
}
