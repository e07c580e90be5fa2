//! Limits and counters of a whole box, on cgroup v2 and v1 alike.
//!
//! A box has one directory in the v2 tree, or one in each v1 hierarchy it needs. Which of the two
//! this host offers is found once ([`Hierarchy::discover`]); the differences end in this module.
//!
//! Boxes share the processors by weight: each has the same, however many threads it starts, and all
//! of them together have [`HOST_WEIGHTS`] times that of an ordinary group of the host. There is no
//! bandwidth quota (`cpu.cfs_quota_us`, `cpu.max`): it would only make a program's time on the clock
//! depend on the scheduler's periods.

mod discover;
mod v1;
mod v2;

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

pub use discover::{Hierarchy, how_to_get_one};

use crate::error::{At, SandboxError, Step};

/// The controllers every box needs, by their v2 names. The first counts time and makes boxes equal,
/// however many threads each has; v1 has `cpuacct` and `cpu` for that.
pub const CONTROLLERS: [&str; 3] = ["cpu", "memory", "pids"];

/// The weight of all boxes together, in weights of an ordinary group. The clock of a student's program
/// is running while the server's and others' is not. Measured under Linux 6.18: with weight 1 and many
/// clients polling, a runnable program waited up to 20 s for a processor and hit its wall limit; with
/// weight 10 it never did.
const HOST_WEIGHTS: u64 = 10;

/// How long killed tasks may take to leave their cgroup. It takes microseconds, unless the kernel is
/// busy giving back much memory.
const REMOVAL_TIME: Duration = Duration::from_secs(5);

/// What the kernel holds the whole box to.
#[derive(Debug, Clone, Copy)]
pub struct CgroupLimits {
    /// Swap included.
    pub memory_bytes: u64,
    /// Tasks, PID 1 of the box included.
    pub tasks: u32,
}

/// What the kernel counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// User and system time of every task that ever was in the box.
    pub cpu_time: Duration,
    /// The peak.
    pub memory_bytes: u64,
    /// How often the kernel killed a task for want of memory.
    pub oom_kills: u64,
}

/// The cgroup of one box.
#[derive(Debug)]
pub struct BoxCgroup {
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    V1(v1::Directories),
    V2(PathBuf),
}

impl BoxCgroup {
    /// Makes the cgroup `name` of `instance` and writes its limits.
    pub fn create(
        hierarchy: &Hierarchy,
        instance: &str,
        name: &str,
        limits: CgroupLimits,
    ) -> Result<Self, SandboxError> {
        let kind = match hierarchy {
            Hierarchy::V1(mounts) => Kind::V1(v1::Directories::new(mounts, instance, name)),
            Hierarchy::V2(mount) => Kind::V2(mount.join(instance).join(name)),
        };
        let made = match &kind {
            Kind::V1(directories) => v1::create(directories, limits),
            Kind::V2(directory) => v2::create(directory, limits),
        };
        let cgroup = Self { kind };
        match made {
            Ok(()) => Ok(cgroup),
            // A box that could not be limited is not made; what was made of it goes.
            Err(error) => cgroup.remove().and(Err(error)),
        }
    }

    /// The files into which a process of one thread writes `0` to enter.
    ///
    /// In v1 that is `tasks`: a thread that moves itself alone needs no lock, where `cgroup.procs` waits
    /// for a grace period of RCU (`cgroup_procs_write_start` of the kernel's cgroup.c).
    pub fn entrances(&self) -> Vec<PathBuf> {
        let file = match &self.kind {
            Kind::V1(_) => "tasks",
            Kind::V2(_) => "cgroup.procs",
        };
        self.directories().iter().map(|directory| directory.join(file)).collect()
    }

    /// Becomes readable when the box has run out of memory, where the kernel does not kill the whole
    /// box by itself (v1).
    pub fn out_of_memory_event(&self) -> Result<Option<std::os::fd::OwnedFd>, SandboxError> {
        match &self.kind {
            Kind::V1(directories) => v1::out_of_memory_event(directories).map(Some),
            Kind::V2(_) => Ok(None),
        }
    }

    /// CPU time so far.
    pub fn cpu_time(&self) -> Result<Duration, SandboxError> {
        match &self.kind {
            Kind::V1(directories) => v1::cpu_time(directories),
            Kind::V2(directory) => v2::cpu_time(directory),
        }
    }

    /// All counters.
    pub fn counters(&self) -> Result<Counters, SandboxError> {
        match &self.kind {
            Kind::V1(directories) => v1::counters(directories),
            Kind::V2(directory) => v2::counters(directory),
        }
    }

    /// Kills what is left, and removes the directories. After this no task of the box exists. One that can not be
    /// removed does not keep the others.
    pub fn remove(self) -> Result<(), SandboxError> {
        let removed: Vec<_> = self.directories().into_iter().map(remove_tree).collect();
        removed.into_iter().collect()
    }

    fn directories(&self) -> Vec<&Path> {
        match &self.kind {
            Kind::V1(directories) => directories.all(),
            Kind::V2(directory) => vec![directory],
        }
    }
}

