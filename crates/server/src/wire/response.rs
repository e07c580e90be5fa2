//! What the server answers when nothing is wrong. Times are numbers: seconds where the name says
//! nothing else, milliseconds where it ends in `_ms`, both to the microsecond.

use std::time::Duration;

use executor::{AheadStatus, WallStatus};
use indexmap::IndexMap;
use model::{CompileReport, Diagnostic, ExecId, InputReport, Phases, Report, Verdict};
use serde::Serialize;
use utoipa::ToSchema;

use super::engines::DaggerHealth;
use super::grading::{SummaryBody, TestResultBody};
use super::languages::rfc3339;
use super::names::{FaultName, SeverityName, VerdictName, WallName};
use super::nodes::NodeHealth;

/// A submission was accepted; it is on disk and will be finished.
#[derive(Debug, Serialize, ToSchema)]
pub struct Started {
    /// Names the submission; ask `GET /result/{exec_id}` for its result.
    #[schema(value_type = uuid::Uuid)]
    pub exec_id: ExecId,
    /// Always `started`.
    pub status: StartedStatus,
    /// The place in the queue: 1 is next, 0 runs; absent if it is done already. Whatever is more urgent, or of another API key, may still come before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    pub queue_position: Option<u64>,
    /// About how many milliseconds from now the result may be there, by what submissions took lately: a guess with one
    /// digit. Absent before anything was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 200)]
    pub eta_ms: Option<u64>,
}

/// The state of an accepted submission.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StartedStatus {
    /// Accepted.
    Started,
}

/// The submission waits or runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pending {
    /// Always `pending`.
    pub status: PendingStatus,
    /// The place in the queue: 1 is next, 0 runs. Whatever is more urgent, or of another API key, may still come before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 3)]
    pub queue_position: Option<u64>,
    /// About how many milliseconds from now the result may be there, by what submissions took lately: a guess with one
    /// digit. Absent before anything was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 200)]
    pub eta_ms: Option<u64>,
    /// What it waits for beside its turn, if that is not there: where several nodes share a store, a worker with its language.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "a worker with the language go")]
    pub waiting_for: Option<String>,
}

/// The state of a submission without a result.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PendingStatus {
    /// Not finished.
    Pending,
}

/// The event `queued`.
#[derive(Debug, Serialize)]
pub struct QueuedEvent {
    /// As in [`Pending`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_position: Option<u64>,
    /// As in [`Pending`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eta_ms: Option<u64>,
}

/// The event `input`.
#[derive(Debug, Serialize)]
pub struct InputEvent {
    /// Which of the inputs; the first is 0.
    pub index: usize,
    /// As it will be in [`Done`].
    pub result: RunResult,
}

/// The submission runs and is being stopped.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cancelling {
    /// Always `cancelling`.
    pub status: CancellingStatus,
}

/// The state of a submission that is being stopped.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CancellingStatus {
    /// Its result comes soon.
    Cancelling,
}

/// The final result; it does not change any more.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// Always `done`.
    pub status: DoneStatus,
    /// What became of each input, by the input, in the order sent. Of an input that was sent more than
    /// once, the first run stands here.
    #[schema(value_type = std::collections::HashMap<String, Entry>)]
    pub output: IndexMap<String, Entry>,
    /// Seconds spent on the submission, without the wait in the queue.
    #[schema(example = 0.0421)]
    pub execution_time: f64,
    /// `ok` if every input is; else that of the first input that is not.
    pub verdict: VerdictName,
    /// All tests together; absent where the inputs came without tests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<SummaryBody>,
    /// One entry per input as sent, in the order sent, duplicates included.
    pub results: Vec<RunResult>,
    /// Where the time went.
    pub phases: PhasesBody,
    /// What the compiler did, or whoever found that the code can not be parsed; null where nothing was compiled.
    #[schema(required)]
    pub compile: Option<CompileBody>,
    /// What the compiler said of single lines of the code.
    pub diagnostics: Vec<DiagnosticBody>,
    /// What stood around the programs, where it was less than a box; absent where every program had a box of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wall: Option<WallName>,
}

/// One compilation.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompileBody {
    /// What the compiler wrote.
    #[schema(example = "")]
    pub output: String,
    /// There was more.
    pub truncated: bool,
    /// Its exit status; null where it did not end by itself.
    #[schema(required, example = 0)]
    pub exit_code: Option<i32>,
    /// CPU time of all its processes, in milliseconds.
    #[schema(example = 81.204)]
    pub cpu_time_ms: f64,
    /// Time on the clock from its start to its end, in milliseconds.
    #[schema(example = 95.33)]
    pub wall_time_ms: f64,
    /// The most memory it used, in KiB.
    #[schema(example = 48312)]
    pub memory_kib: u64,
    /// The same code was compiled before, with the same options, and what came of that was used: everything else here
    /// is what that compilation said and cost.
    #[schema(example = false)]
    pub cached: bool,
}

