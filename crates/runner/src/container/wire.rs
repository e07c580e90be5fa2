//! What the executor and the runner in a container say to each other: one [`Job`] in, one [`Envelope`] out.
//!
//! Both are JSON on one line, because what a container reads and prints passes through somebody else's text strings. Bytes
//! are base64. Neither side takes a field that it does not know, nor another version than its own: both are from one build.

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use super::bytes::Bytes;

/// The version of both forms. A change of either raises it.
pub const VERSION: u32 = 1;

/// The largest job, in bytes.
pub const MAX_JOB: u64 = 128 << 20;

/// What stands around the outputs of one run in an envelope, in bytes at the most: numbers and names.
const AROUND_A_RUN: u64 = 1024;

/// What stands around everything in an envelope, in bytes at the most: the nonce, and a cause of a failure.
const AROUND_ALL: u64 = 64 * 1024;

/// Everything the runner must know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// [`VERSION`].
    pub version: u32,
    /// What the envelope has to name. Fresh for each job; nobody else knows it.
    pub nonce: String,
    /// Who the programs are, if the runner may choose: never 0.
    pub uid: u32,
    /// The whole environment of the programs, as `NAME=value`.
    pub env: Vec<String>,
    /// What stands in `/code`.
    pub files: Vec<File>,
    /// The system call filters in the order in which they are installed, as in `protocol::Confinement`.
    pub seccomp: Vec<Vec<u64>>,
    /// What is done once, before the runs.
    pub compile: Option<Compile>,
    /// What says of code that failed whether it can be parsed at all.
    pub check: Option<Command>,
    /// What is done with each input.
    pub run: Command,
    /// Does the program leave an answer in [`ANSWER`] beside what it prints?
    pub has_answer: bool,
    /// The inputs, each of which is a program's standard input.
    pub inputs: Vec<Bytes>,
    /// What is kept of all outputs together, in bytes.
    pub report_bytes: u64,
}

/// The file in the container that the answer of a function is left in. It is there before the runner is.
pub const ANSWER: &str = "/answer";
/// The file in the container that a compiler leaves its product in. It is there before the runner is.
pub const ARTIFACT: &str = "/artifact";
/// The folders that the container has as file systems in memory.
pub const FOLDERS: [&str; 3] = ["/code", "/box", "/tmp"];

/// A file of the submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its name, without a folder.
    pub name: String,
    /// Is there a copy in `/box` that may be changed?
    pub is_data: bool,
    /// Its bytes.
    pub content: Bytes,
}

/// How the artifact is made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compile {
    /// The compiler.
    pub command: Command,
    /// The name of its product in `/code`.
    pub artifact: String,
}

/// A program and what it may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// The command line; the first word is the path of the executable.
    pub argv: Vec<String>,
    /// What it may use.
    pub limits: Limits,
}

/// What one program may use. The same fields, in the same units, as the model's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// CPU time of all its processes together.
    pub cpu_time: Duration,
    /// Time on the clock.
    pub wall_time: Duration,
    /// Memory of all its processes together, and of its files, in KiB.
    pub memory_kib: u64,
    /// Processes and threads.
    pub processes: u32,
    /// Bytes kept of each stream.
    pub output_bytes: u64,
    /// Bytes of its files together.
    pub file_bytes: u64,
    /// Open descriptors per process.
    pub open_files: u32,
}

/// What the runner prints, on one line and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// [`VERSION`].
    pub version: u32,
    /// The job's.
    pub nonce: String,
    /// What came of it.
    pub result: Told,
}

/// What came of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub enum Told {
    /// It was done.
    Done(Box<Done>),
    /// The runner itself failed; says nothing about the code.
    Failed {
        /// What was being done.
        context: String,
        /// Why it failed.
        cause: String,
    },
}

/// The facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// What stood between the programs and the runner.
    pub wall: Wall,
    /// Of the compiler. Where it made nothing there are no runs.
    pub compile: Option<Facts>,
    /// Of whoever says whether the code can be parsed, if it was asked.
    pub check: Option<Facts>,
    /// Of each input in its order, up to the first that failed in code that can not be parsed.
    pub runs: Vec<Facts>,
}

/// What of the wall depends on the container and the kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wall {
    /// Are the programs another user than the runner?
    pub other_user: bool,
    /// Is all but the scratch space read-only by Landlock?
    pub landlock: bool,
}

/// What is known of one program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// How its main process ended.
    pub ending: Ending,
    /// The limit that ended it, if one did.
    pub hit: Option<Hit>,
    /// User and system time of all its processes, as far as it could be seen.
    pub cpu_time: Duration,
    /// From start to end.
    pub wall_time: Duration,
    /// The largest sum that was seen, in KiB.
    pub memory_kib: u64,
    /// Standard output.
    pub stdout: Stream,
    /// Standard error.
    pub stderr: Stream,
    /// What it left in [`ANSWER`], if that was asked for.
    pub answer: Option<Stream>,
    /// How many bytes it left in [`ARTIFACT`].
    pub artifact_bytes: u64,
}

