//! The system calls no safe wrapper covers. One function per call; no decisions.

#![allow(unsafe_code)]

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::ptr;

fn check(result: i64) -> io::Result<i64> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// Which side of a clone we are.
pub enum Clone3 {
    /// The new process: PID 1 of its namespace.
    Child,
    /// The old one, with a pidfd of the new one.
    Parent(OwnedFd),
}

/// The namespaces of a box. That of cgroups comes later, once the process is in its cgroup, and that of mounts as a copy of
/// another than ours.
pub const NAMESPACES: i32 = libc::CLONE_NEWPID | libc::CLONE_NEWNET | libc::CLONE_NEWIPC | libc::CLONE_NEWUTS;

/// clone3(2) with these new namespaces.
///
/// The caller must be single-threaded, as the launcher is.
pub fn clone_into_namespaces(namespaces: i32) -> io::Result<Clone3> {
    let mut pidfd: RawFd = -1;
    let mut arguments = libc::clone_args {
        flags: u64::from((libc::CLONE_PIDFD | namespaces).unsigned_abs()),
        pidfd: (&raw mut pidfd) as u64,
        child_tid: 0,
        parent_tid: 0,
        exit_signal: u64::from(libc::SIGCHLD.unsigned_abs()),
        stack: 0,
        stack_size: 0,
        tls: 0,
        set_tid: 0,
        set_tid_size: 0,
        cgroup: 0,
    };
    // SAFETY: without CLONE_VM this is fork: the child has its own copy of everything, and the
    // caller has one thread, so the copy is whole. `arguments` is the kernel's struct of that size.
    let pid = check(unsafe { libc::syscall(libc::SYS_clone3, &raw mut arguments, size_of::<libc::clone_args>()) })?;
    if pid == 0 {
        return Ok(Clone3::Child);
    }
    // SAFETY: with CLONE_PIDFD the kernel has stored a fresh descriptor there, which nobody else has.
    Ok(Clone3::Parent(unsafe { OwnedFd::from_raw_fd(pidfd) }))
}

/// Which side of a fork we are.
pub enum Fork {
    /// The new process.
    Child,
    /// The old one, and the new one's pid.
    Parent(rustix::process::Pid),
}

/// fork(2). The caller must be single-threaded, as every command is until its launcher runs.
pub fn fork() -> io::Result<Fork> {
    // SAFETY: the caller has one thread, so the child is a full copy and may do anything.
    let pid = check(unsafe { libc::fork() }.into())?;
    match i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw) {
        None => Ok(Fork::Child),
        Some(pid) => Ok(Fork::Parent(pid)),
    }
}

/// Becomes uid and gid 0 of the user namespace this process has just made, without any other group.
pub fn become_root_here() -> io::Result<()> {
    become_user(0)
}

/// unshare(2) of the user, mount, network or cgroup namespace of this process.
pub fn unshare(flag: i32) -> io::Result<()> {
    // SAFETY: the flags used here change which tree this process sees and touch no memory; the
    // caller has one thread.
    check(unsafe { libc::unshare(flag) }.into()).map(drop)
}

/// Has the kernel kill this process when its parent dies.
pub fn die_with_parent() -> io::Result<()> {
    // SAFETY: this prctl takes a signal number and touches no memory.
    check(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) }.into()).map(drop)
}

/// Keeps other processes of the same uid from reading this one's memory and descriptors.
pub fn not_dumpable() -> io::Result<()> {
    // SAFETY: this prctl takes a number and touches no memory.
    check(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0, 0, 0, 0) }.into()).map(drop)
}

/// Makes `target` a copy of `fd` that survives exec, closing what was there.
pub fn place(fd: BorrowedFd<'_>, target: RawFd) -> io::Result<()> {
    // SAFETY: dup2 takes numbers. The caller owns the process's descriptor table at this point: it
    // is about to exec and uses no descriptor of a lower number again.
    check(unsafe { libc::dup2(fd.as_raw_fd(), target) }.into()).map(drop)
}

/// Takes the socket that the launcher's parent left for it.
pub fn launcher_socket() -> OwnedFd {
    // SAFETY: the client puts the socket at this number before it executes the launcher, and the
    // launcher calls this once, as the first thing it does.
    unsafe { OwnedFd::from_raw_fd(crate::LAUNCHER_FD) }
}

/// Has `command` find `fd` at this number when it starts.
pub fn pass_descriptor(command: &mut Command, fd: OwnedFd, target: RawFd) {
    let place = move || {
        // SAFETY: dup2 takes numbers and is async-signal-safe; `fd` is open, because this closure
        // owns it. A copy onto itself would keep close-on-exec, so that is taken away by hand.
        let result = unsafe {
            if fd.as_raw_fd() == target {
                libc::fcntl(target, libc::F_SETFD, 0)
            } else {
                libc::dup2(fd.as_raw_fd(), target)
            }
        };
        check(result.into()).map(drop)
    };
    // SAFETY: between fork and exec the closure makes one system call and allocates nothing.
    unsafe { command.pre_exec(place) };
}

/// Marks every descriptor from `first` on to be closed by exec.
pub fn close_on_exec_from(first: u32) -> io::Result<()> {
    // SAFETY: the call takes numbers only; it closes nothing now.
    check(unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) }).map(drop)
}

/// execveat(2) of an open file, with this name and an empty environment. Returns only on failure.
pub fn exec_fd(file: BorrowedFd<'_>, name: &CStr) -> io::Error {
    let argv = [name.as_ptr(), ptr::null()];
    let env = [ptr::null::<libc::c_char>()];
    // SAFETY: both arrays end in a null pointer, the empty path is a constant, and all of them
    // outlive the call.
    unsafe {
        libc::syscall(
            libc::SYS_execveat,
            file.as_raw_fd(),
            c"".as_ptr(),
            argv.as_ptr(),
            env.as_ptr(),
            libc::AT_EMPTY_PATH,
        )
    };
    io::Error::last_os_error()
}

/// Gives up all groups and becomes `uid`, in the group of the same number, for good.
///
/// The caller must be single-threaded: the raw calls act on this thread alone.
pub fn become_user(uid: u32) -> io::Result<()> {
    // SAFETY: setgroups with length 0 reads no memory; the others take numbers only.
    check(unsafe { libc::syscall(libc::SYS_setgroups, 0, ptr::null::<libc::gid_t>()) })?;
    // SAFETY: as above.
    check(unsafe { libc::syscall(libc::SYS_setresgid, uid, uid, uid) })?;
    // SAFETY: as above.
    check(unsafe { libc::syscall(libc::SYS_setresuid, uid, uid, uid) }).map(drop)
}

/// The version of the kernel's Landlock, 0 if it has none.
pub fn landlock_abi() -> u32 {
    const VERSION_QUERY: u32 = 1;
    // SAFETY: with this flag the call reads no memory and returns a number.
    let abi = unsafe { libc::syscall(libc::SYS_landlock_create_ruleset, ptr::null::<u8>(), 0, VERSION_QUERY) };
    u32::try_from(abi).unwrap_or(0)
}

/// Does the kernel know seccomp filters with this action?
pub fn seccomp_filters_available() -> bool {
    const GET_ACTION_AVAIL: u32 = 2;
    let action: u32 = libc::SECCOMP_RET_ERRNO;
    // SAFETY: the call reads one u32 through the pointer, which is valid for its duration.
    check(unsafe { libc::syscall(libc::SYS_seccomp, GET_ACTION_AVAIL, 0, &raw const action) }).is_ok()
}
