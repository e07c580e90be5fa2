//! The native executor: each input in a fresh box of its own.
//!
//! A submission holds one slot of the launcher from its first input to its last. The work happens on
//! a blocking thread that owns the slot, so that a caller who goes away can not leave a box behind.

mod outcome;
mod templates;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use model::{InputReport, Limits, Phases, Report, Submission, judge};
use sandbox::{BoxInput, BoxOutcome, BoxRequest, Hit, Launcher, SandboxError, Slot, StopFlag};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use crate::languages::LoadedLanguage;
use crate::plan::{BoxKind, Plan, plan};
use crate::{Cancel, Executor, ExecutorError};

/// What is kept of all outputs of one submission together, in bytes. Each input's own cap shrinks
/// when the rest is less.
const REPORT_BYTES: u64 = 32 * 1024 * 1024;

/// How the launcher is started.
#[derive(Debug, Clone)]
pub struct LauncherCommand {
    /// The program whose `main` calls [`sandbox::launcher_main`].
    pub program: PathBuf,
    /// What makes it do so.
    pub arguments: Vec<String>,
    /// The static runner.
    pub runner: PathBuf,
}

/// Runs submissions in native boxes.
pub struct NativeExecutor {
    shared: Arc<Shared>,
    free: Arc<Semaphore>,
    launcher: Mutex<Option<Launcher>>,
}

struct Shared {
    languages: Vec<LoadedLanguage>,
    kinds: Vec<BoxKind>,
    ceiling: Limits,
    slots: Mutex<Vec<Slot>>,
}

/// One language as found on this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstalledLanguage {
    /// Its id.
    pub id: String,
    /// The first line its version command printed, in a box.
    pub version: String,
}

impl NativeExecutor {
    /// Starts the launcher with this many slots. Must be called with the privileges boxes need,
    /// while the process has one thread.
    ///
    /// # Errors
    /// [`SandboxError`] with the step that this host does not allow.
    pub fn start(
        command: &LauncherCommand,
        languages: Vec<LoadedLanguage>,
        ceiling: Limits,
        slots: u16,
    ) -> Result<Self, SandboxError> {
        let (kinds, templates) = templates::templates(&languages);
        let config = templates::launcher_config(templates, slots, &ceiling, command.runner.clone());
        let arguments: Vec<&str> = command.arguments.iter().map(String::as_str).collect();
        let (launcher, slots) = Launcher::start(Path::new(&command.program), &arguments, &config)?;
        let free = Arc::new(Semaphore::new(slots.len()));
        let shared = Arc::new(Shared { languages, kinds, ceiling, slots: Mutex::new(slots) });
        Ok(Self { shared, free, launcher: Mutex::new(Some(launcher)) })
    }

    /// Runs every language's version command in a box: the wall is tried before it is needed.
    ///
    /// # Errors
    /// The first language that could not be run, or a box that could not be made.
    pub fn self_test(&self) -> Result<Vec<InstalledLanguage>, ExecutorError> {
        let mut slot = self.shared.take_slot()?;
        let mut installed = Vec::new();
        for loaded in &self.shared.languages {
            let id = loaded.language.id.clone();
            let outcome = self.shared.run_version(&mut slot, &id)?;
            let version = String::from_utf8_lossy(&outcome.stdout.bytes).lines().next().unwrap_or_default().to_owned();
            if outcome.exit != sandbox::Exit::Status(0) || version.is_empty() {
                let said = String::from_utf8_lossy(&outcome.stderr.bytes).into_owned();
                return Err(ExecutorError {
                    context: "self-test",
                    cause: format!("{id}: version_command ended with {:?}: {}", outcome.exit, said.trim()),
                });
            }
            installed.push(InstalledLanguage { id, version });
        }
        self.shared.give_back(slot);
        Ok(installed)
    }

    /// The launcher's process id, for the operator.
    pub fn launcher_pid(&self) -> Option<u32> {
        lock(&self.launcher).as_ref().map(Launcher::pid)
    }

    /// Returns when the launcher has ended, which it never does by itself while this exists.
    pub async fn launcher_ended(&self) {
        let watch = lock(&self.launcher).as_ref().map(Launcher::watch);
        let Some(Ok(watch)) = watch else { return };
        let (ended, told) = oneshot::channel();
        // A thread of its own: it waits for as long as the server lives.
        std::thread::spawn(move || {
            watch.wait();
            ended.send(())
        });
        // An error means that the thread is gone, and with it the only one who could know.
        let _ = told.await;
    }

    /// Ends the launcher and waits until it has removed everything of its own. Nothing may be
    /// running.
    ///
    /// # Errors
    /// When the launcher ended badly.
    pub fn shut_down(&self) -> Result<(), SandboxError> {
        lock(&self.shared.slots).clear();
        lock(&self.launcher).take().map_or(Ok(()), Launcher::wait)
    }
}

