//! Opening the file: private to this user, to this process, and only if what is acknowledged later
//! will really be on disk.
//!
//! ```text
//!  lock file -> create 0600 -> connect -> version, journal_mode, synchronous -> migrations -> can it shrink? -> leases of old are over
//! ```

use std::ffi::OsString;
use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Executor, SqliteConnection, SqlitePool};

/// The first release without the WAL-reset bug, which can damage a database that is written and
/// checkpointed at the same time.
const MIN_SQLITE: (u32, u32, u32) = (3, 51, 3);
/// How long a statement of the owner waits for a lock; only an operator's own tool can hold one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long one beside the owner waits. An owner that is busy leaves short gaps, and SQLite looks for one ten times
/// a second.
const BUSY_TIMEOUT_BESIDE: Duration = Duration::from_secs(30);
const READERS: u32 = 4;
/// Bytes the write-ahead log keeps after a burst; a commit may need more for a while.
const WAL_KEPT_BYTES: &str = "67108864";

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// What an open store consists of.
pub(super) struct Opened {
    /// The only connection that writes.
    pub(super) connection: SqliteConnection,
    pub(super) readers: SqlitePool,
    /// Held for as long as `connection` is open.
    pub(super) lock: File,
}

/// Why the store was not opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenError {
    #[error("cannot create or open {path}: {source}")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} is open in another Code Runner process (lock file {lock})")]
    InUse { path: PathBuf, lock: PathBuf },
    #[error("{path} is not an SQLite database, or is damaged; it was left as it is ({source})")]
    NotADatabase { path: PathBuf, source: sqlx::Error },
    #[error(
        "{path} is missing or empty, but {log} holds what was accepted last: put the database back where it was, or the \
         log elsewhere if both may be lost"
    )]
    LogAlone { path: PathBuf, log: PathBuf },
    #[error("SQLite {found} can damage a database in WAL mode; {}.{}.{} or newer is needed", MIN_SQLITE.0, MIN_SQLITE.1, MIN_SQLITE.2)]
    OldSqlite { found: String },
    #[error("PRAGMA {pragma} of {path} reads `{found}`, not `{wanted}`; is the folder on a network filesystem?")]
    Pragma { path: PathBuf, pragma: &'static str, wanted: &'static str, found: String },
    #[error("{path} has schema version {found}, this program knows up to {known}: start the newer Code Runner")]
    NewerSchema { path: PathBuf, found: i64, known: i64 },
    #[error(
        "{path} has schema version {found} of the running Code Runner, this program has {known}: restart that one first"
    )]
    OlderSchema { path: PathBuf, found: i64, known: i64 },
    #[error("the schema of {path} could not be brought up to date: {source}")]
    Migrate { path: PathBuf, source: MigrateError },
    #[error("{path}: {source}")]
    Sqlite { path: PathBuf, source: sqlx::Error },
}

/// Opens or makes the store at `path`.
pub(super) async fn open(path: &Path) -> Result<Opened, OpenError> {
    let lock = lock(path)?;
    let (mut connection, readers) = prepared(path).await?;
    end_old_leases(&mut connection).await.map_err(|source| sqlite_error(path, source))?;
    Ok(Opened { connection, readers, lock })
}

/// Makes the file if there is none and brings it up to date. Only for whoever has the lock.
pub(super) async fn prepared(path: &Path) -> Result<(SqliteConnection, SqlitePool), OpenError> {
    refuse_log_alone(path)?;
    create(path)?;
    let mut connection = connect(path, BUSY_TIMEOUT).await?;
    migrate(path, &mut connection).await?;
    let_it_shrink(path, &mut connection).await?;
    Ok((connection, readers(path)))
}

/// The file of another process, which has to have the schema of this program.
pub(super) async fn as_it_is(path: &Path) -> Result<(SqliteConnection, SqlitePool), OpenError> {
    let mut connection = connect(path, BUSY_TIMEOUT_BESIDE).await?;
    let (found,): (i64,) = sqlx::query_as("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut connection)
        .await
        .map_err(|source| sqlite_error(path, source))?;
    let (path, known) = (path.to_owned(), known_schema());
    if found > known {
        return Err(OpenError::NewerSchema { path, found, known });
    }
    if found < known {
        return Err(OpenError::OlderSchema { path, found, known });
    }
    Ok((connection, readers(&path)))
}

async fn connect(path: &Path, busy_timeout: Duration) -> Result<SqliteConnection, OpenError> {
    let mut connection = options(path)
        .busy_timeout(busy_timeout)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", WAL_KEPT_BYTES)
        // What is deleted is overwritten, and not only forgotten.
        .pragma("secure_delete", "ON")
        .connect()
        .await
        .map_err(|source| sqlite_error(path, source))?;
    check_promises(path, &mut connection).await?;
    Ok(connection)
}

fn readers(path: &Path) -> SqlitePool {
    SqlitePoolOptions::new()
        .max_connections(READERS)
        .test_before_acquire(false)
        .connect_lazy_with(options(path).read_only(true))
}

/// Takes the lock that keeps a second process out. The kernel lets it go when this process ends,
/// however it ends. It is a file of its own because SQLite locks the database file in a way that
/// breaks when the same process closes another handle of it.
pub(super) fn lock(path: &Path) -> Result<File, OpenError> {
    let lock = with_ending(path, ".lock");
    let failed = |source| OpenError::File { path: lock.clone(), source };
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&lock).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.to_owned(), lock }),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}

