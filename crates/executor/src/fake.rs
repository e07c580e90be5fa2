//! An executor without boxes: the in-memory twin for tests of everything above it.
//!
//! It runs nothing. It answers from a script, can hold every call at a gate until the test opens
//! it, and can fail a number of times first. It is not a sandbox and must not be offered to users.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use model::{
    Answer, Captured, CompileReport, Diagnostic, Ending, ExecId, InputReport, Judgement, Outcome, Phases, Report,
    Submission, Verdict,
};
use tokio::sync::{Semaphore, watch};

use crate::{
    AheadStatus, Cancel, CompileCacheStatus, Executor, ExecutorError, LanguageStatus, Observer, Step, WallStatus,
};

/// What the fake answers for one input.
pub type Script = dyn Fn(&Submission, &str) -> InputReport + Send + Sync;

/// The fake. Clones are the same executor.
#[derive(Clone)]
pub struct FakeExecutor(Arc<Inner>);

struct Inner {
    script: Box<Script>,
    phases: Phases,
    /// Calls that still have to fail.
    failures: AtomicU32,
    /// Where calls wait, if this fake has a gate.
    gate: Option<Semaphore>,
    /// Every input waits at the gate, and not every call.
    steps: bool,
    /// It does not hear of a wish to cancel.
    deaf: bool,
    /// Every call that has begun, in order.
    calls: watch::Sender<Vec<ExecId>>,
    /// What the compiler is said to have done.
    compiled: Option<(CompileReport, Vec<Diagnostic>)>,
    not_ready: Mutex<Option<String>>,
    /// How often [`Executor::ready`] was asked.
    asked: watch::Sender<usize>,
    /// What [`Executor::language`] says of languages that do not work.
    languages: Mutex<BTreeMap<String, LanguageStatus>>,
}

impl FakeExecutor {
    /// Answers every input with the input itself.
    pub fn echoing() -> Self {
        Self::scripted(|_, input| answered(input, input))
    }

    /// Answers every input with what `script` says.
    pub fn scripted(script: impl Fn(&Submission, &str) -> InputReport + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner {
            script: Box::new(script),
            phases: Phases {
                queue: Duration::ZERO,
                provision: Duration::from_millis(1),
                compile: Duration::ZERO,
                run: Duration::from_millis(2),
            },
            failures: AtomicU32::new(0),
            gate: None,
            steps: false,
            deaf: false,
            calls: watch::Sender::new(Vec::new()),
            compiled: None,
            not_ready: Mutex::new(None),
            asked: watch::Sender::new(0),
            languages: Mutex::new(BTreeMap::new()),
        }))
    }

    /// The first `times` calls are [`ExecutorError`]s.
    #[must_use]
    pub fn failing(self, times: u32) -> Self {
        self.0.failures.store(times, Ordering::SeqCst);
        self
    }

    /// Every call waits until [`FakeExecutor::let_through`] lets it.
    #[must_use]
    pub fn gated(self) -> Self {
        self.map(|inner| inner.gate = Some(Semaphore::new(0)))
    }

    /// Answers like [`FakeExecutor::scripted`]; each input waits until [`FakeExecutor::let_through`] lets it.
    pub fn stepping(script: impl Fn(&Submission, &str) -> InputReport + Send + Sync + 'static) -> Self {
        Self::scripted(script).gated().map(|inner| inner.steps = true)
    }

    /// Does not stop when it is asked to.
    #[must_use]
    pub fn deaf(self) -> Self {
        self.map(|inner| inner.deaf = true)
    }

    /// Every report says it took this long.
    #[must_use]
    pub fn taking(self, phases: Phases) -> Self {
        self.map(|inner| inner.phases = phases)
    }

    /// Every report says that the compiler did this.
    #[must_use]
    pub fn compiling(self, compile: CompileReport, diagnostics: Vec<Diagnostic>) -> Self {
        self.map(|inner| inner.compiled = Some((compile, diagnostics)))
    }

    /// Lets that many waiting or future calls, or inputs of [`FakeExecutor::stepping`], pass the gate.
    pub fn let_through(&self, calls: usize) {
        if let Some(gate) = &self.0.gate {
            gate.add_permits(calls);
        }
    }

    /// What [`Executor::ready`] says from now on; `None` is ready.
    pub fn set_not_ready(&self, reason: Option<&str>) {
        *self.0.not_ready.lock().unwrap_or_else(PoisonError::into_inner) = reason.map(str::to_owned);
    }

    /// What [`Executor::language`] says of this language from now on; of others, that they work.
    pub fn set_language(&self, id: &str, status: LanguageStatus) {
        self.0.languages.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_owned(), status);
    }

    /// Returns when that many calls have begun since the fake was made.
    pub async fn begun(&self, calls: usize) {
        let mut seen = self.0.calls.subscribe();
        // The sender lives in `self`, so the channel can not be closed.
        let _ = seen.wait_for(|begun| begun.len() >= calls).await;
    }

    /// Returns when it was asked that many times from now whether it is ready.
    pub async fn asked(&self, times: usize) {
        let mut seen = self.0.asked.subscribe();
        let goal = *seen.borrow() + times;
        // The sender lives in `self`, so the channel can not be closed.
        let _ = seen.wait_for(|count| *count >= goal).await;
    }

    fn not_ready(&self) -> Option<String> {
        self.0.not_ready.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How often each submission was executed.
    pub fn executions(&self) -> BTreeMap<ExecId, usize> {
        let mut counts = BTreeMap::new();
        for id in self.0.calls.borrow().iter() {
            *counts.entry(*id).or_insert(0) += 1;
        }
        counts
    }

    /// Changes a fake that nobody shares yet.
    fn map(mut self, change: impl FnOnce(&mut Inner)) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            change(inner);
        }
        self
    }
}

