//! Removing what an opened hole has left behind, so that the next control starts clean.
//!
//! Touches what belongs to the server under test and nothing else: its boxes' processes, their cgroups, and System V
//! objects with one of its boxes' uids.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::{Place, cgroups, lines, processes};
use crate::server::signal;

/// How long the killed may take to go.
const PATIENCE: Duration = Duration::from_secs(5);

/// Kills, then removes.
pub fn remove_leftovers(place: &Place) {
    kill_all(place);
    // Those inside others first.
    for cgroup in cgroups::below(place).into_iter().rev() {
        let _ = fs::remove_dir(cgroup);
    }
    for (list, flag) in [("shm", "-m"), ("sem", "-s"), ("msg", "-q")] {
        for id in objects_of_boxes(&lines(&format!("/proc/sysvipc/{list}")), place) {
            let _ = Command::new("ipcrm").args([flag, &id]).status();
        }
    }
}

fn kill_all(place: &Place) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = processes::ids_of_boxes(place);
        if left.is_empty() || Instant::now() >= deadline {
            return;
        }
        for pid in left {
            signal(pid, Signal::KILL);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The ids in a list of the kernel whose owner is a box. The head names the columns.
fn objects_of_boxes(list: &[String], place: &Place) -> Vec<String> {
    let Some((head, objects)) = list.split_first() else { return Vec::new() };
    let column = |name: &str| head.split_whitespace().position(|column| column == name);
    let (Some(id), Some(owner)) = (head.split_whitespace().position(|column| column.ends_with("id")), column("uid"))
    else {
        return Vec::new();
    };
    let is_of_a_box = |fields: &Vec<&str>| {
        fields.get(owner).and_then(|uid| uid.parse().ok()).is_some_and(|uid| place.uids.contains(&uid))
    };
    let fields = objects.iter().map(|line| line.split_whitespace().collect::<Vec<_>>());
    fields.filter(is_of_a_box).filter_map(|fields| fields.get(id).map(|id| (*id).to_owned())).collect()
}
