//! cgroup v1: one directory in each hierarchy, most of them kept for the next box. Names of files: the kernel's
//! Documentation/admin-guide/cgroup-v1.

use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::event::EventfdFlags;

use super::{
    CgroupLimits, Counter, Counters, HOST_WEIGHTS, Place, make_directory, open_entrance, remove_tree, write,
    write_if_present,
};
use crate::error::{At, SandboxError, Step};

/// The file by which a thread enters.
const ENTRANCE: &str = "tasks";

/// Where each hierarchy is mounted. Two may be one and the same, as `cpu,cpuacct` often are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mounts {
    pub cpu: PathBuf,
    pub cpuacct: PathBuf,
    pub memory: PathBuf,
    pub pids: PathBuf,
    pub freezer: PathBuf,
}

impl Mounts {
    /// All of them, each once.
    pub fn all(&self) -> Vec<&Path> {
        let Self { cpu, cpuacct, memory, pids, freezer } = self;
        let mut unique: Vec<&Path> = [cpu, cpuacct, memory, pids, freezer].map(PathBuf::as_path).to_vec();
        unique.sort();
        unique.dedup();
        unique
    }

    /// Has memory a hierarchy of its own?
    pub fn memory_is_apart(&self) -> bool {
        let Self { cpu, cpuacct, memory, pids, freezer } = self;
        ![cpu, cpuacct, pids, freezer].contains(&memory)
    }
}

/// Gives all boxes together their weight; an ordinary group has 1024.
pub fn weigh_instance(cpu: &Path) -> Result<(), SandboxError> {
    make_directory(cpu)?;
    write(&cpu.join("cpu.shares"), &(1024 * HOST_WEIGHTS).to_string())
}

/// The directories of a box, at the places below. That of memory is its alone; the others are called like its slot if they
/// can be kept.
pub fn directories(mounts: &Mounts, place: &Place<'_>) -> Vec<PathBuf> {
    let Mounts { cpu, cpuacct, memory, pids, freezer } = mounts;
    let of_slot = if place.keeps() { place.slot.to_string() } else { place.of_box() };
    let beneath = |mount: &PathBuf, name: String| mount.join(place.instance).join(name);
    let others = [pids, cpu, cpuacct, freezer].map(|mount| beneath(mount, of_slot.clone()));
    std::iter::once(beneath(memory, place.of_box())).chain(others).collect()
}

/// Entered first.
const MEMORY: usize = 0;
/// Entered before the rest of what is kept: where it is empty, so are they.
const PIDS: usize = 1;
const CPUACCT: usize = 3;

/// The cgroups of one box.
#[derive(Debug)]
pub struct Group {
    /// `memory.oom_control`.
    control: Counter,
    /// The entrance of its memory, and those of what is kept.
    entrances: Vec<OwnedFd>,
    /// Without its entrances.
    kept: Kept,
    /// What was counted when the box was made.
    cpu_before: Duration,
}

/// The directories of a slot that have no memory of what was in them, open: one box after the other is in them. How many
/// tasks there are, and whether they are frozen, ends with the tasks. CPU time counts on, so that a box has what is more
/// than before. The peak of memory and what the kernel leaves charged can not be taken back, and so that directory is
/// made for each box.
#[derive(Debug)]
pub struct Kept {
    entrances: Vec<OwnedFd>,
    /// `pids.current`.
    current: Counter,
    /// `cpuacct.usage`.
    usage: Counter,
    /// What `pids.max` says, if that is known.
    tasks: Option<u32>,
}

