//! A store of one node, copied to one of several, answers as before.

use std::path::PathBuf;
use std::time::Duration;

use model::{ExecId, Priority, Submission, Verdict};
use store::{
    Accepted, CallbackSecret, CallbackStore, Copied, Happened, HistoryStore, KeyChange, KeyStore, Levels, LimitsChange,
    Once, PostgresStore, RecentSubmission, Resolution, SecretDigest, Spent, SqliteStore, Store, Stretch, Submissions,
    Tried, copy,
};
use tempfile::TempDir;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::both::Everything;
use crate::keys::key;
use crate::samples::{HOUR, OWNER, claimed, odd_texts, ok, report, submission};

const OTHER: &str = "school-b";
const URL: &str = "https://lms.school.example/results";

/// What a test knows of a store.
#[derive(Default)]
struct Known {
    ids: Vec<(String, ExecId)>,
    batch: Option<ExecId>,
    once: Vec<(String, String)>,
}

impl Known {
    fn add(&mut self, submission: &Submission) {
        self.ids.push((submission.owner.clone(), submission.id));
    }
}

async fn open(folder: &TempDir) -> SqliteStore {
    SqliteStore::open(&path(folder)).await.unwrap()
}

fn path(folder: &TempDir) -> PathBuf {
    folder.path().join("store.db")
}

/// Submissions in all states, and everything that hangs on them.
async fn fill_queue(store: &SqliteStore, known: &mut Known) {
    // Done: told, not told, told in vain, and not to stay.
    let callback_url = Some(URL.to_owned());
    for number in 0..4 {
        let submission = Submission {
            callback_url: callback_url.clone(),
            no_store: number == 3,
            student: Some("Ada \0".to_owned()),
            ..submission()
        };
        store.submit(&submission).await.unwrap();
        let verdict = [Verdict::Ok, Verdict::TimeLimit, Verdict::WrongAnswer, Verdict::Ok][number];
        store.finish(claimed(store).await.lease, &report(verdict, HOUR)).await.unwrap();
        known.add(&submission);
    }
    for tried in [Tried::Delivered, Tried::Failed { reason: odd_texts().concat(), again: None }] {
        let due = store.claim_callback(&[], HOUR).await.unwrap().expect("it is due");
        assert!(store.callback_tried(due.attempt, tried).await.unwrap());
    }
    // Counted, and deleted.
    let deleted = Submission { language: "go".to_owned(), ..submission() };
    store.submit_finished(&deleted, &ok()).await.unwrap();
    store.cancel(OWNER, deleted.id).await.unwrap();
    known.add(&deleted);
    let batch = ExecId::new(Uuid::new_v4());
    let members: Vec<_> = (0..3).map(|number| (submission(), (number == 1).then(ok))).collect();
    store.submit_batch(batch, &members).await.unwrap();
    members.iter().for_each(|(submission, _)| known.add(submission));
    known.batch = Some(batch);
    for (priority, owner) in [Priority::Exam, Priority::Normal, Priority::Batch].into_iter().zip([OTHER, OTHER, OWNER])
    {
        for text in odd_texts() {
            let submission =
                Submission { priority, owner: owner.to_owned(), code: text, language: "c".to_owned(), ..submission() };
            store.submit(&submission).await.unwrap();
            known.add(&submission);
        }
    }
    // Two run, and one of them is to be cancelled.
    let (first, _second) = (claimed(store).await, claimed(store).await);
    store.cancel(&first.submission.owner, first.submission.id).await.unwrap();
    for kept in [HOUR, Duration::ZERO] {
        let once = Once { owner: OWNER.to_owned(), key: format!("key \0 {kept:?}"), request: [7; 32], kept };
        let submission = submission();
        let accepted = store.submit_once(&once, Submissions::Single(&submission, None)).await.unwrap();
        assert_eq!(accepted, Accepted::Now);
        known.add(&submission);
        known.once.push((once.owner, once.key));
    }
}

async fn fill_keys(store: &SqliteStore) {
    for name in ["school-a", "school-bb", "school-ccc"] {
        store.add_key(&key(name)).await.unwrap();
    }
    let next = SecretDigest { digest: [77; 32], public_part: "cr_77".to_owned() };
    assert!(store.rotate_key("school-a", &next, HOUR).await.unwrap());
    let limits = LimitsChange { running: Some(None), ..LimitsChange::default() };
    assert!(store.change_key("school-bb", &KeyChange { limits, expires_at: Some(None), scopes: None }).await.unwrap());
    assert!(store.revoke_key("school-ccc").await.unwrap());
    for owner in [OWNER, OTHER] {
        store.callback_secrets(owner, CallbackSecret([1; 32])).await.unwrap();
    }
    store.rotate_callback_secret(OTHER, CallbackSecret([2; 32]), HOUR).await.unwrap();
}

