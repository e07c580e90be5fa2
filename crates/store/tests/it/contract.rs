//! What every store must do. Each function gets an empty store; [`contract`] makes tests of them.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join_all;
use model::{ExecId, Priority, Report, Submission, Verdict};
use store::{BatchMember, Cancelled, Extended, LeaseUse, MemberState, Status, Store, Totals};
use time::OffsetDateTime;

use crate::samples::{
    HOUR, OWNER, claimed, claimed_and_expired, done, odd_texts, ok, report, status, submission, submitted,
};

/// Makes a test of each function below, with a store from `$empty`: an async function whose answer
/// derefs to the store and keeps it alive.
macro_rules! contract {
    ($empty:path) => {
        $crate::contract::contract! { $empty:
            an_accepted_submission_is_pending
            another_owner_and_an_unknown_id_look_the_same
            a_claim_holds_what_was_submitted
            claims_come_in_the_order_of_acceptance
            owners_take_turns
            a_flood_delays_what_another_owner_sends_by_one_claim
            urgent_classes_come_first_and_none_waits_for_ever
            a_released_submission_goes_back_to_its_place
            a_released_submission_has_the_turn_of_its_owner_back
            a_place_is_what_comes_true
            a_place_is_known_of_what_waits_or_runs_and_to_its_owner_alone
            a_lease_that_lasts_keeps_others_away
            an_expired_lease_is_claimed_again_and_its_old_holder_is_superseded
            an_expired_lease_comes_before_those_that_arrived_later
            an_extended_lease_lasts
            an_expired_lease_that_nobody_took_can_still_be_used
            what_waits_is_cancelled_at_once
            what_runs_is_marked_and_whoever_runs_it_is_told
            a_mark_outlasts_the_lease_under_which_it_was_made
            what_is_done_is_deleted_and_still_counted
            what_is_another_owners_is_not_cancelled
            a_cancellation_and_a_report_that_race_make_one_result
            a_batch_is_accepted_in_its_order_and_followed
            a_batch_with_one_bad_member_is_not_accepted_at_all
            a_report_is_final
            a_released_lease_is_of_no_use
            recovery_gives_back_everything_that_is_claimed
            a_submission_without_inputs_is_done_at_once
            totals_count_what_waits_runs_and_is_done
            a_superseded_report_is_not_counted
            a_duplicate_id_harms_only_its_own_caller
            a_duplicate_of_a_finished_id_leaves_the_report_alone
            concurrent_submissions_are_each_claimed_exactly_once
            odd_text_comes_back_byte_for_byte
        }
    };
    ($empty:path: $($name:ident)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let store = $empty().await;
                $crate::contract::$name(&*store).await;
            }
        )*
    };
}
pub(crate) use contract;

pub async fn an_accepted_submission_is_pending(store: &dyn Store) {
    let submission = submitted(store).await;
    assert_eq!(status(store, &submission).await, Some(Status::Pending));

    claimed(store).await;
    assert_eq!(status(store, &submission).await, Some(Status::Pending), "also while it runs");
}

pub async fn another_owner_and_an_unknown_id_look_the_same(store: &dyn Store) {
    let theirs = submitted(store).await;
    assert_eq!(store.status("school-b", theirs.id).await.unwrap(), None);
    assert_eq!(store.status(OWNER, submission().id).await.unwrap(), None);

    let claim = claimed(store).await;
    store.finish(claim.lease, &ok()).await.unwrap();
    assert_eq!(store.status("school-b", theirs.id).await.unwrap(), None, "also when it is done");
}

pub async fn a_claim_holds_what_was_submitted(store: &dyn Store) {
    let before = OffsetDateTime::now_utc() - Duration::from_millis(1);
    let submission = submitted(store).await;
    let after = OffsetDateTime::now_utc();

    let claim = claimed(store).await;
    assert_eq!(claim.submission, submission);
    assert_eq!(claim.lease.id, submission.id);
    assert_eq!(claim.attempt, 1);
    assert!((before..=after).contains(&claim.submitted_at), "{before} <= {} <= {after}", claim.submitted_at);
}

