//! Connecting: what every connection is told, and the migrations.
//!
//! ```text
//!  address -> one connection without time limits -> version -> migrations -> is this schema ours? -> pool
//! ```
//!
//! A database that is not there yet, or not for a moment, is waited for: whoever restarts a node that ended would take ever longer to do so.
//!
//! Any number of nodes may start at once: sqlx lets them migrate one after the other, under a lock of the database. Migrations only
//! add, so that the former version of the program runs on meanwhile. A database with migrations that this program does not know is
//! one of a newer version: it is taken unless it says in `schema_needs` that this program is too old for it.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool};

use super::address::DatabaseAddress;
use super::database;

/// Connections of a node at the most, beside the one that listens.
const CONNECTIONS: u32 = 10;
/// How long one try of a node that starts may take.
const WAIT: Duration = Duration::from_secs(5);
/// How long a node that starts waits for a database that is not there: a fail-over or the start of its host takes less.
const PATIENCE: Duration = Duration::from_secs(60);
/// From one try to the next.
const PAUSE: Duration = Duration::from_millis(500);
/// The first version with `pg_current_xact_id`.
const MIN_POSTGRES: i32 = 130_000;

/// Nothing that a node which is gone or cut off has begun holds others up for long.
const BOUNDS: [(&str, &str); 9] = [
    ("statement_timeout", "9s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "10s"),
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("tcp_user_timeout", "20s"),
    ("default_transaction_isolation", "read committed"),
    // All statements are short: to compile one takes longer than to run it.
    ("jit", "off"),
];

/// A statement ends soon when whoever asked has gone: so often its connection is looked at. From [`HAS_LIVENESS`] on.
const LIVENESS: (&str, &str) = ("client_connection_check_interval", "1s");
const HAS_LIVENESS: i32 = 140_000;
/// The SQLSTATE of a server that has no connection left.
const TOO_MANY_CONNECTIONS: &str = "53300";

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// Why the store was not opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    #[error("the address of the database cannot be read, it is postgres://USER:PASSWORD@HOST:PORT/DATABASE: {0}")]
    Address(sqlx::Error),
    #[error("PostgreSQL {found} is too old; 13 or newer is needed")]
    OldPostgres { found: String },
    #[error(
        "the database has schema version {found} and needs a program that knows {needed}; this one knows {known}: start the newer Code Runner"
    )]
    NewerSchema { found: i64, needed: i64, known: i64 },
    #[error("the schema of the database could not be brought up to date: {0}")]
    Migrate(#[from] MigrateError),
    #[error(
        "what answers at the address of the database does not prove to be it: {0}. sslrootcert names who may have signed its certificate, \
         and with sslmode=verify-full that has to be for the host in the address"
    )]
    Stranger(sqlx::Error),
    #[error("the database at {host}, port {port}, can not be reached: {source}")]
    Unreachable { host: String, port: u16, source: sqlx::Error },
    #[error(transparent)]
    Postgres(#[from] sqlx::Error),
}

/// Connects, for which the database has [`PATIENCE`], and brings the schema up to date.
pub(crate) async fn connect(address: DatabaseAddress) -> Result<PgPool, ConnectError> {
    let options = address.options().map_err(ConnectError::Address)?.application_name("code-runner");
    let (started, mut is_known) = (Instant::now(), false);
    let options = loop {
        match prepare(&options).await {
            Ok(options) => break options,
            Err(error) if error.is_away() && started.elapsed() < PATIENCE => {
                if !is_known {
                    tracing::warn!(%error, "the database is not there; it is waited for, {} s at the most", PATIENCE.as_secs());
                }
                is_known = true;
                tokio::time::sleep(PAUSE).await;
            }
            Err(error) => return Err(error),
        }
    };
    Ok(PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(database::PATIENCE).connect_lazy_with(options))
}

/// Brings the schema up to date, and gives the options of the pool's connections.
async fn prepare(options: &PgConnectOptions) -> Result<PgConnectOptions, ConnectError> {
    let mut first = first(options).await?;
    let version = check_version(&mut first).await?;
    migrate(&mut first).await?;
    let options = bounded(options.clone(), version, &mut first).await?;
    first.close().await?;
    Ok(options)
}

