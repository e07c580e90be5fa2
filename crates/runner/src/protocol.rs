//! The frames on the socket between launcher and runner: one frame per packet.

use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::net::{RecvFlags, SendFlags};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::holes::Holes;

/// The descriptor on which the runner finds its end of the socket.
pub const CHANNEL_FD: i32 = 3;

/// The largest frame in bytes. Half of Linux' default socket buffer (net.core.wmem_default, 212992),
/// so that a frame always fits.
pub const MAX_FRAME: usize = 96 * 1024;

/// Everything the runner must know to start the program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    /// The command line; the first word is the path of the executable.
    pub argv: Vec<String>,
    /// The whole environment, as `NAME=value`.
    pub env: Vec<String>,
    /// Where the program starts.
    pub cwd: String,
    /// The uid and gid of this box, never 0.
    pub uid: u32,
    /// Limits the kernel keeps per process.
    pub rlimits: Rlimits,
    /// The system call filters in the order in which they are installed: one classic BPF
    /// instruction (`struct sock_filter`) in each `u64`, in memory order.
    pub seccomp: Vec<Vec<u64>>,
    /// Folders and files the program may change. With Landlock the rest of the tree is read-only
    /// whatever its mounts say.
    pub writable: Vec<String>,
    /// Is Landlock used? False only on a kernel that has none.
    pub landlock: bool,
    /// What a test takes away of all this.
    pub holes: Holes,
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

/// What arrives from the box, in this order: `Built`, `Started` and `Ended`, or `NotExecutable` instead of the
/// last two, or, at any point, `Failed`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// The box stands. Sent by the launcher's child before it becomes the runner; where the job has
    /// an answer file, its descriptor travels with this frame.
    Built,
    /// The program's image has replaced the child; its clock runs.
    Started,
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
}

/// The two stages between clone and the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// The launcher's child, building the box.
    Setup,
    /// The runner's child, becoming the program.
    Program,
}

/// Sends one frame.
///
/// # Errors
/// When the frame is too large or the socket is gone.
pub fn send<T: Serialize>(channel: impl AsFd, frame: &T) -> io::Result<()> {
    let bytes = encode(frame)?;
    rustix::net::send(channel, &bytes, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Receives one frame; `None` when the other side has gone.
///
/// # Errors
/// When the socket fails or the frame is not one of ours.
pub fn receive<T: DeserializeOwned>(channel: impl AsFd) -> io::Result<Option<T>> {
    let mut buffer = vec![0; MAX_FRAME];
    let (length, _) = rustix::net::recv(channel, buffer.as_mut_slice(), RecvFlags::empty())?;
    if length == 0 { Ok(None) } else { decode(&buffer[..length]).map(Some) }
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
    let (frame, rest) = postcard::take_from_bytes(bytes).map_err(io::Error::other)?;
    if rest.is_empty() { Ok(frame) } else { Err(io::Error::other("bytes after the frame")) }
}
