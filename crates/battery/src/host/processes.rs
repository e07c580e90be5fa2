//! Processes of boxes, zombies, and the memory of the processes that stay.

use std::collections::BTreeSet;

use super::waiting::Waiting;
use super::{Place, entries};

/// Processes with the uid of a box, in the cgroup of one, or made by the launcher. PID 1 of a box is root's, and
/// known by its cgroup. Boxes that wait, and templates, are left out.
pub fn of_boxes(place: &Place, waiting: &Waiting) -> BTreeSet<String> {
    let is_left = |process: &Process| process.is_of_a_box(place) && !process.waits(waiting);
    numbered().filter(is_left).map(|process| process.shown()).collect()
}

/// Children of the server and the launcher that nobody has waited for.
pub fn zombies(place: &Place) -> BTreeSet<String> {
    let is_left = |process: &Process| {
        [place.server, place.launcher].contains(&process.parent()) && process.field("State").starts_with('Z')
    };
    numbered().filter(is_left).map(|process| process.shown()).collect()
}

/// The process ids of [`of_boxes`].
pub fn ids_of_boxes(place: &Place) -> Vec<u32> {
    numbered().filter(|process| process.is_of_a_box(place)).filter_map(|process| process.id.parse().ok()).collect()
}

/// Memory of a process that is really there, in KiB; 0 if the process is not.
pub fn resident_kib(pid: u32) -> u64 {
    let process = Process::read(pid.to_string());
    process.field("VmRSS").trim_end_matches(" kB").trim().parse().unwrap_or_default()
}

struct Process {
    id: String,
    status: String,
}

impl Process {
    fn read(id: String) -> Self {
        // Names of processes are theirs to choose, and need not be text.
        let status = std::fs::read(format!("/proc/{id}/status")).unwrap_or_default();
        Self { status: String::from_utf8_lossy(&status).into_owned(), id }
    }

    fn field(&self, name: &str) -> &str {
        let line = self.status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_default().trim()
    }

    fn parent(&self) -> u32 {
        self.field("PPid").parse().unwrap_or_default()
    }

    fn is_of_a_box(&self, place: &Place) -> bool {
        let uid = self.field("Uid").split('\t').next().and_then(|uid| uid.parse().ok()).unwrap_or_default();
        let cgroup = || std::fs::read_to_string(format!("/proc/{}/cgroup", self.id)).unwrap_or_default();
        place.uids.contains(&uid)
            || self.parent() == place.launcher
            || cgroup().contains(&format!("/{}/", place.instance))
    }

    fn waits(&self, waiting: &Waiting) -> bool {
        let cgroup = std::fs::read_to_string(format!("/proc/{}/cgroup", self.id)).unwrap_or_default();
        waiting.templates.contains(&self.id) || cgroup.lines().any(|line| waiting.has(line))
    }

    fn shown(&self) -> String {
        format!("{} ({})", self.id, self.field("Name"))
    }
}

fn numbered() -> impl Iterator<Item = Process> {
    let ids = entries("/proc").into_iter().map(|path| path.trim_start_matches("/proc/").to_owned());
    ids.filter(|id| id.bytes().all(|byte| byte.is_ascii_digit())).map(Process::read)
}
