//! The functions an interpreter calls, and the system calls no safe wrapper covers. No decisions.

#![allow(unsafe_code)]

use std::io;
use std::os::fd::{FromRawFd, OwnedFd};

use runner::protocol::CHANNEL_FD;

use crate::template::Template;

/// Says that the interpreter is warm. To be called once. Null if the launcher is not there.
#[unsafe(no_mangle)]
pub extern "C" fn code_runner_open() -> *mut Template {
    // SAFETY: the launcher leaves the socket at this number, and nobody else in this process uses it.
    let socket = unsafe { OwnedFd::from_raw_fd(CHANNEL_FD) };
    Template::open(socket).map_or(std::ptr::null_mut(), |template| Box::into_raw(Box::new(template)))
}

/// Waits for a box to fork into: 1, and then exactly one fork must follow. 0 when there will be no more.
///
/// # Safety
/// `template` is what [`code_runner_open`] returned, and not null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn code_runner_next(template: *mut Template) -> libc::c_int {
    // SAFETY: the caller keeps the contract above, and has one thread.
    let template = unsafe { &mut *template };
    i32::from(template.next().is_ok_and(|more| more))
}

/// In the parent, after the fork: which process it made, or a number below 1 if it failed. 0 when the template is of no
/// more use.
///
/// # Safety
/// As [`code_runner_next`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn code_runner_forked(template: *mut Template, child: libc::pid_t) -> libc::c_int {
    // SAFETY: as above.
    let template = unsafe { &mut *template };
    i32::from(template.forked(child).is_ok())
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

/// Has the end of children be read from a descriptor instead of interrupting.
pub fn children_as_descriptor() -> io::Result<OwnedFd> {
    let mut set = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: sigemptyset initialises the set, the others read it.
    let fd = unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        libc::sigaddset(set.as_mut_ptr(), libc::SIGCHLD);
        if libc::sigprocmask(libc::SIG_BLOCK, set.as_ptr(), std::ptr::null_mut()) != 0 {
            return Err(io::Error::last_os_error());
        }
        libc::signalfd(-1, set.as_ptr(), libc::SFD_CLOEXEC | libc::SFD_NONBLOCK)
    };
    if fd < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel has just opened it, and nobody else has it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Ends this process at once, without anything of the interpreter's.
pub fn leave(status: i32) -> ! {
    // SAFETY: _exit takes a number and does not return.
    unsafe { libc::_exit(status) }
}
