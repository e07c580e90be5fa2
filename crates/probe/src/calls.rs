//! Which system calls reach the kernel: none that leads out of a box.
//!
//! A filter's refusal can mostly be told from the kernel's own: every call is made with arguments for which the
//! kernel, where it gets to look at them, has another error than EPERM.

use std::io;

use crate::breaches::Breaches;
use crate::sys::{self, FORBIDDEN};

/// Families of sockets that Linux has numbers for (`AF_MAX` of the kernel's socket.h).
const FAMILIES: i32 = 46;

/// Makes every call that must be refused.
pub fn check(breaches: &mut Breaches) -> io::Result<()> {
    for call in FORBIDDEN {
        match sys::attempt(call) {
            // EPERM is the allow-list's answer, ENOSYS that of calls which are said to be absent.
            Err(error) if matches!(error.raw_os_error(), Some(libc::EPERM | libc::ENOSYS)) => {}
            Err(error) => breaches.add(format!("{} reaches the kernel: {error}", call.name())),
            Ok(()) => breaches.add(format!("{} reaches the kernel, and it worked", call.name())),
        }
    }
    sockets(breaches);
    if let Some(pid) = sys::pid_by_x32_call() {
        breaches.add(format!("x32 calls reach the kernel: getpid gave {pid}"));
    }
    if let Some(pid) = sys::pid_by_32_bit_call()? {
        breaches.add(format!("32-bit calls reach the kernel: getpid gave {pid}"));
    }
    Ok(())
}

/// Every family but the one between processes of the same host, of which there are only the box's own.
fn sockets(breaches: &mut Breaches) {
    let kinds = [libc::SOCK_STREAM, libc::SOCK_DGRAM, libc::SOCK_RAW];
    for family in (0..FAMILIES).filter(|family| *family != libc::AF_UNIX) {
        let mut answers = kinds.into_iter().map(|kind| sys::make_socket(family, kind));
        let reached = answers.find(|made| !matches!(made, Err(error) if error.raw_os_error() == Some(libc::EPERM)));
        match reached {
            None => {}
            Some(Err(error)) => breaches.add(format!("sockets of family {family} reach the kernel: {error}")),
            Some(Ok(_)) => breaches.add(format!("sockets of family {family} reach the kernel, and there is one")),
        }
    }
}
