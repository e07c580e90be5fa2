//! Accepted means on disk: a process that is killed while it accepts has lost nothing it has
//! acknowledged.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use futures_util::future::join_all;
use model::ExecId;
use store::{PostgresStore, SqliteStore, Status, Store};

use crate::samples::{OWNER, submitted};

/// Where the child finds the file, or the address of the database.
const PLACE: &str = "STORE_OF_THE_KILLED";
/// What stands before each acknowledged id.
const ACKNOWLEDGED: &str = "acknowledged ";

/// The child is this very test, in a process that finds the place of the store in its environment.
#[tokio::test]
async fn what_was_acknowledged_is_there_after_the_process_was_killed() {
    if let Ok(place) = std::env::var(PLACE) {
        return accept_until_killed(&*open(&place).await).await;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.db").into_os_string().into_string().unwrap();
    for place in [file, testdb::database().await] {
        let acknowledged = kill_after(&place, 300);
        assert!(acknowledged.len() >= 300, "the child ended after {} by itself", acknowledged.len());

        let store = open(&place).await;
        for id in &acknowledged {
            assert_eq!(store.status(OWNER, *id).await.unwrap(), Some(Status::Pending), "{id} is lost");
        }
        assert!(store.totals().await.unwrap().queued >= acknowledged.len() as u64);
    }
}

async fn open(place: &str) -> Box<dyn Store> {
    match place.starts_with("postgres://") {
        true => Box::new(PostgresStore::connect(place, None).await.unwrap()),
        false => Box::new(SqliteStore::open(Path::new(place)).await.unwrap()),
    }
}

/// Runs the child, kills it once it has acknowledged so many, and returns all it acknowledged.
fn kill_after(place: &str, enough: usize) -> Vec<ExecId> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "killed::what_was_acknowledged_is_there_after_the_process_was_killed", "--nocapture"])
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        let id = line.strip_prefix(ACKNOWLEDGED).and_then(|id| id.parse::<ExecId>().ok());
        acknowledged.extend(id);
        if acknowledged.len() == enough {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    acknowledged
}

/// What the child does.
async fn accept_until_killed(store: &dyn Store) {
    println!();
    join_all((0..8).map(|_| accept_for_ever(store))).await;
}

async fn accept_for_ever(store: &dyn Store) {
    loop {
        let submission = submitted(store).await;
        // One write per line, so that the kill cannot cut one in half; fails when nobody reads.
        std::io::stdout().write_all(format!("{ACKNOWLEDGED}{}\n", submission.id).as_bytes()).unwrap();
    }
}
