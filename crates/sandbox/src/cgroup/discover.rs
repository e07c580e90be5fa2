//! Which cgroup hierarchies this host offers, which part of them is ours, and the two operations on it.
//!
//! Ours is the root of a hierarchy where we may write there (root of the host), and else the cgroup this process was
//! started in, where that was delegated to us: by systemd (`Delegate=yes`), by a container, or by an administrator who
//! made a directory and gave it away.

use std::path::{Path, PathBuf};

use super::v1::{self, Mounts};
use super::{CONTROLLERS, make_directory, read, remove_tree, v2};
use crate::error::{SandboxError, Step};

/// Where boxes are limited and counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hierarchy {
    /// One directory per controller.
    V1(Mounts),
    /// The one in the unified tree.
    V2(PathBuf),
}

/// How to get cgroups, for whoever started this process.
pub fn how_to_get_one() -> String {
    let user = rustix::process::getuid().as_raw();
    format!(
        "cgroup v2 with the controllers {}, or v1 with cpu, cpuacct, memory, pids and freezer, has to be mounted at \
         /sys/fs/cgroup, and a part of it be ours to write: start as root; or, under systemd, `systemd-run --user --scope \
         -p Delegate=yes code-runner serve`; or have root make and give away a directory in each hierarchy and start in it \
         (`mkdir DIR; chown -R USER DIR; echo PID > DIR/cgroup.procs`, docs/unprivileged.md); in a container, make them writable \
         (`--security-opt writable-cgroups=true`, or `--cgroupns=private -v /sys/fs/cgroup:/sys/fs/cgroup:rw`); this process \
         is uid {user}",
        CONTROLLERS.join(", ")
    )
}

impl Hierarchy {
    /// Reads the mount table and picks v2 where it has all controllers, else v1.
    ///
    /// # Errors
    /// Names the controllers that neither offers.
    pub fn discover() -> Result<Self, SandboxError> {
        let (mountinfo, own) = (read(Path::new("/proc/self/mountinfo"))?, read(Path::new("/proc/self/cgroup"))?);
        match Self::from_mounts(&mountinfo, is_cgroup_folder)? {
            Self::V2(mount) => {
                let ours = our_part(&mount, &own, "")?;
                let missing = missing_in_v2(&ours);
                if missing.is_empty() {
                    return Ok(Self::V2(ours));
                }
                let cause = format!("the controllers {} are not handed down", missing.join(", "));
                Err(SandboxError::new(Step::Cgroup, ours.display().to_string(), cause))
            }
            Self::V1(Mounts { cpu, cpuacct, memory, pids, freezer }) => Ok(Self::V1(Mounts {
                cpu: our_part(&cpu, &own, "cpu")?,
                cpuacct: our_part(&cpuacct, &own, "cpuacct")?,
                memory: our_part(&memory, &own, "memory")?,
                pids: our_part(&pids, &own, "pids")?,
                freezer: our_part(&freezer, &own, "freezer")?,
            })),
        }
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

/// The root of the hierarchy if we may write there, else the directory this process is in. `own` is
/// `/proc/self/cgroup` (cgroups(7)); `controller` is empty for v2.
fn our_part(mount: &Path, own: &str, controller: &str) -> Result<PathBuf, SandboxError> {
    if may_write(mount) {
        return Ok(mount.to_owned());
    }
    let path = own_path(own, controller).unwrap_or("/");
    let ours = mount.join(path.trim_start_matches('/'));
    if is_cgroup_folder(&ours) && may_write(&ours) && may_write(&ours.join("cgroup.procs")) {
        return Ok(ours);
    }
    let cause = format!("neither it nor this process's own {path} can be written");
    Err(SandboxError::new(Step::Cgroup, mount.display().to_string(), cause))
}

/// The path in the hierarchy of this controller.
fn own_path<'a>(own: &'a str, controller: &str) -> Option<&'a str> {
    own.lines().find_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        controllers.split(',').any(|name| name == controller).then_some(path)
    })
}

fn may_write(path: &Path) -> bool {
    rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok()
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
    fn the_own_cgroup_is_found_by_its_controller() {
        let own = "6:pids:/user/1\n5:cpu,cpuacct:/user/2\n0::/user.slice/session-1.scope\n";
        assert_eq!(own_path(own, "cpuacct"), Some("/user/2"));
        assert_eq!(own_path(own, "pids"), Some("/user/1"));
        assert_eq!(own_path(own, ""), Some("/user.slice/session-1.scope"));
        assert_eq!(own_path(own, "memory"), None);
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
