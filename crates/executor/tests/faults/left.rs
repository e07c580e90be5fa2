//! What one launcher and its boxes have on the host, listed so that before and after can be compared.
//!
//! Only this launcher is looked at: others may be at work.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// All uids of boxes (`FIRST_UID` of the sandbox).
pub const UIDS: std::ops::Range<u32> = 1_900_000_000..1_900_016_384;

/// How long what goes on after an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// A launcher by its process and by the name of its cgroups.
pub struct Owner {
    pid: u32,
    instance: String,
}

/// What has to be as it was.
#[derive(Debug, PartialEq, Eq)]
pub struct Before {
    /// Seen by it and by us.
    mounts: BTreeSet<String>,
    /// Of a box's uid, or in the folder of launchers.
    files: BTreeSet<PathBuf>,
    /// Open in the launcher, by kind.
    descriptors: Vec<String>,
}

impl Owner {
    /// The launcher of this pid. It holds the lock of a file that says what its cgroups are called.
    pub fn of(pid: u32) -> Result<Self, String> {
        let locks = entries(format!("/proc/{pid}/fd")).into_iter().filter_map(|fd| fs::read_link(fd).ok());
        let lock = locks.into_iter().find(|path| path.extension().is_some_and(|extension| extension == "lock"));
        let instance =
            fs::read_to_string(lock.ok_or("the launcher holds no lock")?).map_err(|error| error.to_string())?;
        Ok(Self { pid, instance })
    }

    /// Now, while there is no box.
    pub fn look(&self) -> Before {
        let mounts = |pid: &str| fs::read_to_string(format!("/proc/{pid}/mountinfo")).unwrap_or_default();
        let mounts = [mounts(&self.pid.to_string()), mounts("self")].concat();
        let mounts = mounts.lines().map(str::to_owned).collect();
        Before { mounts, files: files(), descriptors: self.descriptors() }
    }

