//! cgroup v1: one directory in each hierarchy. Names of files: the kernel's
//! Documentation/admin-guide/cgroup-v1.

use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::event::EventfdFlags;

use super::{CgroupLimits, Counters, HOST_WEIGHTS, make_directory, read_key, read_number, write, write_if_present};
use crate::error::{At, SandboxError, Step};

/// Where each hierarchy is mounted. Two may be one and the same, as `cpu,cpuacct` often are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mounts {
    pub cpu: PathBuf,
    pub cpuacct: PathBuf,
    pub memory: PathBuf,
    pub pids: PathBuf,
    pub freezer: PathBuf,
}

/// One box's directory in each of them.
#[derive(Debug)]
pub struct Directories {
    cpu: PathBuf,
    cpuacct: PathBuf,
    memory: PathBuf,
    pids: PathBuf,
    freezer: PathBuf,
}

impl Mounts {
    /// All of them, each once.
    pub fn all(&self) -> Vec<&Path> {
        let Self { cpu, cpuacct, memory, pids, freezer } = self;
        each_once([cpu, cpuacct, memory, pids, freezer])
    }
}

impl Directories {
    /// All of them, each once.
    pub fn all(&self) -> Vec<&Path> {
        let Self { cpu, cpuacct, memory, pids, freezer } = self;
        each_once([cpu, cpuacct, memory, pids, freezer])
    }
}

fn each_once(paths: [&PathBuf; 5]) -> Vec<&Path> {
    let mut unique: Vec<&Path> = paths.into_iter().map(PathBuf::as_path).collect();
    unique.sort();
    unique.dedup();
    unique
}

/// Gives all boxes together their weight; an ordinary group has 1024.
pub fn weigh_instance(cpu: &Path) -> Result<(), SandboxError> {
    make_directory(cpu)?;
    write(&cpu.join("cpu.shares"), &(1024 * HOST_WEIGHTS).to_string())
}

impl Directories {
    /// Where the box `name` of `instance` is to be. Makes nothing.
    pub fn new(mounts: &Mounts, instance: &str, name: &str) -> Self {
        let beneath = |mount: &Path| mount.join(instance).join(name);
        Self {
            cpu: beneath(&mounts.cpu),
            cpuacct: beneath(&mounts.cpuacct),
            memory: beneath(&mounts.memory),
            pids: beneath(&mounts.pids),
            freezer: beneath(&mounts.freezer),
        }
    }
}

/// Makes the directories and writes the limits.
pub fn create(directories: &Directories, limits: CgroupLimits) -> Result<(), SandboxError> {
    let CgroupLimits { memory_bytes, tasks } = limits;
    directories.all().into_iter().try_for_each(make_directory)?;
    let Directories { cpu: _, cpuacct: _, memory, pids, freezer: _ } = directories;
    write(&memory.join("memory.limit_in_bytes"), &memory_bytes.to_string())?;
    // Memory and swap together: absent where the kernel does not count swap, and then nothing of the
    // box may be swapped.
    write_if_present(&memory.join("memory.memsw.limit_in_bytes"), &memory_bytes.to_string())?;
    write_if_present(&memory.join("memory.swappiness"), "0")?;
    write(&pids.join("pids.max"), &tasks.to_string())
}

/// The kernel kills one task, not the box; whoever watches this event kills the rest.
pub fn out_of_memory_event(directories: &Directories) -> Result<OwnedFd, SandboxError> {
    let event = rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)
        .at(Step::Cgroup, || "eventfd".to_owned())?;
    let path = directories.memory.join("memory.oom_control");
    let control = std::fs::File::open(&path).at(Step::Cgroup, || format!("open({})", path.display()))?;
    let registration = format!("{} {}", event.as_raw_fd(), control.as_raw_fd());
    write(&directories.memory.join("cgroup.event_control"), &registration)?;
    Ok(event)
}

pub fn cpu_time(directories: &Directories) -> Result<Duration, SandboxError> {
    read_number(&directories.cpuacct.join("cpuacct.usage")).map(Duration::from_nanos)
}

pub fn counters(directories: &Directories) -> Result<Counters, SandboxError> {
    Ok(Counters {
        cpu_time: cpu_time(directories)?,
        memory_bytes: read_number(&directories.memory.join("memory.max_usage_in_bytes"))?,
        oom_kills: read_key(&directories.memory.join("memory.oom_control"), "oom_kill")?,
    })
}
