//! Files a box or the server could leave.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::MetadataExt;

use super::{Place, entries};

/// Entries of the folders for temporary files that have the uid of a box, of the folder with the locks, and of the
/// server's own folders.
pub fn of_boxes(place: &Place) -> BTreeSet<String> {
    let is_of_a_box = |path: &String| fs::symlink_metadata(path).is_ok_and(|data| place.uids.contains(&data.uid()));
    let shared = ["/tmp", "/var/tmp", "/dev/shm"].into_iter().flat_map(entries).filter(is_of_a_box);
    // The lock files of instances stay; their locks go.
    let locks = entries("/run/code-runner").into_iter().filter(|path| !path.ends_with(".lock"));
    // Logs rotate, and the database has companions while it is written to.
    let is_expected = |path: &String| [".log", "-wal", "-shm", "-journal"].iter().any(|end| path.ends_with(end));
    let own = [&place.folder, &place.folder.join("data"), &place.folder.join("logs")];
    let own = own.into_iter().flat_map(|folder| entries(&folder.to_string_lossy()));
    shared.chain(locks).chain(own.filter(|path| !is_expected(path))).collect()
}
