//! Limits and counters of a whole box, on cgroup v2 and v1 alike.
//!
//! A box has one directory in the v2 tree, or one in each v1 hierarchy it needs, of which all but that of memory are
//! its slot's and serve the next box, too ([`Kept`]). Which of the two this host offers is found once
//! ([`Hierarchy::discover`]); the differences end in this module.
//!
//! Boxes share the processors by weight: each has the same, however many threads it starts, and all
//! of them together have [`HOST_WEIGHTS`] times that of an ordinary group of the host. There is no
//! bandwidth quota (`cpu.cfs_quota_us`, `cpu.max`): it would only make a program's time on the clock
//! depend on the scheduler's periods.

mod discover;
mod v1;
mod v2;

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal};

pub use discover::{Hierarchy, how_to_get_one};
pub use v1::Kept;

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

/// Which box a cgroup is for.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Where cgroups are made.
    pub hierarchy: &'a Hierarchy,
    /// The directory of all boxes of this launcher.
    pub instance: &'a str,
    /// The slot of the box.
    pub slot: u16,
    /// Its number, which no other box ever had.
    pub serial: u64,
    /// May what has no memory be kept for the next box of the slot?
    pub keeps: bool,
}

impl Place<'_> {
    /// The name of what is this box's alone.
    fn of_box(&self) -> String {
        format!("{}-{}", self.slot, self.serial)
    }

    /// Is anything kept? Not where memory is counted in the same hierarchy as something else.
    fn keeps(&self) -> bool {
        self.keeps && matches!(self.hierarchy, Hierarchy::V1(mounts) if mounts.memory_is_apart())
    }

    /// All directories of the box. The first is its alone, and is entered first.
    fn directories(&self) -> Vec<PathBuf> {
        match self.hierarchy {
            Hierarchy::V1(mounts) => v1::directories(mounts, self),
            Hierarchy::V2(mount) => vec![mount.join(self.instance).join(self.of_box())],
        }
    }
}

/// The cgroup of one box.
#[derive(Debug)]
pub struct BoxCgroup {
    directories: Vec<PathBuf>,
    keeps: bool,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    V1(v1::Group),
    V2 { entrance: OwnedFd },
}

impl BoxCgroup {
    /// Makes the cgroup of a box and writes its limits. `kept` is what the box before has left.
    pub fn create(place: Place<'_>, limits: CgroupLimits, kept: Option<Kept>) -> Result<Self, SandboxError> {
        let directories = place.directories();
        let made = match place.hierarchy {
            Hierarchy::V1(_) => v1::Group::create(&directories, limits, kept).map(Kind::V1),
            Hierarchy::V2(_) => v2::create(&directories[0], limits).map(|entrance| Kind::V2 { entrance }),
        };
        match made {
            Ok(kind) => Ok(Self { directories, keeps: place.keeps(), kind }),
            // A box that could not be limited is not made; what was made of it goes.
            Err(error) => remove_all(&directories).and(Err(error)),
        }
    }

    /// The files into which a process of one thread writes `0` to enter, in this order.
    ///
    /// In v1 that is `tasks`: a thread that moves itself alone needs no lock, where `cgroup.procs` waits
    /// for a grace period of RCU (`cgroup_procs_write_start` of the kernel's cgroup.c).
    pub fn entrances(&self) -> &[OwnedFd] {
        match &self.kind {
            Kind::V1(group) => group.entrances(),
            Kind::V2 { entrance } => std::slice::from_ref(entrance),
        }
    }

    /// Becomes readable when the box has run out of memory, where the kernel does not kill the whole
    /// box by itself (v1).
    pub fn out_of_memory_event(&self) -> Result<Option<OwnedFd>, SandboxError> {
        match &self.kind {
            Kind::V1(group) => group.out_of_memory_event(self.own()).map(Some),
            Kind::V2 { .. } => Ok(None),
        }
    }

    /// CPU time so far.
    pub fn cpu_time(&self) -> Result<Duration, SandboxError> {
        match &self.kind {
            Kind::V1(group) => group.cpu_time(),
            Kind::V2 { .. } => v2::cpu_time(self.own()),
        }
    }

    /// All counters.
    pub fn counters(&self) -> Result<Counters, SandboxError> {
        match &self.kind {
            Kind::V1(group) => group.counters(self.own()),
            Kind::V2 { .. } => v2::counters(self.own()),
        }
    }

