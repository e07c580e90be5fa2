//! The frames between client and launcher, with the descriptors that travel beside them.
//!
//! One frame per packet on a `SOCK_SEQPACKET` socket, one socket per slot, at most one box per slot.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use runner::protocol::{MAX_FRAME, decode, encode};
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer, SendAncillaryMessage, SendFlags,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::SandboxError;
use crate::spec::{Exit, FileKind, Hit, Limits, Usage};

/// The most descriptors in one frame: stdin, stdout, stderr and the files. The kernel's own bound is
/// 253 (SCM_MAX_FD, unix(7)).
pub const MAX_FDS: usize = 64;

/// From the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Request {
    /// Make a box and start its program. Descriptors: stdin, stdout, stderr, then one per file.
    Spawn(Spawn),
    /// Kill the box of this slot, for this reason. Without a box it means nothing.
    Kill(Hit),
}

/// What the client may choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spawn {
    /// Index of a template.
    pub template: usize,
    /// At most the template's ceiling.
    pub limits: Limits,
    /// Further words for the command line.
    pub args: Vec<String>,
    /// Name and kind of each file, in the order of their descriptors.
    pub files: Vec<(String, FileKind)>,
}

/// From the launcher. Every `Spawn` is answered by exactly one of these, when the box is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reply {
    /// The program ran. Where the template has a product, its file travels with this frame.
    Ended {
        /// How it ended.
        exit: Exit,
        /// The first limit that was hit.
        hit: Option<Hit>,
        /// What it used.
        usage: Usage,
    },
    /// The program did not run, or what became of it is not known.
    Failed(SandboxError),
}

/// Sends one frame with these descriptors.
pub fn send<T: Serialize>(socket: impl AsFd, frame: &T, fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    let bytes = encode(frame)?;
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(fds)) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "too many descriptors"));
    }
    rustix::net::sendmsg(socket, &[IoSlice::new(&bytes)], &mut control, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Receives one frame; `None` when the other side has gone.
pub fn receive<T: DeserializeOwned>(socket: impl AsFd) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
    let mut buffer = vec![0; MAX_FRAME];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_FDS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = rustix::io::retry_on_intr(|| {
        rustix::net::recvmsg(socket.as_fd(), &mut [IoSliceMut::new(&mut buffer)], &mut control, RecvFlags::CMSG_CLOEXEC)
    })?;
    let fds = control
        .drain()
        .filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(fds) => Some(fds),
            _ => None,
        })
        .flatten()
        .collect();
    if received.bytes == 0 { Ok(None) } else { decode(&buffer[..received.bytes]).map(|frame| Some((frame, fds))) }
}

#[cfg(test)]
mod tests;
