//! Removing what an opened hole has left behind, so that the next control starts clean.
//!
//! Touches what belongs to the server under test and nothing else: its boxes' processes, their cgroups, and System V
//! objects with one of its boxes' uids.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::{Place, cgroups, ipc, processes};
use crate::server::signal;

/// How long the killed may take to go.
const PATIENCE: Duration = Duration::from_secs(5);

/// Kills, then removes.
pub fn remove_leftovers(place: &Place) {
    kill_all(place);
    // Those inside others first.
    for cgroup in cgroups::below(place).into_iter().rev().filter(|path| cgroups::is_of_a_box(path)) {
        let _ = fs::remove_dir(cgroup);
    }
    for (kind, flag) in ipc::KINDS {
        for object in ipc::list(kind).into_iter().filter(|object| place.uids.contains(&object.uid)) {
            let _ = Command::new("ipcrm").args([flag, &object.id]).status();
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
