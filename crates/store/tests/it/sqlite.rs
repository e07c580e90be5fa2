//! The contract for SQLite, and what only a store in a file can get wrong: refusals, file modes,
//! restarts, and transactions that fail as a whole. These look into the file with a connection of
//! their own.

use std::ops::Deref;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use futures_util::future::join_all;
use model::Verdict;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection};
use store::{SqliteStore, Status, Store};
use tempfile::TempDir;

use crate::samples::{HOUR, claimed, done, ok, status, submission, submitted};

crate::contract::contract!(Scratch::open);

/// A store in a folder of its own.
struct Scratch {
    store: SqliteStore,
    folder: TempDir,
}

impl Scratch {
    async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("store.db")).await.unwrap();
        Self { store, folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("store.db")
    }

    async fn reopen(self) -> Self {
        self.store.close().await.unwrap();
        let store = SqliteStore::open(&self.path()).await.unwrap();
        Self { store, folder: self.folder }
    }

    /// Changes the file behind the store's back.
    async fn tamper(&self, sql: &'static str) {
        let mut connection = self.connect().await;
        connection.execute(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    async fn count(&self, sql: &'static str) -> i64 {
        let mut connection = self.connect().await;
        let (count,) = sqlx::query_as(sql).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        count
    }

    async fn connect(&self) -> SqliteConnection {
        SqliteConnectOptions::new().filename(self.path()).connect().await.unwrap()
    }
}

impl Deref for Scratch {
    type Target = SqliteStore;

    fn deref(&self) -> &SqliteStore {
        &self.store
    }
}

#[tokio::test]
async fn everything_survives_a_restart() {
    let scratch = Scratch::open().await;
    let finished = submitted(&*scratch).await;
    scratch.finish(claimed(&*scratch).await.lease, &ok()).await.unwrap();
    let waiting = submitted(&*scratch).await;
    let totals = scratch.totals().await.unwrap();

    let scratch = scratch.reopen().await;
    assert_eq!(scratch.totals().await.unwrap(), totals);
    assert_eq!(totals.by_verdict, [(Verdict::Ok, 1)]);
    assert_eq!(status(&*scratch, &finished).await, done(&ok()));
    assert_eq!(claimed(&*scratch).await.submission, waiting);
}

#[tokio::test]
async fn a_lease_ends_with_the_process_that_gave_it() {
    let scratch = Scratch::open().await;
    submitted(&*scratch).await;
    claimed(&*scratch).await;

    let scratch = scratch.reopen().await;
    assert_eq!(claimed(&*scratch).await.attempt, 2);
}

#[tokio::test]
async fn a_closed_store_refuses_and_says_so() {
    let scratch = Scratch::open().await;
    scratch.close().await.unwrap();
    let error = scratch.submit(&submission()).await.unwrap_err();
    assert_eq!(error.to_string(), "accepting a submission: the store is closed");
    scratch.close().await.expect("closing twice is harmless");
}

#[tokio::test]
async fn the_code_is_dropped_when_the_report_is_there() {
    let scratch = Scratch::open().await;
    submitted(&*scratch).await;
    let claim = claimed(&*scratch).await;
    assert_eq!(scratch.count("SELECT count(*) FROM payloads").await, 1);
    scratch.finish(claim.lease, &ok()).await.unwrap();
    assert_eq!(scratch.count("SELECT count(*) FROM payloads").await, 0);
}

#[tokio::test]
async fn files_are_readable_by_their_owner_only() {
    let scratch = Scratch::open().await;
    submitted(&*scratch).await;
    let mut modes: Vec<_> = std::fs::read_dir(scratch.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.metadata().unwrap().permissions().mode() & 0o777))
        .collect();
    modes.sort();
    let expected = ["store.db", "store.db-shm", "store.db-wal", "store.db.lock"].map(|name| (name.to_owned(), 0o600));
    assert_eq!(modes, expected);
}

#[tokio::test]
async fn a_second_opening_is_refused_and_harms_nothing() {
    let scratch = Scratch::open().await;
    let error = SqliteStore::open(&scratch.path()).await.err().expect("it is open already").to_string();
    assert!(error.contains("is open in another Code Runner process"), "{error}");
    submitted(&*scratch).await;
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let scratch = Scratch::open().await;
    let waiting = submitted(&*scratch).await;
    scratch.close().await.unwrap();
    scratch.tamper("INSERT INTO _sqlx_migrations VALUES (9999, 'from the future', 0, TRUE, x'00', 0)").await;

    let error = SqliteStore::open(&scratch.path()).await.err().expect("the schema is newer").to_string();
    let folder = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let known: u32 = names.filter_map(|name| name.split('_').next()?.parse().ok()).max().expect("migrations");
    assert!(error.contains(&format!("has schema version 9999, this program knows up to {known}:")), "{error}");

    scratch.tamper("DELETE FROM _sqlx_migrations WHERE version = 9999").await;
    let scratch = scratch.reopen().await;
    assert_eq!(claimed(&*scratch).await.submission, waiting, "the refusal left everything in its place");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused_and_left_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    for garbage in [b"x".repeat(10_000), b"not a database".to_vec(), b"SQLite format 3\0".repeat(700)] {
        std::fs::write(&path, &garbage).unwrap();
        let error = SqliteStore::open(&path).await.err().expect("it is garbage").to_string();
        assert!(error.contains("store.db is not an SQLite database, or is damaged"), "{error}");
        assert_eq!(std::fs::read(&path).unwrap(), garbage);
    }
}

