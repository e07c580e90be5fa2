//! Boxes that were made ahead and that nobody has used: they are no leftovers.
//!
//! What tells them from all others is their `/code`, which no program can change: it is empty, or holds the gate at which
//! a program waits for its code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{Place, cgroups, entries};

/// The name of the gate.
const GATE: &str = "gate";

/// What waits on a server.
#[derive(Debug, Clone, Default)]
pub struct Waiting {
    /// The names of the boxes' directories.
    boxes: BTreeSet<String>,
    /// Processes of the launcher's that fork into boxes.
    pub templates: BTreeSet<String>,
}

impl Waiting {
    /// What waits now.
    pub fn now(place: &Place) -> Self {
        let of_boxes = cgroups::below(place).into_iter().filter(|path| cgroups::is_of_a_box(path));
        let boxes = of_boxes.filter(|path| waits(path)).filter_map(|path| name(&path)).collect();
        let children = format!("/proc/{0}/task/{0}/children", place.launcher);
        let children = fs::read_to_string(children).unwrap_or_default();
        let is_template = |pid: &&str| fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| has_warm(&line));
        let templates = children.split_whitespace().filter(is_template).map(str::to_owned).collect();
        Self { boxes, templates }
    }

    /// Does this path in a hierarchy of cgroups belong to such a box?
    pub fn has(&self, path: &str) -> bool {
        path.rsplit('/').next().is_some_and(|name| self.boxes.contains(name))
    }

    /// How many boxes.
    pub fn count(&self) -> usize {
        self.boxes.len()
    }
}

fn has_warm(line: &[u8]) -> bool {
    String::from_utf8_lossy(line).split('\0').any(|word| word.starts_with("/warm/"))
}

fn name(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}

/// Does the box of this cgroup wait?
pub fn waits(cgroup: &Path) -> bool {
    let tasks = fs::read_to_string(cgroup.join("cgroup.procs")).unwrap_or_default();
    let Some(task) = tasks.lines().next() else { return false };
    let code = format!("/proc/{task}/root/code");
    fs::metadata(&code).is_ok() && entries(&code).iter().all(|path| path.ends_with(&format!("/{GATE}")))
}
