//! Idempotency keys: a row for each, written with what was accepted under it.

use std::collections::HashMap;

use sqlx::{PgConnection, PgExecutor};
use uuid::Uuid;

use super::rows::{exec_id, length};
use crate::columns::Failure;
use crate::{Earlier, Once};

/// Bytes of an id.
const ID: usize = 16;

/// Takes those names that nobody has, in the order of the names, so that nodes do not deadlock; a row that has expired is nobody's.
const TAKE: &str = "
    INSERT INTO idempotency_keys AS known (owner, key, request, batch, submissions, expires_at)
    SELECT owner, key, request, batch, submissions, micros() + kept
    FROM unnest($1::bytea[], $2::bytea[], $3::bytea[], $4::uuid[], $5::bytea[], $6::bigint[])
        AS given (owner, key, request, batch, submissions, kept)
    ORDER BY owner, key
    ON CONFLICT (owner, key) DO UPDATE SET request = excluded.request, batch = excluded.batch,
        submissions = excluded.submissions, expires_at = excluded.expires_at
    WHERE known.expires_at <= micros()
    RETURNING owner, key";

/// A name and what is to be accepted under it, as columns.
pub(super) struct Name {
    pub(super) owner: Vec<u8>,
    pub(super) key: Vec<u8>,
    request: [u8; 32],
    batch: Option<Uuid>,
    /// The ids, one behind the other.
    submissions: Vec<u8>,
    kept: i64,
}

impl Name {
    pub(super) fn new(once: &Once, batch: Option<Uuid>, submissions: impl Iterator<Item = Uuid>) -> Self {
        let Once { owner, key, request, kept } = once;
        Self {
            owner: owner.as_bytes().to_vec(),
            key: key.as_bytes().to_vec(),
            request: *request,
            batch,
            submissions: submissions.flat_map(Uuid::into_bytes).collect(),
            kept: length(*kept),
        }
    }
}

/// Takes these names, which are different, and gives what was accepted before under those that are taken, by owner and key.
pub(super) async fn take(
    connection: &mut PgConnection,
    names: Vec<&Name>,
) -> Result<HashMap<(Vec<u8>, Vec<u8>), Earlier>, Failure> {
    let mut earlier = HashMap::new();
    if names.is_empty() {
        return Ok(earlier);
    }
    let taken: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(TAKE)
        .bind(names.iter().map(|name| name.owner.as_slice()).collect::<Vec<_>>())
        .bind(names.iter().map(|name| name.key.as_slice()).collect::<Vec<_>>())
        .bind(names.iter().map(|name| name.request.as_slice()).collect::<Vec<_>>())
        .bind(names.iter().map(|name| name.batch).collect::<Vec<_>>())
        .bind(names.iter().map(|name| name.submissions.as_slice()).collect::<Vec<_>>())
        .bind(names.iter().map(|name| name.kept).collect::<Vec<_>>())
        .fetch_all(&mut *connection)
        .await?;
    for Name { owner, key, .. } in names {
        if !taken.iter().any(|(taken_owner, taken_key)| (taken_owner, taken_key) == (owner, key)) {
            let found = row(&mut *connection, EARLIER, owner, key).await?;
            let found = found.ok_or("an idempotency key was deleted while it was looked at")?;
            earlier.insert((owner.clone(), key.clone()), found);
        }
    }
    Ok(earlier)
}

/// See [`crate::Store::submitted_once`].
pub(super) async fn find(connection: impl PgExecutor<'_>, owner: &str, key: &str) -> Result<Option<Earlier>, Failure> {
    row(connection, KEPT, owner.as_bytes(), key.as_bytes()).await
}

#[derive(sqlx::FromRow)]
struct Row {
    request: Vec<u8>,
    batch: Option<Uuid>,
    submissions: Vec<u8>,
}

const EARLIER: &str = "SELECT request, batch, submissions FROM idempotency_keys WHERE owner = $1 AND key = $2";
const KEPT: &str = "SELECT request, batch, submissions FROM idempotency_keys
    WHERE owner = $1 AND key = $2 AND expires_at > micros()";

/// What one of these selects.
async fn row(
    connection: impl PgExecutor<'_>,
    select: &'static str,
    owner: &[u8],
    key: &[u8],
) -> Result<Option<Earlier>, Failure> {
    let found: Option<Row> = sqlx::query_as(select).bind(owner).bind(key).fetch_optional(connection).await?;
    let Some(Row { request, batch, submissions }) = found else { return Ok(None) };
    let id = |bytes: &[u8]| Ok(exec_id(Uuid::from_slice(bytes)?));
    let submissions = submissions.chunks(ID).map(id).collect::<Result<_, Failure>>()?;
    Ok(Some(Earlier { request: request.as_slice().try_into()?, batch: batch.map(exec_id), submissions }))
}
