//! The final report of one submission. It is written once and never changes.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::text::decode;
use crate::{Answer, Diagnostic, Ending, Fault, Judgement, Outcome, Submission, TestReport, Usage, Verdict};

/// How long each phase took on the clock. What was done at the same time is shared out among them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phases {
    /// Accepted, waiting for a worker.
    pub queue: Duration,
    /// Making the boxes.
    pub provision: Duration,
    /// Compiling; zero where the language is not compiled.
    pub compile: Duration,
    /// Running all inputs.
    pub run: Duration,
}

impl Phases {
    /// Adds what was done after it.
    pub fn add(&mut self, more: Self) {
        let Self { queue, provision, compile, run } = more;
        self.queue += queue;
        self.provision += provision;
        self.compile += compile;
        self.run += run;
    }
}

/// One input and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputReport {
    /// The input as sent.
    pub input: String,
    /// Function mode: the returned value as text. Program mode: standard output.
    pub output: String,
    /// Function mode: what the code printed.
    pub stdout: Option<String>,
    /// What was written to standard error, if anything.
    pub stderr: Option<String>,
    /// One line a student understands; present unless the verdict is `ok`.
    pub error: Option<String>,
    /// How it went.
    pub verdict: Verdict,
    /// Whose fault that is.
    pub fault: Option<Fault>,
    /// The exit status of the program, where it ended by itself.
    pub exit_code: Option<i32>,
    /// The signal that killed the program.
    pub signal: Option<i32>,
    /// CPU time of all its processes.
    pub cpu_time: Duration,
    /// From start to end.
    pub wall_time: Duration,
    /// Peak of the whole box in KiB.
    pub memory_kib: u64,
    /// Some of `output`, `stdout` or `stderr` was longer than is kept.
    pub truncated: bool,
    /// Where it failed, if the trace says so.
    #[serde(default)]
    pub diagnostics: Vec<Diagnostic>,
    /// What came of its test, if it is one.
    #[serde(default)]
    pub test: Option<TestReport>,
}

/// What the compiler did, or whoever said that the code can not be parsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompileReport {
    /// What it wrote, standard output first.
    pub output: String,
    /// There was more.
    pub truncated: bool,
    /// Its exit status, where it ended by itself.
    pub exit_code: Option<i32>,
    /// CPU time of all its processes.
    pub cpu_time: Duration,
    /// From start to end.
    pub wall_time: Duration,
    /// Peak of its box in KiB.
    pub memory_kib: u64,
    /// It was not done again: all of this is from when the same was compiled before.
    #[serde(default)]
    pub cached: bool,
}

/// What stood around the programs of a submission.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wall {
    /// A box for each, with all its layers.
    #[default]
    Box,
    /// One container that an engine made, for all of them: weaker.
    Container,
}

impl Wall {
    /// Is it the whole wall?
    pub fn is_box(&self) -> bool {
        *self == Self::Box
    }
}

/// All inputs of a submission, in the order sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// `ok` if every input is; else that of the first input that is not.
    pub verdict: Verdict,
    /// One entry per input as sent, duplicates included.
    pub inputs: Vec<InputReport>,
    /// Where the time went.
    pub phases: Phases,
    /// What the compiler did; none where nothing was compiled.
    #[serde(default)]
    pub compile: Option<CompileReport>,
    /// What the compiler said, line by line.
    #[serde(default)]
    pub diagnostics: Vec<Diagnostic>,
    /// Where it was run, if it was.
    #[serde(default, skip_serializing_if = "Wall::is_box")]
    pub wall: Wall,
}

impl InputReport {
    /// Puts facts and judgement together for the reader.
    pub fn new(input: String, outcome: Outcome, judgement: Judgement) -> Self {
        let Outcome { ending, limit_hit: _, cancelled: _, usage, stdout, stderr, answer } = outcome;
        let Judgement { verdict, error } = judgement;
        let (exit_code, signal) = exit_code_and_signal(ending);
        let mut truncated = stdout.truncated || stderr.truncated;
        let printed = decode(&stdout.bytes, stdout.truncated);
        let (output, stdout) = match answer {
            Answer::NotAsked => (printed, None),
            Answer::Missing => (String::new(), Some(printed)),
            Answer::Given(value) => {
                truncated |= value.truncated;
                (decode(&value.bytes, value.truncated), Some(printed))
            }
        };
        Self {
            input,
            output,
            stdout: stdout.filter(|text| !text.is_empty()),
            stderr: Some(decode(&stderr.bytes, stderr.truncated)).filter(|text| !text.is_empty()),
            error,
            verdict,
            fault: verdict.fault(),
            exit_code,
            signal,
            cpu_time: usage.cpu_time,
            wall_time: usage.wall_time,
            memory_kib: usage.memory_kib,
            truncated,
            diagnostics: Vec::new(),
            test: None,
        }
    }

