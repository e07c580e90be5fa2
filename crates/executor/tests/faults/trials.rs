//! The tests: one for each call of each process on each path, and the judgement of each failure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use libtest_mimic::{Failed, Trial};

use crate::attempt::{Attempt, Bench};
use crate::path::{PATHS, Path, told};
use crate::trace::{Fault, Line, Part, Place};

/// Set to anything, each occurrence of each call fails on all paths.
const ALL: &str = "FAULTS_ALL";

/// How often each process made each call.
pub type Calls = BTreeMap<(Place, String), u32>;

/// A path undisturbed: what every attempt that was not stopped must be equal to.
struct Model {
    path: &'static Path,
    told: String,
    states: BTreeMap<u32, Vec<String>>,
}

/// How a box took the failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The caller was told.
    Closed,
    /// The answer came from another box, as strong as ever.
    Anew,
    /// The box was as strong as ever.
    None,
    /// There were fewer such calls this time.
    NotReached,
}

/// Counts over all tests.
#[derive(Default)]
pub struct Tally {
    closed: AtomicUsize,
    anew: AtomicUsize,
    none: AtomicUsize,
    not_reached: AtomicUsize,
}

/// Records every path and makes a test of each call.
pub fn trials(bench: &Arc<Bench>, tally: &Arc<Tally>) -> Result<Vec<Trial>, String> {
    let all = wants_all();
    let mut trials = Vec::new();
    for path in &PATHS {
        let (model, calls) = record(bench, path)?;
        let model = Arc::new(model);
        for ((place, call), count) in calls {
            if !(path.disturbs)(place) || is_left_out(&call) || path.only.is_some_and(|only| only != call) {
                continue;
            }
            let number = if place.part == Part::Launcher { String::new() } else { place.number.to_string() };
            let name = format!("{}/{}{number}/{call}", path.name, place.part.name());
            let is_thorough = all || path.thorough && place.part != Part::Launcher;
            let occurrences = if is_thorough { (1..=count).collect() } else { some_of(place, count) };
            let faults = occurrences.into_iter().map(|occurrence| Fault { place, call: call.clone(), occurrence });
            let faults: Vec<Fault> = faults.collect();
            let (bench, tally, model) = (Arc::clone(bench), Arc::clone(tally), Arc::clone(&model));
            trials.push(Trial::test(name, move || model.judge_all(&bench, &faults, &tally).map_err(Failed::from)));
        }
    }
    Ok(trials)
}

/// Is every occurrence of every call to fail?
pub fn wants_all() -> bool {
    std::env::var_os(ALL).is_some()
}

/// In a first box the first, the last and one between; in a box that another has to come before, one.
fn some_of(place: Place, count: u32) -> BTreeSet<u32> {
    let between = count.div_ceil(2);
    if place.number == 1 { BTreeSet::from([1, between, count]) } else { BTreeSet::from([between]) }
}

/// What an undisturbed submission does, seen twice: to its answer, and to the launcher's end, which the calls are of.
fn record(bench: &Bench, path: &'static Path) -> Result<(Model, Calls), String> {
    let launched = bench.launch()?;
    let first = launched.attempt(path, None)?;
    launched.end(true)?;
    let second = bench.launch()?.attempt_to_the_end(path, None)?;
    let calls = second.trace.calls();
    let (states, again) = (owned(&first), owned(&second));
    let model = Model { path, told: told(&first.result?), states };
    model.same(&told(&second.result?), &again).map_err(|reason| format!("{}: two differ: {reason}", path.name))?;
    Ok((model, calls))
}

fn owned(attempt: &Attempt) -> BTreeMap<u32, Vec<String>> {
    let states = attempt.trace.states().into_iter();
    states.map(|(number, facts)| (number, facts.into_iter().map(str::to_owned).collect())).collect()
}

/// Calls that can not fail: one does not return, the others have no errors.
pub fn is_left_out(call: &str) -> bool {
    ["exit_group", "getppid", "sched_yield"].contains(&call)
}

/// A launcher makes other calls for its first box than for the next, and a tree only then.
fn wants_a_new_launcher(fault: &Fault) -> bool {
    matches!(fault.place.part, Part::Launcher | Part::Tree)
}