/// Removes a cgroup of ours with everything in and below it. Most have nothing, and then that is one call.
pub fn remove_tree(directory: &Path) -> Result<(), SandboxError> {
    let deadline = Instant::now() + REMOVAL_TIME;
    loop {
        match std::fs::remove_dir(directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            // A killed task leaves its cgroup a moment after it is dead.
            Err(error) if is_occupied(&error) && Instant::now() < deadline => {
                remove_below(directory)?;
                kill_members(directory)?;
                rustix::thread::sched_yield();
            }
            other => return other.at(Step::Teardown, || format!("rmdir({})", directory.display())),
        }
    }
}

/// How `rmdir` says that there is something in or below a cgroup, or in an ordinary folder.
fn is_occupied(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ResourceBusy | io::ErrorKind::DirectoryNotEmpty)
}

fn remove_below(directory: &Path) -> Result<(), SandboxError> {
    let describe = || format!("read_dir({})", directory.display());
    for entry in std::fs::read_dir(directory).at(Step::Teardown, describe)? {
        let entry = entry.at(Step::Teardown, describe)?;
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_tree(&entry.path())?;
        }
    }
    Ok(())
}

/// Kills every task of this cgroup, also one that forks faster than it can be listed: v2 has a file
/// for that; in v1 the tasks are frozen first where the hierarchy can do so.
fn kill_members(directory: &Path) -> Result<(), SandboxError> {
    if write(&directory.join("cgroup.kill"), "1").is_ok() {
        return Ok(());
    }
    let freezer = directory.join("freezer.state");
    let frozen = write(&freezer, "FROZEN").is_ok();
    let members = read(&directory.join("cgroup.procs"))?;
    for pid in members.lines().filter_map(|line| line.parse().ok()).filter_map(Pid::from_raw) {
        // A task that ended meanwhile is what we want.
        let _ = rustix::process::kill_process(pid, Signal::KILL);
    }
    if frozen {
        write(&freezer, "THAWED")?;
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, SandboxError> {
    std::fs::read_to_string(path).at(Step::Cgroup, || format!("read({})", path.display()))
}

/// Writes a file of the kernel's. Never makes one: a limit written to an ordinary file limits
/// nothing.
pub fn write(path: &Path, value: &str) -> Result<(), SandboxError> {
    let file = std::fs::OpenOptions::new().write(true).open(path);
    file.and_then(|mut file| file.write_all(value.as_bytes()))
        .at(Step::Cgroup, || format!("write({}, {value:?})", path.display()))
}

/// Writes a limit that not every kernel has; where it is absent there is nothing to limit.
fn write_if_present(path: &Path, value: &str) -> Result<(), SandboxError> {
    let exists = path.try_exists().at(Step::Cgroup, || format!("stat({})", path.display()))?;
    if exists { write(path, value) } else { Ok(()) }
}

fn read_number(path: &Path) -> Result<u64, SandboxError> {
    let text = read(path)?;
    text.trim().parse().map_err(|_| SandboxError::new(Step::Cgroup, path.display().to_string(), "not a number"))
}

/// The value of `key` in a file of `key value` lines. A counter that is not there is an error: taken
/// for 0 it would let every program through.
fn read_key(path: &Path, key: &str) -> Result<u64, SandboxError> {
    let text = read(path)?;
    let value = text.lines().filter_map(|line| line.split_once(' ')).find(|(name, _)| *name == key);
    value.and_then(|(_, value)| value.trim().parse().ok()).ok_or_else(|| {
        SandboxError::new(Step::Cgroup, path.display().to_string(), format!("has no number for `{key}`"))
    })
}

fn make_directory(path: &Path) -> Result<(), SandboxError> {
    std::fs::create_dir_all(path).at(Step::Cgroup, || format!("mkdir({})", path.display()))
}

#[cfg(test)]
mod tests {
    use std::process::{Child, Command, Stdio};

    use super::*;

    /// A process that ends when it is killed.
    fn process() -> Child {
        Command::new("cat").stdin(Stdio::piped()).stdout(Stdio::null()).spawn().expect("cat is there")
    }

    #[test]
    fn a_cgroup_is_removed_with_what_is_below_it_and_with_all_processes() {
        let place = match Hierarchy::discover().expect("there are cgroups") {
            Hierarchy::V1(mounts) => mounts.pids,
            Hierarchy::V2(mount) => mount,
        };
        let outer = place.join(format!("sandbox-test-{}", std::process::id()));
        let inner = outer.join("one/two");
        make_directory(&inner).expect("can be made");
        make_directory(&outer.join("three")).expect("can be made");
        let mut member = process();
        write(&inner.join("cgroup.procs"), &member.id().to_string()).expect("can enter");
        remove_tree(&outer).expect("can be removed");
        assert!(!outer.exists());
        assert!(!member.wait().expect("a status").success(), "it was killed");
        remove_tree(&outer).expect("it is gone already");
    }

    #[test]
    fn an_ordinary_folder_is_never_taken_for_a_cgroup_and_nothing_is_left_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let limits = CgroupLimits { memory_bytes: 1 << 20, tasks: 2 };
        let hierarchy = Hierarchy::V2(folder.path().to_owned());
        let error =
            BoxCgroup::create(&hierarchy, "code-runner-0", "0-1", limits).expect_err("there is no limit to write");
        assert!(error.to_string().contains("memory.max"), "{error}");
        assert!(!folder.path().join("code-runner-0/0-1").exists());
    }
}
