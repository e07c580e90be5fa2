//! The frames on the socket between launcher and runner: one frame per packet.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, ReturnFlags, SendAncillaryBuffer, SendAncillaryMessage,
    SendFlags,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::holes::Holes;

/// The descriptor on which the runner finds its end of the socket.
pub const CHANNEL_FD: i32 = 3;

/// The descriptor on which the runner finds the folder that is `/code` in the box, in a form that can be written.
pub const CODE_FD: i32 = 4;

/// The name in `/code` of the FIFO at which a program waits that was started before there was code.
pub const GATE: &str = "gate";

/// The pid, inside the box, of a program that a template has forked: after the runner and the process that forked it.
pub const FORKED_PID: i32 = 3;

/// The most descriptors beside one frame. The kernel's own bound is 253 (SCM_MAX_FD, unix(7)).
pub const MAX_FDS: usize = 64;

/// The largest frame in bytes. Half of Linux' default socket buffer (net.core.wmem_default, 212992),
/// so that a frame always fits.
pub const MAX_FRAME: usize = 96 * 1024;

/// Everything the runner must know to start the program, except what arrives with [`Go`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The command line; the first word is the path of the executable.
    pub argv: Vec<String>,
    /// The whole environment, as `NAME=value`.
    pub env: Vec<String>,
    /// When the program is started, and by whom.
    pub start: Start,
    /// What the program may do.
    pub confinement: Confinement,
}

/// When the program of a box is started, and by whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Start {
    /// By the runner, when the files have arrived.
    OnGo,
    /// By the runner, at once. The program waits at the gate until the files have arrived.
    Ahead,
    /// By a template process outside, which forks into the box. The program waits at the gate, too, and is a child of
    /// the runner like any other: whoever forked it is gone by then.
    Forked,
}

/// All that is taken away from a process before it is the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confinement {
    /// Where the program starts.
    pub cwd: String,
    /// The uid and gid of this box, never 0.
    pub uid: u32,
    /// Limits the kernel keeps per process.
    pub rlimits: Rlimits,
    /// The system call filters in the order in which they are installed: one classic BPF
    /// instruction (`struct sock_filter`) in each `u64`, in memory order.
    pub seccomp: Vec<Vec<u64>>,
    /// Is it a template's child, from which everything was taken already that [`Narrow`] takes from its template?
    pub is_narrowed: bool,
    /// Folders and files the program may change. With Landlock the rest of the tree is read-only
    /// whatever its mounts say.
    pub writable: Vec<String>,
    /// Is Landlock used? False only on a kernel that has none.
    pub landlock: bool,
    /// What a test takes away of all this.
    pub holes: Holes,
}

/// What a box is used for: the runner's second frame. The content of each file travels beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Go {
    /// Further words for the command line of a program that is started now.
    pub args: Vec<String>,
    /// Name and kind of each file, in the order of their descriptors.
    pub files: Vec<(String, FileKind)>,
}

/// What a file is in a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileKind {
    /// Stands in `/code`, read-only.
    Code,
    /// Stands in `/code`, read-only, and can be executed.
    Executable,
    /// Stands in `/code`, read-only, and in `/box` as a copy that may be changed.
    Data,
}

/// To a template process, first of all: what is taken away from it, and so from all its children, before it forks. To take
/// it away from each of them would cost more than the fork.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Narrow {
    /// System call filters, as those of [`Confinement`].
    pub seccomp: Vec<Vec<u64>>,
    /// What a test takes away of this.
    pub holes: Holes,
}

/// To a template process: fork into a box. Descriptors: the box's PID 1 (a pidfd), stdin, stdout, stderr, and the
/// file of each cgroup that a process enters by writing `0`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fork {
    /// The number of the box, for the answer.
    pub serial: u64,
    /// What the child may do.
    pub confinement: Confinement,
}

/// From a template process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Forked {
    /// It is warm: from now on it forks.
    Warm,
    /// There is no child in the box of this number, or it did not become the program.
    Failed {
        /// The number of the box.
        serial: u64,
        /// What failed, as `call(argument)`.
        call: String,
        /// The error of the operating system, in its words.
        cause: String,
    },
}

