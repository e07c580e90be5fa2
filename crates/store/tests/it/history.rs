//! What happened when adds up, is kept for as long as is promised, and says nothing of what is not to be known.

use std::time::Duration;

use model::{Mode, Submission, Verdict};
use store::{Happened, Levels, MOST_RECENT, RecentSubmission, Resolution, Spent, Stretch};
use time::OffsetDateTime;

use crate::both::{Everything, Scratch, on_both_stores};
use crate::samples::{HOUR, OWNER, claimed, ok, report, submission};

const MINUTE: Duration = Duration::from_secs(60);
const FINE: Duration = Resolution::Fine.width();

on_both_stores! {
    additions_to_a_stretch_add_up_also_after_a_restart
    what_nobody_saw_is_none_and_takes_nothing_from_what_was_seen
    stretches_are_gathered_by_steps_and_cut_at_the_ends_that_were_asked_for
    each_resolution_is_kept_for_its_time_and_then_deleted
    the_list_of_the_last_has_the_very_last_first_and_an_end
    what_is_deleted_or_not_to_stay_is_in_no_list
    what_owners_used_is_told_by_day_and_month
}

/// The start of the minute that was so long ago.
fn minute(ago: Duration) -> OffsetDateTime {
    let at = (OffsetDateTime::now_utc() - ago).unix_timestamp();
    OffsetDateTime::from_unix_timestamp(at - at % 60).unwrap()
}

/// So many ended well in Python, each with a time in this bucket, and so many waited.
fn happened(count: u64, bucket: i32, queued: u64) -> Happened {
    Happened {
        finished: [(("python".to_owned(), Verdict::Ok), count)].into(),
        times: [((Spent::Execution, bucket), count)].into(),
        levels: Levels { queued: Some(queued), server_memory: Some(1 << 40), ..Levels::default() },
    }
}

async fn add(store: &dyn Everything, start: OffsetDateTime, happened: Happened) {
    store.add_history(&[Stretch { start, happened }], &[]).await.unwrap();
}

/// All that there is at this resolution, by when it was.
async fn all(store: &dyn Everything, resolution: Resolution) -> Vec<Stretch> {
    let now = OffsetDateTime::now_utc();
    store.history(resolution, now - 100 * HOUR, now + HOUR, resolution.width()).await.unwrap()
}

/// How many finished in all of this.
fn finished(stretches: &[Stretch]) -> u64 {
    stretches.iter().flat_map(|stretch| stretch.happened.finished.values()).sum()
}

fn recent_of(submission: &Submission, finished_at: OffsetDateTime) -> RecentSubmission {
    let micros = finished_at.unix_timestamp_nanos() / 1000 * 1000;
    RecentSubmission {
        id: submission.id,
        owner: submission.owner.clone(),
        language: submission.language.clone(),
        mode: Mode::Program,
        inputs: 3,
        verdict: Verdict::MemoryLimit,
        queue_time: Duration::from_micros(1),
        execution_time: HOUR,
        finished_at: OffsetDateTime::from_unix_timestamp_nanos(micros).unwrap(),
    }
}

/// A submission that is done.
async fn done(store: &dyn Everything, submission: Submission) -> RecentSubmission {
    store.submit_finished(&submission, &ok()).await.unwrap();
    recent_of(&submission, OffsetDateTime::now_utc())
}

async fn additions_to_a_stretch_add_up_also_after_a_restart(scratch: impl Scratch) {
    let store = scratch.store();
    let start = minute(5 * MINUTE);
    assert_eq!(all(store, Resolution::Fine).await, []);
    add(store, start, happened(2, 7, 9)).await;
    let scratch = scratch.restarted().await;
    let store = scratch.store();
    add(store, start, happened(3, 7, 4)).await;
    add(store, start + FINE, happened(1, -8, 1)).await;

    let mut first = happened(5, 7, 9);
    let second = happened(1, -8, 1);
    let fine = [Stretch { start, happened: first.clone() }, Stretch { start: start + FINE, happened: second.clone() }];
    assert_eq!(all(store, Resolution::Fine).await, fine);
    first.add(&second);
    assert_eq!(all(store, Resolution::Coarse).await, [Stretch { start, happened: first }]);
}

async fn what_nobody_saw_is_none_and_takes_nothing_from_what_was_seen(scratch: impl Scratch) {
    let store = scratch.store();
    let start = minute(MINUTE);
    let seen = Happened { levels: Levels { running: Some(0), ..Levels::default() }, ..Happened::default() };
    for happened in [Happened::default(), seen.clone(), Happened::default()] {
        add(store, start, happened).await;
    }
    assert_eq!(all(store, Resolution::Coarse).await, [Stretch { start, happened: seen }]);
}

async fn stretches_are_gathered_by_steps_and_cut_at_the_ends_that_were_asked_for(scratch: impl Scratch) {
    let store = scratch.store();
    // A multiple of ten minutes, some time ago.
    let hour_ago = minute(HOUR).unix_timestamp();
    let begin = OffsetDateTime::from_unix_timestamp(hour_ago - hour_ago % 600).unwrap();
    for minutes in 0..30 {
        add(store, begin + minutes * MINUTE, happened(1, 0, u64::from(minutes))).await;
    }
    let found = store.history(Resolution::Coarse, begin + 10 * MINUTE, begin + 25 * MINUTE, 10 * MINUTE).await.unwrap();
    let told: Vec<_> = found.iter().map(|at| (at.start - begin, finished(std::slice::from_ref(at)))).collect();
    assert_eq!(told, [((10 * MINUTE).try_into().unwrap(), 10), ((20 * MINUTE).try_into().unwrap(), 5)]);
    assert_eq!(found[0].happened.levels.queued, Some(19), "the most");
    assert_eq!(found[1].happened.levels.queued, Some(24));
}

