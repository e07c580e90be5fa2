//! The child's side: from a copy of the template, with its power, to the program of one box, with none.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use runner::confine::{At, Failure, confine, first_unwanted};
use runner::holes::Hole;
use runner::protocol::{self, Fork, Forked, GATE};
use runner::sys as system;
use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use rustix::process::Pid;

use crate::sys;
use crate::template::Template;

/// The namespaces of a box that a process can enter. That of pids was entered by being forked.
const NAMESPACES: i32 =
    libc::CLONE_NEWNS | libc::CLONE_NEWNET | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS | libc::CLONE_NEWCGROUP;

/// How a child leaves that did not become the program.
const COULD_NOT: i32 = 70;

/// Becomes it, with nothing to do yet.
pub fn become_program(template: &mut Template) {
    let Some((fork, fds)) = template.next.take() else { sys::leave(COULD_NOT) };
    if let Err(Failure { call, source }) = enter(&fork, fds) {
        let told = Forked::Failed { serial: fork.serial, call: call.into_owned(), cause: source.to_string() };
        // If the socket is closed already, the launcher sees that the child has ended.
        let _ = protocol::send(&template.socket, &told, &[]);
        sys::leave(COULD_NOT)
    }
}

/// Waits until there is code to run, and leaves if there will be none.
pub fn pass_gate() {
    match wait_at_gate() {
        Ok(true) => wait_until_alone(),
        // Nobody wants it any more.
        Ok(false) => sys::leave(0),
        Err(_) => sys::leave(COULD_NOT),
    }
}

/// Until the template has buried the process between, which was here before us and would be seen. By now it has, unless it
/// had no turn on a processor since; it is about to, and does nothing else.
fn wait_until_alone() {
    let own = rustix::process::getpid().as_raw_nonzero().get();
    for before in (2..own).filter_map(Pid::from_raw) {
        while rustix::process::test_kill_process(before) != Err(Errno::SRCH) {
            rustix::thread::sched_yield();
        }
    }
}

fn enter(fork: &Fork, fds: Vec<OwnedFd>) -> Result<(), Failure> {
    // Until the process between has ended, and PID 1 of the box is our parent: it is about to, and does nothing else.
    while rustix::process::getppid().is_none_or(|parent| !parent.is_init()) {
        rustix::thread::sched_yield();
    }
    let count = fds.len();
    let mut fds = fds.into_iter();
    let mut next = || fds.next().ok_or_else(|| io::Error::other(format!("{count} descriptors"))).at("receive(Fork)");
    let (init, stdio) = (next()?, [next()?, next()?, next()?]);
    for entrance in fds {
        rustix::io::write(&entrance, b"0").at("write(cgroup)")?;
    }
    system::enter_namespaces(init.as_fd(), NAMESPACES).at("setns")?;
    for (target, fd) in (0..).zip(&stdio) {
        system::place(fd.as_fd(), target).at("dup2")?;
    }
    // There is no exec that closes anything: all of it is closed now, our way to the launcher too. Nor one after which
    // the process may look at itself.
    confine(&fork.confinement, || {
        system::dumpable()?;
        system::close_from(first_unwanted())
    })?;
    if !fork.confinement.holes.has(Hole::Descriptors) {
        // Closed above. Their numbers may soon be the program's.
        std::mem::forget((init, stdio));
    }
    Ok(())
}

fn wait_at_gate() -> io::Result<bool> {
    let path = format!("/code/{GATE}");
    let gate = rustix::fs::open(path, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    Ok(rustix::io::retry_on_intr(|| rustix::io::read(&gate, &mut [0_u8; 1]))? == 1)
}
