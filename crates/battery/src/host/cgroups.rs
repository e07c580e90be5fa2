//! Cgroups of boxes, and what their counters say.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::Place;
use super::waiting::{Waiting, waits};
use crate::setup::COMPILE_PROCESSES;

/// Directories below that of the instance, in every hierarchy, except those of boxes that wait and those that slots keep.
pub fn of_boxes(place: &Place, waiting: &Waiting) -> BTreeSet<String> {
    let of_boxes = below(place).into_iter().filter(|path| is_of_a_box(path));
    of_boxes.map(|path| path.display().to_string()).filter(|path| !waiting.has(path)).collect()
}

/// Is it called like a box, `slot-number`? What a slot keeps for its boxes is called like the slot, and stays; who is in it
/// is in the directory of a box as well.
pub fn is_of_a_box(path: &Path) -> bool {
    let of_a_slot = |name: &str| name.bytes().all(|byte| byte.is_ascii_digit());
    !path.file_name().is_some_and(|name| of_a_slot(&name.to_string_lossy()))
}

/// The most tasks that any box of a run has at this moment, PID 1 of the box included. Boxes of compilers are left
/// out; they are known by their limit. So are those that wait, where an interpreter has threads of its own.
pub fn most_tasks(place: &Place) -> u64 {
    let number = |path: &Path, file: &str| fs::read_to_string(path.join(file)).ok()?.trim().parse::<u64>().ok();
    let of_a_compiler = |path: &PathBuf| number(path, "pids.max").is_some_and(|most| most == COMPILE_PROCESSES + 1);
    let boxes = below(place).into_iter().filter(|path| !of_a_compiler(path) && !waits(path));
    boxes.filter_map(|path| number(&path, "pids.current")).max().unwrap_or_default()
}

/// All of them, those inside others last.
pub fn below(place: &Place) -> Vec<PathBuf> {
    let (mut found, mut todo) = (Vec::new(), place.cgroups.clone());
    while let Some(folder) = todo.pop() {
        let children = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let folders = children.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        for path in folders.map(|entry| entry.path()) {
            found.push(path.clone());
            todo.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_slot_keeps_is_of_no_box() {
        let names = ["12", "12-4", "4/left"].map(|name| PathBuf::from("/sys/fs/cgroup/pids/code-runner-0").join(name));
        assert_eq!(names.map(|path| is_of_a_box(&path)), [false, true, true]);
    }
}