/// What a compiler or a runtime said of one line of the code as it was sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiagnosticBody {
    /// The first is 1.
    #[schema(example = 3)]
    pub line: usize,
    /// The first is 1; in characters or bytes, as the compiler counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 12)]
    pub column: Option<usize>,
    /// How bad it is.
    pub severity: SeverityName,
    /// One line.
    #[schema(example = "expected ';' before 'return'")]
    pub message: String,
}

/// The state of a submission with a result.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DoneStatus {
    /// Final.
    Done,
}

/// One input in short.
#[derive(Debug, Serialize, ToSchema)]
pub struct Entry {
    /// Function mode: the returned value as text. Program mode: standard output.
    #[schema(example = "16")]
    pub output: String,
    /// One line a student understands; present unless the verdict is `ok`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "ValueError: invalid literal for int() with base 10: 'x'")]
    pub error: Option<String>,
}

/// One run.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunResult {
    /// The input as sent.
    #[schema(example = "4")]
    pub input: String,
    /// Function mode: the returned value as text. Program mode: standard output.
    #[schema(example = "16")]
    pub output: String,
    /// Function mode: what the code printed, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stdout: Option<String>,
    /// What was written to standard error, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stderr: Option<String>,
    /// One line a student understands; present unless the verdict is `ok`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How it went.
    pub verdict: VerdictName,
    /// Whose fault that is; null where it is nobody's.
    #[schema(required)]
    pub fault: Option<FaultName>,
    /// The exit status of the program; null where it did not end by itself.
    #[schema(required, example = 0)]
    pub exit_code: Option<i32>,
    /// The signal that killed the program; null where none did.
    #[schema(required)]
    pub signal: Option<i32>,
    /// CPU time of all its processes, in milliseconds.
    #[schema(example = 11.402)]
    pub cpu_time_ms: f64,
    /// Time on the clock from its start to its end, in milliseconds.
    #[schema(example = 12.918)]
    pub wall_time_ms: f64,
    /// The most memory it used, in KiB.
    #[schema(example = 9216)]
    pub memory_kib: u64,
    /// Some of `output`, `stdout` or `stderr` was longer than is kept.
    pub truncated: bool,
    /// Where it failed, if that is known.
    pub diagnostics: Vec<DiagnosticBody>,
    /// What came of the test, if the input is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test: Option<TestResultBody>,
}

/// How long each phase of a submission took, in milliseconds on the clock. What was done at the same time, such as running two
/// inputs, is shared out: the phases together are never longer than the submission took.
#[derive(Debug, Serialize, ToSchema)]
pub struct PhasesBody {
    /// Waiting for a worker.
    #[schema(example = 0.8)]
    pub queue: f64,
    /// Making the sandboxes.
    #[schema(example = 3.1)]
    pub provision: f64,
    /// Compiling, or finding what was compiled before; 0 where the language is not compiled.
    #[schema(example = 0.0)]
    pub compile: f64,
    /// Running the inputs.
    #[schema(example = 38.2)]
    pub run: f64,
}

/// The server can accept and run submissions.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`; a server that is not answers 503.
    pub status: HealthStatus,
    /// The version of Code Runner.
    #[schema(example = "0.1.0")]
    pub version: &'static str,
    /// Submissions that wait for a worker.
    #[schema(example = 0)]
    pub queued: u64,
    /// Boxes made before there is something to run in them.
    pub boxes_ahead: BoxesAhead,
    /// The last round of programs that tried the sandbox; null until the first has ended.
    pub wall_test: Option<WallTest>,
    /// What is not run in boxes, if there are such languages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dagger: Option<DaggerHealth>,
    /// The nodes that share the store, where several can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Vec<NodeHealth>>,
}

/// That, and no more.
#[derive(Debug, Serialize, ToSchema)]
pub struct Alive {
    /// Always `ok`; a server that is not answers 503, or nothing.
    pub status: HealthStatus,
}

/// Boxes that are made before there is something to run in them, so that a run need not wait for them. While fewer wait
/// than are wanted, some submissions take a little longer; nothing else is different.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoxesAhead {
    /// How many are to wait: always some of the default language, and of others after they were used; 0 where nothing is
    /// made ahead.
    #[schema(example = 8)]
    pub wanted: usize,
    /// How many do.
    #[schema(example = 8)]
    pub waiting: usize,
}

