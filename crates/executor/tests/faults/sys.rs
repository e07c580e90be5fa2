//! The system calls no safe wrapper covers: ptrace(2) and the wait that belongs to it. No decisions.

#![allow(unsafe_code)]

use std::io;
use std::ptr;

/// Why a traced process stands still.
pub enum Stop {
    /// Before or after a system call.
    Call,
    /// `PTRACE_EVENT_…`, by its number.
    Event(i32),
    /// This signal is about to reach it.
    Signal(i32),
    /// It does not: it is dead and has been reaped.
    Gone,
}

/// Where in a system call.
pub enum Moment {
    /// About to happen: its number, and its first two arguments.
    Entry(i64, [u64; 2]),
    /// Over, with this answer.
    Exit(i64),
    /// Neither, for instance in one that was interrupted by the tracer.
    Between,
}

fn check(result: i64) -> io::Result<i64> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// A request that takes numbers only.
fn request(request: libc::c_uint, pid: i32, data: i32) -> io::Result<()> {
    // SAFETY: the requests made through this function take `data` as a number and ignore the address.
    check(unsafe { libc::ptrace(request, pid, ptr::null_mut::<u8>(), libc::c_long::from(data)) }).map(drop)
}

/// Begins to trace a process and all it will start, without stopping it.
pub fn seize(pid: i32) -> io::Result<()> {
    let options = libc::PTRACE_O_TRACESYSGOOD
        | libc::PTRACE_O_TRACEFORK
        | libc::PTRACE_O_TRACEVFORK
        | libc::PTRACE_O_TRACECLONE
        | libc::PTRACE_O_TRACEEXEC
        | libc::PTRACE_O_TRACEEXIT;
    request(libc::PTRACE_SEIZE, pid, options)
}

/// Stops a traced process.
pub fn interrupt(pid: i32) -> io::Result<()> {
    request(libc::PTRACE_INTERRUPT, pid, 0)
}

/// Lets it go on to the next event or, if asked for, to the next call, with this signal or 0.
pub fn resume(pid: i32, to_the_next_call: bool, signal: i32) -> io::Result<()> {
    request(if to_the_next_call { libc::PTRACE_SYSCALL } else { libc::PTRACE_CONT }, pid, signal)
}

/// Lets it go for good, with this signal or 0.
pub fn detach(pid: i32, signal: i32) -> io::Result<()> {
    request(libc::PTRACE_DETACH, pid, signal)
}

/// The pid of the child in a fork event.
pub fn forked(pid: i32) -> io::Result<i32> {
    let mut message: libc::c_ulong = 0;
    // SAFETY: the kernel stores one unsigned long through the pointer, which is valid for the call.
    check(unsafe { libc::ptrace(libc::PTRACE_GETEVENTMSG, pid, ptr::null_mut::<u8>(), &raw mut message) })?;
    i32::try_from(message).map_err(io::Error::other)
}

/// Where a process that stopped at a call is in it.
pub fn moment(pid: i32) -> io::Result<Moment> {
    let mut info = std::mem::MaybeUninit::<libc::ptrace_syscall_info>::zeroed();
    let size = size_of::<libc::ptrace_syscall_info>();
    // SAFETY: the kernel writes at most `size` bytes of its struct of that name.
    check(unsafe { libc::ptrace(libc::PTRACE_GET_SYSCALL_INFO, pid, size, info.as_mut_ptr()) })?;
    // SAFETY: it was zeroed, and zero is a valid value of each field.
    let info = unsafe { info.assume_init() };
    Ok(match info.op {
        libc::PTRACE_SYSCALL_INFO_ENTRY => {
            // SAFETY: `op` says that the kernel has filled this part of the union.
            let entry = unsafe { info.u.entry };
            Moment::Entry(entry.nr.cast_signed(), [entry.args[0], entry.args[1]])
        }
        // SAFETY: as above.
        libc::PTRACE_SYSCALL_INFO_EXIT => Moment::Exit(unsafe { info.u.exit.sval }),
        _ => Moment::Between,
    })
}

fn change(pid: i32, change: impl FnOnce(&mut libc::user_regs_struct)) -> io::Result<()> {
    let mut registers = std::mem::MaybeUninit::<libc::user_regs_struct>::zeroed();
    // SAFETY: the kernel fills its struct of that name.
    check(unsafe { libc::ptrace(libc::PTRACE_GETREGS, pid, ptr::null_mut::<u8>(), registers.as_mut_ptr()) })?;
    // SAFETY: it has just been filled.
    let mut registers = unsafe { registers.assume_init() };
    change(&mut registers);
    // SAFETY: the kernel reads its struct of that name.
    check(unsafe { libc::ptrace(libc::PTRACE_SETREGS, pid, ptr::null_mut::<u8>(), &raw const registers) }).map(drop)
}

/// At the entry of a call: it will not happen.
pub fn skip_call(pid: i32) -> io::Result<()> {
    change(pid, |registers| registers.orig_rax = u64::MAX)
}

/// At the exit of a call: this is what it has answered.
pub fn answer(pid: i32, errno: i32) -> io::Result<()> {
    change(pid, |registers| registers.rax = i64::from(-errno).cast_unsigned())
}

/// The next that stops; `None` when nobody is traced any more.
pub fn wait() -> io::Result<Option<(i32, Stop)>> {
    let mut status = 0;
    // SAFETY: the kernel stores one int through the pointer, which is valid for the call.
    let pid = match check(unsafe { libc::waitpid(-1, &raw mut status, libc::__WALL) }.into()) {
        Err(error) if error.raw_os_error() == Some(libc::ECHILD) => return Ok(None),
        other => i32::try_from(other?).map_err(io::Error::other)?,
    };
    let stop = if !libc::WIFSTOPPED(status) {
        Stop::Gone
    } else if status >> 16 != 0 {
        Stop::Event(status >> 16)
    } else if libc::WSTOPSIG(status) == libc::SIGTRAP | 0x80 {
        Stop::Call
    } else {
        Stop::Signal(libc::WSTOPSIG(status))
    };
    Ok(Some((pid, stop)))
}
