//! What a box is made from, what goes in, and what comes out: plain data.

use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::root::Bind;

/// What one box may use. The launcher holds the same struct as the ceiling for every request.
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
    /// The command line; the first word is an absolute path in the box.
    pub argv: Vec<String>,
    /// The whole environment, as `NAME=value`.
    pub env: Vec<String>,
    /// Does the program leave an answer in `/answer`?
    pub answer: bool,
}

/// All the launcher will ever know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LauncherConfig {
    /// The kinds of boxes, by index.
    pub templates: Vec<Template>,
    /// How many boxes can exist at the same time.
    pub slots: u16,
    /// No request may exceed these.
    pub ceiling: Limits,
    /// The static runner binary.
    pub runner: PathBuf,
}

/// One file for the box's `/code` folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxInput {
    /// A plain file name.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// One run in one fresh box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxRequest {
    /// Index into [`LauncherConfig::templates`].
    pub template: usize,
    /// What stands in `/code`.
    pub files: Vec<BoxInput>,
    /// Standard input.
    pub stdin: Vec<u8>,
    /// At most the ceiling.
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
    /// At most `output_bytes`; of an answer one more, for the mark it begins with.
    pub bytes: Vec<u8>,
    /// There was more.
    pub truncated: bool,
}

/// The facts of one run. By the time a caller holds this, every process of the box is dead.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The content of `/answer`; `None` where the template has none.
    pub answer: Option<Collected>,
}

/// A file for the box as it travels to the launcher.
#[derive(Debug)]
pub(crate) struct FileForBox {
    pub name: String,
    pub content: OwnedFd,
}
