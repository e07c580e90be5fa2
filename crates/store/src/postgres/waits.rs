//! What a submission that waits is waiting for.

use model::ExecId;
use sqlx::PgConnection;

use crate::columns::Failure;
use crate::postgres::rows::uuid;

/// See [`crate::Fleet::waits_in`].
pub(super) async fn language(
    connection: &mut PgConnection,
    owner: &str,
    id: ExecId,
) -> Result<Option<String>, Failure> {
    let found: Option<(Vec<u8>,)> =
        sqlx::query_as("SELECT language FROM queue WHERE id = $1 AND owner = $2 AND state = 'queued'")
            .bind(uuid(id))
            .bind(owner.as_bytes())
            .fetch_optional(&mut *connection)
            .await?;
    // What is no text was written by nobody.
    Ok(found.and_then(|(language,)| String::from_utf8(language).ok()))
}
