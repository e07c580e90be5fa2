//! Where in the queue a submission stands: what a claim would do, foreseen as long as nothing else comes, every worker runs every
//! language, and nobody runs as much as its key allows.

use model::ExecId;
use sqlx::PgConnection;

use super::rows::uuid;
use crate::columns::Failure;
use crate::queue::place;

/// Takes the id and the owner. Of its own owner what waits before it is counted; of the others it is known how much waits, and of
/// each goes first what has its turn before: as many as are ahead of the same owner, and one more if that owner was served longer ago.
const LOOK: &str = "
    WITH mine AS MATERIALIZED (
        SELECT state, class, owner, served,
            (SELECT count(*) FROM queue AS other
             WHERE other.state = 'queued' AND other.class = queue.class AND other.owner = queue.owner
                 AND other.place < queue.place) AS ahead
        FROM queue JOIN queues USING (class, owner) WHERE id = $1 AND owner = $2),
    waits AS MATERIALIZED (
        SELECT class, owner, sum(waiting)::bigint AS waiting FROM waiting_counts GROUP BY class, owner
        HAVING sum(waiting) > 0)
    SELECT state, class, ahead + (
            SELECT coalesce(sum(least(waiting, ahead + ((queues.served, queues.owner) < (mine.served, mine.owner))::integer)), 0)
            FROM waits JOIN queues USING (class, owner)
            WHERE waits.class = mine.class AND waits.owner <> mine.owner)::bigint,
        (SELECT taken FROM turns),
        (SELECT coalesce(sum(waiting), 0)::bigint FROM waits WHERE waits.class = 0),
        (SELECT coalesce(sum(waiting), 0)::bigint FROM waits WHERE waits.class = 1),
        (SELECT coalesce(sum(waiting), 0)::bigint FROM waits WHERE waits.class = 2)
    FROM mine";

/// See [`crate::Store::place`].
pub(super) async fn of(connection: &mut PgConnection, owner: &str, id: ExecId) -> Result<Option<u64>, Failure> {
    let found: Option<(String, i16, i64, i64, i64, i64, i64)> =
        sqlx::query_as(LOOK).bind(uuid(id)).bind(owner.as_bytes()).fetch_optional(&mut *connection).await?;
    let Some((state, class, ahead, taken, exam, normal, batch)) = found else { return Ok(None) };
    if state != "queued" {
        return Ok(Some(0));
    }
    let waiting = [exam.try_into()?, normal.try_into()?, batch.try_into()?];
    Ok(Some(place(class.try_into()?, ahead.try_into()?, waiting, taken.try_into()?)))
}
