//! Who is next, and what it costs to know: that the statements of a claim and of a place use their indexes, and figures
//! for queues of different lengths.

use std::time::Instant;

use model::Submission;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};
use store::{SqliteStore, Store};

use crate::samples::{HOUR, claimed, submission};

/// Figures for people:
/// `cargo test --package store -- --ignored --nocapture queue`
#[tokio::test]
#[ignore = "takes a while and prints figures"]
async fn figures() {
    for waiting in [100, 1_000, 10_000] {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("store.db")).await.unwrap();
        let last = fill(&folder.path().join("store.db"), &store, waiting).await;
        let claims = timed(100, async || claimed(&store).await).await;
        let places = timed(100, async || store.place(&last.owner, last.id).await.unwrap()).await;
        println!("{waiting:>6} waiting: a claim takes {claims:.0} us, a place {places:.0} us");
    }
}

/// The median of so many calls, in microseconds.
async fn timed<T>(calls: usize, call: impl AsyncFn() -> T) -> f64 {
    let mut times = Vec::new();
    for _ in 0..calls {
        let start = Instant::now();
        call().await;
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    times[calls / 2]
}

/// Has so many wait, of one owner that floods and nine others, and gives the flood's last one.
async fn fill(path: &std::path::Path, store: &SqliteStore, waiting: usize) -> Submission {
    let mut last = submission();
    let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    connection.execute("PRAGMA synchronous = OFF; BEGIN").await.unwrap();
    for number in 0..waiting {
        let mut next = submission();
        if number % 10 == 0 {
            next.owner = format!("school-{}", number / 10 % 9);
        } else {
            last = next.clone();
        }
        sqlx::query(
            "INSERT INTO submissions (id, owner, language, state, submitted_at) VALUES (?, ?, 'python', 'queued', 0);
             INSERT INTO payloads (place, body) VALUES (last_insert_rowid(), ?)",
        )
        .bind(next.id.as_bytes().as_slice())
        .bind(next.owner.clone())
        .bind(serde_json::to_vec(&next).unwrap())
        .execute(&mut connection)
        .await
        .unwrap();
    }
    connection.execute("COMMIT").await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(store.totals().await.unwrap().queued, waiting as u64);
    last
}

#[tokio::test]
async fn a_claim_in_a_long_queue_is_the_right_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let last = fill(&path, &store, 300).await;
    // Nine schools with 3 or 4 each, and 270 of the flood.
    assert_eq!(store.place(&last.owner, last.id).await.unwrap(), Some(300));
    let mut owners = Vec::new();
    while let Some(claim) = store.claim(HOUR).await.unwrap() {
        owners.push(claim.submission.owner);
    }
    // Four rounds, in the last of which three schools have something left.
    let flood = owners[..34].iter().filter(|owner| **owner == last.owner).count();
    assert_eq!((owners.len(), flood), (300, 4), "{:?}", &owners[..34]);
}
