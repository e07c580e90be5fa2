//! Boxes of one submission side by side, while workers are idle.
//!
//! A submission has one permit from its start to its end, and with it a lane: the thread it runs on. While permits are left
//! it takes further ones, each for one box, in threads that end when there is no more to do:
//!
//! ```text
//! own      [box] [box] [   box   ] [box]
//! further    [box] [box]           [box] [box]
//!                       ^         ^
//!                       |         free again: the own lane asks before each box
//!                       given back, as after each box: somebody waits and gets it
//! ```
//!
//! The semaphore hands a permit that is given back to whoever waits longest, and `try_acquire` finds none while anybody waits. So
//! another submission, or a probe, waits for one box at the longest, and there are never more boxes than workers.
//!
//! There are no more lanes than processors either. Processor time is counted per box, but the wall limit is a clock: it
//! would run while a program waits for a processor that another input of the same submission has.

use std::iter;
use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Scope};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

use super::turns::Lane;

/// The right to run boxes, and how many of one submission may run at the same time.
pub struct Lanes {
    free: Arc<Semaphore>,
    most: usize,
}

/// What several lanes can do.
pub trait Work: Sync {
    /// What is done in one box.
    type Turn: Copy + Send;

    /// What this lane is to do now; `None` if there is nothing for it.
    fn next(&self, lane: Lane) -> Option<Self::Turn>;

    /// Does it.
    fn take(&self, turn: Self::Turn);
}

impl Lanes {
    /// For so many boxes at the same time.
    pub fn new(workers: u16) -> Self {
        let workers = usize::from(workers);
        let processors = thread::available_parallelism().map_or(1, NonZero::get);
        Self { free: Arc::new(Semaphore::new(workers)), most: workers.min(processors) }
    }

    /// Waits for the right to run one box at a time.
    pub async fn permit(&self) -> Result<OwnedSemaphorePermit, AcquireError> {
        Arc::clone(&self.free).acquire_owned().await
    }

    /// Does all of it, beginning in this thread, whose caller has a permit. Returns when everything that began has ended.
    pub fn work<W: Work>(&self, work: &W) {
        let further = AtomicUsize::new(0);
        // Again for what the last turn of a further lane gave rise to, if somebody else has its permit by then.
        while let Some(first) = work.next(Lane::Own) {
            thread::scope(|scope| {
                for turn in iter::once(first).chain(iter::from_fn(|| work.next(Lane::Own))) {
                    self.begin_further_lanes(scope, &further, work);
                    work.take(turn);
                }
            });
        }
    }

