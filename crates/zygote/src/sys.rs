//! The functions an interpreter calls, and the system calls no safe wrapper covers. No decisions.

#![allow(unsafe_code)]

use std::arch::asm;
use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

use runner::protocol::CHANNEL_FD;
use rustix::process::Pid;

use crate::template::Template;

/// Gives up what no child may have, and says that the interpreter is warm. To be called once. Null if that can not be.
#[unsafe(no_mangle)]
pub extern "C" fn code_runner_open() -> *mut Template {
    // SAFETY: the launcher leaves the socket at this number, and nobody else in this process uses it.
    let socket = unsafe { OwnedFd::from_raw_fd(CHANNEL_FD) };
    Template::open(socket).map_or(std::ptr::null_mut(), |template| Box::into_raw(Box::new(template)))
}

/// Waits for a box to fork into: 1, and then exactly one [`code_runner_fork`] must follow. 0 when there will be no more.
///
/// # Safety
/// `template` is what [`code_runner_open`] returned, and not null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn code_runner_next(template: *mut Template) -> libc::c_int {
    // SAFETY: the caller keeps the contract above, and has one thread.
    let template = unsafe { &mut *template };
    i32::from(template.next().is_ok_and(|more| more))
}

/// Forks: 0 in the child, 1 in the template, -1 when the template is of no more use. Where it stands in the interpreter it
/// must be safe to fork.
///
/// # Safety
/// As [`code_runner_next`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn code_runner_fork(template: *mut Template) -> libc::c_int {
    // SAFETY: as above.
    let template = unsafe { &mut *template };
    match template.fork() {
        Ok(Side::Child) => 0,
        Ok(Side::Parent(_)) => 1,
        Err(_) => -1,
    }
}

/// In the child, after the fork: becomes what may be a program of the box. Does not return if that can not be.
///
/// # Safety
/// As [`code_runner_next`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn code_runner_become(template: *mut Template) {
    // SAFETY: as above; the child has a copy of its own.
    let template = unsafe { &mut *template };
    crate::child::become_program(template);
}

/// In the child, when it is as warm as it can be: waits at the gate. Returns when there is code to run, and not at all if
/// there will be none.
#[unsafe(no_mangle)]
pub extern "C" fn code_runner_wait() {
    crate::child::pass_gate();
}

/// Which side of a fork we are.
pub enum Side {
    /// The new process.
    Child,
    /// The old one, and the process between the two, if there was one.
    Parent(Option<Pid>),
}

/// Forks a process that forks another and ends, so that the other is the child of whoever is PID 1 where they are.
///
/// The one between is made as by vfork(2), in this process's memory and while this process stands still, so that the memory
/// is copied once. Its status is 0 if it has made the other.
pub fn fork_twice() -> io::Result<Side> {
    let thread = thread_id_address();
    let (settid, address) = match thread {
        Some(address) => (libc::CLONE_CHILD_SETTID | libc::CLONE_CHILD_CLEARTID, address),
        None => (0, 0),
    };
    let between_flags = libc::CLONE_VM | libc::CLONE_VFORK | libc::SIGCHLD;
    let other_flags = settid | libc::SIGCHLD;
    let (between, other): (i64, i64);
    // SAFETY: three system calls without a call or a return between them, so that the first child, which shares this
    // stack, changes nothing on it: it only makes the second and leaves. The second has a copy of everything, as after
    // fork(2); this process has one thread. The flags fill the places of clone(2) on x86-64: flags, stack (0: the same),
    // parent_tid, child_tid, tls. The address is where the C library keeps the thread's id, which it renews after a fork
    // of its own, too.
    unsafe {
        asm!(
            "xor r8d, r8d",
            "xor esi, esi",
            "xor edx, edx",
            "xor r10d, r10d",
            "mov eax, {clone}",
            "syscall",
            "test rax, rax",
            "mov r13, -1",
            "jnz 2f",
            // The process between.
            "mov rdi, r12",
            "xor esi, esi",
            "xor edx, edx",
            "mov r10, r14",
            "xor r8d, r8d",
            "mov eax, {clone}",
            "syscall",
            "test rax, rax",
            "jz 3f",
            "xor edi, edi",
            "test rax, rax",
            "jns 4f",
            "mov edi, 1",
            "4:",
            "mov eax, {exit}",
            "syscall",
            "ud2",
            // The other.
            "3:",
            "xor eax, eax",
            "mov r13, 0",
            "2:",
            clone = const libc::SYS_clone,
            exit = const libc::SYS_exit_group,
            in("rdi") i64::from(between_flags),
            in("r12") i64::from(other_flags),
            in("r14") address,
            lateout("rax") between,
            out("r13") other,
            lateout("rdi") _,
            out("rsi") _, out("rdx") _, out("r10") _, out("r8") _, out("rcx") _, out("r11") _,
        );
    }
    if other == 0 {
        return Ok(Side::Child);
    }
    match i32::try_from(between) {
        Ok(pid) if pid > 0 => Ok(Side::Parent(Pid::from_raw(pid))),
        Ok(error) => Err(io::Error::from_raw_os_error(-error)),
        Err(_) => Err(io::ErrorKind::InvalidData.into()),
    }
}

/// Where the C library keeps the id of this thread (PR_GET_TID_ADDRESS, prctl(2)). Nowhere, if the kernel does not tell.
fn thread_id_address() -> Option<u64> {
    const GET_TID_ADDRESS: libc::c_int = 40;
    let mut address = 0_u64;
    // SAFETY: the kernel writes one address to where the pointer says, which is valid for the call.
    let result = unsafe { libc::prctl(GET_TID_ADDRESS, &raw mut address, 0, 0, 0) };
    (result == 0 && address != 0).then_some(address)
}

/// Ends this process at once, without anything of the interpreter's.
pub fn leave(status: i32) -> ! {
    // SAFETY: _exit takes a number and does not return.
    unsafe { libc::_exit(status) }
}
