//! Several submissions at once: [`crate::Store::submit_batch`] and [`crate::Store::batch`].

use async_trait::async_trait;
use model::{ExecId, Report, Submission};
use sqlx::{SqliteConnection, SqlitePool};

use super::changes::{Submit, SubmitFinished};
use super::rows::Failure;
use super::writer::Change;
use crate::{BatchMember, MemberState, StoreError};

/// See [`crate::Store::submit_batch`].
pub(super) struct SubmitBatch {
    batch: ExecId,
    members: Vec<(ExecId, Member)>,
}

enum Member {
    Waits(Submit),
    Finished(SubmitFinished),
}

impl SubmitBatch {
    pub(super) fn new(batch: ExecId, members: &[(Submission, Option<Report>)]) -> Result<Self, StoreError> {
        let member = |(submission, report): &(Submission, Option<Report>)| {
            let member = match report {
                None => Member::Waits(Submit::new(submission)?),
                Some(report) => Member::Finished(SubmitFinished::new(submission, report)?),
            };
            Ok((submission.id, member))
        };
        Ok(Self { batch, members: members.iter().map(member).collect::<Result<_, StoreError>>()? })
    }
}

#[async_trait]
impl Change for SubmitBatch {
    type Output = ();
    const CONTEXT: &'static str = "accepting a batch";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        for (index, (id, member)) in self.members.iter().enumerate() {
            match member {
                Member::Waits(submit) => submit.apply(&mut *connection).await?,
                Member::Finished(submit) => submit.apply(&mut *connection).await?,
            }
            sqlx::query("UPDATE submissions SET batch = ?, batch_index = ? WHERE id = ?")
                .bind(self.batch.as_bytes().as_slice())
                .bind(i64::try_from(index)?)
                .bind(id.as_bytes().as_slice())
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }
}

/// See [`crate::Store::batch`].
pub(super) async fn members(readers: &SqlitePool, owner: &str, batch: ExecId) -> Result<Vec<BatchMember>, Failure> {
    let rows: Vec<(Vec<u8>, String)> = sqlx::query_as(
        "SELECT id, state FROM submissions INDEXED BY submissions_batch
         WHERE batch = ? AND owner = ? ORDER BY batch_index",
    )
    .bind(batch.as_bytes().as_slice())
    .bind(owner)
    .fetch_all(readers)
    .await?;
    let member = |(id, state): (Vec<u8>, String)| {
        let state = match state.as_str() {
            "queued" => MemberState::Queued,
            "running" => MemberState::Running,
            _ => MemberState::Done,
        };
        Ok(BatchMember { id: ExecId::from_bytes(id.as_slice().try_into()?), state })
    };
    rows.into_iter().map(member).collect()
}