    fn begin_further_lanes<'scope, W: Work>(
        &'scope self,
        scope: &'scope Scope<'scope, '_>,
        further: &'scope AtomicUsize,
        work: &'scope W,
    ) where
        W::Turn: 'scope,
    {
        while further.load(Ordering::Acquire) + 1 < self.most
            && let Some((permit, turn)) = self.further_turn(work)
        {
            further.fetch_add(1, Ordering::AcqRel);
            let lane = move || {
                self.further_lane(permit, turn, work);
                further.fetch_sub(1, Ordering::AcqRel);
            };
            if thread::Builder::new().spawn_scoped(scope, lane).is_err() {
                further.fetch_sub(1, Ordering::AcqRel);
                // It takes longer without a thread, and nothing else.
                return work.take(turn);
            }
        }
    }

    fn further_lane<W: Work>(&self, permit: OwnedSemaphorePermit, turn: W::Turn, work: &W) {
        let mut next = Some((permit, turn));
        while let Some((permit, turn)) = next {
            work.take(turn);
            drop(permit);
            next = self.further_turn(work);
        }
    }

    /// Something to do, and the right to do it beside the rest.
    fn further_turn<W: Work>(&self, work: &W) -> Option<(OwnedSemaphorePermit, W::Turn)> {
        let permit = self.further_permit()?;
        Some((permit, work.next(Lane::Further)?))
    }

    /// A permit that nobody waits for.
    fn further_permit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.free).try_acquire_owned().ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Condvar, Mutex};
    use std::task::{Context, Poll, Waker};
    use std::time::{Duration, Instant};

    use super::super::lock;
    use super::*;

    /// The deadline of every wait.
    const PATIENCE: Duration = Duration::from_secs(60);

    /// What became of some turns.
    struct Stage {
        seen: Mutex<Seen>,
        changed: Condvar,
    }

    #[derive(Default)]
    struct Seen {
        left: usize,
        /// The lane of each turn, in the order in which they began.
        began: Vec<Lane>,
        ended: usize,
        most_at_once: usize,
        /// How often the own lane was told that there is nothing to do.
        own_idle: usize,
        /// Something that only one test knows.
        told: bool,
    }

    impl Stage {
        fn change(&self, change: impl FnOnce(&mut Seen)) {
            change(&mut lock(&self.seen));
            self.changed.notify_all();
        }

        fn wait_until(&self, what: impl Fn(&Seen) -> bool) {
            let seen = lock(&self.seen);
            let waited = self.changed.wait_timeout_while(seen, PATIENCE, |seen| !what(seen));
            assert!(!waited.expect("nobody panicked").1.timed_out(), "it did not come to pass");
        }
    }

    /// Turns that do as a test says, knowing their number and their lane.
    struct Script<F> {
        stage: Stage,
        take: F,
    }

    impl<F: Fn(&Stage, usize, Lane) + Sync> Script<F> {
        fn new(turns: usize, take: F) -> Self {
            let seen = Mutex::new(Seen { left: turns, ..Seen::default() });
            Self { stage: Stage { seen, changed: Condvar::new() }, take }
        }
    }

    impl<F: Fn(&Stage, usize, Lane) + Sync> Work for Script<F> {
        type Turn = (usize, Lane);

        fn next(&self, lane: Lane) -> Option<(usize, Lane)> {
            let mut turn = None;
            self.stage.change(|seen| {
                if seen.left == 0 {
                    seen.own_idle += usize::from(lane == Lane::Own);
                    return;
                }
                seen.left -= 1;
                turn = Some((seen.began.len(), lane));
                seen.began.push(lane);
                seen.most_at_once = seen.most_at_once.max(seen.began.len() - seen.ended);
            });
            turn
        }

        fn take(&self, (turn, lane): (usize, Lane)) {
            (self.take)(&self.stage, turn, lane);
            self.stage.change(|seen| seen.ended += 1);
        }
    }

    fn lanes(workers: usize, most: usize) -> Lanes {
        Lanes { free: Arc::new(Semaphore::new(workers)), most }
    }

    /// Does the work as a submission does, and says what was seen and how many permits are free then.
    fn seen<F: Fn(&Stage, usize, Lane) + Sync>(lanes: &Lanes, script: Script<F>) -> (Seen, usize) {
        let own = lanes.further_permit().expect("one is free");
        lanes.work(&script);
        drop(own);
        (script.stage.seen.into_inner().expect("nobody panicked"), lanes.free.available_permits())
    }

    #[test]
    fn as_many_run_side_by_side_as_there_are_workers_processors_and_turns() {
        // Workers, processors, turns; and how many then run at the same time.
        let cases = [(1, 9, 5, 1), (2, 2, 1, 1), (9, 1, 5, 1), (2, 9, 6, 2), (9, 3, 9, 3), (9, 9, 4, 4), (4, 4, 0, 0)];
        for (workers, processors, turns, expected) in cases {
            // So many meet that nobody can go on before all of them run.
            let meet = Script::new(turns, move |stage, turn, _| {
                let all = (turn / expected + 1) * expected;
                stage.wait_until(|seen| seen.began.len() >= all.min(turns));
            });
            let (seen, free) = seen(&lanes(workers, processors), meet);
            assert_eq!(seen.most_at_once, expected, "{workers} workers, {processors} processors, {turns} turns");
            assert_eq!((seen.ended, seen.left, free), (turns, 0, workers));
        }
    }

    #[test]
    fn a_permit_that_somebody_waits_for_is_not_taken() {
        let lanes = lanes(2, 2);
        let busy = lanes.further_permit();
        let own = lanes.further_permit();
        let mut waiting = std::pin::pin!(lanes.permit());
        let mut context = Context::from_waker(Waker::noop());
        assert!(waiting.as_mut().poll(&mut context).is_pending());
        drop(busy);
        // It belongs to who waits, who has not even noticed yet.
        let script = Script::new(5, |_, _, _| {});
        lanes.work(&script);
        assert_eq!(lock(&script.stage.seen).began, [Lane::Own; 5]);
        assert!(waiting.as_mut().poll(&mut context).is_ready());
        drop(own);
    }

    #[test]
    fn who_begins_to_wait_has_a_permit_after_one_box_and_it_is_taken_again_when_it_is_free() {
        let lanes = lanes(2, 2);
        let waiting = Mutex::new(Box::pin(lanes.permit()));
        let poll = || lock(&waiting).as_mut().poll(&mut Context::from_waker(Waker::noop()));
        let others = Mutex::new(None);
        let script = Script::new(9, |stage, turn, _| match turn {
            // Two run, and somebody begins to wait.
            0 => {
                stage.wait_until(|seen| seen.began.len() == 2);
                assert!(poll().is_pending());
                stage.change(|seen| seen.told = true);
            }
            1 => stage.wait_until(|seen| seen.told),
            // One has the permit now, as soon as the other box has ended, and gives it back later.
            2 => {
                stage.wait_until(|seen| seen.ended >= 2);
                let deadline = Instant::now() + PATIENCE;
                while lock(&others).is_none() {
                    assert!(Instant::now() < deadline, "the permit was not given back");
                    match poll() {
                        Poll::Ready(permit) => *lock(&others) = permit.ok(),
                        Poll::Pending => thread::yield_now(),
                    }
                }
            }
            5 => drop(lock(&others).take()),
            7 => stage.wait_until(|seen| seen.began.len() == 9),
            _ => {}
        });
        let (seen, free) = seen(&lanes, script);
        assert_eq!(seen.began[2..6], [Lane::Own; 4], "{:?}", seen.began);
        assert!(seen.began[6..].contains(&Lane::Further), "{:?}", seen.began);
        assert_eq!((seen.ended, free), (9, 2));
    }

    #[test]
    fn what_a_further_lane_leaves_is_done_by_the_own_one() {
        let lanes = lanes(2, 2);
        let mut waiting = std::pin::pin!(lanes.permit());
        let waiting = Mutex::new(waiting.as_mut());
        let script = Script::new(2, |stage, _, lane| {
            stage.wait_until(|seen| seen.began.len() >= 2);
            if lane == Lane::Further {
                // The own lane has nothing to do, and somebody waits for the permit of this one.
                stage.wait_until(|seen| seen.own_idle == 1);
                assert!(lock(&waiting).as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
                stage.change(|seen| seen.left = 1);
            }
        });
        let (seen, _) = seen(&lanes, script);
        assert_eq!((seen.ended, seen.left, seen.began[2]), (3, 0, Lane::Own));
    }

    #[test]
    fn a_panic_in_a_lane_keeps_no_permit() {
        let lanes = lanes(2, 2);
        let script = Script::new(2, |stage, _, lane| {
            stage.wait_until(|seen| seen.began.len() == 2);
            assert_eq!(lane, Lane::Own);
        });
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| seen(&lanes, script)));
        assert!(panicked.is_err());
        assert_eq!(lanes.free.available_permits(), 2);
    }
}
