//! What a box is made from, what goes in, and what comes out: plain data.

use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use runner::holes::Holes;
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
    /// Small files made afresh: path in the box, content; `{uid}` in it becomes the box's uid.
    pub files: Vec<(String, String)>,
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
    /// For lock files and for putting file trees together; see [`crate::Ground`].
    pub folder: PathBuf,
    /// What a test takes away of the wall: nothing, except in a test build.
    pub holes: Holes,
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
    /// The template's product; `None` where it has none, or the box was never finished.
    pub product: Option<Product>,
}

/// A file for the box as it travels to the launcher.
#[derive(Debug)]
pub(crate) struct FileForBox {
    pub name: String,
    pub kind: FileKind,
    pub content: OwnedFd,
}
