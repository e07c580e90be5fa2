//! From a plan to what the runner in a container is told. Pure.

use model::{Limits, ModeSpec, Preparation, Submission};
use runner::container::wire::{self, Bytes, Command, Compile, File, Job};
use sandbox::FileKind;

use crate::languages::LoadedLanguage;
use crate::native::Ceilings;
use crate::plan::{Plan, PlannedFile};

/// What is kept of all outputs of one submission together, in bytes, as in boxes.
const REPORT_BYTES: u64 = 32 << 20;

/// Who a program is, and what makes its envelope this job's.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Fresh for each job.
    pub nonce: String,
    /// The user that no other job has at the same time.
    pub uid: u32,
}

/// The job of a submission.
pub fn of_submission(
    submission: &Submission,
    plan: &Plan,
    loaded: &LoadedLanguage,
    seccomp: Vec<Vec<u64>>,
    ceilings: &Ceilings,
    identity: Identity,
) -> Option<Job> {
    let spec = loaded.language.modes.get(&submission.mode)?;
    let ModeSpec { preparation, run, .. } = spec;
    let command = |argv: &[String], more: &[String], limits: &Limits| Command {
        argv: [argv, more].concat(),
        limits: wire_limits(limits),
    };
    let (compile, check) = match preparation {
        Preparation::None => (None, None),
        Preparation::Check(argv) => (None, Some(command(argv, &[], &ceilings.compile))),
        Preparation::Compile { command: argv, artifact } => {
            let command = command(argv, &submission.compile_options, &ceilings.compile);
            (Some(Compile { command, artifact: artifact.clone() }), None)
        }
    };
    let files = plan.files.iter().map(|PlannedFile { name, kind, content }| File {
        name: name.clone(),
        is_data: *kind == FileKind::Data,
        content: Bytes(content.clone()),
    });
    Some(Job {
        files: files.collect(),
        compile,
        check,
        run: command(run, &submission.args, &submission.limits),
        has_answer: plan.has_answer,
        inputs: submission.inputs.iter().map(|input| Bytes(input.clone().into_bytes())).collect(),
        ..empty(loaded, seccomp, &submission.limits, identity)
    })
}

/// The job of a language's version command.
pub fn of_version(loaded: &LoadedLanguage, seccomp: Vec<Vec<u64>>, limits: &Limits, identity: Identity) -> Job {
    empty(loaded, seccomp, limits, identity)
}

/// Without a submission: the version command, once.
fn empty(loaded: &LoadedLanguage, seccomp: Vec<Vec<u64>>, limits: &Limits, identity: Identity) -> Job {
    let Identity { nonce, uid } = identity;
    Job {
        version: wire::VERSION,
        nonce,
        uid,
        env: loaded.language.env.iter().map(|(name, value)| format!("{name}={value}")).collect(),
        files: Vec::new(),
        seccomp,
        compile: None,
        check: None,
        run: Command { argv: loaded.language.version_command.clone(), limits: wire_limits(limits) },
        has_answer: false,
        inputs: vec![Bytes::default()],
        report_bytes: REPORT_BYTES,
    }
}

/// Exhaustive on purpose: a new limit must be decided upon here.
fn wire_limits(limits: &Limits) -> wire::Limits {
    let Limits { cpu_time, wall_time, memory_kib, processes, output_bytes, file_bytes, open_files } = limits;
    wire::Limits {
        cpu_time: *cpu_time,
        wall_time: *wall_time,
        memory_kib: *memory_kib,
        processes: *processes,
        output_bytes: *output_bytes,
        file_bytes: *file_bytes,
        open_files: *open_files,
    }
}

/// How large the file systems of a job have to be, in bytes: `/code`, and each of the others.
pub fn sizes(job: &Job) -> (u64, u64) {
    /// For what a file system needs beside the bytes of files.
    const ROOM: u64 = 1 << 20;
    let files: u64 = job.files.iter().map(|file| file.content.0.len() as u64).sum();
    let compiled = job.compile.as_ref().map_or(0, |compile| compile.command.limits.file_bytes);
    let once = job.compile.iter().map(|compile| &compile.command).chain(&job.check).chain([&job.run]);
    let scratch = once.map(|command| command.limits.file_bytes).max().unwrap_or(0);
    // The artifact is there twice: as it is kept, and as it is shown.
    (files + 2 * compiled + ROOM, files + scratch + ROOM)
}

/// How long a job can take at the most when all limits hold.
pub fn longest(job: &Job) -> std::time::Duration {
    /// What the runner needs around a program, killing it included.
    const AROUND: std::time::Duration = std::time::Duration::from_secs(5);
    let once = job.compile.iter().map(|compile| &compile.command).chain(&job.check);
    let once: std::time::Duration = once.map(|command| command.limits.wall_time + AROUND).sum();
    let inputs = u32::try_from(job.inputs.len()).unwrap_or(u32::MAX);
    once + (job.run.limits.wall_time + AROUND).saturating_mul(inputs)
}
