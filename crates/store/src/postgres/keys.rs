//! The keys in PostgreSQL: [`crate::KeyStore`].
//!
//! Each change first locks the one row of `key_changes`, which triggers count on at its end: changes of
//! keys are one after the other, on whatever node, so that what a change finds stays true until it is committed. Nodes that
//! read do not wait for them.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::{Connection, PgConnection};

use super::attempt::ask;
use super::database::Change;
use super::{PostgresStore, usage};
use crate::StoreError;
use crate::columns::{Failure, kept_secret, micros_since_1970, utc};
use crate::key_change::{KeyChange, LimitsChange};
use crate::keys::{
    Added, KeptSecret, KeyLimits, KeyName, KeyRecord, KeyStore, MOST_KEYS, NewKey, OwnerUsage, Scopes, SecretDigest,
};
use crate::postgres::rows::{length, text};

#[async_trait]
impl KeyStore for PostgresStore {
    async fn add_key(&self, key: &NewKey) -> Result<Added, StoreError> {
        self.database.for_request().write(&AddKey(key)).await
    }

    async fn rotate_key(&self, name: &str, secret: &SecretDigest, overlap: Duration) -> Result<bool, StoreError> {
        // What is no name is no key's name.
        let Some(name) = KeyName::parse(name) else { return Ok(false) };
        self.database.for_request().write(&RotateKey { name, secret, overlap }).await
    }

    async fn change_key(&self, name: &str, change: &KeyChange) -> Result<bool, StoreError> {
        let Some(name) = KeyName::parse(name) else { return Ok(false) };
        self.database.for_request().write(&ChangeKey { name, change: *change }).await
    }

    async fn revoke_key(&self, name: &str) -> Result<bool, StoreError> {
        let Some(name) = KeyName::parse(name) else { return Ok(false) };
        self.database.for_request().write(&RevokeKey(name)).await
    }

    async fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        ask!(self.database.for_request(), "reading the keys", connection => all(connection))
    }

    async fn key_changes(&self) -> Result<i64, StoreError> {
        ask!(self.database.for_request(), "asking whether the keys have changed", connection => changes(connection))
    }

    async fn usage(&self, owner: &str) -> Result<OwnerUsage, StoreError> {
        ask!(self.database.for_request(), "reading what an owner used", connection => usage::of_owner(connection, owner))
    }

    async fn cpu_time_today(&self, owner: &str) -> Result<Duration, StoreError> {
        ask!(self.database.for_request(), "reading the CPU time of a day", connection => usage::cpu_time_today(connection, owner))
    }
}

/// See [`KeyStore::add_key`].
struct AddKey<'a>(&'a NewKey);

#[async_trait]
impl Change for AddKey<'_> {
    type Output = Added;
    const CONTEXT: &'static str = "adding a key";

    async fn apply(&self, connection: &mut PgConnection) -> Result<Added, Failure> {
        let NewKey { name, scopes, limits, expires_at, secret } = self.0;
        lock(connection).await?;
        let (taken, all): (bool, i64) =
            sqlx::query_as("SELECT EXISTS (SELECT 1 FROM api_keys WHERE name = $1), (SELECT count(*) FROM api_keys)")
                .bind(name.as_str().as_bytes())
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
        sqlx::query(
            "INSERT INTO api_keys (name, can_run, can_read, can_admin, requests_per_minute, cpu_seconds_per_day, running,
                 result_days, made_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, micros(), $9)",
        )
        .bind(name.as_str().as_bytes())
        .bind(run)
        .bind(read)
        .bind(admin)
        .bind(requests_per_minute.map(i64::from))
        .bind(cpu_seconds_per_day.map(i64::from))
        .bind(running.map(i64::from))
        .bind(result_days.map(i64::from))
        .bind(expires_at.map(micros_since_1970).transpose()?)
        .execute(&mut *connection)
        .await?;
        add_secret(connection, name, secret).await?;
        Ok(Added::Done)
    }
}

async fn lock(connection: &mut PgConnection) -> Result<(), Failure> {
    sqlx::query("SELECT number FROM key_changes FOR UPDATE").execute(connection).await?;
    Ok(())
}

async fn add_secret(connection: &mut PgConnection, name: &KeyName, secret: &SecretDigest) -> Result<(), Failure> {
    let SecretDigest { digest, public_part } = secret;
    sqlx::query("INSERT INTO key_secrets (digest, name, public_part, made_at) VALUES ($1, $2, $3, micros())")
        .bind(digest.as_slice())
        .bind(name.as_str().as_bytes())
        .bind(public_part.as_str())
        .execute(connection)
        .await?;
    Ok(())
}

/// See [`KeyStore::rotate_key`].
struct RotateKey<'a> {
    name: KeyName,
    secret: &'a SecretDigest,
    overlap: Duration,
}

#[async_trait]
impl Change for RotateKey<'_> {
    type Output = bool;
    const CONTEXT: &'static str = "rotating a key";

    async fn apply(&self, connection: &mut PgConnection) -> Result<bool, Failure> {
        let name = self.name.as_str().as_bytes();
        lock(connection).await?;
        let (valid,): (bool,) =
            sqlx::query_as("SELECT EXISTS (SELECT 1 FROM api_keys WHERE name = $1 AND revoked_at IS NULL)")
                .bind(name)
                .fetch_one(&mut *connection)
                .await?;
        if !valid {
            return Ok(false);
        }
        sqlx::query("DELETE FROM key_secrets WHERE name = $1 AND valid_until IS NOT NULL")
            .bind(name)
            .execute(&mut *connection)
            .await?;
        sqlx::query("UPDATE key_secrets SET valid_until = micros() + $2 WHERE name = $1")
            .bind(name)
            .bind(length(self.overlap))
            .execute(&mut *connection)
            .await?;
        add_secret(connection, &self.name, self.secret).await?;
        Ok(true)
    }
}

