//! One running launcher among others on this host: its uids, the name of its cgroups, and what a
//! crashed one left behind.
//!
//! Every instance holds a lock on a file in the folder of [`crate::Ground`]; the file says which cgroups are
//! that instance's. The kernel lets go of the lock when the holder dies, however it dies. So a file
//! that can be locked belongs to nobody alive, and the cgroups it names, and only those, can be
//! removed. The number of the file gives the block of uids, so that boxes of two instances never
//! share one.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::FlockOperation;

use crate::cgroup::Hierarchy;
use crate::error::{At, SandboxError, Step};

/// How many launchers a host can run at the same time.
const INSTANCES: u32 = 64;

/// The most boxes of one launcher.
pub const SLOTS: u16 = 256;

/// The first uid of a box: above the ranges that distributions and systemd give out (systemd's
/// UIDS-GIDS.md ends the container range at 1879048191).
pub const FIRST_UID: u32 = 1_900_000_000;

/// The first uid of a box in a user namespace, where there are 65536 as a rule: above those of the system.
pub const FIRST_UID_OF_A_USER: u32 = 10_000;

/// How many uids are needed: one for each box that can be, and the server's.
pub const UIDS: u32 = INSTANCES * SLOTS as u32 + 1;

/// The uid of the server, just above those of all boxes.
pub const fn server_uid(first: u32) -> u32 {
    first + UIDS - 1
}

/// This launcher's part of the host. Dropping it lets go of the lock.
#[derive(Debug)]
pub struct Instance {
    number: u32,
    first_uid: u32,
    name: String,
    _lock: File,
}

impl Instance {
    /// Takes the first free number, after removing what dead instances have left.
    pub fn take(hierarchy: &Hierarchy, folder: &Path) -> Result<Self, SandboxError> {
        let step = Step::Instance;
        let first_uid = crate::ground::first_uid()?;
        let mut taken = None;
        for number in 0..INSTANCES {
            let path = folder.join(format!("{number}.lock"));
            if taken.is_some() && !path.exists() {
                continue;
            }
            let Some(mut lock) = lock(&path)? else { continue };
            let mut dead = String::new();
            lock.read_to_string(&mut dead).at(step, || format!("read({})", path.display()))?;
            if is_name(&dead) {
                hierarchy.remove_instance(&dead)?;
            }
            if taken.is_none() {
                let name = new_name()?;
                rewrite(&mut lock, &name).at(step, || format!("write({})", path.display()))?;
                taken = Some(Self { number, first_uid, name, _lock: lock });
            } else {
                rewrite(&mut lock, "").at(step, || format!("write({})", path.display()))?;
            }
        }
        let full =
            || SandboxError::new(step, folder.display().to_string(), format!("{INSTANCES} instances are running"));
        let taken = taken.ok_or_else(full)?;
        hierarchy.create_instance(&taken.name)?;
        Ok(taken)
    }

    /// The name of the directory of all its cgroups.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The uid and gid of the boxes in this slot.
    pub fn uid(&self, slot: u16) -> u32 {
        self.first_uid + self.number * u32::from(SLOTS) + u32::from(slot)
    }
}

/// The open file if nobody holds its lock.
fn lock(path: &Path) -> Result<Option<File>, SandboxError> {
    let step = Step::Instance;
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
        .at(step, || format!("open({})", path.display()))?;
    match rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(file)),
        Err(rustix::io::Errno::WOULDBLOCK) => Ok(None),
        Err(error) => Err(error).at(step, || format!("flock({})", path.display())),
    }
}

fn rewrite(file: &mut File, content: &str) -> std::io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    file.write_all(content.as_bytes())?;
    file.sync_data()
}

/// A name nobody else has: the file that holds it decides what may be removed.
fn new_name() -> Result<String, SandboxError> {
    let mut bytes = [0_u8; 8];
    rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())
        .at(Step::Instance, || "getrandom".to_owned())?;
    Ok(format!("code-runner-{:016x}", u64::from_ne_bytes(bytes)))
}

/// Is this a name [`new_name`] can have made? Anything else in the file is not followed.
fn is_name(text: &str) -> bool {
    let digits = text.strip_prefix("code-runner-").unwrap_or_default();
    digits.len() == 16 && digits.chars().all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_ours_are_followed() {
        assert!(is_name(&new_name().expect("random bytes")));
        for other in ["", "code-runner-", "code-runner-../../user.slice", "system.slice", "code-runner-host"] {
            assert!(!is_name(other), "{other}");
        }
    }
}
