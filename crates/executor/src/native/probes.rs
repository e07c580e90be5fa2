//! Tries the wall from inside: programs of our own in boxes of their own, which do what a student's program must
//! not be able to, in no language.
//!
//! A probe is judged by its exit status and by what launcher and kernel say of its box, never by what it prints;
//! that is shown to the operator. Whatever else comes of a probe, and a box that can not be made above all,
//! means that the wall is not known to hold, which is the same as broken. The next round in which all is well
//! makes it good again.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use probe::{Expected, Task};
use sandbox::{
    BoxFile, BoxOutcome, BoxRequest, Exit, FileKind, Hit, Limits, Root, SandboxError, Step, StopFlag, Template,
};

use super::{NativeExecutor, Shared, lock};
use crate::ExecutorError;

/// The whole environment of a probe: enough to see one that is missing and one that is too many.
const ENV: [&str; 2] = ["HOME=/box", "LANG=C.UTF-8"];

/// Characters of a probe's output that a reason shows.
const REASON_CHARS: usize = 300;

/// What a probe's box must come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Proof {
    /// The probe has tried, and says by its exit status that it was refused.
    Refused,
    /// The box was killed at this limit.
    Hit(Hit),
}

/// One thing that is tried.
#[derive(Debug)]
struct Probe {
    name: &'static str,
    shows: &'static str,
    task: Task,
    proof: Proof,
}

/// What all boxes of probes may use. Where a limit is to be reached it is lower, so that it takes no time.
const ROOMY: Limits = Limits {
    cpu_time: Duration::from_secs(5),
    wall_time: Duration::from_secs(10),
    memory_kib: 64 * 1024,
    processes: 8,
    output_bytes: 64 * 1024,
    file_bytes: 2 * 1024 * 1024,
    open_files: 32,
};

/// Everything that is tried, in this order. The first is the others up to the limits in one box: what there is
/// time for before the server listens.
const PROBES: [Probe; 11] = [
    Probe { name: "walls", shows: "the four that follow, in one box", task: Task::Walls, proof: Proof::Refused },
    Probe {
        name: "identity",
        shows: "a uid of its own, no group, no capability, no new privileges, filtered calls",
        task: Task::Identity,
        proof: Proof::Refused,
    },
    Probe {
        name: "view",
        shows: "no foreign process, host path, network or descriptor; environment and limits as given",
        task: Task::View,
        proof: Proof::Refused,
    },
    Probe {
        name: "files",
        shows: "nothing can be changed but the scratch space; no set-uid, device or link of use",
        task: Task::Files,
        proof: Proof::Refused,
    },
    Probe {
        name: "calls",
        shows: "no call that leads out of a box, and no socket but a local one, reaches the kernel",
        task: Task::Calls,
        proof: Proof::Refused,
    },
    Probe { name: "cpu_time", shows: "computing ends at its limit", task: Task::Spin, proof: Proof::Hit(Hit::CpuTime) },
    Probe {
        name: "wall_time",
        shows: "waiting ends at its limit",
        task: Task::Sleep,
        proof: Proof::Hit(Hit::WallTime),
    },
    Probe { name: "memory", shows: "memory ends at its limit", task: Task::Memory, proof: Proof::Hit(Hit::Memory) },
    Probe { name: "processes", shows: "no more processes than allowed", task: Task::Fork, proof: Proof::Refused },
    Probe {
        name: "file_bytes",
        shows: "no more bytes and files than allowed",
        task: Task::Fill,
        proof: Proof::Refused,
    },
    Probe {
        name: "output_bytes",
        shows: "output ends at its limit",
        task: Task::Flood,
        proof: Proof::Hit(Hit::Output),
    },
];

impl Probe {
    fn limits(&self) -> Limits {
        match self.task {
            // The limit that is tried is far from the one on the clock, which a host under load must not reach first.
            Task::Spin => Limits { cpu_time: Duration::from_millis(100), ..ROOMY },
            Task::Sleep => Limits { wall_time: Duration::from_millis(100), ..ROOMY },
            Task::Memory => Limits { memory_kib: 32 * 1024, ..ROOMY },
            _ => ROOMY,
        }
    }

    fn template(&self) -> Template {
        let Limits { memory_kib, processes, file_bytes, open_files, .. } = self.limits();
        let env: Vec<String> = ENV.map(str::to_owned).into();
        let expected = Expected {
            memory_kib,
            processes: processes.into(),
            file_bytes,
            open_files: open_files.into(),
            env: env.clone(),
        };
        let program = format!("/code/{}", probe::PROGRAM);
        let argv = std::iter::once(program).chain(probe::words(self.task, &expected)).collect();
        let root = Root { files: vec![(probe::UID_FILE.to_owned(), "{uid}".to_owned())], ..Root::default() };
        let name = format!("probe {}", self.name);
        Template { name, root, argv, env, product: None, fake_locks: false, ceiling: self.limits() }
    }

