//! Handing out what is next: [`crate::Store::claim`]. Who that is says [`crate::queue`]; it is looked up in the database
//! (`migrations/postgres/0003_claim.sql`), where claims of all nodes are one after the other. Idle workers of a node that ask at once
//! are served by one statement.

use std::time::Duration;

use async_trait::async_trait;
use model::{Report, Submission};
use uuid::Uuid;

use super::attempt::ask;
use super::database::Database;
use super::finish::Finish;
use super::lanes::Grouped;
use super::rows::{exec_id, length};
use crate::columns::{Failure, utc};
use crate::queue::ROUND;
use crate::{Claim, Lease, StoreError};

const CLAIM: &str = "SELECT id, fence, submitted_at, cancel_asked, body FROM claim($1, $2, $3, $4)";

/// See [`crate::Store::claim`].
pub(super) struct Claiming {
    pub(super) lease: Duration,
    /// The languages to claim, as columns; all if there are none.
    pub(super) languages: Option<Vec<Vec<u8>>>,
}

#[async_trait]
impl Grouped for Claiming {
    type Output = Option<Claim>;
    const CONTEXT: &'static str = "claiming a submission";

    async fn together(database: &Database, group: Vec<Self>) -> Vec<Result<Option<Claim>, StoreError>> {
        let mut answers = Vec::with_capacity(group.len());
        // Mostly all ask for the same.
        for alike in group.chunk_by(|one, other| one.lease == other.lease && one.languages == other.languages) {
            match claim(database, &alike[0], alike.len()).await {
                Ok(claims) => {
                    let claims = claims.into_iter().map(|claim| Ok(Some(claim)));
                    answers.extend(claims.chain(std::iter::repeat_with(|| Ok(None))).take(alike.len()));
                }
                Err(error) => {
                    let reason = error.source.to_string();
                    answers.extend(alike.iter().map(|_| Err(StoreError::new(Self::CONTEXT, reason.clone()))));
                }
            }
        }
        answers
    }
}

/// Claims so many at the most.
async fn claim(database: &Database, one: &Claiming, most: usize) -> Result<Vec<Claim>, StoreError> {
    let mut claims = Vec::new();
    while claims.len() < most {
        let taken = take(database, one, most - claims.len()).await?;
        if taken.is_empty() {
            break;
        }
        for row in taken {
            match row.body.as_deref().map(serde_json::from_slice) {
                Some(Ok(submission)) => {
                    let claim = row.into_claim(submission);
                    claims.push(claim.map_err(|source| StoreError::new(Claiming::CONTEXT, source))?);
                }
                Some(Err(error)) => give_up(database, &row, &error.to_string()).await?,
                None => give_up(database, &row, "there is none").await?,
            }
        }
    }
    Ok(claims)
}

/// A row that has just been claimed.
#[derive(sqlx::FromRow)]
struct Taken {
    id: Uuid,
    fence: i64,
    submitted_at: i64,
    cancel_asked: bool,
    body: Option<Vec<u8>>,
}

impl Taken {
    fn lease(&self) -> Lease {
        Lease { id: exec_id(self.id), fence: self.fence }
    }

    fn into_claim(self, submission: Submission) -> Result<Claim, Failure> {
        Ok(Claim {
            lease: self.lease(),
            submission,
            submitted_at: utc(self.submitted_at)?,
            attempt: u32::try_from(self.fence)?,
            cancel_asked: self.cancel_asked,
        })
    }
}

/// One statement, which is a transaction of its own. If its answer is lost, what it claimed comes back when the lease ends.
async fn take(database: &Database, one: &Claiming, most: usize) -> Result<Vec<Taken>, StoreError> {
    let (most, lease) = (i32::try_from(most).unwrap_or(i32::MAX), length(one.lease));
    ask!(database, Claiming::CONTEXT, connection => async {
        let claim = sqlx::query_as(CLAIM).bind(most).bind(lease).bind(one.languages.as_deref()).bind(ROUND);
        Ok::<Vec<Taken>, Failure>(claim.fetch_all(connection).await?)
    })
}

/// Finishes a submission that can not be read back, as our fault: left in the queue, it would be claimed for ever.
async fn give_up(database: &Database, row: &Taken, reason: &str) -> Result<(), StoreError> {
    let id = exec_id(row.id);
    tracing::error!(exec_id = %id, reason, "a queued submission can not be read; it ends as internal_error");
    let finish = Finish::new(row.lease(), &Report::unreadable())?;
    Finish::together(database, vec![finish]).await.into_iter().try_for_each(|answer| answer.map(drop))
}
