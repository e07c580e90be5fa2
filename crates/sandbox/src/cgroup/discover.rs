//! Which cgroup hierarchies this host offers, and the two operations on our part of them.

use std::path::{Path, PathBuf};

use super::v1::{self, Mounts};
use super::{CONTROLLERS, make_directory, read, remove_tree, v2};
use crate::error::{SandboxError, Step};

/// Where boxes are limited and counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hierarchy {
    /// One mount per controller.
    V1(Mounts),
    /// The one unified mount.
    V2(PathBuf),
}

impl Hierarchy {
    /// Reads the mount table and picks v2 where it has all controllers, else v1.
    ///
    /// # Errors
    /// Names the controllers that neither offers.
    pub fn discover() -> Result<Self, SandboxError> {
        Self::from_mounts(&read(Path::new("/proc/self/mountinfo"))?, is_cgroup_folder)
    }

    /// `is_visible` tells a mount that is where the table says from one that another mount covers.
    fn from_mounts(mountinfo: &str, is_visible: impl Fn(&Path) -> bool) -> Result<Self, SandboxError> {
        let mounts = mountinfo.lines().filter_map(Mount::parse);
        let mounts: Vec<Mount> = mounts.filter(|mount| mount.is_cgroup() && is_visible(&mount.path)).collect();
        let unified = mounts.iter().find(|mount| mount.kind == "cgroup2");
        if let Some(mount) = unified
            && missing_in_v2(&mount.path).is_empty()
        {
            return Ok(Self::V2(mount.path.clone()));
        }
        let find = |controller: &str| {
            let mount = mounts.iter().find(|mount| mount.kind == "cgroup" && mount.has(controller));
            mount.map(|mount| mount.path.clone()).ok_or_else(|| controller.to_owned())
        };
        match (find("cpu"), find("cpuacct"), find("memory"), find("pids"), find("freezer")) {
            (Ok(cpu), Ok(cpuacct), Ok(memory), Ok(pids), Ok(freezer)) => {
                Ok(Self::V1(Mounts { cpu, cpuacct, memory, pids, freezer }))
            }
            (cpu, cpuacct, memory, pids, freezer) => {
                let missing: Vec<String> =
                    [cpu, cpuacct, memory, pids, freezer].into_iter().filter_map(Result::err).collect();
                Err(SandboxError::new(
                    Step::Cgroup,
                    "/proc/self/mountinfo",
                    format!("no cgroup hierarchy with the controllers {}", missing.join(", ")),
                ))
            }
        }
    }

    /// For people.
    pub fn describe(&self) -> String {
        match self {
            Self::V1(mounts) => format!("v1, memory at {}", mounts.memory.display()),
            Self::V2(mount) => format!("v2 at {}", mount.display()),
        }
    }

    /// Makes the directory under which all boxes of `instance` live.
    pub fn create_instance(&self, instance: &str) -> Result<(), SandboxError> {
        match self {
            // The other hierarchies get theirs with the first box.
            Self::V1(mounts) => v1::weigh_instance(&mounts.cpu.join(instance)),
            Self::V2(mount) => {
                v2::enable_controllers_moving_processes(mount)?;
                let directory = mount.join(instance);
                make_directory(&directory)?;
                v2::enable_controllers(&directory)?;
                v2::weigh_instance(&directory)
            }
        }
    }

    /// Removes everything of `instance`: what a crash has left, or what we leave at the end.
    pub fn remove_instance(&self, instance: &str) -> Result<(), SandboxError> {
        let mounts = match self {
            Self::V1(mounts) => mounts.all(),
            Self::V2(mount) => vec![mount.as_path()],
        };
        mounts.into_iter().try_for_each(|mount| remove_tree(&mount.join(instance)))
    }
}

/// Is this folder the kernel's, and not an ordinary one of the same name? (statfs(2); the numbers
/// are CGROUP_SUPER_MAGIC and CGROUP2_SUPER_MAGIC of linux/magic.h)
fn is_cgroup_folder(path: &Path) -> bool {
    rustix::fs::statfs(path).is_ok_and(|stat| [0x0027_e0eb, 0x6367_7270].contains(&stat.f_type))
}

fn missing_in_v2(mount: &Path) -> Vec<&'static str> {
    let offered = read(&mount.join("cgroup.controllers")).unwrap_or_default();
    CONTROLLERS.into_iter().filter(|name| !offered.split_whitespace().any(|other| other == *name)).collect()
}

/// The parts of a mountinfo line that matter here (proc_pid_mountinfo(5)).
struct Mount {
    path: PathBuf,
    kind: String,
    super_options: String,
}

impl Mount {
    fn parse(line: &str) -> Option<Self> {
        let (left, right) = line.split_once(" - ")?;
        let path = left.split(' ').nth(4)?;
        let mut right = right.split(' ');
        let kind = right.next()?.to_owned();
        let super_options = right.nth(1)?.to_owned();
        Some(Self { path: PathBuf::from(path), kind, super_options })
    }

    fn is_cgroup(&self) -> bool {
        self.kind == "cgroup" || self.kind == "cgroup2"
    }

    fn has(&self, controller: &str) -> bool {
        self.super_options.split(',').any(|option| option == controller)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPLIT: &str = "\
31 24 0:27 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
32 24 0:28 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
33 24 0:29 / /sys/fs/cgroup/pids rw,relatime shared:7 - cgroup cgroup rw,pids
34 24 0:30 / /sys/fs/cgroup/freezer rw,relatime - cgroup cgroup rw,freezer
";

    #[test]
    fn v1_hierarchies_are_found_by_their_controllers() {
        let Ok(Hierarchy::V1(mounts)) = Hierarchy::from_mounts(SPLIT, |_| true) else { panic!("not v1") };
        assert_eq!(mounts.cpu, mounts.cpuacct);
        assert_eq!(mounts.pids, Path::new("/sys/fs/cgroup/pids"));
        assert_eq!(mounts.all().len(), 4);
    }

    #[test]
    fn a_missing_controller_is_named() {
        let without = SPLIT.replace("rw,memory", "rw,hugetlb");
        let error = Hierarchy::from_mounts(&without, |_| true).expect_err("memory is missing").to_string();
        assert!(error.contains("controllers memory"), "{error}");
    }

    #[test]
    fn a_hierarchy_that_is_covered_by_another_mount_is_missing() {
        let covered = |path: &Path| !path.ends_with("pids");
        let error = Hierarchy::from_mounts(SPLIT, covered).expect_err("pids is covered").to_string();
        assert!(error.contains("controllers pids"), "{error}");
    }
}
