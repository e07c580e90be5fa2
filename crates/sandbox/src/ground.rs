//! Where this process stands: which folder it may use for itself, and which uids it can give to boxes.
//!
//! Root has the host's. An ordinary user gets a user namespace: there the same process is root over a range of
//! uids that the host's administrator has given to that user (subuid(5)), and everything after this is the
//! same as for root. In the namespace the launcher is the first uid of that range, the server stays who started it,
//! so that its data does, and boxes get uids of their own: nobody shares one.
//!
//! ```text
//!  in the namespace     outside
//!  0 (launcher)         first subordinate uid
//!  1 … 26383 (boxes)    the next ones
//!  26384 (server)       whoever started it
//! ```
//!
//! Nothing here decides what a box may do.

use std::fs::{self, DirBuilder};
use std::io::{self, Read as _};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;

use rustix::thread::CapabilitySet;

use crate::confine::Confinement;
use crate::error::{At, SandboxError, Step};
use crate::instance::{FIRST_UID, FIRST_UID_OF_A_USER, UIDS};
use crate::layers::LayerState;
use crate::sys::{self, Fork};

/// Where lock files are, and where new file trees are put together, when the whole host is ours.
const FOLDER: &str = "/run/code-runner";

/// Where a process stands. Made once, while the process has one thread.
#[derive(Debug, Clone)]
pub struct Ground {
    /// For lock files; nothing in it is ever shown in a box.
    pub(crate) folder: PathBuf,
    /// Whose uids boxes get, for `doctor`.
    pub(crate) users: LayerState,
    /// It is a user namespace that an ordinary user's process has entered here.
    entered: bool,
}

impl Ground {
    /// Looks around, and enters a user namespace when an ordinary user has started this process. What is
    /// missing for that is said by [`crate::probe_layers`].
    ///
    /// # Errors
    /// When there is no folder for lock files.
    pub fn take() -> Result<Self, SandboxError> {
        let has_power =
            rustix::thread::capabilities(None).is_ok_and(|sets| sets.effective.contains(CapabilitySet::SYS_ADMIN));
        let folder = folder()?;
        let entered = !(has_power || rustix::process::geteuid().is_root());
        let users = if entered { enter() } else { present() };
        Ok(Self { folder, users, entered })
    }

    /// Becomes the ordinary user again who has started this process, so that what it writes is that user's; root stays root.
    /// To be called while there is one thread, and when nothing is to be done any more that takes the namespace's root.
    ///
    /// # Errors
    /// [`SandboxError`] with the call; then the process still is root of its namespace.
    pub fn leave_power(&self) -> Result<(), SandboxError> {
        if !self.entered {
            return Ok(());
        }
        let uid = Confinement::default_uid()?;
        sys::become_user(uid).at(Step::Confine, || format!("setresuid({uid})"))
    }

    /// The folder for lock files, absolute.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }
}

/// The first uid of all boxes of this host or namespace: far above everybody's, or, where those are not
/// mapped (user_namespaces(7)), in the range a user has.
pub fn first_uid() -> Result<u32, SandboxError> {
    let read = |path: &str| fs::read_to_string(path).at(Step::Instance, || format!("read({path})"));
    let (uids, gids) = (read("/proc/self/uid_map")?, read("/proc/self/gid_map")?);
    [FIRST_UID, FIRST_UID_OF_A_USER]
        .into_iter()
        .find(|first| maps(&uids, *first, UIDS) && maps(&gids, *first, UIDS))
        .ok_or_else(|| SandboxError::new(Step::Instance, "/proc/self/uid_map", format!("has no {UIDS} uids for boxes")))
}

/// Is this the user namespace that the host began with, whose root may mount what it likes?
pub fn is_initial(step: Step) -> Result<bool, SandboxError> {
    let path = "/proc/self/uid_map";
    let map = fs::read_to_string(path).at(step, || format!("read({path})"))?;
    Ok(map.split_whitespace().eq(["0", "0", "4294967295"]))
}

