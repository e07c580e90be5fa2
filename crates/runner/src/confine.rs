//! From a fork of the runner, or of a template, to the student's program: every step that takes something away.
//!
//! The order matters and is the reason this is one list: limits while we may still set them,
//! identity before anything of the student's exists, Landlock and the system call filter last,
//! because each forbids the steps before it.

use std::borrow::Cow;
use std::ffi::CString;
use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::process::{Resource, Rlimit};

use crate::holes::{Hole, Holes};
use crate::protocol::{CHANNEL_FD, Confinement, Event, Job, Narrow, Rlimits, Stage};
use crate::sys;

/// Replaces this process by the program, telling so just before. Returns only if that failed, with the step that did.
pub fn become_program(job: &Job, about_to_start: impl FnOnce() -> io::Result<usize>) -> Event {
    match try_become(job, about_to_start) {
        Ok(never) => match never {},
        Err(Failure { call, source }) if call == "execve" && is_no_program(&source) => {
            Event::NotExecutable { cause: source.to_string() }
        }
        Err(Failure { call, source }) => {
            Event::Failed { stage: Stage::Program, call: call.into_owned(), cause: source.to_string() }
        }
    }
}

/// What execve(2) says of a file that is no program, is for another machine, or asks for a loader that is not there.
pub(crate) fn is_no_program(error: &io::Error) -> bool {
    let of_the_file = [
        libc::ENOEXEC,
        libc::ENOENT,
        libc::EACCES,
        libc::ELOOP,
        libc::ELIBBAD,
        libc::EINVAL,
        libc::ENOTDIR,
        libc::EISDIR,
        libc::ENAMETOOLONG,
        libc::ETXTBSY,
        libc::E2BIG,
    ];
    error.raw_os_error().is_some_and(|code| of_the_file.contains(&code))
}

/// A step that failed.
pub struct Failure {
    /// What was called, as `call(argument)`.
    pub call: Cow<'static, str>,
    /// What the operating system said.
    pub source: io::Error,
}

/// Names the call in its error.
pub trait At<T> {
    /// The same result, with the call.
    ///
    /// # Errors
    /// The same.
    fn at(self, call: impl Into<Cow<'static, str>>) -> Result<T, Failure>;
}

impl<T, E: Into<io::Error>> At<T> for Result<T, E> {
    fn at(self, call: impl Into<Cow<'static, str>>) -> Result<T, Failure> {
        self.map_err(|source| Failure { call: call.into(), source: source.into() })
    }
}

fn try_become(
    job: &Job,
    about_to_start: impl FnOnce() -> io::Result<usize>,
) -> Result<std::convert::Infallible, Failure> {
    let Job { argv, env, start: _, confinement } = job;
    let argv = c_strings(argv).at("argv")?;
    let env = c_strings(env).at("env")?;
    sys::reset_signals().at("sigaction")?;
    confine(confinement, || sys::close_on_exec_from(first_unwanted()))?;
    about_to_start().at("write(pipe)")?;
    sys::exec(&argv, &env).at("execve")
}

/// Makes of this process what a student's program may be. `close` is to take care of every descriptor but the program's
/// three: what an exec follows can leave that to it.
///
/// # Errors
/// The step that failed; the process must not go on then.
pub fn confine(confinement: &Confinement, close: impl FnOnce() -> io::Result<()>) -> Result<(), Failure> {
    confine_as(confinement, || sys::become_user(confinement.uid), close)
}

/// The same, for whom it is `become_user` that says who the program is.
///
/// # Errors
/// As [`confine`].
pub(crate) fn confine_as(
    confinement: &Confinement,
    become_user: impl FnOnce() -> io::Result<()>,
    close: impl FnOnce() -> io::Result<()>,
) -> Result<(), Failure> {
    let Confinement { cwd, uid: _, rlimits, seccomp, is_narrowed, writable, landlock, holes } = confinement;
    rustix::process::setsid().at("setsid")?;
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o022));
    set_rlimits(rlimits, holes)?;
    if !is_narrowed {
        empty_bounding_set(holes)?;
    }
    become_user().at("setresuid")?;
    rustix::process::chdir(cwd.as_str()).at("chdir(cwd)")?;
    if !holes.has(Hole::NoNewPrivs) {
        rustix::thread::set_no_new_privs(true).at("prctl(PR_SET_NO_NEW_PRIVS)")?;
    }
    if *landlock {
        restrict_files(writable).at("landlock_restrict_self")?;
    }
    if !holes.has(Hole::Descriptors) {
        close().at("close_range")?;
    }
    set_filters(seccomp)
}