pub async fn claims_come_in_the_order_of_acceptance(store: &dyn Store) {
    let mut accepted = Vec::new();
    for _ in 0..20 {
        accepted.push(submitted(store).await.id);
    }
    let mut order = Vec::new();
    while let Some(claim) = store.claim(HOUR).await.unwrap() {
        order.push(claim.submission.id);
    }
    assert_eq!(order, accepted);
}

/// Accepts one of this owner and class.
async fn submitted_by(store: &dyn Store, owner: &str, priority: Priority) -> Submission {
    let submission = Submission { owner: owner.to_owned(), priority, ..submission() };
    store.submit(&submission).await.unwrap();
    submission
}

/// What is claimed until nothing waits, as whatever `of` makes of it.
async fn order<T>(store: &dyn Store, of: impl Fn(Submission) -> T) -> Vec<T> {
    let mut order = Vec::new();
    while let Some(claim) = store.claim(HOUR).await.unwrap() {
        order.push(of(claim.submission));
    }
    order
}

pub async fn owners_take_turns(store: &dyn Store) {
    for owner in ["a", "a", "a", "a", "b", "c", "c"] {
        submitted_by(store, owner, Priority::Normal).await;
    }
    let order = order(store, |submission| submission.owner).await;
    assert_eq!(order, ["a", "b", "c", "a", "c", "a", "a"]);
}

pub async fn a_flood_delays_what_another_owner_sends_by_one_claim(store: &dyn Store) {
    for _ in 0..30 {
        submitted_by(store, "flood", Priority::Normal).await;
    }
    for _ in 0..3 {
        claimed(store).await;
        let single = submitted_by(store, "single", Priority::Normal).await;
        let next = [claimed(store).await, claimed(store).await].map(|claim| claim.submission);
        assert!(next.contains(&single), "{next:?}");
        assert!(next.iter().any(|other| other.owner == "flood"), "nor has the flood to wait: {next:?}");
    }
}

pub async fn urgent_classes_come_first_and_none_waits_for_ever(store: &dyn Store) {
    for priority in [Priority::Batch, Priority::Normal, Priority::Exam] {
        for _ in 0..20 {
            submitted_by(store, "a", priority).await;
        }
    }
    let order = order(store, |submission| submission.priority).await;
    let first = |claims: usize, wanted| order[..claims].iter().filter(|priority| **priority == wanted).count();
    assert_eq!(order[..3], [Priority::Exam; 3]);
    assert_eq!(Priority::ALL.map(|priority| first(16, priority)), [12, 3, 1]);
    // No exam waits after the 27th claim: what is normal has its turns.
    assert_eq!(Priority::ALL.map(|priority| first(42, priority)), [20, 20, 2]);
}

pub async fn a_released_submission_has_the_turn_of_its_owner_back(store: &dyn Store) {
    let [first, _, other] = [
        submitted_by(store, "b", Priority::Normal).await,
        submitted_by(store, "b", Priority::Normal).await,
        submitted_by(store, "c", Priority::Normal).await,
    ];
    let claim = claimed(store).await;
    assert_eq!(claim.submission, first);
    store.release(claim.lease).await.unwrap();
    assert_eq!(claimed(store).await.submission, first);
    assert_eq!(claimed(store).await.submission, other);
}

pub async fn a_place_is_what_comes_true(store: &dyn Store) {
    // Three owners in three classes, at different times.
    let mut all = Vec::new();
    for number in 0..90_usize {
        let owner = ["a", "b", "c"][number * number % 7 % 3];
        all.push(submitted_by(store, owner, Priority::ALL[number % 5 % 3]).await);
        if number % 9 == 8 {
            let claimed = claimed(store).await.submission;
            all.retain(|submission| submission.id != claimed.id);
        }
    }
    let mut told = Vec::new();
    for submission in &all {
        told.push((store.place(&submission.owner, submission.id).await.unwrap().unwrap(), submission.id));
    }
    told.sort();
    let places: Vec<u64> = told.iter().map(|(place, _)| *place).collect();
    assert_eq!(places, (1..=80).collect::<Vec<_>>());
    let told: Vec<_> = told.into_iter().map(|(_, id)| id).collect();
    assert_eq!(order(store, |submission| submission.id).await, told);
}