#[async_trait]
impl Executor for NativeExecutor {
    async fn execute(&self, submission: &Submission, cancel: &Cancel) -> Result<Report, ExecutorError> {
        let failed = |cause: String| ExecutorError { context: "execute", cause };
        let permit = Arc::clone(&self.free).acquire_owned().await.map_err(|error| failed(error.to_string()))?;
        let stop = StopFlag::new().map_err(|error| failed(error.to_string()))?;
        let shared = Arc::clone(&self.shared);
        let run = {
            let (submission, stop) = (submission.clone(), stop.clone());
            tokio::task::spawn_blocking(move || shared.run(&submission, &stop, permit))
        };
        tokio::pin!(run);
        let result = tokio::select! {
            result = &mut run => result,
            () = cancel.cancelled() => {
                stop.raise();
                run.await
            }
        };
        result.map_err(|error| failed(error.to_string()))?
    }

    fn ready(&self) -> Result<(), String> {
        let slots = lock(&self.shared.slots);
        // An empty list means that all are busy, which is fine.
        if !slots.is_empty() && slots.iter().all(Slot::is_broken) {
            return Err("the launcher does not answer".to_owned());
        }
        Ok(())
    }
}

impl Shared {
    fn take_slot(&self) -> Result<Slot, ExecutorError> {
        let mut slots = lock(&self.slots);
        let good = slots.iter().position(|slot| !slot.is_broken());
        match good {
            Some(index) => Ok(slots.swap_remove(index)),
            None => Err(ExecutorError { context: "take a slot", cause: "the launcher does not answer".to_owned() }),
        }
    }

    fn give_back(&self, slot: Slot) {
        lock(&self.slots).push(slot);
    }

    fn run_version(&self, slot: &mut Slot, id: &str) -> Result<BoxOutcome, ExecutorError> {
        let template = self.template(&BoxKind::Version(id.to_owned()))?;
        let limits = templates::box_limits(&self.ceiling);
        let request = BoxRequest { template, files: Vec::new(), stdin: Vec::new(), limits };
        let failed = |error: SandboxError| ExecutorError { context: "self-test", cause: error.to_string() };
        let stop = StopFlag::new().map_err(failed)?;
        slot.run(&request, &stop).map_err(failed)
    }

    fn template(&self, kind: &BoxKind) -> Result<usize, ExecutorError> {
        self.kinds
            .iter()
            .position(|other| other == kind)
            .ok_or_else(|| ExecutorError { context: "find a box", cause: format!("there is none for {kind:?}") })
    }

    /// All inputs of a submission, one after the other, in one slot.
    fn run(
        &self,
        submission: &Submission,
        stop: &StopFlag,
        _permit: OwnedSemaphorePermit,
    ) -> Result<Report, ExecutorError> {
        let loaded = self.languages.iter().find(|loaded| loaded.language.id == submission.language);
        let planned = loaded.and_then(|loaded| Some((loaded, plan(submission, loaded)?)));
        let (loaded, plan) = planned.ok_or_else(|| ExecutorError {
            context: "plan",
            cause: format!("{} has no mode {}", submission.language, submission.mode.name()),
        })?;
        let mut slot = self.take_slot()?;
        let result = self.run_inputs(submission, loaded, &plan, &mut slot, stop);
        self.give_back(slot);
        result
    }

    fn run_inputs(
        &self,
        submission: &Submission,
        loaded: &LoadedLanguage,
        plan: &Plan,
        slot: &mut Slot,
        stop: &StopFlag,
    ) -> Result<Report, ExecutorError> {
        let start = Instant::now();
        let template = self.template(&plan.boxes)?;
        let mut room = REPORT_BYTES;
        let mut provision = Duration::ZERO;
        let mut reports = Vec::with_capacity(submission.inputs.len());
        for input in &submission.inputs {
            let limits = within_room(&submission.limits, room);
            let request = BoxRequest {
                template,
                files: plan.files.iter().map(as_box_input).collect(),
                stdin: input.clone().into_bytes(),
                limits: templates::box_limits(&limits),
            };
            let outcome = slot
                .run(&request, stop)
                .map_err(|error| ExecutorError { context: "run a box", cause: error.to_string() })?;
            provision += outcome.usage.provision;
            room = room.saturating_sub(kept(&outcome));
            let cancelled = outcome.hit == Some(Hit::Stopped);
            let outcome = outcome::from_box(outcome, plan.has_answer);
            let judgement = judge(&outcome, &limits, |messages| loaded.language.error_line(messages));
            reports.push(InputReport::new(input.clone(), outcome, judgement));
            if cancelled {
                break;
            }
        }
        outcome::fill_up_cancelled(&mut reports, &submission.inputs);
        let run = start.elapsed().saturating_sub(provision);
        Ok(Report::new(reports, Phases { provision, run, ..Phases::default() }))
    }
}

fn as_box_input((name, content): &(String, String)) -> BoxInput {
    BoxInput { name: name.clone(), content: content.clone().into_bytes() }
}

/// The limits with the output cap lowered so that three streams of it fit into `room`.
fn within_room(limits: &Limits, room: u64) -> Limits {
    Limits { output_bytes: limits.output_bytes.min(room / 3).max(1), ..limits.clone() }
}

fn kept(outcome: &BoxOutcome) -> u64 {
    let streams = [Some(&outcome.stdout), Some(&outcome.stderr), outcome.answer.as_ref()];
    streams.into_iter().flatten().map(|stream| u64::try_from(stream.bytes.len()).unwrap_or(u64::MAX)).sum()
}

/// A panic elsewhere does not make the list of slots wrong.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