/// SQLite takes a write-ahead log whose database is empty for a leftover and removes it; a store that was accepted
/// into would then look like a new one.
fn refuse_log_alone(path: &Path) -> Result<(), OpenError> {
    let length = |path: &Path| std::fs::metadata(path).map_or(0, |data| data.len());
    let log = with_ending(path, "-wal");
    if length(path) == 0 && length(&log) > 0 {
        return Err(OpenError::LogAlone { path: path.to_owned(), log });
    }
    Ok(())
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    PathBuf::from(name)
}

/// Makes an empty file only this user can read; SQLite gives its other files the same mode. A file
/// that exists is not touched.
fn create(path: &Path) -> Result<(), OpenError> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(OpenError::File { path: path.to_owned(), source }),
    }
}

/// What holds for readers and the writer alike.
fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(false)
        .foreign_keys(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("temp_store", "MEMORY")
}

/// Refuses an SQLite that would not keep what is acknowledged.
async fn check_promises(path: &Path, connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let failed = |source| sqlite_error(path, source);
    let (found,): (String,) =
        sqlx::query_as("SELECT sqlite_version()").fetch_one(&mut *connection).await.map_err(failed)?;
    if !is_recent_enough(&found) {
        return Err(OpenError::OldSqlite { found });
    }
    let expect = |pragma, wanted: &'static str, found: String| {
        let path = path.to_owned();
        if found == wanted { Ok(()) } else { Err(OpenError::Pragma { path, pragma, wanted, found }) }
    };
    let (mode,): (String,) = sqlx::query_as("PRAGMA journal_mode").fetch_one(&mut *connection).await.map_err(failed)?;
    expect("journal_mode", "wal", mode)?;
    let (level,): (i64,) = sqlx::query_as("PRAGMA synchronous").fetch_one(&mut *connection).await.map_err(failed)?;
    expect("synchronous", "2", level.to_string())
}

fn is_recent_enough(version: &str) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0_u32));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next()) >= MIN_SQLITE
}

fn known_schema() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

async fn migrate(path: &Path, connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let (path, known) = (path.to_owned(), known_schema());
    MIGRATIONS.run(connection).await.map_err(|error| match error {
        MigrateError::VersionMissing(found) if found > known => OpenError::NewerSchema { path, found, known },
        source => OpenError::Migrate { path, source },
    })
}

/// A file of before results were deleted could only grow. It is written anew, once, which takes as much room again for a
/// while; where there is none it stays as it is.
async fn let_it_shrink(path: &Path, connection: &mut SqliteConnection) -> Result<(), OpenError> {
    let (mode,): (i64,) = sqlx::query_as("PRAGMA auto_vacuum")
        .fetch_one(&mut *connection)
        .await
        .map_err(|source| sqlite_error(path, source))?;
    // 2 is INCREMENTAL, which the connection has asked for.
    if mode != 2
        && let Err(error) = connection.execute("VACUUM").await
    {
        tracing::warn!(%error, path = %path.display(), "the file of the store can not get smaller");
    }
    Ok(())
}

/// Deadlines in the file were measured on the clock of a process that is gone, and its workers with
/// it; see [`super::rows::LeaseClock`].
async fn end_old_leases(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    connection.execute("UPDATE submissions SET lease_until = 0 WHERE state = 'running'").await?;
    Ok(())
}

fn sqlite_error(path: &Path, source: sqlx::Error) -> OpenError {
    let path = path.to_owned();
    // SQLITE_CORRUPT and SQLITE_NOTADB
    match source.as_database_error().and_then(|error| error.code()).as_deref() {
        Some("11" | "26") => OpenError::NotADatabase { path, source },
        _ => OpenError::Sqlite { path, source },
    }
}

#[cfg(test)]
mod tests {
    use super::is_recent_enough;

    #[test]
    fn versions_are_compared_as_numbers() {
        for (version, expected) in [
            ("3.51.3", true),
            ("3.51.10", true),
            ("3.52.0", true),
            ("4.0.0", true),
            ("3.51.2", false),
            ("3.9.9", false),
        ] {
            assert_eq!(is_recent_enough(version), expected, "{version}");
        }
    }
}