pub async fn a_place_is_known_of_what_waits_or_runs_and_to_its_owner_alone(store: &dyn Store) {
    let first = submitted(store).await;
    let second = submitted(store).await;
    assert_eq!(store.place(OWNER, second.id).await.unwrap(), Some(2));
    assert_eq!(store.place("school-b", second.id).await.unwrap(), None);
    assert_eq!(store.place(OWNER, submission().id).await.unwrap(), None);

    let claim = claimed(store).await;
    assert_eq!(store.place(OWNER, first.id).await.unwrap(), Some(0));
    assert_eq!(store.place(OWNER, second.id).await.unwrap(), Some(1));
    store.finish(claim.lease, &ok()).await.unwrap();
    assert_eq!(store.place(OWNER, first.id).await.unwrap(), None);
}

pub async fn a_released_submission_goes_back_to_its_place(store: &dyn Store) {
    let first = submitted(store).await;
    let second = submitted(store).await;
    let third = submitted(store).await;
    let leases = [claimed(store).await.lease, claimed(store).await.lease];

    // Released in the other order: the place is what counts.
    assert_eq!(store.release(leases[1]).await.unwrap(), LeaseUse::Done);
    assert_eq!(store.release(leases[0]).await.unwrap(), LeaseUse::Done);

    for (expected, attempt) in [(first, 2), (second, 2), (third, 1)] {
        let claim = claimed(store).await;
        assert_eq!((claim.submission, claim.attempt), (expected, attempt));
    }
}

pub async fn a_lease_that_lasts_keeps_others_away(store: &dyn Store) {
    submitted(store).await;
    claimed(store).await;
    assert!(store.claim(HOUR).await.unwrap().is_none());
}

pub async fn an_expired_lease_is_claimed_again_and_its_old_holder_is_superseded(store: &dyn Store) {
    let submission = submitted(store).await;
    let old = claimed_and_expired(store).await;
    let new = claimed(store).await;
    assert_eq!(new.submission, submission);
    assert_eq!(new.attempt, 2);
    assert!(new.lease.fence > old.lease.fence, "{} > {}", new.lease.fence, old.lease.fence);

    let late = report(Verdict::RuntimeError, HOUR);
    assert_eq!(store.finish(old.lease, &late).await.unwrap(), LeaseUse::Superseded);
    assert_eq!(store.extend(old.lease, HOUR).await.unwrap(), Extended::Superseded);
    assert_eq!(store.release(old.lease).await.unwrap(), LeaseUse::Superseded);
    assert_eq!(status(store, &submission).await, Some(Status::Pending));
    assert!(store.claim(HOUR).await.unwrap().is_none(), "the new lease is as it was");

    assert_eq!(store.finish(new.lease, &ok()).await.unwrap(), LeaseUse::Done);
    assert_eq!(status(store, &submission).await, done(&ok()));
}

pub async fn an_expired_lease_comes_before_those_that_arrived_later(store: &dyn Store) {
    let first = submitted(store).await;
    let second = submitted(store).await;
    claimed_and_expired(store).await;
    assert_eq!(claimed(store).await.submission, first);
    assert_eq!(claimed(store).await.submission, second);
}

pub async fn an_extended_lease_lasts(store: &dyn Store) {
    submitted(store).await;
    let claim = claimed_and_expired(store).await;
    assert_eq!(store.extend(claim.lease, HOUR).await.unwrap(), Extended::Done);
    assert!(store.claim(HOUR).await.unwrap().is_none());

    assert_eq!(store.extend(claim.lease, Duration::ZERO).await.unwrap(), Extended::Done);
    assert_eq!(claimed(store).await.attempt, 2, "a lease can be shortened as well");
}

