//! PID 1 of a box; see the library beside it for its part in the whole.
//!
//! It is one thread, holds CAP_SETUID, CAP_SETGID and CAP_SETPCAP and nothing else, and has four
//! descriptors: the program's stdin, stdout and stderr, and the socket to the launcher. It dies with
//! the launcher, and everything in the box dies with it.

#![deny(unsafe_code)]

mod confine;
mod sys;

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::OwnedFd;
use std::process::ExitCode;
use std::time::Instant;

use runner::protocol::{self, Event, Exit, Job, Stage};
use rustix::process::{Pid, WaitOptions, WaitStatus};

/// The status with which the runner leaves when it could not do its work; the launcher reports a
/// platform fault whenever `Ended` did not arrive, whatever the status.
const COULD_NOT: u8 = 70;

fn main() -> ExitCode {
    // Descriptor 2 is the student's: our own panics must not be written there.
    std::panic::set_hook(Box::new(|_| ()));
    match serve() {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::from(COULD_NOT),
    }
}

/// One job from its arrival to its end.
fn serve() -> io::Result<()> {
    let channel = sys::channel();
    sys::die_with_parent()?;
    let Some(job) = protocol::receive::<Job>(&channel)? else { return Ok(()) };
    let (failures, failure_writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    let start = Instant::now();
    let main = match sys::fork()? {
        sys::Fork::Child => {
            let about_to_start =
                || rustix::io::write(&failure_writer, &protocol::encode(&Event::Started)?).map_err(io::Error::from);
            let failure = confine::become_program(&job, about_to_start);
            // The pipe may be closed already if the parent died; there is nobody left to tell.
            let _ = rustix::io::write(&failure_writer, &protocol::encode(&failure)?);
            std::process::exit(COULD_NOT.into());
        }
        sys::Fork::Parent(pid) => pid,
    };
    drop(failure_writer);
    if let Some(failed) = read_failure(failures)? {
        return protocol::send(&channel, &failed);
    }
    protocol::send(&channel, &Event::Started)?;
    let exit = reap_until(main)?;
    protocol::send(&channel, &Event::Ended { exit, wall_time: start.elapsed() })
}

/// What the child wrote before its image was replaced: that it is about to be, and nothing after that, if all went
/// well. A child that wrote nothing has died on the way, and how it ended is not the program's doing.
fn read_failure(failures: OwnedFd) -> io::Result<Option<Event>> {
    let mut bytes = Vec::new();
    File::from(failures).take(1024).read_to_end(&mut bytes)?;
    let about_to_start = protocol::encode(&Event::Started)?;
    if bytes == about_to_start {
        return Ok(None);
    }
    if bytes.is_empty() {
        let (call, cause) = ("fork".to_owned(), "the child died before it was the program".to_owned());
        return Ok(Some(Event::Failed { stage: Stage::Program, call, cause }));
    }
    protocol::decode(bytes.strip_prefix(about_to_start.as_slice()).unwrap_or(&bytes)).map(Some)
}

/// Reaps every orphan of the box until the main process has ended.
fn reap_until(main: Pid) -> io::Result<Exit> {
    loop {
        let waited = rustix::io::retry_on_intr(|| rustix::process::wait(WaitOptions::empty()))?;
        if let Some((pid, status)) = waited
            && pid == main
        {
            return Ok(exit_of(status));
        }
    }
}

fn exit_of(status: WaitStatus) -> Exit {
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => Exit::Status(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Status(status.as_raw()),
    }
}
