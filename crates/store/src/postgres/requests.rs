//! How many requests an owner may still send, by whatever node: one token bucket for each, in the database.
//!
//! It is in its shortest form (the generic cell rate algorithm), as on a single node: one point in time for each owner says when
//! its bucket will be full again. A token comes back after a minute divided by the limit, to the microsecond; limits of more than
//! sixty million a minute are not told apart. Who is refused has changed nothing.

use std::time::Duration;

use sqlx::PgConnection;

use crate::columns::Failure;

/// Microseconds.
const MINUTE: i64 = 60_000_000;

/// The row is locked before it is looked at, so that nodes take one token after the other.
const TAKE: &str = "
    INSERT INTO request_buckets AS bucket (owner, full_at) VALUES ($1, micros() + $2)
    ON CONFLICT (owner) DO UPDATE SET full_at = greatest(bucket.full_at, excluded.full_at - $2) + $2
    WHERE greatest(bucket.full_at, excluded.full_at - $2) + $2 - (excluded.full_at - $2) <= $3
    RETURNING full_at - micros()";

/// See [`crate::Fleet::take_request`].
pub(super) async fn take(
    connection: &mut PgConnection,
    owner: &str,
    per_minute: u32,
) -> Result<Result<u32, Duration>, Failure> {
    // Rounded down, so that a bucket holds all its tokens.
    let token = (MINUTE / i64::from(per_minute.max(1))).max(1);
    loop {
        let taken: Option<(i64,)> = sqlx::query_as(TAKE)
            .bind(owner.as_bytes())
            .bind(token)
            .bind(MINUTE)
            .fetch_optional(&mut *connection)
            .await?;
        if let Some((missing,)) = taken {
            let left = (MINUTE - missing.max(0)).max(0) / token;
            return Ok(Ok(u32::try_from(left).unwrap_or(u32::MAX).min(per_minute.max(1) - 1)));
        }
        let missing: Option<(i64,)> = sqlx::query_as("SELECT full_at - micros() FROM request_buckets WHERE owner = $1")
            .bind(owner.as_bytes())
            .fetch_optional(&mut *connection)
            .await?;
        let wait = missing.map_or(0, |(missing,)| missing + token - MINUTE);
        // By now one may be there.
        if wait > 0 {
            return Ok(Err(Duration::from_micros(u64::try_from(wait)?)));
        }
    }
}
