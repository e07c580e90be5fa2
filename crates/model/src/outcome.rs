//! Facts about one run, as the kernel and our own pipes saw them. No judgement here.

use std::time::Duration;

/// How the main process of a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// It called `exit` with this status, 0 to 255.
    Exited(i32),
    /// This signal killed it.
    Signaled(i32),
    /// The box was killed before the main process ended by itself.
    Killed,
    /// It never began: the kernel does not take what the compiler made for a program.
    NotExecutable,
}

/// A limit that ended the run. At most one is recorded: the first that was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitHit {
    /// CPU time of the whole box, from its cgroup.
    CpuTime,
    /// The clock ran out while the program was waiting.
    WallTime,
    /// The kernel refused the box memory beyond its limit.
    Memory,
    /// More was written to stdout, stderr or the answer than is kept.
    Output,
}

/// What the run used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// User and system time of every process of the box.
    pub cpu_time: Duration,
    /// From the start of the program to its end.
    pub wall_time: Duration,
    /// The peak of the whole box, page cache and kernel memory included, in KiB.
    pub memory_kib: u64,
}

/// Bytes that were collected up to a cap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captured {
    /// At most the cap.
    pub bytes: Vec<u8>,
    /// There was more.
    pub truncated: bool,
}

/// What the function returned, in function mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// A whole program has no return value.
    NotAsked,
    /// The process ended before the function returned.
    Missing,
    /// The returned value as text.
    Given(Captured),
}

/// Everything known about one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub ending: Ending,
    /// What stopped it, if a limit did.
    pub limit_hit: Option<LimitHit>,
    /// The submission was cancelled while this ran.
    pub cancelled: bool,
    /// What it used.
    pub usage: Usage,
    /// Standard output.
    pub stdout: Captured,
    /// Standard error.
    pub stderr: Captured,
    /// The returned value.
    pub answer: Answer,
}