/// Takes away from a template what none of its children may have, and it needs itself no more.
///
/// # Errors
/// The step that failed; the process must not fork then.
pub fn narrow(narrow: &Narrow) -> Result<(), Failure> {
    let Narrow { seccomp, holes } = narrow;
    empty_bounding_set(holes)?;
    set_filters(seccomp)
}

fn empty_bounding_set(holes: &Holes) -> Result<(), Failure> {
    if holes.has(Hole::Capabilities) { Ok(()) } else { sys::drop_bounding_set().at("prctl(PR_CAPBSET_DROP)") }
}

fn set_filters(filters: &[Vec<u64>]) -> Result<(), Failure> {
    filters.iter().try_for_each(|filter| sys::set_filter(filter).at("seccomp(SECCOMP_SET_MODE_FILTER)"))
}

/// The first descriptor the program must not have.
pub fn first_unwanted() -> u32 {
    CHANNEL_FD.unsigned_abs()
}

pub(crate) fn c_strings(texts: &[String]) -> io::Result<Vec<CString>> {
    texts.iter().map(|text| CString::new(text.as_str()).map_err(|_| io::ErrorKind::InvalidInput.into())).collect()
}

fn set_rlimits(rlimits: &Rlimits, holes: &Holes) -> Result<(), Failure> {
    let Rlimits { cpu_seconds, file_bytes, open_files, processes, stack_bytes } = rlimits;
    let both = |value| Rlimit { current: Some(value), maximum: Some(value) };
    let given = [
        (Resource::Cpu, Rlimit { current: Some(*cpu_seconds), maximum: Some(cpu_seconds.saturating_add(1)) }),
        (Resource::Fsize, both(*file_bytes)),
        (Resource::Nofile, both(*open_files)),
        (Resource::Nproc, both(*processes)),
        (Resource::Stack, both(*stack_bytes)),
    ];
    // Nothing to give away: no core files, no locked memory, no queues, no real-time priority.
    let core = [(Resource::Core, both(0))];
    let nothing = [
        (Resource::Memlock, both(0)),
        (Resource::Msgqueue, both(0)),
        (Resource::Rtprio, both(0)),
        (Resource::Nice, both(0)),
        (Resource::Sigpending, both(256)),
    ];
    let core = core.into_iter().filter(|_| !holes.has(Hole::Core));
    let nothing = nothing.into_iter().filter(|_| !holes.has(Hole::Rlimits));
    for (resource, limit) in given.into_iter().chain(core).chain(nothing) {
        rustix::process::setrlimit(resource, limit).at(format!("setrlimit({resource:?})"))?;
    }
    Ok(())
}

/// Everything may be read and executed, `writable` may be changed, devices may be written, TCP and
/// signals to the outside are refused. What the kernel's Landlock does not know yet is left to the
/// other layers.
fn restrict_files(writable: &[String]) -> io::Result<()> {
    let abi = ABI::V6;
    let read = AccessFs::from_read(abi);
    let ruleset = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(abi))
        .and_then(|r| r.handle_access(AccessNet::from_all(abi)))
        .and_then(|r| r.scope(Scope::from_all(abi)))
        .and_then(Ruleset::create)
        .map_err(io::Error::other)?;
    let beneath = |path: &str, access| -> io::Result<_> {
        Ok(PathBeneath::new(PathFd::new(path).map_err(io::Error::other)?, access))
    };
    let mut ruleset = ruleset.add_rule(beneath("/", read)?).map_err(io::Error::other)?;
    let devices = ("/dev", read | AccessFs::WriteFile);
    let writable = writable.iter().map(|path| (path.as_str(), AccessFs::from_all(abi)));
    for (path, access) in writable.chain([devices]) {
        let is_folder = std::fs::metadata(path)?.is_dir();
        let access = if is_folder { access } else { access & AccessFs::from_file(abi) };
        ruleset = ruleset.add_rule(beneath(path, access)?).map_err(io::Error::other)?;
    }
    let status = ruleset.restrict_self().map_err(io::Error::other)?;
    match status.ruleset {
        RulesetStatus::NotEnforced => Err(io::ErrorKind::Unsupported.into()),
        RulesetStatus::PartiallyEnforced | RulesetStatus::FullyEnforced => Ok(()),
    }
}
