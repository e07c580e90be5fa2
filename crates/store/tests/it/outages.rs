//! A database that is cut off, stopped, killed, locked or damaged while it is used: what was acknowledged
//! is there, nothing is there twice, and nobody waits for ever.

use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::{join_all, pending};
use model::{ExecId, Verdict};
use sqlx::{Connection, Executor, PgConnection};
use store::{Accepted, LeaseUse, Once, PostgresStore, Status, Store, Submissions};
use testdb::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::postgres::Scratch;
use crate::samples::{HOUR, OWNER, claimed, done, ok, status, submission, submitted};

/// A way to the database that can be cut at a commit.
struct Wire {
    /// The address of the database by this way.
    address: String,
    cut: Arc<Cut>,
}

/// At the next COMMIT the connection it comes on is closed at both ends.
#[derive(Default)]
struct Cut {
    before: AtomicBool,
    after: AtomicBool,
}

impl Wire {
    async fn to(database: &str) -> Self {
        let (server, name) = database.strip_prefix("postgres://postgres@").unwrap().split_once('/').unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("postgres://postgres@{}/{name}", listener.local_addr().unwrap());
        let (cut, server) = (Arc::new(Cut::default()), server.to_owned());
        let cuts = Arc::clone(&cut);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(&server).await.unwrap();
                tokio::spawn(carry(client, server, Arc::clone(&cuts)));
            }
        });
        Self { address, cut }
    }
}

