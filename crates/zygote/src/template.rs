//! The template's side: from one request to the next, and the end of children in between.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use runner::protocol::{self, Exit, Fork, Forked};
use runner::sys::enter_namespaces;
use rustix::event::{PollFd, PollFlags};
use rustix::process::{Pid, PidfdFlags, WaitOptions, WaitStatus};

use crate::sys;

/// A warm interpreter, as this library sees it.
pub struct Template {
    /// To the launcher.
    pub(crate) socket: OwnedFd,
    /// Readable when a child has ended.
    ended: OwnedFd,
    /// This process, whose pid namespace its own processes are in.
    own: OwnedFd,
    /// The box that the next fork is for.
    pub(crate) next: Option<(Fork, Vec<OwnedFd>)>,
    /// Who is in which box.
    children: Vec<(Pid, u64)>,
}

impl Template {
    /// Says that it is warm.
    pub fn open(socket: OwnedFd) -> io::Result<Self> {
        rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
        let ended = sys::children_as_descriptor()?;
        let own = rustix::process::pidfd_open(rustix::process::getpid(), PidfdFlags::empty())?;
        protocol::send(&socket, &Forked::Warm, &[])?;
        Ok(Self { socket, ended, own, next: None, children: Vec::new() })
    }

    /// Waits for a box to fork into, and for the end of children meanwhile: the kernel keeps a box that is being killed
    /// until they are waited for. False when the launcher wants no more.
    pub fn next(&mut self) -> io::Result<bool> {
        loop {
            self.reap()?;
            let mut watched = [PollFd::new(&self.socket, PollFlags::IN), PollFd::new(&self.ended, PollFlags::IN)];
            rustix::io::retry_on_intr(|| rustix::event::poll(&mut watched, None))?;
            let [asked, ended] = watched.map(|fd| !fd.revents().is_empty());
            if ended {
                // Only that something was there counts: one signal can stand for many.
                let _ = rustix::io::read(&self.ended, &mut [0_u8; 1024]);
            } else if asked {
                let Some((fork, fds)) = protocol::receive::<Fork>(&self.socket)? else { return Ok(false) };
                let Some(init) = fds.first() else { return Ok(false) };
                match enter_namespaces(init.as_fd(), libc::CLONE_NEWPID) {
                    Ok(()) => {
                        self.next = Some((fork, fds));
                        return Ok(true);
                    }
                    // It was killed before we came.
                    Err(error) => self.failed(fork.serial, "setns(pid)", &error)?,
                }
            }
        }
    }

    /// Remembers the child, and has those to come be our own again.
    pub fn forked(&mut self, child: i32) -> io::Result<()> {
        let Some((fork, _)) = self.next.take() else { return Err(io::ErrorKind::InvalidInput.into()) };
        match Pid::from_raw(child).filter(|_| child > 0) {
            Some(pid) => self.children.push((pid, fork.serial)),
            None => self.failed(fork.serial, "fork", &io::Error::other("the interpreter could not"))?,
        }
        enter_namespaces(self.own.as_fd(), libc::CLONE_NEWPID)
    }

    fn reap(&mut self) -> io::Result<()> {
        loop {
            let (pid, status) = match rustix::process::wait(WaitOptions::NOHANG) {
                Ok(Some(ended)) => ended,
                Ok(None) | Err(rustix::io::Errno::CHILD) => return Ok(()),
                Err(rustix::io::Errno::INTR) => continue,
                Err(error) => return Err(error.into()),
            };
            if let Some(place) = self.children.iter().position(|(child, _)| *child == pid) {
                let (_, serial) = self.children.swap_remove(place);
                protocol::send(&self.socket, &Forked::Ended { serial, exit: exit_of(status) }, &[])?;
            }
        }
    }

    fn failed(&self, serial: u64, call: &str, error: &io::Error) -> io::Result<()> {
        let (call, cause) = (call.to_owned(), error.to_string());
        protocol::send(&self.socket, &Forked::Failed { serial, call, cause }, &[])
    }
}

fn exit_of(status: WaitStatus) -> Exit {
    match (status.exit_status(), status.terminating_signal()) {
        (Some(code), _) => Exit::Status(code),
        (None, Some(signal)) => Exit::Signal(signal),
        (None, None) => Exit::Status(status.as_raw()),
    }
}
