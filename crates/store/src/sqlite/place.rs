//! Where in the queue a submission stands: what [`super::claim`] would do, foreseen as long as nothing else comes.
//!
//! It is asked for often, so that little is counted: of its own owner's, no more than [`MOST_COUNTED`] that wait before
//! it. Beyond that their numbers say how many there are at the most; what was cancelled in between is in that. Of the
//! others it is known how much waits.

use model::ExecId;
use sqlx::SqlitePool;

use super::rows::Failure;
use crate::queue::{MOST_COUNTED, place};

/// Takes the id, the owner and [`MOST_COUNTED`].
///
/// The limit is a sum because SQLite looks at the value of a bare parameter there when it compiles a statement, and so
/// compiles it anew each time one is bound, at half a millisecond (`sqlite3ExprIsInteger` in its source).
pub(super) const LOOK: &str = "
    WITH mine AS MATERIALIZED (
        SELECT state, class, owner, number,
            (SELECT count(*) FROM (
                SELECT 1 FROM submissions AS other INDEXED BY submissions_queued
                WHERE other.state = 'queued' AND other.class = submissions.class
                    AND other.owner = submissions.owner AND other.place < submissions.place
                LIMIT ?3 + 0)) AS counted
        FROM submissions WHERE id = ?1 AND owner = ?2 AND state <> 'done'),
    own AS MATERIALIZED (
        SELECT state, class, owner, served, iif(counted < ?3, counted, max(counted, min(waiting - 1, number - (
            SELECT number FROM submissions WHERE place = (
                SELECT min(first.place) FROM submissions AS first INDEXED BY submissions_queued
                WHERE first.state = 'queued' AND first.class = mine.class AND first.owner = mine.owner))))) AS ahead
        FROM mine JOIN queues USING (class, owner)),
    -- Of each other owner goes first what has its turn before: as many as are ahead of the same owner, and one more if
    -- that owner was served longer ago.
    others AS (
        SELECT sum(min(waiting, own.ahead + ((queues.served, queues.owner) < (own.served, own.owner)))) AS ahead
        FROM own CROSS JOIN queues INDEXED BY queues_waiting
        WHERE waiting > 0 AND queues.class = own.class AND queues.owner <> own.owner)
    SELECT own.state, own.class, own.ahead + coalesce(others.ahead, 0), turns.taken,
        (SELECT coalesce(sum(waiting), 0) FROM queues INDEXED BY queues_waiting WHERE waiting > 0 AND class = 0),
        (SELECT coalesce(sum(waiting), 0) FROM queues INDEXED BY queues_waiting WHERE waiting > 0 AND class = 1),
        (SELECT coalesce(sum(waiting), 0) FROM queues INDEXED BY queues_waiting WHERE waiting > 0 AND class = 2)
    FROM own, others, turns";

/// Takes the id and the owner. How much waits in all, at a tenth of the cost of [`LOOK`].
pub(super) const GLANCE: &str = "
    SELECT state, (SELECT coalesce(sum(waiting), 0) FROM queues INDEXED BY queues_waiting WHERE waiting > 0)
    FROM submissions WHERE id = ?1 AND owner = ?2 AND state <> 'done'";

/// See [`crate::Store::place`].
pub(super) async fn of(readers: &SqlitePool, owner: &str, id: ExecId) -> Result<Option<u64>, Failure> {
    let found: Option<(String, i64)> =
        sqlx::query_as(GLANCE).bind(id.as_bytes().as_slice()).bind(owner).fetch_optional(readers).await?;
    match found {
        None => Ok(None),
        Some((state, _)) if state != "queued" => Ok(Some(0)),
        // Nothing else waits.
        Some((_, ..=1)) => Ok(Some(1)),
        Some(_) => among_others(readers, owner, id).await,
    }
}

async fn among_others(readers: &SqlitePool, owner: &str, id: ExecId) -> Result<Option<u64>, Failure> {
    let found: Option<(String, i64, i64, i64, i64, i64, i64)> = sqlx::query_as(LOOK)
        .bind(id.as_bytes().as_slice())
        .bind(owner)
        .bind(MOST_COUNTED)
        .fetch_optional(readers)
        .await?;
    let Some((state, class, ahead, taken, exam, normal, batch)) = found else { return Ok(None) };
    if state != "queued" {
        return Ok(Some(0));
    }
    let waiting = [exam.try_into()?, normal.try_into()?, batch.try_into()?];
    Ok(Some(place(class.try_into()?, ahead.try_into()?, waiting, taken.try_into()?)))
}