async fn fill_history(store: &SqliteStore, known: &Known) {
    let happened = Happened {
        finished: [(("python".to_owned(), Verdict::Ok), 3), (("go".to_owned(), Verdict::TimeLimit), 1)].into(),
        times: [((Spent::Queue, -3), 4), ((Spent::Execution, 9), 4)].into(),
        levels: Levels { queued: Some(3), running: None, server_memory: Some(1 << 40), box_memory: Some(0) },
    };
    let now = OffsetDateTime::now_utc();
    let stretches: Vec<_> = (1..8)
        .map(|minutes| Stretch { start: now - minutes * Duration::from_secs(60), happened: happened.clone() })
        .collect();
    let recent = |(owner, id): &(String, ExecId)| RecentSubmission {
        id: *id,
        owner: owner.clone(),
        language: "python".to_owned(),
        mode: submission().mode,
        inputs: 3,
        verdict: Verdict::Ok,
        queue_time: Duration::from_micros(1),
        execution_time: HOUR,
        finished_at: now,
    };
    store.add_history(&stretches, &known.ids.iter().map(recent).collect::<Vec<_>>()).await.unwrap();
    assert!(store.recent(100).await.unwrap().len() > 2);
}

async fn filled(folder: &TempDir) -> Known {
    let store = open(folder).await;
    let mut known = Known::default();
    fill_keys(&store).await;
    fill_queue(&store, &mut known).await;
    fill_history(&store, &known).await;
    store.close().await.unwrap();
    known
}

/// What it answers to every question about this, one below the other.
async fn answers(store: &dyn Everything, known: &Known) -> Vec<String> {
    let mut all = vec![
        format!("keys {:?}", store.keys().await.unwrap()),
        format!("totals {:?}", store.totals().await.unwrap()),
        format!("recent {:?}", store.recent(1000).await.unwrap()),
        format!("lately {:?}", store.used_lately(&[OWNER, OTHER, "nobody"]).await.unwrap()),
    ];
    let now = OffsetDateTime::now_utc();
    for resolution in Resolution::ALL {
        let history = store.history(resolution, now - 30 * HOUR, now + HOUR, resolution.width()).await.unwrap();
        all.push(format!("{resolution:?} history {history:?}"));
    }
    for owner in [OWNER, OTHER, "nobody"] {
        all.push(format!("waiting {owner} {:?}", store.waiting(owner).await.unwrap()));
        all.push(format!("usage {owner} {:?}", store.usage(owner).await.unwrap()));
        all.push(format!("CPU time {owner} {:?}", store.cpu_time_today(owner).await.unwrap()));
        all.push(format!("batch {owner} {:?}", store.batch(owner, known.batch.unwrap()).await.unwrap()));
        let secrets = store.callback_secrets(owner, CallbackSecret([9; 32])).await.unwrap();
        let bytes = (secrets.current.0, secrets.previous.map(|(secret, until)| (secret.0, until)));
        all.push(format!("secrets {owner} {bytes:?}"));
    }
    for (owner, id) in &known.ids {
        let (status, place) = (store.status(owner, *id).await.unwrap(), store.place(owner, *id).await.unwrap());
        let callback = store.callback(owner, *id).await.unwrap();
        all.push(format!("{id} {status:?} at {place:?}, callback {callback:?}"));
    }
    for (owner, key) in &known.once {
        all.push(format!("once {key:?} {:?}", store.submitted_once(owner, key).await.unwrap()));
    }
    all
}

/// What is handed out until nothing waits, and which callbacks are.
async fn handed_out(store: &dyn Everything) -> Vec<String> {
    let mut all = Vec::new();
    while let Some(claim) = store.claim(HOUR).await.unwrap() {
        all.push(format!("{claim:?}"));
    }
    while let Some(due) = store.claim_callback(&[], HOUR).await.unwrap() {
        all.push(format!("{due:?}"));
    }
    all
}