    /// What the facts say; the reason if they do not say what they must.
    fn judge(&self, outcome: &BoxOutcome) -> Result<(), String> {
        let BoxOutcome { exit, hit, usage: _, stdout, stderr: _, product: _ } = outcome;
        match (self.proof, exit, hit) {
            (Proof::Refused, Exit::Status(0), None) => return Ok(()),
            (Proof::Hit(expected), _, Some(hit)) if *hit == expected => return Ok(()),
            _ => {}
        }
        let ended = hit.map_or_else(|| format!("it ended with {exit:?}"), |hit| format!("it hit {hit:?}"));
        let ended = match self.proof {
            Proof::Hit(expected) => format!("{ended} and not {expected:?}"),
            Proof::Refused if *exit == Exit::Status(probe::BROKEN.into()) => String::new(),
            Proof::Refused => ended,
        };
        // What a flood prints is no news.
        let said =
            if self.task == Task::Flood { String::new() } else { String::from_utf8_lossy(&stdout.bytes).into_owned() };
        let lines = said.lines().map(model::text::one_line);
        let parts: Vec<String> = std::iter::once(ended).chain(lines).filter(|part| !part.is_empty()).collect();
        Err(parts.join("\n"))
    }
}

/// What came of one probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probed {
    /// Its name.
    pub name: &'static str,
    /// What it shows when it passes.
    pub shows: &'static str,
    /// The reason if it did not, a line for each breach.
    pub result: Result<(), String>,
    /// How long it took.
    pub took: Duration,
}

/// How the wall stood when it was tried last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WallStatus {
    /// No round has ended yet. What runs submissions for others tries the most important before
    /// ([`NativeExecutor::try_wall`]).
    Untested,
    /// Every probe came out right.
    Intact {
        /// When the last one did.
        at: SystemTime,
        /// How long they took together.
        took: Duration,
    },
    /// One did not, or could not be tried.
    Broken {
        /// Which, and why.
        reason: String,
    },
}

/// What the executor keeps for its probes.
pub struct Probes {
    /// One file: the probe.
    program: [BoxFile; 1],
    /// The index of the first probe's template.
    first: usize,
    status: Mutex<WallStatus>,
}

impl Probes {
    /// Reads the program, as it is now, and adds the templates of all probes.
    ///
    /// # Errors
    /// When it can not be read.
    pub fn new(program: &Path, templates: &mut Vec<Template>) -> Result<Self, SandboxError> {
        let unreadable = |error| SandboxError::new(Step::Launcher, format!("read({})", program.display()), error);
        let content = std::fs::read(program).map_err(unreadable)?;
        let program = [BoxFile::new(probe::PROGRAM, FileKind::Executable, &content)?];
        let first = templates.len();
        templates.extend(PROBES.iter().map(Probe::template));
        Ok(Self { program, first, status: Mutex::new(WallStatus::Untested) })
    }

    /// How the wall stood last.
    pub fn status(&self) -> WallStatus {
        lock(&self.status).clone()
    }

    /// The reason, if it is known to be broken.
    pub fn broken(&self) -> Option<String> {
        match &*lock(&self.status) {
            WallStatus::Broken { reason } => Some(reason.clone()),
            WallStatus::Untested | WallStatus::Intact { .. } => None,
        }
    }

    fn remember(&self, round: &[Probed]) {
        let status = match broken(round) {
            Some(reason) => WallStatus::Broken { reason },
            None => WallStatus::Intact { at: SystemTime::now(), took: round.iter().map(|probed| probed.took).sum() },
        };
        *lock(&self.status) = status;
    }
}

/// The first breach of a round, in one line.
fn broken(round: &[Probed]) -> Option<String> {
    let mut failed = round.iter().filter_map(|probed| Some((probed.name, probed.result.as_ref().err()?)));
    let (name, reason) = failed.next()?;
    let reason: String = model::text::one_line(&reason.replace('\n', "; ")).chars().take(REASON_CHARS).collect();
    let others = match failed.count() {
        0 => String::new(),
        count => format!(" (and {count} more)"),
    };
    Some(format!("the wall is broken, says probe `{name}`: {reason}{others}"))
}

impl Shared {
    /// Tries one thing, in a slot of its own.
    fn probe(&self, index: usize) -> Probed {
        let probe = &PROBES[index];
        let start = Instant::now();
        let result = self.probe_box(index).map_err(|error| format!("it could not be tried: {error}"));
        let result = result.and_then(|outcome| probe.judge(&outcome));
        Probed { name: probe.name, shows: probe.shows, result, took: start.elapsed() }
    }

