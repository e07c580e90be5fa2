//! One job, from its compiler to its last input.

use std::fs::File;
use std::time::Instant;

use super::ground::Ground;
use super::program::{Start, Started};
use super::scratch::{self, Artifact};
use super::streams::Streams;
use super::watch::{self, Watch, Watched};
use super::wire::{ANSWER, ARTIFACT, Command, Compile, Done, Ending, Facts, Hit, Job, Limits, Stream};
use super::{Doing, Failure, tree};

/// What a program writes and what its function returns are capped one by one.
const STREAMS: u64 = 3;

/// A job on its way.
pub struct Session<'a> {
    job: &'a Job,
    ground: &'a Ground,
    artifact: Option<Artifact>,
    /// What may still be kept of all outputs together, in bytes.
    room: u64,
}

/// What a program may leave behind.
struct Product {
    path: &'static str,
    file: File,
}

impl<'a> Session<'a> {
    /// Of this job in this place.
    pub fn new(job: &'a Job, ground: &'a Ground) -> Self {
        Self { job, ground, artifact: None, room: job.report_bytes }
    }

    /// All of it.
    pub fn run(mut self) -> Result<Done, Failure> {
        let mut done = Done { wall: self.ground.wall(), compile: None, check: None, runs: Vec::new() };
        if let Some(compile) = &self.job.compile {
            let facts = self.compile(compile)?;
            let goes_on = facts.made_something();
            done.compile = Some(facts);
            if !goes_on {
                return Ok(done);
            }
        }
        for input in &self.job.inputs {
            let facts = self.run_input(&input.0)?;
            let asks = done.check.is_none() && failed_by_itself(&facts, self.job.has_answer);
            done.runs.push(facts);
            if let Some(check) = self.job.check.as_ref().filter(|_| asks) {
                let facts = self.program(check, &[], None)?;
                let is_over = facts.cannot_be_parsed();
                done.check = Some(facts);
                if is_over {
                    break;
                }
            }
        }
        Ok(done)
    }

    fn compile(&mut self, compile: &Compile) -> Result<Facts, Failure> {
        let Compile { command, artifact } = compile;
        let file = scratch::empty_product(ARTIFACT).doing("open the artifact")?;
        let mut product = Product { path: ARTIFACT, file };
        let mut facts = self.program(command, &[], Some(&mut product))?;
        facts.artifact_bytes = product.file.metadata().doing("look at the artifact")?.len();
        if facts.made_something() {
            self.artifact = Some(scratch::keep_artifact(&mut product.file, artifact).doing("keep the artifact")?);
        }
        Ok(facts)
    }

    fn run_input(&mut self, input: &[u8]) -> Result<Facts, Failure> {
        let Command { argv, limits } = &self.job.run;
        let output_bytes = limits.output_bytes.min(self.room / STREAMS).max(1);
        let command = Command { argv: argv.clone(), limits: Limits { output_bytes, ..limits.clone() } };
        let facts = if self.job.has_answer {
            let file = scratch::empty_product(ANSWER).doing("open the answer")?;
            let mut product = Product { path: ANSWER, file };
            let facts = self.program(&command, input, Some(&mut product))?;
            // One byte more than the cap belongs to the mark of an answer.
            let answer = scratch::read_product(&mut product.file, output_bytes + 1).doing("read the answer")?;
            Facts { answer: Some(answer), ..facts }
        } else {
            self.program(&command, input, None)?
        };
        let kept = |stream: &Stream| stream.bytes.0.len() as u64;
        let kept = kept(&facts.stdout) + kept(&facts.stderr) + facts.answer.as_ref().map_or(0, kept);
        self.room = self.room.saturating_sub(kept);
        Ok(facts)
    }

    /// One program, alone, in a fresh scratch space.
    fn program(&self, command: &Command, stdin: &[u8], product: Option<&mut Product>) -> Result<Facts, Failure> {
        let Self { job, ground, artifact, room: _ } = self;
        scratch::prepare(ground, &job.files, artifact.as_ref()).doing("prepare the scratch space")?;
        let files_before = watch::files_in(ground);
        let (streams, stdio) = Streams::new(stdin, command.limits.output_bytes).doing("make pipes")?;
        let path = product.as_ref().map(|product| product.path);
        let began = Instant::now();
        let started = Start { job, ground, command, product: path, stdio }.start().doing("start a program")?;
        let watched = match started {
            Started::Program(main) => {
                let watch = Watch::new(ground, &command.limits, main, began, files_before);
                watch.and_then(|watch| watch.run(streams)).doing("watch a program")?
            }
            Started::NotExecutable(cause) => {
                tree::kill_all(|_| ()).doing("end a program")?;
                not_executable(cause, streams)
            }
        };
        let Watched { ending, hit, cpu_time, wall_time, memory_kib, output: [stdout, stderr] } = watched;
        Ok(Facts { ending, hit, cpu_time, wall_time, memory_kib, stdout, stderr, answer: None, artifact_bytes: 0 })
    }
}

fn not_executable(cause: String, streams: Streams<'_>) -> Watched {
    Watched {
        ending: Ending::NotExecutable(cause),
        hit: None,
        cpu_time: Default::default(),
        wall_time: Default::default(),
        memory_kib: 0,
        output: streams.finish(),
    }
}

/// As code fails that can not be parsed: neither a limit nor its answer ended it.
fn failed_by_itself(facts: &Facts, has_answer: bool) -> bool {
    let marked = facts.answer.as_ref().is_some_and(|answer| answer.bytes.0.first() == Some(&ANSWER_MARK));
    match (&facts.ending, facts.hit) {
        (_, Some(Hit::CpuTime | Hit::WallTime | Hit::Memory | Hit::Output)) => false,
        (Ending::Exited(0), _) => has_answer && !marked,
        _ => true,
    }
}

/// A harness begins its answer with this byte.
const ANSWER_MARK: u8 = b'=';
