//! The first pass: one case at a time, an ordinary submission and one with a secret beside it, and an ordinary one
//! right after it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::bench::Bench;
use crate::cases::Case;
use crate::checks::{self, Outcome};
use crate::finding::Finding;
use crate::host::{Place, most_tasks};
use crate::ordinary;

/// How often the tasks of a box are counted.
const SAMPLE: Duration = Duration::from_millis(2);

/// Runs one case with all checks.
pub fn run(bench: &mut Bench<'_>, case: &Case) -> Outcome {
    let (client, canaries) = (&bench.server.client, bench.canaries);
    let (mut outcome, neighbours, tasks) = std::thread::scope(|scope| {
        let beside = scope.spawn(|| ordinary::neighbour(client));
        let keeper = scope.spawn(|| ordinary::keeper(client, canaries));
        let (outcome, tasks) = count_tasks(&bench.server.place, case, || checks::post(client, case, canaries, None));
        let after = ordinary::neighbour(client);
        let [beside, keeper] = [beside, keeper].map(|thread| thread.join().expect("does not panic"));
        (outcome, [("beside it", beside), ("with a secret beside it", keeper), ("after it", after)], tasks)
    });
    for (name, answer) in neighbours {
        if let Err(what) = answer {
            outcome.findings.push(Finding::new("U5 neighbours", format!("the submission {name}: {what}")));
        }
    }
    if let Some(most) = case.header.tasks.filter(|most| tasks > *most) {
        outcome
            .findings
            .push(Finding::new(checks::EXPECTATION, format!("at most {most} tasks are expected, seen {tasks}")));
    }
    outcome.findings.extend(bench.look_around());
    outcome
}

/// Counts while `work` is done, if the case has an opinion about it. The neighbours have one task or two.
pub fn count_tasks<T>(place: &Place, case: &Case, work: impl FnOnce() -> T) -> (T, u64) {
    if case.header.tasks.is_none() {
        return (work(), 0);
    }
    let (is_over, most) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                most.fetch_max(most_tasks(place), Ordering::Relaxed);
                std::thread::sleep(SAMPLE);
            }
        });
        let result = work();
        is_over.store(true, Ordering::Relaxed);
        (result, most.load(Ordering::Relaxed))
    })
}
