//! PID 1 of a box; see the library beside it for its part in the whole. Or, with the argument `container`, of a container
//! in which it does alone what server and launcher do for a box: see `runner::container`.
//!
//! It is one thread, holds CAP_SETUID, CAP_SETGID and CAP_SETPCAP and nothing else, and has five
//! descriptors: the program's stdin, stdout and stderr, the socket to the launcher, and the folder of the code. It
//! dies with the launcher, and everything in the box dies with it.

#![forbid(unsafe_code)]

mod files;

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use files::{Entrance, Gate, Passage};
use runner::protocol::{self, Event, Exit, FORKED_PID, Go, Job, Stage, Start};
use runner::{confine, sys};
use rustix::process::{Pid, WaitOptions, WaitStatus};

/// The status with which the runner leaves when it could not do its work; the launcher reports a
/// platform fault whenever `Ended` did not arrive, whatever the status.
const COULD_NOT: u8 = 70;

fn main() -> ExitCode {
    // Descriptor 2 is the student's: our own panics must not be written there.
    std::panic::set_hook(Box::new(|_| ()));
    if std::env::args_os().nth(1).is_some_and(|word| word == runner::container::COMMAND) {
        return runner::container::main();
    }
    let channel = sys::channel();
    match serve(channel.as_fd()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let (call, cause) = ("runner".to_owned(), error.to_string());
            // If the launcher is gone there is nobody left to tell.
            let _ = send(channel.as_fd(), &Event::Failed { stage: Stage::Program, call, cause });
            ExitCode::from(COULD_NOT)
        }
    }
}

fn send(channel: BorrowedFd<'_>, event: &Event) -> io::Result<()> {
    protocol::send(channel, event, &[])
}

/// One job from its arrival to its end.
fn serve(channel: BorrowedFd<'_>) -> io::Result<()> {
    let code = sys::code_folder();
    sys::die_with_parent()?;
    let Some((job, _)) = protocol::receive::<Job>(channel)? else { return Ok(()) };
    match job.start {
        Start::OnGo => run_on_go(channel, code, job),
        Start::Ahead => run_ahead(channel, code.as_fd(), &job),
        Start::Forked => serve_forked(channel, code.as_fd(), &job),
    }
}

fn run_on_go(channel: BorrowedFd<'_>, code: OwnedFd, mut job: Job) -> io::Result<()> {
    let Some((go, contents)) = protocol::receive::<Go>(channel)? else { return Ok(()) };
    files::place(code.as_fd(), &go, &contents, job.confinement.uid)?;
    drop((code, contents));
    job.argv.extend(go.args);
    let start = Instant::now();
    let before = sys::cpu_time()?;
    let Some((main, used)) = start_program(channel, &job)? else { return Ok(()) };
    send(channel, &Event::Started { used: before + used })?;
    report(channel, main, start, None)
}

/// The program is there before its files are.
fn run_ahead(channel: BorrowedFd<'_>, code: BorrowedFd<'_>, job: &Job) -> io::Result<()> {
    let gate = Gate::make(code)?;
    send(channel, &Event::Gate)?;
    sys::interrupt_on_child()?;
    let Some((main, _)) = start_program(channel, job)? else { return Ok(()) };
    let entrance = wait_at(&gate, main)?;
    let Some((start, passage)) = let_through(channel, code, gate, entrance, main, job)? else { return Ok(()) };
    report(channel, main, start, Some(&passage))
}

