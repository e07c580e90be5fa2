//! Holds one program to its limits, from its start to the end of its last process.
//!
//! Time, output and the end of the main process are waited for. CPU time and memory of all processes together have no
//! event: they are looked at every few milliseconds, so that a program can be over its memory limit by what it takes between
//! two looks. Two sums are kept of CPU time, of which each can only be too small, and the larger counts: that of who was
//! waited for and who lives, and that of all who were ever seen.

use std::io;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::ground::Ground;
use super::streams::Streams;
use super::tree::{self, Seen};
use super::wire::{Ending, Hit, Limits, Stream};
use crate::sys::{self, Reaped};

/// How far apart looks are.
const LOOK: Duration = Duration::from_millis(5);

/// Files and folders that a program may have, as in a box.
const SCRATCH_ENTRIES: u64 = 8192;

/// How a program went.
pub struct Watched {
    /// How its main process ended.
    pub ending: Ending,
    /// What ended it.
    pub hit: Option<Hit>,
    /// CPU time of all.
    pub cpu_time: Duration,
    /// From start to end.
    pub wall_time: Duration,
    /// The largest sum seen.
    pub memory_kib: u64,
    /// What it wrote.
    pub output: [Stream; 2],
}

/// A program that runs.
pub struct Watch<'a> {
    ground: &'a Ground,
    limits: &'a Limits,
    main: Pid,
    start: Instant,
    /// What was in the folders before.
    files_before: Files,
    /// The most memory of this process when it forked, in KiB: what the fork had before it was the program.
    own_peak_kib: u64,
    seen: Seen,
    reaped: Duration,
    with_living: Duration,
    /// The largest sum that was seen: what counts.
    peak_kib: u64,
    /// The most that any one process had, as the kernel says afterwards, with the files of its image: for the report of
    /// those that were gone before anybody looked.
    largest_kib: u64,
    ended: Option<i32>,
    hit: Option<Hit>,
}

impl<'a> Watch<'a> {
    /// Of a program that has just started.
    pub fn new(
        ground: &'a Ground,
        limits: &'a Limits,
        main: Pid,
        start: Instant,
        files_before: Files,
    ) -> io::Result<Self> {
        let own_peak_kib = sys::own_peak_kib()?;
        Ok(Self {
            ground,
            limits,
            main,
            start,
            files_before,
            own_peak_kib,
            seen: Seen::default(),
            reaped: Duration::ZERO,
            with_living: Duration::ZERO,
            peak_kib: 0,
            largest_kib: 0,
            ended: None,
            hit: None,
        })
    }

    /// Until its main process has ended or a limit is hit, and then everybody is dead.
    ///
    /// # Errors
    /// When the system refuses, or somebody does not die.
    pub fn run(mut self, mut streams: Streams<'_>) -> io::Result<Watched> {
        let main = pidfd_open(self.main, PidfdFlags::empty())?;
        let mut next_look = self.start;
        while self.ended.is_none() && self.hit.is_none() {
            self.wait(&main, &streams, next_look)?;
            streams.pump();
            // What was counted among the living is not any more.
            if self.reap()? || Instant::now() >= next_look {
                self.look()?;
                next_look = Instant::now() + LOOK;
            }
            self.hit = self.hit.or(self.over(&streams));
        }
        let wall_time = self.start.elapsed();
        // What it had used, before it is gone.
        self.look()?;
        tree::kill_all(|one| self.count(one))?;
        let main = self.ended;
        self.with_living = Duration::ZERO;
        let output = streams.finish();
        let overflowed = output.iter().any(|stream| stream.truncated);
        let hit = self.hit.or(overflowed.then_some(Hit::Output)).or_else(|| self.over_in_total());
        let ending = main.map_or(Ending::Killed, ending);
        let cpu_time = self.cpu_time();
        let memory_kib = self.peak_kib.max(self.largest_kib);
        Ok(Watched { ending, hit, cpu_time, wall_time, memory_kib, output })
    }