    /// Kills what is left, and removes what is this box's alone: what the next box of the slot can have of it. After this no
    /// task of the box exists.
    pub fn release(self) -> Result<Option<Kept>, SandboxError> {
        // Who has not entered this one by now enters none: it is the first.
        let removed = remove_tree(self.own());
        let kept = match self.kind {
            Kind::V1(group) if self.keeps && removed.is_ok() => group.keep(),
            _ => None,
        };
        match kept {
            Some(kept) => Ok(Some(kept)),
            None => remove_all(&self.directories[1..]).and(removed).map(|()| None),
        }
    }

    /// Kills what is left, and removes all of it.
    pub fn remove(self) -> Result<(), SandboxError> {
        remove_all(&self.directories)
    }

    /// What is this box's alone.
    fn own(&self) -> &Path {
        &self.directories[0]
    }
}

/// One that can not be removed does not keep the others.
fn remove_all(directories: &[PathBuf]) -> Result<(), SandboxError> {
    let removed: Vec<_> = directories.iter().map(|directory| remove_tree(directory)).collect();
    removed.into_iter().collect()
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
    let file = OpenOptions::new().write(true).open(path);
    file.and_then(|mut file| file.write_all(value.as_bytes()))
        .at(Step::Cgroup, || format!("write({}, {value:?})", path.display()))
}

/// Writes a limit that not every kernel has; where it is absent there is nothing to limit.
fn write_if_present(path: &Path, value: &str) -> Result<(), SandboxError> {
    let file = match OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        opened => opened,
    };
    file.and_then(|mut file| file.write_all(value.as_bytes()))
        .at(Step::Cgroup, || format!("write({}, {value:?})", path.display()))
}

/// The file by which processes enter.
fn open_entrance(directory: &Path, name: &str) -> Result<OwnedFd, SandboxError> {
    let path = directory.join(name);
    let file = OpenOptions::new().write(true).open(&path);
    file.map(OwnedFd::from).at(Step::Cgroup, || format!("open({})", path.display()))
}

/// A short file of the kernel's, open: it says something new each time.
#[derive(Debug)]
struct Counter {
    path: PathBuf,
    file: File,
}

impl Counter {
    /// The longest, `cpu.stat` of v2, has under a kilobyte.
    const MOST_BYTES: usize = 4096;

    fn open(path: PathBuf) -> Result<Self, SandboxError> {
        let file = File::open(&path).at(Step::Cgroup, || format!("open({})", path.display()))?;
        Ok(Self { path, file })
    }

    /// Of the first read alone, so that all of it is of one moment.
    fn text(&self) -> Result<String, SandboxError> {
        let mut bytes = [0; Self::MOST_BYTES];
        let count = self.file.read_at(&mut bytes, 0).at(Step::Cgroup, || format!("read({})", self.path.display()))?;
        Ok(String::from_utf8_lossy(&bytes[..count]).into_owned())
    }

    fn number(&self) -> Result<u64, SandboxError> {
        let text = self.text()?;
        text.trim()
            .parse()
            .map_err(|_| SandboxError::new(Step::Cgroup, self.path.display().to_string(), "not a number"))
    }

    /// The value of `key` among `key value` lines. A counter that is not there is an error: taken for 0 it would let every
    /// program through.
    fn key(&self, key: &str) -> Result<u64, SandboxError> {
        let text = self.text()?;
        let value = text.lines().filter_map(|line| line.split_once(' ')).find(|(name, _)| *name == key);
        value.and_then(|(_, value)| value.trim().parse().ok()).ok_or_else(|| {
            SandboxError::new(Step::Cgroup, self.path.display().to_string(), format!("has no number for `{key}`"))
        })
    }
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

    /// Where cgroups of boxes can be made, for as long as this is there.
    struct Ground {
        hierarchy: Hierarchy,
        instance: String,
    }

    impl Ground {
        fn new(name: &str) -> Self {
            let hierarchy = Hierarchy::discover().expect("there are cgroups");
            let instance = format!("sandbox-test-{}-{name}", std::process::id());
            hierarchy.create_instance(&instance).expect("can be made");
            Self { hierarchy, instance }
        }

