//! The platform's own file: people, sessions, attempts. SQLite in WAL mode with `synchronous=FULL`: what somebody was told is on
//! the disk.
//!
//! [`open`](Database::open) makes the file and brings it up to date; [`people`], [`sessions`] and [`attempts`] have the
//! statements. Nothing here decides who may do what.

pub mod attempts;
pub mod people;
pub mod sessions;

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use time::OffsetDateTime;

/// The file in the data folder.
const FILE: &str = "platform.sqlite";
/// How long a statement waits for another process, such as `code-runner platform users`.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections that read.
const READERS: u32 = 4;
/// The first release of SQLite without the WAL-reset bug.
const MIN_SQLITE: (u32, u32, u32) = (3, 51, 3);

static MIGRATIONS: Migrator = sqlx::migrate!();

/// Why the file can not be used.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The folder or the file.
    #[error("{path} can not be used: {source}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Two would send each attempt twice.
    #[error("{0} is used by another platform that runs")]
    InUse(PathBuf),
    /// SQLite would not keep what it is told to keep.
    #[error("the database can not be used: {0}")]
    Promise(String),
    /// The schema.
    #[error("the schema of the database could not be brought up to date: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// A statement.
    #[error("the database failed: {0}")]
    Sqlite(#[from] sqlx::Error),
}

/// The open file.
#[derive(Clone)]
pub struct Database {
    /// One connection, so that writers wait here and not in SQLite.
    writer: SqlitePool,
    readers: SqlitePool,
}

/// Keeps a second platform away for as long as it is held.
pub struct Lock(#[expect(dead_code, reason = "is held")] File);

impl Database {
    /// Opens the file in `folder`; makes both, for this user alone, if they are not there.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn open(folder: &Path) -> Result<Self, DatabaseError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| DatabaseError::File { path, source }
        };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed(folder))?;
        let path = folder.join(FILE);
        // SQLite gives its other files the same mode.
        OpenOptions::new().append(true).create(true).mode(0o600).open(&path).map_err(failed(&path))?;
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // What is deleted is overwritten, and not only forgotten.
            .pragma("secure_delete", "ON");
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        check_promises(&writer).await?;
        MIGRATIONS.run(&writer).await?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_lazy_with(options.read_only(true));
        Ok(Self { writer, readers })
    }

    /// Takes the lock of the one platform that may serve from `folder`. The kernel lets it go when the process ends.
    ///
    /// # Errors
    /// [`DatabaseError::InUse`], or the file can not be made.
    pub fn lock(folder: &Path) -> Result<Lock, DatabaseError> {
        let path = folder.join("platform.lock");
        let failed = |source| DatabaseError::File { path: path.clone(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let file =
            OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(DatabaseError::InUse(folder.to_owned())),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Closes the file, with everything in it.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn check_promises(pool: &SqlitePool) -> Result<(), DatabaseError> {
    let (version, mode): (String, String) =
        sqlx::query_as("SELECT sqlite_version(), (SELECT journal_mode FROM pragma_journal_mode)")
            .fetch_one(pool)
            .await?;
    let (level,): (i64,) = sqlx::query_as("PRAGMA synchronous").fetch_one(pool).await?;
    let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0_u32));
    let mut next = || numbers.next().unwrap_or(0);
    if (next(), next(), next()) < MIN_SQLITE {
        return Err(DatabaseError::Promise(format!("SQLite {version} can damage it; 3.51.3 or newer is needed")));
    }
    if mode != "wal" || level != 2 {
        let what = format!("journal_mode is {mode} and synchronous {level}; is the folder on a network file system?");
        return Err(DatabaseError::Promise(what));
    }
    Ok(())
}

/// Now, as times are kept.
pub fn now_ms() -> i64 {
    let now = OffsetDateTime::now_utc();
    now.unix_timestamp() * 1000 + i64::from(now.millisecond())
}

/// A time that was kept.
pub fn time_of(ms: i64) -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(ms / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH)
}
