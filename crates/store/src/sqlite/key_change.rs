//! Changes of a key that is there. What follows from them, in the queue and for whoever remembers keys, is for triggers.

use async_trait::async_trait;
use sqlx::SqliteConnection;

use super::rows::{Failure, micros_since_1970};
use super::writer::Change;
use crate::key_change::{KeyChange, LimitsChange};
use crate::keys::{KeyName, Scopes};

/// See [`crate::KeyStore::change_key`].
pub(super) struct ChangeKey {
    pub(super) name: KeyName,
    pub(super) change: KeyChange,
}

#[async_trait]
impl Change for ChangeKey {
    type Output = bool;
    const CONTEXT: &'static str = "changing a key";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<bool, Failure> {
        let KeyChange { scopes, limits, expires_at } = self.change;
        let LimitsChange { requests_per_minute, cpu_seconds_per_day, running, result_days } = limits;
        let expires_at = expires_at.map(|at| at.map(micros_since_1970).transpose()).transpose()?;
        let (run, read, admin) = match scopes {
            Some(Scopes { run, read, admin }) => (Some(run), Some(read), Some(admin)),
            None => (None, None, None),
        };
        let changed = sqlx::query(
            "UPDATE api_keys SET can_run = coalesce(?, can_run), can_read = coalesce(?, can_read),
             can_admin = coalesce(?, can_admin), requests_per_minute = iif(?, ?, requests_per_minute),
             cpu_seconds_per_day = iif(?, ?, cpu_seconds_per_day), running = iif(?, ?, running),
             result_days = iif(?, ?, result_days), expires_at = iif(?, ?, expires_at)
             WHERE name = ? AND revoked_at IS NULL",
        )
        .bind(run)
        .bind(read)
        .bind(admin)
        .bind(requests_per_minute.is_some())
        .bind(requests_per_minute.flatten())
        .bind(cpu_seconds_per_day.is_some())
        .bind(cpu_seconds_per_day.flatten())
        .bind(running.is_some())
        .bind(running.flatten())
        .bind(result_days.is_some())
        .bind(result_days.flatten())
        .bind(expires_at.is_some())
        .bind(expires_at.flatten())
        .bind(self.name.as_str())
        .execute(connection)
        .await?;
        Ok(changed.rows_affected() > 0)
    }
}
