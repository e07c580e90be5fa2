//! From clone to exec of the runner: what the new PID 1 does to its own surroundings.
//!
//! It starts as a copy of the launcher with all its power and ends as the runner, with three
//! capabilities, inside the finished box. Nothing of the student's runs before that; what fails here
//! is reported over the channel and the box is never used.

use std::convert::Infallible;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use runner::holes::{Hole, Holes};
use runner::protocol::{CHANNEL_FD, CODE_FD, Event, Stage};
use rustix::thread::{CapabilitySet, CapabilitySets};

use crate::confine::keep_in_bounding_set;
use crate::error::{At, SandboxError, Step};
use crate::interior::{Interior, Made};
use crate::spec::Template;
use crate::sys;
use crate::tree::Tree;
use crate::wire;

/// What the name of every box is; a program learns nothing from it.
const HOSTNAME: &[u8] = b"box";

/// What the runner may do: become the slot's uid and give up the rest.
fn runner_capabilities() -> CapabilitySet {
    CapabilitySet::SETUID | CapabilitySet::SETGID | CapabilitySet::SETPCAP
}

/// All that whoever comes of the launcher may get through exec: what the runner has, and what a template has. The launcher
/// gives up the rest for all of them before it makes the first; it executes nothing itself.
const BOUNDS: CapabilitySet = CapabilitySet::SETUID
    .union(CapabilitySet::SETGID)
    .union(CapabilitySet::SETPCAP)
    .union(CapabilitySet::SYS_ADMIN)
    .union(CapabilitySet::SYS_CHROOT);

/// Gives up what is not within [`BOUNDS`]. A launcher that can not do that makes no box.
pub fn bound_descendants(holes: &Holes) -> Result<(), SandboxError> {
    if holes.has(Hole::Capabilities) {
        return Ok(());
    }
    keep_in_bounding_set(CapabilitySet::all(), BOUNDS, Step::Launcher)
}

/// All that the child needs, collected before the clone.
pub struct Plan<'a> {
    /// What the box looks like.
    pub template: &'a Template,
    /// Where to write `0` to enter each cgroup of the box.
    pub cgroup_entrances: &'a [OwnedFd],
    /// Its uid.
    pub uid: u32,
    /// Bytes of scratch space.
    pub scratch_bytes: u64,
    /// What the box shares with others of its kind.
    pub tree: BorrowedFd<'a>,
    /// stdin, stdout and stderr of the program.
    pub stdio: [BorrowedFd<'a>; 3],
    /// The static binary, open.
    pub runner: BorrowedFd<'a>,
    /// Is this root of the whole host?
    pub is_initial: bool,
    /// What a test takes away of all this.
    pub holes: &'a Holes,
}

/// Builds the box around this process and becomes the runner, with `channel` to the launcher. Never
/// returns.
pub fn become_runner(plan: &Plan<'_>, channel: BorrowedFd<'_>) -> ! {
    let Err(failure) = try_become(plan, channel);
    let SandboxError { step: _, detail, cause } = failure;
    let event = Event::Failed { stage: Stage::Setup, call: detail, cause };
    // If the launcher is gone there is nobody left to tell.
    let _ = wire::send(channel, &event, &[]);
    std::process::exit(1)
}

fn try_become(plan: &Plan<'_>, channel: BorrowedFd<'_>) -> Result<Infallible, SandboxError> {
    let step = Step::Setup;
    sys::die_with_parent().at(step, || "prctl(PR_SET_PDEATHSIG)".to_owned())?;
    for entrance in plan.cgroup_entrances {
        rustix::io::write(entrance, b"0").at(step, || "write(entrance of a cgroup)".to_owned())?;
    }
    if !plan.holes.has(Hole::CgroupNamespace) {
        sys::unshare(libc::CLONE_NEWCGROUP).at(step, || "unshare(CLONE_NEWCGROUP)".to_owned())?;
    }
    if !plan.holes.has(Hole::Uts) {
        rustix::system::sethostname(HOSTNAME).at(step, || "sethostname".to_owned())?;
        rustix::system::setdomainname(HOSTNAME).at(step, || "setdomainname".to_owned())?;
    }
    let outside = leaked_folder(plan)?;
    let Made { code, product } = build_root(plan)?;
    wire::send(channel, &Event::Built, &product.iter().map(AsFd::as_fd).collect::<Vec<_>>())
        .at(step, || "sendmsg(Built)".to_owned())?;
    drop_privileges(runner_capabilities(), plan.holes)?;
    let [zero, one, two] = plan.stdio;
    let runner = arrange_descriptors(&[zero, one, two, channel, code.as_fd()], plan.runner)?;
    if let Some(outside) = outside {
        sys::place(outside.as_fd(), CODE_FD + 1).at(step, || "dup2".to_owned())?;
    }
    Err(sys::exec_fd(runner.as_fd(), c"box")).at(step, || "execveat(runner)".to_owned())
}

/// A folder of the host, in a test that wants one to be inherited.
fn leaked_folder(plan: &Plan<'_>) -> Result<Option<OwnedFd>, SandboxError> {
    let open = || std::fs::File::open("/").at(Step::Setup, || "open(/)".to_owned()).map(OwnedFd::from);
    plan.holes.has(Hole::Descriptors).then(open).transpose()
}

fn build_root(plan: &Plan<'_>) -> Result<Made, SandboxError> {
    Tree::enter_copy(plan.tree)?;
    let Template { root, product, .. } = plan.template;
    let (uid, scratch_bytes, is_initial, holes) = (plan.uid, plan.scratch_bytes, plan.is_initial, plan.holes);
    Interior { uid, own_files: &root.own_files, scratch_bytes, product: product.as_deref(), is_initial, holes }.make()
}

/// Leaves these capabilities, also in the bounding set, so that an exec as root's number
/// gives no others back. The launcher must have called [`bound_descendants`].
pub fn drop_privileges(keep: CapabilitySet, holes: &Holes) -> Result<(), SandboxError> {
    let step = Step::Setup;
    if !holes.has(Hole::Capabilities) {
        keep_in_bounding_set(BOUNDS, keep, step)?;
    }
    let sets = CapabilitySets { effective: keep, permitted: keep, inheritable: CapabilitySet::empty() };
    rustix::thread::set_capabilities(None, sets).at(step, || "capset".to_owned())
}

/// Numbers these from 0 on; exec closes the rest. Returns the program's descriptor, out of their way.
pub fn arrange_descriptors(wanted: &[BorrowedFd<'_>], program: BorrowedFd<'_>) -> Result<OwnedFd, SandboxError> {
    let step = Step::Setup;
    // First far away, so that no source is overwritten before it has been copied.
    let far = |fd: BorrowedFd<'_>| {
        rustix::io::fcntl_dupfd_cloexec(fd, CHANNEL_FD + 16).at(step, || "fcntl(F_DUPFD)".to_owned())
    };
    let copies = wanted.iter().copied().map(far).collect::<Result<Vec<_>, _>>()?;
    let program = far(program)?;
    for (target, copy) in (0..).zip(&copies) {
        sys::place(copy.as_fd(), target).at(step, || format!("dup2({target})"))?;
    }
    let first_unwanted = u32::try_from(wanted.len()).unwrap_or(u32::MAX);
    sys::close_on_exec_from(first_unwanted).at(step, || "close_range".to_owned())?;
    Ok(program)
}