/// See [`KeyStore::change_key`].
struct ChangeKey {
    name: KeyName,
    change: KeyChange,
}

#[async_trait]
impl Change for ChangeKey {
    type Output = bool;
    const CONTEXT: &'static str = "changing a key";

    async fn apply(&self, connection: &mut PgConnection) -> Result<bool, Failure> {
        let KeyChange { scopes, limits, expires_at } = self.change;
        let LimitsChange { requests_per_minute, cpu_seconds_per_day, running, result_days } = limits;
        let expires_at = expires_at.map(|at| at.map(micros_since_1970).transpose()).transpose()?;
        let limit = |limit: Option<Option<u32>>| limit.flatten().map(i64::from);
        lock(connection).await?;
        let changed = sqlx::query(
            "UPDATE api_keys SET can_run = coalesce($2, can_run), can_read = coalesce($3, can_read),
             can_admin = coalesce($4, can_admin),
             requests_per_minute = CASE WHEN $5 THEN $6 ELSE requests_per_minute END,
             cpu_seconds_per_day = CASE WHEN $7 THEN $8 ELSE cpu_seconds_per_day END,
             running = CASE WHEN $9 THEN $10 ELSE running END,
             result_days = CASE WHEN $11 THEN $12 ELSE result_days END,
             expires_at = CASE WHEN $13 THEN $14 ELSE expires_at END
             WHERE name = $1 AND revoked_at IS NULL",
        )
        .bind(self.name.as_str().as_bytes())
        .bind(scopes.map(|scopes| scopes.run))
        .bind(scopes.map(|scopes| scopes.read))
        .bind(scopes.map(|scopes| scopes.admin))
        .bind(requests_per_minute.is_some())
        .bind(limit(requests_per_minute))
        .bind(cpu_seconds_per_day.is_some())
        .bind(limit(cpu_seconds_per_day))
        .bind(running.is_some())
        .bind(limit(running))
        .bind(result_days.is_some())
        .bind(limit(result_days))
        .bind(expires_at.is_some())
        .bind(expires_at.flatten())
        .execute(&mut *connection)
        .await?;
        let changed = changed.rows_affected() > 0;
        if changed && running.is_some() {
            // What waited for a higher limit may be claimed now, by a worker of any node.
            sqlx::query("SELECT pg_notify('code_runner', 'queued')").execute(connection).await?;
        }
        Ok(changed)
    }
}

/// See [`KeyStore::revoke_key`].
struct RevokeKey(KeyName);

#[async_trait]
impl Change for RevokeKey {
    type Output = bool;
    const CONTEXT: &'static str = "revoking a key";

    async fn apply(&self, connection: &mut PgConnection) -> Result<bool, Failure> {
        let name = self.0.as_str().as_bytes();
        lock(connection).await?;
        let revoked = sqlx::query("UPDATE api_keys SET revoked_at = micros() WHERE name = $1 AND revoked_at IS NULL")
            .bind(name)
            .execute(&mut *connection)
            .await?;
        sqlx::query("DELETE FROM key_secrets WHERE name = $1").bind(name).execute(connection).await?;
        Ok(revoked.rows_affected() > 0)
    }
}

/// The number of the last change.
async fn changes(connection: &mut PgConnection) -> Result<i64, Failure> {
    let (number,) = sqlx::query_as("SELECT number FROM key_changes").fetch_one(&mut *connection).await?;
    Ok(number)
}

#[derive(sqlx::FromRow)]
struct KeyRow {
    name: Vec<u8>,
    can_run: bool,
    can_read: bool,
    can_admin: bool,
    requests_per_minute: Option<i64>,
    cpu_seconds_per_day: Option<i64>,
    running: Option<i64>,
    result_days: Option<i64>,
    made_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

#[derive(sqlx::FromRow)]
struct SecretRow {
    name: Vec<u8>,
    digest: Vec<u8>,
    public_part: String,
    made_at: i64,
    valid_until: Option<i64>,
}

/// All keys, by name, as of the same moment.
async fn all(connection: &mut PgConnection) -> Result<Vec<KeyRecord>, Failure> {
    let mut moment = connection.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let keys: Vec<KeyRow> = sqlx::query_as("SELECT * FROM api_keys ORDER BY name").fetch_all(&mut *moment).await?;
    let secrets: Vec<SecretRow> = sqlx::query_as("SELECT * FROM key_secrets ORDER BY name, valid_until IS NOT NULL")
        .fetch_all(&mut *moment)
        .await?;
    moment.commit().await?;
    let mut secrets = secrets.into_iter().peekable();
    keys.into_iter()
        .map(|row| {
            let mut record = record(row)?;
            while let Some(secret) = secrets.next_if(|secret| secret.name == record.name.as_bytes()) {
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
    let limit = |limit: Option<i64>| limit.map(u32::try_from).transpose();
    Ok(KeyRecord {
        name: text(name)?,
        scopes: Scopes { run, read, admin },
        limits: KeyLimits {
            requests_per_minute: limit(requests_per_minute)?,
            cpu_seconds_per_day: limit(cpu_seconds_per_day)?,
            running: limit(running)?,
            result_days: limit(result_days)?,
        },
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
