//! Boxes that are made before they are used: the same faults, and the same two ways to take them.
//!
//! Here a third is right as well: what was prepared is given up and another box is made, from which the answer comes.
//! That one may have been started cold, so a program may look like either. A client of the launcher's is used, because an
//! executor makes boxes when it likes. Each attempt has a launcher of its own and uses two boxes: after a fault in
//! anybody but the launcher the second has to be right.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use executor::LoadedLanguage;
use libtest_mimic::{Failed, Trial};
use model::{Mode, WarmKind};
use sandbox::{
    BoxFile, BoxOutcome, BoxRequest, FileKind, Launcher, LauncherConfig, Limits, SandboxError, Slot, StopFlag,
};

use crate::attempt::{Bench, launcher_command};
use crate::left::Owner;
use crate::path::without_uid;
use crate::trace::{Fault, Line, Part, Place, Trace, Tracing};
use crate::trials::{Calls, Effect, Tally, changes_with_the_clock, is_left_out, names_a_step, wants_all};

/// How long a box may take until it waits: longer than the launcher has patience with one.
const PATIENCE: Duration = Duration::from_secs(90);

/// A way to start the program of a box that waits.
pub struct Way {
    /// For names of tests.
    name: &'static str,
    language: &'static str,
    code: &'static str,
    /// Is it started as this language's can be, or cold?
    warm: bool,
    /// Which processes are disturbed, beside PID 1 of a box in what it does for one that waits.
    disturbs: fn(Part) -> bool,
}

/// What PID 1 does to make the gate, to wait there, and to place the files. All else it does as on the path of a run.
const OF_WAITING: [&str; 14] = [
    "clone",
    "fchmod",
    "fchmodat",
    "ioctl",
    "mknodat",
    "openat",
    "recvfrom",
    "recvmsg",
    "rt_sigaction",
    "sendfile",
    "sendmsg",
    "unlinkat",
    "wait4",
    "write",
];

/// By the runner when it is used, by the runner ahead, and by a template.
pub const WAYS: [Way; 3] = [
    Way {
        name: "waits",
        language: "python",
        code: include_str!("inside.py"),
        warm: false,
        disturbs: |part| part == Part::Launcher,
    },
    Way {
        name: "ahead",
        language: "javascript",
        code: "console.log(require('fs').readFileSync(0, 'utf8').trim())",
        warm: true,
        disturbs: |part| part == Part::Launcher,
    },
    Way {
        name: "forked",
        language: "python",
        code: include_str!("inside.py"),
        warm: true,
        disturbs: |part| part != Part::Builder,
    },
];

/// A way undisturbed.
struct Model {
    bench: Waiting,
    told: String,
    /// What a program may look like: as it does when it was started ahead, or cold.
    states: BTreeSet<Vec<String>>,
    boxes: usize,
}

/// A kind of box, and what its program is given.
struct Waiting {
    config: LauncherConfig,
    /// Name and content.
    files: Vec<(String, String)>,
}

/// Two boxes, one after the other.
struct Attempt {
    first: Result<String, String>,
    second: Result<String, String>,
    ended: Result<(), String>,
    trace: Trace,
}

/// Records every way and makes a test of each call.
pub fn trials(bench: &Bench, tally: &Arc<Tally>) -> Result<Vec<Trial>, String> {
    let mut trials = Vec::new();
    for way in &WAYS {
        let (model, calls) = record(bench, way).map_err(|reason| format!("{}: {reason}", way.name))?;
        let model = Arc::new(model);
        for ((place, call), count) in calls {
            // The second box is there to see what the first has left.
            let is_of_waiting = place.part == Part::Builder && OF_WAITING.contains(&call.as_str());
            if !((way.disturbs)(place.part) || is_of_waiting) || place.number > 1 || is_left_out(&call) {
                continue;
            }
            let occurrences = if wants_all() { (1..=count).collect() } else { some_of(place, count) };
            let faults = occurrences.into_iter().map(|occurrence| Fault { place, call: call.clone(), occurrence });
            let faults: Vec<Fault> = faults.collect();
            let (tally, model) = (Arc::clone(tally), Arc::clone(&model));
            let name = format!("{}/{}/{call}", way.name, place.part.name());
            trials.push(Trial::test(name, move || model.judge_all(&faults, &tally).map_err(Failed::from)));
        }
    }
    Ok(trials)
}

