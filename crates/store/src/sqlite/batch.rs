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

/// A submission as it is accepted.
pub(super) enum Member {
    Waits(Submit),
    Finished(SubmitFinished),
}

impl Member {
    /// With its report if it is final already.
    pub(super) fn new(submission: &Submission, report: Option<&Report>) -> Result<Self, StoreError> {
        Ok(match report {
            None => Self::Waits(Submit::new(submission)?),
            Some(report) => Self::Finished(SubmitFinished::new(submission, report)?),
        })
    }

    /// Accepts it.
    pub(super) async fn apply(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        match self {
            Self::Waits(submit) => submit.apply(connection).await,
            Self::Finished(submit) => submit.apply(connection).await,
        }
    }
}

impl SubmitBatch {
    pub(super) fn new(batch: ExecId, members: &[(Submission, Option<Report>)]) -> Result<Self, StoreError> {
        let member = |(submission, report): &(Submission, Option<Report>)| {
            Ok((submission.id, Member::new(submission, report.as_ref())?))
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
            member.apply(&mut *connection).await?;
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
