//! Erasing what belongs to a student: [`crate::Store::erase`].

use async_trait::async_trait;
use model::{ExecId, Report, Submission};
use sqlx::SqliteConnection;

use super::cancel::Row;
use super::clean::delete_result;
use super::rows::Failure;
use super::writer::Change;
use crate::Erased;

/// Submissions at once: a report may be long, and everybody waits.
const MOST: usize = 20;

/// See [`crate::Store::erase`].
pub(super) struct Erasing {
    pub(super) owner: String,
    pub(super) student: String,
}

#[async_trait]
impl Change for Erasing {
    type Output = Erased;
    const CONTEXT: &'static str = "erasing what belongs to a student";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<Erased, Failure> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT place, id, state, language, submitted_at, body
             FROM submissions INDEXED BY submissions_student LEFT JOIN payloads USING (place)
             WHERE owner = ? AND student = ? AND (state <> 'running' OR cancel_asked = 0) ORDER BY place LIMIT ?",
        )
        .bind(self.owner.as_str())
        .bind(self.student.as_str())
        .bind(i64::try_from(MOST)?)
        .fetch_all(&mut *connection)
        .await?;
        let mut erased = Erased { more: rows.len() == MOST, ..Erased::default() };
        for row in rows {
            let (place, id) = (row.place, ExecId::from_bytes(row.id.as_slice().try_into()?));
            match row.state.as_str() {
                "running" => {
                    row.mark(&mut *connection).await?;
                    erased.asked.push(id);
                }
                state => {
                    if state == "queued" {
                        let ended: (Submission, Report) = row.end(&mut *connection).await?;
                        erased.ended.push(ended);
                    }
                    delete_result(&mut *connection, place).await?;
                    erased.deleted += 1;
                }
            }
        }
        let (running,): (i64,) = sqlx::query_as(
            "SELECT count(*) FROM submissions INDEXED BY submissions_running
             WHERE state = 'running' AND owner = ? AND student = ?",
        )
        .bind(self.owner.as_str())
        .bind(self.student.as_str())
        .fetch_one(connection)
        .await?;
        erased.running = u64::try_from(running)?;
        Ok(erased)
    }
}