/// A launcher and a tree do here what they do for a box that is started cold; of what is new the first and the last fail.
fn some_of(place: Place, count: u32) -> BTreeSet<u32> {
    match place.part {
        Part::Launcher | Part::Tree => BTreeSet::from([count.div_ceil(2)]),
        _ => BTreeSet::from([1, count]),
    }
}

fn record(bench: &Bench, way: &'static Way) -> Result<(Model, Calls), String> {
    let loaded = bench.languages().iter().find(|loaded| loaded.language.id == way.language);
    let loaded = loaded.ok_or("the language is not there")?;
    let cold = Waiting::of(loaded, way, false)?.attempt(None, false)?;
    let bench = Waiting::of(loaded, way, way.warm)?;
    let warm = bench.attempt(None, true)?;
    let states = warm.states().into_iter().chain(cold.states()).collect();
    let boxes = warm.trace.count(|line| matches!(line, Line::Built(_)));
    let calls = warm.trace.calls();
    let model = Model { bench, told: cold.first?, states, boxes };
    for told in [cold.second?, warm.first?, warm.second?] {
        model.is_told(&told)?;
    }
    Ok((model, calls))
}

impl Waiting {
    /// A program of this language.
    fn of(loaded: &LoadedLanguage, way: &Way, is_warm: bool) -> Result<Self, String> {
        let LoadedLanguage { language, harness, root } = loaded;
        let mode = language.modes.get(&Mode::Program).ok_or("has no programs")?;
        let content = |name: &String| harness[name].clone();
        let warm = mode.warm.as_ref().filter(|_| is_warm).map(|spec| sandbox::Warm {
            kind: match spec.kind {
                WarmKind::Process => sandbox::WarmKind::Process,
                WarmKind::Fork => sandbox::WarmKind::Fork,
            },
            argv: spec.command.clone(),
            files: spec.files.iter().map(|name| (format!("/warm/{name}"), content(name))).collect(),
        });
        let template = sandbox::Template {
            name: language.id.clone(),
            root: sandbox::Root::clone(root.as_ref()?),
            argv: mode.run.clone(),
            env: language.env.iter().map(|(name, value)| format!("{name}={value}")).collect(),
            product: None,
            fake_locks: language.fake_locks,
            ceiling: limits(),
            warm,
        };
        let command = launcher_command();
        let zygote = command.runner.with_file_name("code-runner-zygote.so");
        if !zygote.is_file() {
            return Err("`make binaries` builds the library of templates".to_owned());
        }
        let config = LauncherConfig {
            templates: vec![template],
            slots: 1,
            runner: command.runner,
            zygote: Some(zygote),
            strict: false,
            folder: command.ground.folder().to_owned(),
            holes: command.holes,
        };
        let harness = mode.harness.iter().map(|name| (name.clone(), content(name)));
        let files = harness.chain([(mode.source.clone(), way.code.to_owned())]).collect();
        Ok(Self { config, files })
    }

    fn start(&self) -> Result<(Launcher, Slot), String> {
        let command = launcher_command();
        let arguments: Vec<&str> = command.arguments.iter().map(String::as_str).collect();
        let started = Launcher::start(&command.program, &arguments, &self.config);
        let (launcher, mut slots) = started.map_err(|error| error.to_string())?;
        Ok((launcher, slots.pop().ok_or("no slot")?))
    }

    /// Two boxes made ahead of their use or for it, and the launcher's end, with a fault anywhere or none.
    fn attempt(&self, fault: Option<&Fault>, ahead: bool) -> Result<Attempt, String> {
        let (launcher, mut slot) = self.start()?;
        let owner = Owner::of(launcher.pid())?;
        let tracing = Tracing::begin(launcher.pid(), fault)?;
        let mut used = || self.use_box(&mut slot, ahead).map_err(|error| error.to_string());
        let (first, second) = (used(), used());
        drop(slot);
        let ended = launcher.wait().map_err(|error| error.to_string());
        let trace = tracing.end()?;
        if ended.is_err() {
            // What a launcher that died has left, the next removes.
            let (next, slot) = self.start()?;
            drop(slot);
            next.wait().map_err(|error| error.to_string())?;
        }
        owner.must_be_gone()?;
        Ok(Attempt { first, second, ended, trace })
    }

