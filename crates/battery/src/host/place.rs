//! Which processes, uids and cgroups of this host belong to the server under test.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// The first uid of any box, on the host and in a user namespace, and how many each launcher has (`FIRST_UID`,
/// `FIRST_UID_OF_A_USER` and `SLOTS` of the sandbox).
pub const FIRST_BOX_UID: u32 = 1_900_000_000;
const FIRST_UID_OF_A_USER: u32 = 10_000;
const UIDS: u32 = 256;

/// A server's part of the host.
#[derive(Debug, Clone)]
pub struct Place {
    /// The server's process id.
    pub server: u32,
    /// The launcher's.
    pub launcher: u32,
    /// The name of the directory of all its cgroups.
    pub instance: String,
    /// That directory in every hierarchy.
    pub cgroups: Vec<PathBuf>,
    /// The uids of its boxes.
    pub uids: Range<u32>,
    /// The server's own folder.
    pub folder: PathBuf,
}

impl Place {
    /// That of the server with this process id.
    pub fn of(server: u32, folder: &Path) -> Result<Self, String> {
        let children = fs::read_to_string(format!("/proc/{server}/task/{server}/children")).unwrap_or_default();
        let launcher = children.split_whitespace().find_map(|pid| pid.parse().ok());
        let launcher = launcher.ok_or("the server has no launcher")?;
        let lock = lock_of(launcher).ok_or("the launcher holds no lock")?;
        let instance = fs::read_to_string(&lock).map_err(|error| format!("{}: {error}", lock.display()))?;
        let number = lock.file_stem().and_then(|stem| stem.to_str()?.parse::<u32>().ok());
        let before = number.ok_or("the lock's name is no number")? * UIDS;
        let map = fs::read_to_string(format!("/proc/{launcher}/uid_map")).unwrap_or_default();
        let first = [FIRST_BOX_UID, FIRST_UID_OF_A_USER].iter().find_map(|first| outside(&map, first + before));
        let first = first.ok_or("the launcher's users have no boxes")?;
        Ok(Self {
            server,
            launcher,
            cgroups: directories_called(&instance),
            instance,
            uids: first..first + UIDS,
            folder: folder.to_owned(),
        })
    }
}

fn lock_of(launcher: u32) -> Option<PathBuf> {
    let descriptors = fs::read_dir(format!("/proc/{launcher}/fd")).ok()?;
    let mut targets = descriptors.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    targets.find(|target| target.extension().is_some_and(|extension| extension == "lock"))
}

/// What a uid of a user namespace is outside of it (user_namespaces(7)).
fn outside(map: &str, uid: u32) -> Option<u32> {
    map.lines().find_map(|line| {
        let numbers: Vec<u32> = line.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [inside, outside, count] = numbers[..] else { return None };
        let offset = uid.checked_sub(inside)?;
        (offset < count).then(|| outside + offset)
    })
}

/// All directories of this name in all hierarchies.
fn directories_called(name: &str) -> Vec<PathBuf> {
    let (mut found, mut todo) = (Vec::new(), vec![(PathBuf::from("/sys/fs/cgroup"), 0)]);
    while let Some((folder, depth)) = todo.pop() {
        let children = fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
        for path in children.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir())).map(|entry| entry.path())
        {
            if path.file_name().is_some_and(|file| file == name) {
                found.push(path);
            } else if depth < 6 {
                todo.push((path, depth + 1));
            }
        }
    }
    found.sort();
    found
}
