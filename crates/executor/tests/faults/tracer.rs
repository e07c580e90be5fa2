//! The tracing process: follows a launcher and the boxes it makes call by call, tells what it sees on standard
//! output, and makes one call fail.
//!
//! It is a process of its own (this test program with `tracer` as its first argument), because a tracer takes the
//! exit status of what it traces. strace(1) does the same but counts calls in every process alike: it can not make
//! the third `openat` of a box's builder fail and leave the third of the launcher alone. A program is let go when its
//! image has been replaced; nobody's code is watched.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::process::ExitCode;

use crate::calls;
use crate::path::without_uid;
use crate::state;
use crate::sys::{self, Moment, Stop};
use crate::trace::{Fault, Line, Part, Place};

/// `tracer PID` and, if a call is to fail, the words of the [`Fault`].
pub fn main(arguments: &[String]) -> ExitCode {
    let launcher = arguments.first().and_then(|pid| pid.parse().ok());
    let fault = arguments.get(1..).filter(|words| !words.is_empty()).map(Fault::parse);
    let (Some(launcher), Some(fault)) = (launcher, fault.map_or(Some(None), |fault| fault.map(Some))) else {
        eprintln!("tracer: PID [PART BOX CALL OCCURRENCE]");
        return ExitCode::FAILURE;
    };
    let tracer = Tracer {
        launcher,
        fault,
        roles: BTreeMap::from([(launcher, Place { part: Part::Launcher, number: 0 })]),
        boxes: 0,
        early: BTreeSet::new(),
        counts: BTreeMap::new(),
        failing: BTreeMap::new(),
        attached: false,
        fired: false,
    };
    match tracer.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{}", Line::Trouble(error.to_string()));
            ExitCode::FAILURE
        }
    }
}

struct Tracer {
    launcher: i32,
    fault: Option<Fault>,
    /// Who is traced.
    roles: BTreeMap<i32, Place>,
    /// How many were made.
    boxes: u32,
    /// Stopped before their parent's fork was reported.
    early: BTreeSet<i32>,
    counts: BTreeMap<(Place, String), u32>,
    /// Whose call is about to end with which error.
    failing: BTreeMap<i32, i32>,
    attached: bool,
    /// Has the call failed?
    fired: bool,
}

impl Tracer {
    /// Until nobody is traced any more.
    fn run(mut self) -> io::Result<()> {
        sys::seize(self.launcher)?;
        // So that the first call that is counted is the first after this.
        sys::interrupt(self.launcher)?;
        while let Some((pid, stop)) = sys::wait()? {
            match self.stopped(pid, stop) {
                // Killed while it stood still, which the next wait says.
                Err(error) if error.raw_os_error() == Some(libc::ESRCH) => {}
                other => other?,
            }
        }
        Ok(())
    }

    fn stopped(&mut self, pid: i32, stop: Stop) -> io::Result<()> {
        match stop {
            Stop::Gone => {
                self.roles.remove(&pid);
                self.early.remove(&pid);
                return Ok(());
            }
            Stop::Call => self.call(pid)?,
            // A crash does not kill PID 1 of a namespace as long as it is traced: it would crash for ever.
            Stop::Signal(signal @ (libc::SIGSEGV | libc::SIGILL | libc::SIGBUS)) => return sys::detach(pid, signal),
            Stop::Signal(signal) => return self.resume(pid, signal),
            Stop::Event(libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK | libc::PTRACE_EVENT_CLONE) => {
                self.forked(pid)?;
            }
            Stop::Event(libc::PTRACE_EVENT_EXEC) if self.is_program(pid) => return self.executed(pid),
            // Its parent is to see it die as if nobody had been here.
            Stop::Event(libc::PTRACE_EVENT_EXIT) => return sys::detach(pid, 0),
            Stop::Event(_) if !self.roles.contains_key(&pid) => {
                self.early.insert(pid);
                return Ok(());
            }
            Stop::Event(_) if !self.attached => {
                self.attached = true;
                println!("{}", Line::Attached);
            }
            Stop::Event(_) => {}
        }
        self.resume(pid, 0)
    }

    /// Who is not to be disturbed, or has been, is stopped for events alone: a stop costs more than a call.
    fn resume(&self, pid: i32, signal: i32) -> io::Result<()> {
        let awaits = |fault: &Fault| self.roles.get(&pid) == Some(&fault.place) && !self.fired;
        let to_the_next_call = self.failing.contains_key(&pid) || self.fault.as_ref().is_none_or(awaits);
        sys::resume(pid, to_the_next_call, signal)
    }

    fn is_program(&self, pid: i32) -> bool {
        self.roles.get(&pid).is_some_and(|place| place.part == Part::Program)
    }

    fn call(&mut self, pid: i32) -> io::Result<()> {
        match sys::moment(pid)? {
            Moment::Entry(number) => self.entered(pid, &calls::name(number)),
            Moment::Exit => self.failing.remove(&pid).map_or(Ok(()), |errno| sys::answer(pid, errno)),
            Moment::Between => Ok(()),
        }
    }

    fn entered(&mut self, pid: i32, name: &str) -> io::Result<()> {
        let Some(place) = self.roles.get(&pid).copied() else { return Ok(()) };
        let count = self.counts.entry((place, name.to_owned())).or_default();
        *count += 1;
        let here = Fault { place, call: name.to_owned(), occurrence: *count };
        match &self.fault {
            None => {
                println!("{}", Line::Call(place, name.to_owned()));
                return Ok(());
            }
            Some(fault) if *fault != here => return Ok(()),
            Some(_) => self.fired = true,
        }
        println!("{}", Line::Failed);
        self.failing.insert(pid, calls::error_of(name));
        if calls::happens_anyway(name) { Ok(()) } else { sys::skip_call(pid) }
    }

    fn forked(&mut self, pid: i32) -> io::Result<()> {
        let child = sys::forked(pid)?;
        let place = match self.roles.get(&pid) {
            Some(Place { part: Part::Launcher, .. }) => {
                self.boxes += 1;
                println!("{}", Line::Built(self.boxes));
                Place { part: Part::Builder, number: self.boxes }
            }
            Some(Place { part: Part::Builder, number }) => {
                println!("{}", Line::Forked(*number));
                Place { part: Part::Program, number: *number }
            }
            other => return Err(io::Error::other(format!("{other:?} has forked"))),
        };
        self.roles.insert(child, place);
        if self.early.remove(&child) { self.resume(child, 0) } else { Ok(()) }
    }

    fn executed(&mut self, pid: i32) -> io::Result<()> {
        let Some(place) = self.roles.remove(&pid) else { return Ok(()) };
        println!("{}", Line::Started(place.number));
        for fact in state::of(pid, self.launcher).map_err(io::Error::other)? {
            println!("{}", Line::State(place.number, without_uid(&fact)));
        }
        sys::detach(pid, 0)
    }
}
