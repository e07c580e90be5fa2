//! What of a box could be left on the host, listed so that before and after can be compared.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// The first uid of any box (`FIRST_UID` of the sandbox).
const FIRST_BOX_UID: u32 = 1_900_000_000;

/// Everything a box makes somewhere.
#[derive(Debug, PartialEq, Eq)]
pub struct Host {
    /// Processes with the uid of a box, or in the cgroup of one.
    processes: BTreeSet<String>,
    /// The mount table.
    mounts: BTreeSet<String>,
    /// Cgroups of boxes.
    cgroups: BTreeSet<String>,
    /// Entries of the folders for temporary files that belong to a box, or where we alone make any.
    files: BTreeSet<String>,
    /// System V objects.
    ipc: BTreeSet<String>,
}

impl Host {
    /// The state now.
    pub fn look() -> Self {
        Self {
            processes: processes(),
            mounts: lines("/proc/self/mountinfo"),
            cgroups: cgroups(),
            files: files(),
            ipc: ["/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg"].into_iter().flat_map(lines).collect(),
        }
    }

    /// Waits until the host is as it was: a killed process is gone when its parent has noticed, and
    /// that of an orphan is the host's own.
    pub fn wait_for(before: &Self) -> Result<(), String> {
        let deadline = Instant::now() + Duration::from_secs(5);
        loop {
            match Self::look().must_be(before) {
                Err(_) if Instant::now() < deadline => std::thread::yield_now(),
                result => return result,
            }
        }
    }

    /// The first difference, in words.
    pub fn must_be(&self, before: &Self) -> Result<(), String> {
        let Self { processes, mounts, cgroups, files, ipc } = self;
        let pairs = [
            ("processes", processes, &before.processes),
            ("mounts", mounts, &before.mounts),
            ("cgroups", cgroups, &before.cgroups),
            ("files", files, &before.files),
            ("IPC objects", ipc, &before.ipc),
        ];
        for (what, now, before) in pairs {
            let left: Vec<&String> = now.difference(before).collect();
            if !left.is_empty() {
                return Err(format!("left on the host, {what}: {left:?}"));
            }
        }
        Ok(())
    }
}

fn processes() -> BTreeSet<String> {
    let has_uid_of_a_box = |status: &str| {
        let uid = status.lines().find_map(|line| line.strip_prefix("Uid:\t")?.split('\t').next()?.parse::<u32>().ok());
        uid.is_some_and(|uid| uid >= FIRST_BOX_UID)
    };
    let read = |path: &str, file: &str| fs::read_to_string(Path::new(path).join(file)).unwrap_or_default();
    let numbers = entries("/proc").into_iter().filter(|path| path.trim_start_matches("/proc/").parse::<u32>().is_ok());
    numbers
        // PID 1 of a box is root's, and known by its cgroup; other containers of the host are none of ours.
        .filter(|path| has_uid_of_a_box(&read(path, "status")) || read(path, "cgroup").contains("/code-runner-"))
        .collect()
}

fn files() -> BTreeSet<String> {
    let is_of_a_box = |path: &String| fs::symlink_metadata(path).is_ok_and(|data| data.uid() >= FIRST_BOX_UID);
    let shared = ["/tmp", "/var/tmp", "/dev/shm"].into_iter().flat_map(entries).filter(is_of_a_box);
    // The lock files of instances stay; their locks go.
    let ours = entries("/run/code-runner").into_iter().filter(|path| !path.ends_with(".lock"));
    shared.chain(ours).collect()
}

/// Directories of boxes below any `code-runner-…` in any hierarchy.
fn cgroups() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut todo = vec!["/sys/fs/cgroup".to_owned()];
    while let Some(folder) = todo.pop() {
        for path in entries(&folder).into_iter().filter(|path| Path::new(path).is_dir()) {
            if path.contains("/code-runner-") {
                found.insert(path.clone());
            }
            if path.matches('/').count() < 6 {
                todo.push(path);
            }
        }
    }
    // The launcher's own directory stays for as long as it lives, and what its slots keep, which is called like them.
    let stays = |name: &str| name.starts_with("code-runner-") || name.bytes().all(|byte| byte.is_ascii_digit());
    found.retain(|path| !stays(path.rsplit('/').next().unwrap_or_default()));
    found
}

fn entries(folder: &str) -> Vec<String> {
    let read = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    read.map(|entry| entry.path().display().to_string()).collect()
}

fn lines(path: &str) -> BTreeSet<String> {
    fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
}
