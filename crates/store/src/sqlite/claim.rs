//! Handing out what is next: [`crate::Store::claim`]. Who that is says [`crate::queue`]; here it is looked up, at a cost
//! that does not grow with what waits.
//!
//! What was claimed and lost, because a lease ran out, comes before everything else: it has had its turn. Owners that run
//! as much as their key allows are passed over; triggers keep note of who does (`migrations/sqlite/0004_running.sql`).

use std::time::Duration;

use async_trait::async_trait;
use model::{Report, Submission};
use sqlx::SqliteConnection;

use super::changes::Final;
use super::rows::{Failure, LeaseClock, utc};
use super::writer::Change;
use crate::queue::ROUND;
use crate::{Claim, Lease};

/// The first of the owner that is next in a class.
macro_rules! first_of_class {
    ($class:literal) => {
        concat!(
            "(SELECT min(place) FROM submissions INDEXED BY submissions_queued
              WHERE state = 'queued' AND (class, owner) = (
                  SELECT class, owner FROM queues INDEXED BY queues_waiting
                  WHERE waiting > 0 AND held = 0 AND class = ",
            $class,
            " ORDER BY served LIMIT 1))"
        )
    };
}

/// Takes the end of the lease, the time now, and [`ROUND`]. INDEXED BY fails rather than walk through everything that
/// waits or ever finished; each part is looked up only if there is nothing in those before, and none makes a table. Triggers
/// count the turn (`migrations/sqlite/0003_queue.sql`).
pub(super) const TAKE: &str = concat!(
    "UPDATE submissions SET state = 'running', fence = fence + 1, lease_until = ?1
    WHERE place = coalesce(
        (SELECT min(place) FROM submissions INDEXED BY submissions_running
         WHERE state = 'running' AND lease_until <= ?2),",
    first_of_class!("(SELECT CAST(substr(?3, taken % 16 + 1, 1) AS INTEGER) FROM turns)"),
    ",",
    first_of_class!("0"),
    ",",
    first_of_class!("1"),
    ",",
    first_of_class!("2"),
    ")
    RETURNING place, fence, submitted_at, language, cancel_asked,
        (SELECT body FROM payloads WHERE payloads.place = submissions.place) AS body",
);

/// See [`crate::Store::claim`].
pub(super) struct Claiming {
    pub(super) length: Duration,
    pub(super) clock: LeaseClock,
}

#[async_trait]
impl Change for Claiming {
    type Output = Option<Claim>;
    const CONTEXT: &'static str = "claiming a submission";
    // A claim that is lost with the machine is made again by whoever comes up next.
    const DURABLE: bool = false;

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<Option<Claim>, Failure> {
        while let Some(taken) = self.take_first(connection).await? {
            match serde_json::from_slice(&taken.body) {
                Ok(submission) => return taken.into_claim(submission).map(Some),
                Err(error) => give_up(connection, &taken, &error).await?,
            }
        }
        Ok(None)
    }
}

impl Claiming {
    /// Marks what is next as running.
    async fn take_first(&self, connection: &mut SqliteConnection) -> Result<Option<Taken>, Failure> {
        let taken = sqlx::query_as(TAKE)
            .bind(self.clock.after(self.length))
            .bind(self.clock.now())
            .bind(ROUND)
            .fetch_optional(connection)
            .await?;
        Ok(taken)
    }
}

/// A row that has just been claimed.
#[derive(sqlx::FromRow)]
struct Taken {
    place: i64,
    fence: i64,
    submitted_at: i64,
    language: String,
    cancel_asked: bool,
    body: Vec<u8>,
}

impl Taken {
    fn into_claim(self, submission: Submission) -> Result<Claim, Failure> {
        Ok(Claim {
            lease: Lease { id: submission.id, fence: self.fence },
            submission,
            submitted_at: utc(self.submitted_at)?,
            attempt: u32::try_from(self.fence)?,
            cancel_asked: self.cancel_asked,
        })
    }
}

/// Finishes a submission that can not be read back, as our fault: left in the queue, it would stop
/// everything behind it.
async fn give_up(connection: &mut SqliteConnection, taken: &Taken, error: &serde_json::Error) -> Result<(), Failure> {
    tracing::error!(place = taken.place, %error, "a queued submission can not be read; it ends as internal_error");
    let report = Final::new(&Report::unreadable())?;
    sqlx::query("UPDATE submissions SET state = 'done', lease_until = NULL WHERE place = ?")
        .bind(taken.place)
        .execute(&mut *connection)
        .await?;
    report.record(connection, taken.place, &taken.language).await
}

#[cfg(test)]
mod tests {
    use sqlx::Connection;

    use super::super::place::{GLANCE, LOOK};
    use super::*;

    /// How SQLite goes about a statement, a line for each table.
    async fn plan(statement: &str) -> Vec<String> {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::migrate!("migrations/sqlite").run(&mut connection).await.unwrap();
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let rows: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(&mut connection).await.unwrap();
        rows.into_iter().map(|(_, _, _, line)| line).collect()
    }

    /// The statements of all migrations, with rows of the time after the first.
    #[tokio::test]
    async fn what_waited_before_there_were_classes_waits_in_its_order() {
        let mut connection = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        let first = include_str!("../../migrations/sqlite/0001_queue_results_totals.sql");
        let second = include_str!("../../migrations/sqlite/0002_keys.sql");
        let third = include_str!("../../migrations/sqlite/0003_queue.sql");
        let fourth = include_str!("../../migrations/sqlite/0004_running.sql");
        let eighth = include_str!("../../migrations/sqlite/0008_fewer_pages.sql");
        sqlx::raw_sql(first).execute(&mut connection).await.unwrap();
        for (place, owner, state) in [(1, "a", "done"), (2, "a", "queued"), (3, "b", "queued"), (4, "a", "queued")] {
            sqlx::query(
                "INSERT INTO submissions (place, id, owner, language, state, submitted_at)
                 VALUES (?1, CAST(printf('%016d', ?1) AS BLOB), ?2, 'python', ?3, 0);
                 INSERT INTO payloads VALUES (?1, x'')",
            )
            .bind(place)
            .bind(owner)
            .bind(state)
            .execute(&mut connection)
            .await
            .unwrap();
        }
        for later in [second, third, fourth, eighth] {
            sqlx::raw_sql(later).execute(&mut connection).await.unwrap();
        }
        let mut order = Vec::new();
        loop {
            let taken: Option<Taken> =
                sqlx::query_as(TAKE).bind(1).bind(0).bind(ROUND).fetch_optional(&mut connection).await.unwrap();
            let Some(taken) = taken else { break };
            order.push(taken.place);
        }
        assert_eq!(order, [2, 3, 4]);
    }

    #[tokio::test]
    async fn neither_a_claim_nor_a_place_walks_through_what_waits() {
        for statement in [TAKE, LOOK, GLANCE] {
            let plan = plan(statement).await;
            // One row each; and owners up to the first, not submissions.
            let small = ["mine", "own", "others", "turns", "(subquery", "queues USING INDEX queues_"];
            let walks = |line: &&String| match line.strip_prefix("SCAN ") {
                Some(walked) => !small.iter().any(|small| walked.starts_with(small)),
                None => false,
            };
            assert_eq!(plan.iter().find(walks), None, "{plan:#?}");
            let looks_up = |line: &String| line.contains("submissions_queued (class=? AND owner=?");
            assert!(statement == GLANCE || plan.iter().any(looks_up), "{plan:#?}");
        }
    }
}
