//! What a probe of the wall is told, and what its exit status means.
//!
//! The probe itself is the binary beside this library. It runs in a box, where a student's program would, and
//! tries what such a program must not be able to do. It knows no language. Whoever starts it says with words on
//! the command line which task it has and what the box was made with; it answers with its exit status, and
//! prints one line for each breach, which is for people alone.
//!
//! ```text
//! executor                                  probe (the program of a box)
//!    | -- calls open_files=32 … ------------> |  tries
//!    | <----------- exit status 0, 1 or 2 --- |  a line for each breach on standard output
//! ```
//!
//! Tasks that try a limit run until something stops them: that it was the right limit is the kernel's and the
//! launcher's to say, not theirs.

#![forbid(unsafe_code)]

/// The exit status when all that was tried holds.
pub const HOLDS: u8 = 0;
/// The exit status when something does not.
pub const BROKEN: u8 = 1;
/// The exit status when it could not be tried.
pub const COULD_NOT: u8 = 2;

/// The folder in a probe's box in which only [`UID_FILE`] lies.
pub const EXPECTED_FOLDER: &str = "expected";
/// Where a probe finds the uid of its box, which nobody but the launcher knows.
pub const UID_FILE: &str = "/expected/uid";
/// The name of the probe's file in `/code`, where nothing else lies.
pub const PROGRAM: &str = "probe";

/// What can be tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Everything that needs no limit to be reached: the four that follow.
    Walls,
    /// Who the program is and what it may.
    Identity,
    /// What it sees of other processes, the host and a network, and what it was started with.
    View,
    /// What it finds in the file tree, and can change there.
    Files,
    /// Which system calls reach the kernel.
    Calls,
    /// Uses CPU time.
    Spin,
    /// Waits.
    Sleep,
    /// Takes memory.
    Memory,
    /// Starts processes.
    Fork,
    /// Writes files.
    Fill,
    /// Prints.
    Flood,
}

impl Task {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Walls,
        Self::Identity,
        Self::View,
        Self::Files,
        Self::Calls,
        Self::Spin,
        Self::Sleep,
        Self::Memory,
        Self::Fork,
        Self::Fill,
        Self::Flood,
    ];

    /// Its word on the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Walls => "walls",
            Self::Identity => "identity",
            Self::View => "view",
            Self::Files => "files",
            Self::Calls => "calls",
            Self::Spin => "spin",
            Self::Sleep => "sleep",
            Self::Memory => "memory",
            Self::Fork => "fork",
            Self::Fill => "fill",
            Self::Flood => "flood",
        }
    }
}

/// What the box was made with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// Memory of the box in KiB.
    pub memory_kib: u64,
    /// Processes and threads.
    pub processes: u64,
    /// Bytes of the scratch space, and of one file.
    pub file_bytes: u64,
    /// Descriptors per process.
    pub open_files: u64,
    /// Has the kernel Landlock?
    pub landlock: bool,
    /// The whole environment, as `NAME=value`.
    pub env: Vec<String>,
}

/// The command line after the program's name.
pub fn words(task: Task, expected: &Expected) -> Vec<String> {
    let Expected { memory_kib, processes, file_bytes, open_files, landlock, env } = expected;
    let numbers =
        [("memory_kib", memory_kib), ("processes", processes), ("file_bytes", file_bytes), ("open_files", open_files)];
    let numbers = numbers.map(|(name, value)| format!("{name}={value}"));
    let env = env.iter().map(|variable| format!("env={variable}"));
    let landlock = format!("landlock={landlock}");
    std::iter::once(task.word().to_owned()).chain(numbers).chain([landlock]).chain(env).collect()
}

/// What the command line says.
///
/// # Errors
/// The word that is missing or not understood.
pub fn parse(words: impl IntoIterator<Item = String>) -> Result<(Task, Expected), String> {
    let mut words = words.into_iter();
    let task = words.next().ok_or("the task is missing")?;
    let task = Task::ALL.into_iter().find(|known| known.word() == task).ok_or(format!("there is no task `{task}`"))?;
    let mut expected =
        Expected { memory_kib: 0, processes: 0, file_bytes: 0, open_files: 0, landlock: false, env: Vec::new() };
    for word in words {
        let (name, value) = word.split_once('=').ok_or(format!("`{word}` is not name=value"))?;
        let number = || value.parse().map_err(|_| format!("`{word}` is no number"));
        match name {
            "memory_kib" => expected.memory_kib = number()?,
            "processes" => expected.processes = number()?,
            "file_bytes" => expected.file_bytes = number()?,
            "open_files" => expected.open_files = number()?,
            "landlock" => {
                expected.landlock = value.parse().map_err(|_| format!("`{word}` is neither true nor false"))?
            }
            "env" => expected.env.push(value.to_owned()),
            _ => return Err(format!("`{word}` is not known")),
        }
    }
    Ok((task, expected))
}