impl ConnectError {
    /// Is the reason that the database can not be reached, starts, stops, or has no connection to spare? That ends by itself.
    fn is_away(&self) -> bool {
        let error = match self {
            Self::Unreachable { source, .. } => source,
            Self::Postgres(error) | Self::Migrate(MigrateError::Execute(error)) => error,
            _ => return false,
        };
        match error {
            sqlx::Error::Database(error) => error
                .code()
                .is_some_and(|code| code.starts_with("57P") || code.starts_with("08") || code == TOO_MANY_CONNECTIONS),
            // What is wrong with TLS is wrong the next time, too.
            sqlx::Error::Io(error) => error.kind() != ErrorKind::InvalidData,
            // The latter is what sqlx makes of a connection that ends before TLS begins.
            sqlx::Error::PoolTimedOut | sqlx::Error::Protocol(_) => true,
            _ => false,
        }
    }
}

/// The first connection, without time limits.
async fn first(options: &PgConnectOptions) -> Result<PgConnection, ConnectError> {
    let found = tokio::time::timeout(WAIT, options.connect()).await;
    found.unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into()))).map_err(|error| match error {
        _ if is_of_certificate(&error) => ConnectError::Stranger(error),
        source @ (sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_)) => {
            ConnectError::Unreachable { host: options.get_host().to_owned(), port: options.get_port(), source }
        }
        other => ConnectError::Postgres(other),
    })
}

/// Was the server's certificate refused? The TLS library, which is sqlx's, says so in words alone.
fn is_of_certificate(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(error) if error.to_string().starts_with("invalid peer certificate"))
}

/// Its number, if it is new enough.
async fn check_version(connection: &mut PgConnection) -> Result<i32, ConnectError> {
    let (number, found): (i32, String) =
        sqlx::query_as("SELECT current_setting('server_version_num')::integer, current_setting('server_version')")
            .fetch_one(connection)
            .await?;
    if number < MIN_POSTGRES { Err(ConnectError::OldPostgres { found }) } else { Ok(number) }
}

/// The options of the pool's connections.
async fn bounded(
    options: PgConnectOptions,
    version: i32,
    connection: &mut PgConnection,
) -> Result<PgConnectOptions, ConnectError> {
    let (synchronous, fsync): (String, String) =
        sqlx::query_as("SELECT current_setting('synchronous_commit'), current_setting('fsync')")
            .fetch_one(connection)
            .await?;
    if fsync == "off" {
        tracing::warn!("the database has fsync=off: what was accepted is lost when its host loses power");
    }
    let options = options.options(BOUNDS);
    let options = if version >= HAS_LIVENESS { options.options([LIVENESS]) } else { options };
    // Accepted means on disk, whatever the database does with others; what is stricter than that stays.
    Ok(if synchronous == "off" { options.options([("synchronous_commit", "on")]) } else { options })
}

fn known_schema() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0)
}

async fn migrate(connection: &mut PgConnection) -> Result<(), ConnectError> {
    if let Some((found, needed)) = newer(connection).await? {
        let known = known_schema();
        return if needed <= known { Ok(()) } else { Err(ConnectError::NewerSchema { found, needed, known }) };
    }
    match MIGRATIONS.run(&mut *connection).await {
        // A newer program has migrated in this moment.
        Err(MigrateError::VersionMissing(_)) => match newer(connection).await? {
            Some((_, needed)) if needed <= known_schema() => Ok(()),
            Some((found, needed)) => Err(ConnectError::NewerSchema { found, needed, known: known_schema() }),
            None => Ok(MIGRATIONS.run(connection).await?),
        },
        other => Ok(other?),
    }
}

/// The schema's version and what it needs, if it is newer than this program.
async fn newer(connection: &mut PgConnection) -> Result<Option<(i64, i64)>, sqlx::Error> {
    let (is_there,): (bool,) = sqlx::query_as(
        "SELECT to_regclass('_sqlx_migrations') IS NOT NULL AND to_regclass('schema_needs') IS NOT NULL",
    )
    .fetch_one(&mut *connection)
    .await?;
    if !is_there {
        return Ok(None);
    }
    let (found, needed): (i64, i64) =
        sqlx::query_as("SELECT coalesce(max(version), 0), (SELECT known FROM schema_needs) FROM _sqlx_migrations")
            .fetch_one(connection)
            .await?;
    Ok((found > known_schema()).then_some((found, needed)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn where_nobody_listens_is_said_by_name_and_waited_for() {
        // A port of TCP that nobody has.
        let options = DatabaseAddress::from("postgres://ada:hush@127.0.0.1:1/runs").options().unwrap();
        let error = first(&options).await.unwrap_err();
        assert!(error.is_away());
        let said = error.to_string();
        assert!(said.contains("127.0.0.1, port 1") && !said.contains("hush"), "{said}");
    }
}