pub async fn an_expired_lease_that_nobody_took_can_still_be_used(store: &dyn Store) {
    let submission = submitted(store).await;
    let claim = claimed_and_expired(store).await;
    assert_eq!(store.finish(claim.lease, &ok()).await.unwrap(), LeaseUse::Done);
    assert_eq!(status(store, &submission).await, done(&ok()));
}

/// Cancels as the owner.
async fn cancel(store: &dyn Store, submission: &Submission) -> Option<Cancelled> {
    store.cancel(&submission.owner, submission.id).await.unwrap()
}

pub async fn what_waits_is_cancelled_at_once(store: &dyn Store) {
    let [first, second, third] = [submitted(store).await, submitted(store).await, submitted(store).await];
    let Some(Cancelled::Ended(ended)) = cancel(store, &second).await else { panic!("it waits") };
    let (submission, report) = *ended;
    assert_eq!(submission, second);
    let verdicts: Vec<_> = report.inputs.iter().map(|input| (input.input.as_str(), input.verdict)).collect();
    assert_eq!(verdicts, [("1", Verdict::Cancelled), ("2", Verdict::Cancelled), ("1", Verdict::Cancelled)]);
    assert_eq!(status(store, &second).await, done(&report));
    assert_eq!(store.place(OWNER, third.id).await.unwrap(), Some(2));
    assert_eq!(order(store, |submission| submission.id).await, [first.id, third.id]);
    let totals = store.totals().await.unwrap();
    assert_eq!((totals.queued, totals.by_verdict), (0, vec![(Verdict::Cancelled, 1)]));
}

pub async fn what_runs_is_marked_and_whoever_runs_it_is_told(store: &dyn Store) {
    let submission = submitted(store).await;
    let claim = claimed(store).await;
    assert!(!claim.cancel_asked);
    assert_eq!(store.extend(claim.lease, HOUR).await.unwrap(), Extended::Done);
    for _ in 0..2 {
        assert_eq!(cancel(store, &submission).await, Some(Cancelled::Asked));
        assert_eq!(status(store, &submission).await, Some(Status::Pending), "whoever runs it reports");
        assert_eq!(store.extend(claim.lease, HOUR).await.unwrap(), Extended::CancelAsked);
    }
    assert_eq!(store.finish(claim.lease, &ok()).await.unwrap(), LeaseUse::Done);
    assert_eq!(status(store, &submission).await, done(&ok()));
}

pub async fn a_mark_outlasts_the_lease_under_which_it_was_made(store: &dyn Store) {
    let submission = submitted(store).await;
    let old = claimed_and_expired(store).await;
    assert_eq!(cancel(store, &submission).await, Some(Cancelled::Asked));
    let new = claimed(store).await;
    assert!(new.cancel_asked);
    assert_eq!(store.extend(old.lease, HOUR).await.unwrap(), Extended::Superseded);
    store.release(new.lease).await.unwrap();
    assert!(claimed(store).await.cancel_asked);
}

pub async fn what_is_done_is_deleted_and_still_counted(store: &dyn Store) {
    let submission = submitted(store).await;
    let lease = claimed(store).await.lease;
    store.finish(lease, &ok()).await.unwrap();
    let totals = store.totals().await.unwrap();

    assert_eq!(cancel(store, &submission).await, Some(Cancelled::Deleted));
    assert_eq!(status(store, &submission).await, None);
    assert_eq!(cancel(store, &submission).await, None);
    assert_eq!(store.finish(lease, &ok()).await.unwrap(), LeaseUse::Superseded);
    assert_eq!(store.totals().await.unwrap(), totals);
    // Its place may be given again.
    let next = submitted(store).await;
    assert_eq!(claimed(store).await.submission, next);
}

