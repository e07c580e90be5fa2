//! The template's side: from one request to the next.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use runner::confine;
use runner::protocol::{self, Fork, Forked, Narrow};
use runner::sys::enter_namespaces;
use rustix::process::{PidfdFlags, WaitOptions};

use crate::sys::{self, Side};

/// A warm interpreter, as this library sees it.
pub struct Template {
    /// To the launcher.
    pub(crate) socket: OwnedFd,
    /// This process, whose pid namespace its own processes are in.
    own: OwnedFd,
    /// The box that the next fork is for.
    pub(crate) next: Option<(Fork, Vec<OwnedFd>)>,
}

impl Template {
    /// Lets go of what its children must not have, and says that it is warm.
    pub fn open(socket: OwnedFd) -> io::Result<Self> {
        rustix::io::fcntl_setfd(&socket, rustix::io::FdFlags::CLOEXEC)?;
        let own = rustix::process::pidfd_open(rustix::process::getpid(), PidfdFlags::empty())?;
        let Some((narrow, _)) = protocol::receive::<Narrow>(&socket)? else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        confine::narrow(&narrow).map_err(|failure| failure.source)?;
        protocol::send(&socket, &Forked::Warm, &[])?;
        Ok(Self { socket, own, next: None })
    }

    /// Waits for a box to fork into. False when the launcher wants no more.
    pub fn next(&mut self) -> io::Result<bool> {
        self.next = protocol::receive::<Fork>(&self.socket)?;
        Ok(self.next.is_some())
    }

    /// Forks into the box. What fails is told, and the template goes on; an error means that it can not.
    pub fn fork(&mut self) -> io::Result<Side> {
        let Some((fork, fds)) = &self.next else { return Err(io::ErrorKind::InvalidInput.into()) };
        let serial = fork.serial;
        let failed = |call: &str, error: &io::Error| {
            let (call, cause) = (call.to_owned(), error.to_string());
            protocol::send(&self.socket, &Forked::Failed { serial, call, cause }, &[])
        };
        let Some(init) = fds.first() else { return Err(io::ErrorKind::InvalidInput.into()) };
        if let Err(error) = enter_namespaces(init.as_fd(), libc::CLONE_NEWPID) {
            // It was killed before we came.
            failed("setns(pid)", &error)?;
            self.next = None;
            return Ok(Side::Parent(None));
        }
        let forked = sys::fork_twice();
        if let Ok(Side::Child) = forked {
            return Ok(Side::Child);
        }
        self.go_back()?;
        match &forked {
            Ok(Side::Parent(Some(between))) => {
                let ended =
                    rustix::io::retry_on_intr(|| rustix::process::waitpid(Some(*between), WaitOptions::empty()))?;
                if ended.is_some_and(|(_, status)| status.exit_status() != Some(0)) {
                    failed("fork", &io::Error::other("the process between could not"))?;
                }
            }
            Ok(_) => {}
            Err(error) => failed("fork", error)?,
        }
        self.next = None;
        forked.or(Ok(Side::Parent(None)))
    }

    /// Processes to come are ours again until the next box.
    fn go_back(&self) -> io::Result<()> {
        match enter_namespaces(self.own.as_fd(), libc::CLONE_NEWPID) {
            // In a user namespace that of the host is above ours. We make no process before the next box, which we can enter
            // all the same: what counts for that is where we are, and not our children.
            Err(error) if error.raw_os_error() == Some(libc::EPERM) => Ok(()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use runner::holes::Holes;
    use rustix::net::{AddressFamily, SocketFlags, SocketType};

    use super::*;

    #[test]
    fn one_that_can_not_give_up_what_its_children_must_not_have_is_never_warm() {
        let (ours, theirs) =
            rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
                .expect("a pair");
        // A filter without an instruction is none.
        let narrow = Narrow { seccomp: vec![Vec::new()], holes: Holes::default() };
        protocol::send(&ours, &narrow, &[]).expect("fits");
        assert!(Template::open(theirs).is_err());
        let said = protocol::receive::<Forked>(&ours).expect("is a frame");
        assert!(said.is_none(), "{said:?}");
    }
}
