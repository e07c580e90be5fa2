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

use sandbox::{BoxFile, BoxOutcome, BoxRequest, FileKind, SandboxError, Step, StopFlag, Template};

use super::probe_list::{PROBES, Probe};
use super::{NativeExecutor, Shared, lock};
use crate::ExecutorError;

/// Characters of a probe's output that a reason shows.
const REASON_CHARS: usize = 300;

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
        let mut slot = self.pool.take_empty()?;
        let outcome = slot.run(&request, &stop);
        self.pool.give_back(slot);
        outcome.map_err(failed)
    }

    /// Tries all that needs no limit to be reached, at once and without waiting for anybody.
    pub fn try_walls(&self) -> Result<(), ExecutorError> {
        let round = [self.probe(0)];
        match broken(&round) {
            Some(_) if self.holes.any() => Ok(()),
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
        let permit = match self.shared.lanes.permit().await {
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
    use super::*;

    #[test]
    fn the_first_breach_is_the_reason() {
        let probed = |name, result| Probed { name, shows: "", result, took: Duration::ZERO };
        assert_eq!(broken(&[probed("a", Ok(())), probed("b", Ok(()))]), None);
        let round = [probed("a", Ok(())), probed("b", Err("x\ny".to_owned())), probed("c", Err("z".to_owned()))];
        assert_eq!(broken(&round).as_deref(), Some("the wall is broken, says probe `b`: x; y (and 1 more)"));
    }
}
