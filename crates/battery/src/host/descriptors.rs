//! Open descriptors of the server and the launcher, counted by kind.
//!
//! Sockets of the server are not counted, because clients open and close them, nor its database, whose connections
//! come and go with the load. Nor are the files of cgroups that the launcher has open for its slots and for boxes that wait.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::Place;
use super::cgroups::is_of_a_box;
use super::waiting::Waiting;

/// How many of each kind, such as `launcher: pipe`, without those that belong to what waits.
pub fn of(place: &Place, waiting: &Waiting) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    let stays = |target: &str| {
        let cgroup = Path::new(target).parent().filter(|_| target.contains(&format!("/{}/", place.instance)));
        cgroup.is_some_and(|cgroup| !is_of_a_box(cgroup) || waiting.has(&cgroup.to_string_lossy()))
    };
    for (who, pid) in [("server", place.server), ("launcher", place.launcher)] {
        let read = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten();
        for target in read.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()) {
            let target = target.display().to_string();
            let of_the_server_alone =
                target.starts_with("socket:") || target.starts_with(&*place.folder.to_string_lossy());
            if (who == "launcher" && !stays(&target)) || (who == "server" && !of_the_server_alone) {
                *counts.entry(format!("{who}: {}", kind(&target))).or_default() += 1;
            }
        }
    }
    let (boxes, templates) = (waiting.count(), waiting.templates.len());
    let of_waiting = [
        // A process each, and on v1 an event for each box.
        ("launcher: anon_inode", boxes * if place.cgroups.len() > 1 { 2 } else { 1 } + templates),
        ("launcher: socket", boxes + templates),
        ("server: pipe", 3 * boxes),
    ];
    for (kind, count) in of_waiting {
        counts.entry(kind.to_owned()).and_modify(|all: &mut usize| *all = all.saturating_sub(count));
    }
    // The trees of all kinds of boxes there are and the networks of slots, one each, and the files that programs will leave
    // their answers in.
    counts.retain(|kind, _| kind != "launcher: mnt" && kind != "launcher: net" && !kind.contains("product"));
    counts
}

/// `pipe:[123]` is a pipe; a path is itself.
fn kind(target: &str) -> &str {
    if target.starts_with('/') { target } else { target.split(":[").next().unwrap_or(target) }
}

#[cfg(test)]
mod tests {
    use super::kind;

    #[test]
    fn the_number_of_a_pipe_is_no_part_of_its_kind() {
        assert_eq!(kind("pipe:[17]"), "pipe");
        assert_eq!(kind("anon_inode:[eventfd]"), "anon_inode");
        assert_eq!(kind("/dev/null"), "/dev/null");
    }
}
