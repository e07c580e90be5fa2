//! Template processes: an interpreter that is warm already, outside of all boxes, and forks into them.
//!
//! A template is started for a kind of box when one is asked for, sees the same file tree as those boxes do, and is told
//! nothing of any submission: its children get theirs at the gate, when they are confined like every other program. It
//! holds the privilege to enter a box and no other, and no secret. It is replaced after [`MOST_FORKS`] children
//! and after [`MOST_AGE`], so that what its children share (the layout of their memory, the seed of their hashes) does not
//! live for ever, and at once when it says or does anything that it should not. Until one is warm, programs are
//! started cold.

use std::ffi::CString;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::{Duration, Instant};

use runner::protocol::{Fork, Forked};
use rustix::process::{Pid, PidfdFlags, Resource, Rlimit, WaitId, WaitIdOptions};
use rustix::thread::CapabilitySet;

use crate::boxed::{STACK_BYTES, Workshop, environment, narrow, socket_pair};
use crate::child::{arrange_descriptors, drop_privileges};
use crate::error::{At, SandboxError, Step};
use crate::ground::is_initial;
use crate::spec::Template;
use crate::sys::{self, Fork as Side};
use crate::tree::{Extent, Tree};
use crate::wire;

/// Children of one template.
const MOST_FORKS: u64 = 20_000;

/// How long one template forks.
const MOST_AGE: Duration = Duration::from_secs(3600);

/// How long one may take until it is warm. A hundred times the usual.
const WARM_UP: Duration = Duration::from_secs(20);

/// After a template that did not get warm, none is tried for so long.
const PAUSE: Duration = Duration::from_secs(30);

/// How long a box that a template was to fork into is remembered: it has failed by then, or got on.
const MEMORY: usize = 64;

/// All templates of a launcher.
#[derive(Default)]
pub struct Zygotes {
    /// At most one for each kind of box.
    living: Vec<Zygote>,
    /// Those that were replaced: they do what they were told, and end.
    leaving: Vec<Zygote>,
    /// Kinds of boxes whose last template did not get warm, and when.
    failed: Vec<(usize, Instant)>,
    /// Numbers them.
    last: u64,
}

/// What there is for a kind of box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// The template of this number is warm.
    Warm(u64),
    /// One has been started and is not warm yet.
    Starting,
    /// None is to be had for now.
    Nothing,
}

struct Zygote {
    id: u64,
    kind: usize,
    pidfd: OwnedFd,
    socket: OwnedFd,
    started: Instant,
    warm: bool,
    /// Is it to be replaced?
    retired: bool,
    /// Has it been told that there will be no more?
    leaves: bool,
    forks: u64,
    /// The boxes it was last told to fork into.
    told: Vec<u64>,
}

impl Zygotes {
    /// The template for this kind of box. Where there is none, one is started.
    pub fn for_kind(&mut self, workshop: &Workshop, kind: usize, template: &Template) -> Found {
        let now = Instant::now();
        for zygote in &mut self.living {
            zygote.retired |= zygote.forks >= MOST_FORKS || now >= zygote.started + MOST_AGE;
        }
        self.failed.retain(|(_, when)| now < *when + PAUSE);
        if let Some(index) = self.living.iter().position(|zygote| zygote.retired && zygote.kind == kind) {
            let mut zygote = self.living.swap_remove(index);
            zygote.tell_no_more();
            self.leaving.push(zygote);
        }
        match self.living.iter().find(|zygote| zygote.kind == kind) {
            Some(zygote) if zygote.warm => Found::Warm(zygote.id),
            Some(_) => Found::Starting,
            None if workshop.zygote.is_none() || self.failed.iter().any(|(failed, _)| *failed == kind) => {
                Found::Nothing
            }
            None => {
                self.last += 1;
                match Zygote::start(workshop, self.last, kind, template) {
                    Ok(zygote) => {
                        self.living.push(zygote);
                        Found::Starting
                    }
                    Err(_) => {
                        self.failed.push((kind, now));
                        Found::Nothing
                    }
                }
            }
        }
    }