impl Model {
    /// Every fault, in one launcher for as long as it is sound.
    fn judge_all(&self, bench: &Bench, faults: &[Fault], tally: &Tally) -> Result<(), String> {
        let mut wrong = Vec::new();
        let mut launched = bench.launch()?;
        for fault in faults {
            let attempt = if wants_a_new_launcher(fault) {
                bench.launch().and_then(|launched| launched.attempt_to_the_end(self.path, Some(fault)))
            } else {
                launched.attempt(self.path, Some(fault))
            };
            match attempt.and_then(|attempt| self.judge(fault, &attempt)) {
                Ok(effect) => tally.count(effect),
                Err(reason) => wrong.push(format!("{fault}: {reason}")),
            }
            if !launched.is_sound() {
                launched.end(fault.place.part != Part::Launcher)?;
                launched = bench.launch()?;
            }
        }
        let next = launched.run(self.path).and_then(|report| self.same(&told(&report), &self.states));
        wrong.extend(
            next.and_then(|()| launched.end(true)).err().map(|reason| format!("the next submission: {reason}")),
        );
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n")) }
    }

    fn judge(&self, fault: &Fault, attempt: &Attempt) -> Result<Effect, String> {
        let Some((before, after)) = attempt.trace.around_the_fault() else { return not_reached(fault) };
        match &attempt.result {
            Err(error) => {
                names_a_step(error)?;
                nothing_was_started(fault.place, before, after)?;
                Ok(Effect::Closed)
            }
            Ok(report) => {
                self.same(&told(report), &owned(attempt))?;
                Ok(if attempt.ended.is_ok() { Effect::None } else { Effect::Closed })
            }
        }
    }

    /// The boxes of the path, not those of what was run after it.
    fn same(&self, told: &str, states: &BTreeMap<u32, Vec<String>>) -> Result<(), String> {
        if told != self.told {
            return Err(format!("the answer is another: {told}\ninstead of: {}", self.told));
        }
        for (number, facts) in &self.states {
            let seen = states.get(number).map(Vec::as_slice).unwrap_or_default();
            let differs = |here: &[String], there: &[String]| -> Vec<String> {
                here.iter().filter(|fact| !there.contains(fact)).cloned().collect()
            };
            let (more, less) = (differs(seen, facts), differs(facts, seen));
            if !(more.is_empty() && less.is_empty()) {
                return Err(format!("box {number} is another: {more:#?}\ninstead of: {less:#?}"));
            }
        }
        Ok(())
    }
}

fn not_reached(fault: &Fault) -> Result<Effect, String> {
    if changes_with_the_clock(fault) { Ok(Effect::NotReached) } else { Err("the call was not made".to_owned()) }
}

/// How often the launcher looks around depends on the clock, and so does whether its heap has to grow (`brk`) for what it
/// keeps at a time; all else is the same every time.
pub fn changes_with_the_clock(fault: &Fault) -> bool {
    let depends = ["brk", "poll", "ppoll", "waitid", "read", "openat", "close", "fcntl", "statx", "pidfd_send_signal"]
        .contains(&fault.call.as_str());
    fault.place.part == Part::Launcher && depends
}

/// The operator learns where it was, and with what: `step: call: cause`.
pub fn names_a_step(error: &str) -> Result<(), String> {
    let steps = ["launcher", "request", "cgroup", "clone", "box set-up", "program start", "teardown"];
    // What an executor adds.
    let rest = error.strip_prefix("run a box: ").unwrap_or(error);
    let named = steps.iter().any(|step| rest.strip_prefix(step).is_some_and(|rest| rest.splitn(3, ": ").count() == 3));
    if named { Ok(()) } else { Err(format!("the error names no step and call: {error}")) }
}

/// Before the fork of the program nothing may have come of it. The launcher may fail while the program is being
/// started; then no other box may have been made.
fn nothing_was_started(place: Place, before: &[Line], after: &[Line]) -> Result<(), String> {
    let number = place.number;
    let wrong = match place.part {
        Part::Launcher | Part::Tree => after.iter().any(|line| matches!(line, Line::Built(_))),
        Part::Builder => !before.contains(&Line::Forked(number)) && after.contains(&Line::Started(number)),
        Part::Copier | Part::Program => after.contains(&Line::Started(number)),
        // They have no part in boxes that are started cold.
        Part::Template | Part::Forker | Part::Between => true,
    };
    if wrong { Err("code was started all the same".to_owned()) } else { Ok(()) }
}

impl Tally {
    /// One more.
    pub fn count(&self, effect: Effect) {
        let counter = match effect {
            Effect::Closed => &self.closed,
            Effect::Anew => &self.anew,
            Effect::None => &self.none,
            Effect::NotReached => &self.not_reached,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { closed, anew, none, not_reached } = self;
        let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        let (closed, anew, none, not_reached) = (count(closed), count(anew), count(none), count(not_reached));
        write!(
            f,
            "failures: {closed} failed closed, after {anew} another box was made, {none} did not matter, \
             {not_reached} calls were not made again"
        )
    }
}