/// Limits of setrlimit(2). They stand behind the cgroup's, which count the whole box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rlimits {
    /// Seconds of CPU time of one process after which it gets SIGXCPU; one more and it is killed.
    pub cpu_seconds: u64,
    /// Bytes of the largest file.
    pub file_bytes: u64,
    /// Descriptors per process.
    pub open_files: u64,
    /// Processes and threads of the box's uid.
    pub processes: u64,
    /// Bytes of the main thread's stack.
    pub stack_bytes: u64,
}

/// How the main process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exit {
    /// By itself, with this status.
    Status(i32),
    /// By this signal.
    Signal(i32),
}

/// What arrives from the box, in this order: `Built`, for a program that is started ahead `Gate` and `Ready`, then
/// `Started` and `Ended`, or `NotExecutable` instead of the last two, or, at any point, `Failed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The box stands. Sent by the launcher's child before it becomes the runner; where the job has
    /// an answer file, its descriptor travels with this frame.
    Built,
    /// The files are there, and the program's image has replaced the child or has been let through the gate: its
    /// clock runs.
    Started {
        /// The CPU time that the box had used right before, as far as it is known here: that of PID 1, and of the process
        /// that is or becomes the program. This frame may be read when the program has run for long.
        used: Duration,
    },
    /// The main process has ended.
    Ended {
        /// How.
        exit: Exit,
        /// From fork to end.
        wall_time: Duration,
    },
    /// The kernel says that the program is none (execve(2)). Whose fault that is depends on who made it.
    NotExecutable {
        /// The error of the operating system, in its words.
        cause: String,
    },
    /// The program was not started.
    Failed {
        /// Who failed.
        stage: Stage,
        /// What failed, as `call(argument)`.
        call: String,
        /// The error of the operating system, in its words.
        cause: String,
    },
    /// There is a gate to wait at.
    Gate,
    /// The program waits there.
    Ready,
}

/// The two stages between clone and the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The launcher's child, building the box.
    Setup,
    /// The runner's child, becoming the program.
    Program,
}

/// Sends one frame with these descriptors.
///
/// # Errors
/// When the frame is too large, the descriptors are too many, or the socket is gone.
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

/// Receives one frame with its descriptors; `None` when the other side has gone.
///
/// # Errors
/// When the socket fails or the frame is not one of ours.
pub fn receive<T: DeserializeOwned>(socket: impl AsFd) -> io::Result<Option<(T, Vec<OwnedFd>)>> {
    // Asked for first: most frames are a few bytes, and room for the largest would be made of pages nobody uses.
    let peek = RecvFlags::PEEK | RecvFlags::TRUNC;
    let (_, length) = rustix::io::retry_on_intr(|| rustix::net::recv(socket.as_fd(), &mut [0_u8; 0], peek))?;
    let mut buffer = vec![0; length.min(MAX_FRAME)];
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
    if received.flags.contains(ReturnFlags::TRUNC) {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("frame of {length} bytes")));
    }
    if received.bytes == 0 { Ok(None) } else { decode(&buffer[..received.bytes]).map(|frame| Some((frame, fds))) }
}

/// The bytes of a frame.
///
/// # Errors
/// When they are more than [`MAX_FRAME`].
pub fn encode<T: Serialize>(frame: &T) -> io::Result<Vec<u8>> {
    let bytes = postcard::to_stdvec(frame).map_err(io::Error::other)?;
    if bytes.len() > MAX_FRAME {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("frame of {} bytes", bytes.len())));
    }
    Ok(bytes)
}

/// The frame of these bytes.
///
/// # Errors
/// When they are not exactly one frame.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    let (frame, rest) = decode_first(bytes)?;
    if rest.is_empty() { Ok(frame) } else { Err(io::Error::other("bytes after the frame")) }
}

/// The frame that these bytes begin with, and the rest.
///
/// # Errors
/// When they begin with none.
pub fn decode_first<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<(T, &[u8])> {
    postcard::take_from_bytes(bytes).map_err(io::Error::other)
}
