//! What belongs to a student is erased, whatever its state, and nothing else is.

use model::{ExecId, Submission, Verdict};
use store::{Cancelled, Erased, Extended, LeaseUse, Status};
use uuid::Uuid;

use crate::both::{Everything, Scratch, on_both_stores};
use crate::samples::{HOUR, OWNER, claimed, done, ok, status, submission};

on_both_stores! {
    what_waits_and_what_is_done_is_gone_and_still_counted
    what_runs_is_stopped_first_and_gone_when_it_is_asked_again
    nobody_elses_is_touched
    few_are_erased_at_once_and_in_the_end_all
}

fn of(student: &str) -> Submission {
    Submission { student: Some(student.to_owned()), ..submission() }
}

async fn submitted(store: &dyn Everything, student: &str) -> Submission {
    let submission = of(student);
    store.submit(&submission).await.unwrap();
    submission
}

async fn erase(store: &dyn Everything, student: &str) -> Erased {
    store.erase(OWNER, student).await.unwrap()
}

async fn what_waits_and_what_is_done_is_gone_and_still_counted(scratch: impl Scratch) {
    let store = scratch.store();
    let (final_at_once, batched) = (of("s1"), of("s1"));
    let ran = submitted(store, "s1").await;
    store.finish(claimed(store).await.lease, &ok()).await.unwrap();
    store.submit_finished(&final_at_once, &ok()).await.unwrap();
    let waits = submitted(store, "s1").await;
    let batch = ExecId::new(Uuid::new_v4());
    store.submit_batch(batch, &[(batched.clone(), Some(ok()))]).await.unwrap();

    let erased = erase(store, "s1").await;
    assert_eq!((erased.deleted, erased.asked, erased.running, erased.more), (4, vec![], 0, false));
    let [(submission, report)] = &erased.ended[..] else { panic!("one waited: {:?}", erased.ended) };
    assert_eq!((submission, report.verdict), (&waits, Verdict::Cancelled));
    for submission in [ran, final_at_once, waits, batched] {
        assert_eq!(status(store, &submission).await, None);
    }
    let totals = store.totals().await.unwrap();
    assert_eq!((totals.queued, totals.by_verdict), (0, vec![(Verdict::Ok, 3), (Verdict::Cancelled, 1)]));
    assert!(store.claim(HOUR).await.unwrap().is_none());
    assert_eq!(erase(store, "s1").await, Erased::default());
}

async fn what_runs_is_stopped_first_and_gone_when_it_is_asked_again(scratch: impl Scratch) {
    let store = scratch.store();
    let submission = submitted(store, "s1").await;
    let claim = claimed(store).await;
    assert_eq!(claim.submission.student.as_deref(), Some("s1"));
    let first = Erased { asked: vec![submission.id], running: 1, ..Erased::default() };
    assert_eq!(erase(store, "s1").await, first);
    assert_eq!(store.extend(claim.lease, HOUR).await.unwrap(), Extended::CancelAsked);
    assert_eq!(erase(store, "s1").await, Erased { running: 1, ..Erased::default() });

    assert_eq!(store.finish(claim.lease, &ok()).await.unwrap(), LeaseUse::Done);
    assert_eq!(status(store, &submission).await, done(&ok()));
    assert_eq!(erase(store, "s1").await, Erased { deleted: 1, ..Erased::default() });
    assert_eq!(status(store, &submission).await, None);
}

async fn nobody_elses_is_touched(scratch: impl Scratch) {
    let store = scratch.store();
    let theirs = Submission { owner: "school-b".to_owned(), ..of("s1") };
    store.submit(&theirs).await.unwrap();
    let nobodys = submission();
    store.submit(&nobodys).await.unwrap();
    let others = [submitted(store, "s10").await, submitted(store, "S1").await];
    assert_eq!(erase(store, "s1").await, Erased::default());
    for submission in others.iter().chain([&theirs, &nobodys]) {
        assert_eq!(status(store, submission).await, Some(Status::Pending));
    }
    assert_eq!(store.cancel("school-b", theirs.id).await.unwrap().map(|it| it == Cancelled::Asked), Some(false));
}

async fn few_are_erased_at_once_and_in_the_end_all(scratch: impl Scratch) {
    let store = scratch.store();
    for _ in 0..45 {
        submitted(store, "s1").await;
    }
    // Those that run keep nobody from those behind them.
    for _ in 0..25 {
        claimed(store).await;
    }
    let mut steps = Vec::new();
    for _ in 0..10 {
        let Erased { ended, deleted, asked, running, more } = erase(store, "s1").await;
        steps.push((ended.len(), deleted, asked.len(), running));
        if !more {
            break;
        }
    }
    assert_eq!(steps, [(0, 0, 20, 25), (15, 15, 5, 25), (5, 5, 0, 25)]);
}
