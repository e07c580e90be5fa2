//! A whole submission in a container that somebody else has made: compile once, run each input, say what came of it.
//!
//! The executor `dagger` starts the runner with the word `container`, as PID 1, in a container that gives it nothing: no
//! cgroup of its own, no namespace to make. So what launcher, cgroups and namespaces do for a box is done here, as well as
//! one process can: limits per process from the kernel, those of all processes together by looking (`watch`), a system call
//! filter that leaves no network, an end for all at once (`tree`), and a fresh scratch space for each input (`scratch`).
//! What is weaker than a box is listed in `docs/dagger.md`.
//!
//! ```text
//! stdin: one Job -->  runner (PID 1) -- fork, confine, exec --> compiler, then a program for each input, one at a time
//! stdout <-- one line, an Envelope with the job's nonce          (its pipes end here; nothing it writes is copied out raw)
//! ```
//!
//! What user code can not do: reach the runner's descriptors or memory (it is not dumpable, is another user where it began
//! as root, and PID 1 takes no signals from within), know the nonce (it is in memory alone), or let its own exit be the
//! container's: that is 0 whenever there is an envelope.
//!
//! What this does not do: judge. An [`wire::Envelope`] is facts.

mod bytes;
mod ground;
mod program;
mod scratch;
mod session;
mod streams;
mod tree;
mod watch;
pub mod wire;

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;

use crate::sys;
use ground::Ground;
use session::Session;
use wire::{Envelope, Job, Told};

/// The first argument that makes the runner do this.
pub const COMMAND: &str = "container";

/// The status when there is not even an envelope to be had: no job, or nobody who reads.
const NO_ENVELOPE: u8 = 70;

/// What failed on our side, and why. Never of the program's making.
#[derive(Debug)]
pub struct Failure {
    context: &'static str,
    cause: String,
}

/// Names what was being done in an error.
trait Doing<T> {
    fn doing(self, context: &'static str) -> Result<T, Failure>;
}

impl<T, E: std::fmt::Display> Doing<T> for Result<T, E> {
    fn doing(self, context: &'static str) -> Result<T, Failure> {
        self.map_err(|error| Failure { context, cause: error.to_string() })
    }
}

/// The whole of the runner's life in a container.
pub fn main() -> ExitCode {
    // First of all, so that nobody ever reads the job in this process' memory.
    let hidden = sys::not_dumpable();
    let Ok(job) = read_job() else { return ExitCode::from(NO_ENVELOPE) };
    let nonce = job.nonce.clone();
    let told = hidden
        .doing("hide from other processes")
        .and_then(|()| Ground::take(&job))
        .and_then(|ground| Session::new(&job, &ground).run());
    let result = match told {
        Ok(done) => Told::Done(Box::new(done)),
        Err(Failure { context, cause }) => Told::Failed { context: context.to_owned(), cause },
    };
    match write_envelope(&Envelope { version: wire::VERSION, nonce, result }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(NO_ENVELOPE),
    }
}

/// All of stdin, which is one job.
fn read_job() -> io::Result<Job> {
    let mut bytes = Vec::new();
    io::stdin().lock().take(wire::MAX_JOB + 1).read_to_end(&mut bytes)?;
    wire::decode_job(&bytes).map_err(io::Error::other)
}

fn write_envelope(envelope: &Envelope) -> io::Result<()> {
    let mut line = serde_json::to_vec(envelope)?;
    line.push(b'\n');
    let mut stdout = io::stdout().lock();
    stdout.write_all(&line)?;
    stdout.flush()
}
