//! Idempotency keys: a row for each, written with what was accepted under it. [`super::clean`] deletes those that have
//! expired.
//!
//! The writer applies one change after the other, so that of copies that come at the same time the first is accepted and
//! the others find its row.

use async_trait::async_trait;
use model::{ExecId, Report, Submission};
use sqlx::{SqliteConnection, SqliteExecutor};

use super::batch::{Member, SubmitBatch};
use super::rows::{Failure, micros, now_utc};
use super::writer::Change;
use crate::{Accepted, Earlier, Once, StoreError, Submissions};

/// Bytes of an id.
const ID: usize = 16;

/// See [`crate::Store::submit_once`].
pub(super) struct SubmitOnce {
    once: Once,
    batch: Option<ExecId>,
    /// The ids, one behind the other.
    ids: Vec<u8>,
    what: What,
}

enum What {
    Single(Member),
    Batch(SubmitBatch),
}

impl SubmitOnce {
    pub(super) fn new(once: &Once, submissions: Submissions<'_>) -> Result<Self, StoreError> {
        let id = |submission: &Submission| submission.id.as_bytes().to_vec();
        let (batch, ids, what) = match submissions {
            Submissions::Single(submission, report) => {
                (None, id(submission), What::Single(Member::new(submission, report)?))
            }
            Submissions::Batch(batch, members) => {
                let ids = members.iter().flat_map(|(submission, _): &(_, Option<Report>)| id(submission)).collect();
                (Some(batch), ids, What::Batch(SubmitBatch::new(batch, members)?))
            }
        };
        Ok(Self { once: once.clone(), batch, ids, what })
    }
}

#[async_trait]
impl Change for SubmitOnce {
    type Output = Accepted;
    const CONTEXT: &'static str = "accepting a request under an idempotency key";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<Accepted, Failure> {
        let Once { owner, key, request, kept } = &self.once;
        if let Some(earlier) = find(&mut *connection, owner, key).await? {
            return Ok(Accepted::Before(earlier));
        }
        // A row that is there nevertheless has expired.
        sqlx::query(
            "INSERT OR REPLACE INTO idempotency_keys (owner, key, request, batch, submissions, expires_at)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(owner.as_str())
        .bind(key.as_str())
        .bind(request.as_slice())
        .bind(self.batch.map(|batch| batch.as_bytes().to_vec()))
        .bind(self.ids.as_slice())
        .bind(now_utc()?.saturating_add(micros(*kept)))
        .execute(&mut *connection)
        .await?;
        match &self.what {
            What::Single(member) => member.apply(connection).await?,
            What::Batch(batch) => batch.apply(connection).await?,
        }
        Ok(Accepted::Now)
    }
}

/// The row of a key.
#[derive(sqlx::FromRow)]
struct Row {
    request: Vec<u8>,
    batch: Option<Vec<u8>>,
    submissions: Vec<u8>,
}

/// See [`crate::Store::submitted_once`].
pub(super) async fn find(
    connection: impl SqliteExecutor<'_>,
    owner: &str,
    key: &str,
) -> Result<Option<Earlier>, Failure> {
    let row: Option<Row> = sqlx::query_as(
        "SELECT request, batch, submissions FROM idempotency_keys WHERE owner = ? AND key = ? AND expires_at > ?",
    )
    .bind(owner)
    .bind(key)
    .bind(now_utc()?)
    .fetch_optional(connection)
    .await?;
    let Some(Row { request, batch, submissions }) = row else { return Ok(None) };
    let batch = batch.as_deref().map(id).transpose()?;
    let submissions = submissions.chunks(ID).map(id).collect::<Result<_, _>>()?;
    Ok(Some(Earlier { request: request.as_slice().try_into()?, batch, submissions }))
}

fn id(bytes: &[u8]) -> Result<ExecId, Failure> {
    Ok(ExecId::from_bytes(bytes.try_into()?))
}