/// Does a uid_map have all of these? (user_namespaces(7): inside, outside, count)
fn maps(map: &str, first: u32, count: u32) -> bool {
    let mut wanted = u64::from(first);
    let end = wanted + u64::from(count);
    let mut ranges: Vec<(u64, u64)> = map
        .lines()
        .filter_map(|line| {
            let mut numbers = line.split_whitespace().map(str::parse::<u64>);
            let (inside, _, length) = (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
            Some((inside, inside + length))
        })
        .collect();
    ranges.sort_unstable();
    for (start, past) in ranges {
        if (start..past).contains(&wanted) {
            wanted = past;
        }
    }
    wanted >= end
}

fn present() -> LayerState {
    match first_uid() {
        Ok(FIRST_UID) => LayerState::Present("the host's".to_owned()),
        Ok(first) => LayerState::Present(format!("of a user namespace, from {first} on")),
        Err(error) => LayerState::Missing {
            found: error.cause,
            remedy: format!(
                "map at least {} uids and gids into this container or user namespace",
                FIRST_UID_OF_A_USER + UIDS
            ),
        },
    }
}

/// Root's folder, or one of the user's own.
fn folder() -> Result<PathBuf, SandboxError> {
    let make = |path: &Path, mode| DirBuilder::new().recursive(true).mode(mode).create(path);
    let may_write = |path: &Path| rustix::fs::access(path, rustix::fs::Access::WRITE_OK).is_ok();
    if make(Path::new(FOLDER), 0o755).is_ok() && may_write(Path::new(FOLDER)) {
        return Ok(PathBuf::from(FOLDER));
    }
    let uid = rustix::process::geteuid().as_raw();
    let runtime = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let own = match runtime.filter(|folder| may_write(folder)) {
        Some(folder) => folder.join("code-runner"),
        None => PathBuf::from(format!("/tmp/code-runner-{uid}")),
    };
    make(&own, 0o700).at(Step::Instance, || format!("mkdir({})", own.display()))?;
    // In /tmp anybody could have been first.
    let stat = fs::symlink_metadata(&own).at(Step::Instance, || format!("stat({})", own.display()))?;
    if !stat.is_dir() || stat.uid() != uid || stat.mode() & 0o077 != 0 {
        return Err(SandboxError::new(Step::Instance, own.display().to_string(), "is not this user's own folder"));
    }
    Ok(own)
}

/// Becomes root of a user namespace of its own.
fn enter() -> LayerState {
    match try_enter() {
        Ok(range) => LayerState::Present(range),
        Err(Lacking { found, remedy }) => LayerState::Missing { found, remedy },
    }
}

struct Lacking {
    found: String,
    remedy: String,
}

fn lacking(found: impl Into<String>, remedy: impl Into<String>) -> Lacking {
    Lacking { found: found.into(), remedy: remedy.into() }
}

fn try_enter() -> Result<String, Lacking> {
    may_make_namespaces()?;
    let (uid, gid) = (rustix::process::getuid().as_raw(), rustix::process::getgid().as_raw());
    let user = user_name(uid);
    let uids = subordinates("/etc/subuid", uid, user.as_deref())?;
    let gids = subordinates("/etc/subgid", uid, user.as_deref())?;
    let of_boxes = FIRST_UID_OF_A_USER + UIDS - 1;
    let map = |first: u32, own: u32| -> Vec<String> {
        [0, first, of_boxes, of_boxes, own, 1].iter().map(u32::to_string).collect()
    };
    become_root(&[("newuidmap", map(uids, uid)), ("newgidmap", map(gids, gid))])?;
    Ok(format!("of a user namespace: {uids}-{} of {}", uids + of_boxes - 1, user.unwrap_or_else(|| uid.to_string())))
}

/// Asks the switches by which distributions turn user namespaces off.
fn may_make_namespaces() -> Result<(), Lacking> {
    let off = [
        ("kernel/unprivileged_userns_clone", "0", "1"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "0"),
        ("user/max_user_namespaces", "0", "1000"),
    ];
    for (name, refusing, allowing) in off {
        let value = fs::read_to_string(format!("/proc/sys/{name}")).unwrap_or_default();
        if value.trim() == refusing {
            let key = name.replace('/', ".");
            return Err(lacking(
                format!("an ordinary user, who may make no user namespace here ({key} = {refusing})"),
                format!("start as root, or allow it: `sysctl -w {key}={allowing}` as root"),
            ));
        }
    }
    Ok(())
}

/// The first uid of a range of this user that is large enough (subuid(5)).
fn subordinates(file: &str, uid: u32, user: Option<&str>) -> Result<u32, Lacking> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let number = uid.to_string();
    let name = user.unwrap_or(&number);
    let needed = FIRST_UID_OF_A_USER + UIDS - 1;
    let ranges = text.lines().filter_map(|line| {
        let mut parts = line.trim().split(':');
        let (owner, first, count) =
            (parts.next()?, parts.next()?.parse::<u32>().ok()?, parts.next()?.parse::<u32>().ok()?);
        (owner == name || owner == number).then_some((first, count))
    });
    ranges.into_iter().find(|(_, count)| *count >= needed).map(|(first, _)| first).ok_or_else(|| {
        lacking(
            format!("an ordinary user without {needed} subordinate ids of its own in {file}"),
            format!("start as root, or give them: `usermod --add-subuids 300000-365535 --add-subgids 300000-365535 {name}` as root"),
        )
    })
}