    /// A caller that was answered may rely on it that nothing is left; only descriptors are closed after the answer.
    ///
    /// A launcher keeps the tree of each kind of box, of which there are no more than these.
    pub fn must_be(&self, before: &Before, kinds: usize) -> Result<(), String> {
        self.must_have_no_box()?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            let Before { mounts, files, descriptors } = self.look();
            let mut more = descriptors.clone();
            // One of before is taken away for each.
            for kind in &before.descriptors {
                if let Some(index) = more.iter().position(|other| other == kind) {
                    more.swap_remove(index);
                }
            }
            let trees = descriptors.iter().filter(|kind| *kind == "mnt").count();
            more.retain(|kind| kind != "mnt" || trees > kinds);
            let mounts: Vec<_> = mounts.difference(&before.mounts).collect();
            let files: Vec<_> = files.difference(&before.files).collect();
            if more.is_empty() && mounts.is_empty() && files.is_empty() {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(format!("left: mounts {mounts:?}, files {files:?}, descriptors {more:?}"));
            }
            std::thread::yield_now();
        }
    }

    /// No process, no cgroup, once the launcher has had the time to remove what it has answered for.
    pub fn must_have_no_box(&self) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (processes, cgroups) = (self.processes(), self.cgroups());
            if processes.is_empty() && cgroups.is_empty() {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(format!("left: processes {processes:?}, cgroups {cgroups:?}"));
            }
            std::thread::yield_now();
        }
    }

    /// Right after a failure of its own it may still be removing a box, and keeps at most the one cgroup whose removal
    /// has failed, or the one dead process it could not wait for. Nothing to say of one that is dead.
    pub fn must_settle(&self) -> Result<(), String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let (processes, cgroups) = (self.processes(), self.cgroups());
            let (dead, living): (Vec<_>, Vec<_>) = processes.iter().partition(|folder| is_dead(folder));
            if living.is_empty() && dead.len() + cgroups.len() <= 1 || !self.is_alive() {
                return Ok(());
            }
            if Instant::now() > deadline {
                return Err(format!("left while the launcher lives: processes {processes:?}, cgroups {cgroups:?}"));
            }
            std::thread::yield_now();
        }
    }

    /// After its end, and, if that was a bad one, after the start of another.
    pub fn must_be_gone(&self) -> Result<(), String> {
        let folders: Vec<PathBuf> = self.folders().into_iter().filter(|folder| folder.exists()).collect();
        let processes = self.processes();
        if processes.is_empty() && folders.is_empty() {
            return Ok(());
        }
        Err(format!("left by a launcher that has ended: {processes:?} {folders:?}"))
    }

    /// The dead have nothing open, also before their parent has taken notice.
    pub fn is_alive(&self) -> bool {
        !self.descriptors().is_empty()
    }

    /// Where its boxes' cgroups are: below one mount (v2) or several (v1).
    fn folders(&self) -> Vec<PathBuf> {
        let mounts = entries("/sys/fs/cgroup").into_iter().chain([PathBuf::from("/sys/fs/cgroup")]);
        mounts.map(|mount| mount.join(&self.instance)).collect()
    }

    /// Those of boxes, and not what its slots keep.
    fn cgroups(&self) -> Vec<PathBuf> {
        self.folders().into_iter().flat_map(entries).filter(|path| path.is_dir() && !is_kept(path)).collect()
    }

    fn is_ours(&self, folder: &Path) -> bool {
        folder.components().any(|part| part.as_os_str() == self.instance.as_str())
    }

    /// Its children, and whoever is in a cgroup of its boxes.
    fn processes(&self) -> Vec<PathBuf> {
        let read = |folder: &Path, file: &str| fs::read_to_string(folder.join(file)).unwrap_or_default();
        let is_ours = |folder: &PathBuf| {
            let parent = stat(folder, 1).parse();
            read(folder, "cgroup").contains(&self.instance) || parent == Ok(self.pid)
        };
        let is_process = |path: &PathBuf| {
            path.file_name().is_some_and(|name| name.to_string_lossy().bytes().all(|byte| byte.is_ascii_digit()))
        };
        entries("/proc").into_iter().filter(is_process).filter(is_ours).collect()
    }

    /// Without those of the cgroups that its slots keep.
    fn descriptors(&self) -> Vec<String> {
        let open = entries(format!("/proc/{}/fd", self.pid)).into_iter().filter_map(|fd| fs::read_link(fd).ok());
        let open = open.filter(|target| !target.parent().is_some_and(|folder| self.is_ours(folder) && is_kept(folder)));
        let kind = |target: PathBuf| target.display().to_string().split(":[").next().unwrap_or_default().to_owned();
        let mut kinds: Vec<String> = open.map(kind).collect();
        kinds.sort();
        kinds
    }
}

/// Is this cgroup called like a slot, and not like a box?
fn is_kept(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| name.to_string_lossy().bytes().all(|byte| byte.is_ascii_digit()))
}

/// What stands there behind the name of the process, which stands in parentheses and may hold anything
/// (proc_pid_stat(5)).
fn stat(folder: &Path, field: usize) -> String {
    let text = fs::read_to_string(folder.join("stat")).unwrap_or_default();
    let fields = text.rsplit_once(") ").map_or("", |(_, fields)| fields);
    fields.split(' ').nth(field).unwrap_or_default().to_owned()
}

fn is_dead(folder: &Path) -> bool {
    stat(folder, 0) == "Z"
}

fn files() -> BTreeSet<PathBuf> {
    let is_ours = |path: &PathBuf| fs::symlink_metadata(path).is_ok_and(|data| UIDS.contains(&data.uid()));
    let shared = ["/tmp", "/var/tmp", "/dev/shm"].into_iter().flat_map(entries).filter(is_ours);
    let stage = entries("/run/code-runner").into_iter();
    shared.chain(stage.filter(|path| path.extension().is_none_or(|extension| extension != "lock"))).collect()
}

fn entries(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()).collect()
}
