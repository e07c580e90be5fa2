//! The system calls no safe wrapper covers. One function per call; no decisions.

#![allow(unsafe_code)]

use std::convert::Infallible;
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;
use std::time::Duration;

use rustix::process::Pid;

use crate::protocol::{CHANNEL_FD, CODE_FD};

/// Which side of a fork we are.
pub enum Fork {
    /// The new process.
    Child,
    /// The old one, and the new one's pid.
    Parent(Pid),
}

fn check(result: i64) -> io::Result<i64> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// Takes the socket that the launcher left for us.
pub fn channel() -> OwnedFd {
    // SAFETY: the launcher puts the socket at this number before it executes this binary, and this
    // function is called once, at the very start of main.
    unsafe { OwnedFd::from_raw_fd(CHANNEL_FD) }
}

/// Takes the folder that the launcher left for us: `/code`, in a form that can be written.
pub fn code_folder() -> OwnedFd {
    // SAFETY: as for the channel.
    unsafe { OwnedFd::from_raw_fd(CODE_FD) }
}

/// Has the death of a child interrupt a call that waits. Without SA_RESTART the call ends with EINTR.
///
/// # Errors
/// As sigaction(2).
pub fn interrupt_on_child() -> io::Result<()> {
    extern "C" fn nothing(_: libc::c_int) {}
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: all zero is a valid sigaction (no flags, an empty mask); the handler does nothing, so it is
    // async-signal-safe.
    let result = unsafe {
        (*action.as_mut_ptr()).sa_sigaction = nothing as *const () as usize;
        libc::sigaction(libc::SIGCHLD, action.as_ptr(), ptr::null_mut())
    };
    check(result.into()).map(drop)
}

/// Enters the namespaces of these kinds in which the process of this pidfd is.
///
/// # Errors
/// As setns(2).
pub fn enter_namespaces(of: BorrowedFd<'_>, kinds: i32) -> io::Result<()> {
    // SAFETY: the call takes numbers only; the caller has one thread.
    check(unsafe { libc::setns(of.as_raw_fd(), kinds) }.into()).map(drop)
}

/// Makes `target` a copy of `fd` that survives exec, closing what was there.
///
/// # Errors
/// As dup2(2).
pub fn place(fd: BorrowedFd<'_>, target: RawFd) -> io::Result<()> {
    // SAFETY: dup2 takes numbers; the targets are the standard streams, which nobody here owns.
    check(unsafe { libc::dup2(fd.as_raw_fd(), target) }.into()).map(drop)
}

/// Closes every descriptor from `first` on.
///
/// # Errors
/// As close_range(2).
pub fn close_from(first: u32) -> io::Result<()> {
    // SAFETY: the call takes numbers only. The caller owns the whole table: it is a fork that uses none of them again.
    check(unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, 0) }).map(drop)
}

/// Lets the process look at itself in `/proc` again, which the kernel forbids where the uid has changed without an exec.
///
/// # Errors
/// As prctl(2).
pub fn dumpable() -> io::Result<()> {
    // SAFETY: this prctl takes a number and touches no memory.
    check(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1, 0, 0, 0) }.into()).map(drop)
}

/// Has the kernel kill this process when the launcher dies.
///
/// # Errors
/// As prctl(2).
pub fn die_with_parent() -> io::Result<()> {
    // SAFETY: this prctl takes a signal number and touches no memory.
    check(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) }.into()).map(drop)
}

/// fork(2).
pub fn fork() -> io::Result<Fork> {
    // SAFETY: the runner never starts a thread, so the child is a full copy and may do anything.
    let pid = check(unsafe { libc::fork() }.into())?;
    match i32::try_from(pid).ok().and_then(Pid::from_raw) {
        None => Ok(Fork::Child),
        Some(pid) => Ok(Fork::Parent(pid)),
    }
}

/// The CPU time this process has used, and those of its children that it has waited for, with theirs: getrusage(2).
pub fn cpu_time() -> io::Result<Duration> {
    let used = |whose| {
        // SAFETY: all fields are numbers, for which zero is a value.
        let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
        // SAFETY: the kernel fills the struct, which is ours for the whole call.
        check(unsafe { libc::getrusage(whose, &raw mut usage) }.into())?;
        Ok::<_, io::Error>(duration(usage.ru_utime) + duration(usage.ru_stime))
    };
    Ok(used(libc::RUSAGE_SELF)? + used(libc::RUSAGE_CHILDREN)?)
}