async fn each_resolution_is_kept_for_its_time_and_then_deleted(scratch: impl Scratch) {
    let store = scratch.store();
    for ago in [26 * HOUR, 24 * HOUR, HOUR / 2, HOUR / 6] {
        add(store, minute(ago), happened(1, 3, 0)).await;
    }
    // A clock that was ahead.
    add(store, minute(Duration::ZERO) + 30 * HOUR, happened(1, 3, 0)).await;
    let starts = |stretches: Vec<Stretch>| stretches.into_iter().map(|stretch| stretch.start).collect::<Vec<_>>();
    let fine = starts(all(store, Resolution::Fine).await);
    assert_eq!(fine, [minute(HOUR / 6)]);
    assert_eq!(starts(all(store, Resolution::Coarse).await).len(), 3);

    // However long it goes on, there is no more in the file than for that time.
    let day: Vec<Stretch> = (0..26 * 360)
        .map(|step| Stretch { start: OffsetDateTime::now_utc() - step * FINE, happened: happened(1, 3, 0) })
        .collect();
    store.add_history(&day, &[]).await.unwrap();
    for rows in [
        scratch.number("SELECT count(*) FROM history_finished").await,
        scratch.number("SELECT count(*) FROM history_times").await,
        scratch.number("SELECT count(*) FROM history_levels").await,
    ] {
        assert!((1600..=25 * 60 + 20 * 6 + 2).contains(&rows), "{rows}");
    }
}

async fn the_list_of_the_last_has_the_very_last_first_and_an_end(scratch: impl Scratch) {
    let store = scratch.store();
    let mut last = Vec::new();
    for number in 0..MOST_RECENT + 5 {
        let mut recent = done(store, submission()).await;
        recent.finished_at += number * Duration::from_micros(1);
        last.push(recent);
    }
    let (first, rest) = last.split_at(3);
    store.add_history(&[], first).await.unwrap();
    store.add_history(&[], rest).await.unwrap();
    // A second time, as after a failure whose outcome nobody knew.
    store.add_history(&[], rest).await.unwrap();
    last.reverse();
    assert_eq!(store.recent(2).await.unwrap(), last[..2]);
    assert_eq!(store.recent(u32::MAX).await.unwrap(), last[..MOST_RECENT as usize]);
}

async fn what_is_deleted_or_not_to_stay_is_in_no_list(scratch: impl Scratch) {
    let store = scratch.store();
    let mut recents = Vec::new();
    for change in [
        Submission { no_store: true, ..submission() },
        submission(),
        Submission { student: Some("s-1".to_owned()), ..submission() },
        submission(),
        submission(),
    ] {
        recents.push(done(store, change).await);
    }
    let [passing, cancelled, erased, expired, before] = recents.try_into().unwrap();
    store.cancel(OWNER, before.id).await.unwrap();
    let unknown = recent_of(&submission(), OffsetDateTime::now_utc());
    let waiting = submission();
    store.submit(&waiting).await.unwrap();
    let waiting = recent_of(&waiting, OffsetDateTime::now_utc());
    let told = [&passing, &cancelled, &erased, &expired, &before, &unknown, &waiting].map(Clone::clone);
    store.add_history(&[], &told).await.unwrap();
    let ids = async || store.recent(100).await.unwrap().into_iter().map(|recent| recent.id).collect::<Vec<_>>();
    assert_eq!(ids().await, [expired.id, erased.id, cancelled.id]);

    store.cancel(OWNER, cancelled.id).await.unwrap();
    assert_eq!(ids().await, [expired.id, erased.id]);
    store.erase(OWNER, "s-1").await.unwrap();
    assert_eq!(ids().await, [expired.id]);
    scratch.tamper("UPDATE reports SET finished_at = finished_at - 7200000000").await;
    store.clean(HOUR).await.unwrap();
    assert_eq!(ids().await, []);
}

async fn what_owners_used_is_told_by_day_and_month(scratch: impl Scratch) {
    let store = scratch.store();
    for verdict in [Verdict::TimeLimit, Verdict::Ok] {
        store.submit(&submission()).await.unwrap();
        store.finish(claimed(store).await.lease, &report(verdict, HOUR)).await.unwrap();
    }
    for owner in ["school-b", "school-c"] {
        let other = Submission { owner: owner.to_owned(), ..submission() };
        store.submit_finished(&other, &ok()).await.unwrap();
    }
    // The first day of thirty, and the one before it.
    scratch.tamper("UPDATE usage_by_day SET day = day - CASE owner WHEN 'school-c' THEN 30 ELSE 29 END WHERE owner <> 'school-a'").await;
    let used = store.used_lately(&[OWNER, "school-b", "school-c", "nobody", "q\"'"]).await.unwrap();
    assert_eq!(used.keys().collect::<Vec<_>>(), [OWNER, "school-b"]);
    assert_eq!(used[OWNER].today, store.usage(OWNER).await.unwrap().today);
    assert_eq!(used[OWNER].month, used[OWNER].today);
    assert_eq!(used[OWNER].today.by_verdict, [(Verdict::Ok, 1), (Verdict::TimeLimit, 1)]);
    assert_eq!((used["school-b"].today.submissions, used["school-b"].month.submissions), (0, 1));
}