impl From<AheadStatus> for BoxesAhead {
    fn from(status: AheadStatus) -> Self {
        let AheadStatus { wanted, waiting, in_use: _, misses: _, warm: _, cold: _ } = status;
        Self { wanted, waiting }
    }
}

/// A round of programs that tried the sandbox from inside, and found no hole.
#[derive(Debug, Serialize, ToSchema)]
pub struct WallTest {
    /// When it ended, in RFC 3339.
    #[schema(value_type = String, format = DateTime, example = "2026-01-31T12:00:00Z")]
    pub at: String,
    /// How long its programs took together.
    #[schema(example = 450.2)]
    pub duration_ms: f64,
}

impl WallTest {
    /// The last round, if it was a good one.
    pub fn new(status: &WallStatus) -> Option<Self> {
        match status {
            WallStatus::Untested | WallStatus::Broken { .. } => None,
            WallStatus::Intact { at, took } => Some(Self { at: rfc3339(*at), duration_ms: milliseconds(*took) }),
        }
    }
}

/// The state of the server.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HealthStatus {
    /// Ready.
    Ok,
}

impl Done {
    /// The same for a student: what is hidden is not there.
    pub fn for_student(report: Report) -> Self {
        Self::new(report.for_student(), true)
    }

    fn new(report: Report, hides: bool) -> Self {
        let execution_time = seconds(report.execution_time());
        let summary = SummaryBody::of(&report);
        let Report { verdict, inputs, phases, compile, diagnostics, wall } = report;
        let mut output = IndexMap::with_capacity(inputs.len());
        for run in inputs.iter().filter(|run| !hides || !run.is_hidden()) {
            let entry = || Entry { output: run.output.clone(), error: run.error.clone() };
            output.entry(run.input.clone()).or_insert_with(entry);
        }
        Self {
            status: DoneStatus::Done,
            output,
            execution_time,
            verdict: VerdictName(verdict),
            summary,
            results: inputs.into_iter().map(RunResult::from).collect(),
            phases: phases.into(),
            compile: compile.map(CompileBody::from),
            diagnostics: diagnostics.into_iter().map(DiagnosticBody::from).collect(),
            wall: (!wall.is_box()).then_some(WallName(wall)),
        }
    }
}

impl From<Report> for Done {
    fn from(report: Report) -> Self {
        Self::new(report, false)
    }
}

impl From<CompileReport> for CompileBody {
    fn from(compile: CompileReport) -> Self {
        let CompileReport { output, truncated, exit_code, cpu_time, wall_time, memory_kib, cached } = compile;
        let (cpu_time_ms, wall_time_ms) = (milliseconds(cpu_time), milliseconds(wall_time));
        Self { output, truncated, exit_code, cpu_time_ms, wall_time_ms, memory_kib, cached }
    }
}

impl From<Diagnostic> for DiagnosticBody {
    fn from(diagnostic: Diagnostic) -> Self {
        let Diagnostic { line, column, severity, message } = diagnostic;
        Self { line, column, severity: SeverityName(severity), message }
    }
}

impl From<InputReport> for RunResult {
    fn from(run: InputReport) -> Self {
        let InputReport {
            input,
            output,
            stdout,
            stderr,
            error,
            verdict,
            fault,
            exit_code,
            signal,
            cpu_time,
            wall_time,
            memory_kib,
            truncated,
            diagnostics,
            test,
        } = run;
        Self {
            input,
            output,
            stdout,
            stderr,
            error,
            verdict: VerdictName(verdict),
            fault: fault.map(FaultName),
            exit_code,
            signal,
            cpu_time_ms: milliseconds(cpu_time),
            wall_time_ms: milliseconds(wall_time),
            memory_kib,
            truncated,
            diagnostics: diagnostics.into_iter().map(DiagnosticBody::from).collect(),
            test: test.map(|test| TestResultBody::new(test, verdict == Verdict::Ok)),
        }
    }
}

impl From<Phases> for PhasesBody {
    fn from(phases: Phases) -> Self {
        let Phases { queue, provision, compile, run } = phases;
        Self {
            queue: milliseconds(queue),
            provision: milliseconds(provision),
            compile: milliseconds(compile),
            run: milliseconds(run),
        }
    }
}

/// Seconds to the microsecond.
pub(crate) fn seconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1e6
}

/// Milliseconds to the microsecond.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_micros() as f64 / 1e3
}
