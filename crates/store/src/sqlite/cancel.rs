//! Cancelling: [`crate::Store::cancel`]. What waits is finished here, what runs is marked, what is done is deleted.

use async_trait::async_trait;
use model::{ExecId, Phases, Report, Submission};
use sqlx::SqliteConnection;

use super::changes::Final;
use super::clean::delete_result;
use super::rows::{Failure, duration, now_utc};
use super::writer::Change;
use crate::Cancelled;

/// See [`crate::Store::cancel`].
pub(super) struct Cancelling {
    pub(super) owner: String,
    pub(super) id: ExecId,
}

/// The row of what is to be cancelled.
#[derive(sqlx::FromRow)]
pub(super) struct Row {
    pub(super) place: i64,
    pub(super) id: Vec<u8>,
    pub(super) state: String,
    language: String,
    submitted_at: i64,
    body: Option<Vec<u8>>,
}

#[async_trait]
impl Change for Cancelling {
    type Output = Option<Cancelled>;
    const CONTEXT: &'static str = "cancelling a submission";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<Option<Cancelled>, Failure> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT place, id, state, language, submitted_at, body FROM submissions LEFT JOIN payloads USING (place)
             WHERE id = ? AND owner = ?",
        )
        .bind(self.id.as_bytes().as_slice())
        .bind(self.owner.as_str())
        .fetch_optional(&mut *connection)
        .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(match row.state.as_str() {
            "queued" => Cancelled::Ended(Box::new(row.end(connection).await?)),
            "running" => row.mark(connection).await?,
            _ => row.delete(connection).await?,
        }))
    }
}

impl Row {
    /// Makes it final, without a run.
    pub(super) async fn end(self, connection: &mut SqliteConnection) -> Result<(Submission, Report), Failure> {
        let submission: Submission = serde_json::from_slice(&self.body.unwrap_or_default())?;
        // Nothing, if the clock was set back.
        let queue = duration(now_utc()?.saturating_sub(self.submitted_at).max(0))?;
        let report = Report::cancelled(&submission, Phases { queue, ..Phases::default() });
        sqlx::query("UPDATE submissions SET state = 'done' WHERE place = ?")
            .bind(self.place)
            .execute(&mut *connection)
            .await?;
        Final::new(&report)?.record(connection, self.place, &self.language).await?;
        Ok((submission, report))
    }

    /// Has whoever runs it learn of the wish.
    pub(super) async fn mark(self, connection: &mut SqliteConnection) -> Result<Cancelled, Failure> {
        sqlx::query("UPDATE submissions SET cancel_asked = 1 WHERE place = ?")
            .bind(self.place)
            .execute(connection)
            .await?;
        Ok(Cancelled::Asked)
    }

    async fn delete(self, connection: &mut SqliteConnection) -> Result<Cancelled, Failure> {
        delete_result(connection, self.place).await?;
        Ok(Cancelled::Deleted)
    }
}
