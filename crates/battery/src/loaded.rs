//! The second pass: several cases at a time while ordinary submissions are always in flight.
//!
//! What is left on the host can only be seen when nothing runs, so the cases come in chunks with a look after each.
//! What is found then is held against every case of the chunk.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::bench::Bench;
use crate::canaries::Canaries;
use crate::cases::Case;
use crate::checks::{self, Outcome};
use crate::client::Client;
use crate::finding::Finding;
use crate::ordinary;

/// Ordinary submissions in flight at any time.
const ORDINARY: usize = 20;

/// Cases at the same time.
const CASES: usize = 3;

/// Cases between two looks at the host.
pub const CHUNK: usize = 12;

/// Runs one chunk; the outcomes are in the order of the cases.
pub fn run(bench: &mut Bench<'_>, chunk: &[&Case]) -> Vec<Outcome> {
    let (mut outcomes, wrong) = under_load(&bench.server.client, bench.canaries, chunk);
    let mut found: Vec<Finding> = wrong.into_iter().map(|what| Finding::new("U5 neighbours", what)).collect();
    found.extend(bench.look_around());
    for outcome in &mut outcomes {
        outcome.findings.extend(found.iter().cloned());
    }
    outcomes
}

/// The outcomes, and what was wrong with ordinary submissions.
fn under_load(client: &Client, canaries: &Canaries, chunk: &[&Case]) -> (Vec<Outcome>, Vec<String>) {
    let (is_over, wrong) = (AtomicBool::new(false), Mutex::new(Vec::new()));
    let todo: Mutex<VecDeque<_>> = Mutex::new(chunk.iter().enumerate().collect());
    let done = Mutex::new(Vec::new());
    // One in five keeps a secret.
    let ordinary = |number: usize| {
        if number.is_multiple_of(5) { ordinary::keeper(client, canaries) } else { ordinary::neighbour(client) }
    };
    let neighbour = |number| {
        while !is_over.load(Ordering::Relaxed) {
            if let Err(what) = ordinary(number) {
                return wrong.lock().expect("nobody panics").push(what);
            }
        }
    };
    let lane = || {
        loop {
            let next = todo.lock().expect("nobody panics").pop_front();
            let Some((index, case)) = next else { return };
            let outcome = checks::post(client, case, canaries, None);
            done.lock().expect("nobody panics").push((index, outcome));
        }
    };
    std::thread::scope(|scope| {
        (0..ORDINARY).for_each(|number| {
            drop(scope.spawn({
                let neighbour = &neighbour;
                move || neighbour(number)
            }))
        });
        let lanes: Vec<_> = (0..CASES).map(|_| scope.spawn(lane)).collect();
        lanes.into_iter().for_each(|lane| lane.join().expect("does not panic"));
        is_over.store(true, Ordering::Relaxed);
    });
    let mut done = done.into_inner().expect("nobody panics");
    done.sort_by_key(|(index, _)| *index);
    (done.into_iter().map(|(_, outcome)| outcome).collect(), wrong.into_inner().expect("nobody panics"))
}
