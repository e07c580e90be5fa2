//! System V objects of the host's, the server's and the launcher's IPC namespaces.
//!
//! The kernel shows those of the namespace of whoever opens the file. So a thread of its own goes into each
//! namespace, looks, and ends.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::os::fd::AsFd;

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use super::place::FIRST_BOX_UID;
use super::{Place, lines};

/// The three kinds, as the kernel's lists and `ipcrm` call them.
pub const KINDS: [(&str, &str); 3] = [("shm", "-m"), ("sem", "-s"), ("msg", "-q")];

/// One object, as the kernel lists it.
pub struct Object {
    line: String,
    /// Its number.
    pub id: String,
    /// Its owner.
    pub uid: u32,
}

/// A line for each object that can be one of this server's boxes. Counters in it change only when somebody uses it,
/// and nobody should.
pub fn objects(place: &Place) -> BTreeSet<String> {
    let namespace = |pid: &str| format!("/proc/{pid}/ns/ipc");
    let own = fs::read_link(namespace("self")).ok();
    let of_the_host = KINDS.into_iter().flat_map(|(kind, _)| list(kind));
    // Boxes of other servers may have been let out by somebody else.
    let is_ours = |object: &Object| object.uid < FIRST_BOX_UID || place.uids.contains(&object.uid);
    let mut found: BTreeSet<String> = of_the_host.filter(is_ours).map(|object| object.line).collect();
    for pid in [place.server, place.launcher] {
        let path = namespace(&pid.to_string());
        if fs::read_link(&path).ok() != own {
            found.extend(std::thread::spawn(move || objects_inside(&path)).join().unwrap_or_default());
        }
    }
    found
}

/// All objects of a kind in this thread's namespace.
pub fn list(kind: &str) -> Vec<Object> {
    parse(&lines(&format!("/proc/sysvipc/{kind}")))
}

fn objects_inside(namespace: &str) -> Vec<String> {
    let Ok(file) = File::open(namespace) else { return Vec::new() };
    match move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::InterProcessCommunication)) {
        Ok(()) => KINDS.into_iter().flat_map(|(kind, _)| list(kind)).map(|object| object.line).collect(),
        Err(_) => Vec::new(),
    }
}

/// The head names the columns: `key shmid perms … uid gid …`.
fn parse(list: &[String]) -> Vec<Object> {
    let Some((head, objects)) = list.split_first() else { return Vec::new() };
    let column = |is: fn(&str) -> bool| head.split_whitespace().position(is);
    let id = column(|name| ["shmid", "semid", "msqid"].contains(&name));
    let (Some(id), Some(uid)) = (id, column(|name| name == "uid")) else { return Vec::new() };
    let object = |line: &String| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (id, uid) = (fields.get(id)?, fields.get(uid)?.parse().ok()?);
        Some(Object { line: line.clone(), id: (*id).to_owned(), uid })
    };
    objects.iter().filter_map(object).collect()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn number_and_owner_are_found_by_the_head() {
        let list = [
            "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime".to_owned(),
            "         1          7   600          2  1900000003 0  1900000003 0 0 1795623360".to_owned(),
        ];
        let objects = parse(&list);
        assert_eq!(objects.len(), 1);
        assert_eq!((&*objects[0].id, objects[0].uid), ("7", 1_900_000_003));
    }
}
