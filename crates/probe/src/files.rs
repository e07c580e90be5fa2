//! What the program finds in the file tree, and that nothing of it can be changed but the scratch space.
//!
//! The tree of a probe's box holds the probe and no file of the host, so that it can be walked as a whole.

use std::collections::BTreeSet;
use std::fs::{self, File, FileType, OpenOptions};
use std::io;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

use probe::{EXPECTED_FOLDER, PROGRAM, UID_FILE};
use rustix::fs::StatVfsMountFlags;

use probe::Expected;

use crate::breaches::Breaches;

/// The only folders that can be written to.
const SCRATCH: [&str; 3] = ["/box", "/tmp", "/dev/shm"];

/// Character devices: name, major, minor (the kernel's admin-guide/devices.txt).
const DEVICES: [(&str, u32, u32); 5] =
    [("null", 1, 3), ("zero", 1, 5), ("full", 1, 7), ("random", 1, 8), ("urandom", 1, 9)];

/// What else is in `/dev`.
const DEVICE_LINKS: [&str; 4] = ["fd", "stdin", "stdout", "stderr"];

/// Walks through all of it.
pub fn check(expected: &Expected, breaches: &mut Breaches) -> io::Result<()> {
    // Where there is no box at all the whole host would be walked.
    fs::metadata(UID_FILE)?;
    let names = ["box", "code", "dev", "proc", "tmp", EXPECTED_FOLDER];
    must_hold("/", &names, breaches)?;
    must_hold("/code", &[PROGRAM], breaches)?;
    let devices = DEVICES.map(|(name, _, _)| name);
    let names: Vec<&str> = devices.into_iter().chain(DEVICE_LINKS).chain(["shm"]).collect();
    must_hold("/dev", &names, breaches)?;
    for folder in SCRATCH {
        must_hold(folder, &[], breaches)?;
    }
    folder(Path::new("/"), breaches)?;
    device_nodes(breaches)?;
    for folder in SCRATCH {
        links_lead_nowhere(Path::new(folder), breaches)?;
    }
    landlock(expected, breaches);
    Ok(())
}

fn must_hold(folder: &str, names: &[&str], breaches: &mut Breaches) -> io::Result<()> {
    let mut found = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        found.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    let expected: BTreeSet<String> = names.iter().map(|name| (*name).to_owned()).collect();
    for name in found.difference(&expected) {
        breaches.add(format!("in {folder} there is {name}"));
    }
    Ok(())
}

/// This folder and everything below it. `/proc` is left out: its files are the program's own process, and what
/// else must not be in it is looked for elsewhere.
fn folder(path: &Path, breaches: &mut Breaches) -> io::Result<()> {
    let is_scratch = SCRATCH.iter().any(|folder| path == Path::new(folder));
    mount_of(path, is_scratch, breaches)?;
    if is_scratch {
        return Ok(());
    }
    let new = path.join("probe.new");
    match OpenOptions::new().write(true).create_new(true).open(&new) {
        Ok(_) => {
            breaches.add(format!("a file can be made in {}", path.display()));
            fs::remove_file(&new)?;
        }
        Err(error) => must_be_refused(&error, &format!("making a file in {}", path.display()), breaches),
    }
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let path = entry.path();
        // Not the folder's word for it: what is mounted on a file may be something else.
        let kind = fs::symlink_metadata(&path)?.file_type();
        if path == Path::new("/proc") {
            continue;
        }
        if kind.is_dir() {
            folder(&path, breaches)?;
        } else if kind.is_file() {
            file(&path, breaches)?;
        } else if !is_of_dev(&path, kind) {
            breaches.add(format!("{} is no file and no folder", path.display()));
        }
    }
    Ok(())
}

fn file(path: &Path, breaches: &mut Breaches) -> io::Result<()> {
    mount_of(path, false, breaches)?;
    match OpenOptions::new().write(true).open(path) {
        Ok(_) => breaches.add(format!("{} can be written", path.display())),
        Err(error) => must_be_refused(&error, &format!("writing to {}", path.display()), breaches),
    }
    if fs::set_permissions(path, fs::metadata(path)?.permissions()).is_ok() {
        breaches.add(format!("the permissions of {} can be set", path.display()));
    }
    Ok(())
}

/// An error that comes before anybody asks whether there is room, or whether the file is being executed.
fn must_be_refused(error: &io::Error, what: &str, breaches: &mut Breaches) {
    if !matches!(error.raw_os_error(), Some(libc::EROFS | libc::EACCES | libc::EPERM)) {
        breaches.add(format!("{what} is not forbidden, it fails: {error}"));
    }
}

/// No mount may honour set-uid files, and only `/dev` may hold devices.
fn mount_of(path: &Path, is_scratch: bool, breaches: &mut Breaches) -> io::Result<()> {
    let flags = rustix::fs::statvfs(path)?.f_flag;
    let in_dev = path == Path::new("/dev");
    let wanted = [
        ("nosuid", StatVfsMountFlags::NOSUID, true),
        ("nodev", StatVfsMountFlags::NODEV, !in_dev),
        ("noexec", StatVfsMountFlags::NOEXEC, in_dev),
        ("read-only", StatVfsMountFlags::RDONLY, !is_scratch),
    ];
    for (name, flag, is_wanted) in wanted {
        if is_wanted && !flags.contains(flag) {
            breaches.add(format!("the mount of {} is not {name}", path.display()));
        }
    }
    Ok(())
}

fn is_of_dev(path: &Path, kind: FileType) -> bool {
    path.parent() == Some(Path::new("/dev")) && (kind.is_char_device() || kind.is_symlink())
}

fn device_nodes(breaches: &mut Breaches) -> io::Result<()> {
    for entry in fs::read_dir("/dev")? {
        let entry = entry?;
        let data = fs::symlink_metadata(entry.path())?;
        if !data.file_type().is_char_device() {
            continue;
        }
        let number = data.rdev();
        let is_known = DEVICES
            .iter()
            .any(|(name, major, minor)| entry.file_name() == *name && number == rustix::fs::makedev(*major, *minor));
        if !is_known {
            breaches.add(format!("{} is another device", entry.path().display()));
        }
    }
    Ok(())
}

/// Nobody who opens a path in the scratch space can be led elsewhere.
fn links_lead_nowhere(folder: &Path, breaches: &mut Breaches) -> io::Result<()> {
    let link = folder.join("link");
    std::os::unix::fs::symlink("/dev/null", &link)?;
    let followed = File::open(&link).is_ok();
    fs::remove_file(&link)?;
    if followed {
        breaches.add(format!("symbolic links in {} are followed", folder.display()));
    }
    Ok(())
}

/// Where the kernel has Landlock it is used, and then not even a process's own files in `/proc` can be written,
/// which nothing else forbids.
fn landlock(expected: &Expected, breaches: &mut Breaches) {
    if expected.landlock && OpenOptions::new().write(true).open("/proc/self/comm").is_ok() {
        breaches
            .add("the kernel has Landlock and the program is not held by it: /proc/self/comm can be opened to write");
    }
}