pub async fn what_is_another_owners_is_not_cancelled(store: &dyn Store) {
    let theirs = submitted(store).await;
    assert_eq!(store.cancel("school-b", theirs.id).await.unwrap(), None);
    assert_eq!(store.cancel(OWNER, submission().id).await.unwrap(), None);
    let claim = claimed(store).await;
    assert_eq!(store.cancel("school-b", theirs.id).await.unwrap(), None, "nor when it runs");
    assert_eq!(store.extend(claim.lease, HOUR).await.unwrap(), Extended::Done);
    store.finish(claim.lease, &ok()).await.unwrap();
    assert_eq!(store.cancel("school-b", theirs.id).await.unwrap(), None, "nor when it is done");
    assert_eq!(status(store, &theirs).await, done(&ok()));
}

pub async fn a_cancellation_and_a_report_that_race_make_one_result(store: &dyn Store) {
    for cancel_first in [true, false].repeat(10) {
        let submission = submitted(store).await;
        let lease = claimed(store).await.lease;
        let report = ok();
        let (cancelling, finishing) = (store.cancel(OWNER, submission.id), store.finish(lease, &report));
        let (cancelled, finished) = if cancel_first {
            futures_util::future::join(cancelling, finishing).await
        } else {
            let (finished, cancelled) = futures_util::future::join(finishing, cancelling).await;
            (cancelled, finished)
        };
        assert_eq!(finished.unwrap(), LeaseUse::Done);
        match cancelled.unwrap() {
            Some(Cancelled::Asked) => assert_eq!(status(store, &submission).await, done(&report)),
            Some(Cancelled::Deleted) => assert_eq!(status(store, &submission).await, None),
            other => panic!("it neither waited nor was unknown: {other:?}"),
        }
    }
    assert_eq!(store.totals().await.unwrap().by_verdict, [(Verdict::Ok, 20)]);
}

pub async fn a_batch_is_accepted_in_its_order_and_followed(store: &dyn Store) {
    let batch = submission().id;
    let members: Vec<_> = (0..4).map(|_| submission()).collect();
    let with_reports: Vec<_> =
        members.iter().enumerate().map(|(index, member)| (member.clone(), (index == 2).then(ok))).collect();
    store.submit_batch(batch, &with_reports).await.unwrap();
    assert_eq!(store.batch("school-b", batch).await.unwrap(), []);
    assert_eq!(store.batch(OWNER, members[0].id).await.unwrap(), []);

    let running = claimed(store).await;
    assert_eq!(running.submission, members[0]);
    let states = [MemberState::Running, MemberState::Queued, MemberState::Done, MemberState::Queued];
    let member = |(index, state): (usize, MemberState)| BatchMember { id: members[index].id, state };
    let expected: Vec<_> = states.into_iter().enumerate().map(member).collect();
    assert_eq!(store.batch(OWNER, batch).await.unwrap(), expected);
    assert_eq!(status(store, &members[2]).await, done(&ok()));
    assert_eq!(order(store, |submission| submission.id).await, [members[1].id, members[3].id]);

    store.finish(running.lease, &ok()).await.unwrap();
    cancel(store, &members[0]).await;
    assert_eq!(store.batch(OWNER, batch).await.unwrap().len(), 3, "what was deleted is not told");
}

pub async fn a_batch_with_one_bad_member_is_not_accepted_at_all(store: &dyn Store) {
    let taken = submitted(store).await;
    let batch = submission().id;
    let members = [submission(), taken.clone(), submission()].map(|member| (member, None));
    // Beside a good one, so that they meet in a transaction where there are such.
    let good = submission();
    let (refused, accepted) =
        futures_util::future::join(store.submit_batch(batch, &members), store.submit(&good)).await;
    refused.expect_err("the id is taken");
    accepted.unwrap();
    assert_eq!(store.batch(OWNER, batch).await.unwrap(), []);
    assert_eq!(status(store, &members[0].0).await, None);
    assert_eq!(order(store, |submission| submission.id).await, [taken.id, good.id]);
}

