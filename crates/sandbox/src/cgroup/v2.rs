//! cgroup v2: one directory. Names of files: the kernel's Documentation/admin-guide/cgroup-v2.rst.

use std::os::fd::OwnedFd;
use std::path::Path;
use std::time::Duration;

use super::{
    CONTROLLERS, CgroupLimits, Counter, Counters, HOST_WEIGHTS, make_directory, open_entrance, read, write,
    write_if_present,
};
use crate::error::SandboxError;

/// Lets the children of `directory` be limited. All controllers at once: one that counts threads, enabled first where
/// processes are, would turn the cgroup into a threaded one, in which the others can not be had any more.
pub fn enable_controllers(directory: &Path) -> Result<(), SandboxError> {
    let control = directory.join("cgroup.subtree_control");
    let enabled = read(&control)?;
    let missing = CONTROLLERS.into_iter().filter(|name| !enabled.split_whitespace().any(|other| other == *name));
    let missing: Vec<String> = missing.map(|name| format!("+{name}")).collect();
    if missing.is_empty() { Ok(()) } else { write(&control, &missing.join(" ")) }
}

/// Makes room for the first processes: a cgroup whose children are limited may hold none itself
/// (unless it is the real root), so what runs there moves one level down.
pub fn enable_controllers_moving_processes(directory: &Path) -> Result<(), SandboxError> {
    if enable_controllers(directory).is_ok() {
        return Ok(());
    }
    let aside = directory.join("code-runner-host");
    make_directory(&aside)?;
    for pid in read(&directory.join("cgroup.procs"))?.lines() {
        // A process that ended meanwhile, or a kernel thread, stays where it is.
        let _ = write(&aside.join("cgroup.procs"), pid);
    }
    enable_controllers(directory)
}

/// Gives all boxes together their weight; an ordinary group has 100.
pub fn weigh_instance(directory: &Path) -> Result<(), SandboxError> {
    write(&directory.join("cpu.weight"), &(100 * HOST_WEIGHTS).to_string())
}

/// Makes the directory and writes the limits: its entrance.
pub fn create(directory: &Path, limits: CgroupLimits) -> Result<OwnedFd, SandboxError> {
    let CgroupLimits { memory_bytes, tasks } = limits;
    make_directory(directory)?;
    write(&directory.join("memory.max"), &memory_bytes.to_string())?;
    write_if_present(&directory.join("memory.swap.max"), "0")?;
    // One task out of memory means the whole box is killed.
    write(&directory.join("memory.oom.group"), "1")?;
    write(&directory.join("pids.max"), &tasks.to_string())?;
    open_entrance(directory, "cgroup.procs")
}

pub fn cpu_time(directory: &Path) -> Result<Duration, SandboxError> {
    Counter::open(directory.join("cpu.stat"))?.key("usage_usec").map(Duration::from_micros)
}

pub fn counters(directory: &Path) -> Result<Counters, SandboxError> {
    Ok(Counters {
        cpu_time: cpu_time(directory)?,
        memory_bytes: Counter::open(directory.join("memory.peak"))?.number()?,
        oom_kills: Counter::open(directory.join("memory.events"))?.key("oom_kill")?,
    })
}