/// The CPU time of all threads of another process: clock_getcpuclockid(3), clock_gettime(2).
pub fn cpu_time_of(process: Pid) -> io::Result<Duration> {
    let mut clock = 0;
    // SAFETY: the number of the clock is written to a variable that is ours.
    match unsafe { libc::clock_getcpuclockid(process.as_raw_nonzero().get(), &raw mut clock) } {
        0 => {}
        error => return Err(io::Error::from_raw_os_error(error)),
    }
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the kernel fills the struct, which is ours for the whole call.
    check(unsafe { libc::clock_gettime(clock, &raw mut time) }.into())?;
    Ok(Duration::from_secs(time.tv_sec.unsigned_abs()) + Duration::from_nanos(time.tv_nsec.unsigned_abs()))
}

/// Gives every signal its default action again and unblocks all: the Rust runtime ignores SIGPIPE,
/// and what is ignored stays so across exec. The C library's own function leaves out the two signals that library keeps for
/// itself, which whoever was started by its posix_spawn ignores.
pub fn reset_signals() -> io::Result<()> {
    /// `struct sigaction` of the kernel: handler, flags, restorer, mask. All zero is SIG_DFL.
    const DEFAULT: [u64; 4] = [0; 4];
    for signal in (1..=64).filter(|signal| ![libc::SIGKILL, libc::SIGSTOP].contains(signal)) {
        let old = ptr::null_mut::<u64>();
        // SAFETY: the kernel reads a struct of 32 bytes, which `DEFAULT` is, and a mask of 8 bytes in it; SIG_DFL
        // installs no handler.
        check(unsafe { libc::syscall(libc::SYS_rt_sigaction, signal, DEFAULT.as_ptr(), old, size_of::<u64>()) })?;
    }
    let mut none = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: sigemptyset initialises the set it is given, and sigprocmask only reads it.
    check(
        unsafe {
            libc::sigemptyset(none.as_mut_ptr());
            libc::sigprocmask(libc::SIG_SETMASK, none.as_ptr(), ptr::null_mut())
        }
        .into(),
    )
    .map(drop)
}

/// Empties the bounding set, so that no file can give a capability back.
pub fn drop_bounding_set() -> io::Result<()> {
    for capability in 0..=63 {
        // SAFETY: this prctl takes a number and touches no memory.
        let result = check(unsafe { libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0) }.into());
        match result {
            // Past the last capability this kernel knows.
            Err(error) if error.raw_os_error() == Some(libc::EINVAL) => break,
            other => drop(other?),
        }
    }
    Ok(())
}

/// Becomes `uid`, in the group of the same number and no other. Real, effective and saved: there is
/// no way back, and with uid 0 all capabilities go.
pub fn become_user(uid: u32) -> io::Result<()> {
    // SAFETY: setgroups with length 0 reads no memory; the others take numbers only. The raw calls
    // act on this thread, which is the only one.
    check(unsafe { libc::syscall(libc::SYS_setgroups, 0, ptr::null::<libc::gid_t>()) })?;
    // SAFETY: as above.
    check(unsafe { libc::syscall(libc::SYS_setresgid, uid, uid, uid) })?;
    // SAFETY: as above.
    check(unsafe { libc::syscall(libc::SYS_setresuid, uid, uid, uid) }).map(drop)
}

/// Marks every descriptor from `first` on to be closed by exec.
pub fn close_on_exec_from(first: u32) -> io::Result<()> {
    // SAFETY: the call takes numbers only; it closes nothing now.
    check(unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) }).map(drop)
}

/// Installs the system call filter.
pub fn set_filter(instructions: &[u64]) -> io::Result<()> {
    let len = u16::try_from(instructions.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
    let program = libc::sock_fprog { len, filter: instructions.as_ptr().cast_mut().cast() };
    // SAFETY: `sock_filter` is 8 bytes, its alignment is less than that of u64, every bit pattern is
    // valid, and `len` is the number of them; the kernel copies and checks the program and keeps no
    // pointer.
    check(unsafe { libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, 0, &raw const program) }).map(drop)
}

