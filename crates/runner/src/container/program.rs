//! Starts a program in the container: a fork from which everything is taken before it is the program.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd as _, OwnedFd};

use rustix::pipe::{PipeFlags, pipe_with};
use rustix::process::{Pid, Resource};

use super::ground::{self, Ground};
use super::wire::{Command, Job, Limits};
use crate::confine::{self, At, Failure};
use crate::holes::Holes;
use crate::protocol::{Confinement, Rlimits};
use crate::sys::{self, Fork};

/// The stack of the main thread, as in a box.
const STACK_BYTES: u64 = 64 * 1024 * 1024;

/// What in a command line becomes the memory limit, in KiB or MiB, as in a box.
const MEMORY_PLACES: [(&str, u64); 2] = [("{memory_kib}", 1), ("{memory_mib}", 1024)];

/// Where programs start, and one of the folders they may change.
const HOME: &str = "/box";

/// The status of a child that did not become the program.
const COULD_NOT: i32 = 70;

/// What the child writes when nothing is left to do but to execute the program.
const MARK: &str = ".";

/// What a program is started with.
pub struct Start<'a> {
    /// Whose.
    pub job: &'a Job,
    /// Where.
    pub ground: &'a Ground,
    /// What.
    pub command: &'a Command,
    /// The file beside the scratch space that it may change, if there is one.
    pub product: Option<&'a str>,
    /// Standard input, output and error.
    pub stdio: [OwnedFd; 3],
}

/// What became of the fork.
pub enum Started {
    /// The program.
    Program(Pid),
    /// The kernel says that it is none.
    NotExecutable(String),
}

impl Start<'_> {
    /// Forks. Returns when the program's image is there.
    ///
    /// # Errors
    /// When a step before that failed.
    pub fn start(self) -> io::Result<Started> {
        let (failures, failure_writer) = pipe_with(PipeFlags::CLOEXEC)?;
        let pid = match sys::fork()? {
            Fork::Child => {
                let about_to_start = || rustix::io::write(&failure_writer, MARK.as_bytes()).map(drop);
                let word = match self.become_program(about_to_start) {
                    Ok(never) => match never {},
                    Err(Failure { call, source }) if call == "execve" && confine::is_no_program(&source) => {
                        format!("!{source}")
                    }
                    Err(Failure { call, source }) => format!("{call}: {source}"),
                };
                // If the other end is gone there is nobody left to tell.
                let _ = rustix::io::write(&failure_writer, word.as_bytes());
                std::process::exit(COULD_NOT);
            }
            Fork::Parent(pid) => pid,
        };
        drop((failure_writer, self.stdio));
        let mut word = String::new();
        File::from(failures).take(1024).read_to_string(&mut word)?;
        match word.strip_prefix(MARK) {
            Some("") => Ok(Started::Program(pid)),
            Some(rest) => match rest.strip_prefix('!') {
                Some(cause) => Ok(Started::NotExecutable(cause.to_owned())),
                None => Err(io::Error::other(rest.to_owned())),
            },
            // How it ended is not the program's doing.
            None if word.is_empty() => Err(io::Error::other("the child died before it was the program")),
            None => Err(io::Error::other(word)),
        }
    }

    fn become_program(
        &self,
        about_to_start: impl FnOnce() -> rustix::io::Result<()>,
    ) -> Result<std::convert::Infallible, Failure> {
        let argv: Vec<String> = self.command.argv.iter().map(|word| with_memory(word, &self.command.limits)).collect();
        let argv = confine::c_strings(&argv).at("argv")?;
        let env = confine::c_strings(&self.job.env).at("env")?;
        for (fd, target) in self.stdio.iter().zip(0..) {
            // The runner keeps its own three open, so that none of these has one of their numbers already.
            sys::place(fd.as_fd(), target).at("dup2")?;
        }
        sys::reset_signals().at("sigaction")?;
        let become_user = || self.ground.uid.map_or(Ok(()), sys::become_user);
        confine::confine_as(&self.confinement(), become_user, || sys::close_on_exec_from(3))?;
        about_to_start().at("write(pipe)")?;
        sys::exec(&argv, &env).at("execve")
    }

    fn confinement(&self) -> Confinement {
        let Ground { uid, can_bound, landlock, folders, in_memory: _ } = self.ground;
        let bounded = folders.iter().copied().filter(|folder| ground::is_in_memory(folder));
        let scratch = bounded.chain(self.product);
        Confinement {
            cwd: HOME.to_owned(),
            uid: uid.unwrap_or_default(),
            rlimits: rlimits(&self.command.limits, uid.is_none()),
            seccomp: self.job.seccomp.clone(),
            // Without that right nothing is lost: no_new_privs keeps every file from giving a capability back.
            is_narrowed: !can_bound,
            writable: scratch.map(str::to_owned).collect(),
            landlock: *landlock,
            holes: Holes::default(),
        }
    }
}

fn with_memory(word: &str, limits: &Limits) -> String {
    MEMORY_PLACES.iter().fold(word.to_owned(), |word, (place, unit)| {
        word.replace(place, &(limits.memory_kib / unit).max(1).to_string())
    })
}

/// Exhaustive on purpose: a new limit must be decided upon here or in `watch`. Where the programs are the same user as
/// the runner, that is one of them.
fn rlimits(limits: &Limits, same_user: bool) -> Rlimits {
    let Limits { cpu_time, wall_time: _, memory_kib: _, processes, output_bytes: _, file_bytes, open_files } = limits;
    Rlimits {
        cpu_seconds: cpu_time.as_secs() + 1,
        file_bytes: within(Resource::Fsize, *file_bytes),
        open_files: within(Resource::Nofile, (*open_files).into()),
        processes: within(Resource::Nproc, u64::from(*processes) + u64::from(same_user)),
        stack_bytes: within(Resource::Stack, STACK_BYTES),
    }
}

/// What is more than the container may have can not be given.
fn within(resource: Resource, wanted: u64) -> u64 {
    rustix::process::getrlimit(resource).maximum.map_or(wanted, |most| most.min(wanted))
}
