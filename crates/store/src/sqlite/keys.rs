//! The keys in SQLite: changes inside the transaction of a batch, and reads beside them.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::{SqliteConnection, SqlitePool};

use super::rows::{Failure, micros, micros_since_1970, now_utc, utc};
use super::writer::Change;
use crate::columns::kept_secret;
use crate::keys::{Added, KeptSecret, KeyLimits, KeyName, KeyRecord, MOST_KEYS, NewKey, Scopes, SecretDigest};

/// See [`crate::KeyStore::add_key`].
pub(super) struct AddKey(pub(super) NewKey);

#[async_trait]
impl Change for AddKey {
    type Output = Added;
    const CONTEXT: &'static str = "adding a key";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<Added, Failure> {
        let NewKey { name, scopes, limits, expires_at, secret } = &self.0;
        let (taken, all): (bool, i64) =
            sqlx::query_as("SELECT EXISTS (SELECT 1 FROM api_keys WHERE name = ?), (SELECT count(*) FROM api_keys)")
                .bind(name.as_str())
                .fetch_one(&mut *connection)
                .await?;
        if taken {
            return Ok(Added::NameTaken);
        }
        if all >= i64::from(MOST_KEYS) {
            return Ok(Added::Full);
        }
        let Scopes { run, read, admin } = *scopes;
        let KeyLimits { requests_per_minute, cpu_seconds_per_day, running, result_days } = *limits;
        let expires_at = expires_at.map(micros_since_1970).transpose()?;
        sqlx::query("INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)")
            .bind(name.as_str())
            .bind(run)
            .bind(read)
            .bind(admin)
            .bind(requests_per_minute)
            .bind(cpu_seconds_per_day)
            .bind(running)
            .bind(now_utc()?)
            .bind(expires_at)
            .bind(result_days)
            .execute(&mut *connection)
            .await?;
        add_secret(connection, name, secret).await?;
        Ok(Added::Done)
    }
}

async fn add_secret(connection: &mut SqliteConnection, name: &KeyName, secret: &SecretDigest) -> Result<(), Failure> {
    let SecretDigest { digest, public_part } = secret;
    sqlx::query("INSERT INTO key_secrets VALUES (?, ?, ?, ?, NULL)")
        .bind(digest.as_slice())
        .bind(name.as_str())
        .bind(public_part.as_str())
        .bind(now_utc()?)
        .execute(connection)
        .await?;
    Ok(())
}

/// See [`crate::KeyStore::rotate_key`].
pub(super) struct RotateKey {
    pub(super) name: KeyName,
    pub(super) secret: SecretDigest,
    pub(super) overlap: Duration,
}

#[async_trait]
impl Change for RotateKey {
    type Output = bool;
    const CONTEXT: &'static str = "rotating a key";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<bool, Failure> {
        if !is_valid(connection, &self.name).await? {
            return Ok(false);
        }
        sqlx::query("DELETE FROM key_secrets WHERE name = ? AND valid_until IS NOT NULL")
            .bind(self.name.as_str())
            .execute(&mut *connection)
            .await?;
        sqlx::query("UPDATE key_secrets SET valid_until = ? WHERE name = ?")
            .bind(now_utc()?.saturating_add(micros(self.overlap)))
            .bind(self.name.as_str())
            .execute(&mut *connection)
            .await?;
        add_secret(connection, &self.name, &self.secret).await?;
        Ok(true)
    }
}

async fn is_valid(connection: &mut SqliteConnection, name: &KeyName) -> Result<bool, Failure> {
    let (valid,) = sqlx::query_as("SELECT EXISTS (SELECT 1 FROM api_keys WHERE name = ? AND revoked_at IS NULL)")
        .bind(name.as_str())
        .fetch_one(connection)
        .await?;
    Ok(valid)
}

/// See [`crate::KeyStore::revoke_key`].
pub(super) struct RevokeKey(pub(super) KeyName);

#[async_trait]
impl Change for RevokeKey {
    type Output = bool;
    const CONTEXT: &'static str = "revoking a key";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<bool, Failure> {
        let revoked = sqlx::query("UPDATE api_keys SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL")
            .bind(now_utc()?)
            .bind(self.0.as_str())
            .execute(&mut *connection)
            .await?;
        sqlx::query("DELETE FROM key_secrets WHERE name = ?").bind(self.0.as_str()).execute(connection).await?;
        Ok(revoked.rows_affected() > 0)
    }
}

/// The number of the last change.
pub(super) async fn changes(readers: &SqlitePool) -> Result<i64, Failure> {
    let (number,) = sqlx::query_as("SELECT number FROM key_changes").fetch_one(readers).await?;
    Ok(number)
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    name: String,
    can_run: bool,
    can_read: bool,
    can_admin: bool,
    requests_per_minute: Option<u32>,
    cpu_seconds_per_day: Option<u32>,
    running: Option<u32>,
    result_days: Option<u32>,
    made_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct SecretRow {
    name: String,
    digest: Vec<u8>,
    public_part: String,
    made_at: i64,
    valid_until: Option<i64>,
}

/// All keys, by name, as of the same moment.
pub(super) async fn all(readers: &SqlitePool) -> Result<Vec<KeyRecord>, Failure> {
    let mut moment = readers.begin().await?;
    let keys: Vec<KeyRow> = sqlx::query_as("SELECT * FROM api_keys ORDER BY name").fetch_all(&mut *moment).await?;
    let secrets: Vec<SecretRow> = sqlx::query_as("SELECT * FROM key_secrets ORDER BY name, valid_until IS NOT NULL")
        .fetch_all(&mut *moment)
        .await?;
    let mut secrets = secrets.into_iter().peekable();
    keys.into_iter()
        .map(|row| {
            let mut record = record(row)?;
            while let Some(secret) = secrets.next_if(|secret| secret.name == record.name) {
                record.secrets.push(kept(secret)?);
            }
            Ok(record)
        })
        .collect()
}

fn record(row: KeyRow) -> Result<KeyRecord, Failure> {
    let KeyRow { name, can_run: run, can_read: read, can_admin: admin, .. } = row;
    let KeyRow { requests_per_minute, cpu_seconds_per_day, running, result_days, .. } = row;
    let KeyRow { made_at, expires_at, revoked_at, .. } = row;
    Ok(KeyRecord {
        name,
        scopes: Scopes { run, read, admin },
        limits: KeyLimits { requests_per_minute, cpu_seconds_per_day, running, result_days },
        made_at: utc(made_at)?,
        expires_at: expires_at.map(utc).transpose()?,
        revoked_at: revoked_at.map(utc).transpose()?,
        secrets: Vec::new(),
    })
}

fn kept(row: SecretRow) -> Result<KeptSecret, Failure> {
    let SecretRow { name: _, digest, public_part, made_at, valid_until } = row;
    kept_secret(digest, public_part, made_at, valid_until)
}