    /// Has the template of this number fork into a box.
    pub fn fork(
        &mut self,
        id: u64,
        fork: &Fork,
        init: BorrowedFd<'_>,
        stdio: &[OwnedFd; 3],
        entrances: &[OwnedFd],
    ) -> Result<(), SandboxError> {
        let zygote = self
            .living
            .iter_mut()
            .find(|zygote| zygote.id == id)
            .ok_or_else(|| SandboxError::new(Step::Program, "template", "is not there any more"))?;
        let fds: Vec<_> = std::iter::once(init)
            .chain(stdio.iter().map(AsFd::as_fd))
            .chain(entrances.iter().map(AsFd::as_fd))
            .collect();
        let sent = wire::send(&zygote.socket, fork, &fds).at(Step::Program, || "send(Fork)".to_owned());
        zygote.retired |= sent.is_err();
        sent?;
        zygote.forks += 1;
        if zygote.told.len() == MEMORY {
            zygote.told.remove(0);
        }
        zygote.told.push(fork.serial);
        Ok(())
    }

    /// What to wait for.
    pub fn watched(&self) -> impl Iterator<Item = BorrowedFd<'_>> {
        self.living.iter().chain(&self.leaving).flat_map(|zygote| [zygote.socket.as_fd(), zygote.pidfd.as_fd()])
    }

    /// When to look again, if nothing happens before: one that gets warm too slowly.
    pub fn next_look(&self) -> Option<Instant> {
        self.living.iter().filter(|zygote| !zygote.warm).map(|zygote| zygote.started + WARM_UP).min()
    }

    /// Takes in what templates say, and lets go of those that are of no more use: the boxes that have no program, and why.
    pub fn advance(&mut self) -> Vec<(u64, SandboxError)> {
        let mut failed = Vec::new();
        self.leaving.retain_mut(|zygote| {
            let stays = zygote.hear(&mut failed);
            if !stays {
                zygote.end();
            }
            stays
        });
        let mut index = 0;
        while index < self.living.len() {
            let zygote = &mut self.living[index];
            if zygote.hear(&mut failed) {
                index += 1;
                continue;
            }
            let zygote = self.living.swap_remove(index);
            zygote.end();
            if !zygote.warm {
                self.failed.push((zygote.kind, Instant::now()));
            }
        }
        failed
    }

    /// Ends all of them.
    pub fn clear(&mut self) {
        for zygote in self.living.drain(..).chain(self.leaving.drain(..)) {
            zygote.end();
        }
    }
}

impl Zygote {
    fn start(workshop: &Workshop, id: u64, kind: usize, template: &Template) -> Result<Self, SandboxError> {
        let step = Step::Launcher;
        // It sees what its boxes see, and its own files beside that.
        let tree = Tree::build(template, Extent::WithWarm, &workshop.folder, &workshop.holes)?;
        let (socket, theirs) = socket_pair()?;
        wire::send(&socket, &narrow(workshop, template), &[]).at(step, || "send(Narrow)".to_owned())?;
        let process = match sys::fork().at(step, || "fork(template)".to_owned())? {
            Side::Child => {
                // Nobody listens to it: the launcher sees that it ends before it is warm.
                let _ = become_template(workshop, template, &tree, theirs.as_fd());
                std::process::exit(1)
            }
            Side::Parent(pid) => pid,
        };
        let (pidfd, started) = (pidfd(process)?, Instant::now());
        Ok(Self {
            id,
            kind,
            pidfd,
            socket,
            started,
            warm: false,
            retired: false,
            leaves: false,
            forks: 0,
            told: Vec::new(),
        })
    }

    /// False when it is of no more use.
    fn hear(&mut self, failed: &mut Vec<(u64, SandboxError)>) -> bool {
        while crate::boxed::is_readable(&self.socket) {
            match wire::receive::<Forked>(&self.socket) {
                Ok(Some((Forked::Warm, _))) if !self.warm => self.warm = true,
                // Once for each, so that it can not keep us here.
                Ok(Some((Forked::Failed { serial, call, cause }, _))) if self.forget(serial) => {
                    failed.push((serial, SandboxError::new(Step::Program, call, cause)));
                    self.retired = true;
                }
                // It has done what it was told, and ends.
                Ok(None) if self.leaves => return false,
                // Gone, or not one of ours. What it was told last may not have been done.
                _ => {
                    let gone = |serial: &u64| (*serial, SandboxError::new(Step::Program, "template", "has ended"));
                    failed.extend(self.told.iter().map(gone));
                    return false;
                }
            }
        }
        self.warm || Instant::now() < self.started + WARM_UP
    }

