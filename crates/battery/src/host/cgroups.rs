//! Cgroups of boxes, and what their counters say.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use super::Place;

/// Directories below that of the instance, in every hierarchy.
pub fn of_boxes(place: &Place) -> BTreeSet<String> {
    below(place).iter().map(|path| path.display().to_string()).collect()
}

/// The most tasks that any box has at this moment.
pub fn most_tasks(place: &Place) -> u64 {
    let counts = below(place).into_iter().filter_map(|path| fs::read_to_string(path.join("pids.current")).ok());
    counts.filter_map(|count| count.trim().parse().ok()).max().unwrap_or_default()
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