impl Group {
    /// Makes the directories that are not there, and writes the limits.
    pub fn create(directories: &[PathBuf], limits: CgroupLimits, kept: Option<Kept>) -> Result<Self, SandboxError> {
        let CgroupLimits { memory_bytes, tasks } = limits;
        let mut kept = kept.map_or_else(|| Kept::make(directories), Ok)?;
        kept.limit(&directories[PIDS], tasks)?;
        let memory = &directories[MEMORY];
        make_directory(memory)?;
        write(&memory.join("memory.limit_in_bytes"), &memory_bytes.to_string())?;
        // Memory and swap together: absent where the kernel does not count swap, and then nothing of the
        // box may be swapped.
        write_if_present(&memory.join("memory.memsw.limit_in_bytes"), &memory_bytes.to_string())?;
        write_if_present(&memory.join("memory.swappiness"), "0")?;
        let mut entrances = vec![open_entrance(memory, ENTRANCE)?];
        entrances.append(&mut kept.entrances);
        let control = Counter::open(memory.join("memory.oom_control"))?;
        let cpu_before = kept.cpu_time()?;
        Ok(Self { control, entrances, kept, cpu_before })
    }

    /// As for [`super::BoxCgroup::entrances`].
    pub fn entrances(&self) -> &[OwnedFd] {
        &self.entrances
    }

    /// The kernel kills one task, not the box; whoever watches this event kills the rest.
    pub fn out_of_memory_event(&self, memory: &Path) -> Result<OwnedFd, SandboxError> {
        let event = rustix::event::eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)
            .at(Step::Cgroup, || "eventfd".to_owned())?;
        let registration = format!("{} {}", event.as_raw_fd(), self.control.file.as_raw_fd());
        write(&memory.join("cgroup.event_control"), &registration)?;
        Ok(event)
    }

    /// Of this box.
    pub fn cpu_time(&self) -> Result<Duration, SandboxError> {
        Ok(self.kept.cpu_time()?.saturating_sub(self.cpu_before))
    }

    /// Of this box.
    pub fn counters(&self, memory: &Path) -> Result<Counters, SandboxError> {
        Ok(Counters {
            cpu_time: self.cpu_time()?,
            memory_bytes: Counter::open(memory.join("memory.max_usage_in_bytes"))?.number()?,
            oom_kills: self.control.key("oom_kill")?,
        })
    }

    /// What the next box can have, once nobody is in the memory of this one. `None` if that is not known to be empty.
    pub fn keep(self) -> Option<Kept> {
        let Self { control: _, mut entrances, mut kept, cpu_before: _ } = self;
        kept.entrances = entrances.split_off(1);
        kept.current.number().is_ok_and(|tasks| tasks == 0).then_some(kept)
    }
}

impl Kept {
    fn make(directories: &[PathBuf]) -> Result<Self, SandboxError> {
        let others = &directories[PIDS..];
        let mut known: Vec<&PathBuf> = Vec::new();
        for directory in others {
            if !known.contains(&directory) {
                make_new_directory(directory)?;
                known.push(directory);
            }
        }
        Ok(Self {
            entrances: known
                .into_iter()
                .map(|directory| open_entrance(directory, ENTRANCE))
                .collect::<Result<_, _>>()?,
            current: Counter::open(directories[PIDS].join("pids.current"))?,
            usage: Counter::open(directories[CPUACCT].join("cpuacct.usage"))?,
            tasks: None,
        })
    }

    fn limit(&mut self, pids: &Path, tasks: u32) -> Result<(), SandboxError> {
        if self.tasks.replace(tasks) != Some(tasks) {
            // If that fails nothing is kept.
            write(&pids.join("pids.max"), &tasks.to_string())?;
        }
        Ok(())
    }

    /// Of all boxes there were.
    fn cpu_time(&self) -> Result<Duration, SandboxError> {
        self.usage.number().map(Duration::from_nanos)
    }
}

/// Makes a directory in which nobody has been. What has this name already is removed first: nobody knows its state.
fn make_new_directory(path: &Path) -> Result<(), SandboxError> {
    let made = match std::fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return make_directory(path),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            remove_tree(path)?;
            std::fs::create_dir(path)
        }
        made => made,
    };
    made.at(Step::Cgroup, || format!("mkdir({})", path.display()))
}
