//! What a box is made from, what goes in, and what comes out: plain data.

use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use runner::holes::Holes;
pub use runner::protocol::FileKind;
use serde::{Deserialize, Serialize};

use crate::root::Bind;

/// What one box may use. Each template holds the same struct as the ceiling for its boxes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// CPU time of the whole box.
    pub cpu_time: Duration,
    /// Time on the clock from the program's start.
    pub wall_time: Duration,
    /// Memory of the whole box in KiB.
    pub memory_kib: u64,
    /// Processes and threads of the program.
    pub processes: u32,
    /// Bytes kept of each stream and of the answer.
    pub output_bytes: u64,
    /// Bytes of the scratch space, and of one file.
    pub file_bytes: u64,
    /// Descriptors per process.
    pub open_files: u32,
}

/// The read-only file tree of a box. `/code`, `/box`, `/tmp`, `/dev` and `/proc` are added to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// What of the host is visible.
    pub binds: Vec<Bind>,
    /// Links: path in the box, target.
    pub links: Vec<(String, String)>,
    /// Small files, the same in all boxes: path in the box, content.
    pub files: Vec<(String, String)>,
    /// Small files made for each box: path in the box, content; `{uid}` in it becomes the box's uid.
    pub own_files: Vec<(String, String)>,
}

/// A kind of box, fixed when the launcher starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// For messages.
    pub name: String,
    /// The file tree.
    pub root: Root,
    /// The command line; the first word is an absolute path in the box. `{memory_kib}` and
    /// `{memory_mib}` in it become the memory limit of the run.
    pub argv: Vec<String>,
    /// The whole environment, as `NAME=value`.
    pub env: Vec<String>,
    /// The absolute path of the one file that outlives the box, if there is one: an answer, an artifact.
    pub product: Option<String>,
    /// Does flock(2) answer that it worked, without locking anything, instead of being refused?
    pub fake_locks: bool,
    /// No request for this kind of box may exceed these.
    pub ceiling: Limits,
    /// How its program can be started before there is anything for it to do.
    pub warm: Option<Warm>,
}

/// How a program is started before there is anything for it to do. It waits at the gate (see the crate `runner`) until
/// its files have arrived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warm {
    /// Who starts it.
    pub kind: WarmKind,
    /// The command line, with the same places in it as [`Template::argv`].
    pub argv: Vec<String>,
    /// Small files for it: path in the tree, content. Where each box starts its own process, its boxes have them.
    pub files: Vec<(String, String)>,
}

/// Who starts a program ahead of its use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WarmKind {
    /// PID 1 of the box: each process warms up by itself.
    Process,
    /// A template process that is warm already and forks into the box.
    Fork,
}

/// All the launcher will ever know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LauncherConfig {
    /// The kinds of boxes, by index.
    pub templates: Vec<Template>,
    /// How many boxes can exist at the same time.
    pub slots: u16,
    /// The static runner binary.
    pub runner: PathBuf,
    /// The library that a template process forks with; without it every program is started cold.
    pub zygote: Option<PathBuf>,
    /// Is every box to have a network namespace of its own, and every program to be started when its files are there, for
    /// that use alone?
    pub strict: bool,
    /// For lock files and for putting file trees together; see [`crate::Ground`].
    pub folder: PathBuf,
    /// What a test takes away of the wall: nothing, except in a test build.
    pub holes: Holes,
}

/// One file for a box. Clones share the content, which nobody can change.
#[derive(Debug, Clone)]
pub struct BoxFile {
    pub(crate) name: String,
    pub(crate) kind: FileKind,
    pub(crate) content: Arc<OwnedFd>,
}

/// One run in one fresh box.
#[derive(Debug, Clone)]
pub struct BoxRequest<'a> {
    /// Index into [`LauncherConfig::templates`].
    pub template: usize,
    /// Further words for the command line.
    pub args: &'a [String],
    /// What stands in `/code`.
    pub files: &'a [BoxFile],
    /// Standard input.
    pub stdin: &'a [u8],
    /// At most the template's ceiling.
    pub limits: Limits,
}

/// How the main process ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exit {
    /// By itself, with this status.
    Status(i32),
    /// By this signal.
    Signal(i32),
    /// Not by itself: the box was killed first.
    Killed,
    /// It never began: the program stood in `/code`, and execve(2) does not take it for one.
    NotExecutable,
}

/// Why a box was killed, or would have been.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hit {
    /// CPU time of the cgroup.
    CpuTime,
    /// The clock.
    WallTime,
    /// The kernel ran out of the box's memory.
    Memory,
    /// The client has kept all it may.
    Output,
    /// The client was asked to stop.
    Stopped,
}

/// What a box used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// From the cgroup.
    pub cpu_time: Duration,
    /// From the program's start to its end.
    pub wall_time: Duration,
    /// The cgroup's peak, KiB.
    pub memory_kib: u64,
    /// From the request to the program's start.
    pub provision: Duration,
}

/// Bytes kept up to the cap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected {
    /// At most as many as were asked for.
    pub bytes: Vec<u8>,
    /// There was more.
    pub truncated: bool,
}

/// The file that outlived its box. Everybody who could write it is dead.
#[derive(Debug)]
pub struct Product(pub(crate) OwnedFd);

/// The facts of one run. By the time a caller holds this, every process of the box is dead.
#[derive(Debug)]
pub struct BoxOutcome {
    /// How the main process ended.
    pub exit: Exit,
    /// The first limit that was hit.
    pub hit: Option<Hit>,
    /// What it used.
    pub usage: Usage,
    /// Standard output.
    pub stdout: Collected,
    /// Standard error.
    pub stderr: Collected,
    /// Was its program there before its files were?
    pub warm: bool,
    /// The template's product; `None` where it has none, or the box was never finished.
    pub product: Option<Product>,
}