/// The name of this uid in /etc/passwd (passwd(5)).
fn user_name(uid: u32) -> Option<String> {
    let text = fs::read_to_string("/etc/passwd").ok()?;
    text.lines().find_map(|line| {
        let mut parts = line.split(':');
        let name = parts.next()?;
        (parts.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    })
}

/// Makes the namespace. Its maps can only be written from outside and with privilege: a child that stayed there
/// asks newuidmap(1) and newgidmap(1), which check the range against the administrator's files.
fn become_root(maps: &[(&str, Vec<String>); 2]) -> Result<(), Lacking> {
    let system = |call: &str, error: io::Error| {
        lacking(
            format!("an ordinary user, and {call} failed: {error}"),
            "start as root, or allow user namespaces for ordinary users (in a container: a seccomp profile that allows unshare and mount)",
        )
    };
    let pipe = || rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).map_err(io::Error::from);
    let (go_reader, go) = pipe().map_err(|error| system("pipe", error))?;
    let (result_reader, result) = pipe().map_err(|error| system("pipe", error))?;
    let parent = std::process::id().to_string();
    match sys::fork().map_err(|error| system("fork", error))? {
        Fork::Child => {
            drop((go, result_reader));
            // End of file: the parent could not make the namespace.
            if matches!(rustix::io::read(&go_reader, &mut [0_u8; 1]), Ok(1)) {
                let said = maps.iter().find_map(|(program, map)| write_map(program, &parent, map).err());
                // A parent that is gone needs no answer.
                let _ = rustix::io::write(&result, said.unwrap_or_default().as_bytes());
            }
            std::process::exit(0)
        }
        Fork::Parent(child) => {
            drop((go_reader, result));
            let made = sys::unshare(libc::CLONE_NEWUSER);
            if made.is_ok() {
                // A child that is gone closes the other pipe, which is seen next.
                let _ = rustix::io::write(&go, b"g");
            }
            drop(go);
            let mut said = String::new();
            let read = fs::File::from(result_reader).read_to_string(&mut said);
            // Its status says nothing that the pipe has not said.
            let _ = rustix::process::waitpid(Some(child), rustix::process::WaitOptions::empty());
            made.map_err(|error| system("unshare(CLONE_NEWUSER)", error))?;
            read.map_err(|error| system("read", error))?;
            if !said.is_empty() {
                return Err(lacking(
                    format!("an ordinary user, and {said}"),
                    "start as root, or install newuidmap and newgidmap (package `uidmap`) and give the user subordinate ids (subuid(5))",
                ));
            }
            sys::become_root_here().map_err(|error| system("setresuid(0)", error))
        }
    }
}

fn write_map(program: &str, pid: &str, map: &[String]) -> Result<(), String> {
    let output = Command::new(program).arg(pid).args(map).output();
    match output {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{program} refused: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("{program} can not be run: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_mapped_when_its_parts_are() {
        assert!(maps("         0          0 4294967295\n", FIRST_UID, UIDS));
        assert!(!maps("0 100000 65536\n", FIRST_UID, UIDS));
        assert!(maps("0 100000 65536\n", FIRST_UID_OF_A_USER, UIDS));
        assert!(maps("0 1000 1\n1 100000 65536\n", FIRST_UID_OF_A_USER, UIDS));
        assert!(!maps("0 1000 1\n", FIRST_UID_OF_A_USER, UIDS));
        let last = FIRST_UID_OF_A_USER + UIDS - 1;
        assert!(maps(&format!("{last} 1000 1\n0 100000 {last}\n"), FIRST_UID_OF_A_USER, UIDS));
        assert!(!maps(&format!("{last} 1000 1\n1 100000 9\n"), FIRST_UID_OF_A_USER, UIDS));
    }

    #[test]
    fn the_server_is_the_last_uid() {
        assert_eq!(crate::instance::server_uid(FIRST_UID_OF_A_USER), FIRST_UID_OF_A_USER + UIDS - 1);
    }
}
