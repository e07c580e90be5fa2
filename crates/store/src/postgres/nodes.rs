//! The nodes, as they tell of themselves: a row for each, under a lease by the clock of the database.

use std::time::Duration;

use sqlx::PgConnection;

use crate::columns::{Failure, micros, utc};
use crate::fleet::{KnownNode, Node, NodeLanguage};
use crate::postgres::rows::{length, text};

/// What is left of a node that is gone is deleted by the next that is heard of after this.
const KEPT: Duration = Duration::from_secs(60 * 60);

/// A language in its column: JSON, as a list of these.
type LanguageColumn = (String, Option<String>);

/// See [`crate::Fleet::announce`].
pub(super) async fn announce(connection: &mut PgConnection, node: &Node, lease: Duration) -> Result<(), Failure> {
    let Node { name, version, languages, workers, draining } = node;
    let languages: Vec<(&str, Option<&str>)> =
        languages.iter().map(|NodeLanguage { id, runtime }| (id.as_str(), runtime.as_deref())).collect();
    sqlx::query(
        "WITH gone AS (
             DELETE FROM nodes WHERE name IN (
                 SELECT name FROM nodes WHERE lease_until < (SELECT micros()) - $7 AND name <> $1 FOR UPDATE SKIP LOCKED))
         INSERT INTO nodes (name, version, languages, workers, draining, started_at, seen_at, lease_until)
         SELECT $1, $2, $3, $4, $5, now_at, now_at, now_at + $6 FROM (SELECT micros() AS now_at) AS clock
         ON CONFLICT (name) DO UPDATE SET version = excluded.version, languages = excluded.languages,
             workers = excluded.workers, draining = excluded.draining, seen_at = excluded.seen_at,
             lease_until = excluded.lease_until",
    )
    .bind(name.as_bytes())
    .bind(version.as_bytes())
    .bind(serde_json::to_vec(&languages)?)
    .bind(i64::from(*workers))
    .bind(draining)
    .bind(length(lease))
    .bind(micros(KEPT))
    .execute(&mut *connection)
    .await?;
    Ok(())
}

/// See [`crate::Fleet::leave`].
pub(super) async fn leave(connection: &mut PgConnection, name: &str) -> Result<(), Failure> {
    sqlx::query("DELETE FROM nodes WHERE name = $1").bind(name.as_bytes()).execute(&mut *connection).await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    name: Vec<u8>,
    version: Vec<u8>,
    languages: Vec<u8>,
    workers: i64,
    draining: bool,
    started_at: i64,
    seen_at: i64,
}

/// See [`crate::Fleet::nodes`].
pub(super) async fn all(connection: &mut PgConnection) -> Result<Vec<KnownNode>, Failure> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT name, version, languages, workers, draining, started_at, seen_at FROM nodes
         WHERE lease_until > (SELECT micros()) ORDER BY name",
    )
    .fetch_all(&mut *connection)
    .await?;
    rows.into_iter().map(Row::read).collect()
}

impl Row {
    fn read(self) -> Result<KnownNode, Failure> {
        let languages: Vec<LanguageColumn> = serde_json::from_slice(&self.languages)?;
        let node = Node {
            name: text(self.name)?,
            version: text(self.version)?,
            languages: languages.into_iter().map(|(id, runtime)| NodeLanguage { id, runtime }).collect(),
            workers: u32::try_from(self.workers)?,
            draining: self.draining,
        };
        Ok(KnownNode { node, started_at: utc(self.started_at)?, seen_at: utc(self.seen_at)? })
    }
}
