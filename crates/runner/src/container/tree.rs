//! All processes of the container but the runner: who they are, what they use, and their end.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::time::{Duration, Instant};

use crate::sys::{self, Reaped};

/// How long all processes may take to die.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the processes that live use together.
#[derive(Debug, Default, Clone, Copy)]
pub struct Use {
    /// CPU time, with that of children they have waited for.
    pub with_children: Duration,
    /// Anonymous and shared memory, in KiB.
    pub memory_kib: u64,
    /// Processes and threads.
    pub tasks: u64,
}

/// The CPU time that all processes had used themselves, each when it was seen last.
#[derive(Debug, Default)]
pub struct Seen {
    /// Of those that were there at the last look, by pid and time of birth.
    there: BTreeMap<(i32, u64), Duration>,
    /// Of all others.
    gone: Duration,
}

impl Seen {
    /// Of all together.
    pub fn cpu_time(&self) -> Duration {
        self.gone + self.there.values().sum::<Duration>()
    }
}

/// The pids in the container but for PID 1.
pub fn others() -> io::Result<Vec<i32>> {
    let entries = fs::read_dir("/proc")?;
    let pids = entries.filter_map(Result::ok).filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    Ok(pids.filter(|pid| *pid != 1).collect())
}

/// Adds up what those that live use, and remembers each.
pub fn look(seen: &mut Seen) -> io::Result<Use> {
    let mut all = Use::default();
    let mut there = BTreeMap::new();
    for pid in others()? {
        // Whoever is gone by now is counted where it was waited for, or by what was seen of it.
        let Some(stat) = read(&format!("/proc/{pid}/stat")) else { continue };
        let Some(Stat { state, own, children, threads, born }) = Stat::parse(&stat) else { continue };
        there.insert((pid, born), own);
        all.with_children += own + children;
        // Whose first thread alone has ended is one of those, too, and lives.
        if (state == 'Z' || state == 'X') && threads <= 1 {
            continue;
        }
        all.tasks += threads;
        all.memory_kib += memory_kib(pid);
    }
    let before = std::mem::replace(&mut seen.there, there);
    seen.gone += before.iter().filter(|(who, _)| !seen.there.contains_key(*who)).map(|(_, own)| *own).sum::<Duration>();
    Ok(all)
}

/// A process can give itself a name that is no text, and is not to be hidden by it.
fn read(path: &str) -> Option<String> {
    fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

/// What is only this process', and what it shares by mapping; not the files of its image.
fn memory_kib(pid: i32) -> u64 {
    let of_first = read(&format!("/proc/{pid}/status")).and_then(|status| memory_in(&status));
    // A first thread that has ended has no memory any more, and all others have the same.
    let of_others = || {
        let threads = fs::read_dir(format!("/proc/{pid}/task")).ok()?;
        threads.filter_map(Result::ok).find_map(|thread| memory_in(&read(thread.path().join("status").to_str()?)?))
    };
    of_first.or_else(of_others).unwrap_or(0)
}

/// `None` if the thread has none.
fn memory_in(status: &str) -> Option<u64> {
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok())
    };
    Some(field("RssAnon:")? + field("RssShmem:")?)
}

/// A part of `/proc/PID/stat`, proc_pid_stat(5).
struct Stat {
    state: char,
    own: Duration,
    children: Duration,
    threads: u64,
    born: u64,
}

impl Stat {
    fn parse(text: &str) -> Option<Self> {
        // The name stands in brackets and may hold any.
        let (_, rest) = text.rsplit_once(") ")?;
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        // The state is field 3.
        let number = |field: usize| fields.get(field - 3)?.parse::<u64>().ok();
        let ticks = |field| Some(Duration::from_millis(number(field)? * 1000 / sys::ticks_per_second()));
        Some(Self {
            state: fields.first()?.chars().next()?,
            own: ticks(14)? + ticks(15)?,
            children: ticks(16)? + ticks(17)?,
            threads: number(20)?,
            born: number(22)?,
        })
    }
}

/// Kills everybody until nobody is left, and hands each to `reaped`.
///
/// # Errors
/// When somebody does not die.
pub fn kill_all(mut reaped: impl FnMut(Reaped)) -> io::Result<()> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        // Everybody at once, and nobody can fork between: the kernel holds the list. It leaves out PID 1, which we are.
        sys::kill_everybody()?;
        while let Some(one) = sys::wait_for_any()? {
            reaped(one);
        }
        if others()?.is_empty() {
            return Ok(());
        }
        if Instant::now() > deadline {
            return Err(io::Error::other(format!("processes do not die: {:?}", others()?)));
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