#[tokio::test]
async fn a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("missing/store.db");
    let error = SqliteStore::open(&path).await.err().expect("there is no such folder").to_string();
    assert!(error.contains("missing/store.db"), "{error}");
}

#[tokio::test]
async fn a_change_that_fails_half_way_is_undone_alone() {
    let scratch = Scratch::open().await;
    scratch
        .tamper(
            "CREATE TRIGGER refuses_the_payload BEFORE INSERT ON payloads
             WHEN (SELECT owner FROM submissions WHERE place = NEW.place) = 'trouble'
             BEGIN SELECT RAISE(ABORT, 'no room for this one'); END",
        )
        .await;
    let mut batch: Vec<_> = (0..5).map(|_| submission()).collect();
    batch[2].owner = "trouble".to_owned();
    let answers = join_all(batch.iter().map(|submission| scratch.submit(submission))).await;

    for (submission, answer) in batch.iter().zip(answers) {
        let refused = submission.owner == "trouble";
        assert_eq!(answer.is_err(), refused, "{answer:?}");
        let expected = (!refused).then_some(Status::Pending);
        assert_eq!(status(&*scratch, submission).await, expected);
    }
}

/// The tests run on one thread, where all of a `join_all` is in the channel before the writer runs:
/// one batch.
#[tokio::test]
async fn a_commit_that_fails_fails_its_whole_batch_and_changes_nothing() {
    let scratch = Scratch::open().await;
    let before = submitted(&*scratch).await;
    scratch
        .tamper(
            "CREATE TABLE broken (place INTEGER REFERENCES submissions (place) DEFERRABLE INITIALLY DEFERRED);
             CREATE TRIGGER breaks_at_commit AFTER INSERT ON submissions WHEN NEW.owner = 'trouble'
             BEGIN INSERT INTO broken VALUES (-1); END",
        )
        .await;
    a_whole_batch_fails(&scratch, "FOREIGN KEY").await;
    assert_eq!(claimed(&*scratch).await.submission, before);
}

#[tokio::test]
async fn a_transaction_that_sqlite_ends_by_itself_fails_its_whole_batch() {
    let scratch = Scratch::open().await;
    let before = submitted(&*scratch).await;
    scratch
        .tamper(
            "CREATE TRIGGER ends_the_transaction AFTER INSERT ON submissions WHEN NEW.owner = 'trouble'
             BEGIN SELECT RAISE(ROLLBACK, 'the disk is full'); END",
        )
        .await;
    a_whole_batch_fails(&scratch, "the disk is full").await;
    assert_eq!(claimed(&*scratch).await.submission, before);
}

/// Submits a batch of five with trouble in the middle: all fail, none is there, and the next is fine.
async fn a_whole_batch_fails(scratch: &Scratch, reason: &str) {
    let mut batch: Vec<_> = (0..5).map(|_| submission()).collect();
    batch[2].owner = "trouble".to_owned();
    for answer in join_all(batch.iter().map(|submission| scratch.submit(submission))).await {
        let error = answer.unwrap_err().to_string();
        assert!(error.contains(reason), "{error}");
    }
    for submission in &batch {
        assert_eq!(status(&**scratch, submission).await, None);
    }
    let next = submitted(&**scratch).await;
    assert_eq!(status(&**scratch, &next).await, Some(Status::Pending));
    assert_eq!(scratch.totals().await.unwrap().queued, 2);
}

#[tokio::test]
async fn a_submission_that_can_not_be_read_back_does_not_stop_the_queue() {
    let scratch = Scratch::open().await;
    let unreadable = submitted(&*scratch).await;
    scratch.tamper("UPDATE payloads SET body = x'00'").await;
    let next = submitted(&*scratch).await;

    assert_eq!(claimed(&*scratch).await.submission, next);
    let Some(Status::Done(report)) = status(&*scratch, &unreadable).await else { panic!("it is not finished") };
    assert_eq!(report.verdict, Verdict::InternalError);
    assert_eq!(scratch.totals().await.unwrap().by_verdict, [(Verdict::InternalError, 1)]);
    assert!(scratch.claim(HOUR).await.unwrap().is_none());
}

#[tokio::test]
async fn it_is_not_writable_from_the_first_failure_to_the_first_success() {
    let scratch = Scratch::open().await;
    scratch.writable().await.expect("nothing has failed");
    let before = scratch.count("PRAGMA schema_version").await;
    scratch
        .tamper("CREATE TRIGGER refuses BEFORE INSERT ON payloads BEGIN SELECT RAISE(ROLLBACK, 'no room'); END")
        .await;
    scratch.submit(&submission()).await.expect_err("it is refused");
    scratch.writable().await.expect("it can be written");
    assert!(scratch.count("PRAGMA schema_version").await > before + 1, "it was tried, and not said");
    assert_eq!(scratch.count("SELECT count(*) FROM sqlite_schema WHERE name = 'trial'").await, 0);

    let mut other = scratch.connect().await;
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    scratch.submit(&submission()).await.expect_err("somebody else has the lock");
    let error = scratch.writable().await.expect_err("somebody else still has it").to_string();
    assert!(error.starts_with("trying to write: "), "{error}");
    other.execute("ROLLBACK").await.unwrap();
    scratch.writable().await.expect("it can be written again");
    other.close().await.unwrap();
}
