//! Nodes that share a PostgreSQL, for tests: processes of the program with a database of their own.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::server::{KEY, Server, languages};

/// A database, and the nodes' folders.
pub struct Fleet {
    /// The address of the database, as nodes are given it.
    pub database: String,
    folder: TempDir,
}

impl Fleet {
    /// Of a database of the shared server.
    pub fn new() -> Self {
        Self::of(now(testdb::database()))
    }

    /// Of this database.
    pub fn of(database: String) -> Self {
        let folder = TempDir::new().expect("can be made");
        // A node that was started as root and makes no boxes becomes an ordinary user, who has to reach its folders.
        std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).expect("is ours");
        Self { database, folder }
    }

    /// That of a node.
    pub fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).expect("can be made");
        folder
    }

    /// The command of a node that does this: `serve`, `serve --no-worker` or `worker`. It runs Python alone, with one worker.
    pub fn command(&self, name: &str, does: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_code-runner"));
        command
            .args(does)
            .current_dir(self.folder(name))
            .env_clear()
            .env("CODE_RUNNER_LANGUAGES_DIR", languages())
            .env("CODE_RUNNER_LISTEN", "127.0.0.1:0")
            .env("CODE_RUNNER_WORKERS", "1")
            .env("CODE_RUNNER_STORE", &self.database)
            .env("CODE_RUNNER_NODE_NAME", name)
            .env("CODE_RUNNER_NODE_LANGUAGES", "python")
            .env("API_TOKEN", KEY);
        command
    }

    /// Starts this command of a node.
    pub fn start(&self, name: &str, mut command: Command) -> Server {
        Server::start_with(&self.folder(name), &mut command, KEY.to_owned())
    }

    /// A node that only accepts.
    pub fn api(&self, name: &str) -> Server {
        self.start(name, self.command(name, &["serve", "--no-worker"]))
    }

    /// A node that only runs.
    pub fn worker(&self, name: &str) -> Server {
        self.start(name, self.command(name, &["worker"]))
    }

    /// The same, whose claims last for two seconds.
    pub fn hasty_worker(&self, name: &str) -> Server {
        let mut command = self.command(name, &["worker"]);
        command.env("CODE_RUNNER_LEASE_MS", "2000");
        self.start(name, command)
    }
}

/// Waits until it runs.
pub fn runs(server: &Server, id: &str) {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        let (status, body) = server.get(&format!("/result/{id}"));
        if status == 202 && body["queue_position"] == 0 {
            return;
        }
        assert_eq!(status, 202, "it is done before it was seen to run: {body}");
        assert!(Instant::now() < deadline, "it never runs: {body}");
    }
}

/// The names of the nodes that are there.
pub fn nodes(server: &Server) -> Vec<String> {
    let (status, health) = server.get("/health");
    assert_eq!(status, 200, "{health}");
    let nodes = health["nodes"].as_array().expect("a list").iter();
    nodes.map(|node| node["name"].as_str().expect("a name").to_owned()).collect()
}

/// Asks until these nodes are there.
pub fn until_nodes(server: &Server, names: &[&str]) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while nodes(server) != names {
        assert!(Instant::now() < deadline, "{names:?} are not there: {:?}", nodes(server));
    }
}

/// What comes of this, waited for.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}