    /// An input that was not run: the code did not compile, somebody cancelled, or it is our fault.
    pub fn not_run(input: String, judgement: Judgement) -> Self {
        let Judgement { verdict, error } = judgement;
        Self {
            input,
            output: String::new(),
            stdout: None,
            stderr: None,
            error,
            verdict,
            fault: verdict.fault(),
            exit_code: None,
            signal: None,
            cpu_time: Duration::ZERO,
            wall_time: Duration::ZERO,
            memory_kib: 0,
            truncated: false,
            diagnostics: Vec::new(),
            test: None,
        }
    }
}

impl CompileReport {
    /// The same facts for the reader.
    pub fn new(outcome: &Outcome) -> Self {
        let Outcome { ending, limit_hit: _, cancelled: _, usage, stdout, stderr, answer: _ } = outcome;
        let Usage { cpu_time, wall_time, memory_kib } = usage;
        let mut output = decode(&stdout.bytes, stdout.truncated);
        output.push_str(&decode(&stderr.bytes, stderr.truncated));
        Self {
            output,
            truncated: stdout.truncated || stderr.truncated,
            exit_code: exit_code_and_signal(*ending).0,
            cpu_time: *cpu_time,
            wall_time: *wall_time,
            memory_kib: *memory_kib,
            cached: false,
        }
    }
}

fn exit_code_and_signal(ending: Ending) -> (Option<i32>, Option<i32>) {
    match ending {
        Ending::Exited(status) => (Some(status), None),
        Ending::Signaled(signal) => (None, Some(signal)),
        Ending::Killed | Ending::NotExecutable => (None, None),
    }
}

impl Report {
    /// A report of these inputs.
    pub fn new(inputs: Vec<InputReport>, phases: Phases) -> Self {
        let verdict = Self::verdict_of(&inputs);
        Self { verdict, inputs, phases, compile: None, diagnostics: Vec::new(), wall: Wall::default() }
    }

    /// That of the first input that is not `ok`.
    pub fn verdict_of(inputs: &[InputReport]) -> Verdict {
        inputs.iter().map(|input| input.verdict).find(|verdict| *verdict != Verdict::Ok).unwrap_or(Verdict::Ok)
    }

    /// The report of code that was not run on any input, for this reason.
    pub fn not_run(submission: &Submission, judgement: &Judgement, phases: Phases) -> Self {
        let Submission { inputs, grading, .. } = submission;
        let inputs = inputs.iter().map(|input| InputReport::not_run(input.clone(), judgement.clone()));
        let mut report = Self { verdict: judgement.verdict, ..Self::new(inputs.collect(), phases) };
        if let Some(grading) = grading {
            grading.complete(&mut report);
        }
        report
    }

    /// The report of a submission that was cancelled before anything of it was finished.
    pub fn cancelled(submission: &Submission, phases: Phases) -> Self {
        let error = Some("the submission was cancelled".to_owned());
        Self::not_run(submission, &Judgement { verdict: Verdict::Cancelled, error }, phases)
    }

    /// The report of a submission that Code Runner could not run, however often it tried.
    pub fn platform_failure(submission: &Submission, phases: Phases) -> Self {
        let error = Some("Code Runner could not run this; the code is not at fault".to_owned());
        Self::not_run(submission, &Judgement { verdict: Verdict::InternalError, error }, phases)
    }

    /// The report of what was accepted and can not be read any more, so that nobody knows its inputs: our failure.
    pub fn unreadable() -> Self {
        Self { verdict: Verdict::InternalError, ..Self::new(Vec::new(), Phases::default()) }
    }

    /// What the wire calls `execution_time`: everything but the wait in the queue.
    pub fn execution_time(&self) -> Duration {
        let Phases { queue: _, provision, compile, run } = self.phases;
        provision + compile + run
    }
}