pub async fn a_report_is_final(store: &dyn Store) {
    let submission = submitted(store).await;
    let lease = claimed_and_expired(store).await.lease;
    assert_eq!(store.finish(lease, &ok()).await.unwrap(), LeaseUse::Done);

    let other = report(Verdict::RuntimeError, HOUR);
    assert_eq!(store.finish(lease, &other).await.unwrap(), LeaseUse::Superseded);
    assert_eq!(store.extend(lease, HOUR).await.unwrap(), Extended::Superseded);
    assert_eq!(store.release(lease).await.unwrap(), LeaseUse::Superseded);
    assert_eq!(store.recover().await.unwrap(), 0);
    assert!(store.claim(HOUR).await.unwrap().is_none());
    assert_eq!(status(store, &submission).await, done(&ok()));
    assert_eq!(store.totals().await.unwrap().by_verdict, [(Verdict::Ok, 1)]);
}

pub async fn a_released_lease_is_of_no_use(store: &dyn Store) {
    let submission = submitted(store).await;
    let lease = claimed(store).await.lease;
    store.release(lease).await.unwrap();

    assert_eq!(store.finish(lease, &ok()).await.unwrap(), LeaseUse::Superseded);
    assert_eq!(store.extend(lease, HOUR).await.unwrap(), Extended::Superseded);
    assert_eq!(store.release(lease).await.unwrap(), LeaseUse::Superseded);
    assert_eq!(status(store, &submission).await, Some(Status::Pending));
}

pub async fn recovery_gives_back_everything_that_is_claimed(store: &dyn Store) {
    let finished = submitted(store).await;
    store.finish(claimed(store).await.lease, &ok()).await.unwrap();
    let running = [submitted(store).await, submitted(store).await];
    let old = claimed(store).await.lease;
    claimed(store).await;
    submitted(store).await;

    assert_eq!(store.recover().await.unwrap(), 2);
    assert_eq!(store.totals().await.unwrap().queued, 3);
    assert_eq!(store.finish(old, &ok()).await.unwrap(), LeaseUse::Superseded);
    assert_eq!(claimed(store).await.submission, running[0]);
    assert_eq!(claimed(store).await.submission, running[1]);
    assert_eq!(status(store, &finished).await, done(&ok()));
    assert_eq!(store.recover().await.unwrap(), 2, "as often as asked");
}

pub async fn a_submission_without_inputs_is_done_at_once(store: &dyn Store) {
    let mut empty = submission();
    empty.inputs.clear();
    let report = Report::new(Vec::new(), Default::default());
    store.submit_finished(&empty, &report).await.unwrap();

    assert_eq!(status(store, &empty).await, done(&report));
    assert!(store.claim(HOUR).await.unwrap().is_none());
    let totals = store.totals().await.unwrap();
    assert_eq!((totals.in_progress, totals.by_verdict), (0, vec![(Verdict::Ok, 1)]));
}

pub async fn totals_count_what_waits_runs_and_is_done(store: &dyn Store) {
    assert_eq!(store.totals().await.unwrap(), Totals::default());
    let before = OffsetDateTime::now_utc() - Duration::from_millis(1);

    let ran = [
        ("python", Verdict::Ok, Duration::from_millis(1500)),
        ("rust", Verdict::CompileError, Duration::from_micros(1)),
        ("python", Verdict::TimeLimit, Duration::from_secs(10)),
        ("c", Verdict::Ok, Duration::from_secs(2)),
    ];
    for (language, verdict, execution_time) in ran {
        let mut submission = submission();
        submission.language = language.to_owned();
        store.submit(&submission).await.unwrap();
        store.finish(claimed(store).await.lease, &report(verdict, execution_time)).await.unwrap();
    }
    for _ in 0..3 {
        submitted(store).await;
    }
    claimed(store).await;

    let totals = store.totals().await.unwrap();
    let last = totals.last_execution.expect("something has finished");
    assert!((before..=OffsetDateTime::now_utc()).contains(&last), "{last}");
    let expected = Totals {
        in_progress: 3,
        queued: 2,
        by_verdict: vec![(Verdict::Ok, 2), (Verdict::CompileError, 1), (Verdict::TimeLimit, 1)],
        by_language: vec![("c".to_owned(), 1), ("python".to_owned(), 2), ("rust".to_owned(), 1)],
        last_execution: Some(last),
        max_execution_time: Duration::from_secs(10),
        sum_execution_time: Duration::from_micros(13_500_001),
    };
    assert_eq!(totals, expected);
}