        fn create(&self, serial: u64, tasks: u32, kept: Option<Kept>) -> BoxCgroup {
            let place = Place { hierarchy: &self.hierarchy, instance: &self.instance, slot: 3, serial, keeps: true };
            BoxCgroup::create(place, CgroupLimits { memory_bytes: 64 << 20, tasks }, kept).expect("can be made")
        }

        fn keeps(&self) -> bool {
            matches!(self.hierarchy, Hierarchy::V1(_))
        }
    }

    impl Drop for Ground {
        fn drop(&mut self) {
            self.hierarchy.remove_instance(&self.instance).expect("can be removed");
        }
    }

    fn enter(cgroup: &BoxCgroup, process: &Child) {
        for entrance in cgroup.entrances() {
            rustix::io::write(entrance, process.id().to_string().as_bytes()).expect("can enter");
        }
    }

    fn end(mut process: Child) {
        process.kill().expect("is ours");
        process.wait().expect("a status");
    }

    /// What is in `pids.max`, wherever that is.
    fn most_tasks(cgroup: &BoxCgroup) -> String {
        cgroup.directories.iter().find_map(|directory| read(&directory.join("pids.max")).ok()).expect("a limit")
    }

    #[test]
    fn a_box_has_nothing_of_the_one_before_it_in_its_slot() {
        let ground = Ground::new("next");
        let first = ground.create(1, 5, None);
        let busy = Command::new("sh").args(["-c", "while :; do :; done"]).spawn().expect("sh is there");
        enter(&first, &busy);
        let worked = Duration::from_millis(300);
        while first.cpu_time().expect("a counter") < worked {
            std::thread::yield_now();
        }
        end(busy);
        let kept = first.release().expect("can be left");
        assert_eq!(kept.is_some(), ground.keeps(), "nobody is in it");

        let second = ground.create(2, 7, kept);
        assert_eq!(second.counters().expect("counters"), Counters::default());
        assert_eq!(most_tasks(&second).trim(), "7");
        let idle = process();
        enter(&second, &idle);
        assert!(second.cpu_time().expect("a counter") < worked);
        end(idle);
        second.remove().expect("can be removed");
    }

    #[test]
    fn what_is_left_in_a_box_is_not_in_the_next() {
        let ground = Ground::new("left");
        let first = ground.create(1, 5, None);
        let mut left = process();
        enter(&first, &left);
        let places = first.directories.clone();
        // It is killed, and nobody has noticed yet: so nothing is kept, and nothing stays.
        assert!(first.release().expect("can be left").is_none());
        assert!(places.iter().all(|place| !place.exists()), "{places:?}");
        assert!(!left.wait().expect("a status").success(), "it was killed");
    }

    #[test]
    fn what_nobody_knows_is_made_anew() {
        let ground = Ground::new("anew");
        let first = ground.create(1, 5, None);
        let mut left = process();
        enter(&first, &left);
        // Neither left nor removed.
        drop(first);
        let second = ground.create(2, 5, None);
        assert!(second.cpu_time().expect("a counter").is_zero());
        if ground.keeps() {
            assert!(!left.wait().expect("a status").success(), "it was killed");
        } else {
            end(left);
        }
        second.remove().expect("can be removed");
    }

    #[test]
    fn who_comes_too_late_enters_nothing() {
        let ground = Ground::new("late");
        let first = ground.create(1, 5, None);
        // As a child that was cloned, or a template that was told, has them.
        let late: Vec<OwnedFd> =
            first.entrances().iter().map(|entrance| entrance.try_clone().expect("a descriptor")).collect();
        let kept = first.release().expect("can be left");
        let second = ground.create(2, 5, kept);
        rustix::io::write(&late[0], b"0").expect_err("nobody enters that box any more");
        second.remove().expect("can be removed");
    }

    #[test]
    fn an_ordinary_folder_is_never_taken_for_a_cgroup_and_nothing_is_left_in_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let limits = CgroupLimits { memory_bytes: 1 << 20, tasks: 2 };
        let hierarchy = Hierarchy::V2(folder.path().to_owned());
        let place = Place { hierarchy: &hierarchy, instance: "code-runner-0", slot: 0, serial: 1, keeps: true };
        let error = BoxCgroup::create(place, limits, None).expect_err("there is no limit to write");
        assert!(error.to_string().contains("memory.max"), "{error}");
        assert!(!folder.path().join("code-runner-0/0-1").exists());
    }
}
