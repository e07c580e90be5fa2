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

/// Calls of the launcher without which its loop can not go on, and one that it makes more often for its first box.
const WANTS_A_NEW_LAUNCHER: [&str; 6] = ["mkdir", "poll", "ppoll", "recvmsg", "restart_syscall", "waitid"];

/// How often each process made each call.
type Calls = BTreeMap<(Place, String), u32>;

/// A path undisturbed: what every attempt that was not stopped must be equal to.
struct Model {
    path: &'static Path,
    told: String,
    states: BTreeMap<u32, Vec<String>>,
    /// The calls up to the answer.
    answered: Calls,
}

/// How a box took the failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    /// The caller was told.
    Closed,
    /// The box was as strong as ever.
    None,
    /// There were fewer such calls this time.
    NotReached,
}

/// Counts over all tests.
#[derive(Default)]
pub struct Tally {
    closed: AtomicUsize,
    none: AtomicUsize,
    not_reached: AtomicUsize,
}

/// Records every path and makes a test of each call.
pub fn trials(bench: &Arc<Bench>, tally: &Arc<Tally>) -> Result<Vec<Trial>, String> {
    let all = std::env::var_os(ALL).is_some();
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
            let occurrences = if all || path.thorough { (1..=count).collect() } else { some_of(place, count) };
            let faults = occurrences.into_iter().map(|occurrence| Fault { place, call: call.clone(), occurrence });
            let faults: Vec<Fault> = faults.collect();
            let (bench, tally, model) = (Arc::clone(bench), Arc::clone(tally), Arc::clone(&model));
            trials.push(Trial::test(name, move || model.judge_all(&bench, &faults, &tally).map_err(Failed::from)));
        }
    }
    Ok(trials)
}

/// In a first box the first, the last and one between; in a box that another has to come before, one.
fn some_of(place: Place, count: u32) -> BTreeSet<u32> {
    let between = count.div_ceil(2);
    if place.number == 1 { BTreeSet::from([1, between, count]) } else { BTreeSet::from([between]) }
}

/// What an undisturbed submission does, seen twice: to its answer, and to the launcher's end.
fn record(bench: &Bench, path: &'static Path) -> Result<(Model, Calls), String> {
    let launched = bench.launch()?;
    let first = launched.attempt(path, None)?;
    launched.end(true)?;
    let second = bench.launch()?.attempt_to_the_end(path, None)?;
    let (answered, calls) = (first.trace.calls(), second.trace.calls());
    let (states, again) = (owned(&first), owned(&second));
    let model = Model { path, told: told(&first.result?), states, answered };
    model.same(&told(&second.result?), &again).map_err(|reason| format!("{}: two differ: {reason}", path.name))?;
    Ok((model, calls))
}

fn owned(attempt: &Attempt) -> BTreeMap<u32, Vec<String>> {
    let states = attempt.trace.states().into_iter();
    states.map(|(number, facts)| (number, facts.into_iter().map(str::to_owned).collect())).collect()
}

/// Calls whose failure says nothing.
fn is_left_out(call: &str) -> bool {
    // It does not return, and so can not fail.
    call == "exit_group"
}

impl Model {
    /// Every fault, in one launcher for as long as it is sound.
    fn judge_all(&self, bench: &Bench, faults: &[Fault], tally: &Tally) -> Result<(), String> {
        let mut wrong = Vec::new();
        let mut launched = bench.launch()?;
        for fault in faults {
            let attempt = if self.wants_a_new_launcher(fault) {
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

    /// Is it made by the launcher when it ends, or one of those?
    fn wants_a_new_launcher(&self, fault: &Fault) -> bool {
        let Fault { place, call, occurrence } = fault;
        let before_the_answer = self.answered.get(&(*place, call.clone())).copied().unwrap_or_default();
        place.part == Part::Launcher
            && (*occurrence > before_the_answer || WANTS_A_NEW_LAUNCHER.contains(&call.as_str()))
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

/// How often the launcher looks around depends on the clock; all else is the same every time.
fn not_reached(fault: &Fault) -> Result<Effect, String> {
    let depends = ["poll", "ppoll", "waitid", "read", "openat", "close", "fcntl", "statx", "pidfd_send_signal"]
        .contains(&fault.call.as_str());
    if fault.place.part == Part::Launcher && depends {
        return Ok(Effect::NotReached);
    }
    Err("the call was not made".to_owned())
}

/// The operator learns where it was, and with what: `step: call: cause`.
fn names_a_step(error: &str) -> Result<(), String> {
    let steps = ["launcher", "request", "cgroup", "clone", "box set-up", "program start", "teardown"];
    let rest = error.strip_prefix("run a box: ").unwrap_or_default();
    let named = steps.iter().any(|step| rest.strip_prefix(step).is_some_and(|rest| rest.splitn(3, ": ").count() == 3));
    if named { Ok(()) } else { Err(format!("the error names no step and call: {error}")) }
}

/// Before the fork of the program nothing may have come of it. The launcher may fail while the program is being
/// started; then no other box may have been made.
fn nothing_was_started(place: Place, before: &[Line], after: &[Line]) -> Result<(), String> {
    let number = place.number;
    let wrong = match place.part {
        Part::Launcher => after.iter().any(|line| matches!(line, Line::Built(_))),
        Part::Builder => !before.contains(&Line::Forked(number)) && after.contains(&Line::Started(number)),
        Part::Program => after.contains(&Line::Started(number)),
    };
    if wrong { Err("code was started all the same".to_owned()) } else { Ok(()) }
}

impl Tally {
    fn count(&self, effect: Effect) {
        let counter = match effect {
            Effect::Closed => &self.closed,
            Effect::None => &self.none,
            Effect::NotReached => &self.not_reached,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { closed, none, not_reached } = self;
        let count = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        let (closed, none, not_reached) = (count(closed), count(none), count(not_reached));
        write!(f, "failures: {closed} failed closed, {none} did not matter, {not_reached} calls were not made again")
    }
}
