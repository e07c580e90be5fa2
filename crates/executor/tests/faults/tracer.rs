//! The tracing process: follows a launcher and the boxes it makes call by call, tells what it sees on standard
//! output, and makes one call fail.
//!
//! It is a process of its own (this test program with `tracer` as its first argument), because a tracer takes the
//! exit status of what it traces. strace(1) does the same but counts calls in every process alike: it can not make
//! the third `openat` of a box's builder fail and leave the third of the launcher alone. A program is let go when its
//! image has been replaced or, where a template has forked it, when it is let through the gate; nobody's code is watched.

use std::collections::{BTreeMap, BTreeSet};
use std::os::unix::fs::FileExt as _;
use std::process::ExitCode;
use std::{fs, io};

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
    let namespaces = match state::namespaces(launcher) {
        Ok(namespaces) => namespaces,
        Err(error) => {
            println!("{}", Line::Trouble(error));
            return ExitCode::FAILURE;
        }
    };
    let tracer = Tracer {
        launcher,
        namespaces,
        fault,
        roles: BTreeMap::from([(launcher, Place { part: Part::Launcher, number: 0 })]),
        boxes: 0,
        trees: 0,
        templates: 0,
        forks: 0,
        opened: BTreeSet::new(),
        gates: BTreeMap::new(),
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
    /// Where it is when it makes no box: to make one it visits the network of that.
    namespaces: Vec<(&'static str, String)>,
    fault: Option<Fault>,
    /// Who is traced.
    roles: BTreeMap<i32, Place>,
    /// How many were made.
    boxes: u32,
    /// Likewise.
    trees: u32,
    /// Likewise.
    templates: u32,
    /// Of the launcher that became no box, since the last box.
    forks: u32,
    /// Interpreters that are about to say that they are warm, or have done so.
    opened: BTreeSet<i32>,
    /// Programs that a template has forked, and how far they are.
    gates: BTreeMap<i32, Gate>,
    /// Stopped before their parent's fork was reported.
    early: BTreeSet<i32>,
    counts: BTreeMap<(Place, String), u32>,
    /// Whose call is about to end with which error.
    failing: BTreeMap<i32, i32>,
    attached: bool,
    /// Has the call failed?
    fired: bool,
}

/// Where a program that waits is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gate {
    /// On its way.
    Ahead,
    /// It has been seen in the state in which it will run, and opens the gate.
    Opening,
    /// It reads from there: then it is let through.
    Reading,
}