/// Until the reader has come; an error if it is dead before. A template's child may not be ours yet.
fn wait_at(gate: &Gate<'_>, main: Pid) -> io::Result<Entrance> {
    loop {
        match rustix::process::waitpid(Some(main), WaitOptions::NOHANG) {
            Ok(None) | Err(rustix::io::Errno::CHILD) => {}
            Ok(Some(_)) => return Err(io::Error::other("the program ended before it came to the gate")),
            Err(error) => return Err(error.into()),
        }
        match gate.wait() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}

/// Somebody else starts the program, and is gone when it comes to the gate: then it is our child.
fn serve_forked(channel: BorrowedFd<'_>, code: BorrowedFd<'_>, job: &Job) -> io::Result<()> {
    let gate = Gate::make(code)?;
    sys::interrupt_on_child()?;
    send(channel, &Event::Gate)?;
    let main = Pid::from_raw(FORKED_PID).ok_or(io::ErrorKind::InvalidInput)?;
    let entrance = wait_at(&gate, main)?;
    // An error if it is no child of ours.
    if rustix::process::waitpid(Some(main), WaitOptions::NOHANG)?.is_some() {
        return Err(io::Error::other("the program ended at the gate"));
    }
    let Some((start, passage)) = let_through(channel, code, gate, entrance, main, job)? else { return Ok(()) };
    report(channel, main, start, Some(&passage))
}

/// Waits for the files, and then lets the program go on: when that was. `None` when the launcher is gone.
fn let_through(
    channel: BorrowedFd<'_>,
    code: BorrowedFd<'_>,
    gate: Gate<'_>,
    entrance: Entrance,
    main: Pid,
    job: &Job,
) -> io::Result<Option<(Instant, Passage)>> {
    send(channel, &Event::Ready)?;
    let Some((go, contents)) = protocol::receive::<Go>(channel)? else { return Ok(None) };
    gate.remove()?;
    files::place(code, &go, &contents, job.confinement.uid)?;
    let used = sys::cpu_time()? + sys::cpu_time_of(main)?;
    send(channel, &Event::Started { used })?;
    let start = Instant::now();
    Ok(Some((start, entrance.open()?)))
}

/// Forks, and makes the fork the program: which process that is, and the CPU time it had used by then. `None` if that
/// failed, which is then reported.
fn start_program(channel: BorrowedFd<'_>, job: &Job) -> io::Result<Option<(Pid, Duration)>> {
    let (failures, failure_writer) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC)?;
    let main = match sys::fork()? {
        sys::Fork::Child => {
            let about_to_start = || {
                let mark = protocol::encode(&Event::Started { used: sys::cpu_time()? })?;
                rustix::io::write(&failure_writer, &mark).map_err(io::Error::from)
            };
            let failure = confine::become_program(job, about_to_start);
            // The pipe may be closed already if the parent died; there is nobody left to tell.
            let _ = rustix::io::write(&failure_writer, &protocol::encode(&failure)?);
            std::process::exit(COULD_NOT.into());
        }
        sys::Fork::Parent(pid) => pid,
    };
    drop(failure_writer);
    match read_start(failures)? {
        Ok(used) => Ok(Some((main, used))),
        Err(failed) => send(channel, &failed).map(|()| None),
    }
}

/// What the child wrote before its image was replaced: that it is about to be, with the CPU time it has used, and nothing
/// after that, if all went well. A child that wrote nothing has died on the way, and how it ended is not the program's
/// doing.
fn read_start(failures: OwnedFd) -> io::Result<Result<Duration, Event>> {
    let mut bytes = Vec::new();
    File::from(failures).take(1024).read_to_end(&mut bytes)?;
    if bytes.is_empty() {
        let (call, cause) = ("fork".to_owned(), "the child died before it was the program".to_owned());
        return Ok(Err(Event::Failed { stage: Stage::Program, call, cause }));
    }
    match protocol::decode_first(&bytes)? {
        (Event::Started { used }, []) => Ok(Ok(used)),
        (Event::Started { .. }, failed) => protocol::decode(failed).map(Err),
        (failed, _) => Ok(Err(failed)),
    }
}

/// Reaps every orphan of the box until the main process has ended, and says how it did; an error if it has come to a gate and
/// not through.
fn report(channel: BorrowedFd<'_>, main: Pid, start: Instant, passage: Option<&Passage>) -> io::Result<()> {
    loop {
        let waited = rustix::io::retry_on_intr(|| rustix::process::wait(WaitOptions::empty()))?;
        if let Some((pid, status)) = waited
            && pid == main
        {
            if let Some(passage) = passage
                && !passage.is_used()?
            {
                return Err(io::Error::other("the program ended at the gate"));
            }
            return send(channel, &Event::Ended { exit: exit_of(status), wall_time: start.elapsed() });
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