    fn use_box(&self, slot: &mut Slot, ahead: bool) -> Result<String, SandboxError> {
        if ahead {
            slot.prepare(0, &limits())?;
            slot.wait_until_prepared(PATIENCE);
        }
        let files = self.files.iter().map(|(name, content)| BoxFile::new(name, FileKind::Code, content.as_bytes()));
        let files = files.collect::<Result<Vec<_>, _>>()?;
        let request = BoxRequest { template: 0, args: &[], files: &files, stdin: b"7\n", limits: limits() };
        slot.run(&request, &StopFlag::new()?).map(|outcome| told(&outcome))
    }
}

fn limits() -> Limits {
    let model::Limits { cpu_time, wall_time, memory_kib, processes, output_bytes, file_bytes, open_files } =
        model::Limits { wall_time: Duration::from_secs(20), ..model::Limits::default() };
    Limits { cpu_time, wall_time, memory_kib, processes, output_bytes, file_bytes, open_files }
}

fn told(outcome: &BoxOutcome) -> String {
    let BoxOutcome { exit, hit, stdout, stderr, .. } = outcome;
    let text = |collected: &sandbox::Collected| String::from_utf8_lossy(&collected.bytes).into_owned();
    without_uid(&format!("{exit:?} {hit:?}\n{}{}", text(stdout), text(stderr)))
}

impl Attempt {
    /// Of every program there was.
    fn states(&self) -> Vec<Vec<String>> {
        let states: BTreeMap<u32, Vec<&str>> = self.trace.states();
        states.into_values().map(|facts| facts.into_iter().map(str::to_owned).collect()).collect()
    }
}

impl Model {
    fn judge_all(&self, faults: &[Fault], tally: &Tally) -> Result<(), String> {
        let mut wrong = Vec::new();
        for fault in faults {
            let attempt = self.bench.attempt(Some(fault), true);
            match attempt.and_then(|attempt| self.judge(fault, &attempt)) {
                Ok(effect) => tally.count(effect),
                Err(reason) => wrong.push(format!("{fault}: {reason}")),
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n\n")) }
    }

    fn judge(&self, fault: &Fault, attempt: &Attempt) -> Result<Effect, String> {
        let Attempt { first, second, ended, trace } = attempt;
        let Some((before, after)) = trace.around_the_fault() else {
            return if changes_with_the_clock(fault) { Ok(Effect::NotReached) } else { Err("was not made".to_owned()) };
        };
        for state in attempt.states() {
            self.is_as_strong(&state)?;
        }
        let is_of_the_launcher = fault.place.part == Part::Launcher;
        for answer in [first, second] {
            match answer {
                Ok(told) => self.is_told(told)?,
                Err(error) if is_of_the_launcher => names_a_step(error)?,
                Err(_) => {}
            }
        }
        if !is_of_the_launcher {
            ended.clone().and(second.clone()).map_err(|error| format!("the launcher is of no more use: {error}"))?;
        }
        let Err(error) = first else {
            let boxes = trace.count(|line| matches!(line, Line::Built(_)));
            let (is_well, anew) = (ended.is_ok() && second.is_ok(), boxes > self.boxes);
            return Ok(if !is_well {
                Effect::Closed
            } else if anew {
                Effect::Anew
            } else {
                Effect::None
            });
        };
        names_a_step(error)?;
        // What was running before the fault may have answered nobody; nothing may begin after it.
        let number = fault.place.number;
        let was_on_its_way = before.contains(&Line::Forked(number));
        if !is_of_the_launcher && !was_on_its_way && after.contains(&Line::Started(number)) {
            return Err("code was started all the same".to_owned());
        }
        Ok(Effect::Closed)
    }

    fn is_told(&self, told: &str) -> Result<(), String> {
        if told == self.told {
            Ok(())
        } else {
            Err(format!("the answer is another: {told}\ninstead of: {}", self.told))
        }
    }

    fn is_as_strong(&self, state: &Vec<String>) -> Result<(), String> {
        if self.states.contains(state) {
            return Ok(());
        }
        let differs = |other: &Vec<String>| -> Vec<String> {
            let both = state.iter().chain(other);
            both.filter(|fact| !(state.contains(fact) && other.contains(fact))).cloned().collect()
        };
        let nearest = self.states.iter().map(differs).min_by_key(Vec::len);
        Err(format!("a program is another: {nearest:#?}"))
    }
}