#[tokio::test]
async fn everything_is_copied_and_both_answer_alike() {
    let folder = tempfile::tempdir().unwrap();
    let known = filled(&folder).await;
    let address = testdb::database().await;
    let mut told = Vec::new();
    let copied = copy(&path(&folder), &address, |so_far| told.push(so_far)).await.unwrap();
    assert_eq!((copied.waiting, copied.results, copied.keys), (37, 5, 3));
    assert_eq!((copied.submissions, copied.rows), (42, copied.of));
    assert_eq!(told.first().map(|first| (first.rows, first.of)), Some((0, copied.of)));
    assert!(told.last() == Some(&copied) && told.is_sorted_by_key(|copied| copied.rows), "{told:?}");

    let (before, after) = (open(&folder).await, PostgresStore::connect(&address, None).await.unwrap());
    // As a server does that starts with the file.
    assert_eq!(before.recover().await.unwrap(), 2);
    let (expected, found) = (answers(&before, &known).await, answers(&after, &known).await);
    for (expected, found) in expected.iter().zip(&found) {
        assert_eq!(found, expected);
    }
    assert_eq!(found.len(), expected.len());
    let (expected, found) = (handed_out(&before).await, handed_out(&after).await);
    assert_eq!(expected.len(), 37 + 2, "with the callbacks that were not told");
    assert_eq!(found, expected);

    // And it goes on.
    let next = submission();
    after.submit(&next).await.unwrap();
    let claim = claimed(&after).await;
    assert_eq!(claim.submission, next);
    after.finish(claim.lease, &ok()).await.unwrap();
    assert_eq!(after.totals().await.unwrap().by_language.iter().map(|(_, count)| count).sum::<u64>(), 7);
}

#[tokio::test]
async fn a_database_that_holds_something_is_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let known = filled(&folder).await;
    let address = testdb::database().await;
    let target = PostgresStore::connect(&address, None).await.unwrap();
    target.add_key(&key("school-z")).await.unwrap();
    let error = copy(&path(&folder), &address, |_| ()).await.unwrap_err().to_string();
    assert!(error.contains("not empty") && error.contains("api_keys"), "{error}");
    assert_eq!(target.keys().await.unwrap().len(), 1);
    assert_eq!(target.status(&known.ids[0].0, known.ids[0].1).await.unwrap(), None);

    // Nor is it copied twice.
    let address = testdb::database().await;
    copy(&path(&folder), &address, |_| ()).await.unwrap();
    let error = copy(&path(&folder), &address, |_| ()).await.unwrap_err().to_string();
    assert!(error.contains("not empty"), "{error}");
}

#[tokio::test]
async fn a_file_that_is_open_or_not_there_is_not_copied_and_not_made() {
    let folder = tempfile::tempdir().unwrap();
    let address = testdb::database().await;
    let error = copy(&path(&folder), &address, |_| ()).await.unwrap_err().to_string();
    assert!(error.contains("there is no store in") && !path(&folder).exists(), "{error}");
    let _open = open(&folder).await;
    let error = copy(&path(&folder), &address, |_| ()).await.unwrap_err().to_string();
    assert!(error.contains("another Code Runner process"), "{error}");
}

#[tokio::test]
async fn a_copy_that_fails_leaves_nothing_and_can_be_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let known = filled(&folder).await;
    let tampered = async |sql: &'static str| {
        use sqlx::{ConnectOptions, Connection, Executor};
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path(&folder));
        let mut connection = options.connect().await.unwrap();
        connection.execute(sql).await.unwrap();
        connection.close().await.unwrap();
    };
    // Found out at the very end.
    tampered("UPDATE verdict_totals SET finished = finished + 1").await;
    let address = testdb::database().await;
    let error = copy(&path(&folder), &address, |_| ()).await.unwrap_err().to_string();
    assert!(error.contains("do not count the same"), "{error}");
    let target = PostgresStore::connect(&address, None).await.unwrap();
    assert_eq!(target.keys().await.unwrap(), []);
    tampered("UPDATE verdict_totals SET finished = finished - 1").await;
    let copied = copy(&path(&folder), &address, |_| ()).await.unwrap();
    assert_ne!(copied, Copied::default());
    let pending = target.status(&known.ids[0].0, known.ids[0].1).await.unwrap();
    assert!(pending.is_some());
    // Triggers are there again.
    target.submit_finished(&Submission { callback_url: Some(URL.to_owned()), ..submission() }, &ok()).await.unwrap();
    assert!(target.key_changes().await.unwrap() > 0);
}

#[tokio::test]
async fn what_is_long_is_copied_in_pieces() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder).await;
    for _ in 0..5 {
        let code = "x".repeat(3 * 1024 * 1024);
        store.submit(&Submission { code, ..submission() }).await.unwrap();
    }
    store.close().await.unwrap();
    let mut steps = Vec::new();
    let copied = copy(&path(&folder), &testdb::database().await, |copied| steps.push(copied.rows)).await.unwrap();
    // Five in the table of submissions, five in the queue, one of queues, and five payloads, two at a time.
    assert_eq!((copied.rows, steps), (16, vec![0, 5, 10, 12, 14, 15, 16]));
}
