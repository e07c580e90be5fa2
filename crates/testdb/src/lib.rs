//! PostgreSQL for tests: a server that is started for them, an empty database for each, and a [`Way`] to it that fails as networks do.
//!
//! ```text
//!  test program --starts, holds its standard input--> scripts/postgres --starts--> PostgreSQL in a new folder
//! ```
//!
//! The script stops the server and removes its folder when its standard input is closed, and the kernel does that however
//! the test program ends. What is installed on the host, and what runs there, is not touched.
//!
//! For tests alone: everything here panics when it fails.

#![forbid(unsafe_code)]

mod certificates;
mod way;

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};

pub use self::certificates::{Authority, Identity};
pub use self::way::{Direction, Way};

/// What a server says its process is.
const PID: &str = "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::integer";

/// How long a server may take to come back.
const PATIENCE: Duration = Duration::from_secs(60);

/// A PostgreSQL that is there until this is dropped or the process ends.
pub struct Server {
    address: String,
    made: AtomicU32,
    script: Child,
    /// The script runs until it is closed.
    lifeline: Option<ChildStdin>,
}

impl Server {
    /// Starts one that forgets all when the host loses power; with arguments as `scripts/postgres` takes them, among which
    /// `--fsync` has it remember, `--disk=MIB` gives it a small disk of its own and `--standby-of=ADDRESS` has it follow another.
    pub fn start(arguments: &[&str]) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/postgres");
        let mut script = Command::new(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("scripts/postgres can be started");
        let lifeline = script.stdin.take();
        let mut address = String::new();
        BufReader::new(script.stdout.take().expect("it is piped")).read_line(&mut address).expect("the script speaks");
        assert!(address.starts_with("postgres://"), "scripts/postgres started no server");
        Self { address: address.trim_end().to_owned(), made: AtomicU32::new(0), script, lifeline }
    }

    /// Starts one that has TLS with this certificate, and takes connections without it as well.
    pub fn start_with_tls(identity: &Identity, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, pem) in [("server.crt", &identity.certificate), ("server.key", &identity.key)] {
            std::fs::write(folder.path().join(name), pem).expect("can be written");
        }
        let tls = format!("--tls={}", folder.path().display());
        // Once it has started, it has copies of its own.
        Self::start(&[&[tls.as_str()], arguments].concat())
    }

    /// The one server of this process, started when it is asked for first.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(&[]))
    }

    /// The address of its database `postgres`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Makes an empty database, and gives its address: `postgres://USER@HOST:PORT/NAME`. It goes with the server.
    pub async fn database(&self) -> String {
        let name = format!("test_{}", self.made.fetch_add(1, Ordering::Relaxed));
        let mut connection = PgConnection::connect(&self.address).await.expect("the server is there");
        let create = format!("CREATE DATABASE {name} TEMPLATE template0");
        connection.execute(AssertSqlSafe(create)).await.expect("a database can be made");
        connection.close().await.expect("the connection can be closed");
        let (server, _) = self.address.rsplit_once('/').expect("an address has a database");
        format!("{server}/{name}")
    }

    /// The process of the server, for tests that stop or kill it.
    pub async fn pid(&self) -> u32 {
        let mut connection = PgConnection::connect(&self.address).await.expect("the server is there");
        let (pid,): (i32,) = sqlx::query_as(PID).fetch_one(&mut connection).await.expect("it knows its process");
        connection.close().await.expect("the connection can be closed");
        u32::try_from(pid).expect("a process has a positive number")
    }
    /// Has it stop in good order, and be started again; returns when it answers.
    pub async fn restart(&self) {
        let before = self.pid().await;
        let told = Command::new("kill").args(["-INT", &before.to_string()]).status().expect("kill can be started");
        assert!(told.success(), "the server is there");
        let is_another = async || {
            let Ok(mut connection) = PgConnection::connect(&self.address).await else { return false };
            let pid = sqlx::query_as::<_, (i32,)>(PID).fetch_one(&mut connection).await;
            pid.is_ok_and(|(pid,)| u32::try_from(pid).is_ok_and(|pid| pid != before))
        };
        let deadline = Instant::now() + PATIENCE;
        while !is_another().await {
            assert!(Instant::now() < deadline, "the server does not come back");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.script.wait();
    }
}

/// The address of a new and empty database of [`Server::shared`].
pub async fn database() -> String {
    Server::shared().database().await
}

/// Has the database at this address do this, whoever else uses it.
pub async fn execute(address: &str, sql: &'static str) {
    let mut connection = PgConnection::connect(address).await.expect("the server is there");
    connection.execute(sql).await.expect("it can be done");
    connection.close().await.expect("the connection can be closed");
}