    fn probe_box(&self, index: usize) -> Result<BoxOutcome, ExecutorError> {
        let failed = |error: SandboxError| ExecutorError { context: "probe", cause: error.to_string() };
        let template = self.probes.first + index;
        let limits = PROBES[index].limits();
        let request = BoxRequest { template, args: &[], files: &self.probes.program, stdin: &[], limits };
        let stop = StopFlag::new().map_err(failed)?;
        let mut slot = self.take_slot()?;
        let outcome = slot.run(&request, &stop);
        self.give_back(slot);
        outcome.map_err(failed)
    }

    /// Tries all that needs no limit to be reached, at once and without waiting for anybody.
    pub fn try_walls(&self) -> Result<(), ExecutorError> {
        let round = [self.probe(0)];
        match broken(&round) {
            None => Ok(()),
            Some(cause) => {
                self.probes.remember(&round);
                Err(ExecutorError { context: "try the wall", cause })
            }
        }
    }
}

impl NativeExecutor {
    /// Tries the whole wall: every probe, one after the other, each waiting for a free slot as submissions do.
    /// Remembers the result and returns all of them.
    pub async fn probe(&self) -> Vec<Probed> {
        let mut round = Vec::new();
        // What the first tries in one box, the others try one by one.
        for index in 1..PROBES.len() {
            round.push(self.probe_when_free(index).await);
        }
        self.shared.probes.remember(&round);
        round
    }

    async fn probe_when_free(&self, index: usize) -> Probed {
        let Probe { name, shows, .. } = PROBES[index];
        let failed = |cause: String| Probed { name, shows, result: Err(cause), took: Duration::ZERO };
        let permit = match Arc::clone(&self.free).acquire_owned().await {
            Ok(permit) => permit,
            Err(error) => return failed(error.to_string()),
        };
        let shared = Arc::clone(&self.shared);
        let probed = tokio::task::spawn_blocking(move || {
            let probed = shared.probe(index);
            drop(permit);
            probed
        });
        probed.await.unwrap_or_else(|error| failed(error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use sandbox::{Collected, Usage};

    use super::*;

    fn probe(name: &str) -> &'static Probe {
        PROBES.iter().find(|probe| probe.name == name).expect("is one of them")
    }

    fn outcome(exit: Exit, hit: Option<Hit>, said: &str) -> BoxOutcome {
        let stdout = Collected { bytes: said.as_bytes().to_vec(), truncated: false };
        BoxOutcome { exit, hit, usage: Usage::default(), stdout, stderr: Collected::default(), product: None }
    }

    #[test]
    fn the_exit_status_counts_and_not_what_is_printed() {
        assert_eq!(probe("calls").judge(&outcome(Exit::Status(0), None, "flock reaches the kernel")), Ok(()));
        let said = "mount reaches the kernel\nbpf reaches the kernel\n";
        let broken = probe("calls").judge(&outcome(Exit::Status(1), None, said));
        assert_eq!(broken, Err(said.trim().to_owned()));
        for bad in [
            outcome(Exit::Status(2), None, "all is well"),
            outcome(Exit::Signal(31), None, ""),
            outcome(Exit::Killed, Some(Hit::WallTime), ""),
            outcome(Exit::Status(0), Some(Hit::Output), ""),
        ] {
            assert!(probe("calls").judge(&bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_limit_holds_when_it_was_the_one_that_was_hit() {
        assert_eq!(probe("cpu_time").judge(&outcome(Exit::Killed, Some(Hit::CpuTime), "")), Ok(()));
        assert_eq!(probe("memory").judge(&outcome(Exit::Signal(9), Some(Hit::Memory), "")), Ok(()));
        for bad in [
            outcome(Exit::Killed, Some(Hit::WallTime), ""),
            outcome(Exit::Status(0), None, ""),
            outcome(Exit::Signal(24), None, ""),
        ] {
            let reason = probe("cpu_time").judge(&bad).expect_err("another end");
            assert!(reason.ends_with("and not CpuTime"), "{reason}");
        }
    }

    #[test]
    fn the_first_breach_is_the_reason() {
        let probed = |name, result| Probed { name, shows: "", result, took: Duration::ZERO };
        assert_eq!(broken(&[probed("a", Ok(())), probed("b", Ok(()))]), None);
        let round = [probed("a", Ok(())), probed("b", Err("x\ny".to_owned())), probed("c", Err("z".to_owned()))];
        assert_eq!(broken(&round).as_deref(), Some("the wall is broken, says probe `b`: x; y (and 1 more)"));
    }
}