async fn carry(mut client: TcpStream, mut server: TcpStream, cut: Arc<Cut>) {
    let (mut asked, mut answered) = ([0; 65536], [0; 65536]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                let is_commit = asked[..length].windows(6).any(|part| part == b"COMMIT");
                if is_commit && cut.before.swap(false, Ordering::SeqCst) {
                    return;
                }
                if server.write_all(&asked[..length]).await.is_err() {
                    return;
                }
                if is_commit && cut.after.swap(false, Ordering::SeqCst) {
                    // It was carried out when it is answered; the answer goes nowhere.
                    let _ = server.read(&mut answered).await;
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                if client.write_all(&answered[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}

#[tokio::test]
async fn a_commit_whose_answer_was_lost_is_looked_up() {
    let wire = Wire::to(&testdb::database().await).await;
    let scratch = Scratch::at(wire.address.clone()).await;
    let cuts = [&wire.cut.before, &wire.cut.after];
    for (round, cut) in cuts.into_iter().enumerate() {
        let armed = || cut.store(true, Ordering::SeqCst);
        let was_cut = || assert!(!cut.load(Ordering::SeqCst), "there was a commit");
        armed();
        let single = submitted(&*scratch).await;
        was_cut();
        assert_eq!(status(&*scratch, &single).await, Some(Status::Pending));

        let once = Once { owner: OWNER.to_owned(), key: round.to_string(), request: [7; 32], kept: HOUR };
        let second = submission();
        armed();
        let answer = scratch.submit_once(&once, Submissions::Single(&second, None)).await.unwrap();
        was_cut();
        assert_eq!(answer, Accepted::Now, "and not a copy of itself");
        assert_eq!(scratch.totals().await.unwrap().queued, 2, "each is there once");

        for _ in 0..2 {
            let claim = claimed(&*scratch).await;
            armed();
            assert_eq!(scratch.finish(claim.lease, &ok()).await.unwrap(), LeaseUse::Done);
            was_cut();
        }
        assert_eq!(status(&*scratch, &single).await, done(&ok()));
        let finished = 2 * (round as u64 + 1);
        assert_eq!(scratch.totals().await.unwrap().by_verdict, [(Verdict::Ok, finished)]);
        assert!(scratch.claim(HOUR).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn a_node_that_starts_waits_for_a_database_that_is_not_there_yet() {
    let database = testdb::database().await;
    let (server, name) = database.strip_prefix("postgres://postgres@").unwrap().split_once('/').unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = listener.local_addr().unwrap();
    let address = format!("postgres://postgres@{here}/{name}");
    let comes = async {
        // It hangs up, as one that is being started, with the first request read and unread; and then nobody listens for a moment.
        let (mut client, _) = listener.accept().await.unwrap();
        client.read_exact(&mut [0; 8]).await.unwrap();
        drop(client);
        drop(listener.accept().await.unwrap());
        drop(listener);
        let listener = TcpListener::bind(here).await.unwrap();
        let (client, _) = listener.accept().await.unwrap();
        carry(client, TcpStream::connect(server).await.unwrap(), Arc::default()).await;
        pending::<()>().await;
    };
    tokio::select! {
        node = PostgresStore::connect(&address, None) => assert!(node.is_ok(), "{:?}", node.err()),
        () = comes => {}
    }
}

/// Sends a signal to a process.
pub fn signal(name: &str, pid: u32) {
    assert!(Command::new("kill").args([format!("-{name}"), pid.to_string()]).status().unwrap().success());
}

/// Accepts, claims and finishes until so many were accepted, while something is done to the database; what was acknowledged is then
/// there, and whatever is left can be finished.
pub async fn works_through(address: &str, disturb: impl AsyncFn()) {
    const ALL: usize = 150;
    let store = PostgresStore::connect(address, None).await.unwrap();
    let (accepted, finished) = (std::sync::Mutex::new(Vec::new()), std::sync::Mutex::new(Vec::<ExecId>::new()));
    let (count, is_over) = (|| accepted.lock().unwrap().len(), AtomicBool::new(false));
    let accepting = async || {
        while count() < ALL {
            let submission = submission();
            // One that is refused is the client's to send again.
            if store.submit(&submission).await.is_ok() {
                accepted.lock().unwrap().push(submission);
            }
        }
    };
    let working = async || {
        while !is_over.load(Ordering::SeqCst) {
            // What was claimed and is not answered comes back soon.
            if let Ok(Some(claim)) = store.claim(Duration::from_millis(500)).await
                && let Ok(LeaseUse::Done) = store.finish(claim.lease, &ok()).await
            {
                finished.lock().unwrap().push(claim.submission.id);
            }
            tokio::task::yield_now().await;
        }
    };
    let disturbing = async {
        while count() < ALL / 3 {
            tokio::task::yield_now().await;
        }
        disturb().await;
    };
    let accepting = async {
        join_all((0..8).map(|_| accepting())).await;
        is_over.store(true, Ordering::SeqCst);
    };
    tokio::join!(accepting, join_all((0..2).map(|_| working())), disturbing);

    let accepted = accepted.into_inner().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        match store.claim(HOUR).await.unwrap() {
            Some(claim) => {
                store.finish(claim.lease, &ok()).await.unwrap();
            }
            None if store.totals().await.unwrap().in_progress == 0 => break,
            None => assert!(Instant::now() < deadline, "a lease does not end"),
        }
    }
    for submission in &accepted {
        assert_eq!(status(&store, submission).await, done(&ok()), "{} was acknowledged", submission.id);
    }
    let mut finished = finished.into_inner().unwrap();
    let all = finished.len();
    finished.sort();
    finished.dedup();
    assert_eq!(finished.len(), all, "none was finished twice");
    let counted: u64 = store.totals().await.unwrap().by_verdict.iter().map(|(_, count)| count).sum();
    assert!(counted >= accepted.len() as u64, "{counted} of {}", accepted.len());
}

#[tokio::test]
async fn a_database_that_is_restarted_under_load_loses_nothing() {
    let server = Server::start(&[]);
    let pid = server.pid().await;
    works_through(&server.database().await, async || signal("INT", pid)).await;
}

#[tokio::test]
async fn a_database_that_is_killed_has_on_disk_what_was_acknowledged() {
    let server = Server::start(&["--fsync"]);
    let pid = server.pid().await;
    works_through(&server.database().await, async || signal("KILL", pid)).await;
}

#[tokio::test]
async fn nobody_waits_for_ever_when_the_database_is_held_up() {
    let address = testdb::database().await;
    let scratch = Scratch::at(address.clone()).await;
    let waits = submitted(&*scratch).await;
    let mut other = PgConnection::connect(&address).await.unwrap();
    other.execute("BEGIN; LOCK TABLE queue, payloads IN ACCESS EXCLUSIVE MODE").await.unwrap();

    let started = Instant::now();
    let fresh: Vec<_> = (0..20).map(|_| submission()).collect();
    let submits = join_all(fresh.iter().map(|one| scratch.submit(one)));
    let claims = join_all((0..20).map(|_| scratch.claim(HOUR)));
    let cancels = join_all((0..20).map(|_| scratch.cancel(OWNER, waits.id)));
    let (submits, claims, cancels) = tokio::join!(submits, claims, cancels);
    assert!(started.elapsed() < Duration::from_secs(45), "{:?}", started.elapsed());
    assert!(
        submits.iter().all(Result::is_err) && claims.iter().all(Result::is_err) && cancels.iter().all(Result::is_err)
    );
    scratch.writable().await.expect_err("nothing can be accepted");

    other.execute("ROLLBACK").await.unwrap();
    scratch.writable().await.unwrap();
    submitted(&*scratch).await;
    assert_eq!(claimed(&*scratch).await.submission, waits);
    assert_eq!(scratch.totals().await.unwrap().in_progress, 2, "what was refused is not there");
}

#[tokio::test]
async fn a_table_that_is_missing_is_an_error_until_it_is_there_again() {
    let scratch = Scratch::at(testdb::database().await).await;
    submitted(&*scratch).await;
    scratch.tamper("ALTER TABLE payloads RENAME TO elsewhere").await;
    scratch.submit(&submission()).await.expect_err("there is no room for it");
    scratch.writable().await.expect_err("nor for others");
    scratch.claim(HOUR).await.expect_err("its code is not there");
    scratch.tamper("ALTER TABLE elsewhere RENAME TO payloads").await;
    scratch.writable().await.unwrap();
    submitted(&*scratch).await;
    claimed(&*scratch).await;
    claimed(&*scratch).await;
}

#[tokio::test]
async fn what_was_undone_for_another_transaction_is_done_again() {
    let scratch = Scratch::at(testdb::database().await).await;
    scratch
        .tamper(
            "CREATE SEQUENCE tries;
             CREATE FUNCTION conflict() RETURNS trigger LANGUAGE plpgsql AS $$
             DECLARE try bigint := nextval('tries');
             BEGIN
                 IF try % 4 = 1 THEN RAISE 'serialization' USING ERRCODE = '40001'; END IF;
                 IF try % 4 = 2 THEN RAISE 'deadlock' USING ERRCODE = '40P01'; END IF;
                 RETURN NEW;
             END $$;
             CREATE TRIGGER a_conflict BEFORE INSERT ON payloads FOR EACH STATEMENT EXECUTE FUNCTION conflict();
             CREATE TRIGGER b_conflict BEFORE INSERT ON reports FOR EACH STATEMENT EXECUTE FUNCTION conflict();
             CREATE TRIGGER c_conflict BEFORE UPDATE ON queue FOR EACH STATEMENT EXECUTE FUNCTION conflict();",
        )
        .await;
    let submission = submitted(&*scratch).await;
    let claim = claimed(&*scratch).await;
    assert_eq!(claim.attempt, 1);
    scratch.extend(claim.lease, HOUR).await.unwrap();
    assert_eq!(scratch.finish(claim.lease, &ok()).await.unwrap(), LeaseUse::Done);
    assert_eq!(status(&*scratch, &submission).await, done(&ok()));
    assert!(scratch.number("SELECT last_value FROM tries").await >= 12, "most were undone twice");
}

#[tokio::test]
async fn a_connection_to_what_is_no_primary_any_more_is_not_used_again() {
    let scratch = Scratch::at(testdb::database().await).await;
    // What is connected from now on may change nothing; so it is with a name that still leads to the former primary.
    let name = scratch.address().rsplit_once('/').unwrap().1.to_owned();
    scratch.tamper(&format!("ALTER DATABASE {name} SET default_transaction_read_only = on")).await;
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    scratch.tamper(others).await;
    scratch.totals().await.unwrap();
    scratch
        .tamper(&format!("BEGIN READ WRITE; ALTER DATABASE {name} RESET default_transaction_read_only; COMMIT"))
        .await;
    // The pool has one that was made in between.
    submitted(&*scratch).await;
}
