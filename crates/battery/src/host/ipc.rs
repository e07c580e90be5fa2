//! System V objects of the host's, the server's and the launcher's IPC namespaces.
//!
//! The kernel shows those of the namespace of whoever opens the file. So a thread of its own goes into each
//! namespace, looks, and ends.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::fd::AsFd;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::{Place, lines};

/// The lists of the three kinds.
const LISTS: [&str; 3] = ["/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg"];

/// A line for each object. Counters in it change only when somebody uses it, and nobody should.
pub fn objects(place: &Place) -> BTreeSet<String> {
    let namespace = |pid: &str| format!("/proc/{pid}/ns/ipc");
    let own = fs::read_link(namespace("self")).ok();
    let mut found: BTreeSet<String> = LISTS.into_iter().flat_map(lines).collect();
    for pid in [place.server, place.launcher] {
        let path = namespace(&pid.to_string());
        if fs::read_link(&path).ok() != own {
            found.extend(std::thread::spawn(move || objects_inside(&path)).join().unwrap_or_default());
        }
    }
    found
}

fn objects_inside(namespace: &str) -> Vec<String> {
    let Ok(file) = File::open(namespace) else { return Vec::new() };
    match move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::InterProcessCommunication)) {
        Ok(()) => LISTS.into_iter().flat_map(lines).map(|line| format!("{namespace}: {line}")).collect(),
        Err(_) => Vec::new(),
    }
}