pub async fn a_superseded_report_is_not_counted(store: &dyn Store) {
    submitted(store).await;
    let old = claimed_and_expired(store).await.lease;
    claimed(store).await;
    store.finish(old, &ok()).await.unwrap();
    assert_eq!(store.totals().await.unwrap(), Totals { in_progress: 1, ..Totals::default() });
}

pub async fn a_duplicate_id_harms_only_its_own_caller(store: &dyn Store) {
    let first = submitted(store).await;
    let mut duplicate = first.clone();
    duplicate.code = "something else".to_owned();

    // The duplicates stand between good ones, so that they meet in a batch where there are batches.
    let good: Vec<_> = (0..20).map(|_| submission()).collect();
    let all: Vec<_> = good.iter().flat_map(|submission| [submission, &duplicate]).collect();
    let answers = join_all(all.iter().map(|submission| store.submit(submission))).await;

    for (submission, answer) in all.iter().zip(answers) {
        assert_eq!(answer.is_err(), submission.id == first.id, "{answer:?}");
    }
    assert_eq!(store.totals().await.unwrap().queued, 21);
    assert_eq!(claimed(store).await.submission, first, "the first is as it was");
    for expected in &good {
        assert_eq!(&claimed(store).await.submission, expected);
    }
}

pub async fn a_duplicate_of_a_finished_id_leaves_the_report_alone(store: &dyn Store) {
    let finished = submitted(store).await;
    store.finish(claimed(store).await.lease, &ok()).await.unwrap();

    store.submit(&finished).await.expect_err("the id is taken");
    store.submit_finished(&finished, &report(Verdict::TimeLimit, HOUR)).await.expect_err("the id is taken");
    assert_eq!(status(store, &finished).await, done(&ok()));
    assert_eq!(store.totals().await.unwrap().by_verdict, [(Verdict::Ok, 1)]);
}

pub async fn concurrent_submissions_are_each_claimed_exactly_once(store: &dyn Store) {
    let submissions: Vec<_> = (0..200).map(|_| submission()).collect();
    for answer in join_all(submissions.iter().map(|submission| store.submit(submission))).await {
        answer.unwrap();
    }

    let claims: Vec<ExecId> = join_all((0..4).map(|_| claim_all(store))).await.concat();
    let distinct: HashSet<_> = claims.iter().copied().collect();
    let expected: HashSet<_> = submissions.iter().map(|submission| submission.id).collect();
    assert_eq!(claims.len(), 200);
    assert_eq!(distinct, expected);
}

/// Claims until nothing waits.
async fn claim_all(store: &dyn Store) -> Vec<ExecId> {
    let mut claims = Vec::new();
    while let Some(claim) = store.claim(HOUR).await.unwrap() {
        claims.push(claim.submission.id);
    }
    claims
}

pub async fn odd_text_comes_back_byte_for_byte(store: &dyn Store) {
    for text in odd_texts() {
        let mut odd = submission();
        odd.owner.clone_from(&text);
        odd.language.clone_from(&text);
        odd.code.clone_from(&text);
        odd.inputs = odd_texts();
        store.submit(&odd).await.unwrap();
        let claim = claimed(store).await;
        assert_eq!(claim.submission, odd, "{text:?}");

        let mut report = ok();
        report.inputs[0].input.clone_from(&text);
        report.inputs[0].output.clone_from(&text);
        report.inputs[0].stderr = Some(text.clone());
        store.finish(claim.lease, &report).await.unwrap();
        assert_eq!(status(store, &odd).await, done(&report), "{text:?}");
    }
    let languages = store.totals().await.unwrap().by_language;
    let mut expected: Vec<_> = odd_texts().into_iter().map(|text| (text, 1)).collect();
    expected.sort();
    assert_eq!(languages, expected);
}