/// execve(2). Returns only on failure.
pub fn exec(argv: &[CString], env: &[CString]) -> io::Result<Infallible> {
    let path = argv.first().ok_or(io::ErrorKind::InvalidInput)?;
    let argv = pointers(argv);
    let env = pointers(env);
    // SAFETY: both arrays end in a null pointer, and the strings they point to outlive the call.
    unsafe { libc::execve(path.as_ptr(), argv.as_ptr(), env.as_ptr()) };
    Err(io::Error::last_os_error())
}

fn pointers(strings: &[CString]) -> Vec<*const libc::c_char> {
    strings.iter().map(|s| s.as_c_str()).map(CStr::as_ptr).chain([ptr::null()]).collect()
}

/// Forbids other processes of the same user to trace this one, and to read its memory and its descriptors.
///
/// # Errors
/// As prctl(2).
pub fn not_dumpable() -> io::Result<()> {
    // SAFETY: this prctl takes a number and touches no memory.
    check(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) }.into()).map(drop)
}

/// The version of the kernel's Landlock; 0 if it has none, or it may not be used.
pub fn landlock_version() -> i64 {
    const CREATE_RULESET_VERSION: u32 = 1;
    let none = ptr::null::<libc::c_void>();
    // SAFETY: with this flag the call reads no memory and makes nothing; it answers with a number.
    unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, none, 0_usize, CREATE_RULESET_VERSION) }.max(0)
}

/// How often a second the kernel counts CPU time in `/proc`: sysconf(3).
pub fn ticks_per_second() -> u64 {
    // SAFETY: the call takes a number and touches no memory.
    u64::try_from(unsafe { libc::sysconf(libc::_SC_CLK_TCK) }).unwrap_or(100).max(1)
}

/// A process that ended and was waited for.
#[derive(Debug, Clone, Copy)]
pub struct Reaped {
    /// Which.
    pub pid: i32,
    /// How, as wait(2) says it.
    pub status: i32,
    /// Its CPU time, with that of children it had waited for.
    pub cpu_time: Duration,
    /// The most memory that it, or one of those children, ever had, in KiB.
    pub peak_kib: u64,
}

/// Waits for whichever child has ended already; `None` if none has: wait4(2).
pub fn wait_for_any() -> io::Result<Option<Reaped>> {
    let mut status = 0;
    // SAFETY: all fields are numbers, for which zero is a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel writes to the two variables, which are ours for the whole call.
    let pid = unsafe { libc::wait4(-1, &raw mut status, libc::WNOHANG | libc::__WALL, &raw mut usage) };
    match check(pid.into()) {
        Ok(0) => Ok(None),
        Ok(_) => Ok(Some(Reaped {
            pid,
            status,
            cpu_time: duration(usage.ru_utime) + duration(usage.ru_stime),
            peak_kib: usage.ru_maxrss.unsigned_abs(),
        })),
        Err(error) if error.raw_os_error() == Some(libc::ECHILD) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The most memory that this process ever had, in KiB: getrusage(2).
pub fn own_peak_kib() -> io::Result<u64> {
    // SAFETY: all fields are numbers, for which zero is a value.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel fills the struct, which is ours for the whole call.
    check(unsafe { libc::getrusage(libc::RUSAGE_SELF, &raw mut usage) }.into())?;
    Ok(usage.ru_maxrss.unsigned_abs())
}

/// Kills every process there is for this one, but for itself: kill(2). Only for PID 1 of a namespace, where these are those
/// that came of it.
///
/// # Errors
/// When this process is not PID 1, and then nobody is killed.
pub fn kill_everybody() -> io::Result<()> {
    if std::process::id() != 1 {
        return Err(io::Error::other("only PID 1 may kill everybody"));
    }
    // SAFETY: the call takes numbers only.
    match check(unsafe { libc::kill(-1, libc::SIGKILL) }.into()) {
        // There is nobody.
        Err(error) if error.raw_os_error() == Some(libc::ESRCH) => Ok(()),
        other => other.map(drop),
    }
}

fn duration(time: libc::timeval) -> Duration {
    Duration::from_secs(time.tv_sec.unsigned_abs()) + Duration::from_micros(time.tv_usec.unsigned_abs())
}