/// Where it stands, in a box.
const GATE: &[u8] = b"/code/gate\0";

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
                self.gates.remove(&pid);
                return Ok(());
            }
            Stop::Call if self.call(pid)? => return self.started(pid),
            Stop::Call => {}
            // A crash does not kill PID 1 of a namespace as long as it is traced: it would crash for ever.
            Stop::Signal(signal @ (libc::SIGSEGV | libc::SIGILL | libc::SIGBUS)) => return sys::detach(pid, signal),
            Stop::Signal(signal) => return self.resume(pid, signal),
            Stop::Event(libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK | libc::PTRACE_EVENT_CLONE) => {
                self.forked(pid)?;
            }
            Stop::Event(libc::PTRACE_EVENT_EXEC) if self.is(pid, Part::Program) => {
                self.tell_state(pid)?;
                return self.started(pid);
            }
            // After a fault a tree may have been built that was none of this template's.
            Stop::Event(libc::PTRACE_EVENT_EXEC) if self.is(pid, Part::Template) || self.is(pid, Part::Tree) => {
                let number = self.templates;
                self.roles.insert(pid, Place { part: Part::Forker, number });
            }
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
        let is_watched = self.failing.contains_key(&pid) || self.gates.contains_key(&pid);
        let to_the_next_call = is_watched || self.fault.as_ref().is_none_or(awaits);
        sys::resume(pid, to_the_next_call, signal)
    }

    fn is(&self, pid: i32, part: Part) -> bool {
        self.roles.get(&pid).is_some_and(|place| place.part == part)
    }

    /// True when it has been let through the gate.
    fn call(&mut self, pid: i32) -> io::Result<bool> {
        match sys::moment(pid)? {
            Moment::Entry(number, arguments) => {
                let name = calls::name(number);
                self.approach(pid, &name, arguments)?;
                self.entered(pid, &name).map(|()| false)
            }
            Moment::Exit(answer) => {
                if let Some(errno) = self.failing.remove(&pid) {
                    return sys::answer(pid, errno).map(|()| false);
                }
                Ok(answer == 1 && self.gates.get(&pid) == Some(&Gate::Reading))
            }
            Moment::Between => Ok(false),
        }
    }

    /// Looks how far a program that waits has come.
    fn approach(&mut self, pid: i32, name: &str, arguments: [u64; 2]) -> io::Result<()> {
        let path = match name {
            "open" => arguments[0],
            "openat" => arguments[1],
            _ => 0,
        };
        match self.gates.get(&pid) {
            Some(Gate::Ahead) if path != 0 && has_at(pid, path, GATE)? => {
                self.tell_state(pid)?;
                self.gates.insert(pid, Gate::Opening);
            }
            Some(Gate::Opening) if name == "read" => drop(self.gates.insert(pid, Gate::Reading)),
            _ => {}
        }
        Ok(())
    }

    fn entered(&mut self, pid: i32, name: &str) -> io::Result<()> {
        let Some(place) = self.roles.get(&pid).copied() else { return Ok(()) };
        // What an interpreter does before it is warm is its own affair; nobody else makes this call.
        if place.part == Part::Forker && name != "pidfd_open" && !self.opened.contains(&pid) {
            return Ok(());
        }
        self.opened.extend((place.part == Part::Forker).then_some(pid));
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
            Some(Place { part: Part::Launcher, .. }) => self.made_by_launcher(child),
            // Where it has the pipe by which it tells that it could not become the program.
            Some(Place { part: Part::Builder, number }) => {
                let part = if pipes(child) > STDIO { Part::Program } else { Part::Copier };
                Place { part, number: *number }
            }
            Some(Place { part: Part::Forker, .. }) => Place { part: Part::Between, number: self.boxes },
            Some(Place { part: Part::Between, number }) => {
                self.gates.insert(child, Gate::Ahead);
                Place { part: Part::Program, number: *number }
            }
            other => return Err(io::Error::other(format!("{other:?} has forked"))),
        };
        if place.part == Part::Program {
            println!("{}", Line::Forked(place.number));
        }
        self.roles.insert(child, place);
        match self.early.remove(&child).then(|| self.resume(child, 0)) {
            // It was killed while it stood still. Its parent has to go on all the same.
            Some(Err(error)) if error.raw_os_error() != Some(libc::ESRCH) => Err(error),
            _ => Ok(()),
        }
    }

    /// A box has a namespace of pids. A tree is built for a box or, before that, for a template that is forked next.
    fn made_by_launcher(&mut self, child: i32) -> Place {
        if namespaces(child) > namespaces(self.launcher) {
            self.forks = 0;
            self.boxes += 1;
            println!("{}", Line::Built(self.boxes));
            return Place { part: Part::Builder, number: self.boxes };
        }
        self.forks += 1;
        if self.forks.is_multiple_of(2) {
            self.templates += 1;
            Place { part: Part::Template, number: self.templates }
        } else {
            self.trees += 1;
            Place { part: Part::Tree, number: self.trees }
        }
    }

    fn tell_state(&self, pid: i32) -> io::Result<()> {
        let Some(place) = self.roles.get(&pid) else { return Ok(()) };
        for fact in state::of(pid, &self.namespaces).map_err(io::Error::other)? {
            println!("{}", Line::State(place.number, without_uid(&fact)));
        }
        Ok(())
    }

    fn started(&mut self, pid: i32) -> io::Result<()> {
        self.gates.remove(&pid);
        if let Some(place) = self.roles.remove(&pid) {
            println!("{}", Line::Started(place.number));
        }
        sys::detach(pid, 0)
    }
}

/// Pipes that every process of a box has.
const STDIO: usize = 3;

fn pipes(pid: i32) -> usize {
    let open = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().filter_map(Result::ok);
    let targets = open.filter_map(|entry| fs::read_link(entry.path()).ok());
    targets.filter(|target| target.to_string_lossy().starts_with("pipe:")).count()
}

/// In how many namespaces of pids it has a number.
fn namespaces(pid: i32) -> usize {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let numbers = status.lines().find_map(|line| line.strip_prefix("NSpid:"));
    numbers.map_or(0, |numbers| numbers.split_whitespace().count())
}

/// Has the process this in its memory?
fn has_at(pid: i32, address: u64, expected: &[u8]) -> io::Result<bool> {
    let mut bytes = vec![0; expected.len()];
    let read = fs::File::open(format!("/proc/{pid}/mem"))?.read_at(&mut bytes, address)?;
    Ok(&bytes[..read] == expected)
}
