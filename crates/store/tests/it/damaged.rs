//! What is left when the machine did not keep its word, or somebody tidied up: a write-ahead log that is cut, garbled or
//! alone, no shared memory file (C-13), and a lock that somebody holds for too long (C-18).
//!
//! What may be missing afterwards is the end of what was accepted, as far as the damage reaches. What must never be is a
//! hole, a change, or an empty store that looks like a new one.

use std::fs;
use std::path::{Path, PathBuf};

use model::Submission;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};
use store::{SqliteStore, Status, Store};
use tempfile::TempDir;

use crate::samples::{claimed, ok, status, submitted};

/// How many are accepted before the damage is done.
const ACCEPTED: usize = 40;

/// The files of a store whose process was killed: a copy, made while it was open.
struct Killed {
    folder: TempDir,
    accepted: Vec<Submission>,
}

impl Killed {
    /// Half of it is in the database, because the store was closed once; half in the write-ahead log alone.
    async fn after_two_starts() -> Self {
        let (origin, folder) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let mut accepted = Vec::new();
        let store = SqliteStore::open(&origin.path().join("store.db")).await.unwrap();
        accept(&store, &mut accepted).await;
        store.close().await.unwrap();
        let store = SqliteStore::open(&origin.path().join("store.db")).await.unwrap();
        accept(&store, &mut accepted).await;
        for name in ["store.db", "store.db-wal", "store.db-shm"] {
            fs::copy(origin.path().join(name), folder.path().join(name)).unwrap();
        }
        Self { folder, accepted }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    fn beside(&self, ending: &str) -> PathBuf {
        self.folder.path().join(format!("store.db-{ending}"))
    }

    /// How many of those accepted first are there, with none missing before them. The store works with them.
    async fn there(&self) -> usize {
        let store = SqliteStore::open(&self.path()).await.unwrap();
        let mut there = Vec::new();
        for submission in &self.accepted {
            there.push(status(&store, submission).await.is_some());
        }
        let first = there.iter().take_while(|&&is| is).count();
        assert!(there[first..].iter().all(|&is| !is), "there is a hole: {there:?}");
        let totals = store.totals().await.unwrap();
        assert_eq!(totals.queued, first as u64);
        let next = claimed(&store).await;
        assert_eq!(next.submission, self.accepted[0]);
        store.finish(next.lease, &ok()).await.unwrap();
        let further = submitted(&store).await;
        assert_eq!(status(&store, &further).await, Some(Status::Pending));
        store.close().await.unwrap();
        first
    }
}

async fn accept(store: &SqliteStore, accepted: &mut Vec<Submission>) {
    for _ in 0..ACCEPTED / 2 {
        accepted.push(submitted(store).await);
    }
}

#[tokio::test]
async fn after_a_kill_all_is_there_with_and_without_the_shared_memory_file() {
    let killed = Killed::after_two_starts().await;
    fs::remove_file(killed.beside("shm")).unwrap();
    assert_eq!(killed.there().await, ACCEPTED);

    let killed = Killed::after_two_starts().await;
    fs::write(killed.beside("shm"), b"garbage".repeat(5000)).unwrap();
    assert_eq!(killed.there().await, ACCEPTED);
    assert_eq!(Killed::after_two_starts().await.there().await, ACCEPTED);
}

#[tokio::test]
async fn a_log_whose_tail_is_cut_costs_what_was_in_the_tail_and_no_more() {
    let mut last = ACCEPTED;
    for sixteenths in [16, 15, 12, 8, 4, 1, 0] {
        let killed = Killed::after_two_starts().await;
        let log = fs::OpenOptions::new().write(true).open(killed.beside("wal")).unwrap();
        let whole = log.metadata().unwrap().len();
        // In the middle of a page, too.
        log.set_len((whole * sixteenths / 16).saturating_sub(7)).unwrap();
        let there = killed.there().await;
        assert!((ACCEPTED / 2..=last).contains(&there), "{there} with {sixteenths} sixteenths, {last} with more");
        assert!(there < ACCEPTED && (sixteenths > 0 || there == ACCEPTED / 2), "{there} with {sixteenths} sixteenths");
        last = there;
    }
}

#[tokio::test]
async fn a_log_that_is_garbled_counts_up_to_the_garbled_page() {
    let killed = Killed::after_two_starts().await;
    let mut log = fs::read(killed.beside("wal")).unwrap();
    let from = log.len() / 2;
    log[from..].iter_mut().step_by(97).for_each(|byte| *byte ^= 0x5A);
    fs::write(killed.beside("wal"), log).unwrap();
    let there = killed.there().await;
    assert!((ACCEPTED / 2 + 1..ACCEPTED).contains(&there), "{there}");
}

#[tokio::test]
async fn a_log_without_its_database_is_refused_and_kept() {
    for empty in [false, true] {
        let killed = Killed::after_two_starts().await;
        let log = fs::read(killed.beside("wal")).unwrap();
        fs::remove_file(killed.path()).unwrap();
        if empty {
            fs::write(killed.path(), b"").unwrap();
        }
        let error = SqliteStore::open(&killed.path()).await.err().expect("nothing is in its place").to_string();
        assert!(
            error.contains("store.db is missing or empty, but ") && error.contains("store.db-wal holds"),
            "{error}"
        );
        assert_eq!(fs::read(killed.beside("wal")).unwrap(), log);
    }
}

/// Takes the lock that SQLite's writers share.
async fn locking(path: &Path) -> sqlx::SqliteConnection {
    let mut other = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    other
}

#[tokio::test]
async fn who_waits_too_long_for_a_lock_is_told_and_all_goes_on_when_it_is_free() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let before = submitted(&store).await;
    let mut other = locking(&path).await;
    let refused = crate::samples::submission();
    let error = store.submit(&refused).await.expect_err("somebody else has the lock").to_string();
    assert!(error.contains("database is locked"), "{error}");
    // Readers need no lock.
    assert_eq!(status(&store, &before).await, Some(Status::Pending));
    assert_eq!(status(&store, &refused).await, None);
    other.execute("ROLLBACK").await.unwrap();
    other.close().await.unwrap();
    let next = submitted(&store).await;
    assert_eq!(claimed(&store).await.submission, before);
    assert_eq!(claimed(&store).await.submission, next);
}
