//! Where the runner stands in a container, and whether that is a place to run a program in at all.
//!
//! Everything that follows rests on this: that killing all processes kills the program's alone, that what is written is
//! written to memory that is bounded and gone afterwards, and that the program is not root.

use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags};
use rustix::thread::CapabilitySet;

use super::wire::{ANSWER, ARTIFACT, FOLDERS, Job, Wall};
use super::{Doing, Failure, tree};
use crate::sys;

/// statfs(2) of a tmpfs.
const TMPFS_MAGIC: i64 = 0x0102_1994;

/// With these an engine tells programs how to use it, which would make a student's code its master.
const OPEN: [&str; 2] = ["DAGGER_SESSION_TOKEN", "DAGGER_SESSION_PORT"];

/// Folders beside the scratch space that programs can write to in most images.
const FURTHER: [&str; 2] = ["/dev/shm", "/var/tmp"];

/// What was found.
#[derive(Debug)]
pub struct Ground {
    /// Who the programs are; `None` if that is whoever the runner is.
    pub uid: Option<u32>,
    /// May capabilities be taken out of the bounding set?
    pub can_bound: bool,
    /// Does the kernel have Landlock?
    pub landlock: bool,
    /// Folders that are emptied after each program.
    pub folders: Vec<&'static str>,
    /// Those of them that count as memory.
    pub in_memory: Vec<&'static str>,
}

impl Ground {
    /// Looks around.
    pub fn take(job: &Job) -> Result<Self, Failure> {
        let refuse = |cause: String| Err(Failure { context: "find a container around it", cause });
        if let Some(name) = OPEN.into_iter().find(|name| std::env::var_os(name).is_some()) {
            return refuse(format!("the engine opens itself to programs ({name} is set)"));
        }
        if std::process::id() != 1 {
            return refuse("it is not PID 1, so that to kill all processes would kill others'".to_owned());
        }
        let others = tree::others().doing("read /proc")?;
        if !others.is_empty() {
            return refuse(format!("there are other processes: {others:?}"));
        }
        for folder in FOLDERS {
            if !is_in_memory(folder) {
                return refuse(format!("{folder} is no file system in memory"));
            }
        }
        for file in [ANSWER, ARTIFACT] {
            if !is_plain(file) {
                return refuse(format!("{file} is no plain file that can be written"));
            }
        }
        let has = rustix::thread::capabilities(None).doing("capget")?.effective;
        let uid = if rustix::process::geteuid().is_root() {
            let needed = CapabilitySet::SETUID | CapabilitySet::SETGID | CapabilitySet::KILL;
            if !has.contains(needed) {
                return refuse("it is root and may not become another user".to_owned());
            }
            if job.uid == 0 {
                return refuse("the job wants programs to be root".to_owned());
            }
            Some(job.uid)
        } else {
            None
        };
        let further = FURTHER.into_iter().filter(|folder| Path::new(folder).is_dir());
        let folders: Vec<_> = FOLDERS.into_iter().filter(|folder| *folder != "/code").chain(further).collect();
        Ok(Self {
            uid,
            can_bound: has.contains(CapabilitySet::SETPCAP),
            landlock: sys::landlock_version() > 0,
            in_memory: in_memory(&folders),
            folders,
        })
    }

    /// What of the wall depends on it.
    pub fn wall(&self) -> Wall {
        Wall { other_user: self.uid.is_some(), landlock: self.landlock }
    }
}

/// Each file system once.
fn in_memory(folders: &[&'static str]) -> Vec<&'static str> {
    let mut devices = Vec::new();
    let mut found = Vec::new();
    for folder in folders.iter().copied().filter(|folder| is_in_memory(folder)) {
        let device = rustix::fs::stat(folder).ok().map(|stat| stat.st_dev);
        if !devices.contains(&device) {
            devices.push(device);
            found.push(folder);
        }
    }
    found
}

/// Is what is written there bounded, and gone with the container?
pub fn is_in_memory(folder: &str) -> bool {
    rustix::fs::statfs(folder).is_ok_and(|stat| stat.f_type == TMPFS_MAGIC)
}

/// Neither a link nor anything else that opening could lead elsewhere.
fn is_plain(file: &str) -> bool {
    let opened =
        rustix::fs::open(file, OFlags::RDWR | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty());
    let stat = opened.and_then(rustix::fs::fstat);
    stat.is_ok_and(|stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile)
}