#[async_trait]
impl Executor for FakeExecutor {
    async fn run(
        &self,
        submission: &Submission,
        cancel: &Cancel,
        observer: &Observer,
    ) -> Result<Report, ExecutorError> {
        let Inner { script, phases, failures, gate, steps, deaf, calls, compiled, .. } = &*self.0;
        let never = Cancel::default();
        let cancel = if *deaf { &never } else { cancel };
        calls.send_modify(|begun| begun.push(submission.id));
        if let Some(gate) = gate
            && !steps
        {
            pass(gate, cancel).await;
        }
        if failures.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(ExecutorError { context: "run the script", cause: "told to fail".to_owned() });
        }
        let mut inputs = Vec::with_capacity(submission.inputs.len());
        if let Some((compile, _)) = compiled {
            observer.tell(Step::Compiled(compile));
        }
        for (index, input) in submission.inputs.iter().enumerate() {
            if let Some(gate) = gate
                && *steps
            {
                pass(gate, cancel).await;
            }
            if cancel.is_cancelled() {
                inputs.push(cancelled(input));
                continue;
            }
            let report = script(submission, input);
            observer.tell(Step::Ran { index, report: &report });
            inputs.push(report);
        }
        let report = Report::new(inputs, phases.clone());
        Ok(match compiled.clone() {
            None => report,
            Some((compile, diagnostics)) => Report { compile: Some(compile), diagnostics, ..report },
        })
    }

    fn ready(&self) -> Result<(), String> {
        self.0.asked.send_modify(|count| *count += 1);
        self.not_ready().map_or(Ok(()), Err)
    }

    fn wall(&self) -> WallStatus {
        match self.not_ready() {
            None => WallStatus::Intact { at: SystemTime::UNIX_EPOCH, took: Duration::ZERO },
            Some(reason) => WallStatus::Broken { reason },
        }
    }

    fn compile_cache(&self) -> CompileCacheStatus {
        CompileCacheStatus { hits: 3, misses: 2, bytes: 4096 }
    }

    fn boxes_ahead(&self) -> AheadStatus {
        AheadStatus::default()
    }

    fn language(&self, id: &str) -> LanguageStatus {
        let known = self.0.languages.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        let works = || LanguageStatus::Tested {
            result: Ok("fake 1.0".to_owned()),
            at: SystemTime::UNIX_EPOCH,
            took: Duration::ZERO,
        };
        known.unwrap_or_else(works)
    }
}

/// Waits for a permit or for the wish to cancel.
async fn pass(gate: &Semaphore, cancel: &Cancel) {
    tokio::select! {
        permit = gate.acquire() => {
            // The gate is never closed, so there is a permit.
            if let Ok(permit) = permit {
                permit.forget();
            }
        }
        () = cancel.cancelled() => {}
    }
}

/// The report of a run of `input` that returned `answer`.
pub fn answered(input: &str, answer: &str) -> InputReport {
    let captured = Captured { bytes: answer.as_bytes().to_vec(), truncated: false };
    let outcome = Outcome {
        ending: Ending::Exited(0),
        limit_hit: None,
        cancelled: false,
        usage: model::Usage {
            cpu_time: Duration::from_micros(1500),
            wall_time: Duration::from_micros(2250),
            memory_kib: 4096,
        },
        stdout: Captured::default(),
        stderr: Captured::default(),
        answer: Answer::Given(captured),
    };
    InputReport::new(input.to_owned(), outcome, Judgement { verdict: Verdict::Ok, error: None })
}

/// The report of a run of `input` that failed with exit code 1 and this line.
pub fn failed(input: &str, verdict: Verdict, error: &str) -> InputReport {
    let exit_code = (verdict == Verdict::RuntimeError).then_some(1);
    let judgement = Judgement { verdict, error: Some(error.to_owned()) };
    InputReport { exit_code, ..InputReport::not_run(input.to_owned(), judgement) }
}

fn cancelled(input: &str) -> InputReport {
    failed(input, Verdict::Cancelled, "the submission was cancelled")
}