    /// Was it told to fork into this box, and not heard of it since?
    fn forget(&mut self, serial: u64) -> bool {
        let index = self.told.iter().position(|told| *told == serial);
        index.map(|index| self.told.remove(index)).is_some()
    }

    /// Lets it do what it was told, after which it ends: nobody can tell it anything any more.
    fn tell_no_more(&mut self) {
        self.leaves = true;
        // What is gone already need not be told.
        let _ = rustix::net::shutdown(&self.socket, rustix::net::Shutdown::Write);
    }

    /// Kills it.
    fn end(&self) {
        // It may be dead already, which is what we want. If it could not be killed, it ends when nobody speaks to it.
        let _ = rustix::process::pidfd_send_signal(&self.pidfd, rustix::process::Signal::KILL);
        let _ = rustix::net::shutdown(&self.socket, rustix::net::Shutdown::Both);
        let _ = rustix::process::waitid(WaitId::PidFd(self.pidfd.as_fd()), WaitIdOptions::EXITED);
    }
}

fn pidfd(pid: Pid) -> Result<OwnedFd, SandboxError> {
    rustix::process::pidfd_open(pid, PidfdFlags::empty()).at(Step::Launcher, || "pidfd_open(template)".to_owned())
}

/// What a template may do: enter a box, and become its uid there.
fn capabilities() -> CapabilitySet {
    CapabilitySet::SYS_ADMIN
        | CapabilitySet::SYS_CHROOT
        | CapabilitySet::SETUID
        | CapabilitySet::SETGID
        | CapabilitySet::SETPCAP
}

/// From a fork of the launcher to the interpreter, in a tree like that of its boxes.
fn become_template(
    workshop: &Workshop,
    template: &Template,
    tree: &Tree,
    socket: BorrowedFd<'_>,
) -> Result<(), SandboxError> {
    let step = Step::Setup;
    let Some(warm) = &template.warm else { return Ok(()) };
    let Some(library) = &workshop.zygote else { return Ok(()) };
    sys::die_with_parent().at(step, || "prctl(PR_SET_PDEATHSIG)".to_owned())?;
    // As an interpreter in a box has them: pipes.
    let (input, output) = rustix::pipe::pipe().at(step, || "pipe".to_owned())?;
    // Asked before the host's `/proc` is out of sight.
    let is_initial = is_initial(Step::Setup)?;
    Tree::enter_copy(tree.namespace())?;
    // To find the library under the number of its descriptor. Where nobody may mount one, there is the host's.
    if is_initial {
        let flags =
            rustix::mount::MountFlags::NOSUID | rustix::mount::MountFlags::NODEV | rustix::mount::MountFlags::NOEXEC;
        rustix::mount::mount("proc", "/proc", "proc", flags, c"subset=pid").at(step, || "mount(/proc)".to_owned())?;
    }
    // The place of the stack is decided at exec.
    let stack = Rlimit { current: Some(STACK_BYTES), maximum: Some(STACK_BYTES) };
    rustix::process::setrlimit(Resource::Stack, stack).at(step, || "setrlimit(Stack)".to_owned())?;
    drop_privileges(capabilities(), &workshop.holes)?;
    // As every program in a box begins. What the interpreter makes of signals, its children keep.
    runner::sys::reset_signals().at(step, || "sigaction".to_owned())?;
    let wanted = [input.as_fd(), output.as_fd(), output.as_fd(), socket, library.as_fd()];
    drop(arrange_descriptors(&wanted, library.as_fd())?);
    let program = warm.argv.first().map(String::as_str).unwrap_or_default();
    let words = |words: &[String]| {
        let words = words.iter().map(|word| CString::new(word.as_str()).map_err(std::io::Error::from));
        words.collect::<std::io::Result<Vec<_>>>().at(step, || "argv".to_owned())
    };
    match runner::sys::exec(&words(&warm.argv)?, &words(&environment(template, &workshop.holes))?)
        .at(step, || format!("execve({program})"))? {}
}

#[cfg(test)]
mod tests;