    /// Until something can be moved, the main process ends, or it is time to look.
    fn wait(&self, main: &impl AsFd, streams: &Streams<'_>, next_look: Instant) -> io::Result<()> {
        let patience = next_look.saturating_duration_since(Instant::now()).max(Duration::from_micros(100));
        let mut fds = streams.poll_fds();
        fds.push(PollFd::new(main, PollFlags::IN));
        let timeout = Timespec { tv_sec: 0, tv_nsec: patience.subsec_nanos().into() };
        match poll(&mut fds, Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Has anybody ended?
    fn reap(&mut self) -> io::Result<bool> {
        let mut any = false;
        while let Some(one) = sys::wait_for_any()? {
            self.count(one);
            any = true;
        }
        Ok(any)
    }

    fn count(&mut self, one: Reaped) {
        let Reaped { pid, status, cpu_time, peak_kib } = one;
        self.reaped += cpu_time;
        // A fork begins with what this process has; only beyond that is it the program's own.
        if peak_kib > self.own_peak_kib {
            self.largest_kib = self.largest_kib.max(peak_kib);
        }
        if pid == self.main.as_raw_nonzero().get() && self.ended.is_none() && self.hit.is_none() {
            self.ended = Some(status);
        }
    }

    fn look(&mut self) -> io::Result<()> {
        let all = tree::look(&mut self.seen)?;
        self.with_living = all.with_children;
        let files = self.files();
        self.peak_kib = self.peak_kib.max(all.memory_kib + files.bytes / 1024);
        let Limits { processes, file_bytes, .. } = self.limits;
        if files.bytes > *file_bytes || files.entries > SCRATCH_ENTRIES {
            self.hit = self.hit.or(Some(Hit::Files));
        }
        // The kernel does not let it come so far, unless it counts otherwise than we think.
        if all.tasks > u64::from(*processes) {
            self.hit = self.hit.or(Some(Hit::Processes));
        }
        Ok(())
    }

    /// What is in the folders in memory beyond what was there before.
    fn files(&self) -> Files {
        let Files { bytes, entries } = files_in(self.ground);
        let Files { bytes: bytes_before, entries: entries_before } = self.files_before;
        Files { bytes: bytes.saturating_sub(bytes_before), entries: entries.saturating_sub(entries_before) }
    }

    fn cpu_time(&self) -> Duration {
        (self.reaped + self.with_living).max(self.seen.cpu_time())
    }

    fn over(&self, streams: &Streams<'_>) -> Option<Hit> {
        let Limits { wall_time, .. } = self.limits;
        if streams.overflowed() {
            return Some(Hit::Output);
        }
        self.over_in_total().or_else(|| (self.start.elapsed() >= *wall_time).then_some(Hit::WallTime))
    }

    fn over_in_total(&self) -> Option<Hit> {
        let Limits { cpu_time, memory_kib, .. } = self.limits;
        if self.cpu_time() > *cpu_time {
            return Some(Hit::CpuTime);
        }
        (self.peak_kib > *memory_kib).then_some(Hit::Memory)
    }
}

/// What is in folders.
#[derive(Debug, Clone, Copy, Default)]
pub struct Files {
    /// Bytes.
    bytes: u64,
    /// Files and folders.
    entries: u64,
}

/// What is in the folders that count as memory.
pub fn files_in(ground: &Ground) -> Files {
    ground.in_memory.iter().filter_map(|folder| rustix::fs::statvfs(*folder).ok()).fold(
        Files::default(),
        |all, stat| Files {
            bytes: all.bytes + (stat.f_blocks - stat.f_bfree) * stat.f_frsize,
            entries: all.entries + (stat.f_files - stat.f_ffree),
        },
    )
}

fn ending(status: i32) -> Ending {
    let signal = status & 0x7f;
    if signal == 0 { Ending::Exited((status >> 8) & 0xff) } else { Ending::Signaled(signal) }
}