/// How a main process ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// By itself, with this status.
    Exited(i32),
    /// By this signal, which was not the runner's.
    Signaled(i32),
    /// By the runner.
    Killed,
    /// The kernel does not take it for a program, for this reason.
    NotExecutable(String),
}

/// A limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hit {
    /// CPU time of all processes.
    CpuTime,
    /// The clock.
    WallTime,
    /// The sum of all memory.
    Memory,
    /// More was written than is kept.
    Output,
    /// Files, all of them together.
    Files,
    /// Processes and threads, beyond what the kernel should have refused.
    Processes,
}

/// Bytes that were collected up to a cap.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stream {
    /// At most the cap.
    pub bytes: Bytes,
    /// There was more.
    pub truncated: bool,
}

/// The bytes of a job.
///
/// # Errors
/// When they would be more than [`MAX_JOB`].
pub fn encode_job(job: &Job) -> Result<String, String> {
    let text = serde_json::to_string(job).map_err(|error| error.to_string())?;
    if text.len() as u64 > MAX_JOB { Err(too_large(text.len())) } else { Ok(text) }
}

/// The job of these bytes.
///
/// # Errors
/// When they are not exactly one job of this version, or more than [`MAX_JOB`].
pub fn decode_job(bytes: &[u8]) -> Result<Job, String> {
    if bytes.len() as u64 > MAX_JOB {
        return Err(too_large(bytes.len()));
    }
    let job: Job = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    if job.version == VERSION { Ok(job) } else { Err(other_version(job.version)) }
}

fn too_large(bytes: usize) -> String {
    format!("the job has {bytes} bytes; allowed is at most {MAX_JOB}")
}

fn other_version(version: u32) -> String {
    format!("is of version {version}; this program speaks {VERSION}")
}

/// The most bytes that the envelope of this job can have.
pub fn most_envelope_bytes(job: &Job) -> u64 {
    let Job { compile, check, inputs, report_bytes, .. } = job;
    let of_one = |command: &Command| 3 * command.limits.output_bytes;
    let once = compile.iter().map(|compile| of_one(&compile.command)).chain(check.iter().map(of_one)).sum::<u64>();
    let kept = report_bytes.saturating_add(once).saturating_mul(4).div_ceil(3);
    let around = AROUND_A_RUN.saturating_mul(inputs.len() as u64 + 2);
    kept.saturating_add(around).saturating_add(AROUND_ALL)
}

/// The facts in what a container has printed.
///
/// # Errors
/// When it is anything but exactly one envelope of this version with this nonce, or says that the runner failed.
pub fn open_envelope(text: &str, job: &Job) -> Result<Done, String> {
    let line = text.strip_suffix('\n').unwrap_or(text);
    let envelope: Envelope = serde_json::from_str(line).map_err(|error| format!("it is no envelope: {error}"))?;
    let Envelope { version, nonce, result } = envelope;
    if version != VERSION {
        return Err(format!("the envelope {}", other_version(version)));
    }
    if nonce != job.nonce {
        return Err("the envelope is another job's".to_owned());
    }
    match result {
        Told::Failed { context, cause } => Err(format!("the runner failed to {context}: {cause}")),
        Told::Done(done) => done.fits(job).map(|()| *done),
    }
}

impl Done {
    /// Is there as much of it as the job asked for?
    fn fits(&self, job: &Job) -> Result<(), String> {
        let Self { wall: _, compile, check, runs } = self;
        if compile.is_some() != job.compile.is_some() || (check.is_some() && job.check.is_none()) {
            return Err("the envelope has other parts than the job".to_owned());
        }
        let none = compile.as_ref().is_some_and(|compiled| !compiled.made_something());
        let cut_short = check.as_ref().is_some_and(Facts::cannot_be_parsed);
        let right = match (none, cut_short) {
            (true, _) => runs.is_empty(),
            (false, true) => (1..=job.inputs.len()).contains(&runs.len()),
            (false, false) => runs.len() == job.inputs.len(),
        };
        if right { Ok(()) } else { Err(format!("the envelope has {} runs of {}", runs.len(), job.inputs.len())) }
    }
}

impl Facts {
    /// Of a compiler: is there anything to run?
    pub fn made_something(&self) -> bool {
        self.ending == Ending::Exited(0) && self.hit.is_none() && self.artifact_bytes > 0
    }

    /// Of a check: did it find that the code can not be parsed? One that came to grief itself says nothing.
    pub fn cannot_be_parsed(&self) -> bool {
        self.hit.is_none() && matches!(self.ending, Ending::Exited(status) if status != 0)
    }
}
