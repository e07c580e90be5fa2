//! From a store of one node to one of several: everything in an SQLite file is copied into an empty PostgreSQL database.
//!
//! ```text
//!  file, under its lock, one snapshot --rows, a few megabytes at a time--> one transaction --rows are counted--> commit
//! ```
//!
//! All of it is there afterwards, or nothing: whatever goes wrong in between leaves an empty database and the file as it was, and
//! the copy is begun anew. So there is nothing to resume, and a database that holds something already is refused.
//!
//! Triggers are off meanwhile. What follows from rows is in the file and is copied, too; and nobody is to be told a million times
//! that something has finished. What ran waits afterwards: whoever ran it had the file open, and is gone.
//!
//! - [`tables`]: what is copied into what.
//! - [`transfer`]: rows, whatever they are.
//! - [`totals`]: the one thing that has another form there.

mod tables;
mod totals;
mod transfer;

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Postgres, SqliteConnection, Transaction};

use self::tables::TABLES;
use self::transfer::transfer;
use crate::StoreError;
use crate::columns::Failure;
use crate::postgres::address::DatabaseAddress;
use crate::postgres::connect;
use crate::sqlite::Source;

/// What of the target has to be empty beside [`TABLES`].
const ALSO_EMPTY: [&str; 2] = ["totals", "waiting_counts"];

/// How much was copied so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Copied {
    /// Submissions, whatever has become of them.
    pub submissions: u64,
    /// Of those, waiting for a worker, or running before.
    pub waiting: u64,
    /// Results.
    pub results: u64,
    /// API keys, revoked ones included.
    pub keys: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// Rows that there are to copy.
    pub of: u64,
}

/// Copies the store in the SQLite file `from` into the PostgreSQL database `to` (`postgres://USER:PASSWORD@HOST:PORT/DATABASE`), which
/// has to be empty and in use by no one. Tells of what it has done again and again. Needs some megabytes of memory, whatever is in
/// the file, which is not changed but for being brought up to date. Must be called within a tokio runtime.
///
/// # Errors
/// [`StoreError`] if there is no file, it is open in another process, or is no store; if the database can not be reached, has a schema
/// that needs a newer program, or is not empty; and if something could not be read or written. The database is empty then as before,
/// unless the answer to the very last step was lost: then another call says that it is not.
pub async fn copy(
    from: &Path,
    to: impl Into<DatabaseAddress>,
    progress: impl FnMut(Copied),
) -> Result<Copied, StoreError> {
    let opening = |source: Failure| StoreError::new("opening the store that is to be copied", source);
    let mut source = Source::open(from).await.map_err(opening)?;
    let target =
        connect::connect(to.into()).await.map_err(|error| StoreError::new("opening the database to copy to", error))?;
    let copied = copy_all(&mut source, &target, progress).await;
    target.close().await;
    source.close().await;
    copied.map_err(|source| StoreError::new("copying the store", source))
}

async fn copy_all(
    source: &mut Source,
    target: &sqlx::PgPool,
    mut progress: impl FnMut(Copied),
) -> Result<Copied, Failure> {
    let mut file = source.connection().begin().await?;
    let mut database = target.begin().await?;
    take(&mut database).await?;
    let counts = count_all(&mut file).await?;
    let mut copied = Copied { of: counts.iter().sum(), ..Copied::default() };
    progress(copied);
    for (table, there) in TABLES.iter().zip(counts) {
        let add = |rows: u64| {
            copied.rows += rows;
            match table.name {
                "submissions" => copied.submissions += rows,
                "queue" => copied.waiting += rows,
                "reports" => copied.results += rows,
                "api_keys" => copied.keys += rows,
                _ => {}
            }
            progress(copied);
        };
        transfer(table, &mut file, &mut database, add).await?;
        let here = count(&mut database, table.name).await?;
        if here != there {
            return Err(format!("{there} rows of {} were to be copied, and {here} arrived", table.name).into());
        }
    }
    totals::copy(&mut file, &mut database).await?;
    let (taken,): (i64,) = sqlx::query_as("SELECT taken FROM turns").fetch_one(&mut *file).await?;
    sqlx::query("UPDATE turns SET taken = $1").bind(taken).execute(&mut *database).await?;
    finish(database).await?;
    Ok(copied)
}

/// Locks the database against others, and sees that it is empty.
async fn take(database: &mut PgConnection) -> Result<(), Failure> {
    database.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0").await?;
    for table in TABLES.iter().map(|table| table.name).chain(ALSO_EMPTY) {
        database.execute(AssertSqlSafe(format!("ALTER TABLE {table} DISABLE TRIGGER USER"))).await?;
        let (is_empty,): (bool,) = sqlx::query_as(AssertSqlSafe(format!("SELECT NOT EXISTS (SELECT 1 FROM {table})")))
            .fetch_one(&mut *database)
            .await?;
        if !is_empty {
            let advice = "nothing was copied; make a new database for it";
            return Err(format!("the database is not empty, it has rows in its table {table}: {advice}").into());
        }
    }
    Ok(())
}

/// The rows that each of [`TABLES`] is to have.
async fn count_all(file: &mut SqliteConnection) -> Result<Vec<u64>, Failure> {
    let mut counts = Vec::with_capacity(TABLES.len());
    for table in TABLES {
        let (rows,): (i64,) =
            sqlx::query_as(AssertSqlSafe(format!("SELECT count(*) FROM {}", table.from))).fetch_one(&mut *file).await?;
        counts.push(u64::try_from(rows)?);
    }
    Ok(counts)
}

async fn count(database: &mut PgConnection, table: &str) -> Result<u64, Failure> {
    let (rows,): (i64,) =
        sqlx::query_as(AssertSqlSafe(format!("SELECT count(*) FROM {table}"))).fetch_one(database).await?;
    Ok(u64::try_from(rows)?)
}

/// What rows alone do not bring about, and the commit.
async fn finish(mut database: Transaction<'_, Postgres>) -> Result<(), Failure> {
    database
        .execute(
            "INSERT INTO waiting_counts (class, owner, shard, waiting)
             SELECT class, owner, 0, count(*) FROM queue GROUP BY class, owner;
             SELECT setval(pg_get_serial_sequence('submissions', 'place'), max(place)) FROM submissions HAVING count(*) > 0;
             UPDATE key_changes SET number = number + 1;
             SELECT pg_notify('code_runner', 'queued')",
        )
        .await?;
    for table in TABLES.iter().map(|table| table.name).chain(ALSO_EMPTY) {
        database.execute(AssertSqlSafe(format!("ALTER TABLE {table} ENABLE TRIGGER USER"))).await?;
    }
    database.commit().await?;
    Ok(())
}
